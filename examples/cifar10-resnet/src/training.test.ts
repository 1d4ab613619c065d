import { evaluate } from "@anneal/nn";
import { memory } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { loadImages } from "./images.ts";
import { cifarFile, folderOf } from "./testing/synthetic-files.ts";
import { train } from "./training.ts";

const images = (count: number) =>
  loadImages(folderOf({ "data_batch_1.bin": cifarFile(count, 1), "test_batch.bin": cifarFile(50, 2) }));

describe("a training", () => {
  it("learns what there is to see in a few steps, and recognises it in images it has not seen", async () => {
    const { history } = await train(await images(200), { epochs: 4, batchSize: 20, lr: 2e-3, seed: 0 });
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(history[0]?.loss).toBeLessThan(Math.log(10) + 0.3);
    expect(history.at(-1)?.loss).toBeLessThan(1);
    // A guess is right once in ten.
    expect(history.at(-1)?.testAccuracy).toBeGreaterThan(0.6);
    expect(history.at(-1)?.lr).toBeCloseTo(2e-3 * (0.5 + 0.5 * Math.cos((3 / 4) * Math.PI)), 12);
  });

  it("goes the same way from the same seed, bit for bit", async () => {
    const data = await images(60);
    const run = async (seed: number): Promise<unknown> => {
      const { history, guesses } = await train(data, { epochs: 2, batchSize: 30, lr: 2e-3, seed });
      return [history.map(({ loss }) => loss), guesses];
    };
    const first = await run(3);
    expect(await run(3)).toEqual(first);
    expect(await run(4)).not.toEqual(first);
  });

  it("holds the same memory after each epoch of full-size batches", async () => {
    const held: { tensors: number; bytes: number }[] = [];
    await train(await images(200), { epochs: 3, batchSize: 100, lr: 2e-3, seed: 0 }, async (model, guess) => {
      const guesses = await evaluate(model, guess);
      const { tensors, bytes } = memory();
      held.push({ tensors, bytes });
      return guesses;
    });
    expect(held).toEqual(Array.from({ length: 3 }, () => held[0]));
  });
});
