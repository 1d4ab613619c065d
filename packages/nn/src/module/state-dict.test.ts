import { noGrad, ones, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { BatchNorm1d, Linear, Sequential } from "../index.ts";

const make = () => new Sequential(new Linear(2, 2), new BatchNorm1d(2));
const numbersOf = (model: Sequential) => [...model.stateDict()].map(([name, value]) => [name, value.arraySync()]);

describe("stateDict", () => {
  it("holds the module's own tensors, without a graph", () => {
    const model = make();
    const weight = model.stateDict().get("0.weight");
    expect(weight?.requiresGrad).toBe(false);
    noGrad(() => (model.at(0) as Linear).weight.fill_(3));
    expect(weight?.arraySync()).toEqual([
      [3, 3],
      [3, 3],
    ]);
  });
});

describe("loadStateDict", () => {
  it("copies numbers into the tensors that are there: a map, an object, numbers of another program", () => {
    const source = make();
    const state = source.stateDict();
    const plain = Object.fromEntries(
      [...state].map(([name, value]) => [name, { shape: value.shape, data: value.dataSync() }]),
    );
    for (const given of [state, Object.fromEntries(state), plain, JSON.parse(JSON.stringify(plain, lists))]) {
      const model = make();
      const before = [...model.parameters()];
      expect(model.loadStateDict(given)).toEqual({ missingKeys: [], unexpectedKeys: [] });
      expect(numbersOf(model)).toEqual(numbersOf(source));
      expect([...model.parameters()].every((parameter, i) => parameter === before[i])).toBe(true);
    }
  });

  it("shares no memory with what it was given", () => {
    const [source, model] = [make(), make()];
    model.loadStateDict(source.stateDict());
    const before = numbersOf(model);
    noGrad(() => (source.at(0) as Linear).weight.fill_(9));
    expect(numbersOf(model)).toEqual(before);
  });

  it("casts to the dtype of the module, 64-bit integers of PyTorch too", () => {
    const model = make();
    const result = model.loadStateDict(
      {
        "0.bias": tensor([1, 2], { dtype: "float64" }),
        "1.num_batches_tracked": { shape: [], data: BigInt64Array.of(7n) },
      },
      { strict: false },
    );
    expect(model.stateDict().get("0.bias")?.dtype).toBe("float32");
    expect(model.stateDict().get("0.bias")?.arraySync()).toEqual([1, 2]);
    expect(model.stateDict().get("1.num_batches_tracked")?.itemSync()).toBe(7);
    expect(result.missingKeys).toContain("0.weight");
  });

  it("lists every name that is missing or unexpected, and every shape and value that does not fit", () => {
    const model = make();
    expect(() =>
      model.loadStateDict({
        "0.weight": ones([2, 2]),
        "0.bias": ones([3]),
        "1.weight": { shape: [2], data: [1, 2, 3] },
        "1.bias": 5 as never,
        "1.running_var": null as never,
        "2.weight": ones([1]),
        extra: ones([1]),
      }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [Error: Error(s) in loading state_dict for Sequential:
      	Missing key(s) in state_dict: "1.running_mean".
      	Unexpected key(s) in state_dict: "2.weight", "extra".
      	size mismatch for 0.bias: copying a param with shape [3] from checkpoint, the shape in current model is [2].
      	1.weight: 3 numbers for the shape [2], which has 2.
      	1.bias: expected a tensor, or { shape, data }, and received 5.
      	1.running_var: expected a tensor, or { shape, data }, and received null.
      	Nothing was loaded. Build the model as it was saved, or pass { strict: false } to take the names that both have.]
    `);
  });

  it("loads nothing where something does not fit", () => {
    const model = make();
    const before = numbersOf(model);
    const good = make().stateDict();
    const bad: [string, object][] = [
      ["a shape", { ...Object.fromEntries(good), "1.running_var": ones([5]) }],
      ["a missing name", Object.fromEntries([...good].slice(1))],
      ["an unexpected name", { ...Object.fromEntries(good), extra: ones([1]) }],
      ["no tensor", { ...Object.fromEntries(good), "1.bias": "numbers" }],
    ];
    for (const [what, state] of bad) {
      expect(() => model.loadStateDict(state as never), what).toThrow("loading state_dict for Sequential");
      expect(numbersOf(model), what).toEqual(before);
    }
    const freed = ones([2]);
    freed.dispose();
    expect(() =>
      model.loadStateDict({ ...Object.fromEntries(good), "1.weight": freed }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [Error: Error(s) in loading state_dict for Sequential:
      	1.weight: this tensor was freed.
      	Nothing was loaded. Build the model as it was saved.]
    `);
    expect(numbersOf(model)).toEqual(before);
  });

  it("takes what fits where it is not strict, and says what did not", () => {
    const model = make();
    const result = model.loadStateDict({ "0.bias": ones([2]), other: ones([1]) }, { strict: false });
    expect(result.unexpectedKeys).toEqual(["other"]);
    expect(result.missingKeys).toEqual(
      [...model.stateDict().keys()].filter((name) => name !== "0.bias" && name !== "1.num_batches_tracked"),
    );
    expect(model.stateDict().get("0.bias")?.arraySync()).toEqual([1, 1]);
    // As in PyTorch a shape that does not fit is an error all the same.
    expect(() => model.loadStateDict({ "0.bias": ones([3]) }, { strict: false })).toThrowErrorMatchingInlineSnapshot(`
      [Error: Error(s) in loading state_dict for Sequential:
      	size mismatch for 0.bias: copying a param with shape [3] from checkpoint, the shape in current model is [2].
      	Nothing was loaded. Build the model as it was saved.]
    `);
  });

  it("does without the count of batches, which state dicts of before PyTorch 0.4.1 lack", () => {
    const [model, other] = [make(), make()];
    const state = Object.fromEntries(other.stateDict());
    delete state["1.num_batches_tracked"];
    expect(model.loadStateDict(state)).toEqual({ missingKeys: [], unexpectedKeys: [] });
    expect(model.stateDict().get("1.num_batches_tracked")?.itemSync()).toBe(0);
  });

  it("takes the tensors themselves with assign: their dtype, their memory, new parameters", () => {
    const model = make();
    const before = [...model.parameters()];
    const given = ones([2], { dtype: "float64" });
    const mean = { shape: [2], data: Float64Array.of(3, 4) };
    const result = model.loadStateDict({ "0.bias": given, "1.running_mean": mean }, { strict: false, assign: true });
    expect(result.unexpectedKeys).toEqual([]);
    const after = new Map(model.namedParameters());
    expect(after.get("0.bias")).not.toBe(before[1]);
    expect(after.get("0.weight")).toBe(before[0]);
    expect([after.get("0.bias")?.dtype, after.get("0.bias")?.requiresGrad]).toEqual(["float64", true]);
    given.fill_(5);
    expect(after.get("0.bias")?.arraySync()).toEqual([5, 5]);
    const loaded = model.stateDict().get("1.running_mean");
    expect([loaded?.dtype, loaded?.arraySync()]).toEqual(["float64", [3, 4]]);
    expect(() =>
      model.loadStateDict({ "0.bias": tensor([1, 2], { dtype: "int32" }) }, { strict: false, assign: true }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [Error: Error(s) in loading state_dict for Sequential:
      	0.bias: a tensor of int32 cannot take the place of one of float64.
      	Nothing was loaded. Build the model as it was saved.]
    `);
  });

  it("says what it takes where it is given something else", () => {
    expect(() => make().loadStateDict(null as never)).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: loadStateDict: the state dict for Sequential is null. Give a Map or an object of tensors by name.]`,
    );
  });
});

/** Typed arrays as JSON has them. */
const lists = (_: string, value: unknown): unknown =>
  ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value;
