import { empty, full, randn } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { Conv2d, init, Linear } from "../index.ts";

describe("eye_", () => {
  it("makes a linear layer pass on its inputs", () => {
    const layer = new Linear(3, 2, { bias: false });
    init.eye_(layer.weight);
    expect(layer.forward(full([3], 5)).arraySync()).toEqual([5, 5]);
    expect(init.eye_(empty([3, 2], { dtype: "int32" })).arraySync()).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
  });

  it("needs a matrix", () => {
    expect(() => init.eye_(empty([2, 2, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: eye_: x has the shape [2, 2, 2]. Give a matrix, [rows, columns].]`,
    );
  });
});

describe("dirac_", () => {
  it("makes a convolution pass on its channels", () => {
    const x = randn([2, 3, 4, 5]);
    const conv = new Conv2d(3, 5, 3, { padding: 1, bias: false });
    init.dirac_(conv.weight);
    const y = conv.forward(x);
    expect(y.narrow(1, 0, 3).arraySync()).toEqual(x.arraySync());
    expect(y.narrow(1, 3, 2).abs().sum().itemSync()).toBe(0);
  });

  it("in groups passes on the first channels of each", () => {
    const conv = new Conv2d(4, 4, [3, 1], { padding: [1, 0], groups: 2, bias: false });
    init.dirac_(conv.weight, { groups: 2 });
    const x = randn([1, 4, 3, 2]);
    expect(conv.forward(x).arraySync()).toEqual(x.arraySync());
    // torch.nn.init.dirac_(torch.empty(4, 1, 2), 2)
    expect(init.dirac_(empty([4, 1, 2]), { groups: 2 }).arraySync()).toEqual([[[0, 1]], [[0, 0]], [[0, 1]], [[0, 0]]]);
    // torch.nn.init.dirac_(torch.empty(1, 2, 1, 2, 3))
    expect(
      init
        .dirac_(empty([1, 2, 1, 2, 3]))
        .flatten()
        .arraySync(),
    ).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect(init.dirac_(empty([2, 0, 3])).shape).toEqual([2, 0, 3]);
  });

  it("says what it needs", () => {
    expect(() => init.dirac_(empty([2, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: dirac_: x has the shape [2, 2]. Give the weight of a convolution, of 3 to 5 dimensions.]`,
    );
    expect(() => init.dirac_(empty([1, 1, 1, 1, 1, 1]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: dirac_: x has the shape [1, 1, 1, 1, 1, 1]. Give the weight of a convolution, of 3 to 5 dimensions.]`,
    );
    expect(() => init.dirac_(empty([3, 1, 3]), { groups: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: dirac_: groups 2 does not divide 3 output channels. It must divide them.]`,
    );
    expect(() => init.dirac_(empty([3, 1, 3]), { groups: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: dirac_: groups is 0. Give an integer from 1 on.]`,
    );
  });
});
