/** How a tensor was made: one recorded op, or a leaf. `@anneal/tensor` calls it GradFn. */
export interface RecordedOp {
  readonly name: string;
  /** Of its result. */
  readonly shape: readonly number[];
  readonly dtype: string;
  /** What made its inputs, in their order; null where nothing was recorded. */
  readonly nextFunctions: readonly (RecordedOp | null)[];
  /** The tensor, where this stands for one that no op made, else null. */
  readonly variable: object | null;
  /** Was the tensor kept for the gradient, so that it is an input that wants none, such as an index? */
  saves(tensor: TracedTensor): boolean;
}

/** A tensor that records what is done with it. Those of `@anneal/tensor` do. */
export interface TracedTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Is what is computed from it recorded? Set for the time of the trace, then put back. */
  requiresGrad: boolean;
  readonly gradFn: RecordedOp | null;
  /** The same numbers without what was recorded of them. */
  detach(): TracedTensor;
}

const isTraced = (value: unknown): value is TracedTensor =>
  typeof value === "object" && value !== null && "gradFn" in value && "requiresGrad" in value && "shape" in value;

/** Tensors in lists and plain objects, with the way to each: `"1"`, `"mask"`, `"states/0"`. */
export function tensorsIn(value: unknown, path = ""): [path: string, tensor: TracedTensor][] {
  if (isTraced(value)) return [[path, value]];
  if (!isContainer(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => tensorsIn(each, path === "" ? key : `${path}/${key}`));
}

/** The same lists and objects with other tensors. */
export function mapTensors(value: unknown, change: (tensor: TracedTensor) => TracedTensor): unknown {
  if (isTraced(value)) return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTensors(each, change));
  if (!isContainer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTensors(each, change)]));
}

const isContainer = (value: unknown): value is object =>
  Array.isArray(value) ||
  (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype);
