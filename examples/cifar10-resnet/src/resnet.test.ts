import { evaluate } from "@anneal/nn";
import { randn } from "@anneal/tensor";
import { expect, it } from "vitest";
import { ResNet } from "./resnet.ts";

it("has 195,738 parameters, as PyTorch's of the same layers", () => {
  const model = new ResNet();
  expect([...model.parameters()].reduce((sum, { numel }) => sum + numel, 0)).toBe(195738);
  expect(model.forward(randn([2, 3, 32, 32])).shape).toEqual([2, 10]);
  expect(evaluate(new ResNet(100), () => new ResNet(100).forward(randn([1, 3, 32, 32])).shape)).toEqual([1, 100]);
});

it("has the state dict of the same modules in PyTorch", () => {
  const norm = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"];
  const block = (name: string, downsamples: boolean): string[] => [
    `${name}.conv1.weight`,
    ...norm.map((key) => `${name}.bn1.${key}`),
    `${name}.conv2.weight`,
    ...norm.map((key) => `${name}.bn2.${key}`),
    ...(downsamples ? [`${name}.downsample.0.weight`, ...norm.map((key) => `${name}.downsample.1.${key}`)] : []),
  ];
  expect([...new ResNet().stateDict().keys()]).toEqual([
    "conv.weight",
    ...norm.map((key) => `bn.${key}`),
    ...[1, 2, 3].flatMap((stage) => [...block(`layer${stage}.0`, stage > 1), ...block(`layer${stage}.1`, false)]),
    "fc.weight",
    "fc.bias",
  ]);
});
