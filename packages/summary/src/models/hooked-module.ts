import { OptionError } from "../options/option-error.ts";

/** One module of a model, as far as it is watched. Modules of `@anneal/nn` are such. */
export interface HookedModule {
  /** Is it in training mode? Set for the time it is watched, then put back. */
  training: boolean;
  /** Call `hook` before each call of `forward`, with what it gets. */
  registerForwardPreHook(hook: (module: unknown, inputs: readonly unknown[]) => void): HookHandle;
  /** Call `hook` after each call of `forward`, with what it got and what it gave. */
  registerForwardHook(hook: (module: unknown, inputs: readonly unknown[], output: unknown) => void): HookHandle;
}

export interface HookHandle {
  remove(): void;
}

/** A model that can be looked into while it runs. */
export interface HookedModel extends HookedModule {
  forward(...inputs: never[]): unknown;
  /** Each module once, with its dotted name; the model itself is `""`. */
  namedModules(): Iterable<readonly [name: string, module: HookedModule]>;
}

/**
 * Does the model have what is needed to look into it?
 *
 * @throws {OptionError} if not
 */
export function checkModel(where: string, model: HookedModel, ...more: readonly string[]): void {
  const needed = ["forward", "namedModules", "registerForwardPreHook", "registerForwardHook", ...more];
  const missing = needed.find((name) => typeof Reflect.get(Object(model), name) !== "function");
  if (missing === undefined) return;
  throw new OptionError(
    `${where}: the model has no ${missing}(). Give a module of @anneal/nn, or one that has ${needed.map((name) => `${name}()`).join(", ")}.`,
  );
}

/** Run `body` with the whole model in evaluation mode, then put back each module's own mode, also if it throws. */
export function inEvaluation<Result>(model: HookedModel, body: () => Result): Result {
  const modes = [...model.namedModules()].map(([, module]) => ({ module, training: module.training }));
  try {
    for (const { module } of modes) module.training = false;
    return body();
  } finally {
    for (const { module, training } of modes) module.training = training;
  }
}

/** `model.forward` of inputs that only it can judge. */
export function callForward(model: HookedModel, inputs: readonly unknown[]): unknown {
  // A model's inputs are its own affair: nobody but its author knows their types.
  return (model.forward as (...inputs: readonly unknown[]) => unknown).call(model, ...inputs);
}
