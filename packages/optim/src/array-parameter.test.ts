import { afterEach, describe, expect, it, vi } from "vitest";
import { Adam } from "./adam.ts";
import { arrayParameter } from "./array-parameter.ts";
import { SGD } from "./sgd.ts";

describe("arrayParameter", () => {
  it("is updated where it is", () => {
    const weights = Float32Array.of(1, 2);
    const w = arrayParameter(weights);
    w.grad = Float32Array.of(1, -1);
    new SGD([w], { lr: 0.5 }).step();
    expect(weights).toEqual(Float32Array.of(0.5, 2.5));
    expect(w.shape).toEqual([2]);
  });

  it("takes an empty array and a scalar", () => {
    const [empty, scalar] = [arrayParameter(new Float32Array(0)), arrayParameter(Float32Array.of(1), { shape: [] })];
    empty.grad = new Float32Array(0);
    scalar.grad = Float32Array.of(1);
    new Adam([empty, scalar], { lr: 0.5 }).step();
    expect(scalar.data[0]).toBeCloseTo(0.5, 6);
  });

  it("lets NaN and infinity through", () => {
    const w = arrayParameter(Float32Array.of(1, 1));
    w.grad = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY);
    new SGD([w]).step();
    expect([...w.data]).toEqual([Number.NaN, Number.NEGATIVE_INFINITY]);
  });

  it("names what is wrong", () => {
    expect(() => Reflect.apply(arrayParameter, undefined, [[1, 2]])).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: arrayParameter: data must be a Float32Array or a Float64Array. Copy the numbers into one: Float32Array.from(numbers).]`,
    );
    expect(() => arrayParameter(new Float32Array(5), { shape: [2, 3] })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: arrayParameter: shape [2, 3] holds 6 elements, data has 5.]`,
    );
    const w = arrayParameter(new Float32Array(6), { shape: [2, 3] });
    const optimizer = new SGD([w]);
    w.grad = new Float32Array(5);
    expect(() => optimizer.step()).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: arrayParameter: grad has 5 elements, the parameter of shape [2, 3] has 6.]`,
    );
    const load = (saved: unknown) => () => w.loadState(saved, "SGD.loadStateDict: state[0].momentum_buffer");
    expect(load({ shape: [3, 2], data: new Float32Array(6) })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: SGD.loadStateDict: state[0].momentum_buffer has shape [3, 2], its parameter [2, 3]. Load it into the model it was saved with.]`,
    );
    expect(load({ shape: [2, 3], data: new Float32Array(5) })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: SGD.loadStateDict: state[0].momentum_buffer says shape [2, 3] but holds 5 numbers.]`,
    );
    expect(load("zeros")).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: SGD.loadStateDict: state[0].momentum_buffer must be a tensor: { shape, data } with numbers, or a typed array.]`,
    );
    expect(load({ shape: [2, 3], data: new BigInt64Array(6) })).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: SGD.loadStateDict: state[0].momentum_buffer must be a tensor: { shape, data } with numbers, or a typed array.]`,
    );
  });
});

describe("where code may not be made at run time", () => {
  afterEach(() => void vi.unstubAllGlobals());

  // New modules each time, so that no loop is kept from the other run.
  const train = async (): Promise<Float32Array> => {
    vi.resetModules();
    const fresh = await import("./index.ts");
    const w = fresh.arrayParameter(Float32Array.of(1, -2, 3));
    const optimizer = new fresh.Adam([w], { lr: 0.1, amsgrad: true, maximize: true, weightDecay: 0.1 });
    for (let k = 0; k < 3; k++) {
      w.grad = Float32Array.of(0.5, -0.25, k);
      optimizer.step();
    }
    return w.data;
  };
  const refusing = (error: Error) =>
    vi.fn(function refuse() {
      throw error;
    });

  it("computes by a loop of JavaScript where WebAssembly is forbidden, and by interpreting where both are", async () => {
    const simd = await train();
    const refuseModule = refusing(new WebAssembly.CompileError("Refused to compile or instantiate WebAssembly module"));
    vi.stubGlobal("WebAssembly", Object.create(WebAssembly, { Module: { value: refuseModule } }));
    const compiled = await train();
    expect(refuseModule).toHaveBeenCalled();
    // A multiply-add of SIMD code rounds once where JavaScript's does so twice: some units in the last place after three steps.
    for (const [i, x] of simd.entries()) expect(Math.abs(x - Number(compiled[i]))).toBeLessThan(1e-6);
    const refuseFunction = refusing(new EvalError("Refused to evaluate a string as JavaScript"));
    vi.stubGlobal("Function", refuseFunction);
    expect(await train()).toEqual(compiled);
    expect(refuseFunction).toHaveBeenCalled();
  });

  it("computes by a loop of JavaScript where there is no WebAssembly", async () => {
    const simd = await train();
    vi.stubGlobal("WebAssembly", undefined);
    for (const [i, x] of (await train()).entries()) expect(Math.abs(x - Number(simd[i]))).toBeLessThan(1e-6);
  });
});
