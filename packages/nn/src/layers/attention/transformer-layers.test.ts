import { cat, type DType, manualSeed, ones, randn, type Tensor, tensor, zeros } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { spread, testModule } from "../../../test/module-suite.ts";
import { Module } from "../../module/module.ts";
import { Parameter } from "../../module/parameter.ts";
import { ReLU } from "../activations/relu.ts";
import { Tanh } from "../activations/tanh.ts";
import { TransformerDecoderLayer } from "./transformer-decoder-layer.ts";
import { TransformerEncoderLayer } from "./transformer-encoder-layer.ts";

const tanh = (x: Tensor): Tensor => x.tanh();

testModule("TransformerEncoderLayer", {
  make: () => new TransformerEncoderLayer(4, 2, { dimFeedforward: 3, dropout: 0, activation: "gelu" }),
  shape: [3, 2, 4],
  shown: `TransformerEncoderLayer(4, 2, { dimFeedforward: 3, dropout: 0, activation: "gelu" }
  (self_attn): MultiheadAttention(4, 2
    (out_proj): Linear(4, 4, { bias: true })
  )
  (linear1): Linear(4, 3, { bias: true })
  (dropout): Dropout(0)
  (linear2): Linear(3, 4, { bias: true })
  (norm1): LayerNorm(4)
  (norm2): LayerNorm(4)
  (dropout1): Dropout(0)
  (dropout2): Dropout(0)
)`,
});

testModule("TransformerEncoderLayer with options", {
  make: () =>
    new TransformerEncoderLayer(4, 2, {
      dimFeedforward: 3,
      activation: tanh,
      layerNormEps: 0.01,
      batchFirst: true,
      normFirst: true,
      bias: false,
    }),
  inputs: (dtype: DType) => [spread([2, 3, 4], dtype), { isCausal: true }],
  random: true,
  shown: `TransformerEncoderLayer(4, 2, { dimFeedforward: 3, activation: tanh, layerNormEps: 0.01, batchFirst: true, normFirst: true, bias: false }
  (self_attn): MultiheadAttention(4, 2, { dropout: 0.1, bias: false, batchFirst: true }
    (out_proj): Linear(4, 4, { bias: false })
  )
  (linear1): Linear(4, 3, { bias: false })
  (dropout): Dropout(0.1)
  (linear2): Linear(3, 4, { bias: false })
  (norm1): LayerNorm(4, { eps: 0.01, bias: false })
  (norm2): LayerNorm(4, { eps: 0.01, bias: false })
  (dropout1): Dropout(0.1)
  (dropout2): Dropout(0.1)
)`,
});

testModule("TransformerDecoderLayer", {
  make: () => new TransformerDecoderLayer(4, 2, { dimFeedforward: 3, activation: new Tanh() }),
  inputs: (dtype: DType) => [spread([3, 2, 4], dtype), spread([2, 2, 4], dtype), { tgtIsCausal: true }],
  random: true,
  shown: `TransformerDecoderLayer(4, 2, { dimFeedforward: 3 }
  (self_attn): MultiheadAttention(4, 2, { dropout: 0.1 }
    (out_proj): Linear(4, 4, { bias: true })
  )
  (multihead_attn): MultiheadAttention(4, 2, { dropout: 0.1 }
    (out_proj): Linear(4, 4, { bias: true })
  )
  (linear1): Linear(4, 3, { bias: true })
  (dropout): Dropout(0.1)
  (linear2): Linear(3, 4, { bias: true })
  (norm1): LayerNorm(4)
  (norm2): LayerNorm(4)
  (norm3): LayerNorm(4)
  (dropout1): Dropout(0.1)
  (dropout2): Dropout(0.1)
  (dropout3): Dropout(0.1)
  (activation): Tanh()
)`,
});

/** A factor for what is above 0, and another for what is below. */
class Slopes extends Module {
  slope = new Parameter(ones([1]));
  forward(x: Tensor): Tensor {
    return x.relu().sub(x.neg().relu().mul(this.slope));
  }
}

describe("The layers of transformers", () => {
  it("have PyTorch's keys in PyTorch's order", () => {
    const keys = (module: Module) => [...new Set([...module.stateDict().keys()].map((key) => key.split(".")[0]))];
    expect(keys(new TransformerEncoderLayer(4, 2))).toEqual(["self_attn", "linear1", "linear2", "norm1", "norm2"]);
    expect(keys(new TransformerDecoderLayer(4, 2))).toEqual([
      "self_attn",
      "multihead_attn",
      "linear1",
      "linear2",
      "norm1",
      "norm2",
      "norm3",
    ]);
  });

  it("drop everything that their blocks add with a probability of 1", () => {
    manualSeed(0);
    const options = { dropout: 1, dimFeedforward: 3 };
    const [src, memory] = [randn([3, 2, 4]), randn([2, 2, 4])];
    expect(new TransformerEncoderLayer(4, 2, { ...options, normFirst: true }).forward(src).arraySync()).toEqual(
      src.arraySync(),
    );
    expect(new TransformerDecoderLayer(4, 2, { ...options, normFirst: true }).forward(src, memory).arraySync()).toEqual(
      src.arraySync(),
    );
    const encoder = new TransformerEncoderLayer(4, 2, options);
    expect(encoder.forward(src).arraySync()).toEqual(encoder.norm2.forward(encoder.norm1.forward(src)).arraySync());
    const decoder = new TransformerDecoderLayer(4, 2, options);
    const normalized = [decoder.norm1, decoder.norm2, decoder.norm3].reduce((x, norm) => norm.forward(x), src);
    expect(decoder.forward(src, memory).arraySync()).toEqual(normalized.arraySync());
  });

  it("take their activation by name, as a function or as a module, whose parameters are theirs then", () => {
    manualSeed(1);
    const src = randn([3, 4]);
    const options = { dimFeedforward: 5, dropout: 0 };
    const layer = new TransformerEncoderLayer(4, 2, options);
    const wanted = layer.forward(src).arraySync();
    for (const activation of [(x: Tensor) => x.relu(), new ReLU()]) {
      const other = new TransformerEncoderLayer(4, 2, { ...options, activation });
      other.loadStateDict(layer.stateDict());
      expect(other.forward(src).arraySync()).toEqual(wanted);
    }
    const learned = new TransformerDecoderLayer(4, 2, { ...options, activation: new Slopes() });
    expect([...learned.stateDict().keys()].at(-1)).toBe("activation.slope");
  });

  it("are blind to the future where they are causal, and to padding", () => {
    manualSeed(2);
    const options = { batchFirst: true, dimFeedforward: 3, dropout: 0 };
    const encoder = new TransformerEncoderLayer(4, 2, options);
    const decoder = new TransformerDecoderLayer(4, 2, options);
    const [x, memory] = [randn([1, 4, 4]), randn([1, 3, 4])];
    const other = cat([x.narrow(1, 0, 2), randn([1, 2, 4])], 1);
    const otherMemory = cat([memory.narrow(1, 0, 1), randn([1, 2, 4])], 1);
    const padding = tensor([[false, false, true, true]]);
    const memoryKeyPaddingMask = tensor([[false, true, true]]);
    const first = (y: Tensor) => y.narrow(1, 0, 2).arraySync();
    for (const masks of [{ isCausal: true }, { srcKeyPaddingMask: padding }]) {
      expect(first(encoder.forward(other, masks))).toEqual(first(encoder.forward(x, masks)));
    }
    for (const masks of [{ tgtIsCausal: true }, { tgtKeyPaddingMask: padding }]) {
      const all = { ...masks, memoryKeyPaddingMask };
      expect(first(decoder.forward(other, otherMemory, all))).toEqual(first(decoder.forward(x, memory, all)));
    }
    expect(first(decoder.forward(other, memory))).not.toEqual(first(decoder.forward(x, memory)));
  });

  it("say what is wrong with their options", () => {
    expect(() => new TransformerEncoderLayer(0, 2)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: TransformerEncoderLayer: dModel is 0. Give an integer from 1 on.]`,
    );
    expect(() => new TransformerEncoderLayer(4, 0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: TransformerEncoderLayer: nhead is 0. Give an integer from 1 on.]`,
    );
    expect(() => new TransformerDecoderLayer(10, 4)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: TransformerDecoderLayer: nhead 4 does not divide dModel 10. It must divide it.]`,
    );
    expect(() => new TransformerEncoderLayer(4, 2, { dimFeedforward: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: TransformerEncoderLayer: dimFeedforward is 0.5. Give an integer from 1 on.]`,
    );
    expect(() => new TransformerEncoderLayer(4, 2, { dropout: -0.1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: TransformerEncoderLayer: dropout is -0.1. Give a number from 0 to 1.]`,
    );
    expect(() => new TransformerDecoderLayer(4, 2, { layerNormEps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: TransformerDecoderLayer: layerNormEps is -1. Give a number from 0 on.]`,
    );
    expect(() => new TransformerDecoderLayer(4, 2, { activation: "tanh" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: TransformerDecoderLayer: activation is "tanh". Give "relu", "gelu", a function or a module.]`,
    );
  });

  it("say what is wrong with their inputs", () => {
    const encoder = new TransformerEncoderLayer(4, 2, { dimFeedforward: 3 });
    const decoder = new TransformerDecoderLayer(4, 2, { dimFeedforward: 3 });
    expect(() => encoder.forward(zeros([3, 2, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: TransformerEncoderLayer: src [3, 2, 5] does not fit. Give [length, N, 4], or without a batch [length, 4]; with batchFirst N comes first.]`,
    );
    expect(() => decoder.forward(zeros([3, 2, 4]), zeros([3, 1, 4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: TransformerDecoderLayer: tgt [3, 2, 4] and memory [3, 1, 4] do not fit. Give [length, N, 4], or without a batch [length, 4]; with batchFirst N comes first.]`,
    );
    expect(() => encoder.forward(zeros([3, 2, 4]), { srcMask: zeros([2, 2]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: MultiheadAttention: attnMask has the shape [2, 2]. For these inputs it is [3, 3] or [4, 3, 3].]`,
    );
  });
});
