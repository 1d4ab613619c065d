import type { Bound, Kernel, KernelView, Launch } from "../../kernel.ts";
import type { Cursor, Plan } from "./plan.ts";

/** The memory the parameter block lies in, seen as words. */
export interface BlockViews {
  readonly i32: Int32Array;
  readonly f32: Float32Array;
}

/** How a launch is cut into units of work: see `work.ts`. */
export interface Work {
  /** Points of the index space, reduced ones included: what `run`'s range counts. */
  items: number;
  /** How many units there are, and how many items stand for each. */
  units: number;
  weight: number;
  /** Rows and columns of a unit, and how many units cover each. */
  tileRows: number;
  tileColumns: number;
  rowTiles: number;
  columnTiles: number;
  /** The dimension of the launch whose steps are a unit's rows, or -1. */
  rowAxis: number;
  /** Does a reduction run by columns, 1, or output by output, 0? */
  byColumns: number;
}

const header = ["units", "weight", "tileRows", "tileColumns", "rowTiles", "columnTiles", "byColumns"] as const;
export type HeaderWord = (typeof header)[number];

/** Which word of the parameter block holds what. A word is 4 bytes. */
export interface BlockLayout {
  readonly header: Readonly<Record<HeaderWord, number>>;
  /** First of the sizes: kept dimensions, then reduced ones. */
  readonly sizes: number;
  /** First of each cursor: where it starts, how it moves along each dimension. */
  readonly cursors: ReadonlyMap<Cursor, number>;
  /** The size each bound compares with. */
  readonly boundSizes: ReadonlyMap<Cursor, number>;
  readonly args: readonly number[];
  readonly words: number;
}

export function blockLayout({ kernel, kept, reduced, cursors }: Plan): BlockLayout {
  let words = 0;
  const take = (count: number): number => {
    words += count;
    return words - count;
  };
  const entries = header.map((name) => [name, take(1)] as const);
  return {
    header: Object.fromEntries(entries) as Record<HeaderWord, number>,
    sizes: take(kept + reduced),
    cursors: new Map(cursors.map((cursor) => [cursor, take(1 + kept + reduced)])),
    boundSizes: new Map(cursors.filter(({ kind }) => kind === "bound").map((cursor) => [cursor, take(1)])),
    args: kernel.args.map((type) => take(type === "f64" || type === "i64" ? 2 : 1)),
    // Evaluated last: all words are taken.
    words,
  };
}

type Encode = (launch: Launch<number>, work: Work, views: BlockViews, address: number) => void;

const scratch = new Float64Array(1);
const scratchWords = new Int32Array(scratch.buffer);

/** Writes a launch's sizes, addresses, strides and arguments into the block. Runs for every launch: plain loops over prepared arrays. */
export function blockEncoder({ kernel, kept, reduced }: Plan, layout: BlockLayout): Encode {
  const { rank } = kernel;
  const all = kept + reduced;
  const cursors = [...layout.cursors].map(([cursor, word]) => ({
    cursor,
    word,
    sizeWord: layout.boundSizes.get(cursor) ?? 0,
  }));
  const words = layout.header;
  // The launch's dimension behind each of the block's; -1 is a dimension of size 1.
  const dimensions = Array.from({ length: all }, (_, d) => (rank === 0 ? d - 1 : d));
  const permuted = [...dimensions];
  return ({ shape, inputs, outputs, args }, work, { i32, f32 }, address) => {
    const start = address >>> 2;
    i32[start + words.units] = work.units;
    i32[start + words.weight] = work.weight;
    i32[start + words.tileRows] = work.tileRows;
    i32[start + words.tileColumns] = work.tileColumns;
    i32[start + words.rowTiles] = work.rowTiles;
    i32[start + words.columnTiles] = work.columnTiles;
    i32[start + words.byColumns] = work.byColumns;
    let axes = dimensions;
    if (work.rowAxis >= 0 && work.rowAxis !== kept - 2) {
      axes = permuted;
      for (let d = 0; d < all; d++) axes[d] = d;
      axes[work.rowAxis] = kept - 2;
      axes[kept - 2] = work.rowAxis;
    }
    for (let d = 0; d < all; d++) {
      const axis = axes[d] as number;
      i32[start + layout.sizes + d] = axis < 0 ? 1 : (shape[axis] as number);
    }
    for (const { cursor, word, sizeWord } of cursors) {
      const { kind, unit, index, side } = cursor;
      const view = side === "inputs" ? inputs[index] : outputs[index];
      let from: KernelView | Bound = view as KernelView;
      let at: number;
      if (kind === "bound") {
        const bound = view?.bounds?.[cursor.bound] as Bound;
        i32[start + sizeWord] = bound.size;
        from = bound;
        at = bound.offset;
      } else {
        at = kind === "address" ? (view?.buffer as number) + from.offset * unit : from.offset;
      }
      const { strides } = from;
      const count = strides.length;
      i32[start + word] = at;
      for (let d = 0; d < all; d++) {
        const axis = axes[d] as number;
        i32[start + word + 1 + d] = axis < 0 || axis >= count ? 0 : (strides[axis] as number) * unit;
      }
    }
    encodeArguments(kernel, layout, args, i32, f32, start);
  };
}

function encodeArguments(
  kernel: Kernel,
  layout: BlockLayout,
  args: readonly number[],
  i32: Int32Array,
  f32: Float32Array,
  start: number,
): void {
  for (let i = 0; i < args.length; i++) {
    const word = start + (layout.args[i] as number);
    const value = args[i] as number;
    switch (kernel.args[i]) {
      case "f32":
        f32[word] = value;
        break;
      case "f64":
        scratch[0] = value;
        i32[word] = scratchWords[0] as number;
        i32[word + 1] = scratchWords[1] as number;
        break;
      case "i64": {
        const whole = Math.trunc(value);
        i32[word] = whole;
        i32[word + 1] = Math.floor(whole / 4294967296);
        break;
      }
      case "bool":
        i32[word] = value !== 0 ? -1 : 0;
        break;
      default:
        i32[word] = value;
    }
  }
}
