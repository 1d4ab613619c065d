import { PickleProblem } from "../pickle/pickle-problem.ts";
import { kindOf } from "../pickle/read-pickle.ts";
import { Tuple } from "../pickle/tuple.ts";
import { quoted } from "../shown.ts";
import { type DType, elementTypes, isDType } from "../tensors/dtype.ts";
import { SavedTensor } from "../tensors/saved-tensor.ts";
import { checkGeometry, countsOf, isCount } from "./geometry.ts";
import { Layout } from "./layout.ts";
import { swappedSize } from "./storage-types.ts";
import { StorageReference } from "./storages.ts";
import { MetaTensor } from "./values/meta-tensor.ts";
import { SparseTensor } from "./values/sparse-tensor.ts";
import { TorchDType } from "./values/torch-dtype.ts";

type Arguments = readonly unknown[];

/** `torch._utils._rebuild_tensor(storage, offset, size, stride)` and, with more arguments, `_rebuild_tensor_v2`. */
export function rebuildTensor([reference, offset, size, stride, requiresGrad = false]: Arguments): SavedTensor {
  const storage = storageOf(reference);
  // Bytes of no dtype are uint8, as in PyTorch.
  return tensorIn(storage, storage.pending.dtype ?? "uint8", offset, size, stride, requiresGrad);
}

/** `torch._utils._rebuild_tensor_v3(storage, offset, size, stride, requires_grad, hooks, dtype)`: for dtypes without a storage class. */
export function rebuildTensorV3([reference, offset, size, stride, requiresGrad, , dtype]: Arguments): SavedTensor {
  return tensorIn(storageOf(reference), dtypeOf(dtype), offset, size, stride, requiresGrad);
}

function tensorIn(
  { pending, offset: base, byteLength }: StorageReference,
  dtype: DType,
  offset: unknown,
  size: unknown,
  stride: unknown,
  requiresGrad: unknown,
): SavedTensor {
  if (!isCount(offset) || typeof requiresGrad !== "boolean") {
    throw new PickleProblem("a tensor whose offset is no whole number from 0 on, or whose requires_grad is no bool");
  }
  const { size: elementSize } = elementTypes[dtype];
  if (pending.dtype !== undefined && pending.dtype !== dtype) {
    throw new PickleProblem(`a tensor of ${dtype} in a storage of ${pending.dtype}`);
  }
  pending.swappedSize ??= swappedSize(dtype);
  if (pending.swappedSize !== swappedSize(dtype)) {
    throw new PickleProblem(`storage ${quoted(pending.key)} has tensors of elements of two sizes`);
  }
  const geometry = { offset, shape: countsOf(size), strides: countsOf(stride) };
  checkGeometry(geometry, Math.floor(byteLength / elementSize));
  return new SavedTensor({
    dtype,
    ...geometry,
    offset: base + offset,
    storage: pending.storage,
    requiresGrad,
  });
}

function storageOf(reference: unknown): StorageReference {
  if (reference instanceof StorageReference) return reference;
  throw new PickleProblem(`a tensor whose storage is a ${kindOf(reference)}`);
}

function dtypeOf(dtype: unknown): DType {
  if (!(dtype instanceof TorchDType)) throw new PickleProblem(`a tensor whose dtype is a ${kindOf(dtype)}`);
  if (isDType(dtype.name)) return dtype.name;
  throw new PickleProblem(
    `tensors of ${dtype.name} cannot be read`,
    "Convert them before saving: x.to(torch.float32).",
  );
}

/** `torch._utils._rebuild_parameter(tensor, requires_grad, hooks)`, also with attributes, which are dropped. */
export function rebuildParameter([tensor, requiresGrad]: Arguments): SavedTensor | MetaTensor {
  if (typeof requiresGrad !== "boolean") throw new PickleProblem("a parameter whose requires_grad is no bool");
  if (tensor instanceof MetaTensor) return new MetaTensor({ ...tensor, requiresGrad });
  if (!(tensor instanceof SavedTensor)) throw new PickleProblem(`a parameter of a ${kindOf(tensor)}`);
  const { dtype, shape, storage, offset, strides } = tensor;
  return new SavedTensor({ dtype, shape, storage, offset, strides, requiresGrad, isParameter: true });
}

/** `torch._utils._rebuild_meta_tensor_no_storage(dtype, size, stride, requires_grad)` */
export function rebuildMetaTensor([dtype, size, stride, requiresGrad]: Arguments): MetaTensor {
  if (typeof requiresGrad !== "boolean") throw new PickleProblem("a tensor whose requires_grad is no bool");
  const [shape, strides] = [countsOf(size), countsOf(stride)];
  return new MetaTensor({ dtype: dtypeOf(dtype), shape, strides, requiresGrad });
}

/** `torch._utils._rebuild_sparse_tensor(layout, (indices, values, size, is_coalesced))` */
export function rebuildSparseTensor([layout, parts]: Arguments): SparseTensor {
  if (!(layout instanceof Layout && parts instanceof Tuple)) throw new PickleProblem("a sparse tensor without layout");
  if (layout.name !== "torch.sparse_coo") {
    throw new PickleProblem(
      `sparse tensors of the layout ${quoted(layout.name)} cannot be read`,
      "Save x.to_sparse_coo() or x.to_dense().",
    );
  }
  // Files before 2.0 do not say whether it is coalesced.
  const [indices, values, size, isCoalesced = false] = parts;
  const shape = countsOf(size);
  if (!(indices instanceof SavedTensor && values instanceof SavedTensor)) {
    throw new PickleProblem("a sparse tensor whose indices or values are no tensors");
  }
  const [sparseDims, count] = indices.shape;
  const dense = sparseDims === undefined ? [] : shape.slice(sparseDims);
  const isWhole =
    indices.shape.length === 2 && indices.dtype === "int64" && `${values.shape}` === `${[count, ...dense]}`;
  if (!isWhole) throw new PickleProblem("a sparse tensor whose indices, values and size do not fit together");
  return new SparseTensor({ indices, values, shape, isCoalesced: isCoalesced === true });
}
