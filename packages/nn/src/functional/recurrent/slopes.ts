import type { Tensor } from "@anneal/tensor";

/** The slope of a sigmoid where its value is `y`. */
export const sigmoidSlope = (y: Tensor): Tensor => y.mul(y.neg().add(1));

/** The slope of tanh where its value is `y`. */
export const tanhSlope = (y: Tensor): Tensor => y.square().neg().add(1);
