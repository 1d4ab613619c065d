import type { DType } from "../../tensors/dtype.ts";

/** What a tensor without numbers is. */
export interface MetaTensorInit {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly requiresGrad: boolean;
}

/** A tensor of PyTorch's device `meta`: it has a shape, and no numbers. */
export class MetaTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly requiresGrad: boolean;

  constructor({ dtype, shape, strides, requiresGrad }: MetaTensorInit) {
    this.dtype = dtype;
    this.shape = shape;
    this.strides = strides;
    this.requiresGrad = requiresGrad;
  }
}
