import { readFileSync } from "node:fs";
import { type Device, type DType, defaultDevice, type Tensor, tensor } from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { expect } from "vitest";
import {
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  Dropout,
  Flatten,
  type Layer,
  Linear,
  MaxPool2d,
  ReLU,
  Sequential,
} from "../src/index.ts";

// ../reference/README.md tells how the vectors are made; each file states its tolerance and why.

export type Numbers = readonly (number | "NaN" | "Infinity" | "-Infinity")[];

export interface Described {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: Numbers;
  readonly requiresGrad?: boolean;
  readonly view?: readonly (readonly ["permute", number[]])[];
}

export type State = Readonly<Record<string, Described>>;

export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** `["Conv2d", 2, 3, 3, { "padding": 1 }]`; `Sequential` holds such lists. */
export type Spec = readonly [name: string, ...args: unknown[]];

export const readVectors = <Content>(name: string): Content & Tolerance =>
  JSON.parse(readFileSync(new URL(`../reference/${name}.json`, import.meta.url), "utf8"));

/** Everything is compared on each of these. */
export const devices: readonly (readonly [name: string, make: () => Device])[] = [
  ["the default device", defaultDevice],
  ["reference", reference],
];

const kinds = { BatchNorm1d, BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU };

/** The layer a vector describes. */
export function build([name, ...args]: Spec): Layer {
  if (name === "Sequential") return new Sequential(...(args as Spec[]).map(build));
  const Kind = (kinds as unknown as Readonly<Record<string, new (...args: unknown[]) => Layer>>)[name];
  if (!Kind) throw new Error(`the package has no ${name}`);
  return new Kind(...args);
}

const special: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, "-Infinity": -Infinity };

const toNumbers = (numbers: Numbers): number[] =>
  numbers.map((x) => (typeof x === "string" ? (special[x] as number) : x));

export const make = ({ data, shape, dtype }: Described): Tensor =>
  tensor(Float64Array.from(toNumbers(data)), { shape, dtype });

/** What `loadStateDict` takes: numbers of another program. */
export const stateOf = (state: State) =>
  Object.fromEntries(Object.entries(state).map(([name, { shape, data }]) => [name, { shape, data: toNumbers(data) }]));

export async function expectNumbers(
  what: string,
  got: Tensor | null,
  want: Numbers,
  tolerance: Tolerance,
): Promise<void> {
  if (!got) return expect.fail(`${what} is missing`);
  const numbers = Array.from(await got.data(), Number);
  const wanted = toNumbers(want);
  const wrong = wanted.flatMap((w, k) => {
    const g = numbers[k] ?? Number.NaN;
    const near = Object.is(g, w) || g === w || Math.abs(g - w) <= tolerance.atol + tolerance.rtol * Math.abs(w);
    return near ? [] : [`[${k}] ${g} instead of ${w}`];
  });
  expect(wrong.slice(0, 8), `${what}: ${wrong.length} of ${wanted.length} numbers are off`).toEqual([]);
  expect(numbers.length, what).toBe(wanted.length);
}

/** The same names in the same order, the same shapes and numbers. */
export async function expectState(
  what: string,
  got: ReadonlyMap<string, Tensor>,
  want: State,
  tolerance: Tolerance,
): Promise<void> {
  expect([...got.keys()], what).toEqual(Object.keys(want));
  for (const [name, { shape, data }] of Object.entries(want)) {
    expect(got.get(name)?.shape, `${what}, ${name}`).toEqual(shape);
    await expectNumbers(`${what}, ${name}`, got.get(name) ?? null, data, tolerance);
  }
}
