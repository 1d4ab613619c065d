import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { findPython } from "../../test/python.ts";
import { reference, toNumbers } from "../../test/safetensors-reference.ts";
import { loadSafetensors, saveSafetensors } from "../index.ts";

const python = findPython();
const folder = await mkdtemp(join(tmpdir(), "anneal-python-"));
afterAll(() => rm(folder, { recursive: true }));
const path = join(folder, "model.safetensors");

/** Prints what is in each file: numbers as text that both languages read. */
const describeFiles = `
import json, sys, torch
from safetensors import safe_open
def describe(tensor):
    numbers = tensor.view(torch.uint8) if tensor.dtype == torch.float4_e2m1fn_x2 else tensor
    if numbers.is_complex(): numbers = torch.view_as_real(numbers)
    if numbers.is_floating_point(): numbers = numbers.double()
    texts = [str(int(value)) if isinstance(value, bool) else str(value) for value in numbers.flatten().tolist()]
    return [str(tensor.dtype).removeprefix("torch."), list(tensor.shape), texts]
described = []
for path in sys.argv[1:]:
    with safe_open(path, framework="pt") as file:
        tensors = {name: describe(file.get_tensor(name)) for name in file.keys()}
        described.append({"metadata": file.metadata(), "tensors": tensors})
print(json.dumps(described))
`;

interface Described {
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly tensors: Readonly<Record<string, readonly [dtype: string, shape: number[], texts: string[]]>>;
}

const numbersOf = (texts: readonly string[], dtype: string): (number | bigint)[] =>
  texts.map((text) => (dtype.endsWith("int64") ? BigInt(text) : Number(text.replace("inf", "Infinity"))));

it.skipIf(python.missing)(
  `files are opened by the Python package, every number as it was${python.missing}`,
  async () => {
    const paths = reference.files.map((_, i) => join(folder, `${i}.safetensors`));
    for (const [i, { bytes, metadata }] of reference.files.entries()) {
      await saveSafetensors(await loadSafetensors(bytes), paths[i] as string, { metadata });
    }
    const described = (await python.run(describeFiles, ...paths)) as Described[];
    for (const [i, { tensors, metadata }] of reference.files.entries()) {
      const seen = described[i];
      expect(seen?.metadata ?? {}).toEqual(metadata);
      expect(Object.keys(seen?.tensors ?? {}).length).toBe(tensors.length);
      for (const [name, { dtype, shape, values }] of tensors) {
        const [seenDType, seenShape, texts] = seen?.tensors[name] ?? ["", [], []];
        expect([seenDType, seenShape, numbersOf(texts, dtype)], name).toEqual([dtype, shape, toNumbers(dtype, values)]);
      }
    }
  },
);

it.skipIf(python.missing)(`a model in shards is loaded as Hugging Face's libraries do${python.missing}`, async () => {
  const model = { "0.weight": { shape: [3, 2], data: [1, 2, 3, 4, 5, 6] }, "0.bias": Float32Array.of(7, 8, 9) };
  await saveSafetensors(model, path, { maxShardSize: 24 });
  const program = `
import json, os, sys, torch
from safetensors.torch import load_file
index = json.load(open(sys.argv[1] + ".index.json"))
state = {}
for file in sorted(set(index["weight_map"].values())):
    state.update(load_file(os.path.join(os.path.dirname(sys.argv[1]), file)))
assert index["metadata"]["total_size"] == sum(tensor.nbytes for tensor in state.values())
model = torch.nn.Sequential(torch.nn.Linear(2, 3))
model.load_state_dict(state)
print(json.dumps(model(torch.tensor([1.0, 10.0])).tolist()))
`;
  expect(await python.run(program, path)).toEqual([1 + 20 + 7, 3 + 40 + 8, 5 + 60 + 9]);
});

it.skipIf(python.missing)(`tied weights are found under both names${python.missing}`, async () => {
  const weight = { shape: [2, 2], data: [1, 2, 3, 4] };
  await saveSafetensors({ "0.weight": weight, "1.weight": weight }, path);
  const program = `
import json, sys, torch
from safetensors.torch import load_file
first, second = torch.nn.Linear(2, 2, bias=False), torch.nn.Linear(2, 2, bias=False)
second.weight = first.weight
model = torch.nn.Sequential(first, second)
model.load_state_dict(load_file(sys.argv[1]))
print(json.dumps(model[1].weight.tolist()))
`;
  expect(await python.run(program, path)).toEqual([
    [1, 2],
    [3, 4],
  ]);
});
