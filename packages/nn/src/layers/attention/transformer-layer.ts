import { OptionError, ShapeError, type Tensor } from "@anneal/tensor";
import {
  checkNumber,
  checkProbability,
  checkSize,
  shownArguments,
  shownOptions,
  withDefaults,
} from "../../check-options.ts";
import type { Layer } from "../../module/module.ts";

/** What the layers of encoders and decoders share. */
export interface TransformerLayerOptions {
  /** Size of the hidden layer of the feed-forward network. @defaultValue 2048 */
  readonly dimFeedforward?: number;
  /** Probability of an element to be dropped, 0 to 1: of the attention's weights, of the hidden layer, and of what each block adds. @defaultValue 0.1 */
  readonly dropout?: number;
  /** Of the hidden layer. @defaultValue "relu" */
  readonly activation?: Activation;
  /** Added to the variance in layer normalizations. @defaultValue 1e-5 */
  readonly layerNormEps?: number;
  /** Is the batch the first dimension, [N, L, E], or the second, [L, N, E]? @defaultValue false */
  readonly batchFirst?: boolean;
  /** Normalize what goes into each block, instead of its sum with what comes out. @defaultValue false */
  readonly normFirst?: boolean;
  /** Add learned numbers in linear layers and layer normalizations. @defaultValue true */
  readonly bias?: boolean;
}

/** By name, as a function of [..., hidden], or as a module: its parameters then belong to the layer. */
export type Activation = "relu" | "gelu" | ((x: Tensor) => Tensor) | Layer;

export function activate(activation: Activation, x: Tensor): Tensor {
  if (typeof activation === "string") return x[activation]();
  return typeof activation === "function" ? activation(x) : activation.forward(x);
}

const defaults: Required<TransformerLayerOptions> = {
  dimFeedforward: 2048,
  dropout: 0.1,
  activation: "relu",
  layerNormEps: 1e-5,
  batchFirst: false,
  normFirst: false,
  bias: true,
};

/**
 * The options of a layer, with their defaults.
 *
 * @throws {OptionError} if one is out of its range, or `nhead` does not divide `dModel`
 */
export function layerOptions(
  where: string,
  dModel: number,
  nhead: number,
  options: TransformerLayerOptions,
): Required<TransformerLayerOptions> {
  const all = withDefaults(defaults, options);
  checkSize(where, "dModel", dModel, 1);
  checkSize(where, "nhead", nhead, 1);
  checkSize(where, "dimFeedforward", all.dimFeedforward, 1);
  checkProbability(where, "dropout", all.dropout);
  checkNumber(where, "layerNormEps", all.layerNormEps, { from: 0 });
  const { activation } = all;
  if (typeof activation === "string" && activation !== "relu" && activation !== "gelu") {
    throw new OptionError(
      where,
      `activation is "${String(activation satisfies never)}"`,
      'Give "relu", "gelu", a function or a module.',
    );
  }
  if (dModel % nhead !== 0) {
    throw new OptionError(where, `nhead ${nhead} does not divide dModel ${dModel}`, "It must divide it.");
  }
  return all;
}

/** The code that makes a layer; an activation that is a module is shown as one. */
export function shownLayer(dModel: number, nhead: number, options: Required<TransformerLayerOptions>): string {
  const { activation } = typeof options.activation === "object" ? defaults : options;
  return shownArguments(String(dModel), String(nhead), shownOptions({ ...options, activation }, defaults));
}

/** @throws {ShapeError} unless all are sequences of positions of size `dModel`, in batches of one size or all without */
export function checkSequences(
  where: string,
  dModel: number,
  batchFirst: boolean,
  sequences: Readonly<Record<string, Tensor>>,
): void {
  const shapes = Object.values(sequences).map(({ shape }) => shape);
  const ranks = new Set(shapes.map(({ length }) => length));
  const batches = new Set(shapes.map((shape) => (shape.length === 3 ? shape[batchFirst ? 0 : 1] : 1)));
  const sized = shapes.every((shape) => (shape.length === 2 || shape.length === 3) && shape.at(-1) === dModel);
  if (sized && ranks.size === 1 && batches.size === 1) return;
  const shown = Object.entries(sequences).map(([name, { shape }]) => `${name} [${shape.join(", ")}]`);
  const batched = batchFirst ? `[N, length, ${dModel}]` : `[length, N, ${dModel}]`;
  throw new ShapeError(
    where,
    shown.length === 1 ? `${shown[0]} does not fit` : `${shown.join(" and ")} do not fit`,
    `Give ${batched}, or without a batch [length, ${dModel}]${batchFirst ? "" : "; with batchFirst N comes first"}.`,
  );
}
