import type { PbfWriter } from "pbf";
import { OptionError } from "../options/option-error.ts";
import { dataTypes } from "../protos/data-types.ts";
import { encode } from "../protos/encode.ts";
import type { SummaryValue } from "../protos/messages.ts";
import { asNumbers, type Values } from "../values/read-numbers.ts";

/** At each threshold, how many predictions at or above it are right, and so on. All have the same length. */
export interface PrCurve {
  readonly truePositiveCounts: ArrayLike<number>;
  readonly falsePositiveCounts: ArrayLike<number>;
  readonly trueNegativeCounts: ArrayLike<number>;
  readonly falseNegativeCounts: ArrayLike<number>;
  readonly precision: ArrayLike<number>;
  readonly recall: ArrayLike<number>;
}

/** The names of the rows, in the order they are kept. */
const rows = [
  "truePositiveCounts",
  "falsePositiveCounts",
  "trueNegativeCounts",
  "falseNegativeCounts",
  "precision",
  "recall",
] as const;

/** More break the plugin: PyTorch's writer has the same bound. */
const mostThresholds = 127;

/** No precision or recall is of fewer: it would be 0 / 0. */
const leastCount = 1e-7;

/**
 * Precision and recall at evenly spaced thresholds from 0 to 1.
 *
 * @param weights - one for all, or one for each
 * @throws {OptionError} if there are not as many labels as predictions, or a prediction is not from 0 to 1
 */
export function computePrCurve(labels: Values, predictions: Values, weights: Values, numThresholds: number): PrCurve {
  const n = Math.min(numThresholds, mostThresholds);
  const [isPositive, probabilities, perPrediction] = [asNumbers(labels), asNumbers(predictions), asNumbers(weights)];
  sameLength("addPrCurve", "labels", isPositive, "predictions", probabilities);
  if (weights.shape.length > 0) sameLength("addPrCurve", "weights", perPrediction, "predictions", probabilities);
  const truePositiveCounts = new Float64Array(n);
  const falsePositiveCounts = new Float64Array(n);
  for (let i = 0; i < probabilities.length; i++) {
    const probability = probabilities[i] as number;
    if (!(probability >= 0 && probability <= 1)) {
      const mend = "Predictions are probabilities: give the sigmoid or softmax of logits.";
      throw new OptionError(`addPrCurve: predictions must be from 0 to 1, got ${probability} at ${i}. ${mend}`);
    }
    const bucket = Math.floor(probability * (n - 1));
    const weight = perPrediction[weights.shape.length > 0 ? i : 0] as number;
    const positive = weight * (isPositive[i] as number);
    truePositiveCounts[bucket] = (truePositiveCounts[bucket] as number) + positive;
    falsePositiveCounts[bucket] = (falsePositiveCounts[bucket] as number) + weight - positive;
  }
  for (let i = n - 2; i >= 0; i--) {
    truePositiveCounts[i] = (truePositiveCounts[i] as number) + (truePositiveCounts[i + 1] as number);
    falsePositiveCounts[i] = (falsePositiveCounts[i] as number) + (falsePositiveCounts[i + 1] as number);
  }
  const positives = truePositiveCounts[0] ?? 0;
  const negatives = falsePositiveCounts[0] ?? 0;
  const falseNegativeCounts = truePositiveCounts.map((tp) => positives - tp);
  return {
    truePositiveCounts,
    falsePositiveCounts,
    trueNegativeCounts: falsePositiveCounts.map((fp) => negatives - fp),
    falseNegativeCounts,
    precision: truePositiveCounts.map((tp, i) => tp / Math.max(leastCount, tp + (falsePositiveCounts[i] ?? 0))),
    recall: truePositiveCounts.map((tp, i) => tp / Math.max(leastCount, tp + (falseNegativeCounts[i] ?? 0))),
  };
}

/**
 * A precision and recall curve that is there already.
 *
 * @throws {OptionError} if its rows are not of one length
 */
export function prCurveValue(where: string, tag: string, curve: PrCurve, numThresholds?: number): SummaryValue {
  for (const row of rows) sameLength(where, row, curve[row], "recall", curve.recall);
  const thresholds = curve.recall.length;
  return {
    tag,
    tensor: {
      dtype: dataTypes.float32,
      tensorShape: { dim: [{ size: rows.length }, { size: thresholds }] },
      floatVal: Float32Array.from(rows.flatMap((row) => Array.from(curve[row]))),
    },
    metadata: {
      pluginData: {
        pluginName: "pr_curves",
        content: encode(writePrCurvePluginData, Math.min(numThresholds ?? thresholds, mostThresholds)),
      },
    },
  };
}

function writePrCurvePluginData(numThresholds: number, pbf: PbfWriter): void {
  pbf.writeVarintField(2, numThresholds);
}

function sameLength(
  where: string,
  what: string,
  list: ArrayLike<number>,
  otherName: string,
  other: ArrayLike<number>,
): void {
  if (list.length === other.length) return;
  const lengths = `${what} has ${list.length} elements and ${otherName} ${other.length}`;
  throw new OptionError(`${where}: ${lengths}. Give as many of each.`);
}
