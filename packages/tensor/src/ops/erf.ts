import { expr } from "@anneal/kernel";
import { inPlace } from "../primitives/assign.ts";
import { unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

/** The error function `2/√π ∫₀ˣ e^-t² dt`. @see {@link https://docs.pytorch.org/docs/stable/special.html#torch.special.erf | torch.erf} */
export const erf: (x: Tensor) => Tensor = unary({
  name: "erf",
  build: (x) => expr.unary("erf", x),
  result: "float",
  cost: 20,
  backward: (grad, x) =>
    grad.mul(
      x
        .square()
        .neg()
        .exp()
        .mul(2 / Math.sqrt(Math.PI)),
    ),
});

/** In place: {@link erf}. */
export const erf_: (x: Tensor) => Tensor = inPlace("erf_", erf);
