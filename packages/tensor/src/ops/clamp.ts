import { type DType, type Expr, expr, type ScalarType, scalarOf } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import { arithmeticType, isFloating, promoteNumber, promoteOperands } from "../core/dtypes.ts";
import { OptionError } from "../core/errors.ts";
import type { Shape } from "../core/shape.ts";
import type { PointwiseOp } from "../core/value.ts";
import { inPlace } from "../primitives/assign.ts";
import { cast, checkTakes, type Operand, pointwise, wrapped } from "../primitives/pointwise.ts";
import { sumTo } from "../primitives/sum-to.ts";
import { Tensor } from "../tensor.ts";
import { where } from "./where.ts";

/** At least one of the two. */
export interface ClampBounds {
  /** What is below becomes this. */
  readonly min?: Operand;
  /** What is above becomes this. */
  readonly max?: Operand;
}

const ops = new Map<string, PointwiseOp>();

/** `bounds`: for each bound that is there, is it a number? */
function clampOp(dtype: DType, min: boolean | null, max: boolean | null): PointwiseOp {
  const name = `clamp_${dtype}_${min}_${max}`;
  let op = ops.get(name);
  if (!op) {
    const type = scalarOf[dtype];
    op = {
      name,
      cost: 2,
      argTypes: [min, max].filter((isNumber) => isNumber === true).map((): ScalarType => type),
      build: ([x, ...tensors], numbers) => {
        const [inputs, args] = [[...tensors], [...numbers]];
        const next = (isNumber: boolean): Expr => (isNumber ? args : inputs).shift() as Expr;
        const raised = min === null ? (x as Expr) : expr.max(x as Expr, next(min));
        return wrapped(max === null ? raised : expr.min(raised, next(max)), dtype);
      },
    };
    ops.set(name, op);
  }
  return op;
}

/**
 * `min(max(x, bounds.min), bounds.max)`: the upper bound wins if they cross. The gradient passes inside and on the bounds; bounds that are
 * tensors get that of what they cut off.
 *
 * @throws {OptionError} without any bound
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.clamp.html | torch.clamp}
 * @example
 * tensor([-2, 0, 2]).clamp({ min: -1, max: 1 }).arraySync(); // => [-1, 0, 1]
 */
export function clamp(x: Tensor, { min, max }: ClampBounds): Tensor {
  if (min === undefined && max === undefined) {
    throw new OptionError("clamp", "neither min nor max is given", "Give one of them: x.clamp({ min: 0 }).");
  }
  const bounds = [min, max].filter((bound) => bound !== undefined);
  const tensors = bounds.filter((bound) => bound instanceof Tensor);
  const numbers = bounds.filter((bound) => typeof bound === "number");
  const dtype = numbers.reduce<DType>(promoteNumber, promoteOperands([x, ...tensors]));
  checkTakes("clamp", "numbers", dtype);
  arithmeticType("clamp", dtype);
  const isNumber = (bound: Operand | undefined): boolean | null =>
    bound === undefined ? null : typeof bound === "number";
  const inputs = [x, ...tensors].map((tensor) => cast(tensor, dtype)) as [Tensor, ...Tensor[]];
  const y = pointwise("clamp", dtype, clampOp(dtype, isNumber(min), isNumber(max)), inputs, numbers);
  if (!isFloating(dtype)) return y;
  const shapes = inputs.map(({ shape }) => shape);
  // Plain facts for the rule, so that it does not keep the tensors themselves.
  const [minNumber, maxNumber] = [min, max].map((bound) => (typeof bound === "number" ? bound : null));
  const [minTensor, maxTensor] = [min instanceof Tensor, max instanceof Tensor];
  return record("clamp", inputs, y, inputs, (grad, [input, ...saved], needs) => {
    const value = input as Tensor;
    const low = minTensor ? (saved.shift() as Tensor) : minNumber;
    const high = maxTensor ? (saved.shift() as Tensor) : maxNumber;
    const below = low == null ? null : value.lt(low);
    const above = high == null ? null : value.gt(high);
    const outside = below && above ? below.logicalOr(above) : ((below ?? above) as Tensor);
    const crossed =
      low instanceof Tensor && high != null
        ? low.gt(high)
        : high instanceof Tensor && low != null
          ? high.lt(low)
          : null;
    const parts: Tensor[] = [where(outside, 0, grad)];
    if (minTensor)
      parts.push(where(crossed ? (below as Tensor).logicalAnd(crossed.logicalNot()) : (below as Tensor), grad, 0));
    if (maxTensor) parts.push(where(crossed ? (above as Tensor).logicalOr(crossed) : (above as Tensor), grad, 0));
    return parts.map((part, i) => (needs[i] ? sumTo(part, shapes[i] as Shape) : null));
  });
}

/** In place: {@link clamp}. */
export const clamp_: (x: Tensor, bounds: ClampBounds) => Tensor = inPlace("clamp_", clamp);
