import { type DType, manualSeed, randn, type Tensor, zeros } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { spread, testModule } from "../../../test/module-suite.ts";
import { Module } from "../../module/module.ts";
import { Linear } from "../linear/linear.ts";
import { LayerNorm } from "../normalization/layer-norm.ts";
import { Transformer } from "./transformer.ts";
import { TransformerDecoder } from "./transformer-decoder.ts";
import { TransformerDecoderLayer } from "./transformer-decoder-layer.ts";
import { TransformerEncoder } from "./transformer-encoder.ts";
import { TransformerEncoderLayer } from "./transformer-encoder-layer.ts";

const options = { dimFeedforward: 2, dropout: 0, activation: "gelu" } as const;
const makeEncoderLayer = () => new TransformerEncoderLayer(2, 1, options);
const makeDecoderLayer = () => new TransformerDecoderLayer(2, 1, options);

testModule("TransformerEncoder", {
  make: () => new TransformerEncoder(makeEncoderLayer, 2, { norm: new LayerNorm(2) }),
  inputs: (dtype: DType) => [spread([3, 2, 2], dtype), { isCausal: true }],
  shown: `TransformerEncoder(
  (layers): ModuleList(
    (0-1): 2 x TransformerEncoderLayer(2, 1, { dimFeedforward: 2, dropout: 0, activation: "gelu" }
      (self_attn): MultiheadAttention(2, 1
        (out_proj): Linear(2, 2, { bias: true })
      )
      (linear1): Linear(2, 2, { bias: true })
      (dropout): Dropout(0)
      (linear2): Linear(2, 2, { bias: true })
      (norm1): LayerNorm(2)
      (norm2): LayerNorm(2)
      (dropout1): Dropout(0)
      (dropout2): Dropout(0)
    )
  )
  (norm): LayerNorm(2)
)`,
});

testModule("TransformerDecoder", {
  make: () => new TransformerDecoder(makeDecoderLayer, 2),
  inputs: (dtype: DType) => [spread([3, 2, 2], dtype), spread([2, 2, 2], dtype), { tgtIsCausal: true }],
  shown: `TransformerDecoder(
  (layers): ModuleList(
    (0-1): 2 x TransformerDecoderLayer(2, 1, { dimFeedforward: 2, dropout: 0, activation: "gelu" }
      (self_attn): MultiheadAttention(2, 1
        (out_proj): Linear(2, 2, { bias: true })
      )
      (multihead_attn): MultiheadAttention(2, 1
        (out_proj): Linear(2, 2, { bias: true })
      )
      (linear1): Linear(2, 2, { bias: true })
      (dropout): Dropout(0)
      (linear2): Linear(2, 2, { bias: true })
      (norm1): LayerNorm(2)
      (norm2): LayerNorm(2)
      (norm3): LayerNorm(2)
      (dropout1): Dropout(0)
      (dropout2): Dropout(0)
      (dropout3): Dropout(0)
    )
  )
)`,
});

testModule("Transformer", {
  make: () => new Transformer(2, 1, { ...options, numEncoderLayers: 1, numDecoderLayers: 1 }),
  inputs: (dtype: DType) => [spread([2, 2, 2], dtype), spread([3, 2, 2], dtype), { tgtIsCausal: true }],
  shown: `Transformer(
  (encoder): TransformerEncoder(
    (layers): ModuleList(
      (0): TransformerEncoderLayer(2, 1, { dimFeedforward: 2, dropout: 0, activation: "gelu" }
        (self_attn): MultiheadAttention(2, 1
          (out_proj): Linear(2, 2, { bias: true })
        )
        (linear1): Linear(2, 2, { bias: true })
        (dropout): Dropout(0)
        (linear2): Linear(2, 2, { bias: true })
        (norm1): LayerNorm(2)
        (norm2): LayerNorm(2)
        (dropout1): Dropout(0)
        (dropout2): Dropout(0)
      )
    )
    (norm): LayerNorm(2)
  )
  (decoder): TransformerDecoder(
    (layers): ModuleList(
      (0): TransformerDecoderLayer(2, 1, { dimFeedforward: 2, dropout: 0, activation: "gelu" }
        (self_attn): MultiheadAttention(2, 1
          (out_proj): Linear(2, 2, { bias: true })
        )
        (multihead_attn): MultiheadAttention(2, 1
          (out_proj): Linear(2, 2, { bias: true })
        )
        (linear1): Linear(2, 2, { bias: true })
        (dropout): Dropout(0)
        (linear2): Linear(2, 2, { bias: true })
        (norm1): LayerNorm(2)
        (norm2): LayerNorm(2)
        (norm3): LayerNorm(2)
        (dropout1): Dropout(0)
        (dropout2): Dropout(0)
        (dropout3): Dropout(0)
      )
    )
    (norm): LayerNorm(2)
  )
)`,
});

/** An encoder of one's own. */
class Projection extends Module {
  linear = new Linear(4, 4);
  forward(src: Tensor): Tensor {
    return this.linear.forward(src);
  }
}

describe("Transformers", () => {
  it("make each layer anew, with initial values of its own", () => {
    const { layers } = new TransformerEncoder(makeEncoderLayer, 3);
    const weights = [...layers].map((layer) => [...layer.parameters()][0]?.arraySync());
    expect(new Set(weights.map((each) => JSON.stringify(each))).size).toBe(3);
  });

  it("start with all their matrices uniform by Xavier's rule, also those of an encoder that is given", () => {
    manualSeed(0);
    const model = new Transformer(4, 2, { dimFeedforward: 60, customEncoder: new Projection(), numDecoderLayers: 2 });
    expect([...model.encoder.stateDict().keys()]).toEqual(["linear.weight", "linear.bias"]);
    for (const [name, parameter] of model.namedParameters()) {
      if (parameter.ndim < 2) continue;
      const [out, inputs] = parameter.shape as [number, number];
      const largest = Math.max(...Array.from(parameter.dataSync(), Number).map(Math.abs));
      const bound = Math.sqrt(6 / (out + inputs));
      // Of n ≥ 16 numbers in ±bound the largest is below 0.6 bound once in 0.6^-16 = 3500 times.
      expect(largest, name).toBeLessThanOrEqual(bound);
      expect(largest, name).toBeGreaterThan(0.6 * bound);
    }
  });

  it("hand the masks to every layer", () => {
    manualSeed(1);
    const model = new Transformer(4, 2, {
      dimFeedforward: 3,
      numEncoderLayers: 2,
      numDecoderLayers: 2,
      batchFirst: true,
    });
    model.eval();
    const [src, tgt] = [randn([1, 4, 4]), randn([1, 3, 4])];
    const changed = (x: Tensor, from: number) => {
      const other = x.clone();
      other.narrow(1, from, (x.shape[1] as number) - from).mul_(-3);
      return other;
    };
    const padding = zeros([1, 4]).to("bool").clone();
    padding.narrow(1, 2, 2).fill_(1);
    const masks = { srcKeyPaddingMask: padding, memoryKeyPaddingMask: padding, tgtIsCausal: true };
    const one = model.forward(src, tgt, masks).narrow(1, 0, 2).arraySync();
    expect(model.forward(changed(src, 2), changed(tgt, 2), masks).narrow(1, 0, 2).arraySync()).toEqual(one);
    expect(model.forward(changed(src, 1), tgt, masks).narrow(1, 0, 2).arraySync()).not.toEqual(one);
  });

  it("make masks of -∞ above the diagonal", () => {
    expect(Transformer.generateSquareSubsequentMask(3).arraySync()).toEqual([
      [0, -Infinity, -Infinity],
      [0, 0, -Infinity],
      [0, 0, 0],
    ]);
    expect(Transformer.generateSquareSubsequentMask(2, { dtype: "float64" }).dtype).toBe("float64");
  });

  it("have PyTorch's default sizes", () => {
    const shapesOf = (model: Module) => new Map([...model.stateDict()].map(([name, { shape }]) => [name, shape]));
    const deep = shapesOf(new Transformer(8, 2));
    expect(deep.get("encoder.layers.5.linear1.weight")).toEqual([2048, 8]);
    expect(deep.has("decoder.layers.5.linear1.weight")).toBe(true);
    expect([...deep.keys()].some((name) => name.includes("layers.6"))).toBe(false);
    const wide = shapesOf(
      new Transformer(undefined, undefined, { ...options, numEncoderLayers: 1, numDecoderLayers: 1 }),
    );
    expect(wide.get("encoder.layers.0.self_attn.in_proj_weight")).toEqual([1536, 512]);
  });

  it("say what is wrong with their options", () => {
    expect(() => new TransformerEncoder(makeEncoderLayer, 0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: TransformerEncoder: numLayers is 0. Give an integer from 1 on.]`,
    );
    expect(() => new TransformerDecoder(makeDecoderLayer, 1.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: TransformerDecoder: numLayers is 1.5. Give an integer from 1 on.]`,
    );
    expect(() => new Transformer(512, 7)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Transformer: nhead 7 does not divide dModel 512. It must divide it.]`,
    );
    expect(() => new Transformer(-1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Transformer: dModel is -1. Give an integer from 1 on.]`,
    );
  });

  it("say what is wrong with their inputs", () => {
    const model = new Transformer(4, 2, { dimFeedforward: 3, numEncoderLayers: 1, numDecoderLayers: 1 });
    expect(() => model.forward(zeros([5, 2, 4]), zeros([3, 1, 4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: Transformer: src [5, 2, 4] and tgt [3, 1, 4] do not fit. Give [length, N, 4], or without a batch [length, 4]; with batchFirst N comes first.]`,
    );
    expect(() => model.forward(zeros([5, 4]), zeros([3, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: Transformer: src [5, 4] and tgt [3, 5] do not fit. Give [length, N, 4], or without a batch [length, 4]; with batchFirst N comes first.]`,
    );
  });
});
