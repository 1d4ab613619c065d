import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Device,
  Generator,
  keep,
  memory,
  noGrad,
  randn,
  resetPeakMemory,
  scope,
  setDefaultDevice,
  type Tensor,
  tensor,
  wasm,
} from "../index.ts";

let before = memory();
const made: Tensor[] = [];
const own = (x: Tensor): Tensor => {
  made.push(x);
  return x;
};
const leaf = (data: number[]): Tensor => own(tensor(data, { requiresGrad: true }));

beforeEach(() => {
  before = memory();
});
afterEach(() => {
  // Gradients that were read outlive their tensors; inside a scope not for long.
  scope(() => {
    for (const x of made) x.grad = null;
  });
  for (const x of made.splice(0)) x.dispose();
  expect(memory().tensors).toBe(before.tensors);
  expect(memory().bytes).toBe(before.bytes);
});

describe("memory()", () => {
  it("counts tensors, their views, and bytes once", () => {
    const x = own(tensor(new Float32Array(1000)));
    own(x.reshape([10, 100]));
    own(x.T);
    expect(memory().tensors).toBe(before.tensors + 3);
    expect(memory().bytes).toBe(before.bytes + 4000);
  });

  it("counts nothing more after a tensor took the numbers of another, also of another dtype", () => {
    const x = own(tensor([1, 2]));
    const sources = [own(tensor([3, 4])), own(tensor([5, 6], { dtype: "int32" }))];
    const { tensors } = memory();
    for (const source of sources) x.copy_(source);
    expect(memory().tensors).toBe(tensors);
    expect(x.arraySync()).toEqual([5, 6]);
  });

  it("counts no bytes for what is still to be computed", () => {
    const x = own(tensor(new Float32Array(1000)));
    const y = own(x.mul(2));
    expect(memory().bytes).toBe(before.bytes + 4000);
    y.realize();
    expect(memory().bytes).toBe(before.bytes + 8000);
  });

  it("knows the most there was", () => {
    resetPeakMemory();
    own(tensor(new Float32Array(10)));
    scope(() => tensor(new Float32Array(5000)).neg().sum().itemSync());
    const { peakBytes, bytes } = memory();
    expect(peakBytes - before.bytes).toBeGreaterThanOrEqual(20_040);
    expect(peakBytes - before.bytes).toBeLessThan(30_000);
    expect(bytes).toBe(before.bytes + 40);
    resetPeakMemory();
    expect(memory().peakBytes).toBe(bytes);
  });
});

describe("the graph", () => {
  it("is freed by backward, with all that it saved", () => {
    const x = leaf([1, 2, 3]);
    const loss = own(scope(() => x.exp().realize().square().realize().sum()));
    const held = memory().bytes - before.bytes;
    // x, loss, and what exp and square saved, which is one.
    expect(held).toBe(12 + 4 + 12);
    loss.backward();
    own(x.grad as Tensor);
    expect(memory().bytes - before.bytes).toBe(12 + 4 + 12);
    expect(memory().tensors).toBe(before.tensors + 3);
  });

  it("is freed when nobody holds its end any more, without any backward", () => {
    const x = leaf([1, 2, 3]);
    const { bytes, tensors } = memory();
    scope(() => {
      x.exp().mul(x).square().sum().realize();
    });
    expect(memory()).toMatchObject({ bytes, tensors });
    const loss = scope(() => x.exp().realize().mul(x).sum());
    expect(memory().bytes).toBe(bytes + 16);
    loss.dispose();
    expect(memory()).toMatchObject({ bytes, tensors });
  });

  it("of any depth is freed without running out of stack", () => {
    const x = leaf([1]);
    const { bytes, tensors } = memory();
    const deep = (): Tensor =>
      scope(() => {
        let y = x;
        for (let i = 0; i < 20_000; i++) y = y.mul(1.0001);
        return y.sum();
      });
    deep().dispose();
    expect(memory()).toMatchObject({ bytes, tensors });
    const loss = own(deep());
    loss.backward();
    expect(own(x.grad as Tensor).itemSync()).toBeCloseTo(1.0001 ** 20_000, 2);
  });
});

describe("a gradient", () => {
  it("lives as long as its tensor", () => {
    const x = leaf([1, 2]);
    scope(() => x.square().sum().backward());
    expect(memory().tensors).toBe(before.tensors + 2);
    expect(x.isFreed).toBe(false);
    x.dispose();
    expect(memory().tensors).toBe(before.tensors);
  });

  it("that nobody read is freed when it is taken away", () => {
    const x = leaf([1, 2]);
    scope(() => x.square().sum().backward());
    const { tensors } = memory();
    x.grad = null;
    // Reading it first lends it: whoever has it may go on using it.
    expect(memory().tensors).toBe(tensors - 1);
    scope(() => x.square().sum().backward());
    const lent = own(x.grad as unknown as Tensor);
    x.grad = null;
    expect(lent.arraySync()).toEqual([2, 4]);
  });

  it("that was read lives to the end of the scope in which it is taken away", () => {
    const x = leaf([1, 2]);
    scope(() => x.square().sum().backward());
    const lent = x.grad as Tensor;
    scope(() => {
      x.grad = null;
      expect(lent.arraySync()).toEqual([2, 4]);
    });
    expect(lent.isFreed).toBe(true);
  });

  it("can be given out of the scope of its tensor, returned or kept", () => {
    const run = (): Tensor => {
      const x = tensor([1, 2], { requiresGrad: true });
      x.square().sum().backward();
      return x.grad as Tensor;
    };
    expect(own(scope(run)).arraySync()).toEqual([2, 4]);
    let kept: Tensor | undefined;
    scope(() => {
      kept = own(keep(run()));
    });
    expect(kept?.arraySync()).toEqual([2, 4]);
    let lost: Tensor | undefined;
    scope(() => {
      lost = run();
    });
    expect(lost?.isFreed).toBe(true);
  });

  it("outlives dispose() of its tensor if it was read", () => {
    const x = leaf([1, 2]);
    scope(() => x.square().sum().backward());
    const grad = own(x.grad as Tensor);
    x.dispose();
    expect(grad.arraySync()).toEqual([2, 4]);
  });

  it("for a leaf that is gone has nowhere to go and is no error", () => {
    const w = leaf([3]);
    const loss = own(scope(() => tensor([2], { requiresGrad: true }).mul(w).sum()));
    loss.backward();
    expect(own(w.grad as Tensor).arraySync()).toEqual([2]);
  });

  it("can be set by hand, and must fit", () => {
    const x = leaf([1, 2]);
    x.grad = own(tensor([5, 6]));
    scope(() => x.mul(2).sum().backward());
    expect(x.grad.arraySync()).toEqual([7, 8]);
    expect(() => {
      x.grad = own(tensor([1]));
    }).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: grad: a gradient of float32 [1] does not fit a tensor of float32 [2]. Give a gradient of the tensor's own shape and dtype.]`,
    );
    const rows = { indices: [0], values: Float32Array.of(1) };
    expect(() => Reflect.set(x, "grad", rows)).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: grad: a gradient must be a tensor or null. For single rows, give { indices, values } with a tensor of values.]`,
    );
  });
});

describe("a training loop", () => {
  let device: Device;
  beforeEach(async () => {
    device = setDefaultDevice(await wasm({ threads: 1 }));
  });
  afterEach(() => {
    setDefaultDevice(device);
  });

  /** A leaf of normal numbers. */
  const weight = (shape: number[], generator: Generator): Tensor => {
    const x = own(scope(() => randn(shape, { generator }).mul(0.3).realize()));
    x.requiresGrad = true;
    return x;
  };

  /** Two layers, momentum, gradients clipped by hand: what users write. */
  function loop(read: boolean): () => void {
    const generator = new Generator(1);
    const [data, target] = [own(randn([16, 8], { generator })), own(randn([16, 1], { generator }))];
    const weights = [weight([8, 12], generator), weight([12, 1], generator)];
    const momenta = weights.map((w) => own(w.zeros()));
    return () =>
      scope(() => {
        const [w1, w2] = weights as [Tensor, Tensor];
        const loss = data.matmul(w1).tanh().matmul(w2).sub(target).square().mean();
        for (const w of weights) w.grad = null;
        loss.backward();
        noGrad(() => {
          weights.forEach((w, i) => {
            const momentum = momenta[i] as Tensor;
            momentum.mul_(0.9).add_(w.grad as Tensor);
            w.sub_(momentum.mul(0.01));
          });
        });
        if (read) loss.itemSync();
      });
  }

  it.each([
    ["that reads the loss", true],
    ["that reads nothing", false],
  ])("in scopes, %s, holds the same after step 10 and step 1,000", (_, read) => {
    const step = loop(read);
    const run = (steps: number) => {
      for (let i = 0; i < steps; i++) step();
      const { tensors, bytes, peakBytes } = memory();
      return { tensors, bytes, peakBytes };
    };
    const ten = run(10);
    expect(run(990)).toEqual(ten);
  });

  it("takes no more memory from the system either", () => {
    const step = loop(true);
    for (let i = 0; i < 10; i++) step();
    const { reservedBytes } = (made[0] as Tensor).device.info;
    for (let i = 0; i < 300; i++) step();
    expect((made[0] as Tensor).device.info.reservedBytes).toBe(reservedBytes);
  });
});
