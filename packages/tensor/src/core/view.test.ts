import { describe, expect, it } from "vitest";
import { type Dice, dice } from "../../test/random.ts";
import { contiguousStrides, numelOf, type Shape } from "./shape.ts";
import {
  composeViews,
  expandView,
  isContiguous,
  isWhole,
  padView,
  permuteView,
  reshapeView,
  sliceView,
  type View,
  wholeView,
} from "./view.ts";

/** Every point of a shape, in row-major order. */
function pointsOf(shape: Shape): number[][] {
  let points: number[][] = [[]];
  for (const size of shape) points = points.flatMap((point) => Array.from({ length: size }, (_, i) => [...point, i]));
  return points;
}

const dot = (strides: readonly number[], point: readonly number[]): number =>
  point.reduce((sum, index, d) => sum + index * (strides[d] as number), 0);

/** Where a point lies in the value, or null where the view reads 0. */
function addressAt(view: View, point: readonly number[]): number | null {
  for (const bound of view.bounds ?? []) {
    const at = bound.offset + dot(bound.strides, point);
    if (at < 0 || at >= bound.size) return null;
  }
  return view.offset + dot(view.strides, point);
}

const addressesOf = (view: View): (number | null)[] => pointsOf(view.shape).map((point) => addressAt(view, point));

/** Strides and an offset that give these addresses, found by trying: null where there are none. */
function affine(shape: Shape, addresses: readonly number[]): View | null {
  if (addresses.length === 0) return wholeView(shape);
  const rows = contiguousStrides(shape);
  const offset = addresses[0] as number;
  const strides = shape.map((size, d) => (size > 1 ? (addresses[rows[d] as number] as number) - offset : 0));
  const view = { shape, strides, offset };
  return addressesOf(view).every((address, i) => address === addresses[i]) ? view : null;
}

const randomSizes = ({ integer, pick }: Dice, rank: number): number[] =>
  Array.from({ length: integer(0, rank) }, () => pick([1, 1, 2, 2, 3, 4]));

/** A few steps of the kinds that views are made by. */
function wander({ integer, pick, shuffled, unit }: Dice, start: View, steps: number, padding: boolean): View {
  let view = start;
  for (let i = 0; i < steps; i++) {
    const { shape } = view;
    if (shape.length === 0) {
      view = expandView(view, [integer(1, 3)]);
      continue;
    }
    const dim = integer(0, shape.length - 1);
    const size = shape[dim] as number;
    const step = pick(["permute", "slice", "step", "flip", "expand", "reshape", padding ? "pad" : "slice"] as const);
    if (step === "permute") view = permuteView(view, shuffled(shape.map((_, d) => d)));
    else if (step === "slice") {
      const first = integer(0, size - 1);
      view = sliceView(view, dim, first, integer(unit() < 0.05 ? 0 : 1, size - first), 1);
    } else if (step === "step") view = sliceView(view, dim, 0, Math.ceil(size / 2), 2);
    else if (step === "flip") view = sliceView(view, dim, size - 1, size, -1);
    else if (step === "expand") {
      const grown = shape.map((each) => (each === 1 && unit() < 0.5 ? integer(1, 3) : each));
      view = expandView(view, unit() < 0.3 ? [integer(1, 2), ...grown] : grown);
    } else if (step === "pad") view = padView(view, dim, integer(0, 2), integer(0, 2));
    else view = reshapeView(view, otherShape(view.shape, pick)) ?? view;
    if (numelOf(view.shape) === 0 || numelOf(view.shape) > 300) return view.shape.includes(0) ? view : start;
  }
  return view;
}

/** The same number of elements, folded otherwise. */
function otherShape(shape: Shape, pick: Dice["pick"]): number[] {
  let rest = numelOf(shape);
  const sizes: number[] = [];
  while (rest > 1) {
    const size = pick([1, 2, 3, 4, rest].filter((each) => rest % each === 0));
    sizes.push(size);
    rest /= size;
  }
  return sizes;
}

describe("composeViews", () => {
  it("leads to the same elements as one view after the other, or says that it cannot", () => {
    let composed = 0;
    for (let seed = 0; seed < 6000; seed++) {
      const choice = dice(seed);
      const inner = wander(choice, wholeView(randomSizes(choice, 3)), choice.integer(0, 3), true);
      const outer = wander(choice, wholeView(inner.shape), choice.integer(0, 3), false);
      if (numelOf(inner.shape) === 0) continue;
      const through = composeViews(outer, inner);
      const points = pointsOf(inner.shape);
      const wanted = addressesOf(outer).map((at) => addressAt(inner, points[at as number] as number[]));
      if (through) {
        composed++;
        expect(through.shape).toEqual(outer.shape);
        expect(addressesOf(through), `dice ${seed}`).toEqual(wanted);
      }
    }
    expect(composed).toBeGreaterThan(5000);
  });

  it("manages whatever strides can say, over a value without gaps", () => {
    for (let seed = 0; seed < 2000; seed++) {
      const choice = dice(seed);
      const inner = wholeView(randomSizes(choice, 4));
      const outer = wander(choice, inner, choice.integer(0, 4), false);
      if (numelOf(outer.shape) === 0) continue;
      expect(addressesOf(composeViews(outer, inner) ?? wholeView([0])), `dice ${seed}`).toEqual(addressesOf(outer));
    }
  });

  it("never reads padding as if it were computed", () => {
    const padded = padView(wholeView([3]), 0, 1, 1);
    expect(composeViews(padded, wholeView([3]))).toBeNull();
    const through = composeViews(sliceView(wholeView([5]), 0, 4, 5, -1), padded) as View;
    expect(addressesOf(through)).toEqual([null, 2, 1, 0, null]);
  });
});

describe("reshapeView", () => {
  it("keeps the elements in order, and copies exactly where no strides can say it", () => {
    let views = 0;
    for (let seed = 0; seed < 6000; seed++) {
      const choice = dice(seed);
      const view = wander(choice, wholeView(randomSizes(choice, 4)), choice.integer(0, 4), false);
      const shape = numelOf(view.shape) === 0 ? [0, 3] : otherShape(view.shape, choice.pick);
      const addresses = addressesOf(view) as number[];
      const reshaped = reshapeView(view, shape);
      const possible = affine(shape, addresses);
      expect(reshaped === null, `dice ${seed}: ${JSON.stringify(view)} as [${shape}]`).toBe(possible === null);
      if (reshaped) {
        views++;
        expect(reshaped.shape).toEqual(shape);
        expect(addressesOf(reshaped), `dice ${seed}`).toEqual(addresses);
      }
    }
    expect(views).toBeGreaterThan(4000);
  });

  it("copies what is padded", () => {
    expect(reshapeView(padView(wholeView([4]), 0, 1, 1), [2, 3])).toBeNull();
  });
});

it("isContiguous and isWhole know rows without gaps", () => {
  for (let seed = 0; seed < 3000; seed++) {
    const choice = dice(seed);
    const shape = randomSizes(choice, 3);
    const view = wander(choice, wholeView(shape), choice.integer(0, 3), true);
    const addresses = addressesOf(view);
    const dense = !view.bounds && addresses.every((address, i) => address === view.offset + i);
    expect(isContiguous(view), `dice ${seed}`).toBe(dense);
    const whole = dense && view.offset === 0 && view.shape.join() === shape.join();
    expect(isWhole(view, shape), `dice ${seed}`).toBe(whole);
  }
});

it("padView reads 0 around, also around what is padded, and crops with negative counts", () => {
  const around = padView(padView(wholeView([2]), 0, 1, 0), 0, 1, 1);
  expect(addressesOf(around)).toEqual([null, null, 0, 1, null]);
  expect(addressesOf(padView(wholeView([4]), 0, -1, -1))).toEqual([1, 2]);
  expect(addressesOf(padView(wholeView([2, 2]), 1, 1, 0))).toEqual([null, 0, 1, null, 2, 3]);
});
