import { type Differentiable, type DType, gradcheck, noGrad, type Tensor, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import type { Layer, Module } from "../src/index.ts";

export interface ModuleUnderTest {
  /** A new one, the same but for what is drawn at random. */
  make(): Layer;
  /** Of an input. */
  shape: readonly number[];
  /** `toString()`. */
  shown: string;
  /** Does it draw at random in training? Then it is compared in eval mode. */
  random?: boolean;
}

/** Numbers around 0 that are all different, none within 0.01 of 0 or of another: no kink is near. */
function spread(shape: readonly number[], dtype: DType): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const numbers = Float64Array.from({ length: count }, (_, i) => (((i * 37) % count) - count / 2 + 0.25) * 0.02);
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
  const result = body();
  for (const { owner, name, parameter } of places) Reflect.set(owner, name, parameter);
  return result;
}

/** What every module must do. */
export function testModule(name: string, { make, shape, shown, random = false }: ModuleUnderTest): void {
  describe(`${name}, as every module,`, () => {
    it("shows the code that makes it", () => {
      expect(String(make())).toBe(shown);
    });

    it("starts in training mode, and goes where train() and eval() say", () => {
      const module = make();
      const modes = () => [...module.modules()].map(({ training }) => training);
      expect(new Set(modes())).toEqual(new Set([true]));
      expect(module.eval()).toBe(module);
      expect(new Set(modes())).toEqual(new Set([false]));
      expect(module.train()).toBe(module);
      expect(new Set(modes())).toEqual(new Set([true]));
    });

    it("gives the same results with the state of another, and keeps its parameters", () => {
      const [one, other] = [make(), make()];
      const parameters = [...other.parameters()];
      other.loadStateDict(one.stateDict());
      const x = spread(shape, "float32");
      const [a, b] = noGrad(() => [one, other].map((module) => module.train(!random).forward(x).arraySync()));
      expect(a).toEqual(b);
      expect([...other.parameters()]).toEqual(parameters);
      expect([...other.parameters()].every((parameter, i) => parameter === parameters[i])).toBe(true);
    });

    it("has the gradients of its numbers", () => {
      const module = make().to("float64").train(!random);
      const x = spread(shape, "float64");
      x.requiresGrad = true;
      const result = (input: Tensor, ...weights: Tensor[]) => withWeights(module, weights, () => module.forward(input));
      expect(gradcheck(result as Differentiable, [x, ...module.parameters()])).toBe(true);
    });

    it("is the same after a move there and back", () => {
      const module = make();
      const before = [...module.stateDict()].map(([key, value]) => [key, value.dtype, value.arraySync()]);
      module.to("float64").to("float32");
      expect([...module.stateDict()].map(([key, value]) => [key, value.dtype, value.arraySync()])).toEqual(before);
    });
  });
}
