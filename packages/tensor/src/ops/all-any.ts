import { normalizeDims } from "../core/shape.ts";
import { reduce } from "../primitives/reduce.ts";
import type { Tensor } from "../tensor.ts";

const truth = (name: "all" | "any", x: Tensor, dim: number | readonly number[] | undefined, keepdim: boolean): Tensor =>
  reduce(x.to("bool"), name === "all" ? "min" : "max", { dims: normalizeDims(name, dim, x.ndim), keepdim });

/** Is every element true (not 0)? Bool; of nothing, true. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.all.html | torch.all} */
export const all = (
  x: Tensor,
  dim?: number | readonly number[],
  { keepdim = false }: { readonly keepdim?: boolean } = {},
): Tensor => truth("all", x, dim, keepdim);

/** Is any element true (not 0)? Bool; of nothing, false. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.any.html | torch.any} */
export const any = (
  x: Tensor,
  dim?: number | readonly number[],
  { keepdim = false }: { readonly keepdim?: boolean } = {},
): Tensor => truth("any", x, dim, keepdim);
