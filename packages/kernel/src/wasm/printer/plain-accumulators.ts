import type { ScalarType } from "../../dtype.ts";
import type { Op } from "../../expr.ts";
import type { Reduction } from "../../kernel.ts";
import type { Local } from "../assembler/function-builder.ts";
import { type Accumulators, foldDistances, lanesFurther } from "./accumulator-contract.ts";
import type { Context } from "./context.ts";
import { combineOf, identityBytes } from "./identity.ts";
import { operate } from "./operations.ts";

/** Of operations whose order does not matter, to the bit. */
export class PlainAccumulators implements Accumulators {
  readonly #context: Context;
  readonly #op: Op;
  readonly #type: ScalarType;
  readonly #identity: Local;
  readonly #vectors: readonly Local[];

  constructor(context: Context, { op, value: { type } }: Reduction, copies: number) {
    this.#context = context;
    this.#op = ({ sum: "add", prod: "mul", max: "max", min: "min" } as const)[combineOf(op)];
    this.#type = type;
    this.#identity = context.bytes(identityBytes(op, type));
    this.#vectors = Array.from({ length: copies }, () => context.f.local("v128"));
  }

  clear(copies: number): void {
    for (const vector of this.#vectors.slice(0, copies)) this.#context.f.get(this.#identity).set(vector);
  }

  take(copy: number): void {
    const vector = this.#vectors[copy] as Local;
    this.#context.f.get(vector);
    operate(this.#context, this.#op, this.#type);
    this.#context.f.set(vector);
  }

  fold(copies: number): void {
    const { f } = this.#context;
    for (let copy = 1; copy < copies; copy++) {
      f.get(this.#vectors[copy] as Local);
      this.take(0);
    }
    const [result] = this.#vectors as [Local];
    for (const distance of foldDistances(this.#context, this.#type)) {
      f.get(result).get(result).shuffle(lanesFurther(distance));
      this.take(0);
    }
  }

  pushResult(copy: number): void {
    this.#context.f.get(this.#vectors[copy] as Local);
  }
}
