import type { HasStateDict } from "../src/training/stateful.ts";

/** A part of a training that is a plain object: numbers that it saves and loads, if there are as many. */
export interface PlainPart extends HasStateDict {
  numbers: Float32Array;
}

export function plainPart(...numbers: number[]): PlainPart {
  return {
    numbers: Float32Array.from(numbers),
    stateDict() {
      return { numbers: this.numbers };
    },
    loadStateDict(state) {
      const { data } = (state as { numbers: { data: Float32Array } }).numbers;
      if (data.length !== this.numbers.length) {
        throw new RangeError(`${data.length} numbers were saved, and there are ${this.numbers.length}.`);
      }
      this.numbers = data.slice();
    },
  };
}
