import { type MaybePromise, whenThere } from "../maybe-promise.ts";
import { OptionError } from "../options/option-error.ts";
import { dataTypes } from "../protos/data-types.ts";
import type { SummaryMetadata, SummaryValue } from "../protos/messages.ts";
import type { Numbers } from "../values/numbers.ts";
import { asNumbers, readNumbers } from "../values/read-numbers.ts";

/** How a scalar is kept. */
export interface ScalarForm {
  /**
   * Keep it as a tensor for the plugin `scalars` rather than as `simpleValue`. TensorBoard loads these faster.
   *
   * @defaultValue false
   */
  newStyle?: boolean;
  /**
   * With `newStyle`, keep all of a double. Otherwise it is rounded to float32.
   *
   * @defaultValue false
   */
  doublePrecision?: boolean;
  /** What TensorBoard shows instead of the tag. */
  displayName?: string;
  /** Markdown that TensorBoard shows with the chart. */
  summaryDescription?: string;
}

/** The one number in `value`, at once if it is here. */
export function readScalar(where: string, what: string, value: Numbers): MaybePromise<number> {
  if (typeof value === "number") return value;
  return whenThere(readNumbers(where, what, value), (values) => {
    const numbers = asNumbers(values);
    const only = numbers[0];
    if (only === undefined || numbers.length > 1) {
      const has = `shape [${values.shape.join(", ")}] has ${numbers.length}`;
      throw new OptionError(`${where}: ${what} must be one number, but ${has}. Give its mean, or one of its elements.`);
    }
    return only;
  });
}

/** A scalar, as PyTorch's writer keeps it, and as tensorboardX's does if there are words with it. */
export function scalarValue(tag: string, scalar: number, form: ScalarForm): SummaryValue {
  const { newStyle = false, doublePrecision = false, displayName, summaryDescription } = form;
  const words: SummaryMetadata = {
    ...(displayName && { displayName }),
    ...(summaryDescription && { summaryDescription }),
  };
  if (!newStyle) return { tag, simpleValue: scalar, ...((displayName || summaryDescription) && { metadata: words }) };
  const tensorShape = { dim: [] };
  const tensor = doublePrecision
    ? { dtype: dataTypes.float64, tensorShape, doubleVal: [scalar] }
    : { dtype: dataTypes.float32, tensorShape, floatVal: [scalar] };
  return { tag, tensor, metadata: { pluginData: { pluginName: "scalars" }, ...words } };
}
