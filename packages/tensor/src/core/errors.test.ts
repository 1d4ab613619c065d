import { beforeAll, describe, expect, it } from "vitest";
import {
  add,
  arange,
  bernoulli,
  cat,
  type Device,
  DeviceError,
  DTypeError,
  einsum,
  eye,
  FreedError,
  GradientError,
  grad,
  linspace,
  manualSeed,
  OptionError,
  ones,
  openScope,
  randint,
  ShapeError,
  scope,
  setDefaultDevice,
  stack,
  type Tensor,
  tensor,
  wasm,
  where,
  zeros,
} from "../index.ts";
import { reference } from "../reference.ts";
import { reword } from "./errors.ts";

// Every message says where it happened, in the word the user typed; what is wrong, with the values; and how to mend it.

const z = (...shape: number[]): Tensor => zeros(shape);
const int = (...data: number[]): Tensor => tensor(data, { dtype: "int32" });
const leaf = (...data: number[]): Tensor => tensor(data, { requiresGrad: true });

describe("sizes and dimensions that do not fit", () => {
  it("of two tensors", () => {
    expect(() => z(2, 3).add(z(4))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: add: shapes [2, 3] and [4] do not broadcast: sizes 3 and 4 at dim 1 differ and neither is 1. Reshape or expand one of them.]`,
    );
    expect(() => z(2).add_(z(3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: add_: shapes [2] and [3] do not broadcast: sizes 2 and 3 at dim 0 differ and neither is 1. Reshape or expand one of them.]`,
    );
    expect(() => z(2).add_(z(2, 2))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: add_: [2, 2] does not fit into [2]. In place the shape stays; sizes must be equal or 1.]`,
    );
    expect(() => z(2).copy_(z(3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: copy_: [3] does not fit into [2]. In place the shape stays; sizes must be equal or 1.]`,
    );
    expect(() => z(1).expand([3]).add_(1)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: add_: several points of a tensor [3] with strides [0] are one element in memory. Change the tensor it was expanded or unfolded from, or a clone().]`,
    );
    expect(() => z(32, 784).matmul(z(128, 784))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: matmul: a [32, 784] and b [128, 784] need a's last size to equal b's second-to-last. Transpose b with b.T, or reshape one of them.]`,
    );
    expect(() => z(3).matmul(z(4))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: matmul: a [3] and b [4] need a's last size to equal b's only one. Reshape one of them.]`,
    );
    expect(() => z().matmul(z(3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: matmul: a [] and b [3] need at least one dimension each. Multiply by a number with mul.]`,
    );
    expect(() => z(2, 3, 4).matmul(z(5, 4, 3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: matmul: the dimensions before the last two of a [2, 3, 4] and b [5, 4, 3] do not broadcast. Their sizes must be equal or 1; reshape or expand one of them.]`,
    );
    expect(() => z(2, 3).bmm(z(2, 3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: bmm: a [2, 3] and b [2, 3] are not two batches of as many matrices. Give [B, m, k] and [B, k, n], or use matmul.]`,
    );
    expect(() => z(2, 3).linear(z(4, 5))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: linear: x [2, 3] and weight [4, 5] need equal last sizes. The weight is [out, in].]`,
    );
    expect(() => z(2, 2).outer(z(2))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: outer: a [2, 2] and b [2] are not both vectors. Flatten them first.]`,
    );
    expect(() => einsum("ij,jk->ik", [z(2, 3), z(4, 5)])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: einsum: in "ij,jk->ik" the dimension j has the sizes 3 and 4. Equal letters mean equal sizes.]`,
    );
    expect(() => cat([z(2, 2), z(2, 3)])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: cat: tensor 1 has the shape [2, 3], the first [2, 2]. They may differ only in dim 0.]`,
    );
    expect(() => stack([z(2), z(3)])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: stack: tensor 1 has the shape [3], the first [2]. They must be equal.]`,
    );
  });

  it("of convolutions and pooling", () => {
    expect(() => z(1, 3, 8, 8).conv2d(z(4, 2, 3, 3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: conv2d: x [1, 3, 8, 8] has 3 channels, the weight [4, 2, 3, 3] with groups 1 takes 2 and gives 4. x's channels must be the weight's second size times groups, and its first size a multiple of groups.]`,
    );
    expect(() => z(1, 3, 2, 2).conv2d(z(4, 3, 3, 3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: conv2d: the kernel reaches over 3 elements, the padded input has 2. Use a smaller kernel or dilation, or more padding.]`,
    );
    expect(() => z(3, 3).conv2d(z(4, 3, 3, 3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: conv2d: x has the shape [3, 3]. It takes [N, C, H, W] or [C, H, W].]`,
    );
    expect(() => z(1, 3, 8, 8).conv2d(z(4, 3, 3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: conv2d: the weight has the shape [4, 3, 3]. It needs 4 dimensions: two of channels, then those of the kernel.]`,
    );
    expect(() => z(1, 2, 8).conv1d(z(4, 3, 3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: conv1d: x [1, 2, 8] has 2 channels, the weight [4, 3, 3] with groups 1 takes 3 and gives 4. x's channels must be the weight's second size times groups, and its first size a multiple of groups.]`,
    );
    expect(() => z(1, 2, 8, 8, 8).conv3d(z(4, 2, 3, 9, 3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: conv3d: the kernel reaches over 9 elements, the padded input has 8. Use a smaller kernel or dilation, or more padding.]`,
    );
    expect(() => z(1, 3, 8, 8).conv2d(z(4, 3, 3, 3), { bias: z(3) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: conv2d: the bias [3] does not fit 4 output channels. Give one number for each: [4].]`,
    );
    expect(() => z(1, 3, 8, 8).convTranspose2d(z(4, 3, 3, 3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: convTranspose2d: x [1, 3, 8, 8] has 3 channels, the weight [4, 3, 3, 3] takes 4 in 1 group. The weight is [C, O / groups, kh, kw].]`,
    );
    expect(() => z(3, 8).convTranspose1d(z(4, 3, 3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: convTranspose1d: x [3, 8] has 3 channels, the weight [4, 3, 3] takes 4 in 1 group. The weight is [C, O / groups, k].]`,
    );
    expect(() => z(1, 3, 3, 3).convTranspose2d(z(3, 3, 3, 3), { padding: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: convTranspose2d: x [1, 3, 3, 3] and padding [3, 3] would give the size [-1, -1]. Use less padding.]`,
    );
    expect(() => z(3, 3).convTranspose3d(z(3, 3, 3, 3, 3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: convTranspose3d: x has the shape [3, 3]. It takes [N, C, D, H, W] or [C, D, H, W].]`,
    );
    expect(() => z(8, 8).avgPool2d(2)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: avgPool2d: x has the shape [8, 8]. It takes [N, C, H, W] or [C, H, W].]`,
    );
    expect(() => z(8).maxPool1d(2)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: maxPool1d: x has the shape [8]. It takes [N, C, L] or [C, L].]`,
    );
    expect(() => z(3, 8, 8).adaptiveMaxPool3d(2)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: adaptiveMaxPool3d: x has the shape [3, 8, 8]. It takes [N, C, D, H, W] or [C, D, H, W].]`,
    );
    expect(() => z(3, 0, 8).adaptiveAvgPool2d(2)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: adaptiveAvgPool2d: x [3, 0, 8] has no elements. Give a larger input.]`,
    );
    expect(() => z(1, 3, 8, 8).maxPool2d(9)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: maxPool2d: a window of 9 elements does not fit into 8 with padding 0. Use a smaller kernel.]`,
    );
  });

  it("of interpolation", () => {
    const image = z(1, 2, 4, 4);
    expect(() => z(2).interpolate({ scaleFactor: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: interpolate: x has the shape [2]. It takes [N, C, ...] in the mode "nearest".]`,
    );
    expect(() => z(1, 2, 4).interpolate({ scaleFactor: 2, mode: "bilinear" })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: interpolate: x has the shape [1, 2, 4]. It takes [N, C, H, W] in the mode "bilinear".]`,
    );
    expect(() => image.interpolate({})).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: interpolate: size and scaleFactor are both given or both missing. Give one of them.]`,
    );
    expect(() => image.interpolate({ size: 8, scaleFactor: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: interpolate: size and scaleFactor are both given or both missing. Give one of them.]`,
    );
    expect(() => image.interpolate({ size: [8, 8, 8] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: interpolate: size is [8, 8, 8]. Give an integer from 1 on, or 2 of them.]`,
    );
    expect(() => image.interpolate({ scaleFactor: [2, -1] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: interpolate: scaleFactor is [2, -1]. Give a number above 0, or 2 of them.]`,
    );
    expect(() => image.interpolate({ scaleFactor: 0.1 })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: interpolate: x [1, 2, 4, 4] would become [1, 2, 0, 0]. Sizes before and after must be at least 1.]`,
    );
    expect(() => image.interpolate({ size: 8, alignCorners: true })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: interpolate: alignCorners has no meaning for nearest. Leave it out.]`,
    );
    expect(() => image.interpolate({ size: 8, mode: "cubic" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: interpolate: mode is "cubic". Give one of "nearest", "nearest-exact", "linear", "bilinear", "trilinear", "bicubic".]`,
    );
  });

  it("of activations", () => {
    expect(() => z(2).celu({ alpha: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: celu: alpha is 0. It divides: give another number, or use relu.]`,
    );
    expect(() => z(2).hardtanh({ minVal: 1, maxVal: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: hardtanh: minVal 1 is above maxVal 0. Exchange them.]`,
    );
    expect(() => z(2).gelu({ approximate: "erf" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: gelu: approximate is "erf". Give "none" or "tanh".]`,
    );
  });

  it("of views", () => {
    expect(() => z(2, 3).reshape([4, 2])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: reshape: the 6 elements of [2, 3] do not fit [4, 2]. The product of the sizes must stay the same; one size may be -1.]`,
    );
    expect(() => z(2, 6).unflatten(1, [4, -1])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: unflatten: dim 1 of [2, 6] is not made of [4, -1]. Give sizes whose product is 6; one of them may be -1.]`,
    );
    expect(() => z(2, 6).unflatten(1, [])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: unflatten: dim 1 of [2, 6] is not made of []. Give sizes whose product is 6; one of them may be -1.]`,
    );
    expect(() => z(2, 6).unflatten(2, [2, 3])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: unflatten: dim 2 is not a dimension of a tensor of 2 dimensions. Give an integer from -2 to 1.]`,
    );
    expect(() => z(2, 3).T.view([6])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: view: a tensor [3, 2] with strides [1, 3] cannot be seen as [6] without a copy. Use reshape, which copies where it must.]`,
    );
    expect(() => z(2, 3).permute([0])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: permute: dims [0] do not name each of the 2 dimensions of [2, 3] once. Give all of 0 to 1 in the order wanted.]`,
    );
    expect(() => z(2, 3).transpose(0, 2)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: transpose: dim 2 is not a dimension of a tensor of 2 dimensions. Give an integer from -2 to 1.]`,
    );
    expect(() => z(2, 3).expand([2, 4])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: expand: [2, 3] does not expand to [2, 4]. Only sizes of 1 can grow; new dimensions come in front. -1 leaves a size as it is.]`,
    );
    expect(() => z(4).narrow(0, 2, 3)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: narrow: 3 elements from 2 on are not in dimension 0 of [4]. Stay within 0 to 4.]`,
    );
    expect(() => z(4).select(0, 4)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: select: index 4 is not in dimension 0 of [4]. Give an integer from -4 to 3.]`,
    );
    expect(() => z(5).split([2, 2])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: split: the sizes [2, 2] do not add up to the 5 elements of dim 0. They must.]`,
    );
    expect(() => z(2).itemSync()).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: item: a tensor [2] has 2 elements, not one. Use array() or data(), or reduce it first.]`,
    );
  });

  it("of reductions and indexing", () => {
    expect(() => z(2).sum(1)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: sum: dim 1 is not a dimension of a tensor of 1 dimension. Give an integer from -1 to 0.]`,
    );
    expect(() => z(2, 3).sum([0, 0])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: sum: dims [0, 0] name a dimension twice. Name each dimension once.]`,
    );
    expect(() => z(2, 0).argmax(1)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: argmax: [2, 0] has nothing to choose from along dims [1]. Reduce over dimensions that have elements.]`,
    );
    expect(() => z(2, 3).gather(1, int(0))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: gather: the index [1] does not fit [2, 3] along dim 1. It needs as many dimensions, and no size larger except along dim.]`,
    );
    expect(() => z(3).scatterAdd(0, int(0, 1), z(1))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: scatterAdd: the source [1] does not reach over the index [2]. Give one element for each index.]`,
    );
    expect(() => z(3, 3).index([int(0, 1), int(0, 1, 2)])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: index: shapes [2] and [3] do not broadcast: sizes 2 and 3 at dim 0 differ and neither is 1. Reshape or expand one of them.]`,
    );
  });

  it("of data", () => {
    expect(() => tensor([[1, 2], [3]])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: tensor: data[1] has 1 element where data[0] has 2 elements. Give a number, nested arrays of numbers of equal lengths, or a typed array.]`,
    );
    expect(() => tensor([1, "a"] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: tensor: data[1] is a string where data[0] is a number. Give a number, nested arrays of numbers of equal lengths, or a typed array.]`,
    );
    expect(() => tensor(null as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: tensor: data is null. Give a number, nested arrays of numbers of equal lengths, or a typed array.]`,
    );
    expect(() => tensor(new Float32Array(5), { shape: [2, 3] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: tensor: 5 numbers do not fill the shape [2, 3]. It takes 6.]`,
    );
    expect(() => z(-1)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: zeros: shape [-1] has the size -1. Sizes are integers from 0 on.]`,
    );
    expect(() => zeros(3 as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: zeros: the shape is 3. Give a list of sizes: [2, 3], or [] for a scalar.]`,
    );
  });
});

it("dtypes that an op does not take", () => {
  expect(() => int(2).mean()).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: mean: the mean of int32 is not int32. Pass { dtype: "float32" }.]`,
  );
  expect(() => int(2).add_(0.5)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: add_: the result is float32, which does not fit into a tensor of int32. In place the dtype stays; use the form without the trailing underscore.]`,
  );
  expect(() => z(2).bitwiseAnd(z(2))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: bitwiseAnd: takes integers and bools, not float32. Cast first: x.to("int32").]`,
  );
  expect(() => z(2).gt(0).neg()).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: neg: takes numbers, not bool. Cast first, x.to("int32"), or use the logical ops.]`,
  );
  expect(() => z(2, 3).gather(1, z(1, 1))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: gather: the index is float32. Indices are integers: index.to("int32").]`,
  );
  expect(() => z(3).scatterAdd(0, int(0), int(1))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: scatterAdd: the source is int32, the tensor float32. Cast one of them.]`,
  );
  expect(() => where(z(2) as never, 1, 2)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: where: the condition is float32. Compare to get a bool: x.gt(0).]`,
  );
  expect(() => z(2).maskedFill(z(2), 1)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: maskedFill: the mask is float32. Compare to get a bool: x.gt(0).]`,
  );
  expect(() => linspace(0, 1, 2, { dtype: "int32" })).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: linspace: equal distances do not fit into int32. Use float32, then to(dtype).]`,
  );
  expect(() => zeros([2], { dtype: "float16" }).add(1)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: add: float16 is for storage on this device. Compute in float32: x.to("float32").]`,
  );
  expect(() => zeros([2], { dtype: "float" as never })).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: zeros: the wasm device has no float. It has float32, float64, int32, int64, uint8, bool.]`,
  );
  expect(() => z(2).to("double" as never)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: to: the wasm device has no double. It has float32, float64, int32, int64, uint8, bool.]`,
  );
  expect(() => add(z(2), [1, 2] as never)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: add: the second operand is an array. Give a tensor or a number; tensor(data) makes one.]`,
  );
  expect(() => z(2).mul(undefined as never)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: mul: the second operand is undefined. Give a tensor or a number; tensor(data) makes one.]`,
  );
});

describe("devices", () => {
  const other = reference();
  const there = (...shape: number[]): Tensor => zeros(shape, { device: other });

  it("that differ", () => {
    expect(() => z(2).add(there(2))).toThrowErrorMatchingInlineSnapshot(
      `[DeviceError: add: tensors are on two devices, wasm and reference. Move one of them: x.to(device).]`,
    );
    expect(() => z(2).add_(there(2))).toThrowErrorMatchingInlineSnapshot(
      `[DeviceError: add_: tensors are on two devices, wasm and reference. Move one of them: x.to(device).]`,
    );
    expect(() => leaf(1).mul(2).backward(there(1))).toThrowErrorMatchingInlineSnapshot(
      `[DeviceError: backward: the gradient is on reference, its tensor on wasm. Move the gradient: grad.to(tensor.device).]`,
    );
    expect(() => {
      leaf(1).grad = there(1);
    }).toThrowErrorMatchingInlineSnapshot(
      `[DeviceError: grad: a gradient on reference does not fit a tensor on wasm. Move the gradient: grad.to(tensor.device).]`,
    );
  });

  it("differ for every op that takes two tensors", () => {
    const at = tensor([0], { dtype: "int32", device: other });
    const uses: Readonly<Record<string, () => unknown>> = {
      matmul: () => z(2, 2).matmul(there(2, 2)),
      linear: () => z(2, 2).linear(there(2, 2)),
      conv2d: () => z(1, 1, 2, 2).conv2d(there(1, 1, 1, 1)),
      "conv2d's bias": () => z(1, 1, 2, 2).conv2d(z(1, 1, 1, 1), { bias: there(1) }),
      convTranspose2d: () => z(1, 1, 2, 2).convTranspose2d(there(1, 1, 1, 1)),
      where: () => where(z(2).gt(0), z(2), there(2)),
      lerp: () => z(2).lerp(z(2), there(2)),
      clamp: () => z(2).clamp({ max: there(2) }),
      maskedFill: () => z(2).maskedFill(there(2).gt(0), 1),
      cat: () => cat([z(2), there(2)]),
      stack: () => stack([z(2), there(2)]),
      einsum: () => einsum("i,i", [z(2), there(2)]),
      gather: () => z(2).gather(0, at),
      indexSelect: () => z(2).indexSelect(0, at),
      index: () => z(2).index([at]),
      take: () => z(2).take(at),
      "scatterAdd's index": () => z(2).scatterAdd(0, at, z(1)),
      "scatterAdd's source": () => z(2).scatterAdd(0, int(0), there(1)),
    };
    for (const [name, use] of Object.entries(uses)) expect(use, name).toThrow(DeviceError);
  });

  it("of the same kind", async () => {
    const second = zeros([2], { device: await wasm({ threads: 1 }) });
    expect(() => z(2).add(second)).toThrowErrorMatchingInlineSnapshot(
      `[DeviceError: add: tensors are on two wasm devices. Move one of them: x.to(device).]`,
    );
  });

  it("that are none", () => {
    expect(() => setDefaultDevice(wasm() as never)).toThrowErrorMatchingInlineSnapshot(
      `[DeviceError: setDefaultDevice: a promise is no device. Await it first: await wasm().]`,
    );
    expect(() => z(2).to(null as never)).toThrowErrorMatchingInlineSnapshot(
      `[DeviceError: to: null is no device. Make one: await wasm().]`,
    );
  });

  describe("that cannot hand out numbers while one waits", () => {
    let slow: Tensor;
    beforeAll(() => {
      const device: Device = Object.defineProperty(reference(), "readSync", { value: undefined });
      slow = zeros([1], { device });
    });

    it("say what to await", async () => {
      expect(() => slow.itemSync()).toThrowErrorMatchingInlineSnapshot(
        `[DeviceError: itemSync: the reference device cannot hand out numbers while you wait. Use await tensor.data(), .array() or .item().]`,
      );
      expect(() => slow.arraySync()).toThrow("arraySync: the reference device");
      expect(() => slow.dataSync()).toThrow("dataSync: the reference device");
      expect(() => slow.to(other)).toThrowErrorMatchingInlineSnapshot(
        `[DeviceError: to: the reference device cannot hand out numbers while you wait. Read them with await x.data().]`,
      );
      expect(String(slow)).toBe("Tensor [1] float32 on reference");
    });
  });
});

it("arguments and options out of range", async () => {
  expect(() => z(2, 3).gather(1, tensor([[3]], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: gather: index 3 is outside of 3 elements. Indices go from -3 to 2.]`,
  );
  expect(() => z(3).indexSelect(0, int(3))).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: indexSelect: index 3 is outside of 3 elements. Indices go from -3 to 2.]`,
  );
  expect(() => z(3).take(int(-4))).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: take: index -4 is outside of 3 elements. Indices go from -3 to 2.]`,
  );
  expect(() => int(5).oneHot(3)).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: oneHot: index 5 is outside of 3 elements. Indices go from 0 to 2.]`,
  );
  expect(() => z(4).slice([[0, 2, 0]])).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: slice: step is 0. Give an integer other than 0.]`,
  );
  expect(() => z(4).unfold(0, 5, 1)).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: unfold: size 5 and step 1 do not fit the 4 elements of dimension 0. Give a size from 1 to 4 and a step of at least 1.]`,
  );
  expect(() => z(5).topk(6)).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: topk: k is 6, but the dimension has 5 elements. Give an integer from 0 to 5.]`,
  );
  expect(() => z(2).pad([3, 0], { mode: "reflect" })).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: pad: reflect padding of 3 and 0 around 2 elements. Give 0 to 1.]`,
  );
  expect(() => z(1, 3, 8, 8).conv2d(z(4, 3, 3, 3), { stride: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: conv2d: stride is 0. Give an integer from 1 on, or 2 of them.]`,
  );
  expect(() => z(1, 3, 8, 8).conv2d(z(4, 3, 3, 3), { padding: [1, 2, 3] })).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: conv2d: padding is [1, 2, 3]. Give an integer from 0 on, or 2 of them.]`,
  );
  expect(() => z(1, 3, 8).conv1d(z(4, 3, 3), { dilation: 1.5 })).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: conv1d: dilation is 1.5. Give an integer from 1 on.]`,
  );
  expect(() => z(1, 3, 8).conv1d(z(4, 3, 3), { padding: "full" as never })).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: conv1d: padding is "full". Give numbers, "same" or "valid".]`,
  );
  expect(() => z(1, 3, 8).convTranspose1d(z(3, 4, 3), { outputPadding: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: convTranspose1d: outputPadding is 1. It must be smaller than stride or dilation.]`,
  );
  expect(() => z(1, 8, 8).avgPool2d([2, 0])).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: avgPool2d: kernelSize is [2, 0]. Give an integer from 1 on, or 2 of them.]`,
  );
  expect(() => z(1, 8, 8).avgPool2d(2, { divisorOverride: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: avgPool2d: divisorOverride is 0. Give an integer other than 0.]`,
  );
  expect(() => z(1, 8, 8).adaptiveAvgPool2d([null, -1])).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: adaptiveAvgPool2d: outputSize is [null, -1]. Give an integer from 1 on, or 2 of them; null leaves a size as it is.]`,
  );
  expect(() => z(1, 8, 8).adaptiveMaxPool2d([1, 2, 3])).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: adaptiveMaxPool2d: outputSize is [1, 2, 3]. Give an integer from 1 on, or 2 of them; null leaves a size as it is.]`,
  );
  expect(() => z(1, 8).adaptiveAvgPool1d(0)).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: adaptiveAvgPool1d: outputSize is 0. Give an integer from 1 on; null leaves a size as it is.]`,
  );
  expect(() => z(1, 3, 8, 8).maxPool2d(2, { padding: 2 })).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: maxPool2d: padding 2 is more than half of the kernel size 2. Such a window could lie outside. Use less.]`,
  );
  expect(() => einsum("ij,jk", [z(2, 3)])).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: einsum: "ij,jk" does not describe 1 tensor. Write letters for each tensor, as "ij,jk->ik".]`,
  );
  expect(() => cat([])).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: cat: the list is empty. Give at least one tensor.]`,
  );
  expect(() => z(2).clamp({})).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: clamp: neither min nor max is given. Give one of them: x.clamp({ min: 0 }).]`,
  );
  expect(() => int(2).pow(-1)).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: pow: integers to the power -1 are fractions. Cast first: x.to("float32").]`,
  );
  expect(() => arange(0, 5, -1)).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: arange: steps of -1 from 0 never reach 5. Give a step other than 0 that leads from start to end.]`,
  );
  expect(() => randint(5, 5, [2])).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: randint: there is no int32 from 5 up to, not including, 5. Give two integers, the smaller first.]`,
  );
  expect(() => bernoulli(2, [1])).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: bernoulli: p is 2. Give a probability from 0 to 1.]`,
  );
  expect(() => manualSeed(-1)).toThrowErrorMatchingInlineSnapshot(
    `[OptionError: manualSeed: the seed is -1. Give an integer from 0 to 2^53 - 1.]`,
  );
  expect(() => eye(-1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: eye: shape [-1, -1] has the size -1. Sizes are integers from 0 on.]`,
  );
  await expect(wasm({ threads: 0 })).rejects.toThrowErrorMatchingInlineSnapshot(
    `[OptionError: wasm: threads is 0. Give an integer from 1 on.]`,
  );
});

describe("tensors that were freed", () => {
  /** The message with this file's path and the places in it masked. */
  const freed = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      expect(error).toBeInstanceOf(FreedError);
      return (error as Error).message.replaceAll(import.meta.filename, "FILE").replaceAll(/FILE:\d+:\d+/g, "FILE:LINE");
    }
    throw new Error("nothing was thrown");
  };

  it("by the end of their scope: where it was, and how to keep them", () => {
    let x: Tensor | undefined;
    scope(() => {
      x = z(2, 3);
    });
    expect(freed(() => x?.add(1))).toMatchInlineSnapshot(
      `"tensor [2, 3] float32: used after it was freed when its scope ended at FILE:LINE. Return it from the scope, or call keep(tensor) inside, to use it longer."`,
    );
    const guard = openScope();
    const y = z(2);
    guard.close();
    expect(freed(() => y.sum())).toContain("freed when its scope ended at FILE:LINE");
  });

  it("by dispose()", () => {
    const x = z(2);
    x.dispose();
    expect(freed(() => x.dataSync())).toMatchInlineSnapshot(
      `"tensor [2] float32: used after it was freed by dispose() at FILE:LINE. Dispose it after its last use."`,
    );
    expect(String(x)).toBe("Tensor [2] float32 (freed)");
  });

  it("with the tensor they are the gradient of", () => {
    let grad: Tensor | null | undefined;
    scope(() => {
      const x = leaf(1);
      x.square().sum().backward();
      grad = x.grad;
    });
    expect(freed(() => grad?.neg())).toMatchInlineSnapshot(
      `"tensor [1] float32: used after it was freed with the tensor it is the gradient of, when its scope ended at FILE:LINE. Return it from the scope, or call keep(tensor) inside, to use it longer."`,
    );
  });

  it("name the line of the user's file", () => {
    const x = z(2);
    x.dispose();
    expect(() => x.neg()).toThrow(/errors\.test\.ts:\d+:\d+/);
  });

  it("throw whatever is done with them", async () => {
    const x = leaf(1, 2);
    const y = z(2);
    x.dispose();
    const uses: Readonly<Record<string, () => unknown>> = {
      neg: () => x.neg(),
      "add, first": () => x.add(y),
      "add, second": () => y.add(x),
      view: () => x.reshape([2, 1]),
      sum: () => x.sum(),
      matmul: () => y.matmul(x),
      cat: () => cat([y, x]),
      add_: () => x.add_(1),
      "copy_ of it": () => y.copy_(x),
      realize: () => x.realize(),
      detach: () => x.detach(),
      arraySync: () => x.arraySync(),
      sort: () => x.sort(),
    };
    for (const [name, use] of Object.entries(uses)) expect(use, name).toThrow(FreedError);
    await expect(x.data()).rejects.toThrow(FreedError);
    await expect(x.item()).rejects.toThrow(FreedError);
    // What it was can still be asked.
    expect([x.shape, x.dtype, x.isFreed]).toEqual([[2], "float32", true]);
  });
});

describe("gradients that cannot be", () => {
  it("of what has none", () => {
    expect(() => tensor([1], { dtype: "int32", requiresGrad: true })).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: requiresGrad: a tensor of int32 has no gradient. Cast it first: x.to("float32").]`,
    );
    expect(() => z().backward()).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: backward: nothing was recorded for this tensor. Compute it outside of noGrad, from tensors whose requiresGrad is true.]`,
    );
    expect(() => leaf(1, 2).mul(2).backward()).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: backward: a tensor [2] has 2 elements, so its gradient is not plainly 1. Reduce it to one number first, or pass the gradient: y.backward(grad).]`,
    );
    expect(() =>
      leaf(1, 2)
        .mul(2)
        .backward(ones([3])),
    ).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: backward: the gradient [3] does not have the shape [2] of its tensor. Give one of the same shape.]`,
    );
    expect(() => leaf(1, 2).mul(2).backward(int(1, 2))).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: backward: the gradient is int32, its tensor float32. Cast it first: grad.to("float32").]`,
    );
    expect(() => grad(leaf(1).sum(), [leaf(1)])).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: grad: an input of shape [1] has no part in the outputs. Pass { allowUnused: true } to get null for it.]`,
    );
    expect(() => grad(leaf(1).sum(), [ones([1])])).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: grad: an input wants no gradient. Set requiresGrad on it before it is used.]`,
    );
    expect(() => z(2).retainGrad()).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: retainGrad: this tensor wants no gradient. Set requiresGrad on a leaf it comes from.]`,
    );
    expect(() => z(2).registerHook(() => undefined)).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: registerHook: this tensor wants no gradient. Set requiresGrad on a leaf it comes from.]`,
    );
    expect(() => {
      leaf(1).mul(2).requiresGrad = false;
    }).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: requiresGrad: this tensor was computed from others that want gradients, so it cannot refuse one. Use detach() to leave the graph.]`,
    );
  });

  it("any more", () => {
    const loss = leaf(1, 2).exp().sum();
    loss.backward();
    expect(() => loss.backward()).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: backward: the graph through sum was freed by an earlier backward pass. Pass { retainGraph: true } to the first one, or compute the loss anew.]`,
    );
    const y = leaf(1, 2).exp();
    const product = y.mul(y);
    y.add_(1);
    expect(() => product.sum().backward()).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: backward: a tensor that mul needs for its gradient was changed in place since (version 1, 0 expected). Use the form without the trailing underscore, or change a clone().]`,
    );
  });

  it("right, after a change in place", () => {
    expect(() => leaf(1).add_(1)).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: add_: a leaf that wants a gradient would change in place while ops are recorded. Do it inside noGrad(() => ...), or use the form without the trailing underscore.]`,
    );
    const x = leaf(1, 2).mul(1);
    x.reshape([2, 1]);
    expect(() => x.add_(1)).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: add_: a tensor that shares its memory with recorded views would change in place, and their gradients would be wrong. Use the form without the trailing underscore, or do it inside noGrad(() => ...).]`,
    );
  });
});

it("classes extend the built-in ones, and carry their names", () => {
  const made = [ShapeError, OptionError, DTypeError, DeviceError, FreedError, GradientError].map(
    (Kind) => new Kind("where", "what", "How."),
  );
  expect(made.map(String)).toMatchInlineSnapshot(`
    [
      "ShapeError: where: what. How.",
      "OptionError: where: what. How.",
      "DTypeError: where: what. How.",
      "DeviceError: where: what. How.",
      "FreedError: where: what. How.",
      "GradientError: where: what. How.",
    ]
  `);
  expect(made.map((error) => Object.getPrototypeOf(Object.getPrototypeOf(error)).name)).toEqual([
    ...["RangeError", "RangeError", "TypeError", "Error", "ReferenceError", "Error"],
  ]);
});

it("an error that is reworded is printed in its new words", () => {
  const error = reword(new RangeError("size 3"), "backward of pad: size 3");
  expect(error.message).toBe("backward of pad: size 3");
  expect(error.stack).toMatch(/^RangeError: backward of pad: size 3\n {4}at /);
});
