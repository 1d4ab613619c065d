import { gradcheck, gradgradcheck, memory, noGrad, rand, randn, scope, type Tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { batchNorm, groupNorm, instanceNorm, layerNorm, rmsNorm } from "./index.ts";

/** Each normalization as a function of its input and, where given, its weight and bias. */
const normalizations = {
  batchNorm: {
    shape: [3, 2, 2],
    affine: [2],
    of: (x: Tensor, weight?: Tensor, bias?: Tensor) =>
      batchNorm(x, null, null, { training: true, eps: 1e-3, weight: weight ?? null, bias: bias ?? null }),
  },
  instanceNorm: {
    shape: [2, 2, 3],
    affine: [2],
    of: (x: Tensor, weight?: Tensor, bias?: Tensor) =>
      instanceNorm(x, { eps: 1e-3, weight: weight ?? null, bias: bias ?? null }),
  },
  groupNorm: {
    shape: [2, 4, 2],
    affine: [4],
    of: (x: Tensor, weight?: Tensor, bias?: Tensor) =>
      groupNorm(x, 2, { eps: 1e-3, weight: weight ?? null, bias: bias ?? null }),
  },
  layerNorm: {
    shape: [2, 2, 3],
    affine: [2, 3],
    of: (x: Tensor, weight?: Tensor, bias?: Tensor) =>
      layerNorm(x, [2, 3], { eps: 1e-3, weight: weight ?? null, bias: bias ?? null }),
  },
  rmsNorm: {
    shape: [3, 4],
    affine: [4],
    of: (x: Tensor, weight?: Tensor) => rmsNorm(x, 4, { eps: 1e-3, weight: weight ?? null }),
  },
};

describe.each(Object.entries(normalizations))("%s", (name, { shape, affine, of }) => {
  const leaf = (sizes: readonly number[]): Tensor => {
    const drawn = randn(sizes, { dtype: "float64" }).contiguous();
    drawn.requiresGrad = true;
    return drawn;
  };
  const [x, weight, bias] = [leaf(shape), leaf(affine), leaf(affine)];
  const lists = [[x], [x, weight], ...(name === "rmsNorm" ? [] : [[x, weight, bias]])];
  const normalize = (...inputs: Tensor[]): Tensor => of(...(inputs as [Tensor, Tensor?, Tensor?]));

  it("has its gradients, and gradients of gradients, through its statistics", () => {
    for (const inputs of lists) {
      expect(gradcheck(normalize, inputs)).toBe(true);
      expect(gradgradcheck(normalize, inputs)).toBe(true);
    }
  });

  it("has the gradients that are wanted where some inputs are constants", () => {
    const constant = (each: Tensor) => each.detach();
    for (const inputs of lists.slice(1)) {
      expect(gradcheck(normalize, [constant(x), ...inputs.slice(1)])).toBe(true);
      expect(gradcheck(normalize, [x, ...inputs.slice(1).map(constant)])).toBe(true);
    }
  });

  it("takes any view for its input", () => {
    const plain = noGrad(() => of(x.detach()));
    const backwards = x.shape.map((_, d) => x.ndim - 1 - d);
    const strided = noGrad(() => of(x.detach().permute(backwards).contiguous().permute(backwards)));
    expect(strided.arraySync()).toEqual(plain.arraySync());
  });

  it("gives a result that may be changed in place, as by an activation", () => {
    const y = of(x, weight);
    const before = y.detach().relu().arraySync();
    expect(y.relu_().arraySync()).toEqual(before);
    y.sum().backward();
    expect(x.grad?.shape).toEqual(x.shape);
  });

  it("keeps nothing of a step", () => {
    const step = () =>
      scope(() => {
        const input = rand(shape, { requiresGrad: true });
        of(input).sum().backward();
      });
    step();
    const before = memory();
    for (let i = 0; i < 3; i++) step();
    expect(memory()).toEqual(before);
  });
});
