import { stack, type Tensor } from "@anneal/tensor";
import { type Cell, parts, type StepInputs } from "./cell.ts";
import { sigmoidSlope, tanhSlope } from "./slopes.ts";

interface Gates {
  /** How much of the state before is seen. */
  readonly r: Tensor;
  /** How much of it stays. */
  readonly z: Tensor;
  /** What takes the place of the rest. */
  readonly n: Tensor;
  /** What `r` lets into `n`: the product of the state before. */
  readonly seen: Tensor;
}

function gatesOf({ input, hidden, bias }: StepInputs): Gates {
  const ofHidden = (first: number, count: number): Tensor => {
    const product = parts(hidden, first, count, 3);
    return bias ? product.add(parts(bias, first, count, 3)) : product;
  };
  // Stored: with all that n reads, a kernel would have more inputs than some devices bind.
  const both = parts(input, 0, 2, 3).add(ofHidden(0, 2)).sigmoid().realize();
  const [r, z] = [parts(both, 0, 1, 2), parts(both, 1, 1, 2)];
  const seen = ofHidden(2, 1);
  return { r, z, seen, n: parts(input, 2, 1, 3).add(r.mul(seen)).tanh() };
}

/**
 * `h' = (1 - z) n + z h` with `n = tanh(input + r hidden)`: as in PyTorch, the reset gate comes after the product and its bias.
 *
 * @see {@link https://arxiv.org/abs/1406.1078 | Learning Phrase Representations using RNN Encoder-Decoder, Cho et al. 2014}
 */
export const gruCell: Cell = {
  name: "gru",
  gates: 3,
  biasApart: true,
  hasC: false,
  step(inputs) {
    const { z, n } = gatesOf(inputs);
    return { h: n.lerp(inputs.before.h, z), c: null };
  },
  slopes(inputs) {
    const { r, z, n, seen } = gatesOf(inputs);
    const candidate = z.neg().add(1).mul(tanhSlope(n)).realize();
    const reset = candidate.mul(seen).mul(sigmoidSlope(r)).realize();
    const update = inputs.before.h.sub(n).mul(sigmoidSlope(z)).realize();
    return {
      hidden: stack([reset, update, candidate.mul(r)], 2),
      input: stack([reset, update, candidate], 2),
      h: z,
      c: null,
    };
  },
};
