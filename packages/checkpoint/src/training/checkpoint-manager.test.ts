import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { plainPart } from "../../test/plain-part.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { memoryStore } from "../stores/memory-store.ts";
import type { Store } from "../stores/store.ts";
import { CheckpointManager } from "./checkpoint-manager.ts";
import type { CheckpointManagerOptions } from "./checkpoint-manager-options.ts";
import { loadCheckpoint } from "./load-checkpoint.ts";

const managerOf = (options: CheckpointManagerOptions = {}) => {
  const store = options.store ?? memoryStore();
  return { store, manager: new CheckpointManager({ store, ...options }) };
};

/** A store whose writes wait until they are let go on, or fail. */
function slowStore(): Store & { letGo(): void; fail(error: Error): void } {
  const store = memoryStore();
  let waiting: { resolve(): void; reject(error: Error): void } | undefined;
  return {
    ...store,
    async write(name, write) {
      await new Promise<void>((resolve, reject) => {
        waiting = { resolve, reject };
      });
      await store.write(name, write);
    },
    letGo: () => waiting?.resolve(),
    fail: (error) => waiting?.reject(error),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe("what a manager keeps", () => {
  it("is the newest ones", async () => {
    const { store, manager } = managerOf({ keepLast: 3 });
    expect(await manager.latest()).toBeNull();
    for (let epoch = 1; epoch <= 5; epoch++) await manager.save({ epoch });
    await manager.idle();
    expect(await store.list()).toEqual(["checkpoint-00000003.pt", "checkpoint-00000004.pt", "checkpoint-00000005.pt"]);
    expect(await manager.latest()).toMatchObject({ name: "checkpoint-00000005.pt", number: 5 });
  });

  it("is two by default, and all with Infinity", async () => {
    for (const [options, count] of [
      [{}, 2],
      [{ keepLast: Number.POSITIVE_INFINITY }, 5],
    ] as const) {
      const { store, manager } = managerOf(options);
      for (let epoch = 1; epoch <= 5; epoch++) await manager.save({ epoch });
      await manager.idle();
      expect(await store.list()).toHaveLength(count);
    }
  });

  it.each([
    ["min", 2, 0.25],
    ["max", 3, 4],
  ] as const)("is the best one too, by a metric (%s)", async (mode, number, metric) => {
    const { store, manager } = managerOf({ keepLast: 1, keepBest: { metric: "val/loss", mode } });
    for (const loss of [1, 0.25, 4, Number.NaN, 0.5]) await manager.save({ model: plainPart(loss), "val/loss": loss });
    // In the middle of an epoch nothing is measured.
    await manager.save({ model: plainPart(9) });
    const best = await manager.best();
    expect(best).toMatchObject({ number, metric });
    expect(await store.list()).toEqual([best?.name, "checkpoint-00000006.pt"]);
    const model = plainPart(0);
    await loadCheckpoint(best ?? "", { model });
    expect(model.numbers).toEqual(Float32Array.of(metric));
    // The next process finds it by its name.
    const next = new CheckpointManager({ store, keepLast: 1, keepBest: { metric: "val/loss", mode } });
    await next.save({ "val/loss": 1 });
    expect(await next.best()).toMatchObject({ number, metric });
  });

  it("knows every number by its name, to the last digit", async () => {
    const { manager } = managerOf({ keepLast: 100, keepBest: { metric: "m=*/%" } });
    for (const m of [1e-7, -1.5e300, 0.1 + 0.2, Number.POSITIVE_INFINITY]) {
      await manager.save({ "m=*/%": m });
      expect((await manager.latest())?.metric).toBe(m);
    }
    expect((await manager.best())?.metric).toBe(-1.5e300);
  });

  it("leaves other files alone", async () => {
    const { store, manager } = managerOf({ keepLast: 1 });
    const others = [
      "best.pt",
      "checkpoint-1.pt",
      "checkpoint-00000001-%E0%A4%A=1.pt",
      "checkpoint-00000001-x=low.pt",
      "checkpoint-00000001.pt.bak",
    ];
    for (const name of others) await store.write(name, (sink) => sink.write(Uint8Array.of(1)));
    for (let epoch = 1; epoch <= 3; epoch++) await manager.save({ epoch });
    await manager.idle();
    expect(await store.list()).toEqual([...others, "checkpoint-00000003.pt"].sort());
  });

  it("is removed only after the new one is safe", async () => {
    const events: string[] = [];
    const store = memoryStore();
    const noting: Store = {
      ...store,
      async write(name, write) {
        await store.write(name, write);
        events.push(`wrote ${name.slice(18, 20)}`);
      },
      async remove(name) {
        events.push(`removed ${name.slice(18, 20)}`);
        await store.remove(name);
      },
    };
    const manager = new CheckpointManager({ store: noting, keepLast: 1 });
    for (let epoch = 1; epoch <= 3; epoch++) await manager.save({ epoch });
    await manager.idle();
    expect(events).toEqual(["wrote 1.", "wrote 2.", "removed 1.", "wrote 3.", "removed 2."]);
  });
});

describe("step", () => {
  it("saves after every so many epochs, by what epoch says", async () => {
    const { manager } = managerOf({ everyEpochs: 2 });
    const saved: number[] = [];
    for (const epoch of [0, 0, 1, 1, 2, 2, 3, 5, 6, 7]) if (await manager.step({ epoch })) saved.push(epoch);
    expect(saved).toEqual([2, 5, 7]);
  });

  it("saves after each epoch by default", async () => {
    const { manager } = managerOf();
    expect([
      await manager.step({ epoch: 0 }),
      await manager.step({ epoch: 1 }),
      await manager.step({ epoch: 1 }),
    ]).toEqual([false, true, false]);
  });

  it("saves after so many minutes, whatever the epoch", async () => {
    const now = vi.spyOn(performance, "now");
    const at = (minutes: number) => void now.mockReturnValue(minutes * 60_000);
    at(10);
    const { manager } = managerOf({ everyMinutes: 5 });
    const saved: number[] = [];
    for (const minutes of [11, 14.9, 15, 15.1, 19.9, 20, 31]) {
      at(minutes);
      if (await manager.step({ model: plainPart(1) })) saved.push(minutes);
    }
    now.mockRestore();
    expect(saved).toEqual([15, 20, 31]);
  });

  it("reads no state where it is not time to save", async () => {
    const { manager } = managerOf();
    const model = { ...plainPart(1), stateDict: vi.fn() };
    await manager.step({ model, epoch: 0 });
    expect(model.stateDict).not.toHaveBeenCalled();
  });

  it("goes on counting from the epoch that it resumed at", async () => {
    const { store, manager } = managerOf({ everyEpochs: 2 });
    await manager.save({ epoch: 5 });
    await manager.idle();
    const next = new CheckpointManager({ store, everyEpochs: 2 });
    expect(await next.resume({})).toEqual({ epoch: 5 });
    expect([await next.step({ epoch: 6 }), await next.step({ epoch: 7 })]).toEqual([false, true]);
  });

  it("asks for epoch where that is what it goes by", async () => {
    const { manager } = managerOf();
    await expect(manager.step({ model: plainPart(1) })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[TypeError: CheckpointManager.step: with everyEpochs it needs epoch, the number of epochs that are complete, got undefined. Call step({ model, epoch, ... }), or save.]`,
    );
  });
});

describe("saving in the background", () => {
  it("saves what everything was when save was called, whatever comes after", async () => {
    const store = slowStore();
    const { manager } = managerOf({ store });
    const model = plainPart(1, 2);
    const losses = [0.5];
    const slow = { shape: [2], dtype: "float32", data: async () => model.numbers.slice() };
    const saving = manager.save({ model, losses, slow });
    // Not even that call was waited for.
    model.numbers.fill(9);
    losses.push(7);
    await saving;
    model.numbers.fill(10);
    await turn();
    store.letGo();
    await manager.idle();
    const restored = plainPart(0, 0);
    const { losses: kept, slow: also } = await loadCheckpoint((await manager.latest()) ?? "", { model: restored });
    expect(restored.numbers).toEqual(Float32Array.of(1, 2));
    expect((also as { data: unknown }).data).toEqual(Float32Array.of(1, 2));
    expect(kept).toEqual([0.5]);
  });

  it("lets training go on, and the next save waits for the one before", async () => {
    const store = slowStore();
    const { manager } = managerOf({ store });
    await manager.save({ epoch: 1 });
    expect(await store.list()).toEqual([]);
    let isSaved = false;
    const second = manager.save({ epoch: 2 }).then(() => {
      isSaved = true;
    });
    await turn();
    expect(isSaved).toBe(false);
    store.letGo();
    await second;
    expect(await store.list()).toEqual(["checkpoint-00000001.pt"]);
    await turn();
    store.letGo();
    await manager.idle();
    expect(await store.list()).toEqual(["checkpoint-00000001.pt", "checkpoint-00000002.pt"]);
  });

  it("writes several saves that nobody waited for one after the other, each whole", async () => {
    const { manager } = managerOf({ keepLast: 10 });
    const model = plainPart(0);
    const saves = [1, 2, 3].map((epoch) => manager.save({ model, epoch }));
    await Promise.all(saves);
    expect(await manager.latest()).toMatchObject({ number: 3 });
    expect(await manager.resume({ model })).toEqual({ epoch: 3 });
  });

  it("uses the memory of one snapshot for the next, and not before", async () => {
    const { manager } = managerOf({ keepLast: 10 });
    const model = plainPart(0, 0);
    const read = plainPart(0, 0);
    for (let epoch = 1; epoch <= 4; epoch++) {
      model.numbers = Float32Array.of(epoch, -epoch);
      await manager.save({ model, epoch });
      await manager.resume({ model: read });
      expect(read.numbers).toEqual(model.numbers);
    }
  });

  it("tells of a failure at the next save, once, and then goes on", async () => {
    const store = slowStore();
    const { manager } = managerOf({ store });
    await manager.save({ epoch: 1 });
    await turn();
    store.fail(
      new CheckpointError("a.pt", "could not be written to its end (ENOSPC)", "What was there before is untouched."),
    );
    await expect(manager.save({ epoch: 2 })).rejects.toThrow(/ENOSPC/);
    await manager.save({ epoch: 2 });
    await turn();
    store.letGo();
    await manager.idle();
    expect(await store.list()).toEqual(["checkpoint-00000001.pt"]);
    expect(await manager.resume({})).toEqual({ epoch: 2 });
  });

  it("tells at once what has no place in a file, or cannot be read", async () => {
    const { manager } = managerOf();
    await expect(manager.save({ epoch: 1, hook: () => {} })).rejects.toThrow(/hook is a function/);
    const freed = { shape: [1], dtype: "float32", data: () => Promise.reject(new Error("freed")) };
    await expect(manager.save({ freed })).rejects.toThrow("freed");
    await manager.save({ epoch: 1 });
    expect(await manager.latest()).toMatchObject({ number: 1 });
  });

  it("is over when save returns, without background", async () => {
    const store = memoryStore();
    const manager = new CheckpointManager({ store, background: false });
    await manager.save({ epoch: 1 });
    expect(await store.list()).toEqual(["checkpoint-00000001.pt"]);
    const full = new CheckpointManager({
      background: false,
      store: { ...store, write: () => Promise.reject(new Error("full")) },
    });
    await expect(full.save({ epoch: 2 })).rejects.toThrow("full");
  });
});

describe("resume", () => {
  let directory = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "anneal-manager-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const warnings = () => vi.spyOn(console, "warn").mockImplementation(() => {});

  it("restores nothing where there is nothing", async () => {
    const model = plainPart(1);
    expect(await new CheckpointManager({ directory }).resume({ model })).toBeNull();
    expect(await new CheckpointManager({ directory: join(directory, "none") }).resume({ model })).toBeNull();
    expect(model.numbers).toEqual(Float32Array.of(1));
  });

  it("falls back to the one before a damaged one, and names both", async () => {
    const manager = new CheckpointManager({ directory, keepLast: 3 });
    for (let epoch = 1; epoch <= 3; epoch++) await manager.save({ model: plainPart(epoch), epoch });
    await manager.close();
    writeFileSync(join(directory, "checkpoint-00000003.pt"), "");
    writeFileSync(join(directory, "checkpoint-00000002.pt"), "PK torn");
    const warn = warnings();
    const model = plainPart(0);
    const next = new CheckpointManager({ directory });
    expect(await next.resume({ model })).toEqual({ epoch: 1 });
    expect(model.numbers).toEqual(Float32Array.of(1));
    const messages = warn.mock.calls.map(([message]) => String(message).replaceAll(directory, "runs"));
    warn.mockRestore();
    expect(messages).toEqual([
      expect.stringMatching(
        /^CheckpointManager: runs.checkpoint-00000003\.pt: .*Going on from checkpoint-00000001\.pt, the one before it\.$/,
      ),
      expect.stringMatching(/^CheckpointManager: runs.checkpoint-00000002\.pt: .*Going on from checkpoint-00000001/),
    ]);
    // The damaged ones do not push out the one that was whole, and their numbers are not given again.
    await next.save({ model, epoch: 2 });
    await next.close();
    expect(readdirSync(directory).sort()).toEqual([1, 2, 3, 4].map((number) => `checkpoint-0000000${number}.pt`));
  });

  it("is an error where all are damaged: nobody shall begin anew without knowing", async () => {
    writeFileSync(join(directory, "checkpoint-00000001.pt"), "");
    writeFileSync(join(directory, "checkpoint-00000002.pt"), "");
    const error: Error = await new CheckpointManager({ directory }).resume({}).then(
      () => new Error("nothing"),
      (reason: Error) => reason,
    );
    expect(error.message.replaceAll(directory, "runs")).toMatch(
      /^runs: has no checkpoint that can be read:\n\truns.checkpoint-00000002\.pt: .*\n\truns.checkpoint-00000001\.pt: .*\nNothing was restored\. To begin anew, move them elsewhere\.$/,
    );
  });

  it("does not fall back from a checkpoint that is whole and does not fit", async () => {
    const manager = new CheckpointManager({ directory });
    await manager.save({ model: plainPart(1), epoch: 1 });
    await manager.save({ model: plainPart(1, 2), epoch: 2 });
    await expect(manager.resume({ model: plainPart(1) })).rejects.toThrow(/2 numbers were saved, and there are 1/);
  });

  it("leaves the old checkpoint where the disk is full, and goes on from it", async () => {
    const manager = new CheckpointManager({ directory, keepLast: 1 });
    await manager.save({ model: plainPart(1), epoch: 1 });
    await manager.idle();
    const full: Store = {
      ...manager.store,
      write: (name, write) =>
        manager.store.write(name, async (sink) => {
          let room = 200;
          await write({
            async write(bytes) {
              room -= bytes.length;
              if (room < 0)
                throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC", syscall: "write" });
              await sink.write(bytes);
            },
          });
        }),
    };
    const next = new CheckpointManager({ store: full, keepLast: 1 });
    await next.save({ model: plainPart(2), epoch: 2 });
    await expect(next.idle()).rejects.toThrow(
      /checkpoint-00000002\.pt: could not be written to its end \(ENOSPC\)\. What was there before is untouched\./,
    );
    expect(readdirSync(directory)).toEqual(["checkpoint-00000001.pt"]);
    expect(await next.resume({ model: plainPart(0) })).toEqual({ epoch: 1 });
  });
});

describe("options", () => {
  it("are checked when they are given", () => {
    const make = (options: object) => () => new CheckpointManager({ store: memoryStore(), ...options });
    expect(() => new CheckpointManager({})).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: CheckpointManager: give a directory or a store, and not both.]`,
    );
    expect(make({ directory: "runs" })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: CheckpointManager: give a directory or a store, and not both.]`,
    );
    expect(make({ keepLast: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: CheckpointManager: keepLast must be a whole number from 1 on, or Infinity, got 0.]`,
    );
    expect(make({ everyEpochs: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: CheckpointManager: everyEpochs must be a whole number of epochs from 1 on, got 0.5.]`,
    );
    expect(make({ everyMinutes: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: CheckpointManager: everyMinutes must be a number of minutes above 0, got 0.]`,
    );
    expect(make({ keep: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: CheckpointManager: there is no option keep. Did you mean keepLast?]`,
    );
    expect(make({ keepBest: { metric: "" } })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: CheckpointManager: keepBest.metric must be the name of a number that is saved, got "".]`,
    );
    expect(make({ keepBest: { metric: "loss", mode: "low" } })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: CheckpointManager: keepBest.mode must be "min" or "max", got "low".]`,
    );
    expect(make({ keepBest: { name: "loss" } })).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: CheckpointManager: keepBest: there is no option name. Did you mean metric?]`,
    );
  });

  it("keepBest wants a number to go by", async () => {
    const { manager } = managerOf({ keepBest: { metric: "loss" } });
    await expect(
      manager.save({ loss: { shape: [], data: Float32Array.of(1) } }),
    ).rejects.toThrowErrorMatchingInlineSnapshot(
      `[TypeError: CheckpointManager: loss, by which the best is kept, must be a number, and is none. Of a tensor, save await loss.item().]`,
    );
  });
});
