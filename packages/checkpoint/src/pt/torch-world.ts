import { PickleProblem } from "../pickle/pickle-problem.ts";
import { PickleFunction, type PickleWorld } from "../pickle/pickle-world.ts";
import { bytes, complex, orderedDict, set } from "../pickle/python-types.ts";
import { Tuple } from "../pickle/tuple.ts";
import { isCount } from "./geometry.ts";
import { Layout } from "./layout.ts";
import { withSigns } from "./lazy-signs.ts";
import {
  rebuildMetaTensor,
  rebuildParameter,
  rebuildSparseTensor,
  rebuildTensor,
  rebuildTensorV3,
} from "./rebuild-tensor.ts";
import { StorageClass } from "./storage-class.ts";
import { dtypeOfStorageClass } from "./storage-types.ts";
import { PendingStorages } from "./storages.ts";
import { unknownGlobal } from "./unknown-global.ts";
import { TorchDevice } from "./values/torch-device.ts";
import { isTorchDTypeName, TorchDType } from "./values/torch-dtype.ts";

/** Bytes that may be copied within a pickle, and what an item of a list counts for. */
const maxCopied = 2 ** 28;
const itemCost = 16;

type Call = (args: readonly unknown[]) => unknown;

/** The names that PyTorch's weights-only reader knows, as functions that make values of ours. */
export class TorchWorld implements PickleWorld {
  readonly storages = new PendingStorages();
  #copied = 0;
  readonly #functions: ReadonlyMap<string, PickleFunction>;

  constructor() {
    const calls: Record<string, Call> = {
      "collections.OrderedDict": ([items]) => orderedDict(this.#paid(items)),
      "collections.Counter": ([items]) => orderedDict(this.#paid(items)),
      "builtins.set": ([items]) => set(this.#paid(items)),
      "builtins.bytearray": ([text]) => bytes(this.#paid(text)),
      "builtins.bytes": ([text]) => bytes(this.#paid(text)),
      "builtins.complex": ([re, im]) => complex(re, im),
      "_codecs.encode": ([text]) => bytes(this.#paid(text)),
      "torch.Size": size,
      "torch.device": device,
      "torch.Tensor": neverCalled("torch.Tensor"),
      "torch.nn.parameter.Parameter": ([tensor, requiresGrad = true]) => rebuildParameter([tensor, requiresGrad]),
      "torch.serialization._get_layout": layout,
      "torch._tensor._rebuild_from_type_v2": (args) => this.#rebuildFromType(args),
      "torch._utils._rebuild_tensor": rebuildTensor,
      "torch._utils._rebuild_tensor_v2": (args) => withSigns(rebuildTensor(args), args[6]),
      "torch._utils._rebuild_tensor_v3": (args) => withSigns(rebuildTensorV3(args), args[7]),
      "torch._utils._rebuild_parameter": rebuildParameter,
      "torch._utils._rebuild_parameter_with_state": rebuildParameter,
      "torch._utils._rebuild_sparse_tensor": rebuildSparseTensor,
      "torch._utils._rebuild_meta_tensor_no_storage": rebuildMetaTensor,
      "torch._utils._rebuild_qtensor": unreadable("quantized tensors", "Save x.dequantize()."),
      "torch._utils._rebuild_nested_tensor": unreadable("nested tensors", "Save x.to_padded_tensor(0), or x.unbind()."),
      "torch._utils._rebuild_wrapper_subclass": unreadable("tensors of other classes", "Save a plain tensor."),
      "torch._utils._rebuild_device_tensor_from_numpy": unreadable("tensors of XLA", "Save x.cpu()."),
      "torch._utils._rebuild_device_tensor_from_cpu_tensor": unreadable("tensors of XLA", "Save x.cpu()."),
    };
    this.#functions = new Map(Object.entries(calls).map(([name, call]) => [name, new PickleFunction(name, call)]));
  }

  global(module: string, name: string): unknown {
    // Protocol 2 has the names of Python 2.
    const fullName = `${module === "__builtin__" ? "builtins" : module}.${name}`;
    const found = this.#functions.get(fullName) ?? dtypeNamed(fullName) ?? storageClassNamed(fullName);
    if (found === undefined) throw unknownGlobal(fullName);
    return found;
  }

  persistent(id: unknown): unknown {
    return this.storages.find(id);
  }

  /** `copied`, which a pickle may ask to be copied as often as it has bytes: it is counted. */
  #paid(copied: unknown): unknown {
    if (typeof copied === "string") this.#copied += copied.length;
    else if (Array.isArray(copied)) this.#copied += itemCost * copied.length;
    else if (copied instanceof Map) this.#copied += itemCost * copied.size;
    if (this.#copied > maxCopied) throw new PickleProblem("more sets, dicts or bytes than fit a pickle of its size");
    return copied;
  }

  /** `(function, type, arguments, attributes)`: a tensor with attributes, which are dropped. */
  #rebuildFromType([rebuild, , args]: readonly unknown[]): unknown {
    // Not itself again, which could go on for ever.
    const isRebuild = rebuild instanceof PickleFunction && rebuild.name.startsWith("torch._utils._rebuild_");
    if (!isRebuild || !(args instanceof Tuple)) throw new PickleProblem("a tensor that is rebuilt by no function");
    return rebuild.call(args);
  }
}

function dtypeNamed(fullName: string): TorchDType | undefined {
  const [, name] = /^torch\.(\w+)$/.exec(fullName) ?? [];
  return name !== undefined && isTorchDTypeName(name) ? new TorchDType(name) : undefined;
}

/** Those of tensors on GPUs were `torch.cuda.FloatStorage` in old files. */
function storageClassNamed(fullName: string): StorageClass | undefined {
  if (fullName === "torch.storage.UntypedStorage") return new StorageClass(undefined);
  const [, name] = /^torch\.(?:cuda\.)?(\w+Storage)$/.exec(fullName) ?? [];
  if (name === undefined) return undefined;
  const dtype = dtypeOfStorageClass(name);
  if (dtype !== undefined) return new StorageClass(dtype);
  if (!/^QU?Int\d/.test(name)) return undefined;
  return new StorageClass(undefined, unreadableProblem("quantized tensors", "Save x.dequantize()."));
}

const unreadableProblem = (what: string, mend: string) => new PickleProblem(`${what} cannot be read`, mend);

const unreadable =
  (what: string, mend: string): Call =>
  () => {
    throw unreadableProblem(what, mend);
  };

const neverCalled =
  (name: string): Call =>
  () => {
    throw new PickleProblem(`${name} is called`);
  };

function size([sizes]: readonly unknown[]): Tuple {
  if (sizes instanceof Tuple) return sizes;
  throw new PickleProblem("a torch.Size that is not made of a tuple");
}

function device([type, index]: readonly unknown[]): TorchDevice {
  if (typeof type === "string" && (index === undefined || isCount(index))) return new TorchDevice(type, index);
  throw new PickleProblem("a torch.device that is not made of a name and a number");
}

function layout([name]: readonly unknown[]): Layout {
  if (typeof name === "string") return new Layout(name);
  throw new PickleProblem("a layout without a name");
}
