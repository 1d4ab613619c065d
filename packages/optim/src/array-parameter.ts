import { compileJs, type Launch, type Rule, ruleKernel, type TypedArray } from "@anneal/kernel";
import type { Parameter } from "./parameter.ts";

/** Numbers that an optimizer can update where they are. */
export type FloatArray = Float32Array | Float64Array;

/** A saved state slot: its numbers with their shape. */
export interface SavedArray {
  shape: readonly number[];
  data: FloatArray;
}

/** A typed array as a parameter. Put the gradient into `grad` before each step. */
export interface ArrayParameter<A extends FloatArray = FloatArray> extends Parameter<A> {
  readonly data: A;
  grad: A | null;
}

type Loop = ReturnType<typeof compileJs>;
type Slots = Launch<TypedArray>["inputs"][number];

/** A launch whose buffers and scalars can be exchanged. */
interface Plan {
  readonly rule: Rule;
  readonly state: readonly FloatArray[];
  readonly loop: Loop;
  readonly grad: Slots & { buffer: TypedArray | null };
  readonly launch: Launch<TypedArray> & { args: readonly number[] };
}

const loops = { float32: new WeakMap<Rule, Loop>(), float64: new WeakMap<Rule, Loop>() };

function loopOf(rule: Rule, dtype: keyof typeof loops): Loop {
  let loop = loops[dtype].get(rule);
  if (!loop) {
    loop = compileJs(ruleKernel(rule, dtype));
    loops[dtype].set(rule, loop);
  }
  return loop;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/**
 * A typed array as a parameter of an optimizer, updated in place by one compiled loop.
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
  readonly data: FloatArray;
  readonly shape: readonly number[];
  grad: FloatArray | null = null;
  #plan: Plan | undefined;

  constructor(data: FloatArray, shape: readonly number[]) {
    this.data = data;
    this.shape = shape;
  }

  zeros(): FloatArray {
    return this.#newArray();
  }

  update(rule: Rule, state: readonly FloatArray[], scalars: readonly number[]): void {
    const { grad, data } = this;
    if (grad === null) return;
    if (grad.length !== data.length) {
      throw new RangeError(
        `arrayParameter: grad has ${grad.length} elements, the parameter of shape [${this.shape.join(", ")}] has ${data.length}.`,
      );
    }
    let plan = this.#plan;
    if (plan?.rule !== rule || plan.state !== state) {
      plan = this.#planOf(rule, state);
      this.#plan = plan;
    }
    plan.grad.buffer = grad;
    plan.launch.args = scalars;
    plan.loop(plan.launch);
  }

  saveState(slot: FloatArray): SavedArray {
    return { shape: [...this.shape], data: slot.slice() };
  }

  loadState(saved: unknown, where: string): FloatArray {
    const numbers = numbersOf(saved, where);
    const shape = shapeOf(saved) ?? [numbers.length];
    const isPlain = shapeOf(saved) === undefined && numbers.length === this.data.length;
    if (!isPlain && shape.join() !== this.shape.join()) {
      throw new RangeError(
        `${where} has shape [${shape.join(", ")}], its parameter [${this.shape.join(", ")}]. Load it into the model it was saved with.`,
      );
    }
    if (numbers.length !== this.data.length) {
      throw new RangeError(`${where} says shape [${shape.join(", ")}] but holds ${numbers.length} numbers.`);
    }
    const slot = this.#newArray();
    slot.set(numbers);
    return slot;
  }

  #newArray(): FloatArray {
    return this.data instanceof Float32Array ? new Float32Array(this.data.length) : new Float64Array(this.data.length);
  }

  #planOf(rule: Rule, state: readonly FloatArray[]): Plan {
    const view = (buffer: FloatArray): Slots & { buffer: TypedArray } => ({ buffer, offset: 0, strides: [1] });
    const grad = view(this.data);
    const inputs = [view(this.data), grad, ...state.map(view)];
    const outputs = rule.updates.map(({ slot }) => inputs[slot] ?? view(this.data));
    const launch = { shape: [this.data.length], inputs, outputs, args: [] };
    return { rule, state, grad, launch, loop: loopOf(rule, this.data instanceof Float32Array ? "float32" : "float64") };
  }
}

const shapeOf = (saved: unknown): readonly number[] | undefined => {
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
