import type { Tensor } from "@anneal/tensor";
import { checkChoice } from "../../check-options.ts";
import type { Cell } from "./cell.ts";
import { tanhSlope } from "./slopes.ts";

type Nonlinearity = "tanh" | "relu";

/** `h' = nonlinearity(input + hidden)` */
const elman = (nonlinearity: (x: Tensor) => Tensor, slopeAt: (y: Tensor) => Tensor): Cell => ({
  name: "rnn",
  gates: 1,
  biasApart: false,
  hasC: false,
  step: ({ input, hidden }) => ({ h: nonlinearity(input.add(hidden)), c: null }),
  slopes: (_, { h }) => ({ hidden: slopeAt(h).unsqueeze(2), input: null, h: null, c: null }),
});

const cells: Readonly<Record<Nonlinearity, Cell>> = {
  tanh: elman((x) => x.tanh(), tanhSlope),
  relu: elman(
    (x) => x.relu(),
    (y) => y.gt(0).to(y.dtype),
  ),
};

/**
 * Elman's cell.
 *
 * @param where - who asks, for messages
 * @throws {OptionError} if there is no such nonlinearity
 */
export function elmanCell(where: string, nonlinearity: Nonlinearity = "tanh"): Cell {
  checkChoice(where, "nonlinearity", nonlinearity, Object.keys(cells));
  return cells[nonlinearity];
}
