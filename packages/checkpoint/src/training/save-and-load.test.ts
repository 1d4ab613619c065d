import { describe, expect, it } from "vitest";
import { plainPart } from "../../test/plain-part.ts";
import { Tuple } from "../pickle/tuple.ts";
import { encodePt } from "../pt/save-pt.ts";
import { memoryStore } from "../stores/memory-store.ts";
import type { SavedTensor } from "../tensors/saved-tensor.ts";
import { loadCheckpoint } from "./load-checkpoint.ts";
import { saveCheckpoint } from "./save-checkpoint.ts";

const at = (name = "run.pt") => ({ store: memoryStore(), name });

describe("saveCheckpoint and loadCheckpoint", () => {
  it("restore parts that are plain objects, and give back the rest", async () => {
    const place = at();
    const generator = { state: { seed: 1, offset: 5 } };
    const withState = (holder: { state: object }) => ({
      getState: () => holder.state,
      setState: (state: object) => Object.assign(holder, { state: { ...state } }),
    });
    await saveCheckpoint(place, {
      model: plainPart(1, 2),
      generator: withState(generator),
      epoch: 3,
      note: "ü",
      best: { loss: 0.25, at: [1, 2] },
      missing: undefined,
    });
    const model = plainPart(0, 0);
    const other = { state: {} };
    const rest = await loadCheckpoint(place, { model, generator: withState(other), scheduler: undefined });
    expect(rest).toEqual({ epoch: 3, note: "ü", best: { loss: 0.25, at: [1, 2] } });
    expect(model.numbers).toEqual(Float32Array.of(1, 2));
    expect(other.state).toEqual({ seed: 1, offset: 5 });
  });

  it("take any names, also those that objects have by nature", async () => {
    const place = at();
    const odd = JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3}') as object;
    await saveCheckpoint(place, { ...odd, ["__proto__"]: plainPart(5) });
    const part = plainPart(0);
    const rest = await loadCheckpoint(place, { ["__proto__"]: part });
    expect(Object.entries(rest)).toEqual([
      ["constructor", 2],
      ["toString", 3],
    ]);
    expect(Object.getPrototypeOf(rest)).toBeNull();
    expect(part.numbers).toEqual(Float32Array.of(5));
    await expect(loadCheckpoint(place, { hasOwnProperty: part })).rejects.toThrow(/hasOwnProperty is not in it/);
  });

  it("restore optimizers after schedulers, and generators last", async () => {
    const place = at();
    const order: string[] = [];
    const part = (name: string, more: object = {}) => ({
      ...more,
      stateDict: () => ({ name }),
      loadStateDict: () => void order.push(name),
    });
    const parts = {
      generator: { getState: () => ({ seed: 1 }), setState: () => void order.push("generator") },
      optimizer: part("optimizer", { paramGroups: [] }),
      model: part("model"),
      scheduler: part("scheduler"),
    };
    await saveCheckpoint(place, parts);
    await loadCheckpoint(place, parts);
    expect(order).toEqual(["model", "scheduler", "optimizer", "generator"]);
  });

  it("wait for parts that load by a promise", async () => {
    const place = at();
    let loaded = 0;
    const slow = {
      stateDict: () => ({ x: 1 }),
      async loadStateDict() {
        await new Promise((resolve) => setTimeout(resolve, 5));
        loaded++;
      },
    };
    await saveCheckpoint(place, { slow });
    await loadCheckpoint(place, { slow });
    expect(loaded).toBe(1);
  });

  it("put back what was restored where another part does not fit, and tell everything that is wrong", async () => {
    const place = at();
    await saveCheckpoint(place, { a: plainPart(1), b: plainPart(1, 2), c: 5, epoch: 1 });
    const parts = { a: plainPart(7), b: plainPart(7), c: plainPart(7), d: [plainPart(7)] };
    await expect(loadCheckpoint(place, parts)).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CheckpointError: memory/run.pt: cannot be restored; nothing has changed:
      	c is not in it: there is 5
      	d[0] is not in it
      	b does not fit: 2 numbers were saved, and there are 1.
      It has "a", "b", "c", "epoch". Ask for what it has, and build each part as it was when it was saved.]
    `);
    expect(parts.a.numbers).toEqual(Float32Array.of(7));
  });

  it("name what nothing can be restored into, before the file is opened", async () => {
    const missing = at("none.pt");
    await expect(loadCheckpoint(missing, { epoch: 0 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[TypeError: loadCheckpoint: epoch is a number, which nothing can be restored into. Give what has loadStateDict() or setState(); everything else that was saved is returned.]`,
    );
    await expect(loadCheckpoint(missing, { models: [new Map()] })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[TypeError: loadCheckpoint: models[0] is a Map, which nothing can be restored into. Give what has loadStateDict() or setState(); everything else that was saved is returned.]`,
    );
    await expect(loadCheckpoint(missing, {})).rejects.toThrowErrorMatchingInlineSnapshot(
      `[CheckpointError: memory: has no file "none.pt". It is empty.]`,
    );
  });

  it("name what has no place in a file, and leave what was there", async () => {
    const place = at();
    await saveCheckpoint(place, { epoch: 1 });
    const broken = { stateDict: () => ({ state: { hook: () => {} } }), loadStateDict: () => {} };
    await expect(saveCheckpoint(place, { broken })).rejects.toThrow(
      /^memory\/run\.pt: broken\.state\.hook is a function/,
    );
    expect(await loadCheckpoint(place)).toEqual({ epoch: 1 });
  });

  it("refuse what contains itself, and keep tuples and what stands in two places", async () => {
    const place = at();
    const round: Record<string, unknown> = { epoch: 1 };
    round.itself = round;
    await expect(saveCheckpoint(place, { round })).rejects.toThrow(/round\.itself contains itself/);
    const weights = Float32Array.of(1, 2);
    const betas = Tuple.from([Tuple.from([1, 2])]);
    await saveCheckpoint(place, { a: { weights }, b: [{ weights }], betas });
    const saved = await loadCheckpoint(place);
    const [a, b] = [saved.a as { weights: SavedTensor }, saved.b as { weights: SavedTensor }[]];
    expect(b[0]?.weights.storage).toBe(a.weights.storage);
    expect(saved.betas).toEqual(betas);
    expect((saved.betas as unknown[])[0]).toBeInstanceOf(Tuple);
  });

  it("say what a file is that is no checkpoint", async () => {
    await expect(loadCheckpoint(await encodePt([1, 2]))).rejects.toThrowErrorMatchingInlineSnapshot(
      `[CheckpointError: these bytes: holds a list, not the parts of a training by name. Read it with loadPt.]`,
    );
    await expect(loadCheckpoint(await encodePt(Float32Array.of(1)))).rejects.toThrow(/holds a SavedTensor/);
    await expect(loadCheckpoint(new Uint8Array(10))).rejects.toThrow(/these bytes/);
  });

  it("go through bytes too", async () => {
    const parts: Uint8Array[] = [];
    const sink = { write: async (bytes: Uint8Array) => void parts.push(bytes.slice()) };
    await saveCheckpoint(sink, { epoch: 4 });
    expect(await loadCheckpoint(new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer()))).toEqual({
      epoch: 4,
    });
  });
});
