import { describe, expect, it } from "vitest";
import {
  enableGrad,
  grad,
  isGradEnabled,
  keep,
  memory,
  noGrad,
  ones,
  record,
  resetPeakMemory,
  scope,
  type Tensor,
  tensor,
  where,
  zeros,
} from "../index.ts";

const leaf = (data: number | number[] | number[][]): Tensor => tensor(data, { requiresGrad: true });
const numbers = (x: Tensor | null | undefined): unknown => x?.arraySync();
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

// Expected numbers are derivatives taken by hand.

describe("backward", () => {
  it("adds up over calls, until the gradient is taken away", () => {
    const x = leaf([1, 2]);
    x.square().sum().backward();
    expect(numbers(x.grad)).toEqual([2, 4]);
    x.mul(3).sum().backward();
    expect(numbers(x.grad)).toEqual([5, 7]);
    x.grad = null;
    x.mul(3).sum().backward();
    expect(numbers(x.grad)).toEqual([3, 3]);
  });

  it("adds up over every way a tensor was used", () => {
    const x = leaf([2]);
    const y = x.mul(x); // x²
    const z = y.mul(x).add(y); // x³ + x²
    z.add(y).sum().backward(); // x³ + 2x²: 3x² + 4x
    expect(numbers(x.grad)).toEqual([20]);
  });

  it("sums where it was broadcast, and has the shape of each tensor", () => {
    const [a, b, c] = [leaf([[1], [2]]), leaf([1, 2, 3]), leaf(4)];
    a.mul(b).add(c).sum().backward();
    expect(numbers(a.grad)).toEqual([[6], [6]]);
    expect(numbers(b.grad)).toEqual([3, 3, 3]);
    expect(numbers(c.grad)).toBe(6);
  });

  it("takes the gradient of a result of several elements", () => {
    const x = leaf([1, 2]);
    x.square().backward(tensor([1, 10]));
    expect(numbers(x.grad)).toEqual([2, 40]);
  });

  it("of a leaf itself is what it is given", () => {
    const x = leaf([1, 2]);
    x.backward(tensor([3, 4]));
    expect(numbers(x.grad)).toEqual([3, 4]);
  });

  it("goes twice through a graph that is retained, and only then", () => {
    const x = leaf([3]);
    const y = x.square().sum();
    y.backward(undefined, { retainGraph: true });
    y.backward();
    expect(numbers(x.grad)).toEqual([12]);
    expect(() => y.backward()).toThrow("was freed by an earlier backward pass");
    // A part of a graph that saved nothing and was not passed may still be used.
    const shared = x.mul(2);
    shared.sum().backward();
    expect(() => shared.mul(3).sum().backward()).toThrow(
      "the graph through mul_number was freed".replace("_number", ""),
    );
  });

  it("leaves alone what wants no gradient", () => {
    const [x, y] = [leaf([1]), tensor([5])];
    const z = x.mul(y).sum();
    z.backward();
    expect(y.grad).toBeNull();
    expect([x.isLeaf, y.isLeaf, z.isLeaf]).toEqual([true, true, false]);
    expect([x.requiresGrad, y.requiresGrad, z.requiresGrad]).toEqual([true, false, true]);
  });

  it("works inside noGrad too, and records nothing", () => {
    const x = leaf([3]);
    const y = x.square().sum();
    noGrad(() => y.backward());
    expect(numbers(x.grad)).toEqual([6]);
    expect(x.grad?.requiresGrad).toBe(false);
  });

  it("flows through both values of where, and never into the untaken side", () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    where(tensor([true, false]), a, b).backward(tensor([5, 6]));
    expect(numbers(a.grad)).toEqual([5, 0]);
    expect(numbers(b.grad)).toEqual([0, 6]);
  });

  it("passes dtypes back as they came", () => {
    const wide = tensor([2], { dtype: "float64", requiresGrad: true });
    const x = leaf([3]);
    wide.mul(x).sum().backward();
    expect([wide.grad?.dtype, x.grad?.dtype]).toEqual(["float64", "float32"]);
    expect([numbers(wide.grad), numbers(x.grad)]).toEqual([[3], [2]]);
  });

  it("knows nothing of what comes after detach", () => {
    const x = leaf([2]);
    const y = x.square();
    y.mul(y.detach()).sum().backward();
    expect(numbers(x.grad)).toEqual([16]); // 4 · 2x
    expect(y.detach().requiresGrad).toBe(false);
  });

  it("of a view puts the gradient where the elements came from", () => {
    const x = leaf([1, 2, 3, 4, 5, 6]);
    const m = x.reshape([2, 3]);
    m.T.narrow(0, 1, 2)
      .flip(1)
      .mul(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      )
      .sum()
      .backward();
    expect(numbers(x.grad)).toEqual([0, 2, 4, 0, 1, 3]);
  });
});

describe("retainGrad", () => {
  it("keeps the gradient of what is no leaf", () => {
    const x = leaf([3]);
    const y = x.square();
    y.retainGrad();
    y.mul(5).sum().backward();
    expect(numbers(y.grad)).toEqual([5]);
    expect(numbers(x.grad)).toEqual([30]);
  });

  it("is harmless on a leaf", () => {
    const x = leaf([3]);
    x.retainGrad();
    x.sum().backward();
    expect(numbers(x.grad)).toEqual([1]);
  });
});

describe("hooks", () => {
  it("see the gradient, change it, and can be removed", () => {
    const x = leaf([1, 2]);
    const y = x.mul(3);
    const seen: unknown[] = [];
    const remove = y.registerHook((g) => {
      seen.push(numbers(g));
      return g.mul(10);
    });
    x.registerHook((g) => {
      seen.push(numbers(g));
      return undefined;
    });
    y.sum().backward(undefined, { retainGraph: true });
    expect(seen).toEqual([
      [1, 1],
      [30, 30],
    ]);
    expect(numbers(x.grad)).toEqual([30, 30]);
    remove();
    remove();
    x.grad = null;
    y.sum().backward();
    expect(numbers(x.grad)).toEqual([3, 3]);
  });

  it("run once, with the sum of what arrived", () => {
    const x = leaf([1]);
    const y = x.mul(2);
    let calls = 0;
    y.registerHook((g) => {
      calls++;
      expect(numbers(g)).toEqual([4]);
      return undefined;
    });
    y.add(y.mul(3)).sum().backward();
    expect(calls).toBe(1);
    expect(numbers(x.grad)).toEqual([8]);
  });

  it("may keep what they see", () => {
    const x = leaf([1]);
    let kept: Tensor | undefined;
    let lost: Tensor | undefined;
    x.mul(2).registerHook(() => undefined);
    const y = x.mul(2);
    y.registerHook((g) => {
      kept = keep(g);
      return undefined;
    });
    const z = x.mul(3);
    z.registerHook((g) => {
      lost = g;
      return undefined;
    });
    y.mul(5).add(z).sum().backward();
    expect(numbers(kept)).toEqual([5]);
    expect(() => lost?.add(1)).toThrowErrorMatchingInlineSnapshot(
      `[FreedError: tensor [1] float32: used after it was freed when backward had used it. Call keep(grad) in the hook to use it longer.]`,
    );
    kept?.dispose();
  });

  it("that throw stop backward, and leave modes and scopes as they were", () => {
    const x = leaf([1]);
    const y = x.mul(2);
    y.registerHook(() => {
      throw new Error("mine");
    });
    const { tensors } = memory();
    expect(() => scope(() => y.sum().backward())).toThrow("mine");
    expect(memory().tensors).toBe(tensors);
    expect(isGradEnabled()).toBe(true);
    expect(x.grad).toBeNull();
    expect(zeros([1]).scope).toBeNull();
  });
});

describe("grad", () => {
  it("returns gradients and leaves .grad alone", () => {
    const [x, y] = [leaf([2]), leaf([5])];
    const [dx, dy] = grad(x.square().mul(y).sum(), [x, y]);
    expect([numbers(dx), numbers(dy)]).toEqual([[20], [4]]);
    expect([x.grad, y.grad]).toEqual([null, null]);
  });

  it("of what lies between, and goes no further than it must", () => {
    const x = leaf([2]);
    const y = x.square();
    let passed = 0;
    const before = record("counted", [x], x.detach().mul(1), [], (g) => {
      passed++;
      return [g];
    });
    const z = before.mul(3);
    const [dy, dz] = grad(y.mul(z).mul(2).sum(), [y, z]);
    expect([numbers(dy), numbers(dz)]).toEqual([[12], [8]]);
    expect(passed).toBe(0);
  });

  it("gives null for what has no part, if that is allowed", () => {
    const [x, y] = [leaf([2]), leaf([5])];
    expect(grad(x.sum(), [y, x], { allowUnused: true }).map(numbers)).toEqual([undefined, [1]]);
  });

  it("sums over several outputs, each with its own gradient", () => {
    const x = leaf([2, 3]);
    const [dx] = grad([x.square(), x.sum()], [x], { gradOutputs: [tensor([1, 10]), tensor(100)] });
    expect(numbers(dx)).toEqual([104, 160]);
  });

  it("of a tensor with respect to itself is 1, and one asked for twice is given twice", () => {
    const x = leaf(7);
    expect(grad(x, [x]).map(numbers)).toEqual([1]);
    const y = x.square();
    const [a, b] = grad(y, [x, x]);
    expect([numbers(a), numbers(b)]).toEqual([14, 14]);
  });

  it("belongs to whoever asked", () => {
    const x = leaf([2]);
    let inside: Tensor | null | undefined;
    const outside = scope(() => {
      [inside] = grad(x.square().sum(), [x]);
      return grad(x.square().sum(), [x])[0];
    });
    expect(inside?.isFreed).toBe(true);
    expect(numbers(outside)).toEqual([4]);
  });
});

describe("gradients of gradients", () => {
  it("to the third order", () => {
    const x = leaf(2);
    const y = x.pow(4);
    const [d1] = grad(y, [x], { createGraph: true });
    const [d2] = grad(d1 as Tensor, [x], { createGraph: true });
    const [d3] = grad(d2 as Tensor, [x]);
    expect([d1, d2, d3].map(numbers)).toEqual([32, 48, 48]);
    expect([d1?.requiresGrad, d3?.requiresGrad]).toEqual([true, false]);
  });

  it("through backward: the gradient has a graph of its own", () => {
    const x = leaf([3]);
    x.pow(3).sum().backward(undefined, { createGraph: true });
    const first = x.grad as Tensor;
    expect(numbers(first)).toEqual([27]);
    expect(first.requiresGrad).toBe(true);
    const [second] = grad(first.sum(), [x]);
    expect(numbers(second)).toEqual([18]);
  });

  it("in a penalty on the gradient, as in training", () => {
    // d/dw (d/dx (w x²))² = d/dw 4 w² x² = 8 w x²
    const [w, x] = [leaf([3]), leaf([2])];
    const [dx] = grad(w.mul(x.square()).sum(), [x], { createGraph: true });
    (dx as Tensor).square().sum().backward();
    expect(numbers(w.grad)).toEqual([96]);
  });
});

describe("noGrad and enableGrad", () => {
  it("nest, and are put back whatever happens", () => {
    const x = leaf([1]);
    expect(isGradEnabled()).toBe(true);
    noGrad(() => {
      expect(x.mul(2).requiresGrad).toBe(false);
      enableGrad(() => expect(x.mul(2).requiresGrad).toBe(true));
      expect(isGradEnabled()).toBe(false);
      expect(() =>
        enableGrad(() => {
          throw new Error("mine");
        }),
      ).toThrow("mine");
      expect(isGradEnabled()).toBe(false);
    });
    expect(isGradEnabled()).toBe(true);
    {
      using _ = noGrad();
      expect(isGradEnabled()).toBe(false);
    }
    expect(isGradEnabled()).toBe(true);
  });

  it("last until the promise of an async body settles", async () => {
    const x = leaf([1]);
    const y = await noGrad(async () => {
      await sleep(1);
      return x.mul(2);
    });
    expect(y.requiresGrad).toBe(false);
    expect(isGradEnabled()).toBe(true);
    await expect(
      noGrad(async () => {
        await sleep(1);
        throw new Error("mine");
      }),
    ).rejects.toThrow("mine");
    expect(isGradEnabled()).toBe(true);
  });

  it("that overlap without nesting say so", async () => {
    const first = noGrad(() => sleep(2));
    const second = enableGrad(() => sleep(5));
    await expect(first).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Error: noGrad: two of them overlap in time without nesting, so each was in force during the other's work. Await one before you start the next, or run the work that overlaps in a worker of its own.]`,
    );
    await second;
    expect(isGradEnabled()).toBe(true);
  });

  it("leave requiresGrad of leaves made inside alone", () => {
    expect(noGrad(() => leaf([1])).requiresGrad).toBe(true);
  });
});

describe("updates in place", () => {
  it("are recorded on what is no leaf", () => {
    const x = leaf([2, 3]);
    const y = x.mul(2);
    y.mul_(tensor([4, 6])).add_(x);
    expect(numbers(y.detach())).toEqual([18, 39]);
    y.sum().backward();
    expect(numbers(x.grad)).toEqual([9, 13]);
  });

  it("bring a tensor that wants no gradient into the graph of what is added", () => {
    const w = leaf([2]);
    const total = zeros([1]);
    for (let i = 1; i <= 3; i++) total.add_(w.mul(i));
    expect(total.requiresGrad).toBe(true);
    total.sum().backward();
    expect(numbers(w.grad)).toEqual([6]);
  });

  it("leave what was saved before as it was, if the op keeps the old value", () => {
    // x² needs x, not its result: the result may change.
    const x = leaf([3]);
    const y = x.square();
    y.add_(100);
    y.sum().backward();
    expect(numbers(x.grad)).toEqual([6]);
  });

  it("of what was saved are an error that names the op", () => {
    const x = leaf([3]);
    const y = x.exp();
    y.add_(1);
    expect(() => y.sum().backward()).toThrow("a tensor that exp needs for its gradient was changed in place");
    const w = leaf([2]);
    const loss = w.mul(x).sum();
    noGrad(() => w.sub_(1));
    expect(() => loss.backward()).toThrow("a tensor that mul needs");
  });

  it("through an alias are noticed too", () => {
    const x = leaf([1, 2]);
    const y = x.exp();
    y.detach().zero_();
    expect(() => y.sum().backward()).toThrow("changed in place");
    const z = x.exp();
    noGrad(() => z.narrow(0, 0, 1).fill_(9));
    expect(numbers(z.detach())).toEqual([9, Math.fround(Math.exp(2))]);
    expect(() => z.sum().backward()).toThrow("changed in place");
  });

  it("inside noGrad change a leaf and leave it one", () => {
    const w = leaf([1, 2]);
    w.square().sum().backward();
    noGrad(() => w.sub_((w.grad as Tensor).mul(0.5)));
    expect(numbers(w)).toEqual([0, 0]);
    expect([w.isLeaf, w.requiresGrad]).toEqual([true, true]);
    w.grad = null;
    w.add(5).square().sum().backward();
    expect(numbers(w.grad)).toEqual([10, 10]);
  });

  it("after a failed one leave everything as it was", () => {
    const y = leaf([1, 2]).mul(1);
    expect(() => y.add_(ones([3]))).toThrow("add_");
    expect(numbers(y.detach())).toEqual([1, 2]);
    const whole = tensor([1, 2], { dtype: "int32" });
    expect(() => whole.add_(0.5)).toThrow("add_");
    expect(numbers(whole)).toEqual([1, 2]);
  });
});

describe("an op of one's own", () => {
  it("is recorded with what it saves, itself included", () => {
    const exp = (x: Tensor): Tensor => {
      const y = x.detach().exp();
      return record("myExp", [x], y, [y], (g, [out]) => [g.mul(out as Tensor)]);
    };
    const x = leaf(1);
    const y = exp(x);
    const [d1] = grad(y, [x], { createGraph: true });
    const [d2] = grad(d1 as Tensor, [x]);
    expect(numbers(d2)).toBeCloseTo(Math.E, 5);
  });

  it("learns which inputs want a gradient", () => {
    const [x, y] = [leaf([1]), tensor([2])];
    const seen: boolean[][] = [];
    const z = record("two", [x, y], x.detach().mul(y), [], (g, _, needs) => {
      seen.push([...needs]);
      return [g, null];
    });
    z.sum().backward();
    expect(seen).toEqual([[true, false]]);
  });

  it("is told when its gradient does not fit", () => {
    const x = leaf([1, 2]);
    const wrong = record("mine", [x], x.detach().sum(), [], (g) => [g]);
    expect(() => wrong.backward()).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: backward of mine: the gradient of input 0 is float32 [], the input float32 [2]. Mend its rule: it must sum what was broadcast, and cast back what was cast.]`,
    );
  });

  it("is named when its rule throws", () => {
    const x = leaf([1, 2]);
    const wrong = record("mine", [x], x.detach().mul(1), [], (g) => [g.add(ones([3]))]);
    expect(() => wrong.sum().backward()).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: backward of mine: add: shapes [2] and [3] do not broadcast: sizes 2 and 3 at dim 0 differ and neither is 1. Reshape or expand one of them.]`,
    );
  });

  it("is not recorded where nobody wants a gradient", () => {
    const plain = record("mine", [tensor([1])], tensor([2]), [], () => [null]);
    expect(plain.requiresGrad).toBe(false);
    expect(noGrad(() => record("mine", [leaf([1])], tensor([2]), [], () => [null])).requiresGrad).toBe(false);
  });
});

describe("requiresGrad", () => {
  it("is set and unset on leaves", () => {
    const x = zeros([2]);
    x.requiresGrad = true;
    x.requiresGrad = true;
    x.mul(2).sum().backward();
    expect(numbers(x.grad)).toEqual([2, 2]);
    x.requiresGrad = false;
    expect(x.mul(2).requiresGrad).toBe(false);
  });
});

it("the memory of each step's gradient serves the next", () => {
  const x = leaf(new Array<number>(1000).fill(1));
  const depth = 50;
  const peak = (steps: number): number =>
    scope(() => {
      // Reversed running sums: each gradient is a pass of its own, and nothing is saved.
      let y: Tensor = x;
      for (let i = 0; i < steps; i++) y = y.cumsum(0).mul(1e-3);
      const loss = y.sum().realize();
      const { bytes } = memory();
      resetPeakMemory();
      loss.backward();
      x.grad = null;
      return memory().peakBytes - bytes;
    });
  peak(2);
  expect(peak(depth)).toBeLessThan(6 * 4000);
});
