import { arange, full, scope, stack, type Tensor, where } from "@anneal/tensor";

/**
 * All ways to write the labels of a batch: L = 2S + 1 places in a row, a blank and a label in turn. A path stays where it is, goes on to
 * the next place, or skips the blank between two different labels, once a step.
 */
export interface Lattice {
  /** The class of each place, int32, [N, L]. */
  readonly symbols: Tensor;
  /** May a path come here from two places before? bool, [N, L] */
  readonly skips: Tensor;
  /** May a path end here? bool, [N, L] */
  readonly ends: Tensor;
  /** How many steps a path takes, int32, [N, 1]. */
  readonly steps: Tensor;
}

/**
 * @param labels - int32, [N, S]; a blank where a sample has fewer
 * @param lengths - how many labels each sample has, int32, [N, 1]
 */
export function latticeOf(labels: Tensor, lengths: Tensor, steps: Tensor, blank: number): Lattice {
  const [batch, count] = labels.shape as [number, number];
  const width = 2 * count + 1;
  // Behind each label a blank, and one in front of all: borders are 0, so for a while that is the blank.
  const symbols = labels
    .sub(blank)
    .unsqueeze(2)
    .pad([0, 1])
    .reshape([batch, 2 * count])
    .pad([1, 0])
    .add(blank);
  const places = placesOf(labels, width);
  const different = symbols.ne(symbols.pad([2, 0]).narrow(1, 0, width));
  const last = lengths.mul(2);
  return {
    symbols,
    skips: different.logicalAnd(places.ge(2)),
    ends: places.eq(last).logicalOr(places.eq(last.sub(1))),
    steps,
  };
}

const placesOf = ({ device }: Tensor, width: number): Tensor => arange(width, { dtype: "int32", device });

/** Log probabilities of the classes, [T, N, C], as those of the places, [T, N, L]. */
export function emissionsOf(logProbs: Tensor, { symbols }: Lattice): Tensor {
  const [batch, width] = symbols.shape as [number, number];
  return logProbs.gather(2, symbols.unsqueeze(0).expand([logProbs.shape[0] as number, batch, width])).realize();
}

/** Sums over the places, [T, N, L], for the classes that stand there: [T, N, C]. */
export function sumByClass(values: Tensor, { symbols }: Lattice, classes: number): Tensor {
  const [steps, batch] = values.shape as [number, number];
  const zeros = full([steps, batch, classes], 0, values);
  return zeros.scatterAdd(2, symbols.unsqueeze(0).expand(values.shape), values);
}

/** 0 where something may be, -Infinity where not. */
const allowed = (mask: Tensor, { dtype, device }: Tensor): Tensor =>
  where(mask, full([], 0, { dtype, device }), -Infinity);

/** Logarithms of probabilities, [N, L], less that of the likeliest place, which is [N, 1]. */
interface Scaled {
  readonly paths: Tensor;
  readonly likeliest: Tensor;
}

/** Sums of logarithms grow with the steps, and what is left of their digits shrinks: begin at 0 again. */
function scaled(sums: Tensor): Scaled {
  const largest = sums.realize().detach().amax(1, { keepdim: true });
  const likeliest = where(largest.eq(-Infinity), 0, largest).realize();
  return { paths: sums.sub(likeliest).realize(), likeliest };
}

export interface Beginnings {
  /** For each step, log of the probability of all ways to get to a place, less that of the likeliest place: T times [N, L]. */
  readonly paths: readonly Tensor[];
  /** What was taken off up to the last step, [N, 1]. */
  readonly offset: Tensor;
}

/** Where paths may be after each step. */
export function beginnings(emissions: Tensor, { skips, steps }: Lattice): Beginnings {
  const [count, batch, width] = emissions.shape as [number, number, number];
  const places = placesOf(emissions, width).expand([batch, width]);
  // From two places before, from the place before, from here.
  const from = allowed(stack([skips, places.ge(1), places.ge(0)], 2), emissions).realize();
  // Before the first step a path is at the first place, and from there it may also go on.
  let now = allowed(places.eq(0), emissions);
  let offset = full([batch, 1], 0, emissions);
  const paths: Tensor[] = [];
  for (let t = 0; t < count; t++) {
    const before = now;
    const reached = scope(() => {
      const moved = before.pad([2, 0]).unfold(1, 3, 1).add(from).logsumexp(2).add(emissions.select(0, t));
      // Over is over: a sample that has fewer steps keeps its last state.
      return scaled(where(steps.gt(t), moved, before));
    });
    offset = offset.add(reached.likeliest);
    now = reached.paths;
    paths.push(now);
  }
  return { paths, offset };
}

/** For each step, log of the probability of all that may follow after it, from a place on, up to a constant: T times [N, L]. */
export function endings(emissions: Tensor, { skips, ends, steps }: Lattice): Tensor[] {
  const [count, batch, width] = emissions.shape as [number, number, number];
  const places = placesOf(emissions, width).expand([batch, width]);
  // To here, to the next place, to the one behind it.
  const skipped = skips.pad([0, 2]).narrow(1, 2, width);
  const to = allowed(stack([places.ge(0), places.lt(width - 1), skipped], 2), emissions).realize();
  const end = allowed(ends, emissions).realize();
  let now = end;
  const paths = [end];
  for (let t = count - 1; t > 0; t--) {
    const after = now;
    now = scope(() => {
      const next = after.add(emissions.select(0, t));
      const moved = next.pad([0, 2]).unfold(1, 3, 1).add(to).logsumexp(2);
      return scaled(where(steps.gt(t), moved, end)).paths;
    });
    paths.push(now);
  }
  return paths.reverse();
}
