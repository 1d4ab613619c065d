import { manualSeed, memory, ones, randn, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { dropout } from "../../functional/dropout.ts";
import { Dropout } from "./dropout.ts";

testModule("Dropout", { make: () => new Dropout(0.3), shape: [3, 4], shown: "Dropout(0.3)", random: true });

describe("Dropout", () => {
  it("drops p of the elements and lets the others grow, so that the mean stays", () => {
    manualSeed(0);
    const count = 100_000;
    const numbers = Array.from(new Dropout(0.3).forward(ones([count])).dataSync(), Number);
    const kept = numbers.filter((x) => x !== 0);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.7)]));
    // The number dropped is binomial: five standard deviations.
    expect(Math.abs(count - kept.length - 0.3 * count)).toBeLessThan(5 * Math.sqrt(count * 0.3 * 0.7));
  });

  it("is something else each time, and the same again from the same seed", () => {
    const layer = new Dropout();
    const draw = () => layer.forward(ones([64])).arraySync();
    manualSeed(3);
    const [first, second] = [draw(), draw()];
    manualSeed(3);
    expect([draw(), draw()]).toEqual([first, second]);
    expect(second).not.toEqual(first);
  });

  it("lets gradients through where it let numbers through, as large", () => {
    const x = randn([50], { requiresGrad: true });
    const y = new Dropout(0.4).forward(x);
    y.sum().backward();
    const factors = y.detach().div(x.detach()).arraySync() as number[];
    const grad = x.grad?.arraySync() as number[];
    // y / x rounds twice.
    expect(grad).toEqual(factors.map((factor) => expect.closeTo(factor, 5)));
    expect(grad.every((each) => each === 0 || each === Math.fround(1 / 0.6))).toBe(true);
  });

  it("stores no mask", () => {
    const x = ones([1000], { requiresGrad: true });
    const { bytes } = memory();
    const y = new Dropout().forward(x).realize();
    expect(memory().bytes - bytes).toBe(4000);
    y.dispose();
  });

  it("gives x itself where there is nothing to do, and nothing of it where p is 1", () => {
    const x = tensor([1, -2]);
    expect(new Dropout(0).forward(x)).toBe(x);
    expect(new Dropout(0.5).eval().forward(x)).toBe(x);
    expect(new Dropout(1).forward(x).arraySync()).toEqual([0, -0]);
    expect(dropout(x, { training: false })).toBe(x);
  });

  it("says what is wrong with p", () => {
    expect(() => new Dropout(1.1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Dropout: p is 1.1. Give a number from 0 to 1.]`,
    );
    expect(() => dropout(ones([1]), { p: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: dropout: p is NaN. Give a number from 0 to 1.]`,
    );
  });
});
