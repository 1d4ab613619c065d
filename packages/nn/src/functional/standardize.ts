import { isGradEnabled, record, type Shape, type Tensor } from "@anneal/tensor";

/** Which numbers are standardized together, and which have a weight in common: normalizations differ in nothing else. */
export interface Grouping {
  /** For messages. */
  readonly name: string;
  /** The input is looked at in this shape. */
  readonly shape: Shape;
  /** Its dimensions that share a mean and a variance. */
  readonly dims: readonly number[];
  /** The shape in which weight and bias spread over it, of as many dimensions. */
  readonly affine: Shape;
}

/** Over some dimensions of a tensor, which stay there with size 1. */
export interface Statistics {
  /** null: taken to be 0, so that the variance is the mean square. */
  readonly mean: Tensor | null;
  /** Without correction. */
  readonly variance: Tensor;
}

export interface Affine {
  readonly weight: Tensor | null;
  readonly bias: Tensor | null;
  readonly eps: number;
}

const keepdim = { keepdim: true };

function statisticsOver(x: Tensor, dims: readonly number[], centered: boolean): Statistics {
  if (!centered) return { mean: null, variance: x.square().mean(dims, keepdim) };
  const mean = x.mean(dims, keepdim);
  return { mean, variance: x.sub(mean).square().mean(dims, keepdim) };
}

/** The input's own statistics, in two passes; without a graph. */
export const statisticsOf = (x: Tensor, { shape, dims }: Grouping, { centered = true } = {}): Statistics =>
  statisticsOver(x.detach().reshape(shape), dims, centered);

/** How many numbers share a mean and a variance. */
export const countOf = ({ shape, dims }: Grouping): number =>
  dims.reduce((product, d) => product * (shape[d] as number), 1);

/** The sum over dimensions; over none of them it is the tensor itself. */
const sumOver = (x: Tensor, dims: readonly number[]): Tensor => (dims.length === 0 ? x : x.sum(dims, keepdim));

/**
 * `u * weight + bias` with `u = (x - mean) / √(variance + eps)`, where mean and variance are the input's own: the gradient goes through
 * them too.
 *
 * With `g = grad * weight` and means over the numbers that share statistics, the gradient of x is
 * `(g - mean(g) - u mean(g u)) / √(variance + eps)`. Where one weight serves all of them (batch-norm), its own gradient has these sums in
 * it already, and three passes over the input do.
 *
 * @param statistics - from {@link statisticsOf}
 */
export function standardize(
  x: Tensor,
  grouping: Grouping,
  { mean, variance }: Statistics,
  { weight, bias, eps }: Affine,
): Tensor {
  const { name, shape, dims, affine } = grouping;
  const whole = x.shape;
  const dimsOfWeight = affine.flatMap((size, d) => (size === 1 ? [d] : []));
  // Sums over what both have in common come first and serve both.
  const common = dims.filter((d) => affine[d] === 1);
  const restOfStatistics = dims.filter((d) => affine[d] !== 1);
  const restOfWeight = dimsOfWeight.filter((d) => !dims.includes(d));
  const count = countOf(grouping);
  // Plain facts for the rule, so that it does not keep the tensors themselves.
  const centers = mean !== null;
  const [weightShape, biasShape] = [weight?.shape, bias?.shape];

  // Groups of channels: few numbers are spread over them, rather than the result be a view that nothing could change in place.
  const perChannel = shape.map((size, d) => (common.includes(d) ? 1 : size));
  const spread = (each: Tensor): Tensor =>
    shape.length === whole.length ? each : each.expand(perChannel).reshape(whole.map((size, d) => (d < 2 ? size : 1)));
  const rstd = variance.add(eps).rsqrt();
  const factor = spread(weight ? rstd.mul(weight.detach().reshape(affine)) : rstd);
  const scaled = (mean ? x.detach().sub(spread(mean)) : x.detach()).mul(factor);
  const shifted = bias ? scaled.add(spread(bias.detach().reshape(affine))) : scaled;
  const inputs = [x, ...(weight ? [weight] : []), ...(bias ? [bias] : [])];
  const saved = [x, rstd, ...(mean ? [mean] : []), ...(weight ? [weight] : [])];

  return record(name, inputs, shifted, saved, (gradient, tensors, needs) => {
    const [saved, savedRstd, ...more] = tensors as [Tensor, Tensor, ...Tensor[]];
    const savedMean = centers ? (more.shift() as Tensor) : null;
    const weights = more[0]?.reshape(affine) ?? null;
    const x = saved.reshape(shape);
    const grad = gradient.reshape(shape);
    // Gradients of this gradient must see that the statistics depend on the input, so then they come from it anew.
    const again = isGradEnabled() ? statisticsOver(x, dims, centers) : null;
    const average = again ? again.mean : savedMean;
    const rstd = again ? again.variance.add(eps).rsqrt() : savedRstd;
    // Anew for each of its uses: that is cheaper than to store it in between.
    const centered = (): Tensor => (average ? x.sub(average) : x);
    const product = (): Tensor => sumOver(grad.mul(centered()), common).mul(rstd);
    const total = sumOver(grad, common);
    const summed = common.length > 0 ? product() : null;
    const needsWeight = weightShape !== undefined && needs[1];
    const gradWeight = needsWeight ? sumOver(summed ?? product(), restOfWeight).reshape(weightShape) : null;
    const gradBias = biasShape && needs.at(-1) ? sumOver(total, restOfWeight).reshape(biasShape) : null;
    return [needs[0] ? gradX() : null, ...(weightShape ? [gradWeight] : []), ...(biasShape ? [gradBias] : [])];

    function gradX(): Tensor {
      // A weight for all that share statistics can wait until the end.
      const inside = (part: Tensor): Tensor => (weights && restOfStatistics.length > 0 ? part.mul(weights) : part);
      const outside = weights && restOfStatistics.length === 0 ? rstd.mul(weights) : rstd;
      const meanOf = (part: Tensor): Tensor => sumOver(inside(part), restOfStatistics).div(count);
      // In memory, each counts as one of the few buffers that one kernel may read.
      const level = average && meanOf(total).realize();
      const slope = meanOf(summed ?? product())
        .mul(rstd)
        .realize();
      const leveled = level ? inside(grad).sub(level) : inside(grad);
      // Whatever comes before, a convolution most likely, reads it more than once.
      return leveled.sub(centered().mul(slope)).mul(outside.realize()).reshape(whole).realize();
    }
  });
}

/** {@link standardize} by statistics that are constants; like weight and bias they spread over `x` in the shape `affine`. */
export function standardizeBy(
  x: Tensor,
  { mean, variance }: { readonly mean: Tensor; readonly variance: Tensor },
  affine: Shape,
  { weight, bias, eps }: Affine,
): Tensor {
  const scale = variance.reshape(affine).add(eps).rsqrt();
  const factor = weight ? scale.mul(weight.reshape(affine)) : scale;
  const scaled = x.sub(mean.reshape(affine)).mul(factor);
  return bias ? scaled.add(bias.reshape(affine)) : scaled;
}
