import { empty, noGrad, ShapeError, type Tensor } from "@anneal/tensor";
import { checkSize } from "../../check-options.ts";
import { Parameter } from "../../module/parameter.ts";

/** How a table of embeddings begins. */
interface TableStart {
  readonly weight?: Tensor | null;
  readonly paddingIdx?: number | null;
}

/** A learned table of `rows` rows: `weight`, or normally distributed numbers with a row of zeros at `paddingIdx`. */
export function makeTable(
  name: string,
  rows: number,
  size: number,
  { weight = null, paddingIdx = null }: TableStart,
): Parameter {
  checkSize(name, "numEmbeddings", rows, 0);
  checkSize(name, "embeddingDim", size, 0);
  if (weight) {
    if (weight.shape.join() === `${rows},${size}`) return new Parameter(weight.detach());
    throw new ShapeError(
      name,
      `the weight has the shape [${weight.shape.join(", ")}]`,
      `Give ${rows} rows of ${size} numbers, [${rows}, ${size}].`,
    );
  }
  const table = empty([rows, size]).normal_();
  if (paddingIdx !== null) noGrad(() => table.select(0, paddingIdx).zero_());
  return new Parameter(table);
}

/** Rows and size of weights learned before. */
export function sizesOf(name: string, weights: Tensor): [rows: number, size: number] {
  if (weights.ndim === 2) return weights.shape as [number, number];
  throw new ShapeError(name, `the weights have the shape [${weights.shape.join(", ")}]`, "Give a table, [rows, D].");
}
