import { compileJs, expr, type Formula, formulaValue, type Kernel, scalarOf } from "@anneal/kernel";
import { type FloatArray, type FloatType, newArray, type Shape, sizeOf, typeOf } from "./array-shape.ts";

/** An array with the shape it stands for. */
export interface ShapedArray {
  readonly array: FloatArray;
  readonly shape: Shape;
}

/** `formula` over arrays whose shapes broadcast: one compiled loop. */
export function computeFormula(
  formula: Formula,
  inputs: readonly ShapedArray[],
  scalars: readonly number[],
  dtype: FloatType,
): FloatArray {
  const whole = inputs.reduce<Shape>((shape, input) => broadcast(shape, input.shape), []);
  const dims = formula.reduce?.dims ?? [];
  const outShape = dims === "all" ? [] : whole.map((size, d) => (dims.includes(d - whole.length) ? 1 : size));
  // Where all inputs are walked alike, or not at all, the dimensions are one.
  const isUniform = inputs.every(({ shape }) => sizeOf(shape) === 1 || shape.join() === whole.join());
  const isFlat = isUniform && (dims === "all" || dims.length === 0);
  const spread = (shape: Shape): Shape => (isFlat ? [sizeOf(shape)] : shape);
  const space = spread(whole);
  const indices = space.map((_, d) => d);
  const isReduced = (d: number): boolean => dims === "all" || dims.includes(d - space.length);
  const kept = indices.filter((d) => !isReduced(d));
  const reduced = indices.filter(isReduced);

  const out = newArray(dtype, outShape);
  const order = [...kept, ...reduced];
  loopOf(
    formula,
    dtype,
    inputs.map(({ array }) => typeOf(array)),
    [kept.length, reduced.length],
  )({
    shape: order.map((d) => space[d] as number),
    inputs: inputs.map(({ array, shape }) => {
      const strides = stridesIn(space, spread(shape));
      return { buffer: array, offset: 0, strides: order.map((d) => strides[d] as number) };
    }),
    outputs: [{ buffer: out, offset: 0, strides: contiguous(kept.map((d) => space[d] as number)) }],
    args: formula.reduce?.op === "mean" ? [...scalars, sizeOf(outShape) / sizeOf(whole)] : scalars,
  });
  return out;
}

type Loop = ReturnType<typeof compileJs>;

const loops = new WeakMap<Formula, Map<string, Loop>>();

function loopOf(
  formula: Formula,
  dtype: FloatType,
  inputs: readonly FloatType[],
  ranks: readonly [kept: number, reduced: number],
): Loop {
  const forms = loops.get(formula) ?? new Map<string, Loop>();
  loops.set(formula, forms);
  const form = [dtype, inputs, ranks].join();
  const loop = forms.get(form) ?? compileJs(kernelOf(formula, dtype, inputs, ranks));
  forms.set(form, loop);
  return loop;
}

function kernelOf(
  formula: Formula,
  dtype: FloatType,
  inputs: readonly FloatType[],
  [rank, reducedRank]: readonly [kept: number, reduced: number],
): Kernel {
  const type = dtype === "float32" ? "f32" : "f64";
  const loads = inputs.map((input, i) => expr.cast(expr.load(i, scalarOf[input]), type));
  const args = formula.scalars.map((_, i) => expr.arg(i, type));
  const value = formulaValue(formula, type, loads, args);
  const op = formula.reduce?.op;
  const combined = expr.reduced(type);
  const result = op === "mean" ? expr.mul(combined, expr.arg(args.length, type)) : combined;
  return {
    rank,
    inputs: inputs.map((input) => ({ dtype: input, layout: "strided", reducedLayout: "strided", bounds: 0 })),
    outputs: [{ dtype, expr: op ? result : value, layout: "contiguous" }],
    args: (op === "mean" ? [...args, combined] : args).map(() => type),
    ...(op && { reduce: { op: op === "max" ? "max" : "sum", value, rank: reducedRank } }),
  };
}

/** The shape that both fit into. */
function broadcast(a: Shape, b: Shape): Shape {
  const [longer, shorter] = a.length >= b.length ? [a, b] : [b, a];
  const added = longer.length - shorter.length;
  return longer.map((size, d) => {
    const other = shorter[d - added] ?? 1;
    if (size !== other && size !== 1 && other !== 1) {
      throw new RangeError(`arrayParameter: shapes [${a.join(", ")}] and [${b.join(", ")}] do not broadcast.`);
    }
    return size === 1 ? other : size;
  });
}

function contiguous(shape: Shape): number[] {
  const strides: number[] = [];
  for (let d = shape.length - 1, step = 1; d >= 0; d--) {
    strides[d] = step;
    step *= shape[d] as number;
  }
  return strides;
}

/** The strides with which an array of `shape` is walked in `space`: 0 where it is spread. */
function stridesIn(space: Shape, shape: Shape): number[] {
  const own = contiguous(shape);
  const added = space.length - shape.length;
  return space.map((_, d) => ((shape[d - added] ?? 1) === 1 ? 0 : (own[d - added] as number)));
}
