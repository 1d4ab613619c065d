import { expr, type Rule } from "@anneal/kernel";
import { describe, expect, it } from "vitest";
import { memory, ones, scope, type Tensor, tensor, zeros } from "../index.ts";

const { add, arg, load, mul, sub } = expr;

/** Momentum: m = 0.5 m + g, p = p - lr m. */
const momentum: Rule = (() => {
  const moved = add(mul(expr.f32(0.5), load(2, "f32")), load(1, "f32"));
  return {
    name: "momentum",
    state: ["m"],
    scalars: ["lr"],
    updates: [
      { slot: 2, value: moved },
      { slot: 0, value: sub(load(0, "f32"), mul(arg(0, "f32"), moved)) },
    ],
  };
})();

const parameter = (data: number[], grad: number[]): Tensor => {
  const p = tensor(data, { requiresGrad: true });
  p.grad = tensor(grad);
  return p;
};

describe("an optimizer's rule on a tensor", () => {
  it("writes the parameter and its state in place, from what they held before", () => {
    const p = parameter([1, 2], [10, 20]);
    const m = tensor([2, 4]);
    const view = p.detach().reshape([2, 1]);
    const { bytes } = memory();
    p.update(momentum, [m], [0.1]);
    expect(memory().bytes).toBe(bytes);
    expect(m.arraySync()).toEqual([11, 22]);
    expect((p.arraySync() as number[]).map((x) => x.toFixed(4))).toEqual(["-0.1000", "-0.2000"]);
    // Views of the parameter see it.
    expect(view.arraySync()).toEqual((p.arraySync() as number[]).map((x) => [x]));
  });

  it("leaves alone what was computed from the old numbers and is still a recipe", () => {
    const p = parameter([1, 2], [10, 20]);
    const m = zeros([2]);
    const [recipe, copy] = [p.detach().mul(3), p.detach().clone()];
    p.update(momentum, [m], [1]);
    expect(p.arraySync()).toEqual([-9, -18]);
    expect(recipe.arraySync()).toEqual([3, 6]);
    expect(copy.arraySync()).toEqual([1, 2]);
  });

  it("is noticed by a graph that still needs the old numbers", () => {
    const p = parameter([1, 2], [10, 20]);
    const loss = p.square().sum();
    p.update(momentum, [zeros([2])], [1]);
    expect(() => loss.backward()).toThrow("a tensor that square needs for its gradient was changed in place");
  });

  it("takes a gradient that is the parameter itself", () => {
    const p = tensor([1, 2], { requiresGrad: true });
    p.mul(1).backward(p.detach());
    p.update(momentum, [zeros([2])], [1]);
    expect(p.arraySync()).toEqual([0, 0]);
  });

  it("does nothing without a gradient", () => {
    const p = tensor([1, 2], { requiresGrad: true });
    p.update(momentum, [zeros([2])], [1]);
    expect(p.arraySync()).toEqual([1, 2]);
  });

  it("runs without a gradient where it has no use for one", () => {
    const p = tensor([1, 2], { requiresGrad: true });
    const towards: Rule = { ...momentum, updates: [{ slot: 0, value: add(load(0, "f32"), load(2, "f32")) }] };
    const view = p.detach().mul(1);
    p.update(towards, [tensor([10, 20])], [1]);
    expect(p.arraySync()).toEqual([11, 22]);
    expect(view.arraySync()).toEqual([1, 2]);
    p.grad = tensor([5, 5]);
    p.update(towards, [tensor([10, 20])], [1]);
    expect(p.arraySync()).toEqual([21, 42]);
  });

  it("takes empty parameters and float64 ones", () => {
    const none = parameter([], []);
    none.update(momentum, [zeros([0])], [1]);
    expect(none.arraySync()).toEqual([]);
    const wide = tensor([1], { dtype: "float64", requiresGrad: true });
    wide.grad = tensor([1 / 3], { dtype: "float64" });
    wide.update(momentum, [wide.zeros()], [1]);
    expect(wide.itemSync()).toBe(1 - 1 / 3);
  });

  it("says what does not fit", () => {
    const p = parameter([1, 2], [1, 2]);
    expect(() => p.update(momentum, [zeros([3])], [1])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: momentum: a parameter of float32 [2] has a slot of float32 [3]. Gradients and state have the shape and dtype of their parameter.]`,
    );
    const turned = ones([2, 3]).T;
    turned.grad = ones([3, 2]);
    expect(() => turned.update(momentum, [zeros([3, 2])], [1])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: momentum: a parameter [3, 2] is not contiguous. Optimize x.contiguous().]`,
    );
    const whole = tensor([1, 2, 3]);
    const part = whole.narrow(0, 0, 2);
    part.grad = ones([2]);
    const reader = whole.mul(2);
    expect(() => part.update(momentum, [zeros([2])], [1])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: momentum: a parameter is part of another tensor that is in use. Optimize whole tensors: x.clone().]`,
    );
    expect(reader.arraySync()).toEqual([2, 4, 6]);
  });
});

describe("an optimizer's rule on the rows that a gradient names", () => {
  /** Rows [0, 1], [2, 3], [4, 5] and, of the first and the last, gradients of ones. */
  const table = (): Tensor => {
    const x = tensor([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    x.grad = {
      indices: [2, 0, 2],
      values: tensor([
        [0.25, 0.25],
        [1, 1],
        [0.75, 0.75],
      ]),
    };
    return x;
  };

  it("writes those rows of the parameter and its state in place, once each, and no others", () => {
    const x = table();
    const m = x.zeros();
    m.add_(2);
    m.realize();
    const view = x.detach().reshape([6]);
    const { bytes } = memory();
    scope(() => x.updateRows(momentum, [m], [1]));
    expect(m.arraySync()).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
    expect(x.arraySync()).toEqual([
      [-2, -1],
      [2, 3],
      [2, 3],
    ]);
    expect(view.arraySync()).toEqual([-2, -1, 2, 3, 2, 3]);
    // The sums of the gradient, which the test holds too, and their places.
    expect(memory().bytes - bytes).toBe(6 * 4 + 3 * 4);
    scope(() => x.updateRows(momentum, [m], [0]));
    expect(m.arraySync()).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
  });

  it("takes rows of any shape, of float64, and more names than rows", () => {
    const x = tensor(new Float64Array(8), { shape: [2, 2, 2] });
    x.grad = { indices: [1, 1, 1], values: ones([3, 2, 2], { dtype: "float64" }) };
    x.updateRows(momentum, [x.zeros()], [1]);
    expect(x.flatten().arraySync()).toEqual([0, 0, 0, 0, -3, -3, -3, -3]);
    const list = zeros([3]);
    list.grad = { indices: [1], values: ones([1]) };
    list.updateRows(momentum, [list.zeros()], [1]);
    expect(list.arraySync()).toEqual([0, -1, 0]);
  });

  it("runs on all elements too, those of other rows having a gradient of 0", () => {
    const x = table();
    const m = ones([3, 2]);
    x.update(momentum, [m], [1]);
    expect(m.arraySync()).toEqual([
      [1.5, 1.5],
      [0.5, 0.5],
      [1.5, 1.5],
    ]);
    expect(x.peekGrad()).toHaveProperty("values");
  });

  it("leaves alone what was computed from the old numbers and is still a recipe", () => {
    const x = table();
    const recipe = x.detach().mul(3);
    x.updateRows(momentum, [x.zeros()], [1]);
    expect(x.select(0, 0).arraySync()).toEqual([-1, 0]);
    expect(recipe.select(0, 0).arraySync()).toEqual([0, 3]);
  });

  it("is noticed by a graph that still needs the old numbers", () => {
    const x = table();
    x.requiresGrad = true;
    const loss = x.square().sum();
    x.updateRows(momentum, [x.zeros()], [1]);
    expect(() => loss.backward()).toThrow("a tensor that square needs for its gradient was changed in place");
  });

  it("does nothing where no row is named, or the gradient is of all elements", () => {
    const x = table();
    const before = x.arraySync();
    x.grad = { indices: [], values: zeros([0, 2]) };
    x.updateRows(momentum, [x.zeros()], [1]);
    x.grad = ones([3, 2]);
    x.updateRows(momentum, [x.zeros()], [1]);
    expect(x.arraySync()).toEqual(before);
  });

  it("says what does not fit", () => {
    const x = table();
    expect(() => x.updateRows(momentum, [zeros([3])], [1])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: momentum: a parameter of float32 [3, 2] has a slot of float32 [3]. Gradients and state have the shape and dtype of their parameter.]`,
    );
  });
});

describe("a state slot", () => {
  it("is kept by its owner, whatever scope it was made in", () => {
    const p = tensor([1, 2]);
    const [slot, saved, loaded] = scope(() => {
      const slot = p.zeros();
      const saved = p.saveState(slot);
      return [() => slot, () => saved, () => p.loadState({ shape: [2], data: [3, 4] }, "m")];
    }).map((get) => get()) as [Tensor, Tensor, Tensor];
    expect([slot, saved, loaded].map((x) => x.arraySync())).toEqual([
      [0, 0],
      [0, 0],
      [3, 4],
    ]);
  });

  it("that was saved does not change with the one in use", () => {
    const p = parameter([1, 2], [10, 20]);
    const m = p.zeros();
    const saved = p.saveState(m);
    p.update(momentum, [m], [1]);
    expect(saved.arraySync()).toEqual([0, 0]);
    expect(p.loadState(m, "m").arraySync()).toEqual([10, 20]);
  });

  it("must have the shape of its parameter", () => {
    const p = tensor([1, 2]);
    expect(() => p.loadState(zeros([3]), "state 0, m")).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: state 0, m has shape [3], its parameter [2]. Load it into the model it was saved with.]`,
    );
    expect(() => p.loadState(7, "state 0, m")).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: state 0, m is no tensor and no { shape, data }. Load a state dict that an optimizer saved.]`,
    );
  });
});
