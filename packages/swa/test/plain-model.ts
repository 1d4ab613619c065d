import { readFileSync } from "node:fs";
import {
  type AnyAvgFn,
  type AnyMultiAvgFn,
  type Averageable,
  type AverageableModel,
  getEmaAvgFn,
  getEmaMultiAvgFn,
  getSwaAvgFn,
  getSwaMultiAvgFn,
} from "../src/index.ts";
import { PlainTensor } from "./plain-tensor.ts";

/** Of each tensor, by its name. */
export type Numbers = Readonly<Record<string, readonly number[]>>;

/** Recorded from torch 2.13.0 by reference/generate.py. */
export const reference = JSON.parse(readFileSync(new URL("../reference/averages.json", import.meta.url), "utf8")) as {
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly models: readonly Numbers[];
  readonly cases: readonly {
    readonly form: string;
    readonly useBuffers: boolean;
    readonly after: Readonly<Record<string, Numbers>>;
  }[];
};

/** How the averages of the reference were made. */
export const forms: Readonly<Record<string, { readonly avgFn?: AnyAvgFn; readonly multiAvgFn?: AnyMultiAvgFn }>> = {
  default: {},
  getSwaAvgFn: { avgFn: getSwaAvgFn() },
  getSwaMultiAvgFn: { multiAvgFn: getSwaMultiAvgFn() },
  getEmaAvgFn: { avgFn: getEmaAvgFn(0.9) },
  getEmaMultiAvgFn: { multiAvgFn: getEmaMultiAvgFn(0.9) },
  "getEmaMultiAvgFn()": { multiAvgFn: getEmaMultiAvgFn() },
};

export type MakeNumbers<T> = (shape: readonly number[], isFloat: boolean) => T;

/** Kinds of numbers that all tests of averages run with. */
export const kinds = {
  "typed arrays": (shape, isFloat) => {
    const size = shape.reduce((product, each) => product * each, 1);
    return isFloat ? new Float64Array(size) : new BigInt64Array(size);
  },
  tensors: (shape, isFloat) =>
    new PlainTensor(shape, new Float64Array(shape.reduce((product, each) => product * each, 1)), {
      dtype: isFloat ? "float64" : "int64",
    }),
} satisfies Record<string, MakeNumbers<Averageable>>;

const isBuffer = (name: string): boolean => /running_|num_batches/.test(name);

/** The model of the reference, of no library. */
export class PlainModel<T extends Averageable> implements AverageableModel {
  readonly #state: ReadonlyMap<string, T>;

  constructor(make: MakeNumbers<T>) {
    this.#state = new Map(
      Object.entries(reference.shapes).map(([name, shape]) => [name, make(shape, !name.includes("num_batches"))]),
    );
  }

  namedParameters(): [string, T][] {
    return [...this.#state].filter(([name]) => !isBuffer(name));
  }

  namedBuffers(): [string, T][] {
    return [...this.#state].filter(([name]) => isBuffer(name));
  }

  stateDict(): ReadonlyMap<string, T> {
    return this.#state;
  }

  /** Become what the model of the reference was at an update. */
  become(numbers: Numbers | undefined): void {
    for (const [name, value] of this.#state) write(value, numbers?.[name] ?? []);
  }

  numbers(): Record<string, number[]> {
    return Object.fromEntries([...this.#state].map(([name, value]) => [name, numbersOf(value)]));
  }
}

function write(value: Averageable, numbers: readonly number[]): void {
  if (value instanceof PlainTensor) value.values.set(numbers);
  else if (value instanceof BigInt64Array) value.set(numbers.map(BigInt));
  else (value as Float64Array).set(numbers);
}

export const numbersOf = (value: unknown): number[] =>
  Array.from(
    value instanceof PlainTensor
      ? value.values
      : ((value as { data?: ArrayLike<number> }).data ?? (value as ArrayLike<number>)),
    Number,
  );
