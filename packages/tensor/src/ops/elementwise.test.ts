import { describe, expect, it } from "vitest";
import {
  arange,
  clamp,
  type Device,
  defaultDevice,
  eye,
  full,
  linspace,
  memory,
  resetPeakMemory,
  tensor,
  where,
  zeros,
} from "../index.ts";
import { reference } from "../reference.ts";

describe.each([
  ["the default device", defaultDevice],
  ["reference", reference],
])("logarithms on %s", (_, device: () => Device) => {
  const here = device();

  it("to base 2 are whole for every power of 2, subnormal ones too", () => {
    const exponents = Array.from({ length: 277 }, (_, i) => i - 149);
    const powers = tensor(
      exponents.map((e) => 2 ** e),
      { device: here },
    );
    expect(Array.from(powers.log2().dataSync(), Number)).toEqual(exponents);
  });

  it("to base 10 are whole for the powers of 10 that float32 holds exactly", () => {
    const exponents = Array.from({ length: 11 }, (_, i) => i);
    const powers = tensor(
      exponents.map((e) => 10 ** e),
      { device: here },
    );
    expect(Array.from(powers.log10().dataSync(), Number)).toEqual(exponents);
  });
});

describe("dtypes", () => {
  it("a 0-d tensor changes the dtype only if it is of a higher kind", () => {
    const dtypeOf = (a: Parameters<typeof tensor>[1], b: Parameters<typeof tensor>[1]) =>
      tensor([1], a).add(tensor(1, b)).dtype;
    expect(dtypeOf({ dtype: "uint8" }, { dtype: "int32" })).toBe("uint8");
    expect(dtypeOf({ dtype: "float32" }, { dtype: "float64", device: defaultDevice() })).toBe("float32");
    expect(dtypeOf({ dtype: "int32" }, { dtype: "float32" })).toBe("float32");
    expect(dtypeOf({ dtype: "bool" }, { dtype: "uint8" })).toBe("uint8");
    expect(where(tensor([true]), tensor([1]), tensor(2, { dtype: "int32" })).dtype).toBe("float32");
  });

  it("uint8 wraps at each op, not only where it is stored", () => {
    const x = tensor([200, 100], { dtype: "uint8" });
    expect(x.add(100).div(2).arraySync()).toEqual([22, 100]);
    expect(x.add(x).gt(x).arraySync()).toEqual([0, 1]);
  });

  it("a number is what its dtype makes of it, also before it is stored", () => {
    expect(full([1], 300, { dtype: "uint8" }).add(0).div(2).arraySync()).toEqual([22]);
    expect(full([1], 0.1, { dtype: "float16" }).to("float32").arraySync()).toEqual([0.0999755859375]);
    expect(arange(255, 258, { dtype: "uint8" }).to("int32").arraySync()).toEqual([255, 0, 1]);
  });

  it("in place the dtype stays, and what it cannot hold is an error", () => {
    const x = tensor([1, 2], { dtype: "int32" });
    expect(x.mul_(2).dtype).toBe("int32");
    expect(() => x.mul_(1.5)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: mul_: the result is float32, which does not fit into a tensor of int32. In place the dtype stays; use the form without the trailing underscore.]`,
    );
    expect(x.copy_(tensor([1.9, 2.9])).arraySync()).toEqual([1, 2]);
    expect(tensor([1, 2]).gt_(1).dtype).toBe("float32");
  });
});

describe("in place", () => {
  it("leaves tensors that were given as arguments alone", () => {
    const value = tensor(3);
    const x = tensor(1);
    x.fill_(value);
    x.add_(value).copy_(value);
    expect([x.itemSync(), value.itemSync(), value.isFreed]).toEqual([3, 3, false]);
  });

  it("can take its own views as arguments", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    x.add_(x.T);
    expect(x.arraySync()).toEqual([
      [2, 5],
      [5, 8],
    ]);
    x.select(0, 0).copy_(x.select(0, 1));
    expect(x.arraySync()).toEqual([
      [5, 8],
      [5, 8],
    ]);
  });

  it("changes a row where it lies, without a copy of the whole", () => {
    const x = zeros([1000, 100]).contiguous();
    x.dataSync();
    resetPeakMemory();
    const before = memory().bytes;
    const row = x.select(0, 7);
    row.add_(1).mul_(3);
    row.narrow(0, 0, 50).zero_();
    expect(memory().peakBytes - before).toBeLessThan(2000);
    expect(x.sum().itemSync()).toBe(150);
  });

  it("copies what somebody else still reads before it changes it", () => {
    const x = tensor([1, 2, 3, 4]);
    const later = x.mul(10);
    x.narrow(0, 0, 2).zero_();
    expect([x.arraySync(), later.arraySync()]).toEqual([
      [0, 0, 3, 4],
      [10, 20, 30, 40],
    ]);
  });

  it("cuts the graph where the old numbers have no part in the new ones", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    x.mul(3).zero_().add(x).sum().backward();
    expect(x.grad?.arraySync()).toEqual([1, 1]);
  });

  it("gives the source of a copy its gradient", () => {
    const [x, y] = [tensor([1, 2], { requiresGrad: true }), tensor(3, { requiresGrad: true })];
    x.mul(2)
      .copy_(y)
      .mul(tensor([5, 7]))
      .sum()
      .backward();
    expect([x.grad?.arraySync(), y.grad?.arraySync()]).toEqual([[0, 0], 12]);
  });
});

describe("creation", () => {
  it("linspace ends exactly where it should", () => {
    const x = linspace(-0.1, 0.7, 1001).dataSync();
    expect([x[0], x[500], x[1000]]).toEqual([-0.1, 0.3, 0.7].map(Math.fround));
  });

  it("counts through any view", () => {
    expect(arange(12).reshape([3, 4]).T.flip([0]).select(1, 2).arraySync()).toEqual([11, 10, 9, 8]);
    expect(eye(3).narrow(0, 1, 2).T.arraySync()).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
    ]);
  });

  it("wants a gradient if asked to", () => {
    const x = linspace(0, 1, 3, { requiresGrad: true });
    x.square().sum().backward();
    expect(x.grad?.arraySync()).toEqual([0, 1, 2]);
  });
});

describe("messages", () => {
  const x = tensor([[1, 2, 3]]);
  const whole = tensor([1, 2, 3], { dtype: "int32" });
  const truth = tensor([true, false, true]);

  it("about shapes", () => {
    expect(() => x.add(zeros([2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: add: shapes [1, 3] and [2] do not broadcast: sizes 3 and 2 at dim 1 differ and neither is 1. Reshape or expand one of them.]`,
    );
    expect(() => whole.mul_(zeros([2, 3], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: mul_: [2, 3] does not fit into [3]. In place the shape stays; sizes must be equal or 1.]`,
    );
    expect(() => x.glu()).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: glu: [1, 3] has 3 elements along dim -1, which has no halves. Give a dimension of even size.]`,
    );
    expect(() => zeros([3]).copy_(zeros([2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: copy_: [2] does not fit into [3]. In place the shape stays; sizes must be equal or 1.]`,
    );
    expect(() => zeros([3]).fill_(zeros([1]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: fill_: the value has the shape [1]. Give a number or a 0-d tensor; use copy_ for more.]`,
    );
    expect(() => x.maskedFill(truth, zeros([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: maskedFill: the value has the shape [3]. Give a number or a 0-d tensor; use where for more.]`,
    );
  });

  it("about dtypes", () => {
    expect(() => x.bitwiseAnd(1)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: bitwiseAnd: takes integers and bools, not float32. Cast first: x.to("int32").]`,
    );
    expect(() => truth.neg()).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: neg: takes numbers, not bool. Cast first, x.to("int32"), or use the logical ops.]`,
    );
    expect(() => truth.sub(truth)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: sub: takes numbers, not bool. Cast first, x.to("int32"), or use the logical ops.]`,
    );
    expect(() => truth.bitwiseLeftShift(truth)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: bitwiseLeftShift: takes integers, not bool. Cast first: x.to("int32").]`,
    );
    expect(() => whole.gelu()).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: gelu: takes floats, not int32. Cast first: x.to("float32").]`,
    );
    expect(() => where(whole, 1, 2)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: where: the condition is int32. Compare to get a bool: x.gt(0).]`,
    );
    expect(() => x.maskedFill(whole, 1)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: maskedFill: the mask is int32. Compare to get a bool: x.gt(0).]`,
    );
    expect(() => whole.bitwiseAnd_(x)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: bitwiseAnd_: takes integers and bools, not float32. Cast first: x.to("int32").]`,
    );
  });

  it("about devices", () => {
    const there = tensor([1], { device: reference() });
    expect(() => x.mul(there)).toThrow("mul: tensors are on two devices");
    expect(() => where(truth, there, 1)).toThrow("where: tensors are on two devices");
    expect(() => x.clamp({ min: there })).toThrow("clamp: tensors are on two devices");
  });

  it("about options", () => {
    expect(() => clamp(x, {})).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: clamp: neither min nor max is given. Give one of them: x.clamp({ min: 0 }).]`,
    );
    expect(() => x.hardtanh({ minVal: 1, maxVal: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: hardtanh: minVal 1 is above maxVal -1. Exchange them.]`,
    );
    // @ts-expect-error a misspelt mode does not compile
    expect(() => x.div(2, { roundingMode: "round" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: div: roundingMode is "round". Give "trunc" or "floor", or leave it out.]`,
    );
    // @ts-expect-error a misspelt mode does not compile
    expect(() => x.gelu({ approximate: "erf" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: gelu: approximate is "erf". Give "none" or "tanh".]`,
    );
    expect(() => whole.pow(-1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: pow: integers to the power -1 are fractions. Cast first: x.to("float32").]`,
    );
    expect(() => linspace(0, 1, 2.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: linspace: steps is 2.5. Give an integer from 0 on.]`,
    );
    expect(() => linspace(0, 1, 3, { dtype: "int32" })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: linspace: equal distances do not fit into int32. Use float32, then to(dtype).]`,
    );
    expect(() => arange(0, 5, -1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: arange: steps of -1 from 0 never reach 5. Give a step other than 0 that leads from start to end.]`,
    );
  });

  it("about gradients in place", () => {
    const leaf = tensor([1], { requiresGrad: true });
    expect(() => leaf.add_(1)).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: add_: a leaf that wants a gradient would change in place while ops are recorded. Do it inside noGrad(() => ...), or use the form without the trailing underscore.]`,
    );
    const needed = leaf.exp();
    needed.mul_(2);
    expect(() => needed.backward()).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: backward: a tensor that exp needs for its gradient was changed in place since (version 1, 0 expected). Use the form without the trailing underscore, or change a clone().]`,
    );
    const free = leaf.mul(2);
    free.mul_(3).exp_();
    free.backward();
    expect(leaf.grad?.itemSync()).toBeCloseTo(6 * Math.exp(6), 2);
  });
});
