import type { PrCurve } from "../protocol.ts";
import type { LogStore } from "../runs/log-store.ts";
import { tensorNumbers, tensorShape } from "../runs/tensor-values.ts";
import { type Answer, json, RequestError } from "./answer.ts";
import { valueAtStep } from "./records.ts";

/** A precision-recall curve at a step. */
export async function prCurve(store: LogStore, query: URLSearchParams): Promise<Answer> {
  const { value, step, wallTime } = await valueAtStep(store, query, "prCurves");
  const numbers = value.tensor && tensorNumbers(value.tensor);
  const [rows, thresholds = 0] = value.tensor ? tensorShape(value.tensor) : [];
  if (numbers === undefined || rows !== 6 || numbers.length !== 6 * thresholds) {
    throw new RequestError(415, "The record is no precision-recall curve: it has not six rows of numbers.");
  }
  const row = (k: number) => Array.from({ length: thresholds }, (_, at) => numbers[k * thresholds + at] ?? 0);
  const answer: PrCurve = {
    step,
    wallTime,
    truePositives: row(0),
    falsePositives: row(1),
    trueNegatives: row(2),
    falseNegatives: row(3),
    precision: row(4),
    recall: row(5),
  };
  return json(answer);
}
