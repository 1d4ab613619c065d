import { type Device, setDefaultDevice } from "@anneal/tensor";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  build,
  type Described,
  devices,
  expectNumbers,
  expectState,
  make,
  type Numbers,
  readVectors,
  type Spec,
  type State,
  stateOf,
} from "../test/vectors.ts";
import { CrossEntropyLoss, type CrossEntropyOptions, crossEntropy, nllLoss } from "./index.ts";

interface Call {
  readonly training: boolean;
  readonly input: Described;
  readonly output: Described;
  readonly gradOutput: Numbers;
  readonly gradInput: Numbers;
  readonly gradParameters: Readonly<Record<string, Numbers>>;
  readonly stateDict: State;
}

interface LayerCase {
  readonly module: Spec;
  readonly name: string;
  readonly stateDict: State;
  readonly calls: readonly Call[];
}

interface LossCase {
  readonly op: "crossEntropy" | "nllLoss";
  readonly name: string;
  readonly inputs: readonly Described[];
  readonly args?: readonly [CrossEntropyOptions];
  readonly outputs: readonly [Described];
  readonly gradOutputs?: readonly [Numbers];
  readonly grads?: readonly (Numbers | null)[];
}

const layers = readVectors<{ cases: LayerCase[] }>("layers");
const losses = readVectors<{ cases: LossCase[] }>("losses");

// JSON has as many digits as float32 needs to be told apart.
const float32Digits = { rtol: 1e-7, atol: 0 };

/** As a function, and for cross entropy as a module too. */
const forms = {
  nllLoss: [nllLoss],
  crossEntropy: [
    crossEntropy,
    (...[input, target, options]: Parameters<typeof crossEntropy>) =>
      new CrossEntropyLoss(options).forward(input, target),
  ],
};

describe.each(devices)("PyTorch's vectors on %s", (_, makeDevice) => {
  let before: Device;
  beforeAll(() => {
    before = setDefaultDevice(makeDevice());
  });
  afterAll(() => {
    setDefaultDevice(before);
  });

  it.each(layers.cases.map((test) => [test.module[0], test.name, test] as const))("%s, %s", async (_, __, test) => {
    const module = build(test.module);
    module.loadStateDict(stateOf(test.stateDict));
    await expectState("the state dict loaded", module.stateDict(), test.stateDict, float32Digits);
    for (const [k, call] of test.calls.entries()) {
      const what = (name: string) => `call ${k}, ${name}`;
      module.train(call.training).zeroGrad();
      const input = make(call.input);
      input.requiresGrad = true;
      const output = module.forward(input);
      expect(output.shape).toEqual(call.output.shape);
      await expectNumbers(what("output"), output, call.output.data, layers);
      output.backward(make({ ...call.output, data: call.gradOutput }));
      await expectNumbers(what("gradient of the input"), input.grad, call.gradInput, layers);
      const parameters = new Map(module.namedParameters());
      expect([...parameters.keys()]).toEqual(Object.keys(call.gradParameters));
      for (const [name, want] of Object.entries(call.gradParameters)) {
        await expectNumbers(what(`gradient of ${name}`), parameters.get(name)?.grad ?? null, want, layers);
      }
      await expectState(what("state dict"), module.stateDict(), call.stateDict, layers);
    }
  });

  it.each(losses.cases.map((test) => [test.op, test.name, test] as const))("%s, %s", async (op, _, test) => {
    const tolerance = { ...losses, ...test };
    for (const form of forms[op]) {
      const leaves = test.inputs.map((input) => {
        const leaf = make(input);
        if (input.requiresGrad) leaf.requiresGrad = true;
        return leaf;
      });
      const [input, target, weight] = leaves.map((leaf, k) =>
        (test.inputs[k]?.view ?? []).reduce((x, [, dims]) => x.permute(dims), leaf),
      );
      if (!input || !target) throw new Error("a loss has an input and a target");
      const [want] = test.outputs;
      const loss = form(input, target, { ...test.args?.[0], ...(weight && { weight }) });
      expect(loss.shape).toEqual(want.shape);
      await expectNumbers("the loss", loss, want.data, tolerance);
      if (!test.gradOutputs) continue;
      loss.backward(make({ ...want, data: test.gradOutputs[0] }));
      for (const [k, leaf] of leaves.entries()) {
        const grad = test.grads?.[k];
        if (grad) await expectNumbers(`gradient of input ${k}`, leaf.grad, grad, tolerance);
      }
    }
  });
});
