import { isGradEnabled, memory, ones, scope, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { BatchNorm1d, Dropout, evaluate, evaluating, Linear, type Module, Sequential } from "../index.ts";

const make = () => new Sequential(new Linear(2, 2), new BatchNorm1d(2), new Dropout());
const modes = (model: Module) => [...model.modules()].map(({ training }) => training);
const later = () => new Promise<void>((resolve) => void setTimeout(resolve, 1));

describe("evaluate", () => {
  it("is eval mode without gradients, and gives back what the function does", () => {
    const model = make();
    const result = evaluate(model, () => {
      expect(modes(model)).toEqual([false, false, false, false]);
      expect(isGradEnabled()).toBe(false);
      return model.forward(ones([1, 2]));
    });
    expect(result.requiresGrad).toBe(false);
    expect(modes(model)).toEqual([true, true, true, true]);
    expect(isGradEnabled()).toBe(true);
  });

  it("puts every submodule's own mode back: a frozen batch-norm stays frozen", () => {
    const model = make();
    model.at(1)?.eval();
    evaluate(model, () => {});
    expect(modes(model)).toEqual([true, true, false, true]);
    model.eval();
    model.at(2)?.train();
    evaluate(model, () => {});
    expect(modes(model)).toEqual([false, false, false, true]);
  });

  it("puts the modes back when the function throws", () => {
    const model = make();
    expect(() =>
      evaluate(model, () => {
        throw new Error("no data");
      }),
    ).toThrow("no data");
    expect(modes(model)).toEqual([true, true, true, true]);
    expect(isGradEnabled()).toBe(true);
  });

  it("follows an async function until it settles, well or badly", async () => {
    const model = make();
    const good = evaluate(model, async () => {
      await later();
      expect(modes(model)).toEqual([false, false, false, false]);
      expect(isGradEnabled()).toBe(false);
      return 3;
    });
    expect(modes(model)).toEqual([false, false, false, false]);
    expect(await good).toBe(3);
    expect(modes(model)).toEqual([true, true, true, true]);
    expect(isGradEnabled()).toBe(true);
    const bad = evaluate(model, async () => {
      await later();
      throw new Error("no data");
    });
    await expect(bad).rejects.toThrow("no data");
    expect(modes(model)).toEqual([true, true, true, true]);
    expect(isGradEnabled()).toBe(true);
  });

  it("nests, with the function's own changes of mode inside", () => {
    const model = make();
    evaluate(model, () => {
      model.train();
      evaluate(model, () => expect(modes(model)).toEqual([false, false, false, false]));
      expect(modes(model)).toEqual([true, true, true, true]);
      expect(isGradEnabled()).toBe(false);
      model.eval();
    });
    expect(modes(model)).toEqual([true, true, true, true]);
  });

  it("nests for a part of a model", () => {
    const model = make();
    evaluate(model.at(2) as Module, () => {
      expect(modes(model)).toEqual([true, true, true, false]);
      evaluate(model, () => {});
      expect(modes(model)).toEqual([true, true, true, false]);
    });
    expect(modes(model)).toEqual([true, true, true, true]);
  });

  it("says so where two of them overlap in time", async () => {
    const model = make();
    let finish = (): void => {};
    const first = evaluate(
      model,
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    const second = evaluate(make(), later);
    finish();
    await expect(Promise.all([first, second])).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Error: noGrad: two of them overlap in time without nesting, so each was in force during the other's work. Await one before you start the next, or run the work that overlaps in a worker of its own.]`,
    );
    await Promise.allSettled([first, second]);
    expect(modes(model)).toEqual([true, true, true, true]);
    expect(isGradEnabled()).toBe(true);
  });

  it("records no graph: a forward pass holds its result and nothing else", () => {
    const model = new Sequential(new Linear(8, 64), new Linear(64, 2));
    const x = ones([16, 8]).realize();
    const held = (body: () => unknown): number =>
      scope(() => {
        const { bytes } = memory();
        const result = scope(body);
        return memory().bytes - bytes + 0 * Number(result === x);
      });
    const result = 4 * 16 * 2;
    expect(held(() => evaluate(model, () => model.forward(x).realize()))).toBe(result);
    // The 16 x 64 numbers between the layers are kept for the backward pass.
    expect(held(() => model.forward(x).realize())).toBeGreaterThanOrEqual(result + 4 * 16 * 64);
  });
});

describe("evaluating", () => {
  it("is the same for a block", () => {
    const model = make();
    model.at(1)?.eval();
    {
      using _ = evaluating(model);
      expect(modes(model)).toEqual([false, false, false, false]);
      expect(isGradEnabled()).toBe(false);
    }
    expect(modes(model)).toEqual([true, true, false, true]);
    expect(isGradEnabled()).toBe(true);
  });

  it("ends with the block also when that throws, and once only", () => {
    const model = make();
    expect(() => {
      using _ = evaluating(model);
      throw new Error("no data");
    }).toThrow("no data");
    expect(modes(model)).toEqual([true, true, true, true]);
    const guard = evaluating(model);
    guard.close();
    model.eval();
    guard.close();
    expect(modes(model)).toEqual([false, false, false, false]);
  });
});

describe("the modes of layers", () => {
  it("decide whether dropout drops and batch-norm learns; noGrad alone does not", () => {
    const model = make();
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    const norm = model.at(1) as BatchNorm1d;
    evaluate(model, () => model.forward(x).arraySync());
    expect(norm.buffer("num_batches_tracked")?.itemSync()).toBe(0);
    expect(evaluate(model, () => model.forward(x).arraySync())).toEqual(
      evaluate(model, () => model.forward(x).arraySync()),
    );
    model.forward(x);
    expect(norm.buffer("num_batches_tracked")?.itemSync()).toBe(1);
  });
});
