import { readdirSync, readFileSync } from "node:fs";
import type { DType } from "@anneal/kernel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as anneal from "./index.ts";
import { type Device, setDefaultDevice, Tensor, tensor, wasm } from "./index.ts";
import { reference } from "./reference.ts";

// Values and gradients of every op against PyTorch's, on every CPU device. ../reference/README.md tells how the vectors are made; each file
// states its tolerance and why.

const devices: Readonly<Record<string, () => Device | Promise<Device>>> = {
  "wasm, one thread": () => wasm({ threads: 1 }),
  "wasm, three threads": () => wasm({ threads: 3 }),
  reference,
};

type Json = number | string | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Numbers = readonly (number | "NaN" | "Infinity" | "-Infinity")[];
type Step = readonly [method: string, ...args: Json[]];

interface Described {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: Numbers;
  readonly requiresGrad?: boolean;
  readonly view?: readonly Step[];
}

interface Case {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly Described[];
  readonly args?: readonly Json[];
  readonly through?: readonly Step[];
  readonly atol?: number;
  readonly signedZeros?: boolean;
  readonly outputs: readonly Described[];
  readonly gradOutputs?: readonly (Numbers | null)[];
  readonly grads?: readonly (Numbers | null)[];
}

interface Family {
  readonly family: string;
  readonly rtol: number;
  readonly atol: number;
  readonly why: string;
  readonly cases: readonly Case[];
}

type Args = readonly unknown[];
type Call = (tensors: readonly Tensor[], args: Args) => Args;

const withBias: Call = ([x, weight, bias], [options]) => [x, weight, { ...(options as object), ...(bias && { bias }) }];
const dimThenIndex: Call = ([x, ...rest], [dim]) => [x, dim, ...rest];
const asList: Call = (tensors, args) => [tensors, ...args];

/** The argument list of an op whose call is not simply the tensors followed by the arguments. */
const calls: Readonly<Record<string, Call>> = {
  cat: asList,
  stack: asList,
  einsum: (tensors, [equation]) => [equation, tensors],
  conv1d: withBias,
  conv2d: withBias,
  conv3d: withBias,
  convTranspose1d: withBias,
  convTranspose2d: withBias,
  convTranspose3d: withBias,
  gather: dimThenIndex,
  scatterAdd: dimThenIndex,
  scatterAdd_: dimThenIndex,
  indexSelect: dimThenIndex,
  // In the pattern a number names one of the index tensors, null keeps the dimension and [start, stop] slices it.
  index: ([x, ...indices], [pattern]) => [x, (pattern as Json[]).map((p) => (typeof p === "number" ? indices[p] : p))],
};

/** Functions whose method of the same name is something else, or takes the tensors in another order. */
const functionOnly = new Set(["where", "zeros"]);

/** float16 is for storage on these devices: what PyTorch would compute in it is an error here. */
const computesInFloat16 = ({ op, inputs, outputs }: Case): boolean =>
  op !== "to" &&
  inputs.some(({ dtype }) => dtype === "float16") &&
  [...inputs, ...outputs].every(({ dtype }) => dtype !== "float32" && dtype !== "float64");

/** Exports and methods without a vector, by the reason they need none. */
const withoutVectors: Readonly<Record<string, readonly string[]>> = {
  "random numbers: checked by seed, range and distribution": [
    ..."manualSeed defaultGenerator rand randn randint randperm bernoulli randLike randnLike".split(" "),
    ..."uniform_ normal_ bernoulli_".split(" "),
  ],
  "its numbers are whatever the memory held": ["empty", "emptyLike"],
  "autograd: every case with gradients goes through it": [
    ..."backward grad requiresGrad isLeaf detach retainGrad registerHook noGrad enableGrad isGradEnabled".split(" "),
    ..."gradFn gradcheck gradgradcheck edge setNode peekGrad lentGrad recorded record".split(" "),
  ],
  "memory: nothing to compute": [
    ..."scope openScope keep memory resetPeakMemory dispose discard free isFreed handOverGrad".split(" "),
    ..."leaveToCollector moveToCurrentScope".split(" "),
  ],
  "reading: every case reads its result": "item itemSync data dataSync readInto array arraySync toString".split(" "),
  "devices and settings": "wasm realize setDefaultDevice defaultDevice".split(" "),
  "an optimizer's parameter: ../../optim checks every rule": "update updateRows saveState loadState operations".split(
    " ",
  ),
  "fields: shape and dtype are compared in every case": "ndim numel cell viewAs".split(" "),
};

const folder = new URL("../reference/", import.meta.url);
const families = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file): Family => JSON.parse(readFileSync(new URL(file, folder), "utf8")));

const exported: Readonly<Record<string, unknown>> = { ...anneal };
const methodsOf = Object.getOwnPropertyDescriptors(Tensor.prototype) as Readonly<Record<string, PropertyDescriptor>>;

interface Form {
  readonly form: string;
  readonly run: (args: Args) => unknown;
}

/** Every way the package offers to call `op`: as a function, as a method, as a property. */
function formsOf(op: string): Form[] {
  const plain = exported[op];
  const { value: method, get } = functionOnly.has(op) ? {} : (methodsOf[op] ?? {});
  return [
    ...(typeof plain === "function" ? [{ form: `${op}(x)`, run: (args: Args) => plain(...args) }] : []),
    ...(typeof method === "function"
      ? [{ form: `x.${op}()`, run: ([self, ...rest]: Args) => method.apply(self, rest) }]
      : []),
    ...(get ? [{ form: `x.${op}`, run: ([self]: Args) => get.call(self) }] : []),
  ];
}

const special: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, "-Infinity": -Infinity };

/** JSON has no NaN and no infinity: their names stand for them, in options too. */
function fromJson(value: Json): unknown {
  if (typeof value === "string") return special[value] ?? value;
  if (Array.isArray(value)) return value.map(fromJson);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, fromJson(v)]));
}

const toNumbers = (numbers: Numbers): number[] =>
  numbers.map((x) => (typeof x === "string" ? (special[x] as number) : x));

const make = (data: Numbers, shape: readonly number[], dtype: DType): Tensor =>
  tensor(toNumbers(data), { dtype }).reshape([...shape]);

const throughSteps = (x: Tensor, steps: readonly Step[] = []): Tensor =>
  steps.reduce((y, [method, ...args]) => {
    const [form] = formsOf(method);
    if (!form) throw new Error(`the view of this input needs ${method}, which the package lacks`);
    return form.run([y, ...args]) as Tensor;
  }, x);

function resultsOf(result: unknown): Tensor[] {
  if (result instanceof Tensor) return [result];
  if (Array.isArray(result)) return result;
  const { values, indices } = result as { values: Tensor; indices: Tensor };
  return [values, indices];
}

interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
  readonly signedZeros?: boolean;
}

async function expectNumbers(
  what: string,
  got: Tensor,
  want: Numbers,
  { rtol, atol, signedZeros }: Tolerance,
): Promise<void> {
  const numbers = Array.from(await got.data(), Number);
  const wanted = toNumbers(want);
  // float64 is there to check float32 by, so it has to be seven digits better.
  const unit = got.dtype === "float64" ? 1e-7 : 1;
  const wrong = wanted.flatMap((w, k) => {
    const g = numbers[k] ?? Number.NaN;
    const near = Object.is(g, w) || g === w || Math.abs(g - w) <= unit * (atol + rtol * Math.abs(w));
    const sign = !signedZeros || w !== 0 || Object.is(g < 0 || Object.is(g, -0), Object.is(w, -0));
    return near && sign ? [] : [`[${k}] ${written(g)} instead of ${written(w)}`];
  });
  expect(wrong.slice(0, 8), `${what}: ${wrong.length} of ${wanted.length} numbers are off`).toEqual([]);
  expect(numbers.length, what).toBe(wanted.length);
}

const written = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));

/** Runs one case in one form and compares its outputs, then the gradients of its inputs. */
async function check(test: Case, { form, run }: Form, tolerance: Tolerance): Promise<void> {
  const leaves = test.inputs.map(({ data, shape, dtype, requiresGrad }) => {
    const leaf = make(data, shape, dtype);
    if (requiresGrad) leaf.requiresGrad = true;
    return leaf;
  });
  const inputs = leaves.map((leaf, k) => throughSteps(leaf, test.inputs[k]?.view));
  const args = (test.args ?? []).map((arg) => (arg === null ? undefined : fromJson(arg)));
  const argumentsOf = calls[test.op] ?? ((tensors, rest) => [...tensors, ...rest]);
  let outputs: Tensor[];
  if (test.op.endsWith("_")) {
    // An in-place op may not change a leaf that wants a gradient: it changes a copy, and the whole copy is compared.
    const [first, ...others] = inputs;
    const whole = (first as Tensor).clone();
    run(argumentsOf([throughSteps(whole, test.through), ...others], args));
    outputs = [whole];
  } else {
    outputs = resultsOf(run(argumentsOf(inputs, args)));
  }
  const described = outputs.map(({ dtype, shape }) => ({ dtype, shape: [...shape] }));
  expect(described, form).toEqual(test.outputs.map(({ dtype, shape }) => ({ dtype, shape })));
  for (const [k, { data }] of test.outputs.entries()) {
    await expectNumbers(`${form}, output ${k}`, outputs[k] as Tensor, data, tolerance);
  }
  const wanted = test.outputs.map((_, k) => (test.gradOutputs?.[k] ?? null) !== null);
  expect(
    outputs.map(({ requiresGrad }) => requiresGrad),
    `${form}, which outputs require gradients`,
  ).toEqual(wanted);
  if (!test.gradOutputs || !test.grads) return;
  const seeds = outputs.flatMap((output, k) => {
    const numbers = test.gradOutputs?.[k];
    return numbers ? [{ output, grad: make(numbers, output.shape, output.dtype) }] : [];
  });
  const [first, ...more] = seeds;
  if (first && more.length === 0) first.output.backward(first.grad);
  else {
    const terms = seeds.map(({ output, grad }) => output.mul(grad).sum());
    terms.reduce((a, b) => a.add(b)).backward();
  }
  for (const [k, leaf] of leaves.entries()) {
    if (!test.inputs[k]?.requiresGrad) continue;
    const what = `${form}, gradient of input ${k}`;
    if (!leaf.grad) throw new Error(`${what} is missing`);
    await expectNumbers(what, leaf.grad, test.grads[k] ?? [], { ...tolerance, signedZeros: false });
  }
}

describe.each(Object.entries(devices))("PyTorch's vectors on %s", (_, makeDevice) => {
  let before: Device;
  beforeAll(async () => {
    before = setDefaultDevice(await makeDevice());
  });
  afterAll(() => {
    setDefaultDevice(before);
  });

  describe.each(families)("$family", ({ rtol, atol, cases }) => {
    it.each(cases.map((test) => [test.op, test.name, test] as const))("%s: %s", async (op, _name, test) => {
      const forms = formsOf(op);
      expect(forms.length, `the package has no function and no method named ${op}`).toBeGreaterThan(0);
      for (const form of forms) {
        if (computesInFloat16(test)) {
          await expect(check(test, form, { rtol, atol })).rejects.toThrow("float16 is for storage on this device");
          continue;
        }
        await check(test, form, { rtol, atol: test.atol ?? atol, signedZeros: test.signedZeros ?? false });
      }
    });
  });
});

describe("the vectors", () => {
  const covered = new Set(families.flatMap(({ cases }) => cases.map(({ op }) => op)));
  const excused = new Set(Object.values(withoutVectors).flat());
  const offered = new Set([
    ...Object.keys(exported).filter((name) => typeof exported[name] === "function" && /^[a-z]/.test(name)),
    ...Object.keys(methodsOf).filter((name) => name !== "constructor"),
  ]);

  it("cover every function and method of the package, or a reason is given", () => {
    expect([...offered].filter((name) => !covered.has(name) && !excused.has(name))).toEqual([]);
  });

  it("excuse nothing that has a vector or is not there", () => {
    expect([...excused].filter((name) => covered.has(name) || !offered.has(name))).toEqual([]);
  });

  it("ask for 1e-5 relative, and absolutely for no more than the rounding of terms around 1", () => {
    for (const { family, rtol, atol, why } of families) {
      expect(rtol, family).toBe(1e-5);
      expect(atol, family).toBeLessThanOrEqual(4e-6);
      expect(why, family).not.toBe("");
    }
  });
});
