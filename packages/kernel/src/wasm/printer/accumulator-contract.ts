import type { ScalarType } from "../../dtype.ts";
import { is64 } from "./casts.ts";
import type { Context } from "./context.ts";

/** Vectors that gather what is reduced, several side by side so that they need not wait for each other. */
export interface Accumulators {
  /** Forgets everything. */
  clear(copies: number): void;
  /** Takes the vector on the stack. */
  take(copy: number): void;
  /**
   * Present where long runs would round too much: to be called whenever each accumulator has taken so many vectors that it shows. It moves
   * what was gathered to where more digits are kept.
   */
  flush?(copies: number): void;
  /** Combines all accumulators and lanes into lane 0 of copy 0, always in the same order. */
  fold(copies: number): void;
  pushResult(copy: number): void;
  /** Where the result was found. */
  pushIndex?(copy: number): void;
}

/** Of a vector's lanes, those `distance` bytes further. */
export const lanesFurther = (distance: number): number[] =>
  Array.from({ length: 16 }, (_, i) => Math.min(15, i + distance));

/** The distances, in bytes, at which lanes are combined until one is left. */
export const foldDistances = ({ lanes }: Context, type: ScalarType): number[] =>
  is64(type) ? [8] : lanes === 4 ? [8, 4] : [4];
