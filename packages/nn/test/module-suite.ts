import { cat, type Differentiable, type DType, gradcheck, noGrad, type Tensor, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import type { Module } from "../src/index.ts";
import { type AnyModule, tensorsOf } from "./any-module.ts";

export interface ModuleUnderTest {
  /** A new one, the same but for what is drawn at random. */
  make(): Module;
  /** Of its one input, where that is a tensor of floats. */
  shape?: readonly number[];
  /** Its inputs otherwise. Floats have the dtype given and may want gradients; see {@link spread}. */
  inputs?: (dtype: DType) => readonly unknown[];
  /** `toString()`. */
  shown: string;
  /** Does it draw at random in training? Then it is compared in eval mode. */
  random?: boolean;
}

/** Numbers around 0 that are all different, none within 0.01 of 0 or of another: no kink is near. */
export function spread(shape: readonly number[], dtype: DType): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  // A step that shares no factor with the count reaches every number once.
  const step = [37, 41, 43, 47].find((prime) => count % prime !== 0) as number;
  const numbers = Float64Array.from({ length: count }, (_, i) => (((i * step) % count) - count / 2 + 0.25) * 0.02);
  return tensor(numbers, { shape, dtype });
}

/** Run `body` with other tensors in the place of a module's parameters. */
function withWeights<Result>(module: Module, weights: readonly Tensor[], body: () => Result): Result {
  const owners = new Map(module.namedModules());
  const places = [...module.namedParameters()].map(([path, parameter]) => {
    const dot = path.lastIndexOf(".");
    return { owner: owners.get(path.slice(0, Math.max(dot, 0))) as Module, name: path.slice(dot + 1), parameter };
  });
  places.forEach(({ owner, name }, i) => void Reflect.set(owner, name, weights[i]));
  try {
    return body();
  } finally {
    for (const { owner, name, parameter } of places) Reflect.set(owner, name, parameter);
  }
}

/** All floats of a result as one tensor. */
const joined = (result: unknown): Tensor =>
  cat(
    tensorsOf(result)
      .filter(({ dtype }) => dtype.startsWith("float"))
      .map((each) => each.flatten()),
  );

/** What every module must do. */
export function testModule(name: string, { make, shape = [], inputs, shown, random = false }: ModuleUnderTest): void {
  const given = inputs ?? ((dtype: DType) => [spread(shape, dtype)]);
  const made = () => make() as AnyModule;

  describe(`${name}, as every module,`, () => {
    it("shows the code that makes it", () => {
      expect(String(made())).toBe(shown);
    });

    it("starts in training mode, and goes where train() and eval() say", () => {
      const module = made();
      const modes = () => [...module.modules()].map(({ training }) => training);
      expect(new Set(modes())).toEqual(new Set([true]));
      expect(module.eval()).toBe(module);
      expect(new Set(modes())).toEqual(new Set([false]));
      expect(module.train()).toBe(module);
      expect(new Set(modes())).toEqual(new Set([true]));
    });

    it("gives the same results with the state of another, and keeps its parameters", () => {
      const [one, other] = [made(), made()];
      const parameters = [...other.parameters()];
      other.loadStateDict(one.stateDict());
      const x = given("float32");
      const [a, b] = noGrad(() =>
        [one, other].map((module) => tensorsOf(module.train(!random).forward(...x)).map((each) => each.arraySync())),
      );
      expect(a).toEqual(b);
      expect([...other.parameters()]).toEqual(parameters);
      expect([...other.parameters()].every((parameter, i) => parameter === parameters[i])).toBe(true);
    });

    it("has the gradients of its numbers", () => {
      const module = made().to("float64").train(!random);
      const all = given("float64");
      const floats = tensorsOf(all).filter(({ dtype }) => dtype === "float64");
      for (const each of floats) each.requiresGrad = true;
      const result = (...tensors: Tensor[]) => {
        const now = new Map(floats.map((each, i) => [each, tensors[i] as Tensor]));
        const replaced = all.map((each) => replace(each, now));
        return withWeights(module, tensors.slice(floats.length), () => joined(module.forward(...replaced)));
      };
      const leaves = [...floats, ...module.parameters()];
      if (leaves.length > 0) expect(gradcheck(result as Differentiable, leaves)).toBe(true);
    });

    it("is the same after a move there and back", () => {
      const module = made();
      const before = [...module.stateDict()].map(([key, value]) => [key, value.dtype, value.arraySync()]);
      module.to("float64").to("float32");
      expect([...module.stateDict()].map(([key, value]) => [key, value.dtype, value.arraySync()])).toEqual(before);
    });
  });
}

/** The same inputs with other tensors. */
function replace(value: unknown, now: ReadonlyMap<unknown, Tensor>): unknown {
  const other = now.get(value);
  if (other) return other;
  if (Array.isArray(value)) return value.map((each) => replace(each, now));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replace(each, now)]));
}
