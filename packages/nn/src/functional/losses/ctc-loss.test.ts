import { gradcheck, gradgradcheck, memory, ones, scope, type Tensor, tensor, zeros } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { spread } from "../../../test/module-suite.ts";
import { ctcLoss } from "./ctc-loss.ts";

const integers = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });

/** Repeats first, then blanks, are left out. */
const spelled = (path: readonly number[], blank: number): string =>
  path.filter((label, t) => label !== path[t - 1] && label !== blank).join();

/** The probability of some labels, over all paths one by one. */
function probabilityOf(labels: readonly number[], steps: readonly (readonly number[])[], blank: number): number {
  let paths: { path: number[]; probability: number }[] = [{ path: [], probability: 1 }];
  for (const step of steps) {
    paths = paths.flatMap(({ path, probability }) =>
      step.map((p, label) => ({ path: [...path, label], probability: probability * p })),
    );
  }
  return paths
    .filter(({ path }) => spelled(path, blank) === labels.join())
    .reduce((sum, { probability }) => sum + probability, 0);
}

describe("ctcLoss", () => {
  it("is -log of the probability of all paths that spell the labels", () => {
    const logProbs = spread([5, 1, 3], "float64").mul(9).logSoftmax(2);
    const steps = logProbs.squeeze(1).exp().arraySync() as number[][];
    for (const [blank, a, b] of [
      [0, 1, 2],
      [2, 0, 1],
    ] as const) {
      for (const labels of [[], [a], [a, a], [a, a, a], [a, b], [b, a, b], [a, a, b], [a, b, a, b, a]]) {
        const targets = integers(...labels).reshape([1, labels.length]);
        const loss = ctcLoss(logProbs, targets, [5], [labels.length], { blank, reduction: "sum" });
        // Sums of up to 3^5 products, in another order.
        const wanted = -Math.log(probabilityOf(labels, steps, blank));
        expect(loss.itemSync(), `${labels} with blank ${blank}`).toBeCloseTo(wanted, 12);
      }
    }
  });

  it("has the gradient of scores before a log-softmax, and gradients of gradients", () => {
    const scores = spread([4, 2, 3], "float64");
    scores.requiresGrad = true;
    // A label twice; one that does not fit into its steps.
    const targets = integers(1, 1, 2, 2).reshape([2, 2]);
    const loss = (scores: Tensor): Tensor =>
      ctcLoss(scores.logSoftmax(2), targets, [4, 2], [2, 2], { reduction: "none", zeroInfinity: true });
    expect(gradcheck(loss as () => Tensor, [scores])).toBe(true);
    expect(gradgradcheck(loss as () => Tensor, [scores])).toBe(true);
  });

  it("keeps its digits over many steps", () => {
    const [steps, labels] = [300, 40];
    const targets = tensor(
      Int32Array.from({ length: labels }, (_, i) => 1 + ((i * i) % 7)),
      { shape: [1, labels] },
    );
    const gradientIn = (dtype: "float32" | "float64"): number[] => {
      const scores = spread([steps, 1, 8], dtype).mul(0.1);
      scores.requiresGrad = true;
      ctcLoss(scores.logSoftmax(2), targets, [steps], [labels], { reduction: "sum" }).backward();
      return Array.from(scores.grad?.dataSync() ?? [], Number);
    };
    const exact = gradientIn("float64");
    const off = gradientIn("float32").map((each, i) => Math.abs(each - (exact[i] as number)));
    // The logarithms reach -300; the gradient's terms are up to 1.
    expect(Math.max(...off)).toBeLessThan(2e-5);
  });

  it("takes lengths as tensors, lists and numbers", () => {
    const logProbs = spread([4, 2, 3], "float32").logSoftmax(2);
    const targets = integers(1, 2, 2, 1).reshape([2, 2]);
    const wanted = ctcLoss(logProbs, targets, [4, 3], [2, 1]).itemSync();
    expect(ctcLoss(logProbs, targets, integers(4, 3), integers(2, 1)).itemSync()).toBe(wanted);
    expect(ctcLoss(logProbs, targets, integers(4, 3), tensor(new BigInt64Array([2n, 1n]))).itemSync()).toBe(wanted);
    expect(ctcLoss(logProbs, integers(1, 2, 2), [4, 3], [2, 1]).itemSync()).toBe(wanted);
    const single = logProbs.select(1, 0);
    expect(ctcLoss(single, integers(1, 2), 4, 2).itemSync()).toBe(ctcLoss(single, integers(1, 2), [4], [2]).itemSync());
    expect(ctcLoss(single, integers(1, 2), 4, 2, { reduction: "none" }).shape).toEqual([]);
  });

  it("gives classes that cannot be a slope of 0, where PyTorch's is NaN", () => {
    const logProbs = tensor([[[-Infinity, 0, -Infinity]], [[0, -Infinity, -Infinity]]], { requiresGrad: true });
    const loss = ctcLoss(logProbs, integers(1), [2], [1]);
    expect(loss.itemSync()).toBeCloseTo(0, 7);
    loss.backward();
    expect(logProbs.grad?.arraySync()).toEqual([[[0, 0, 0]], [[0, 0, 0]]]);
  });

  it("leaves nothing of its steps behind", () => {
    const scores = spread([30, 2, 4], "float32");
    scores.requiresGrad = true;
    const { tensors, bytes } = memory();
    const loss = scope(() => ctcLoss(scores.logSoftmax(2), integers(1, 2), [30, 30], [1, 1], { reduction: "sum" }));
    loss.backward();
    scores.grad = null;
    loss.dispose();
    expect(memory()).toMatchObject({ tensors, bytes });
  });

  it("says what does not fit", () => {
    const logProbs = zeros([4, 2, 3]).logSoftmax(2);
    const targets = integers(1, 2, 2, 1).reshape([2, 2]);
    expect(() => ctcLoss(zeros([3]), targets, [4, 4], [2, 2])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: ctcLoss: logProbs has the shape [3]. Give log probabilities, [T, N, C] or [T, C].]`,
    );
    expect(() => ctcLoss(zeros([0, 2, 3]), targets, [4, 4], [2, 2])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: ctcLoss: logProbs has the shape [0, 2, 3]. Give log probabilities, [T, N, C] or [T, C].]`,
    );
    expect(() => ctcLoss(logProbs, targets, [4], [2, 2])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: ctcLoss: inputLengths has 1 of 2 lengths. Give one for each sample.]`,
    );
    expect(() => ctcLoss(logProbs, targets, [4, 5], [2, 2])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ctcLoss: inputLengths has a 5. Give integers from 0 to 4.]`,
    );
    expect(() => ctcLoss(logProbs, targets, [4, 2.5], [2, 2])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ctcLoss: inputLengths has a 2.5. Give integers from 0 to 4.]`,
    );
    expect(() => ctcLoss(logProbs, targets, [4, 4], [2, 3])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ctcLoss: targetLengths has a 3. Give integers from 0 to 2.]`,
    );
    expect(() => ctcLoss(logProbs, targets, [4, 4], integers(2, -1))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ctcLoss: targetLengths has a -1. Give integers from 0 to 2.]`,
    );
    expect(() => ctcLoss(logProbs, targets, ones([2]), [2, 2])).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: ctcLoss: inputLengths is float32. Give integers: inputLengths.to("int32").]`,
    );
    expect(() => ctcLoss(logProbs, integers(1, 2, 1), [4, 4], [2, 2])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: ctcLoss: targets have the shape [3], and targetLengths add up to 4. Give the labels of each sample, [N, S], or all one after the other.]`,
    );
    expect(() => ctcLoss(logProbs, targets.narrow(0, 0, 1), [4, 4], [2, 2])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: ctcLoss: targets [1, 2] are not those of a batch of 2. Give the labels of each sample, [N, S], or all one after the other.]`,
    );
    expect(() => ctcLoss(logProbs, zeros([2, 2, 2]), [4, 4], [2, 2])).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: ctcLoss: targets is float32. Give integers: targets.to("int32").]`,
    );
    expect(() => ctcLoss(logProbs, targets.add(1), [4, 4], [2, 2])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ctcLoss: targets has a class 3, logProbs [4, 2, 3] has 3. Classes are numbered from 0 to 2.]`,
    );
    expect(() => ctcLoss(logProbs, targets.unsqueeze(0), [4, 4], [2, 2])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: ctcLoss: targets have the shape [1, 2, 2]. Give the labels of each sample, [N, S], or all one after the other.]`,
    );
    expect(() => ctcLoss(logProbs, targets, [4, 4], [2, 2], { blank: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ctcLoss: blank is 3, logProbs [4, 2, 3] has 3 classes. Give one of them, 0 to 2.]`,
    );
  });
});
