import { gradgradcheck, type Tensor, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { huberLoss } from "./huber-loss.ts";
import { l1Loss } from "./l1-loss.ts";
import { mseLoss } from "./mse-loss.ts";
import { smoothL1Loss } from "./smooth-l1-loss.ts";

const input = tensor([-3, -0.5, 0, 0.25, 2]);
const target = tensor([0, 0.5, 0, 0.5, -1]);
const numbers = (x: Tensor) => x.arraySync() as number[];

describe("The Huber loss", () => {
  it("is half the squared error up to delta, and delta times the absolute one less a constant beyond", () => {
    const halves = numbers(mseLoss(input, target, { reduction: "none" }).div(2));
    // The same few roundings.
    expect(numbers(huberLoss(input, target, { delta: 10, reduction: "none" }))).toEqual(halves);
    expect(numbers(huberLoss(input, target, { delta: Infinity, reduction: "none" }))).toEqual(halves);
    expect(numbers(huberLoss(tensor([-3, 2]), tensor([0, -1]), { delta: 2, reduction: "none" }))).toEqual([4, 4]);
  });

  it("is delta times the smooth L1 loss with beta the same, which is the L1 loss at 0", () => {
    const smooth = smoothL1Loss(input, target, { beta: 0.5, reduction: "none" });
    expect(numbers(huberLoss(input, target, { delta: 0.5, reduction: "none" }))).toEqual(numbers(smooth.mul(0.5)));
    expect(numbers(smoothL1Loss(input, target, { beta: 0, reduction: "none" }))).toEqual(
      numbers(l1Loss(input, target, { reduction: "none" })),
    );
  });

  it("has a slope for an infinite error, and none for the error NaN", () => {
    for (const loss of [huberLoss, smoothL1Loss]) {
      const x = tensor([Infinity, -Infinity, Number.NaN], { requiresGrad: true });
      const losses = loss(x, tensor([0, 0, 0]), { reduction: "none" });
      expect(numbers(losses)).toEqual([Infinity, Infinity, Number.NaN]);
      losses.sum().backward();
      expect(numbers(x.grad as Tensor)).toEqual([1, -1, Number.NaN]);
    }
  });

  it("has gradients of gradients on both sides of its seam", () => {
    const x = tensor([-3, -0.25, 0.1, 0.25, 2], { dtype: "float64", requiresGrad: true });
    const t = tensor([0, 0.5, 0, 0.75, -1], { dtype: "float64", requiresGrad: true });
    for (const loss of [huberLoss, smoothL1Loss])
      expect(gradgradcheck((x, t) => loss(x as Tensor, t as Tensor), [x, t])).toBe(true);
  });
});
