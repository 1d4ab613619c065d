import { noGrad, OptionError, ones, record, ShapeError, scope, type Tensor, where, zeros } from "@anneal/tensor";
import { checkNumber } from "../check-options.ts";
import { checkIntegers } from "./check-integers.ts";

export interface LookupOptions {
  /** This row gets no gradient; a number below 0 counts from the end. @defaultValue null */
  readonly paddingIdx?: number | null;
  /** Rows that are looked up and longer than this are shortened to it, in place, before the lookup. @defaultValue null */
  readonly maxNorm?: number | null;
  /** The p of that length, `(Σ |x|^p)^(1/p)`. @defaultValue 2 */
  readonly normType?: number;
  /** Divide the gradient of a row by how often the input names it. @defaultValue false */
  readonly scaleGradByFreq?: boolean;
  /**
   * Let the gradient of the weight have only the rows that were looked up, for `SparseAdam`, `SGD` and `Adagrad`: a step then takes no time
   * for the others. Only a weight that is a leaf, without hooks, keeps it so. @defaultValue false
   */
  readonly sparse?: boolean;
}

/** @throws {OptionError} if an option of the lookup is out of its range */
export function checkLookup(
  name: string,
  rows: number,
  { paddingIdx = null, maxNorm = null, normType = 2 }: LookupOptions,
): void {
  if (paddingIdx !== null && !(Number.isInteger(paddingIdx) && paddingIdx >= -rows && paddingIdx < rows)) {
    throw new OptionError(
      name,
      `paddingIdx is ${paddingIdx}, and there are ${rows} rows`,
      rows === 0 ? "Leave it out." : `Give an integer from ${-rows} to ${rows - 1}.`,
    );
  }
  if (maxNorm !== null) checkNumber(name, "maxNorm", maxNorm);
  checkNumber(name, "normType", normType);
}

/** Numbers outside of the table would be somebody else's memory. Where nobody can tell without waiting for the device, nobody looks. */
function checkRows(name: string, input: Tensor, weight: Tensor): void {
  if (!input.device.readSync) return;
  const rows = weight.shape[0] as number;
  for (const each of input.dataSync()) {
    const row = Number(each);
    if (row >= 0 && row < rows) continue;
    throw new OptionError(
      name,
      `the input has ${row}, which is no row of the weight [${weight.shape.join(", ")}]`,
      rows === 0 ? "It has none." : `Rows are numbered from 0 to ${rows - 1}.`,
    );
  }
}

/** Which indices are that row's, counted from the end below 0: bool. */
export const isRow = (indices: Tensor, row: number, rows: number): Tensor => indices.eq(row < 0 ? row + rows : row);

/** How often the indices name each row, [rows]. */
const occurrences = (indices: Tensor, rows: number, { dtype, device }: Tensor): Tensor =>
  zeros([rows], { dtype, device }).scatterAdd(0, indices.flatten(), ones([indices.numel], { dtype, device }));

/** Shorten the rows that are looked up to `maxNorm`, in place. */
function renormalize(weight: Tensor, indices: Tensor, maxNorm: number, normType: number): void {
  noGrad(() =>
    scope(() => {
      const used = occurrences(indices, weight.shape[0] as number, weight)
        .gt(0)
        .unsqueeze(1);
      const norms = weight.norm({ p: normType, dim: 1, keepdim: true });
      // PyTorch's 1e-7: the row ends a little shorter than maxNorm.
      const factors = norms.add(1e-7).reciprocal().mul(maxNorm);
      weight.mul_(where(used.logicalAnd(norms.gt(maxNorm)), factors, 1)).realize();
    }),
  );
}

/**
 * Rows of a table: `weight[input]`.
 *
 * @param input - row numbers, int32 (int64 and uint8 do too), of any shape [...]
 * @param weight - the table, [rows, D]; `maxNorm` changes it in place
 * @returns [..., D]
 * @throws {OptionError} if a row is not there (on devices that hand out numbers while you wait), or an option is out of its range
 * @throws {DTypeError} if the input does not hold integers
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html | torch.nn.functional.embedding}
 * @example
 * const weight = tensor([[1, 2], [3, 4]]);
 * await embedding(tensor([1, 0], { dtype: "int32" }), weight).array(); // => [[3, 4], [1, 2]]
 */
export const embedding = (input: Tensor, weight: Tensor, options: LookupOptions = {}): Tensor =>
  lookUp("embedding", input, weight, options);

/** {@link embedding} in the name of another function. */
export function lookUp(name: string, input: Tensor, weight: Tensor, options: LookupOptions): Tensor {
  const { paddingIdx = null, maxNorm = null, normType = 2, scaleGradByFreq = false, sparse = false } = options;
  if (weight.ndim !== 2) {
    throw new ShapeError(name, `the weight has the shape [${weight.shape.join(", ")}]`, "Give a table, [rows, D].");
  }
  const [rows, size] = weight.shape as [number, number];
  checkLookup(name, rows, options);
  checkIntegers(name, "input", input);
  checkRows(name, input, weight);
  if (maxNorm !== null) renormalize(weight, input, maxNorm, normType);
  const out = weight.detach().index([input]);
  // A recipe would read the table until it is followed, and whoever changes rows of it meanwhile would have to copy all of them.
  if (sparse) out.realize();
  return record(name, [weight], out, [input], (grad, [saved]) => {
    const indices = (saved as Tensor).flatten();
    const count = indices.numel;
    let values = grad.reshape([count, size]);
    if (scaleGradByFreq) values = values.div(occurrences(indices, rows, grad).take(indices).unsqueeze(1));
    const padding = paddingIdx === null ? null : isRow(indices, paddingIdx, rows);
    if (padding) values = where(padding.unsqueeze(1), 0, values);
    if (sparse) return [{ indices: padding ? withoutPadding(indices, padding) : indices, values }];
    const table = zeros([rows, size], { dtype: grad.dtype, device: grad.device });
    return [table.scatterAdd(0, indices.unsqueeze(1).expand([count, size]), values)];
  });
}

/** Name another row in place of the padding, whose gradient is 0: how many are left nobody knows without reading. */
function withoutPadding(indices: Tensor, padding: Tensor): Tensor {
  if (indices.numel === 0) return indices;
  const another = indices.take(padding.logicalNot().to("int32").argmax(0));
  return where(padding, another, indices);
}
