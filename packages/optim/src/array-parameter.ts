import { type Rule, usesGradient } from "@anneal/kernel";
import { stateZeros } from "./array-memory.ts";
import { ArrayOperations } from "./array-operations.ts";
import { coalesced, dense } from "./array-rows.ts";
import { type FloatArray, shapeOf, sizeOf, typeOf } from "./array-shape.ts";
import type { Operations } from "./operations.ts";
import type { Parameter } from "./parameter.ts";
import { isRowGradient, type RowGradient } from "./row-gradient.ts";
import { type LoopSlot, type RuleLoop, ruleLoop } from "./rule-loop.ts";

/** A saved state slot: its numbers with their shape. */
export interface SavedArray {
  shape: readonly number[];
  data: FloatArray;
}

/** A typed array as a parameter. Put the gradient into `grad` before each step: an array, or a `rowGradient` of some rows. */
export interface ArrayParameter<A extends FloatArray = FloatArray> extends Parameter<A> {
  readonly dtype: "float32" | "float64";
  readonly data: A;
  grad: A | RowGradient<A> | null;
  readonly operations: Operations<A>;
}

/** A rule on this parameter and its state. */
interface Plan {
  readonly rule: Rule;
  readonly state: readonly FloatArray[];
  readonly loop: RuleLoop;
  readonly grad: LoopSlot;
  readonly slots: readonly LoopSlot[];
}

/**
 * A typed array as a parameter of an optimizer, updated in place by one loop of SIMD code.
 *
 * @param data - the numbers, row-major; the optimizer writes them where they are
 * @param options - `shape`: the sizes of the dimensions, where there is more than one (default: `[data.length]`)
 * @throws {TypeError} if `data` is not a Float32Array or Float64Array
 * @throws {RangeError} if `shape` does not hold as many elements as `data`; at a step, if the gradient does not
 * @example
 * const w = arrayParameter(Float32Array.of(1, 2));
 * const optimizer = new SGD([w], { lr: 0.5 });
 * w.grad = Float32Array.of(1, -1);
 * optimizer.step();
 * w.data; // => Float32Array [0.5, 2.5]
 */
export function arrayParameter<A extends FloatArray>(
  data: A,
  { shape = [data.length] }: { shape?: readonly number[] } = {},
): ArrayParameter<A> {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw new TypeError(
      "arrayParameter: data must be a Float32Array or a Float64Array. Copy the numbers into one: Float32Array.from(numbers).",
    );
  }
  if (sizeOf(shape) !== data.length) {
    throw new RangeError(
      `arrayParameter: shape [${shape.join(", ")}] holds ${sizeOf(shape)} elements, data has ${data.length}.`,
    );
  }
  return new TypedArrayParameter(data, shape) as Parameter<FloatArray> as ArrayParameter<A>;
}

class TypedArrayParameter implements ArrayParameter {
  readonly dtype: "float32" | "float64";
  readonly data: FloatArray;
  readonly shape: readonly number[];
  grad: FloatArray | RowGradient<FloatArray> | null = null;
  readonly operations: Operations<FloatArray>;
  #plan: Plan | undefined;

  constructor(data: FloatArray, shape: readonly number[]) {
    this.dtype = typeOf(data);
    this.data = data;
    this.shape = shape;
    this.operations = new ArrayOperations(data, shape);
  }

  zeros(shape: readonly number[] = this.shape): FloatArray {
    return stateZeros(this.dtype, shape);
  }

  update(rule: Rule, state: readonly FloatArray[], scalars: readonly number[]): void {
    const { grad, data } = this;
    if (!grad && usesGradient(rule)) return;
    const numbers = isRowGradient(grad) ? dense(coalesced(grad, this.shape, data.length), data.length) : (grad ?? data);
    if (numbers.length !== data.length) {
      throw new RangeError(
        `arrayParameter: grad has ${numbers.length} elements, the parameter of shape [${this.shape.join(", ")}] has ${data.length}.`,
      );
    }
    const { grad: slot, slots, loop } = this.#planOf(rule, state);
    slot.buffer = numbers;
    loop(slots, data.length, scalars);
  }

  updateRows(rule: Rule, state: readonly FloatArray[], scalars: readonly number[]): void {
    if (!isRowGradient(this.grad)) return;
    this.grad = coalesced(this.grad, this.shape, this.data.length);
    const { indices, values } = this.grad;
    const { grad, slots, loop } = this.#planOf(rule, state);
    const size = values.length / indices.length;
    grad.buffer = values;
    for (let k = 0; k < indices.length; k++) {
      for (const slot of slots) slot.offset = Number(indices[k]) * size;
      grad.offset = k * size;
      loop(slots, size, scalars);
    }
    for (const slot of slots) slot.offset = 0;
  }

  saveState(slot: FloatArray): SavedArray {
    return { shape: [...shapeOf(slot, this.shape)], data: slot.slice() };
  }

  loadState(saved: unknown, where: string, wanted: readonly number[] = this.shape): FloatArray {
    const numbers = numbersOf(saved, where);
    const shape = savedShape(saved) ?? [numbers.length];
    const isPlain = savedShape(saved) === undefined && numbers.length === sizeOf(wanted);
    if (!isPlain && shape.join() !== wanted.join()) {
      const owner = wanted === this.shape ? "its parameter" : "what its parameter needs";
      throw new RangeError(
        `${where} has shape [${shape.join(", ")}], ${owner} [${wanted.join(", ")}]. Load it into the model it was saved with.`,
      );
    }
    if (numbers.length !== sizeOf(wanted)) {
      throw new RangeError(`${where} says shape [${shape.join(", ")}] but holds ${numbers.length} numbers.`);
    }
    const slot = this.zeros(wanted);
    slot.set(numbers);
    return slot;
  }

  /** The plan of the last call, where it is the same rule on the same state. */
  #planOf(rule: Rule, state: readonly FloatArray[]): Plan {
    if (this.#plan?.rule === rule && this.#plan.state === state) return this.#plan;
    const slotOf = (buffer: FloatArray): LoopSlot => ({ buffer, offset: 0, strides: [1] });
    const grad = slotOf(this.data);
    const slots = [slotOf(this.data), grad, ...state.map(slotOf)];
    this.#plan = { rule, state, loop: ruleLoop(rule, this.dtype), grad, slots };
    return this.#plan;
  }
}

const savedShape = (saved: unknown): readonly number[] | undefined => {
  const shape: unknown = typeof saved === "object" && saved !== null && "shape" in saved ? saved.shape : undefined;
  return Array.isArray(shape) && shape.every((size) => typeof size === "number") ? shape : undefined;
};

function numbersOf(saved: unknown, where: string): ArrayLike<number> {
  const data: unknown = typeof saved === "object" && saved !== null && "data" in saved ? saved.data : saved;
  const isNumbers = Array.isArray(data)
    ? data.every((x) => typeof x === "number")
    : ArrayBuffer.isView(data) && !(data instanceof DataView);
  if (!isNumbers || data instanceof BigInt64Array || data instanceof BigUint64Array) {
    throw new TypeError(`${where} must be a tensor: { shape, data } with numbers, or a typed array.`);
  }
  return data as ArrayLike<number>;
}
