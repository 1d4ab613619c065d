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

export interface LoadOptions {
  /** Are missing and unexpected names an error? @defaultValue true */
  readonly strict?: boolean;
  /**
   * Put the given tensors in the place of the model's own instead of copying their numbers: they keep their dtype and device, and are shared
   * with the state dict. Parameters are new objects then: build the optimizer afterwards. @defaultValue false
   */
  readonly assign?: boolean;
}

/** Something of a model that its state dict holds. */
export interface StateEntry {
  /** Its numbers, without a graph. */
  readonly tensor: Tensor;
  /** May it be missing from what is loaded? */
  readonly optional: boolean;
  /** Put another tensor in its place. */
  replace(tensor: Tensor): void;
}

/** Load the numbers of `source` into a model: all of them, or, with an error that lists every reason, none. */
export function loadState(
  model: string,
  own: ReadonlyMap<string, StateEntry>,
  source: StateSource,
  { strict = true, assign = false }: LoadOptions,
): LoadResult {
  const given = entriesOf(model, source);
  const missingKeys = [...own].filter(([name, { optional }]) => !optional && !given.has(name)).map(([name]) => name);
  const unexpectedKeys = [...given.keys()].filter((name) => !own.has(name));
  const problems: string[] = [];
  if (strict && missingKeys.length > 0) problems.push(`Missing key(s) in state_dict: ${quoted(missingKeys)}.`);
  if (strict && unexpectedKeys.length > 0) problems.push(`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}.`);
  scope(() =>
    noGrad(() => {
      // Everything that can fail comes before the first number is copied.
      const loads: (() => void)[] = [];
      for (const [name, entry] of own) {
        if (!given.has(name)) continue;
        const value = given.get(name);
        const problem =
          problemOf(name, value, entry.tensor) ?? (assign ? dtypeProblem(name, value, entry.tensor) : null);
        if (problem) problems.push(problem);
        else if (assign) {
          const tensor = ownTensor(value as StateValue, entry.tensor);
          loads.push(() => entry.replace(tensor));
        } else {
          const numbers = asTensor(value as StateValue, entry.tensor);
          loads.push(() => entry.tensor.copy_(numbers).realize());
        }
      }
      if (problems.length > 0) {
        const byName = strict && missingKeys.length + unexpectedKeys.length > 0;
        problems.push(
          `Nothing was loaded. Build the model as it was saved${byName ? ", or pass { strict: false } to take the names that both have" : ""}.`,
        );
        throw new Error(`Error(s) in loading state_dict for ${model}:\n\t${problems.join("\n\t")}`);
      }
      for (const load of loads) load();
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

/** What is put in the place of a float must be one: it may have to learn. */
function dtypeProblem(name: string, value: unknown, target: Tensor): string | null {
  const isFloat = ({ dtype }: Tensor): boolean => dtype.startsWith("float");
  if (!(value instanceof Tensor) || isFloat(value) === isFloat(target)) return null;
  return `${name}: a tensor of ${value.dtype} cannot take the place of one of ${target.dtype}.`;
}

function asTensor(value: StateValue, like: Tensor): Tensor {
  if (value instanceof Tensor) return value.detach().to(like.device);
  const numbers = Float64Array.from(value.data as ArrayLike<number>, Number);
  return tensor(numbers, { shape: like.shape, dtype: like.dtype, device: like.device });
}

/** As it was given: its own dtype and device. Numbers alone get the model's device. */
function ownTensor(value: StateValue, like: Tensor): Tensor {
  if (value instanceof Tensor) return value.detach();
  const { data, shape } = value;
  return ArrayBuffer.isView(data)
    ? tensor(data as Float32Array, { shape, device: like.device })
    : asTensor(value, like);
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");
