import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Dice, dice } from "../../test/random.ts";
import {
  cat,
  type Device,
  grad,
  gradcheck,
  gradgradcheck,
  setDefaultDevice,
  type Tensor,
  tensor,
  wasm,
  where,
} from "../index.ts";
import { reference } from "../reference.ts";

// Ops are checked one by one elsewhere; here programs of them: views of views, updates in place, values used several times, in any order.

let before: Device;
let quick: Device;
beforeAll(async () => {
  quick = await wasm({ threads: 1 });
  before = setDefaultDevice(reference());
});
afterAll(() => {
  setDefaultDevice(before);
});

const fits = (a: Tensor, b: Tensor): boolean =>
  a.shape.every((size, d) => {
    const other = b.shape[d - a.ndim + b.ndim] ?? 1;
    return size === other || size === 1 || other === 1;
  });

/** One more tensor from those there are; smooth where it is differentiated. */
function step({ integer, pick, shuffled }: Dice, made: readonly Tensor[]): Tensor {
  const x = pick(made);
  const y = pick(made.filter((each) => fits(x, each)));
  const dim = integer(0, Math.max(0, x.ndim - 1));
  const length = x.shape[dim] ?? 1;
  const anyRank = [
    () => x.add(y),
    () => x.mul(y),
    () => x.sub(y.mul(0.5)),
    () => x.tanh(),
    () => x.mul(x),
    () => where(x.detach().gt(0.1), x, y),
    () => x.expand([2, ...x.shape]).mul(0.7),
    () =>
      x
        .clone()
        .mul_(0.5)
        .add_(y.ndim <= x.ndim && x.add(y).numel === x.numel ? y.expand(x.shape) : 1),
    () => x.mul(1).tanh_(),
    () => x.mul(1).copy_(x.mul(2)),
  ];
  const ranked = [
    () => x.sum(dim, { keepdim: true }),
    () => x.permute(shuffled(x.shape.map((_, d) => d))),
    () => x.flip(dim),
    () => x.narrow(dim, integer(0, length - 1), 1),
    () => x.slice([...new Array<null>(dim).fill(null), [null, null, 2]]),
    () => x.reshape([-1]),
    () => x.pad([1, 0]),
    () => x.cumsum(dim),
    () => x.softmax(dim),
    () => x.indexSelect(dim, tensor([0, length - 1, 0], { dtype: "int32" })),
    () => cat([x, x.neg()], dim),
    () => x.unfold(dim, 1, 1).squeeze(-1),
    () => (x.ndim === 2 ? x.matmul(x.T) : x.mul(3)),
  ];
  return pick(x.ndim > 0 ? [...anyRank, ...ranked] : anyRank)();
}

/** A function of two tensors, the same whenever it is called. */
function program(seed: number, steps: number, realize: boolean): (a: Tensor, b: Tensor) => Tensor {
  return (a, b) => {
    const choice = dice(seed);
    const made = [a, b, a.mul(b)];
    for (let i = 0; i < steps; i++) {
      const next = step(choice, made);
      if (realize) next.realize();
      if (next.numel <= 36) made.push(next);
    }
    // The last few count.
    return made.slice(-3).reduce((total, each) => total.add(each.sum().mul(0.3)), a.sum());
  };
}

const inputs = (seed: number): [Tensor, Tensor] => {
  const { unit, pick } = dice(seed + 10_000);
  const [shapeA, shapeB] = pick([
    [[2, 3], [3]],
    [[3], [1]],
    [
      [2, 1],
      [1, 2],
    ],
    [[2, 2], []],
  ] as const);
  return [shapeA, shapeB].map((shape) => {
    const count = shape.reduce<number>((product, size) => product * size, 1);
    const data = Array.from({ length: count }, () => unit() * 2 - 1);
    return tensor(new Float64Array(data), { shape, requiresGrad: true });
  }) as [Tensor, Tensor];
};

describe("random programs", () => {
  it("have the gradients that differences show", () => {
    for (let seed = 0; seed < 80; seed++) {
      expect(gradcheck(program(seed, 8, false), inputs(seed)), `dice ${seed}`).toBe(true);
    }
  });

  it("and the gradients of gradients", () => {
    for (let seed = 100; seed < 125; seed++) {
      expect(gradgradcheck(program(seed, 5, false), inputs(seed)), `dice ${seed}`).toBe(true);
    }
  });

  it("the same gradients whenever values are computed, on the wasm device too", () => {
    for (let seed = 200; seed < 320; seed++) {
      const gradients = (realize: boolean): number[] => {
        const [a, b] = inputs(seed);
        const found = grad(program(seed, 14, realize)(a, b), [a, b], { allowUnused: true });
        return found.flatMap((g) => (g ? Array.from(g.dataSync(), Number) : []));
      };
      const wanted = gradients(true);
      expect(gradients(false), `dice ${seed}`).toEqual(wanted);
      const exact = setDefaultDevice(quick);
      // Sums are taken in another order there, in double precision.
      for (const realize of [false, true]) {
        gradients(realize).forEach((g, i) => {
          const w = wanted[i] as number;
          expect(Math.abs(g - w), `dice ${seed}: ${g} and ${w}`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(w)));
        });
      }
      setDefaultDevice(exact);
    }
  });
});
