import { CheckpointError } from "../checkpoint-error.ts";
import { Complex } from "../pickle/complex.ts";
import { PickleWriter } from "../pickle/pickle-writer.ts";
import { PythonBytes } from "../pickle/python-bytes.ts";
import { Tuple } from "../pickle/tuple.ts";
import { type DType, elementTypes } from "../tensors/dtype.ts";
import { rowMajorStrides, SavedTensor } from "../tensors/saved-tensor.ts";
import { type TensorToSave, tensorToSave } from "../tensors/tensor-to-save.ts";
import { isWholeNumberKey, joinPath } from "./keys.ts";
import { maxNesting } from "./limits.ts";
import { storageClassOf } from "./storage-types.ts";
import { MetaTensor } from "./values/meta-tensor.ts";
import { SparseTensor } from "./values/sparse-tensor.ts";
import { TorchDevice } from "./values/torch-device.ts";
import { TorchDType } from "./values/torch-dtype.ts";

/** Numbers on their way into a file, shared by the tensors that name its key. */
export interface StorageToSave {
  readonly key: string;
  readonly dtype: DType;
  readonly byteLength: number;
  read(): Uint8Array | Promise<Uint8Array>;
  readInto?(target: Uint8Array): boolean;
}

/** The pickle of a value, and the storages that its tensors lie in, in the order of their keys. */
export interface PickledValue {
  readonly pickle: Uint8Array;
  readonly storages: readonly StorageToSave[];
}

/**
 * Pickle `value` as `torch.save` does.
 *
 * @param file - what messages call the file
 * @throws {CheckpointError} if there is something in it that no file holds
 */
export function pickleValue(value: unknown, file: string): PickledValue {
  const pickler = new ValuePickler(file);
  pickler.write(value, "");
  return pickler.finish();
}

class ValuePickler {
  readonly #file: string;
  readonly #pickle = new PickleWriter();
  /** Objects that are written, so that what stands in two places is one object again. */
  readonly #memos = new Map<object, number>();
  /** The containers around the value that is being written. */
  readonly #around = new Set<object>();
  readonly #storages: StorageToSave[] = [];
  readonly #storagesOf = new Map<unknown, StorageToSave[]>();

  constructor(file: string) {
    this.#file = file;
  }

  finish(): PickledValue {
    return { pickle: this.#pickle.finish(), storages: this.#storages };
  }

  write(value: unknown, path: string): void {
    if (value === null) this.#pickle.none();
    else if (typeof value === "object") this.#object(value, path);
    else if (typeof value === "boolean") this.#pickle.bool(value);
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "bigint") this.#bigint(value, path);
    else if (typeof value === "string") this.#string(value, path);
    else if (value === undefined) this.#refuse(path, "is undefined", "Leave it out, or save null.");
    else this.#refuse(path, `is a ${typeof value}`, "Leave it out: a file holds data only.");
  }

  #refuse(path: string, what: string, mend: string, options?: ErrorOptions): never {
    const place = path === "" ? "the value" : path.length > 200 ? `${path.slice(0, 200)}...` : path;
    throw new CheckpointError(this.#file, `${place} ${what}`, mend, options);
  }

  #number(value: number): void {
    // Whole numbers beyond 2^53 were floats: ints of that size are bigints.
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) this.#pickle.int(value);
    else this.#pickle.float(value);
  }

  #bigint(value: bigint, path: string): void {
    try {
      this.#pickle.int(value);
    } catch (cause) {
      this.#refuse(path, "is a whole number of more than 255 bytes", "Save it as a string.", { cause });
    }
  }

  #string(value: string, path: string): void {
    if (/\p{Surrogate}/u.test(value)) {
      this.#refuse(path, "has half a surrogate pair, which no file holds", "Mend it with toWellFormed().");
    }
    this.#pickle.string(value);
  }

  #object(value: object, path: string): void {
    const memo = this.#memos.get(value);
    if (memo !== undefined) {
      this.#pickle.recall(memo);
      return;
    }
    if (this.#around.has(value)) {
      this.#refuse(path, "contains itself", "Save what it is made of without the way back.");
    }
    if (this.#around.size >= maxNesting) this.#refuse(path, `is nested ${maxNesting} deep`, "Save it flatter.");
    this.#around.add(value);
    this.#newObject(value, path);
    this.#around.delete(value);
    this.#memos.set(value, this.#pickle.remember());
  }

  #newObject(value: object, path: string): void {
    if (value instanceof Tuple) this.#tuple(value, path);
    else if (Array.isArray(value)) this.#list(value, path);
    else if (value instanceof Map) this.#dict(value, path);
    else if (value instanceof Set) this.#set(value, path);
    else if (value instanceof PythonBytes) this.#bytes(value);
    else if (value instanceof Complex) this.#complex(value);
    else if (value instanceof TorchDType) this.#pickle.global("torch", value.name);
    else if (value instanceof TorchDevice) this.#device(value);
    else if (value instanceof SparseTensor) this.#sparse(value, path);
    else if (value instanceof MetaTensor) this.#meta(value);
    else if (value instanceof SavedTensor) this.#savedTensor(value);
    else this.#tensorOrPlain(value, path);
  }

  #tensorOrPlain(value: object, path: string): void {
    const tensor = this.#tensorToSave(value, path);
    if (tensor) this.#tensor(tensor);
    else if (isPlain(value)) this.#plainObject(value, path);
    else this.#classInstance(value, path);
  }

  #tensorToSave(value: object, path: string): TensorToSave | undefined {
    try {
      return tensorToSave(value, path === "" ? "the value" : path);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      const mend = "Give it the shape and dtype that its data have.";
      throw new CheckpointError(this.#file, message.replace(/\.$/, ""), mend, { cause });
    }
  }

  #classInstance(value: object, path: string): never {
    const name: unknown = value.constructor?.name;
    const what = typeof name === "string" && name !== "" ? `is of the class ${name}` : "is of a class";
    if ("stateDict" in value) this.#refuse(path, what, "Save its stateDict().");
    this.#refuse(path, what, "Save plain objects, arrays, Maps, Sets and tensors.");
  }

  #list(items: readonly unknown[], path: string): void {
    this.#pickle.op("EMPTY_LIST");
    if (items.length === 0) return;
    this.#pickle.op("MARK");
    // By number, so that the holes of a sparse array are undefined, and refused.
    for (let i = 0; i < items.length; i++) this.write(items[i], `${path}[${i}]`);
    this.#pickle.op("APPENDS");
  }

  #tuple(items: readonly unknown[], path: string): void {
    this.#tupleOf(Array.from(items, (item, i) => () => this.write(item, `${path}[${i}]`)));
  }

  #dict(entries: ReadonlyMap<unknown, unknown>, path: string): void {
    this.#pickle.op("EMPTY_DICT");
    if (entries.size === 0) return;
    this.#pickle.op("MARK");
    for (const [key, value] of entries) {
      const at = joinPath(path, key);
      if (isUnhashable(key)) this.#refuse(at, "has a key that Python cannot look up", "Use a string or a number.");
      this.write(key, at);
      this.write(value, at);
    }
    this.#pickle.op("SETITEMS");
  }

  /** Keys that all are whole numbers are ints: optimizers and schedulers of PyTorch look their states up by them. */
  #plainObject(value: object, path: string): void {
    const entries = Object.entries(value);
    const areWhole = entries.every(([key]) => isWholeNumberKey(key));
    this.#dict(new Map<unknown, unknown>(areWhole ? entries.map(([key, item]) => [intOf(key), item]) : entries), path);
  }

  #set(items: ReadonlySet<unknown>, path: string): void {
    this.#call("__builtin__", "set", [() => this.#list([...items], path)]);
  }

  #bytes({ bytes }: PythonBytes): void {
    this.#call("_codecs", "encode", [() => this.#pickle.string(latin1(bytes)), () => this.#pickle.string("latin1")]);
  }

  #complex({ re, im }: Complex): void {
    this.#call("__builtin__", "complex", [() => this.#pickle.float(re), () => this.#pickle.float(im)]);
  }

  #device({ type, index }: TorchDevice): void {
    const args = [() => this.#pickle.string(type)];
    if (index !== undefined) args.push(() => this.#pickle.int(index));
    this.#call("torch", "device", args);
  }

  #sparse({ indices, values, shape, isCoalesced }: SparseTensor, path: string): void {
    const layout = () =>
      this.#call("torch.serialization", "_get_layout", [() => this.#pickle.string("torch.sparse_coo")]);
    const size = () => this.#call("torch", "Size", [() => this.#ints(shape)]);
    const parts = () => {
      this.#pickle.op("MARK");
      this.#object(indices, `${path}.indices`);
      this.#object(values, `${path}.values`);
      size();
      this.#pickle.bool(isCoalesced);
      this.#pickle.op("TUPLE");
    };
    this.#call("torch._utils", "_rebuild_sparse_tensor", [layout, parts]);
  }

  #meta({ dtype, shape, strides, requiresGrad }: MetaTensor): void {
    this.#call("torch._utils", "_rebuild_meta_tensor_no_storage", [
      () => this.#pickle.global("torch", dtype),
      () => this.#ints(shape),
      () => this.#ints(strides),
      () => this.#pickle.bool(requiresGrad),
    ]);
  }

  #savedTensor(tensor: SavedTensor): void {
    const { isParameter, requiresGrad } = tensor;
    const { size } = elementTypes[tensor.dtype];
    // Of bytes that end within an element no tensor has the last.
    const byteLength = tensor.storage.bytes.length - (tensor.storage.bytes.length % size);
    const read = () => tensor.storage.bytes.subarray(0, byteLength);
    const storage = this.#storage(tensor.storage, { dtype: tensor.dtype, byteLength, read });
    // The tensor in a parameter records nothing itself.
    const inner = () => this.#rebuild(storage, { ...geometryOf(tensor), requiresGrad: requiresGrad && !isParameter });
    const parameter = [inner, () => this.#pickle.bool(requiresGrad), () => this.#orderedDict()];
    if (isParameter) this.#call("torch._utils", "_rebuild_parameter", parameter);
    else inner();
  }

  #tensor({ shape, identity, ...numbers }: TensorToSave): void {
    const storage = this.#storage(identity, numbers);
    this.#rebuild(storage, { shape, offset: 0, strides: rowMajorStrides(shape), requiresGrad: false });
  }

  /** The storage of a tensor: the same for all that have the same memory. As another dtype it is written again, which PyTorch refuses. */
  #storage(identity: unknown, numbers: Omit<StorageToSave, "key">): StorageToSave {
    const ofIdentity = this.#storagesOf.get(identity) ?? [];
    const known = ofIdentity.find((storage) => storage.dtype === numbers.dtype);
    if (known) return known;
    const storage = { ...numbers, key: `${this.#storages.length}` };
    this.#storages.push(storage);
    this.#storagesOf.set(identity, [...ofIdentity, storage]);
    return storage;
  }

  #rebuild(storage: StorageToSave, { shape, offset, strides, requiresGrad }: Geometry): void {
    const hasClass = storageClassOf(storage.dtype) !== undefined;
    const args = [
      () => this.#persistentId(storage),
      () => this.#pickle.int(offset),
      () => this.#ints(shape),
      () => this.#ints(strides),
      () => this.#pickle.bool(requiresGrad),
      () => this.#orderedDict(),
    ];
    if (!hasClass) args.push(() => this.#pickle.global("torch", storage.dtype));
    this.#call("torch._utils", hasClass ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3", args);
  }

  #persistentId({ key, dtype, byteLength }: StorageToSave): void {
    const storageClass = storageClassOf(dtype);
    this.#pickle.op("MARK");
    this.#pickle.string("storage");
    if (storageClass === undefined) this.#pickle.global("torch.storage", "UntypedStorage");
    else this.#pickle.global("torch", storageClass);
    this.#pickle.string(key);
    this.#pickle.string("cpu");
    this.#pickle.int(storageClass === undefined ? byteLength : byteLength / elementTypes[dtype].size);
    this.#pickle.op("TUPLE");
    this.#pickle.op("BINPERSID");
  }

  /** The backward hooks that a tensor in a file has none of. */
  #orderedDict(): void {
    this.#call("collections", "OrderedDict", []);
  }

  #ints(numbers: readonly number[]): void {
    this.#tupleOf(numbers.map((number) => () => this.#pickle.int(number)));
  }

  #tupleOf(writers: readonly (() => void)[]): void {
    if (writers.length > 3) this.#pickle.op("MARK");
    for (const write of writers) write();
    this.#pickle.op((["EMPTY_TUPLE", "TUPLE1", "TUPLE2", "TUPLE3"] as const)[writers.length] ?? "TUPLE");
  }

  #call(module: string, name: string, args: readonly (() => void)[]): void {
    this.#pickle.global(module, name);
    this.#tupleOf(args);
    this.#pickle.op("REDUCE");
  }
}

type Geometry = Pick<SavedTensor, "shape" | "offset" | "strides" | "requiresGrad">;

const geometryOf = ({ shape, offset, strides, requiresGrad }: SavedTensor): Geometry => ({
  shape,
  offset,
  strides,
  requiresGrad,
});

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

const intOf = (key: string): number | bigint => {
  const number = Number(key);
  return Number.isSafeInteger(number) ? number : BigInt(key);
};

const isUnhashable = (key: unknown): boolean =>
  (Array.isArray(key) && !(key instanceof Tuple)) ||
  key instanceof Map ||
  key instanceof Set ||
  (typeof key === "object" && key !== null && isPlain(key));

/** Each byte as the character of its number. */
function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}
