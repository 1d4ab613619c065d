import { readFileSync } from "node:fs";
import type { OptimizerStateDict } from "../src/index.ts";
import { camelCase } from "../src/state-keys.ts";

export interface ReferenceCase {
  optimizer: string;
  kwargs: Record<string, unknown>;
  dtype: "float32" | "float64";
  /** Of the parameters, where they are not those of most cases. */
  shapes?: number[][];
  params_after_step: number[][][];
  state_dict_after_5: OptimizerStateDict;
  state_dict: OptimizerStateDict;
  /** The parameters after `eval()`, of those optimizers that average. */
  averaged?: number[][];
}

interface Reference {
  shapes: number[][];
  row_shapes: number[][];
  defaults: Record<string, Record<string, unknown>>;
  cases: ReferenceCase[];
  row_cases: ReferenceCase[];
}

interface WholeReference extends Pick<Reference, "defaults" | "cases"> {
  /** A run of Muon on a parameter of shape [8, 4], whose end PyTorch's own tests know. */
  frozen: { start: number[]; gradients: number[][]; end: number[] };
  /** What matrices drawn with seed 7 become in Muon, as the bits of bfloat16. */
  orthogonalized: { shape: [number, number]; bits: number[] }[];
}

interface LBFGSReference {
  defaults: Record<string, unknown>;
  /** The numbers of each parameter, nested as its shape. */
  starts: Record<string, (number[] | number[][])[]>;
  runs: {
    function: string;
    kwargs: Record<string, unknown>;
    dtype: "float32" | "float64";
    trace: { loss: number; params: number[][]; func_evals: number; n_iter: number; shaken: number }[];
    state_dict_after_2: OptimizerStateDict;
  }[];
}

interface Papers extends Pick<Reference, "defaults" | "cases"> {
  sam: { options: { rho: number; adaptive: boolean }; trajectory: { loss: number; w: number[]; b: number }[] }[];
  lookahead: { options: { k: number; alpha: number }; trajectory: { w: number[]; b: number }[] }[];
}

const read = (file: string) => JSON.parse(readFileSync(new URL(`../reference/${file}`, import.meta.url), "utf8"));
// Recorded from torch 2.13.0 by reference/generate.py and generate_whole.py, and from packages that go beyond it by generate_others.py.
const torch: Reference = read("optimizers.json");
const whole: WholeReference = read("whole.json");
const others: Pick<Reference, "defaults" | "cases"> = read("others.json");

export const { frozen, orthogonalized } = whole;

/** Recorded from torch by generate_lbfgs.py. */
export const lbfgs: LBFGSReference = read("lbfgs.json");

/** What comes of the formulas of papers, computed by generate_papers.py. */
export const papers: Papers = read("papers.json");

export const reference: Reference = {
  ...torch,
  defaults: { ...torch.defaults, ...whole.defaults, ...others.defaults, ...papers.defaults },
  cases: [...torch.cases, ...whole.cases, ...others.cases, ...papers.cases],
};

/** PyTorch's keyword arguments as options. */
export const optionsOf = (kwargs: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [camelCase(key), value]));

/** The generator that reference/generate.py describes: `count` numbers in [-1, 1). */
export function drawn(count: number, seed: number): number[] {
  let x = seed;
  return Array.from({ length: count }, () => {
    // BigInt, since the product passes 2^53.
    x = Number((1664525n * BigInt(x) + 1013904223n) % 4294967296n);
    return (x / 4294967296) * 2 - 1;
  });
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** What parameter `i` starts from. */
export const startOf = (shape: readonly number[], i: number): number[] => drawn(sizeOf(shape), 11 + i);

/** The gradient of parameter `i` at step `t`. */
export const gradientAt = (shape: readonly number[], t: number, i: number): number[] | null =>
  t === 3 && i === 1 ? null : drawn(sizeOf(shape), 1000 + 97 * t + i);

/** The gradient by rows of parameter `i` at step `t`. */
export function rowsAt(shape: readonly number[], t: number, i: number): { indices: number[]; values: number[] } | null {
  if (t === 3 && i === 1) return null;
  const [rows = 1, ...row] = shape;
  const count = t === 6 && i === 0 ? 0 : 4;
  const indices = drawn(count, 5000 + 97 * t + i).map((value) => Math.floor(((value + 1) / 2) * rows));
  return { indices, values: drawn(count * sizeOf(row), 1000 + 97 * t + i) };
}

/** The loss that generate_papers.py trains: Σ i wᵢ² / 2 + w₁ w₂ b + b⁴, i from 1. */
export function lossOfPapers(w: ArrayLike<number>, [b = 0]: ArrayLike<number> & Iterable<number>): number {
  const [first = 0, second = 0, third = 0] = Array.from(w);
  return (first ** 2 + 2 * second ** 2 + 3 * third ** 2) / 2 + first * second * b + b ** 4;
}

export function gradientOfPapers(
  w: ArrayLike<number>,
  [b = 0]: ArrayLike<number> & Iterable<number>,
): [w: Float64Array<ArrayBuffer>, b: Float64Array<ArrayBuffer>] {
  const [first = 0, second = 0, third = 0] = Array.from(w);
  return [
    Float64Array.of(first + second * b, 2 * second + first * b, 3 * third),
    Float64Array.of(first * second + 4 * b ** 3),
  ];
}
