import { describe, expect, it, vi } from "vitest";
import { type Batch, PlainBatchNorm } from "../../test/plain-batch-norm.ts";
import { AveragedModel, updateBn } from "../index.ts";

/** A batch-norm, and a layer that has a mode of its own and no statistics. */
class Net {
  training = true;
  readonly norm = new PlainBatchNorm(2);
  readonly other = { training: true };
  readonly w = Float64Array.of(1);
  modules(): object[] {
    return [this, this.norm, this.other];
  }
  namedParameters(): [string, Float64Array][] {
    return [["w", this.w]];
  }
  namedBuffers(): [string, Float64Array | Int32Array][] {
    return [
      ["norm.running_mean", this.norm.runningMean],
      ["norm.running_var", this.norm.runningVar],
      ["norm.num_batches_tracked", this.norm.numBatchesTracked],
    ];
  }
  forward({ shape, data }: Batch): Batch {
    return this.norm.forward({ shape, data: data.map((x) => x * (this.w[0] ?? 0)) });
  }
  get statistics(): number[][] {
    const { runningMean, runningVar, numBatchesTracked } = this.norm;
    return [runningMean, runningVar, numBatchesTracked].map((each) => Array.from(each));
  }
}

const batch = (...rows: [number, number][]): Batch => ({ shape: [rows.length, 2], data: rows.flat() });

/** Channel 0 has the means 2 and 7, the variances 2 and 1. */
const uneven = [batch([1, 0], [3, 0]), batch([6, 0], [7, 3], [8, 0])];

// Of a few small numbers, in float64.
const close = (rows: readonly (readonly number[])[]): unknown[][] =>
  rows.map((row) => row.map((each) => expect.closeTo(each, 13)));

describe("updateBn", () => {
  it("gives each batch the same weight, as PyTorch does", async () => {
    const net = new Net();
    await updateBn(uneven, net);
    expect(net.statistics).toEqual(close([[4.5, 0.5], [1.5, 1.5], [2]]));
  });

  it("is exact for uneven batches when told", async () => {
    const net = new Net();
    net.norm.momentum = null;
    await updateBn(uneven, net, { exact: true });
    // Of 1, 3, 6, 7, 8: squares of distances from 5 are 16, 4, 1, 4, 9. Of 0, 0, 0, 3, 0: mean 0.6, squares 4 * 0.36 and 5.76.
    expect(net.statistics).toEqual(close([[5, 0.6], [34 / 4, 7.2 / 4], [2]]));
    expect(net.norm.momentum).toBe(null);
    expect(net.norm.hooks).toBe(0);
  });

  it("counts all numbers of a channel, and every call of a batch-norm", async () => {
    const norm = new PlainBatchNorm(1);
    const model = {
      modules: () => [norm],
      forward: (x: Batch) => [1, 2].map((times) => norm.forward({ ...x, data: x.data.map((value) => value * times) })),
    };
    await updateBn(
      [
        { shape: [1, 1, 2], data: [1, 2] },
        { shape: [0, 1, 2], data: [] },
      ],
      model,
      { exact: true },
    );
    // Of 1, 2, 2, 4: mean 2.25, squares of distances 1.5625, 2 * 0.0625, 3.0625. An empty batch adds nothing.
    expect([norm.runningMean[0], norm.runningVar[0]]).toEqual([2.25, expect.closeTo(4.75 / 3, 13)]);
  });

  it("takes inputs, lists that begin with them, whatever `forward` can take, and loaders that wait", async () => {
    async function* waiting(): AsyncGenerator<[Batch, string]> {
      for (const each of uneven) yield [each, "label"];
    }
    const pairs = uneven.map((x) => [x, "label"] as const);
    const named = uneven.map((x) => ({ x }));
    const nets = [new Net(), new Net(), new Net(), new Net()] as const;
    await updateBn(pairs, nets[0]);
    await updateBn(waiting(), nets[1]);
    await updateBn(named, nets[2], { forward: ({ x }) => nets[2].forward(x) });
    await updateBn(named, nets[3], { forward: async ({ x }) => nets[3].forward(x) });
    for (const net of nets) expect(net.statistics).toEqual(close([[4.5, 0.5], [1.5, 1.5], [2]]));
  });

  it("is done on return when neither loader nor model wait", () => {
    const net = new Net();
    void updateBn(uneven, net);
    expect(net.statistics[2]).toEqual([2]);
    expect(net.norm.momentum).toBe(0.1);
  });

  it("puts every module's own mode and momentum back", async () => {
    const net = new Net();
    net.other.training = false;
    net.norm.training = false;
    net.norm.momentum = 0.3;
    const modes: boolean[] = [];
    await updateBn(uneven, net, {
      forward: (x) => {
        modes.push(net.training, net.norm.training, net.other.training);
        net.forward(x);
      },
    });
    expect(modes).toEqual([true, true, true, true, true, true]);
    expect([net.training, net.norm.training, net.other.training, net.norm.momentum]).toEqual([true, false, false, 0.3]);
    expect(net.statistics[2]).toEqual([2]);
  });

  it.each([false, true])("puts back all there was when the loader throws, exact %s", async (exact) => {
    const net = new Net();
    net.other.training = false;
    net.forward(batch([1, 2], [3, 8]));
    const before = net.statistics;
    function* failing(): Generator<Batch> {
      yield* uneven;
      throw new Error("the disk is gone");
    }
    await expect(updateBn(failing(), net, { exact })).rejects.toThrow("the disk is gone");
    expect(net.statistics).toEqual(before);
    expect([net.other.training, net.norm.momentum, net.norm.hooks]).toEqual([false, 0.1, 0]);
  });

  it("leaves the loader alone when there is no batch-norm with statistics", async () => {
    const loader = { [Symbol.iterator]: vi.fn() };
    const instanceNorm = { training: true, runningMean: new Float32Array(1), runningVar: new Float32Array(1) };
    await updateBn(loader as unknown as Iterable<Batch>, { modules: () => [{}, instanceNorm], forward: () => {} });
    await updateBn([], {
      modules: () => [{ momentum: 0.1, runningMean: null, runningVar: null, resetRunningStats() {} }],
      forward: () => {},
    });
    expect(loader[Symbol.iterator]).not.toHaveBeenCalled();
  });

  it("forgets the old statistics even if there is no data", async () => {
    for (const exact of [false, true]) {
      const net = new Net();
      net.forward(batch([1, 2], [3, 8]));
      await updateBn([], net, { exact });
      expect(net.statistics).toEqual([[0, 0], [1, 1], [0]]);
    }
  });

  it.each(["by themselves", "in a copy"])("works on averages kept %s", async (place) => {
    const net = new Net();
    const averaged = new AveragedModel(net, place === "in a copy" ? { copy: () => new Net() } : {});
    net.w[0] = 3;
    averaged.updateParameters();
    net.w[0] = 5;
    averaged.updateParameters();
    const before = net.statistics;
    // With the average of 3 and 5 for a factor.
    await updateBn(uneven, averaged);
    const averages = new Map<string, unknown>([...averaged.namedParameters(), ...averaged.namedBuffers()]);
    expect(averages).toEqual(
      new Map<string, unknown>([
        ["module.w", Float64Array.of(4)],
        ["module.norm.running_mean", Float64Array.of(18, 2)],
        ["module.norm.running_var", Float64Array.of(24, 24)],
        ["module.norm.num_batches_tracked", Int32Array.of(2)],
      ]),
    );
    expect([net.statistics, net.w[0]]).toEqual([before, 5]);
  });

  it("says what is wrong", async () => {
    const net = new Net();
    await expect(updateBn(uneven, net, { exat: true } as object)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[OptionError: updateBn: no option exat. Did you mean exact?]`,
    );
    Reflect.set(net.norm, "registerForwardHook", undefined);
    await expect(updateBn(uneven, net, { exact: true })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[TypeError: updateBn: exact needs batch-norms that have registerForwardHook, to see how large their inputs are.]`,
    );
  });
});
