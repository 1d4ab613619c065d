import { noGrad, scope, Tensor, tensor } from "@anneal/tensor";

/** Named tensors in the order PyTorch gives them. */
export type StateDict = Map<string, Tensor>;

/** A tensor, or numbers with their shape. */
export type StateValue = Tensor | { readonly shape: readonly number[]; readonly data: ArrayLike<number | bigint> };

/** What `Module.loadStateDict` accepts: a map or a plain object of tensors, or of anything with a shape and its numbers. */
export type StateSource = Iterable<readonly [string, StateValue]> | Readonly<Record<string, StateValue>>;

export interface LoadResult {
  readonly missingKeys: string[];
  readonly unexpectedKeys: string[];
}

/** Copy the numbers of `source` into the tensors of `own`: all of them, or, with an error that lists every reason, none. */
export function loadState(model: string, own: StateDict, source: StateSource, strict: boolean): LoadResult {
  const given = entriesOf(model, source);
  const missingKeys = [...own.keys()].filter((name) => !given.has(name));
  const unexpectedKeys = [...given.keys()].filter((name) => !own.has(name));
  const problems: string[] = [];
  if (strict && missingKeys.length > 0) problems.push(`Missing key(s) in state_dict: ${quoted(missingKeys)}.`);
  if (strict && unexpectedKeys.length > 0) problems.push(`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}.`);
  scope(() =>
    noGrad(() => {
      // Everything that can fail comes before the first number is copied.
      const copies: [Tensor, Tensor][] = [];
      for (const [name, target] of own) {
        if (!given.has(name)) continue;
        const value = given.get(name);
        const problem = problemOf(name, value, target);
        if (problem) problems.push(problem);
        else copies.push([target, asTensor(value as StateValue, target)]);
      }
      if (problems.length > 0) {
        const byName = strict && missingKeys.length + unexpectedKeys.length > 0;
        problems.push(
          `Nothing was loaded. Build the model as it was saved${byName ? ", or pass { strict: false } to take the names that both have" : ""}.`,
        );
        throw new Error(`Error(s) in loading state_dict for ${model}:\n\t${problems.join("\n\t")}`);
      }
      for (const [target, numbers] of copies) target.copy_(numbers).realize();
    }),
  );
  return { missingKeys, unexpectedKeys };
}

function entriesOf(model: string, source: StateSource): Map<string, unknown> {
  if (typeof source !== "object" || source === null) {
    throw new TypeError(
      `loadStateDict: the state dict for ${model} is ${String(source)}. Give a Map or an object of tensors by name.`,
    );
  }
  return new Map<string, unknown>(isIterable(source) ? source : Object.entries(source));
}

const isIterable = (source: StateSource): source is Iterable<readonly [string, StateValue]> =>
  Symbol.iterator in source;

function problemOf(name: string, value: unknown, target: Tensor): string | null {
  const { shape, data } = (typeof value === "object" && value !== null ? value : {}) as {
    shape?: unknown;
    data?: unknown;
  };
  const isState = value instanceof Tensor || (typeof data === "object" && data !== null && "length" in data);
  if (!isState || !Array.isArray(shape)) {
    const received = typeof value === "object" ? JSON.stringify(value) : String(value);
    return `${name}: expected a tensor, or { shape, data }, and received ${received}.`;
  }
  if (shape.join() !== target.shape.join()) {
    return (
      `size mismatch for ${name}: copying a param with shape [${shape.join(", ")}] from checkpoint, ` +
      `the shape in current model is [${target.shape.join(", ")}].`
    );
  }
  if (!(value instanceof Tensor) && (data as ArrayLike<unknown>).length !== target.numel) {
    return `${name}: ${(data as ArrayLike<unknown>).length} numbers for the shape [${shape.join(", ")}], which has ${target.numel}.`;
  }
  return value instanceof Tensor && value.isFreed ? `${name}: this tensor was freed.` : null;
}

function asTensor(value: StateValue, like: Tensor): Tensor {
  if (value instanceof Tensor) return value.detach().to(like.device);
  const numbers = Float64Array.from(value.data as ArrayLike<number>, Number);
  return tensor(numbers, { shape: like.shape, dtype: like.dtype, device: like.device });
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");
