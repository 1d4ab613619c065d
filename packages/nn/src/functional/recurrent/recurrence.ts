import { type Backward, grad, isGradEnabled, linear, noGrad, record, scope, type Tensor } from "@anneal/tensor";
import type { Cell, State } from "./cell.ts";
import { gradientOfSteps } from "./gradient.ts";
import { type Course, type Inputs, pack, type Results, takeSteps, unpack } from "./steps.ts";

/** Weights of one layer and direction. */
export interface RecurrentWeights {
  /** [G · H, in] */
  readonly weightIh: Tensor;
  /** [G · H, P] */
  readonly weightHh: Tensor;
  /** [G · H] */
  readonly biasIh: Tensor | null;
  /** [G · H] */
  readonly biasHh: Tensor | null;
  /** Makes the h of P numbers from one of H, [P, H]. Null: P is H. */
  readonly weightHr: Tensor | null;
}

/**
 * One layer of recurrent cells in one direction.
 *
 * It is one op of the graph with a gradient of its own. Composed of its steps it would give the same numbers, but each step's slice of the
 * input would bring back a gradient as long as the whole sequence, and each step a gradient of the weight; here that is one product.
 *
 * @param x - [L, N, in], L at least 1
 */
export function recurrence(
  cell: Cell,
  x: Tensor,
  { weightIh, weightHh, biasIh, biasHh, weightHr }: RecurrentWeights,
  start: State,
  course: Course,
): Results {
  const bias = cell.biasApart || !biasIh || !biasHh ? biasIh : biasIh.add(biasHh);
  // The input's part of all steps in one product. In memory, since every step reads some of it.
  const gates = linear(x, weightIh, bias).realize();
  const { h, c } = start;
  const inputs: Inputs = { gates, weight: weightHh, h, c, bias: cell.biasApart ? biasHh : null, projection: weightHr };
  return unpack(run(cell, inputs, course), gates.shape[0] as number, start, course.reverse);
}

/** All steps as one op, whose result is packed. */
function run(cell: Cell, inputs: Inputs, course: Course): Tensor {
  const names = (Object.keys(inputs) as (keyof Inputs)[]).filter((name) => inputs[name] !== null);
  const tensors = names.map((name) => inputs[name] as Tensor);
  const { reverse, mask } = course;
  const remember = isGradEnabled() && tensors.some(({ requiresGrad }) => requiresGrad);
  return scope(() => {
    const [trace, packed] = noGrad(() => {
      const taken = takeSteps(cell, inputs, course, remember);
      return [taken, pack(taken, reverse)];
    });
    const saved = [...tensors, ...(mask ? [mask] : []), packed, ...trace.hidden, ...trace.cs];
    return record(cell.name, tensors, packed, saved, backwardOf(cell, names, reverse, mask !== null));
  });
}

/** Its gradient. The rule outlives the step, so it holds no tensors of its own: they come as they were saved. */
function backwardOf(cell: Cell, names: readonly (keyof Inputs)[], reverse: boolean, hasMask: boolean): Backward {
  const named = (tensors: readonly Tensor[]): Inputs =>
    ({
      c: null,
      bias: null,
      projection: null,
      ...Object.fromEntries(names.map((name, i) => [name, tensors[i]])),
    }) as Inputs;
  return (gradient, saved, needs) => {
    const own = saved.slice(0, names.length);
    const inputs = named(own);
    const mask = hasMask ? (saved[names.length] as Tensor) : null;
    const course = { reverse, mask };
    if (isGradEnabled()) return differentiable();
    const [packed, ...rest] = saved.slice(names.length + (hasMask ? 1 : 0)) as [Tensor, ...Tensor[]];
    const length = inputs.gates.shape[0] as number;
    const past = { packed, hidden: rest.slice(0, length), cs: rest.slice(length) };
    const wanted = new Set(names.filter((_, i) => needs[i]));
    const found = gradientOfSteps(cell, inputs, past, gradient, wanted, course);
    return names.map((name) => found[name]);

    /** For gradients of gradients: the steps once more, as ops of the graph, and back through them. */
    function differentiable(): (Tensor | null)[] {
      // Other looks at the inputs: of the gradient of one, what reaches it through another, further back, is not asked here.
      const looks = own.map((each) => each.reshape(each.shape));
      const again = pack(takeSteps(cell, named(looks), course, false), reverse);
      const wanted = looks.filter((_, i) => needs[i]);
      const found = grad(again, wanted, { gradOutputs: [gradient], createGraph: true, allowUnused: true });
      return needs.map((needed) => (needed ? (found.shift() ?? null) : null));
    }
  };
}
