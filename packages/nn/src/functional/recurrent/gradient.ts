import { arange, cat, scope, stack, type Tensor, where } from "@anneal/tensor";
import type { Cell, Slopes, State } from "./cell.ts";
import { type Course, type Inputs, stepOrder, type Trace, unpack } from "./steps.ts";

/** What the steps left for their gradient. */
export interface Past extends Pick<Trace, "hidden" | "cs"> {
  /** See `pack`. */
  readonly packed: Tensor;
}

/** Gradients of the inputs from that of the packed results; those that are costly and not wanted are null. */
export function gradientOfSteps(
  cell: Cell,
  inputs: Inputs,
  past: Past,
  grad: Tensor,
  wanted: ReadonlySet<keyof Inputs>,
  { reverse, mask }: Course,
): Record<keyof Inputs, Tensor | null> {
  const { gates, bias, projection } = inputs;
  const { slopes, before, unprojected } = scope(() => allSteps(cell, inputs, past, { reverse, mask }));
  const steps = walkBack(slopes, inputs, grad, reverse);
  // What is left are sums over steps and sequences: one product each.
  const rows = (each: Tensor): Tensor => each.flatten(2).flatten(0, 1);
  const product = (left: Tensor, right: Tensor): Tensor => rows(left).T.matmul(rows(right));
  const ofHidden = stack(steps.gates);
  const states = steps.states.length > 0 ? stack(steps.states) : null;
  const ofStates = states && mask ? where(mask, states, 0) : states;
  return {
    gates: (slopes.input && ofStates ? ofStates.unsqueeze(2).mul(slopes.input) : ofHidden).reshape(gates.shape),
    weight: wanted.has("weight") ? product(ofHidden, before) : null,
    h: steps.h,
    c: steps.c,
    bias: bias && rows(ofHidden).sum(0),
    projection: projection && ofStates && unprojected && product(ofStates, unprojected),
  };
}

/** What the gradient reads of all steps, in memory. */
interface AllSteps {
  readonly slopes: Slopes;
  /** h before each step, [L, N, P]. */
  readonly before: Tensor;
  /** h after each step as it was before the projection, [L, N, H]. */
  readonly unprojected: Tensor | null;
}

function allSteps(cell: Cell, inputs: Inputs, { packed, cs, hidden }: Past, { reverse, mask }: Course): AllSteps {
  const { gates, h, c, bias, projection } = inputs;
  const hs = unpack(packed, gates.shape[0] as number, inputs, reverse).output;
  const after: State = { h: hs, c: c && stack(cs) };
  const before: State = { h: earlier(hs, h, reverse), c: c && after.c && earlier(after.c, c, reverse) };
  const steps = { input: gates, hidden: stack(hidden), bias, before };
  const every = cell.slopes(steps, after);
  const slopes = mask ? masked(every, mask) : every;
  for (const each of [slopes.hidden, slopes.input, slopes.h, slopes.c?.byH, slopes.c?.before]) each?.realize();
  return { slopes, before: before.h, unprojected: projection && cell.step(steps).h.realize() };
}

/** States by time, each in the place of the next; in the first place what was before all. */
function earlier(states: Tensor, start: Tensor, reverse: boolean): Tensor {
  const others = (states.shape[0] as number) - 1;
  const first = start.unsqueeze(0);
  return cat(reverse ? [states.narrow(0, 1, others), first] : [first, states.narrow(0, 0, others)]);
}

/** Where a sequence has no step its state stays: so does the gradient of the state, and the gates get none. */
const masked = ({ hidden, input, h, c }: Slopes, mask: Tensor): Slopes => ({
  hidden: where(mask.unsqueeze(-1), hidden, 0),
  input,
  h: h ? where(mask, h, 1) : mask.logicalNot().to(hidden.dtype),
  c: c && { byH: where(mask, c.byH, 0), before: where(mask, c.before, 1) },
});

interface StepGradients {
  /** Of each step's `hidden`, [N, G, H]. */
  readonly gates: Tensor[];
  /** Of each step's new h, [N, P]; empty where nobody asks. */
  readonly states: Tensor[];
  /** Of the state before all steps. */
  readonly h: Tensor | null;
  readonly c: Tensor | null;
}

/** Gradients that the step after a state left for it: null after the last one. */
interface Later {
  readonly h: Tensor | null;
  readonly c: Tensor | null;
}

/** The part that must go from step to step, last to first: for each a product, and one or two kernels. */
function walkBack(slopes: Slopes, inputs: Inputs, grad: Tensor, reverse: boolean): StepGradients {
  const { gates, weight, projection } = inputs;
  const length = gates.shape[0] as number;
  const { output, last } = unpack(grad.realize(), length, inputs, reverse);
  const count = slopes.hidden.shape[2] as number;
  const places = arange(count, { dtype: "int32", device: gates.device });
  const isLastGate = places.eq(count - 1).unsqueeze(1);
  const keepsStates = projection !== null || slopes.h !== null || slopes.input !== null;

  const stepBack = (t: number, later: Later) => {
    const at = (all: Tensor): Tensor => all.select(0, t);
    // Where nobody else needs it, it is cheaper anew for each use than in memory.
    const sum = (): Tensor => (later.h ? at(output).add(later.h) : at(output));
    const state = keepsStates ? sum().realize() : null;
    const unprojected = projection && state ? state.matmul(projection) : state;
    const h = (): Tensor => unprojected ?? sum();
    const c = slopes.c && later.c ? at(slopes.c.byH).mul(h()).add(later.c).realize() : null;
    const source = c ? where(isLastGate, h().unsqueeze(1), c.unsqueeze(1)) : h().unsqueeze(1);
    const ofGates = at(slopes.hidden).mul(source).realize();
    const through = ofGates.flatten(1).matmul(weight);
    const before: Later = {
      h: slopes.h && state ? through.add(state.mul(at(slopes.h))) : through,
      c: slopes.c && c ? c.mul(at(slopes.c.before)) : null,
    };
    return { ofGates, state, before };
  };

  const found: Pick<StepGradients, "gates" | "states"> = { gates: [], states: [] };
  let later: Later = { h: null, c: last.c };
  for (const t of stepOrder(length, !reverse)) {
    const now = later;
    const step = scope(() => stepBack(t, now));
    found.gates[t] = step.ofGates;
    if (step.state) found.states[t] = step.state;
    later = step.before;
  }
  return { ...found, ...later };
}
