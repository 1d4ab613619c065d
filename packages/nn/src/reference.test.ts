import { type Device, grad, setDefaultDevice, type Tensor } from "@anneal/tensor";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tensorsOf } from "../test/any-module.ts";
import {
  build,
  type Call,
  expectNumbers,
  expectState,
  expectTensors,
  families,
  makeInput,
  makeTensor,
  precisions,
  stateOf,
} from "../test/vectors.ts";
import * as nn from "./index.ts";

describe.each(precisions)("PyTorch's vectors in $name", ({ device, dtype, toleranceOf, without = {} }) => {
  let before: Device;
  beforeAll(() => {
    before = setDefaultDevice(device());
  });
  afterAll(() => {
    setDefaultDevice(before);
  });

  for (const family of families) {
    const tolerance = toleranceOf(family);
    // JSON has as many digits as the dtype needs to be told apart, or nearly.
    const stored = { rtol: dtype === "float32" ? 1e-7 : 1e-12, atol: 0 };

    const cases = family.cases.filter(({ module, name }) => !(`${module[0]}, ${name}` in without));

    it.each(cases.map((test) => [test.module[0], test.name, test] as const))("%s, %s", async (_, __, test) => {
      const module = build(test.module, dtype);
      module.loadStateDict(stateOf(test.stateDict));
      await expectState("the state dict loaded", module.stateDict(), test.stateDict, stored);
      for (const [k, call] of test.calls.entries()) {
        const what = (name: string) => `call ${k}, ${name}`;
        const leaves: Tensor[] = [];
        const inputs = call.inputs.map((each) => makeInput(each, dtype, leaves));
        const named = Object.entries(call.named ?? {}).map(([key, each]) => [key, makeInput(each, dtype, leaves)]);
        if (named.length > 0) inputs.push(Object.fromEntries(named));
        module.train(call.training).zeroGrad();
        const result = module.forward(...inputs);
        const outputs = await expectTensors(what("output"), result, call.outputs, tolerance);
        if (call.gradOutputs) await expectGradients(call, outputs, leaves, what);
        for (const [name, { data }] of Object.entries(call.buffers ?? {})) {
          await expectNumbers(what(name), module.stateDict().get(name), data, tolerance);
        }
      }

      async function expectGradients(
        { gradOutputs = [], gradInputs = [], gradParameters = {}, outputs: described }: Call,
        outputs: Tensor[],
        leaves: Tensor[],
        what: (name: string) => string,
      ): Promise<void> {
        const parameters = new Map(module.namedParameters());
        expect([...parameters.keys()]).toEqual(Object.keys(gradParameters));
        const wanted = [...leaves, ...parameters.values()];
        const asked = outputs.flatMap((output, i) => {
          const cotangent = described[i] && { ...described[i], data: gradOutputs[i] ?? [] };
          return cotangent && output.requiresGrad ? [{ output, cotangent: makeTensor(cotangent, dtype) }] : [];
        });
        const able = wanted.filter(({ requiresGrad }) => requiresGrad);
        const found = grad(
          asked.map(({ output }) => output),
          able,
          { gradOutputs: asked.map(({ cotangent }) => cotangent), allowUnused: true },
        );
        const gradients = new Map(able.map((each, i) => [each, found[i] ?? null]));
        const names = [...leaves.map((_, i) => `input ${i}`), ...parameters.keys()];
        const numbers = [...gradInputs, ...Object.values(gradParameters)];
        expect(numbers.length, "gradients").toBe(wanted.length);
        for (const [i, each] of wanted.entries()) {
          const want = numbers[i];
          if (want) await expectNumbers(what(`gradient of ${names[i]}`), gradients.get(each), want, tolerance);
        }
      }
    });
  }
});

describe("The vectors", () => {
  const specs = families.flatMap(({ cases }) => cases.flatMap(({ module }) => namesIn(module)));
  const tested = new Set(specs);

  it("have a case for every module", () => {
    const modules = Object.entries(nn).filter(
      ([, value]) => typeof value === "function" && value.prototype instanceof nn.Module,
    );
    const missing = modules.map(([name]) => name).filter((name) => !tested.has(name) && !(name in elsewhere));
    expect(missing).toEqual([]);
  });

  it("have a case for every function, or for the module that is made of it", () => {
    // crossEntropy and CrossEntropyLoss, gelu and GELU.
    const plain = (name: string) => name.toLowerCase().replace(/loss$/, "");
    const covered = new Set([...tested].map(plain));
    const missing = Object.keys(nn.functional).filter((name) => !covered.has(plain(name)) && !(name in elsewhere));
    expect(missing).toEqual([]);
  });

  it("find tensors in whatever a module returns", () => {
    const x = nn.functional.relu(makeTensor({ dtype: "float32", shape: [1], data: [1] }, "float32"));
    expect(tensorsOf([x, [null, { x }]])).toEqual([x, x]);
  });
});

/** Modules and functions without a case of their own name: where their numbers are tested. */
const elsewhere: Readonly<Record<string, string>> = {
  ModuleDict: "layers/containers/containers.test.ts",
  ModuleList: "layers/containers/containers.test.ts",
  ParameterDict: "layers/containers/containers.test.ts",
  ParameterList: "layers/containers/containers.test.ts",
};

const namesIn = ([name, ...args]: readonly unknown[]): string[] => [
  name as string,
  ...args.flatMap((each) => (Array.isArray(each) && typeof each[0] === "string" ? namesIn(each) : [])),
];
