import { type DType, type Expr, expr, type ReduceOp, scalarOf } from "@anneal/kernel";
import { Fusion } from "../core/fusion.ts";
import { contiguousStrides } from "../core/shape.ts";
import { allocateFor, type PointwiseOp, Value } from "../core/value.ts";
import { permuteView } from "../core/view.ts";
import { Tensor } from "../tensor.ts";
import { castValue } from "./pointwise.ts";

const scaleOps = new Map<DType, PointwiseOp>();

function scaleOp(dtype: DType): PointwiseOp {
  let op = scaleOps.get(dtype);
  if (!op) {
    const type = scalarOf[dtype];
    op = { name: `scale_${dtype}`, argTypes: [type], build: ([x], [factor]) => expr.mul(x as Expr, factor as Expr) };
    scaleOps.set(dtype, op);
  }
  return op;
}

export interface ReduceOptions {
  /** Dimensions to reduce, counted from the front, each once. */
  readonly dims: readonly number[];
  readonly keepdim: boolean;
  /** What is accumulated and returned. @defaultValue the tensor's dtype */
  readonly dtype?: DType;
  /** Multiplies the result. */
  readonly scale?: number;
}

/** Combine the elements along `dims`. Without a gradient: whoever calls records it. */
export function reduce(
  x: Tensor,
  op: Exclude<ReduceOp, "argmax" | "argmin">,
  { dims, keepdim, dtype = x.dtype, scale }: ReduceOptions,
): Tensor {
  const input = castValue(x, dtype);
  const { fusion, kept, reducedShape, outShape } = space(input, dims, keepdim);
  const value = fusion.add({ value: input.cell.value, view: permuteView(input.layout, [...kept, ...dims]) });
  const buffer = allocateFor(x.device, dtype, outShape);
  const result = fusion.reduced(scalarOf[dtype]);
  const step = scale === undefined ? result : fusion.op(scaleOp(dtype), [result], [scale]);
  const keptShape = kept.map((d) => x.shape[d] as number);
  const view = {
    shape: keptShape,
    strides: [...contiguousStrides(keptShape), ...reducedShape.map(() => 0)],
    offset: 0,
  };
  fusion.launch(x.device, [{ step, dtype, buffer, view }], { op, value, rank: dims.length });
  return Tensor.ofValue(new Value(x.device, dtype, outShape, { buffer }));
}

/** The extreme values along `dims` (all: flattened in row-major order) and where they are, int32; the first of equals, NaN before all. */
export function argReduce(
  x: Tensor,
  op: "argmax" | "argmin",
  { dims, keepdim }: ReduceOptions,
): { values: Tensor; indices: Tensor } {
  const { fusion, kept, reducedShape, outShape } = space(x, dims, keepdim);
  const value = fusion.add({ value: x.cell.value, view: permuteView(x.layout, [...kept, ...dims]) });
  const [values, indices] = [allocateFor(x.device, x.dtype, outShape), allocateFor(x.device, "int32", outShape)];
  const keptShape = kept.map((d) => x.shape[d] as number);
  const view = {
    shape: keptShape,
    strides: [...contiguousStrides(keptShape), ...reducedShape.map(() => 0)],
    offset: 0,
  };
  fusion.launch(
    x.device,
    [
      { step: fusion.reduced(scalarOf[x.dtype]), dtype: x.dtype, buffer: values, view },
      { step: fusion.reducedIndex(), dtype: "int32", buffer: indices, view },
    ],
    { op, value, rank: dims.length },
  );
  return {
    values: Tensor.ofValue(new Value(x.device, x.dtype, outShape, { buffer: values })),
    indices: Tensor.ofValue(new Value(x.device, "int32", outShape, { buffer: indices })),
  };
}

/** The running sum or product along `dim`. */
export function scan(x: Tensor, op: "sum" | "prod", dim: number, dtype: DType): Tensor {
  const input = castValue(x, dtype);
  const kept = x.shape.map((_, d) => d).filter((d) => d !== dim);
  const order = [...kept, dim];
  const fusion = new Fusion(order.map((d) => x.shape[d] as number));
  const value = fusion.add({ value: input.cell.value, view: permuteView(input.layout, order) });
  const buffer = allocateFor(x.device, dtype, x.shape);
  const whole = { shape: x.shape, strides: contiguousStrides(x.shape), offset: 0 };
  fusion.launch(x.device, [{ step: fusion.reduced(scalarOf[dtype]), dtype, buffer, view: permuteView(whole, order) }], {
    op,
    value,
    rank: 1,
    scan: true,
  });
  return Tensor.ofValue(new Value(x.device, dtype, x.shape, { buffer }));
}

/** The index space of a reduction: kept dimensions first. */
function space(x: Tensor, dims: readonly number[], keepdim: boolean) {
  const reduced = new Set(dims);
  const kept = x.shape.map((_, d) => d).filter((d) => !reduced.has(d));
  const reducedShape = dims.map((d) => x.shape[d] as number);
  const outShape = keepdim
    ? x.shape.map((size, d) => (reduced.has(d) ? 1 : size))
    : kept.map((d) => x.shape[d] as number);
  const fusion = new Fusion([...kept, ...dims].map((d) => x.shape[d] as number));
  return { fusion, kept, reducedShape, outShape };
}
