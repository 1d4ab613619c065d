import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Device,
  type Differentiable,
  type GradcheckOptions,
  gradcheck,
  gradgradcheck,
  setDefaultDevice,
  type Tensor,
  tensor,
} from "../src/index.ts";
import { reference } from "../src/reference.ts";

/** Numbers for one input: float64 that want a gradient, or any other dtype, held fixed. */
export interface GradientInput {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  /** @defaultValue "float64" */
  readonly dtype?: "float64" | "int32" | "bool";
  /** @defaultValue true for float64 */
  readonly requiresGrad?: boolean;
}

export interface GradientCase extends GradcheckOptions {
  readonly fn: Differentiable;
  readonly inputs: readonly GradientInput[];
}

/** The given numbers, in one row unless a shape says otherwise. */
export const at = (data: readonly number[], shape: readonly number[] = [data.length]): GradientInput => ({
  shape,
  data,
});

/** `numel(shape)` numbers spread over [low, high] in no order, at least (high - low) / (2 numel) apart, the same every time. */
export function spread(shape: readonly number[], low = -2, high = 2): GradientInput {
  const count = shape.reduce((product, size) => product * size, 1);
  // Steps of the golden ratio: every stretch of them is spread evenly.
  const data = Array.from({ length: count }, (_, i) => low + (high - low) * ((0.31 + i * 0.6180339887498949) % 1));
  return { shape, data };
}

/** Integers, held fixed. */
export const fixed = (data: readonly number[], shape: readonly number[] = [data.length]): GradientInput => ({
  shape,
  data,
  dtype: "int32",
});

const make = ({ shape, data, dtype = "float64", requiresGrad = dtype === "float64" }: GradientInput): Tensor => {
  const made = tensor([...data], { dtype }).reshape([...shape]);
  made.requiresGrad = requiresGrad;
  return made;
};

/**
 * Checks gradients, and their gradients, against finite differences in float64 on the reference device.
 *
 * @param table - cases by name; inputs stay away from kinks, where no difference is right
 * @example
 * testGradients({ exp: { fn: (x) => x.exp(), inputs: [spread([3])] } });
 */
export function testGradients(table: Readonly<Record<string, GradientCase>>): void {
  // Default while they run, so that a function may make tensors of its own.
  let before: Device;
  beforeAll(() => {
    before = setDefaultDevice(reference());
  });
  afterAll(() => {
    setDefaultDevice(before);
  });
  describe("gradients agree with finite differences", () => {
    it.each(Object.entries(table))("%s", (_, { fn, inputs, ...options }) => {
      expect(gradcheck(fn, inputs.map(make), options)).toBe(true);
    });
  });
  describe("gradients of gradients agree with finite differences", () => {
    it.each(Object.entries(table))("%s", (_, { fn, inputs, ...options }) => {
      expect(gradgradcheck(fn, inputs.map(make), options)).toBe(true);
    });
  });
}
