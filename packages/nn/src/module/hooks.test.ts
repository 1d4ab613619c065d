import { grad, keep, noGrad, ones, type Tensor, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { Linear, Module, Parameter, ReLU, Sequential } from "../index.ts";

class Double extends Module {
  forward(x: Tensor): Tensor {
    return x.mul(2);
  }
}

/** Two inputs, two results, and one that is no tensor. */
class Both extends Module {
  weight = new Parameter(tensor([3]));
  forward(a: Tensor, { b }: { b: Tensor }): { sum: Tensor; product: [Tensor]; note: string } {
    return { sum: a.add(b), product: [a.mul(b).mul(this.weight)], note: "kept" };
  }
}

describe("Forward hooks", () => {
  it("see inputs and results, in the order of registration", () => {
    const module = new Double();
    const seen: string[] = [];
    module.registerForwardPreHook((self, [x]) => void seen.push(`pre ${self === module} ${x.arraySync()}`));
    module.registerForwardHook((_, [x], y) => void seen.push(`post ${x.arraySync()} ${y.arraySync()}`));
    module.registerForwardPreHook(() => void seen.push("first"), { prepend: true });
    module.forward(tensor([1]));
    expect(seen).toEqual(["first", "pre true 1", "post 1 2"]);
  });

  it("may change inputs and results", () => {
    const module = new Double();
    module.registerForwardPreHook((_, [x]) => [x.add(1)]);
    module.registerForwardHook((_, __, y) => y.neg());
    expect(module.forward(tensor([1])).arraySync()).toEqual([-4]);
  });

  it("are gone when removed: the instance has no forward of its own any more", () => {
    const module = new Double();
    const handles = [
      module.registerForwardHook((_, __, y) => y.add(1)),
      module.registerForwardPreHook((_, [x]) => [x.add(1)]),
    ];
    expect(Object.hasOwn(module, "forward")).toBe(true);
    expect(Object.keys(module)).toEqual(["training"]);
    for (const handle of handles) handle.remove();
    handles[0]?.remove();
    expect(Object.hasOwn(module, "forward")).toBe(false);
    expect(module.forward(tensor([1])).arraySync()).toEqual([2]);
  });

  it("may remove themselves while they run", () => {
    const module = new Double();
    let calls = 0;
    const handle = module.registerForwardHook(() => {
      calls++;
      handle.remove();
    });
    module.registerForwardHook(() => void calls++);
    module.forward(ones([1]));
    module.forward(ones([1]));
    expect(calls).toBe(3);
  });

  it("wrap a forward that is a field, and give it back", () => {
    class Arrow extends Module {
      factor = 3;
      override forward = (x: Tensor): Tensor => x.mul(this.factor);
    }
    const module = new Arrow();
    const { forward } = module;
    const handle = module.registerForwardHook((_, __, y) => y.add(1));
    expect(module.forward(ones([1])).arraySync()).toEqual([4]);
    handle.remove();
    expect(module.forward).toBe(forward);
  });

  it("run inside of a model, on that instance only", () => {
    const model = new Sequential(new Double(), new Double());
    model.at(0)?.registerForwardHook((_, __, y) => (y as Tensor).add(1));
    expect(model.forward(ones([1])).arraySync()).toEqual([6]);
  });
});

describe("Full backward hooks", () => {
  it("see the gradients of inputs and results", () => {
    const layer = new Linear(2, 1, { bias: false });
    layer.loadStateDict({ weight: tensor([[3, 4]]) });
    const seen: unknown[] = [];
    layer.registerFullBackwardPreHook(
      (_, gradOutput) => void seen.push(["pre", gradOutput.map((g) => g?.arraySync())]),
    );
    layer.registerFullBackwardHook((self, gradInput, gradOutput) => {
      seen.push([self === layer, gradInput.map((g) => g?.arraySync()), gradOutput.map((g) => g?.arraySync())]);
    });
    const x = tensor([[1, 1]], { requiresGrad: true });
    layer.forward(x).mul(10).sum().backward();
    expect(seen).toEqual([
      ["pre", [[[10]]]],
      [true, [[[30, 40]]], [[[10]]]],
    ]);
    expect(x.grad?.arraySync()).toEqual([[30, 40]]);
  });

  it("may change them: of results before the module, of inputs after it", () => {
    const layer = new Linear(1, 1, { bias: false });
    layer.loadStateDict({ weight: tensor([[3]]) });
    layer.registerFullBackwardPreHook((_, [g]) => [g?.mul(2) ?? null]);
    layer.registerFullBackwardHook((_, [g]) => [g?.add(1) ?? null]);
    const x = tensor([[5]], { requiresGrad: true });
    layer.forward(x).sum().backward();
    expect(layer.weight.grad?.arraySync()).toEqual([[10]]);
    expect(x.grad?.arraySync()).toEqual([[7]]);
  });

  it("see all tensors of several inputs and results at once, zeros where nothing came", () => {
    const module = new Both();
    const seen: unknown[] = [];
    module.registerFullBackwardHook((_, gradInput, gradOutput) => {
      seen.push(
        gradInput.map((g) => g?.arraySync() ?? null),
        gradOutput.map((g) => g?.arraySync() ?? null),
      );
    });
    const a = tensor([2], { requiresGrad: true });
    const frozen = tensor([5]);
    const result = module.forward(a, { b: frozen });
    expect(result.note).toBe("kept");
    (result.product[0] as Tensor).sum().backward();
    expect(seen).toEqual([
      [[15], null],
      [[0], [1]],
    ]);
    const b = tensor([5], { requiresGrad: true });
    const { sum, product } = module.forward(a, { b });
    const [da, db] = grad(sum.add(product[0]), [a, b]);
    expect([da?.arraySync(), db?.arraySync()]).toEqual([[16], [7]]);
  });

  it("are called without inputs' gradients where no input wants any", () => {
    const layer = new Linear(2, 1);
    const seen: unknown[] = [];
    layer.registerFullBackwardHook((_, gradInput, gradOutput) => void seen.push([gradInput.length, gradOutput.length]));
    layer
      .forward(ones([1, 2]))
      .sum()
      .backward();
    expect(seen).toEqual([[0, 1]]);
  });

  it("do nothing where nothing is recorded", () => {
    const module = new ReLU();
    module.registerFullBackwardHook(() => expect.fail("no gradient passes"));
    const x = ones([1]).realize();
    x.requiresGrad = true;
    expect(noGrad(() => module.forward(x)).requiresGrad).toBe(false);
  });

  it("have gradients of gradients", () => {
    const module = new Double();
    module.registerFullBackwardHook((_, [g]) => [g?.mul(5) ?? null]);
    const x = tensor([3], { requiresGrad: true });
    const [first] = grad(module.forward(x).square().sum(), [x], { createGraph: true });
    // d(4x²) = 8x by the hook's 5; once more 40 by the hook's 5 where the gradient flows through the module again.
    expect(first?.arraySync()).toEqual([120]);
    const [second] = grad(first as Tensor, [x]);
    expect(second?.arraySync()).toEqual([200]);
  });

  it("keep gradients that are kept, and say what is wrong with those they return", () => {
    const layer = new Double();
    const kept: Tensor[] = [];
    const handle = layer.registerFullBackwardHook((_, [g]) => void kept.push(keep(g as Tensor)));
    layer
      .forward(tensor([1], { requiresGrad: true }))
      .sum()
      .backward();
    expect(kept[0]?.arraySync()).toEqual([2]);
    handle.remove();
    layer.registerFullBackwardHook(() => []);
    expect(() =>
      layer
        .forward(tensor([1], { requiresGrad: true }))
        .sum()
        .backward(),
    ).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: backward of hooks of Double: backward hook of Double: it returned 0 gradients for 1 tensors. Return one for each, null where there is none.]`,
    );
  });
});
