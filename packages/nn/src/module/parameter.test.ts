import { memory, noGrad, ones, rand, scope, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { sgdStep } from "../../test/sgd.ts";
import { Parameter } from "../index.ts";

describe("Parameter", () => {
  it("wants a gradient and is a leaf, whatever it was made from, also inside noGrad", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    for (const parameter of [new Parameter(x.mul(2)), noGrad(() => new Parameter(ones([2])))]) {
      expect([parameter.requiresGrad, parameter.isLeaf]).toEqual([true, true]);
      parameter.mul(3).sum().backward();
      expect(parameter.grad?.arraySync()).toEqual([3, 3]);
    }
    expect(x.grad).toBeNull();
    expect(new Parameter(ones([1]), { requiresGrad: false }).requiresGrad).toBe(false);
  });

  it("outlives the scope it was made in", () => {
    const parameter = scope(() => new Parameter(rand([4]).mul(2)));
    expect(parameter.isFreed).toBe(false);
    expect(parameter.arraySync()).toHaveLength(4);
  });

  it("holds its numbers from the start, so that nothing draws them anew", () => {
    const { bytes } = memory();
    const parameter = scope(() => new Parameter(rand([25])));
    expect(memory().bytes - bytes).toBe(100);
    expect(parameter.numel).toBe(25);
  });

  it("is updated in place by a rule, and what was computed from it before stays as it was", () => {
    const parameter = new Parameter(tensor([1, 2]));
    const before = parameter.detach().mul(1);
    parameter.mul(3).sum().backward();
    sgdStep([parameter], 0.5);
    expect(parameter.arraySync()).toEqual([-0.5, 0.5]);
    expect(before.arraySync()).toEqual([1, 2]);
  });

  it("takes floats only where it is to learn", () => {
    expect(() => new Parameter(ones([2], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: requiresGrad: a tensor of int32 has no gradient. Cast it first: x.to("float32").]`,
    );
    expect(new Parameter(ones([2], { dtype: "int32" }), { requiresGrad: false }).dtype).toBe("int32");
  });
});
