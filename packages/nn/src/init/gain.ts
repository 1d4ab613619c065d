import { OptionError } from "@anneal/tensor";

/** What comes after a layer; the names are those of functions. */
export type Nonlinearity =
  | "linear"
  | "conv1d"
  | "conv2d"
  | "conv3d"
  | "convTranspose1d"
  | "convTranspose2d"
  | "convTranspose3d"
  | "sigmoid"
  | "tanh"
  | "relu"
  | "selu"
  | "leakyRelu";

const gains: Readonly<Record<Exclude<Nonlinearity, "leakyRelu">, number>> = {
  linear: 1,
  conv1d: 1,
  conv2d: 1,
  conv3d: 1,
  convTranspose1d: 1,
  convTranspose2d: 1,
  convTranspose3d: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.SQRT2,
  selu: 3 / 4,
};

/**
 * The factor by which weights are drawn wider to make up for the nonlinearity after them: √(2 / (1 + param²)) for "leakyRelu", 5/3 for
 * "tanh", √2 for "relu", 3/4 for "selu", else 1.
 *
 * @param nonlinearity - for self-normalizing networks give "linear" rather than "selu"
 * @param param - the negative slope of "leakyRelu", default 0.01; the others have none
 * @throws {OptionError} if the nonlinearity is not known, or the slope is no number
 * @see {@link https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain | torch.nn.init.calculate_gain}
 * @example
 * init.calculateGain("leakyRelu", 0.2); // => 1.3867504905630728
 */
export function calculateGain(nonlinearity: Nonlinearity, param = 0.01): number {
  if (nonlinearity === "leakyRelu") {
    if (typeof param === "number" && !Number.isNaN(param)) return Math.sqrt(2 / (1 + param ** 2));
    throw new OptionError("calculateGain", `the negative slope is ${String(param)}`, "Give a number.");
  }
  if (Object.hasOwn(gains, nonlinearity)) return gains[nonlinearity];
  throw new OptionError(
    "calculateGain",
    `nonlinearity is "${String(nonlinearity)}"`,
    `Give ${[...Object.keys(gains), "leakyRelu"].map((name) => `"${name}"`).join(", ")}.`,
  );
}
