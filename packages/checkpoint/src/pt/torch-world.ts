import { Complex } from "../pickle/complex.ts";
import { PickleProblem } from "../pickle/pickle-problem.ts";
import { OrderedDict, PickleFunction, type PickleWorld } from "../pickle/pickle-world.ts";
import { PythonBytes } from "../pickle/python-bytes.ts";
import { checkHashable } from "../pickle/read-pickle.ts";
import { Tuple } from "../pickle/tuple.ts";
import type { SavedTensor } from "../tensors/saved-tensor.ts";
import { isCount } from "./geometry.ts";
import { Layout } from "./layout.ts";
import { lazySignsOf, withSigns } from "./lazy-signs.ts";
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

type Call = (args: readonly unknown[]) => unknown;

/** The names that PyTorch's weights-only reader knows, as functions that make values of ours. */
export class TorchWorld implements PickleWorld {
  readonly storages = new PendingStorages();
  /** What is to be done when the storages are read. */
  readonly #unsettled: (() => void)[] = [];
  readonly #functions: ReadonlyMap<string, PickleFunction>;

  constructor() {
    const calls: Record<string, Call> = {
      "collections.OrderedDict": orderedDict,
      "collections.Counter": orderedDict,
      "builtins.set": set,
      "builtins.bytearray": bytes,
      "builtins.bytes": bytes,
      "builtins.complex": complex,
      "_codecs.encode": bytes,
      "torch.Size": size,
      "torch.device": device,
      "torch.Tensor": neverCalled("torch.Tensor"),
      "torch.nn.parameter.Parameter": ([tensor, requiresGrad = true]) => rebuildParameter([tensor, requiresGrad]),
      "torch.serialization._get_layout": layout,
      "torch._tensor._rebuild_from_type_v2": (args) => this.#rebuildFromType(args),
      "torch._utils._rebuild_tensor": rebuildTensor,
      "torch._utils._rebuild_tensor_v2": (args) => this.#signed(rebuildTensor(args), args[6]),
      "torch._utils._rebuild_tensor_v3": (args) => this.#signed(rebuildTensorV3(args), args[7]),
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

  /** The storages are read. */
  settle(): void {
    for (const settle of this.#unsettled) settle();
  }

  #signed(tensor: SavedTensor, metadata: unknown): SavedTensor {
    const signs = lazySignsOf(metadata);
    if (signs === undefined) return tensor;
    const signed = withSigns(tensor, signs);
    this.#unsettled.push(signed.settle);
    return signed.tensor;
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

/** `OrderedDict()`, `Counter({...})`, and of Python 2 `OrderedDict([[key, value], ...])` */
function orderedDict([items]: readonly unknown[]): OrderedDict {
  const dict = new OrderedDict();
  if (items === undefined) return dict;
  if (!Array.isArray(items) && !(items instanceof Map)) throw new PickleProblem("an OrderedDict of no items");
  for (const pair of items) {
    if (!Array.isArray(pair) || pair.length !== 2) throw new PickleProblem("an item of an OrderedDict is no pair");
    checkHashable(pair[0]);
    dict.set(pair[0], pair[1]);
  }
  return dict;
}

function set([items = []]: readonly unknown[]): Set<unknown> {
  if (!Array.isArray(items)) throw new PickleProblem("a set of no list");
  for (const item of items) checkHashable(item);
  return new Set(items);
}

/** Text whose characters are the bytes, as pickles before protocol 3 have them. */
function bytes([text = ""]: readonly unknown[]): PythonBytes {
  if (text instanceof PythonBytes) return text;
  if (typeof text !== "string" || /[^\0-\xff]/.test(text)) throw new PickleProblem("bytes that are not in latin1");
  return new PythonBytes(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}

function complex([re, im]: readonly unknown[]): Complex {
  if (typeof re === "number" && typeof im === "number") return new Complex(re, im);
  throw new PickleProblem("a complex number that is not made of two floats");
}

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
