import { type Guard, Nesting } from "../core/nesting.ts";
import type { Tensor } from "../tensor.ts";
import { findTensors } from "./find-tensors.ts";

/** The tensors made since a scope was opened. */
export interface ScopeState {
  readonly tensors: Tensor[];
}

const scopes = new Nesting<ScopeState>("scope");

/** A new tensor belongs to the innermost scope; outside of all scopes the garbage collector finds it. */
export function adopt(tensor: Tensor): void {
  const scope = scopes.current;
  if (scope) {
    tensor.scope = scope;
    scope.tensors.push(tensor);
  } else tensor.leaveToCollector();
}

function close(scope: ScopeState, result: unknown, site: Error | null = new Error("freed")): void {
  const kept = result === undefined ? null : new Set(findTensors(result));
  for (const tensor of scope.tensors) {
    if (tensor.scope !== scope) continue;
    if (kept?.has(tensor)) {
      adopt(tensor);
      continue;
    }
    const grad = tensor.lentGrad;
    if (grad && kept?.has(grad)) tensor.handOverGrad();
    tensor.free(
      "when its scope ended",
      "Return it from the scope, or call keep(tensor) inside, to use it longer",
      site,
    );
  }
  scope.tensors.length = 0;
}

/**
 * Run `body`; every tensor made inside and not returned or {@link keep | kept} is freed when it ends (for an async function: when its
 * promise settles). What is returned, also inside arrays, plain objects, maps and sets, belongs to the scope around.
 *
 * @param body - a function; scopes nest
 * @returns what `body` returns
 * @throws {Error} if async scopes overlap in time without nesting
 * @example
 * const total = scope(() => {
 *   const squares = tensor([1, 2, 3]).square(); // freed at the end
 *   return squares.sum(); // not freed
 * });
 */
export function scope<Result>(body: () => Result): Result {
  const state: ScopeState = { tensors: [] };
  return scopes.run(state, body, (result) => close(state, result));
}

/**
 * Open a scope by hand: everything made until `close()` (or the end of a `using` block) and not kept is freed then.
 *
 * @example
 * {
 *   using _ = openScope();
 *   const x = zeros([1000]); // freed at the end of the block
 * }
 */
export function openScope(): Guard {
  const state: ScopeState = { tensors: [] };
  return scopes.enter(state, () => close(state, undefined));
}

/** @internal A scope for tensors that no user sees, so that nobody need know where it ended. */
export function openInnerScope(): { readonly state: ScopeState; close(): void } {
  const state: ScopeState = { tensors: [] };
  const { close: leave } = scopes.enter(state, () => close(state, undefined, null));
  return { state, close: leave };
}

/**
 * Take tensors out of their scopes: they live until `dispose()`, or until nobody holds them any more.
 *
 * @param value - a tensor, or anything with tensors inside
 * @returns `value` itself
 * @example
 * let best = zeros([1]);
 * scope(() => {
 *   best = keep(ones([1]));
 * });
 */
export function keep<Value>(value: Value): Value {
  for (const tensor of findTensors(value)) {
    tensor.kept = true;
    tensor.leaveToCollector();
  }
  return value;
}
