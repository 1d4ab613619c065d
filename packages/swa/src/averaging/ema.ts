import { completeOptions, OptionError, type Rule, type Table } from "@anneal/schedulers";
import { flag } from "../option-rules.ts";
import { type AnyAvgFn, type AnyMultiAvgFn, avgFnOf, multiAvgFnOf, type Share } from "./avg-fn.ts";

export interface EmaOptions {
  /**
   * Begin with a smaller decay, so that the average soon forgets what the model was like at the start:
   * `min(decay, (1 + n) / (10 + n))` after `n` models (TensorFlow's), or the smaller one of `decay` and what a function says, for instance
   * `(n) => 1 - (1 + n) ** -(2 / 3)`, which reaches 0.999 after 31,600.
   * @defaultValue false
   */
  warmup?: boolean | ((nAveraged: number) => number);
  /**
   * Weigh the models as if the average had begun with nothing, rather than with the first of them: by `decay ** age`, scaled to a sum of 1, the
   * first no more than its age allows. Adam corrects its moments likewise.
   * @defaultValue false
   */
  biasCorrection?: boolean;
}

const flagOrFunction: Rule = (value) => typeof value !== "function" && flag(value) && "true, false or a function";
const table: Table<EmaOptions> = { warmup: [flagOrFunction, false], biasCorrection: [flag, false] };

/**
 * Exponential moving average, one parameter at a time: `decay * average + (1 - decay) * value`. The first model is taken as it is.
 *
 * @param decay - share of the old average in the new one, 0 to 1 (default: 0.999)
 * @throws {OptionError} if `decay` is not from 0 to 1, or an option not what it must be
 * @see {@link https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema | torch.optim.swa_utils.get_ema_avg_fn}
 * @see {@link https://www.tensorflow.org/api_docs/python/tf/train/ExponentialMovingAverage | tf.train.ExponentialMovingAverage, for warmup}
 * @see {@link https://arxiv.org/abs/1412.6980 | Adam, Kingma & Ba 2015, section 3, for bias correction}
 * @example
 * getEmaAvgFn(0.75)(Float32Array.of(1, 2), Float32Array.of(5, 10), 1); // => Float32Array [2, 4]
 */
export const getEmaAvgFn = (decay = 0.999, options: EmaOptions = {}): AnyAvgFn =>
  avgFnOf(shareOf("getEmaAvgFn", decay, options));

/**
 * {@link getEmaAvgFn} for many parameters in place.
 *
 * @param decay - share of the old average in the new one, 0 to 1 (default: 0.999)
 * @throws {OptionError} if `decay` is not from 0 to 1, or an option not what it must be
 * @see {@link https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema | torch.optim.swa_utils.get_ema_multi_avg_fn}
 * @example
 * const averages = [Float32Array.of(1, 2)];
 * getEmaMultiAvgFn(0.75)(averages, [Float32Array.of(5, 10)], 1);
 * averages; // => [Float32Array [2, 4]]
 */
export const getEmaMultiAvgFn = (decay = 0.999, options: EmaOptions = {}): AnyMultiAvgFn =>
  multiAvgFnOf(shareOf("getEmaMultiAvgFn", decay, options));

function shareOf(where: string, decay: number, options: EmaOptions): Share {
  if (!(decay >= 0 && decay <= 1)) {
    throw new OptionError(`${where}: decay must be a number from 0 to 1, got ${decay}.`);
  }
  const { warmup, biasCorrection } = completeOptions(where, options, table);
  const ramp = warmup === true ? (n: number) => (1 + n) / (10 + n) : warmup;
  const decayAt: Share = (n) => (ramp ? Math.min(decay, ramp(n)) : decay);
  return biasCorrection ? correctedShare(decayAt) : (n) => 1 - decayAt(n);
}

/**
 * With weights `w` of the models (1 - decay of its own step, times all later decays), which sum up to 1 - ∏ decay, the mean `Σ w value / Σ w`
 * moves by the last weight over the sum.
 */
function correctedShare(decayAt: Share): Share {
  // The product up to the last question goes on from there: models come one by one.
  let [product, count] = [1, 0];
  return (nAveraged) => {
    if (count > nAveraged + 1) [product, count] = [1, 0];
    for (; count <= nAveraged; count++) product *= decayAt(count);
    // A decay of 1 weighs all alike in the limit.
    return product === 1 ? 1 / (nAveraged + 1) : (1 - decayAt(nAveraged)) / (1 - product);
  };
}
