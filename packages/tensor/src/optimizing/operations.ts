import { type Expr, expr, type Formula, formulaValue } from "@anneal/kernel";
import { DTypeError } from "../core/errors.ts";
import type { Shape } from "../core/shape.ts";
import type { PointwiseOp } from "../core/value.ts";
import { scope } from "../memory/scope.ts";
import { cat } from "../ops/joining.ts";
import { pointwise } from "../primitives/pointwise.ts";
import { reduce } from "../primitives/reduce.ts";
import type { Tensor } from "../tensor.ts";

const epsilons = { float32: 2 ** -23, float64: 2 ** -52 };

type FloatType = keyof typeof epsilons;

/** What a parameter offers to optimizers whose step is more than a rule. Nothing in it is recorded for gradients. */
export class TensorOperations {
  readonly value: Tensor;

  constructor(value: Tensor) {
    this.value = value;
  }

  /** The distance from 1 to the next larger number. */
  get epsilon(): number {
    return epsilons[this.#dtype("epsilon")];
  }

  /** `formula` over tensors whose shapes broadcast, in the precision of the parameter. */
  compute(formula: Formula, inputs: readonly Tensor[], scalars: readonly number[] = []): Tensor {
    const dtype = formula.dtype ?? this.#dtype(formula.name);
    const [first = this.value, ...others] = inputs;
    const whole = pointwise(formula.name, dtype, opOf(formula, dtype), [first, ...others], scalars);
    if (!formula.reduce) return whole;
    const { op, dims } = formula.reduce;
    const along = whole.shape.map((_, d) => d).filter((d) => dims === "all" || dims.includes(d - whole.ndim));
    const count = along.reduce((product, d) => product * (whole.shape[d] as number), 1);
    return reduce(whole, op === "max" ? "max" : "sum", {
      dims: along,
      keepdim: dims !== "all",
      ...(op === "mean" && { scale: 1 / count }),
    });
  }

  /** The product of two matrices, or of their transposes. */
  matmul(a: Tensor, b: Tensor, { a: turnsA = false, b: turnsB = false } = {}): Tensor {
    const [left, right] = [a.detach(), b.detach()];
    return (turnsA ? left.T : left).matmul(turnsB ? right.T : right);
  }

  /** The elements of all of them, one after the other. */
  flatten(parts: readonly Tensor[]): Tensor {
    return cat(parts.map((part) => part.detach().reshape([part.numel])));
  }

  /** `shape` elements of a flat tensor, from `start` on. A view. */
  slice(flat: Tensor, start: number, shape: Shape): Tensor {
    const count = shape.reduce((product, size) => product * size, 1);
    return flat.narrow(0, start, count).reshape(shape);
  }

  /** Put `value` into a state slot. */
  assign(slot: Tensor, value: Tensor): void {
    // Stored now, so that no chain of recipes grows from step to step and keeps what it reads alive.
    slot.copy_(value).realize();
  }

  /** The number in a scalar, at once where the device can. */
  read(scalar: Tensor): number | Promise<number> {
    return scalar.device.readSync ? scalar.itemSync() : scalar.item();
  }

  /** Run `body`, and free the tensors made in it. */
  scope<Result>(body: () => Result): Result {
    return scope(body);
  }

  #dtype(where: string): FloatType {
    const { dtype } = this.value;
    if (dtype === "float32" || dtype === "float64") return dtype;
    throw new DTypeError(where, `a parameter is ${dtype}`, "Optimize float32 or float64 parameters.");
  }
}

const ops = new WeakMap<Formula, Partial<Record<FloatType, PointwiseOp>>>();
let formulas = 0;

function opOf(formula: Formula, dtype: FloatType): PointwiseOp {
  const known = ops.get(formula) ?? {};
  ops.set(formula, known);
  known[dtype] ??= makeOp(formula, dtype);
  return known[dtype];
}

function makeOp(formula: Formula, dtype: FloatType): PointwiseOp {
  const type = dtype === "float32" ? "f32" : "f64";
  return {
    // Two formulas may have one name, two ops may not.
    name: `${formula.name}_${formulas++}_${dtype}`,
    argTypes: formula.scalars.map(() => type),
    build: (inputs, args) =>
      formulaValue(
        formula,
        type,
        inputs.map((input) => expr.cast(input, type)),
        args,
      ),
    cost: costOf(formula.value),
  };
}

/** One for each operation. */
function costOf(value: Expr): number {
  const seen = new Set<Expr>();
  const visit = (node: Expr): number => {
    if (seen.has(node)) return 0;
    seen.add(node);
    return node.args.reduce((sum, each) => sum + visit(each), node.args.length > 0 ? 1 : 0);
  };
  return visit(value);
}
