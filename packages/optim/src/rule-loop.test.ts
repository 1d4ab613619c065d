import { afterEach, describe, expect, it, vi } from "vitest";
import { Adam } from "./adam.ts";
import { stateZeros } from "./array-memory.ts";
import { arrayParameter } from "./array-parameter.ts";
import type { FloatArray } from "./array-shape.ts";
import type { Parameter } from "./parameter.ts";
import { SGD } from "./sgd.ts";

// More than a window holds of either type, and no multiple of a vector's length.
const size = 300_007;
const period = 1009;

const periodic = <A extends FloatArray>(array: A): A => {
  for (let i = 0; i < array.length; i++) array[i] = Math.sin(1 + (i % period));
  return array;
};

const kinds = { Float32Array, Float64Array } as const;

describe.each(Object.entries(kinds))("a rule over a long %s", (_, Numbers) => {
  const train = (length: number): FloatArray => {
    const w = arrayParameter(periodic(new Numbers(length)));
    const optimizer = new Adam([w], { lr: 0.1, amsgrad: true, weightDecay: 0.01 });
    for (let step = 1; step <= 3; step++) {
      w.grad = periodic(new Numbers(length)).map((x) => x / step);
      optimizer.step();
    }
    return w.data;
  };

  it("gives every element the same bits, wherever in the array it lies", () => {
    const data = train(size);
    const wrong = data.findIndex((x, i) => !Object.is(x, data[i % period]));
    expect(wrong).toBe(-1);
    expect(data.slice(0, period)).toEqual(train(period));
  });

  it("leaves what lies around its elements alone", () => {
    const whole = periodic(new Numbers(size + 20));
    const before = whole.slice();
    const w = arrayParameter(whole.subarray(10, size + 10));
    const optimizer = new SGD([w], { lr: 0.5, momentum: 0.9 });
    for (let step = 0; step < 2; step++) {
      w.grad = new Numbers(size).fill(1);
      optimizer.step();
    }
    expect(whole.subarray(0, 10)).toEqual(before.subarray(0, 10));
    expect(whole.subarray(size + 10)).toEqual(before.subarray(size + 10));
    expect(whole[10]).toBeCloseTo(Number(before[10]) - 0.5 - 0.5 * 1.9, 6);
  });
});

describe("state slots", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it("are zeros that share no memory with each other, long ones and many short ones", () => {
    const long = [1, 2].map(() => stateZeros("float32", [5_000_000]));
    const short = Array.from({ length: 3000 }, (_, i) => stateZeros("float64", [i % 7]));
    for (const [i, array] of [...long, ...short].entries()) {
      expect(array.every((x) => x === 0)).toBe(true);
      array.fill(i + 1);
    }
    for (const [i, array] of [...long, ...short].entries()) expect(array.every((x) => x === i + 1)).toBe(true);
  });

  it("may lie anywhere: in one memory, in two, in none of ours, in another type", () => {
    const ours = (elements = size): FloatArray => stateZeros("float32", [elements]).subarray(0, size);
    const others: [() => FloatArray, () => FloatArray][] = [
      [ours, ours],
      // Too long for the memory that the first lies in.
      [ours, () => ours(6_000_000)],
      [ours, () => new Float32Array(size)],
      [() => new Float64Array(size), () => new Float32Array(size)],
    ];
    const results = others.map((makes) => {
      const w: Parameter<FloatArray> & { data: FloatArray } = arrayParameter<FloatArray>(
        periodic(new Float32Array(size)),
      );
      const slots = makes.map((make) => make());
      w.zeros = () => slots.shift() as FloatArray;
      Object.assign(w, { grad: periodic(new Float32Array(size)) });
      new Adam([w], { lr: 0.1 }).step();
      return w.data;
    });
    for (const result of results) expect(result).toEqual(results[0]);
  });

  it("are ordinary arrays where there is no room for a memory", async () => {
    vi.resetModules();
    const refuse = vi.fn(function refuse() {
      throw new RangeError("WebAssembly.Memory(): could not allocate memory");
    });
    vi.stubGlobal("WebAssembly", Object.create(WebAssembly, { Memory: { value: refuse } }));
    const fresh = await import("./index.ts");
    const w = fresh.arrayParameter(Float32Array.of(1, 2));
    w.grad = Float32Array.of(1, 1);
    new fresh.SGD([w], { lr: 0.5, momentum: 0.9 }).step();
    expect(w.data).toEqual(Float32Array.of(0.5, 1.5));
    expect(refuse).toHaveBeenCalled();
  });

  it("that are too short are an error", () => {
    const w = arrayParameter(new Float32Array(4));
    w.zeros = () => new Float32Array(3);
    w.grad = new Float32Array(4);
    expect(() => new Adam([w]).step()).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: arrayParameter: adam needs 4 elements of exp_avg, which has 3.]`,
    );
  });
});
