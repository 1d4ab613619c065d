import { cat, isGradEnabled, keep, record, Tensor } from "@anneal/tensor";
import type { FullBackwardHook, FullBackwardPreHook, Gradients } from "./hooks.ts";
import type { Module } from "./module.ts";

/** Ops that do nothing around one call of `forward`, to see the gradients pass. */
interface Watch {
  inputs(given: unknown[]): unknown[];
  output(given: unknown): unknown;
}

/** Null where there is no hook, or nothing is recorded. */
export function watchBackward(
  module: Module,
  preHooks: readonly FullBackwardPreHook<Module>[],
  hooks: readonly FullBackwardHook<Module>[],
): Watch | null {
  if ((preHooks.length === 0 && hooks.length === 0) || !isGradEnabled()) return null;
  let gradOutput: Gradients = [];
  let inputsWantGradients = false;

  const onInputs = (gradInput: Gradients): Gradients => {
    const result = hooks.reduce((now, hook) => checked(module, now, hook(module, now, gradOutput)), gradInput);
    for (const each of gradOutput) each?.dispose();
    return result;
  };
  const onOutput = (gradients: Gradients): Gradients => {
    const result = preHooks.reduce((now, hook) => checked(module, now, hook(module, now)), gradients);
    // The pass frees a gradient once it is used, and hooks read these when it has come to the inputs: views of their own.
    gradOutput = result.map((each) => each && keep(each.view(each.shape)));
    // No gradient will come to where the inputs are.
    if (!inputsWantGradients) onInputs([]);
    return result;
  };

  return {
    inputs(given) {
      const tensors = tensorsIn(given);
      inputsWantGradients = tensors.some(({ requiresGrad }) => requiresGrad);
      if (!inputsWantGradients) return given;
      return replaceTensors(given, watched(module, tensors, onInputs)) as unknown[];
    },
    output: (given) => replaceTensors(given, watched(module, tensorsIn(given), onOutput)),
  };
}

/** What a hook returned, or what it was given. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing.
function checked(module: Module, before: Gradients, after: Gradients | void): Gradients {
  if (!after) return before;
  if (after.length !== before.length) {
    throw new RangeError(
      `backward hook of ${module.constructor.name}: it returned ${after.length} gradients for ${before.length} tensors. Return one for each, null where there is none.`,
    );
  }
  return after;
}

/** The same tensors, whose gradients all come together to `see` before they go on. */
function watched(module: Module, tensors: readonly Tensor[], see: (gradients: Gradients) => Gradients): Tensor[] {
  const moving = tensors.filter(({ requiresGrad }) => requiresGrad);
  const seen = (gradients: readonly Tensor[]): readonly (Tensor | null)[] => {
    const all = see(tensors.map((each) => gradients[moving.indexOf(each)] ?? null));
    return all.filter((_, i) => tensors[i]?.requiresGrad);
  };
  const name = `hooks of ${module.constructor.name}`;
  if (moving.length <= 1) {
    return tensors.map((each) =>
      each.requiresGrad ? record(name, [each], each.detach(), [], (grad) => seen([grad])) : each,
    );
  }
  // An op has one result: several tensors pass it as one.
  const sizes = moving.map(({ numel }) => numel);
  const join = (parts: readonly Tensor[]): Tensor => cat(parts.map((each) => each.flatten()));
  const part = (whole: Tensor, i: number): Tensor => {
    const start = sizes.slice(0, i).reduce((sum, size) => sum + size, 0);
    return whole.narrow(0, start, sizes[i] as number).reshape((moving[i] as Tensor).shape);
  };
  const joined = join(moving);
  const whole = record(name, [joined], joined.detach(), [], (grad) => {
    const gradients = seen(moving.map((_, i) => part(grad, i)));
    return [join(gradients.map((each, i) => each ?? part(grad, i).mul(0)))];
  });
  return tensors.map((each) => (each.requiresGrad ? part(whole, moving.indexOf(each)) : each));
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  return Array.isArray(value) || isPlain(value) ? Object.values(value).flatMap(tensorsIn) : [];
}

/** The same structure with other tensors, in order. */
function replaceTensors(value: unknown, tensors: Tensor[]): unknown {
  if (value instanceof Tensor) return tensors.shift();
  if (Array.isArray(value)) return value.map((each) => replaceTensors(each, tensors));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaceTensors(each, tensors)]));
}
