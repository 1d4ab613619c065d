import { type Guard, Nesting } from "../core/nesting.ts";

const modes = new Nesting<boolean>("noGrad");

/** Are ops recorded for gradients now? */
export const isGradEnabled = (): boolean => modes.current ?? true;

function inMode<Result>(enabled: boolean, body: (() => Result) | undefined): Result | Guard {
  return body ? modes.run(enabled, body) : modes.enter(enabled);
}

/**
 * Compute without recording: no graph, no memory for it, `requiresGrad` of results is false. Layers stay in their mode (that is `eval`).
 * Async functions are followed until they settle; without a function, a guard for `using`.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.no_grad.html | torch.no_grad}
 * @example
 * const w = tensor([1, 2], { requiresGrad: true });
 * const y = noGrad(() => w.mul(2)); // y.requiresGrad is false
 */
export function noGrad(): Guard;
export function noGrad<Result>(body: () => Result): Result;
export function noGrad<Result>(body?: () => Result): Result | Guard {
  return inMode(false, body);
}

/** Record again inside a {@link noGrad}. Used the same way. */
export function enableGrad(): Guard;
export function enableGrad<Result>(body: () => Result): Result;
export function enableGrad<Result>(body?: () => Result): Result | Guard {
  return inMode(true, body);
}
