import { readFileSync } from "node:fs";
import { memory, ones, onesLike, setDefaultDevice, type Tensor, tensor } from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { describe, expect, it, vi } from "vitest";
import {
  type Described,
  expectNumbers,
  makeTensor,
  type Numbers,
  precisions,
  type Tolerance,
} from "../../test/vectors.ts";
import { clipGradNorm_, clipGradsWithNorm_, clipGradValue_, getTotalNorm, Linear } from "../index.ts";

interface Case {
  readonly name: string;
  readonly call: "clipGradNorm_" | "clipGradsWithNorm_" | "clipGradValue_";
  readonly limit: number | "Infinity";
  readonly options: { readonly normType?: number | "Infinity" | "-Infinity" };
  readonly before: readonly (Described | null)[];
  readonly norm: Numbers[number];
  readonly after: readonly (Described | null)[];
}

// Made by reference/families/gradients.py.
const file = new URL("../../reference/gradients.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Tolerance & { readonly cases: readonly Case[] };

/** A parameter whose gradient is there already. */
function withGradient(gradient: Tensor | null): Tensor {
  const parameter = gradient ? onesLike(gradient) : ones([2]);
  parameter.requiresGrad = true;
  parameter.grad = gradient;
  return parameter;
}

describe.each(precisions)("PyTorch's clipped gradients in $name", ({ device, dtype, toleranceOf }) => {
  it.each(vectors.cases.map((test) => [test.call, test.name, test] as const))("%s, %s", async (_, __, test) => {
    const before = setDefaultDevice(device());
    const parameters = test.before.map((each) => withGradient(each && makeTensor(each, dtype)));
    const gradients = parameters.map(({ grad }) => grad);
    const there = gradients.filter((each) => each !== null);
    setDefaultDevice(before);
    const [limit, normType] = [Number(test.limit), Number(test.options.normType ?? 2)];
    const tolerance = toleranceOf(vectors);
    const norm = getTotalNorm(there, { normType });
    await expectNumbers("the norm", norm, [test.norm], tolerance);
    if (test.call === "clipGradNorm_") {
      await expectNumbers("the result", clipGradNorm_(parameters, limit, { normType }), [test.norm], tolerance);
    } else if (test.call === "clipGradsWithNorm_") clipGradsWithNorm_(parameters, limit, norm);
    else clipGradValue_(parameters, limit);
    for (const [i, each] of test.after.entries()) {
      // The same tensors, changed in place.
      expect(parameters[i]?.grad).toBe(gradients[i]);
      if (each) await expectNumbers(`gradient ${i}`, gradients[i], each.data, tolerance);
    }
  });
});

describe("clipGradNorm_", () => {
  const three = () => withGradient(tensor([3, 4, 0]));

  it("returns the norm before, and takes one tensor or any iterable", () => {
    for (const given of [three(), [three()], new Set([three()])] as const) {
      const parameter = "shape" in given ? given : ([...given][0] as Tensor);
      expect(clipGradNorm_(given, 1).itemSync()).toBe(5);
      // To float32's last digits: 1 / (5 + 1e-6) is not quite a fifth.
      expect(parameter.grad?.arraySync()).toEqual([expect.closeTo(0.6, 6), expect.closeTo(0.8, 6), 0]);
    }
  });

  it("clips gradients of different dtypes and devices together", () => {
    const [a, b] = [tensor([3]), tensor([4], { dtype: "float64", device: reference() })].map(withGradient) as [
      Tensor,
      Tensor,
    ];
    expect(clipGradNorm_([a, b], 1).itemSync()).toBe(5);
    expect(a.grad?.itemSync()).toBeCloseTo(0.6, 6);
    expect(b.grad?.itemSync()).toBeCloseTo(0.8, 6);
    expect([a.grad?.dtype, b.grad?.dtype]).toEqual(["float32", "float64"]);
  });

  it("reads nothing, so that any device will do, unless a norm that is not finite is to be an error", async () => {
    const remote = Object.assign(reference(), { readSync: undefined });
    const parameter = withGradient(tensor([3, 4], { device: remote }));
    expect(await clipGradNorm_(parameter, 1).item()).toBe(5);
    expect((await parameter.grad?.data())?.[0]).toBeCloseTo(0.6, 6);
    expect(() => clipGradNorm_(parameter, 1, { errorIfNonfinite: true })).toThrow("itemSync");
  });

  it("throws before it changes anything where a norm that is not finite is to be an error", () => {
    const parameter = withGradient(tensor([1, Number.NaN]));
    expect(() => clipGradNorm_(parameter, 1, { errorIfNonfinite: true })).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: clipGradNorm_: the total norm of order 2 is NaN, so nothing can be scaled by it. Look for what made it so, or leave out errorIfNonfinite to go on with such gradients.]`,
    );
    expect(parameter.grad?.arraySync()).toEqual([1, Number.NaN]);
    expect(() => getTotalNorm(tensor([Infinity]), { errorIfNonfinite: true })).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: getTotalNorm: the total norm of order 2 is Infinity, so nothing can be scaled by it. Look for what made it so, or leave out errorIfNonfinite to go on with such gradients.]`,
    );
    expect(clipGradNorm_(three(), 1, { errorIfNonfinite: true }).itemSync()).toBe(5);
  });

  it("lets a NaN spread to all gradients otherwise", () => {
    const [a, b] = [withGradient(tensor([Number.NaN])), three()];
    expect(clipGradNorm_([a, b], 1).itemSync()).toBeNaN();
    expect(b.grad?.arraySync()).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it("warns about a generator that is used up, and has nothing to do without gradients", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const model = new Linear(2, 2);
    const parameters = model.parameters();
    expect(clipGradNorm_(parameters, 1).itemSync()).toBe(0);
    expect(clipGradNorm_([], 1).itemSync()).toBe(0);
    expect(warn).not.toHaveBeenCalled();
    clipGradNorm_(parameters, 1);
    clipGradValue_(parameters, 1);
    expect(warn.mock.calls.flat()).toMatchInlineSnapshot(`
      [
        "clipGradNorm_: there are no parameters in this generator; if it was used before, it is empty. Call model.parameters() each time.",
        "clipGradValue_: there are no parameters in this generator; if it was used before, it is empty. Call model.parameters() each time.",
      ]
    `);
    warn.mockRestore();
  });

  it("holds no memory, but for the norm it returns", () => {
    const parameters = [three(), withGradient(ones([5, 5]))];
    clipGradNorm_(parameters, 1).dispose();
    const { tensors, bytes } = memory();
    for (let i = 0; i < 5; i++) clipGradNorm_(parameters, 1).dispose();
    clipGradValue_(parameters, 1);
    expect({ tensors: memory().tensors, bytes: memory().bytes }).toEqual({ tensors, bytes });
  });

  it("says what is wrong with its options", () => {
    expect(() => clipGradNorm_([], -1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: clipGradNorm_: maxNorm is -1. Give a number from 0 on.]`,
    );
    expect(() => clipGradsWithNorm_([], Number.NaN, tensor(1))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: clipGradsWithNorm_: maxNorm is NaN. Give a number from 0 on.]`,
    );
    expect(() => clipGradValue_([], -1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: clipGradValue_: clipValue is -1. Give a number from 0 on.]`,
    );
    expect(() => clipGradNorm_([], 1, { normType: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: clipGradNorm_: normType is NaN. Give a number; Infinity is one.]`,
    );
  });
});
