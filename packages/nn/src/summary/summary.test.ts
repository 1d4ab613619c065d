import { memory, ones, type Tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { BatchNorm2d, Conv2d, Dropout, Flatten, Linear, Module, ReLU, Sequential } from "../index.ts";
import { summary } from "./summary.ts";

class Net extends Module {
  features = new Sequential(new Conv2d(3, 8, 3, { padding: 1, bias: false }), new BatchNorm2d(8), new ReLU());
  flatten = new Flatten();
  dropout = new Dropout();
  decide = new Linear(8 * 4 * 4, 10);
  unused = new Linear(2, 2);
  forward(x: Tensor): Tensor {
    return this.decide.forward(this.dropout.forward(this.flatten.forward(this.features.forward(x))));
  }
}

describe("summary", () => {
  it("is a table of layers, shapes, parameters and multiplications", () => {
    const net = new Net();
    net.unused.requiresGrad_(false);
    // Convolution: 3 * 9 for each of 2 * 8 * 16 results; linear layer: 2 * 128 * 10.
    expect(String(summary(net, [2, 3, 4, 4]))).toMatchInlineSnapshot(`
      "Layer                   Output shape  Parameters   MACs
      ───────────────────────────────────────────────────────
      Net                     [2, 10]                -      -
        features: Sequential  [2, 8, 4, 4]           -      -
          0: Conv2d           [2, 8, 4, 4]         216  6,912
          1: BatchNorm2d      [2, 8, 4, 4]          16      -
          2: ReLU             [2, 8, 4, 4]           -      -
        flatten: Flatten      [2, 128]               -      -
        dropout: Dropout      [2, 128]               -      -
        decide: Linear        [2, 10]            1,290  2,560
        unused: Linear        not called             6      -
      ───────────────────────────────────────────────────────
      Parameters: 1,528, 6 of them frozen
      Multiply-accumulate operations: 9,472"
    `);
  });

  it("leaves the model as it was", () => {
    const net = new Net();
    net.dropout.eval();
    const state = [...net.stateDict()].map(([name, each]) => [name, each.arraySync()]);
    const { tensors, bytes } = memory();
    summary(net, [2, 3, 4, 4]);
    expect({ tensors: memory().tensors, bytes: memory().bytes }).toEqual({ tensors, bytes });
    expect([...net.stateDict()].map(([name, each]) => [name, each.arraySync()])).toEqual(state);
    expect([net.training, net.dropout.training]).toEqual([true, false]);
    expect([...net.modules()].some((module) => Object.hasOwn(module, "forward"))).toBe(false);
  });

  it("counts what is shared once, and every call of what is called twice", () => {
    const layer = new Linear(4, 4);
    const { rows, parameters, macs } = summary(new Sequential(layer, layer), [3, 4]);
    expect(parameters).toBe(20);
    expect(macs).toBe(2 * 3 * 16);
    expect(rows.map(({ path, calls }) => [path, calls])).toEqual([
      ["", 1],
      ["0", 2],
    ]);
  });

  it("takes several inputs, as shapes or as tensors", () => {
    class Pick extends Module {
      weight = new Linear(4, 2);
      forward(x: Tensor, at: Tensor): [Tensor, { at: Tensor }] {
        return [this.weight.forward(x).indexSelect(0, at), { at }];
      }
    }
    const { rows } = summary(new Pick(), [[5, 4], ones([3]).to("int32")]);
    expect(rows[0]?.outputShapes).toEqual([[3, 2], [3]]);
  });

  it("says what the model does not take", () => {
    const net = new Net();
    expect(() => summary(net, [3, 4])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: summary: Net does not take inputs of [3, 4]: conv2d: x has the shape [3, 4]. It takes [N, C, H, W] or [C, H, W].. Give the shape with its batch dimension, or tensors where the inputs are no floats.]`,
    );
    expect([...net.modules()].some((module) => Object.hasOwn(module, "forward"))).toBe(false);
  });
});
