import { readdirSync, readFileSync } from "node:fs";
import { type Device, type DType, defaultDevice, type Tensor, tensor } from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { expect } from "vitest";
import * as nn from "../src/index.ts";
import { type AnyModule, Apply, tensorsOf } from "./any-module.ts";
import { ResNet } from "./models/resnet.ts";
import { Tagger } from "./models/tagger.ts";
import { TextClassifier } from "./models/text-classifier.ts";
import { Translator } from "./models/translator.ts";

// ../reference/README.md tells how the vectors are made; each file states its tolerance in float32 and why.

export type Numbers = readonly (number | "NaN" | "Infinity" | "-Infinity")[];

export interface Described {
  readonly dtype: "float32" | "int32" | "bool";
  readonly shape: readonly number[];
  readonly data: Numbers;
  readonly requiresGrad?: boolean;
}

/** A tensor, something that is none (true, null, a number), or a list of them. */
export type Given = Described | boolean | number | string | null | readonly Given[];

export type State = Readonly<Record<string, Described>>;

/**
 * `["Conv2d", 2, 3, 3, { "padding": 1 }]`; arguments may be such lists. A name in lower case is a function of `functional`, or, if it is
 * given a module, one of the package.
 */
export type Spec = readonly [name: string, ...args: unknown[]];

const isSpec = (value: unknown): value is Spec => Array.isArray(value) && typeof value[0] === "string";

export interface Call {
  readonly training: boolean;
  readonly inputs: readonly Given[];
  readonly named?: Readonly<Record<string, Given>>;
  readonly outputs: readonly Described[];
  readonly gradOutputs?: readonly Numbers[];
  readonly gradInputs?: readonly (Numbers | null)[];
  readonly gradParameters?: Readonly<Record<string, Numbers | null>>;
  readonly buffers?: State;
}

export interface Case {
  readonly module: Spec;
  readonly name: string;
  readonly stateDict: State;
  readonly calls: readonly Call[];
}

export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

export interface Family extends Tolerance {
  readonly family: string;
  readonly cases: readonly Case[];
}

const folder = new URL("../reference/", import.meta.url);

/** Every file of cases, by the name of its family. */
export const families: readonly Family[] = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Family)
  .filter(({ cases }) => cases.every((each) => "module" in each));

export interface Precision {
  readonly name: string;
  readonly device: () => Device;
  readonly dtype: "float32" | "float64";
  readonly toleranceOf: (family: Tolerance) => Tolerance;
  /** Cases that cannot be there, and why. */
  readonly without?: Readonly<Record<string, string>>;
}

/** Relative to the largest terms, which are around 1 before they cancel. */
const float64: Tolerance = { rtol: 1e-10, atol: 1e-11 };

/** Everything is compared in both floats. The numbers come from float64, to 13 digits. */
export const precisions: readonly Precision[] = [
  { name: "float32 on the default device", device: defaultDevice, dtype: "float32", toleranceOf: (family) => family },
  {
    name: "float64 on the reference device",
    device: reference,
    dtype: "float64",
    toleranceOf: () => float64,
  },
  {
    // As on a GPU: who looks at numbers on the way fails.
    name: "float64 on a device that cannot be read at once",
    device: () => Object.defineProperty(reference(), "readSync", { value: undefined }),
    dtype: "float64",
    toleranceOf: () => float64,
    without: { "oneHot, as many classes as there are": "the shape of the result depends on the numbers" },
  },
];

const special: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, "-Infinity": -Infinity };

const toNumbers = (numbers: Numbers): number[] =>
  numbers.map((x) => (typeof x === "string" ? (special[x] as number) : x));

/** A tensor in the dtype under test; class numbers and masks in their own. */
export const makeTensor = ({ data, shape, dtype }: Described, float: DType): Tensor =>
  tensor(Float64Array.from(toNumbers(data)), { shape, dtype: dtype === "float32" ? float : dtype });

const isDescribed = (given: unknown): given is Described =>
  typeof given === "object" && given !== null && "shape" in given;

/** What a vector gives to `forward`, with the tensors that want gradients. */
export function makeInput(given: Given, float: DType, leaves: Tensor[]): unknown {
  if (Array.isArray(given)) return given.map((each: Given) => makeInput(each, float, leaves));
  if (!isDescribed(given)) return given;
  const leaf = makeTensor(given, float);
  if (given.requiresGrad) leaf.requiresGrad = true;
  leaves.push(leaf);
  return leaf;
}

/**
 * Among the arguments `{ "tensor": [0.5, 2] }` is a tensor, a spec a module, `{ "factory": [...] }` a function that makes one, `"Infinity"` a
 * number.
 */
function makeArgument(value: unknown, float: DType): unknown {
  if (typeof value === "string") return special[value] ?? value;
  if (isSpec(value)) return build(value, float);
  if (Array.isArray(value)) return value.map((each) => makeArgument(each, float));
  if (typeof value !== "object" || value === null) return value;
  if ("tensor" in value) {
    const { tensor: data, dtype = float } = value as { tensor: number[]; dtype?: DType };
    return tensor(data, { dtype });
  }
  if ("factory" in value) return () => build(value.factory as Spec, float);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, makeArgument(each, float)]));
}

/** Whole models as users write them. */
const models = { ResNet, Tagger, TextClassifier, Translator };

/** The module a vector describes. */
export function build([name, ...args]: Spec, float: DType): AnyModule {
  const values = args.map((each) => makeArgument(each, float));
  const isFunction = name[0] === name[0]?.toLowerCase();
  const ofModules = args.some(isSpec);
  const made: unknown = (isFunction && !ofModules ? nn.functional : { ...nn, ...models })[name as never];
  if (typeof made !== "function") throw new Error(`the package has no ${name}`);
  if (!isFunction) return new (made as new (...args: unknown[]) => AnyModule)(...values).to(float);
  const call = made as (...inputs: unknown[]) => unknown;
  return ofModules ? (call(...values) as AnyModule) : new Apply(call, values);
}

/** What `loadStateDict` takes: numbers of another program. */
export const stateOf = (state: State) =>
  Object.fromEntries(Object.entries(state).map(([name, { shape, data }]) => [name, { shape, data: toNumbers(data) }]));

export async function expectNumbers(
  what: string,
  got: Tensor | null | undefined,
  want: Numbers,
  { rtol, atol }: Tolerance,
): Promise<void> {
  if (!got) return expect.fail(`${what} is missing`);
  const numbers = Array.from(await got.data(), Number);
  const wrong = toNumbers(want).flatMap((w, k) => {
    const g = numbers[k] ?? Number.NaN;
    const near = Object.is(g, w) || g === w || Math.abs(g - w) <= atol + rtol * Math.abs(w);
    return near ? [] : [`[${k}] ${g} instead of ${w}`];
  });
  expect(wrong.slice(0, 8), `${what}: ${wrong.length} of ${want.length} numbers are off`).toEqual([]);
  expect(numbers.length, what).toBe(want.length);
}

/** Results of a module against those of a vector: shapes and numbers. */
export async function expectTensors(
  what: string,
  result: unknown,
  wanted: readonly Described[],
  tolerance: Tolerance,
): Promise<Tensor[]> {
  const got = tensorsOf(result);
  expect(
    got.map(({ shape }) => shape),
    `shapes of ${what}`,
  ).toEqual(wanted.map(({ shape }) => shape));
  for (const [k, { data }] of wanted.entries()) await expectNumbers(`${what} ${k}`, got[k], data, tolerance);
  return got;
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
    await expectNumbers(`${what}, ${name}`, got.get(name), data, tolerance);
  }
}
