import type { Shape } from "../core/shape.ts";
import { arange } from "../creation/arange.ts";
import { ones, zeros } from "../creation/full.ts";
import { openInnerScope } from "../memory/scope.ts";
import { cat } from "../ops/joining.ts";
import { where } from "../ops/where.ts";
import { castValue } from "../primitives/pointwise.ts";
import { putRows, sharedPlaces } from "../primitives/rows.ts";
import type { Tensor } from "../tensor.ts";
import { noGrad } from "./grad-mode.ts";
import { denseGradient, type RowGradient } from "./row-gradient.ts";

/**
 * Every row's sum at one of its places, and zeros at the others: how many rows there are need not be known, so that nothing is read from the
 * device.
 */
interface Coalesced extends RowGradient {
  /** For each index the place where the sum of its row is, [n], int32. */
  readonly places: Tensor;
}

/** What a lent gradient of all elements was made from, to see what has changed since. */
interface Lent {
  readonly dense: Tensor;
  readonly version: number;
  readonly values: Tensor;
  readonly valuesVersion: number;
}

/**
 * The gradient of some rows of a leaf. Rows add up; whoever asks for the gradient of all elements gets one made of them, and once that is
 * changed in place it is the gradient.
 */
export class SparseGradient implements RowGradient {
  readonly #shape: Shape;
  /** As they came. */
  #parts: RowGradient[] = [];
  #coalesced: Coalesced | null = null;
  #lent: Lent | null = null;

  /** @param shape - of the tensor that it is for */
  constructor(shape: Shape, first: RowGradient) {
    this.#shape = shape;
    this.add(first);
  }

  /** The rows named, in any order, those that come more than once as often: [n], int32. */
  get indices(): Tensor {
    return this.#sums().indices;
  }

  /** Every row's sum at one of its places, zeros at the others: [n, ...row]. Changes of it in place count. */
  get values(): Tensor {
    return this.#sums().values;
  }

  /** For each index the place where the sum of its row is: [n], int32. */
  get places(): Tensor {
    return this.#sums().places;
  }

  /** The gradient of all elements that was handed out, if any. */
  get lent(): Tensor | null {
    const dense = this.#lent?.dense;
    return dense && !dense.isFreed ? dense : null;
  }

  /** Was the one that was handed out changed in place? */
  get isDense(): boolean {
    return this.lent !== null && this.lent.cell.version !== this.#lent?.version;
  }

  add({ indices, values }: RowGradient): void {
    // In memory and tensors of their own: nothing of the graph must hang on them.
    const [names, numbers] = inside(() => [castValue(indices, "int32"), values].map((x) => x.detach().realize()));
    this.#parts.push({ indices: names as Tensor, values: numbers as Tensor });
    const count = this.#parts.reduce((sum, part) => sum + part.indices.numel, 0);
    // However often they come, no more than the whole.
    if (count > 2 * (this.#shape[0] as number)) this.#sums();
    // Who holds it sees gradients add up.
    if (this.lent) this.dense();
  }

  /** The gradient of all elements, the same tensor each time. */
  dense(): Tensor {
    if (this.isDense) return this.lent as Tensor;
    const { values, indices } = this.#sums();
    const valuesVersion = values.cell.version;
    const known = this.lent;
    if (known && this.#lent?.values === values && this.#lent.valuesVersion === valuesVersion) return known;
    const made = inside(() => [denseGradient({ indices, values }, this.#shape).realize()])[0] as Tensor;
    if (known) {
      known.cell.replace(made.cell.value);
      made.discard();
    }
    const dense = known ?? made;
    this.#lent = { dense, version: dense.cell.version, values, valuesVersion };
    return dense;
  }

  /** Let go of the rows; the gradient of all elements that was handed out, if any, is the caller's. */
  end(): Tensor | null {
    this.#discardRows();
    return this.lent;
  }

  #sums(): Coalesced {
    if (this.#parts.length > 0 || !this.#coalesced) {
      const parts = this.#coalesced ? [this.#coalesced, ...this.#parts] : this.#parts;
      const [indices, values, places] = inside(() => coalesce(parts, this.#shape)) as [Tensor, Tensor, Tensor];
      this.#discardRows();
      this.#coalesced = { indices, values, places };
    }
    return this.#coalesced;
  }

  #discardRows(): void {
    for (const { indices, values } of this.#parts) {
      indices.discard();
      values.discard();
    }
    if (this.#coalesced) for (const each of Object.values(this.#coalesced)) each.discard();
    this.#parts = [];
    this.#coalesced = null;
  }
}

function coalesce(parts: readonly RowGradient[], [rows = 0, ...row]: Shape): Tensor[] {
  const given = cat(parts.map(({ indices }) => indices));
  const added = cat(parts.map(({ values }) => values));
  const { dtype, device } = added;
  const isMore = given.numel > rows;
  const into = isMore ? given : sharedPlaces(given, rows);
  const values = zeros([isMore ? rows : given.numel, ...row], { dtype, device }).realize();
  putRows(values, into, added, "add");
  if (!isMore) return [given, values, into];
  // One place for each row; rows that nobody named give theirs to one that somebody did.
  const named = zeros([rows], { dtype: "int32", device }).realize();
  putRows(named, given, ones([given.numel], { dtype: "int32", device }), "set");
  const indices = where(named.gt(0), arange(rows, { dtype: "int32", device }), given.narrow(0, 0, 1)).realize();
  return [indices, values, indices.detach()];
}

/** Run `body` without recording, and take what it returns out of all scopes. */
function inside(body: () => Tensor[]): Tensor[] {
  const scope = openInnerScope();
  try {
    const made = noGrad(body);
    for (const each of made) each.leaveToCollector();
    return made;
  } finally {
    scope.close();
  }
}
