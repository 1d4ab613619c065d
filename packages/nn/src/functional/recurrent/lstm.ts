import { stack, type Tensor } from "@anneal/tensor";
import { type Cell, parts, type StepInputs } from "./cell.ts";
import { sigmoidSlope, tanhSlope } from "./slopes.ts";

/** The gates: how much goes in, how much stays, what goes in, how much goes out. */
function gatesOf({ input, hidden }: StepInputs): [i: Tensor, f: Tensor, g: Tensor, o: Tensor] {
  // Sums of slices: slices of a sum would be computed one by one or, in between, all be stored.
  const at = (k: number): Tensor => parts(input, k, 1, 4).add(parts(hidden, k, 1, 4));
  return [at(0).sigmoid(), at(1).sigmoid(), at(2).tanh(), at(3).sigmoid()];
}

/**
 * `c' = f c + i g`, `h' = o tanh(c')`
 *
 * @see {@link https://www.bioinf.jku.at/publications/older/2604.pdf | Long Short-Term Memory, Hochreiter & Schmidhuber 1997}
 */
export const lstmCell: Cell = {
  name: "lstm",
  gates: 4,
  biasApart: false,
  hasC: true,
  step(inputs) {
    const [i, f, g, o] = gatesOf(inputs);
    // Stored, since two read it: the next step and h.
    const c = f
      .mul(inputs.before.c as Tensor)
      .add(i.mul(g))
      .realize();
    return { h: o.mul(c.tanh()), c };
  },
  slopes(inputs, after) {
    const [i, f, g, o] = gatesOf(inputs);
    const tanhC = (after.c as Tensor).tanh();
    const hidden = stack(
      [
        g.mul(sigmoidSlope(i)),
        (inputs.before.c as Tensor).mul(sigmoidSlope(f)),
        i.mul(tanhSlope(g)),
        tanhC.mul(sigmoidSlope(o)),
      ],
      2,
    );
    return { hidden, input: null, h: null, c: { byH: o.mul(tanhSlope(tanhC)), before: f } };
  },
};
