import type { Tensor } from "../tensor.ts";
import { empty, full } from "./full.ts";
import type { TensorOptions } from "./tensor.ts";

/** A tensor of one number, of the shape, dtype and device of `x`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.full_like.html | torch.full_like} */
export const fullLike = (x: Tensor, value: number, options: TensorOptions = {}): Tensor =>
  full(x.shape, value, { dtype: x.dtype, device: x.device, ...options });

/** Zeros of the shape, dtype and device of `x`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.zeros_like.html | torch.zeros_like} */
export const zerosLike = (x: Tensor, options: TensorOptions = {}): Tensor => fullLike(x, 0, options);

/** Ones of the shape, dtype and device of `x`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.ones_like.html | torch.ones_like} */
export const onesLike = (x: Tensor, options: TensorOptions = {}): Tensor => fullLike(x, 1, options);

/** Of the shape, dtype and device of `x`, with whatever is in its memory. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.empty_like.html | torch.empty_like} */
export const emptyLike = (x: Tensor, options: TensorOptions = {}): Tensor =>
  empty(x.shape, { dtype: x.dtype, device: x.device, ...options });
