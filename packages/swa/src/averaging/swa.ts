import { type AnyAvgFn, type AnyMultiAvgFn, avgFnOf, multiAvgFnOf, type Share } from "./avg-fn.ts";

const equalShare: Share = (nAveraged) => 1 / (nAveraged + 1);

/**
 * The plain mean of all models so far, one parameter at a time: `average + (value - average) / (nAveraged + 1)`.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema | torch.optim.swa_utils.get_swa_avg_fn}
 * @see {@link https://arxiv.org/abs/1803.05407 | Averaging Weights Leads to Wider Optima, Izmailov et al. 2018}
 * @example
 * getSwaAvgFn()(Float32Array.of(1, 2), Float32Array.of(4, 8), 2); // => Float32Array [2, 4]
 */
export const getSwaAvgFn = (): AnyAvgFn => avgFnOf(equalShare);

/**
 * {@link getSwaAvgFn} for many parameters in place: what {@link AveragedModel} does if it is told nothing else.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema | torch.optim.swa_utils.get_swa_multi_avg_fn}
 * @example
 * const averages = [Float32Array.of(1, 2)];
 * getSwaMultiAvgFn()(averages, [Float32Array.of(4, 8)], 2);
 * averages; // => [Float32Array [2, 4]]
 */
export const getSwaMultiAvgFn = (): AnyMultiAvgFn => multiAvgFnOf(equalShare);
