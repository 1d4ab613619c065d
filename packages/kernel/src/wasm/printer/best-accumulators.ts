import type { ScalarType } from "../../dtype.ts";
import type { Local } from "../assembler/function-builder.ts";
import { type Accumulators, foldDistances, lanesFurther } from "./accumulator-contract.ts";
import { is64, widenMask } from "./casts.ts";
import type { Context } from "./context.ts";
import { identityBytes } from "./identity.ts";
import { operate } from "./operations.ts";

/** argmax and argmin: the best value of each lane and where it was found. NaN beats everything, the first place wins a tie. */
export class BestAccumulators implements Accumulators {
  readonly #context: Context;
  readonly #op: "argmax" | "argmin";
  readonly #type: ScalarType;
  readonly #places: Local;
  readonly #byRows: boolean;
  readonly #best: readonly Local[];
  readonly #at: readonly Local[];

  constructor(
    context: Context,
    op: "argmax" | "argmin",
    type: ScalarType,
    { copies, by, places }: { copies: number; by: "rows" | "columns"; places: Local },
  ) {
    this.#context = context;
    this.#op = op;
    this.#type = type;
    this.#places = places;
    this.#byRows = by === "rows";
    this.#best = Array.from({ length: copies }, () => context.f.local("v128"));
    this.#at = Array.from({ length: copies }, () => context.f.local("v128"));
  }

  clear(copies: number): void {
    const { f } = this.#context;
    const identity = this.#context.bytes(identityBytes(this.#op, this.#type));
    const zero = this.#context.bytes(Array(16).fill(0));
    for (let copy = 0; copy < copies; copy++) {
      f.get(identity).set(this.#best[copy] as Local);
      f.get(zero).set(this.#at[copy] as Local);
    }
  }

  take(copy: number): void {
    const { f, lanes } = this.#context;
    this.#context.temporary(["v128", "v128", "v128"], (value, place, better) => {
      f.set(value).get(this.#places);
      if (this.#byRows && copy > 0) {
        f.get(this.#context.bytes([0, 1, 2, 3].flatMap(() => [copy * lanes, 0, 0, 0]))).op("i32x4.add");
      }
      f.set(place);
      this.#pushBetter(value, this.#best[copy] as Local);
      f.set(better);
      this.#replace(copy, value, place, better);
    });
  }

  fold(copies: number): void {
    const { f } = this.#context;
    this.#context.temporary(["v128", "v128"], (value, place) => {
      for (let copy = 1; copy < copies; copy++) this.#merge(this.#best[copy] as Local, this.#at[copy] as Local);
      const [best] = this.#best as [Local];
      const [at] = this.#at as [Local];
      for (const distance of foldDistances(this.#context, this.#type)) {
        f.get(best).get(best).shuffle(lanesFurther(distance)).set(value);
        // Places are 32-bit lanes, whatever the values are.
        const further = lanesFurther(is64(this.#type) ? 4 : distance);
        f.get(at).get(at).shuffle(further).set(place);
        this.#merge(value, place);
      }
    });
  }

  pushResult(copy: number): void {
    this.#context.f.get(this.#best[copy] as Local);
  }

  pushIndex(copy: number): void {
    this.#context.f.get(this.#at[copy] as Local);
  }

  /** Takes values found elsewhere into copy 0: the better one, of equals the one found first. */
  #merge(value: Local, place: Local): void {
    const { f } = this.#context;
    const [best] = this.#best as [Local];
    const [at] = this.#at as [Local];
    this.#context.temporary(["v128"], (better) => {
      this.#pushSame(value, best);
      f.get(place).get(at).op("i32x4.lt_s").op("v128.and");
      this.#pushBetter(value, best);
      f.op("v128.or").set(better);
      this.#replace(0, value, place, better);
    });
  }

  #replace(copy: number, value: Local, place: Local, better: Local): void {
    const { f } = this.#context;
    const best = this.#best[copy] as Local;
    const at = this.#at[copy] as Local;
    f.get(value).get(best).get(better);
    if (is64(this.#type)) widenMask(this.#context);
    f.op("v128.bitselect").set(best);
    f.get(place).get(at).get(better).op("v128.bitselect").set(at);
  }

  /** Pushes where `a` beats `b`. */
  #pushBetter(a: Local, b: Local): void {
    const { f } = this.#context;
    const isLargest = this.#op === "argmax";
    if (this.#type !== "f32" && this.#type !== "f64") {
      f.get(a).get(b);
      operate(this.#context, isLargest ? "gt" : "lt", this.#type);
      return;
    }
    // Not (a <= b): greater, or one of them is NaN; and that is not b.
    f.get(b).get(b);
    operate(this.#context, "eq", this.#type);
    f.get(a).get(b);
    operate(this.#context, isLargest ? "le" : "ge", this.#type);
    f.op("v128.andnot");
  }

  /** Pushes where `a` and `b` are equal, or both NaN. */
  #pushSame(a: Local, b: Local): void {
    const { f } = this.#context;
    f.get(a).get(b);
    operate(this.#context, "eq", this.#type);
    if (this.#type !== "f32" && this.#type !== "f64") return;
    f.get(a).get(a);
    operate(this.#context, "ne", this.#type);
    f.get(b).get(b);
    operate(this.#context, "ne", this.#type);
    f.op("v128.and").op("v128.or");
  }
}
