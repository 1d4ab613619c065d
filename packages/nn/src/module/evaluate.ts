import { type Guard, noGrad } from "@anneal/tensor";
import type { Module } from "./module.ts";

/** The modes of a model and all inside it, to be put back. */
function rememberModes(model: Module): () => void {
  const modes = [...model.modules()].map((module) => ({ module, training: module.training, mark: module.ownMark() }));
  return () => {
    for (const { module, training, mark } of modes) module.setOwnMode(training, mark);
  };
}

/**
 * Run `body` with the model in eval mode and without recording gradients, then put back every submodule's own mode: also when `body`
 * throws, also when calls are nested. An async `body` is followed until it settles.
 *
 * @returns what `body` returns
 * @example
 * const model = new Sequential(new Linear(4, 2), new Dropout());
 * const x = randn([8, 4]);
 * const labels = randint(0, 2, [8]);
 * const accuracy = evaluate(model, () => model.forward(x).argmax(1).eq(labels).to("float32").mean().itemSync());
 */
export function evaluate<Result>(model: Module, body: () => Result): Result {
  const restore = rememberModes(model);
  for (const module of model.modules()) module.setOwnMode(false, null);
  let result: Result;
  try {
    result = noGrad(body);
  } catch (error) {
    restore();
    throw error;
  }
  if (!isPromise(result)) {
    restore();
    return result;
  }
  return result.then(
    (value) => {
      restore();
      return value;
    },
    (error: unknown) => {
      restore();
      throw error;
    },
  ) as Result;
}

/**
 * {@link evaluate} for a block: `using _ = evaluating(model);`
 *
 * @example
 * const model = new Sequential(new Linear(4, 2), new Dropout());
 * {
 *   using _ = evaluating(model);
 *   model.forward(ones([1, 4])); // eval mode, nothing recorded
 * } // as it was before
 */
export function evaluating(model: Module): Guard {
  const restore = rememberModes(model);
  const mode = noGrad();
  for (const module of model.modules()) module.setOwnMode(false, null);
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    restore();
    mode.close();
  };
  return { close, [Symbol.dispose]: close };
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
