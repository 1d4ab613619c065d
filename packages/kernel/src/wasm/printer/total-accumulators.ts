import type { Local } from "../assembler/function-builder.ts";
import { type Accumulators, lanesFurther } from "./accumulator-contract.ts";
import type { Context } from "./context.ts";
import { identityBytes } from "./identity.ts";
import { operate } from "./operations.ts";

/** Totals in float64: of four float32 lanes, the low two and the high two; of two lanes, one vector. */
type Total = readonly Local[];

const combining = { sum: "add", prod: "mul" } as const;
const highHalf = lanesFurther(8);

/** Takes the vector of floats on the stack into a total. */
function addTo(context: Context, op: "sum" | "prod", type: "f32" | "f64", total: Total): void {
  const { f } = context;
  context.temporary(["v128"], (vector) => {
    f.set(vector);
    total.forEach((part, i) => {
      f.get(part).get(vector);
      if (i === 1) f.get(vector).shuffle(highHalf);
      if (type === "f32") f.op("f64x2.promote_low_f32x4");
      operate(context, combining[op], "f64");
      f.set(part);
    });
  });
}

/** Pushes a total as a vector of its type. */
function pushTotal({ f }: Context, type: "f32" | "f64", [low, high]: Total): void {
  f.get(low as Local);
  if (type === "f64") return;
  f.op("f32x4.demote_f64x2_zero");
  if (high === undefined) return;
  f.get(high).op("f32x4.demote_f64x2_zero");
  f.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);
}

const newTotal = ({ f, lanes }: Context, type: "f32" | "f64"): Total =>
  type === "f32" && lanes === 4 ? [f.local("v128"), f.local("v128")] : [f.local("v128")];

/**
 * Sums and products of floats. A run of vectors is gathered in their own type, its result in float64: the error is that of a short run, no
 * matter how many there are.
 */
export class TotalAccumulators implements Accumulators {
  readonly #context: Context;
  readonly #op: "sum" | "prod";
  readonly #type: "f32" | "f64";
  readonly #vectors: readonly Local[];
  /** One for all accumulators along a row, one for each of the columns. */
  readonly #totals: readonly Total[];
  readonly #byRows: boolean;

  constructor(
    context: Context,
    op: "sum" | "prod",
    type: "f32" | "f64",
    { copies, by }: { copies: number; by: "rows" | "columns" },
  ) {
    this.#context = context;
    this.#op = op;
    this.#type = type;
    this.#byRows = by === "rows";
    this.#vectors = Array.from({ length: copies }, () => context.f.local("v128"));
    this.#totals = Array.from({ length: this.#byRows ? 1 : copies }, () => newTotal(context, type));
  }

  clear(copies: number): void {
    const identity = this.#context.bytes(identityBytes(this.#op, "f64"));
    for (const part of this.#totals.slice(0, copies).flat()) this.#context.f.get(identity).set(part);
    this.#clearVectors(copies);
  }

  take(copy: number): void {
    const vector = this.#vectors[copy] as Local;
    this.#context.f.get(vector);
    operate(this.#context, combining[this.#op], this.#type);
    this.#context.f.set(vector);
  }

  flush(copies: number): void {
    const { f } = this.#context;
    const vectors = this.#vectors.slice(0, copies);
    if (this.#byRows) {
      vectors.forEach((vector, i) => {
        f.get(vector);
        if (i > 0) operate(this.#context, combining[this.#op], this.#type);
      });
      addTo(this.#context, this.#op, this.#type, this.#totals[0] as Total);
    } else {
      vectors.forEach((vector, i) => {
        f.get(vector);
        addTo(this.#context, this.#op, this.#type, this.#totals[i] as Total);
      });
    }
    this.#clearVectors(copies);
  }

  fold(copies: number): void {
    const { f } = this.#context;
    this.flush(copies);
    const [low, high] = this.#totals[0] as [Local, Local | undefined];
    const combine = (): void => operate(this.#context, combining[this.#op], "f64");
    f.get(low);
    if (high !== undefined) {
      f.get(high);
      combine();
    }
    f.tee(low).get(low).get(low).shuffle(highHalf);
    combine();
    f.set(low);
  }

  pushResult(copy: number): void {
    if (!this.#byRows) pushTotal(this.#context, this.#type, this.#totals[copy] as Total);
    else pushTotal(this.#context, this.#type, (this.#totals[0] as Total).slice(0, 1));
  }

  #clearVectors(copies: number): void {
    const identity = this.#context.bytes(identityBytes(this.#op, this.#type));
    for (const vector of this.#vectors.slice(0, copies)) this.#context.f.get(identity).set(vector);
  }
}

/** Sums and products of float32 whose every step is taken in float64: of running ones each value is right, and products stay in range. */
export class DoubleAccumulators implements Accumulators {
  readonly #context: Context;
  readonly #op: "sum" | "prod";
  readonly #totals: readonly Total[];

  constructor(context: Context, op: "sum" | "prod", copies: number) {
    this.#context = context;
    this.#op = op;
    this.#totals = Array.from({ length: copies }, () => newTotal(context, "f32"));
  }

  clear(copies: number): void {
    const identity = this.#context.bytes(identityBytes(this.#op, "f64"));
    for (const part of this.#totals.slice(0, copies).flat()) this.#context.f.get(identity).set(part);
  }

  take(copy: number): void {
    addTo(this.#context, this.#op, "f32", this.#totals[copy] as Total);
  }

  fold(copies: number): void {
    const parts = this.#totals.slice(0, copies).flat();
    const [result] = parts as [Local];
    for (const part of parts.slice(1)) {
      this.#context.f.get(part);
      addTo(this.#context, this.#op, "f64", [result]);
    }
    this.#context.f.get(result).get(result).shuffle(highHalf);
    addTo(this.#context, this.#op, "f64", [result]);
  }

  pushResult(copy: number): void {
    pushTotal(this.#context, "f32", this.#totals[copy] as Total);
  }
}
