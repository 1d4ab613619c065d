import {
  Complex,
  MetaTensor,
  PythonBytes,
  SavedTensor,
  SparseTensor,
  type Storage,
  TorchDevice,
  TorchDType,
  Tuple,
} from "../src/index.ts";

/** A loaded value as JSON, as `reference/generate_pt.py` describes what PyTorch loads. */
export function describeValue(value: unknown): unknown {
  const storages = new Map<Storage | object, number>();
  const describe = (part: unknown): unknown => {
    if (typeof part === "bigint") return { int: `${part}` };
    if (typeof part === "number") return Number.isFinite(part) ? part : { float: floatName(part) };
    if (typeof part !== "object" || part === null) return part;
    if (part instanceof SavedTensor) return tensor(part);
    if (part instanceof Tuple) return { tuple: Array.from(part, describe) };
    if (Array.isArray(part)) return part.map(describe);
    if (part instanceof Set) return { set: [...part].map(describe).sort() };
    if (part instanceof Map) return { dict: [...part].map((entry) => entry.map(describe)) };
    if (part instanceof PythonBytes) return { bytes: hex(part.bytes) };
    if (part instanceof Complex) return { complex: [part.re, part.im] };
    if (part instanceof TorchDType) return { dtype: part.name };
    if (part instanceof TorchDevice) return { device: [part.type, part.index ?? null] };
    if (part instanceof MetaTensor) return { meta: [part.dtype, part.shape, part.strides, part.requiresGrad] };
    if (part instanceof SparseTensor) {
      return { sparse: [tensor(part.indices), tensor(part.values), part.shape, part.isCoalesced] };
    }
    return { dict: Object.entries(part).map((entry) => entry.map(describe)) };
  };
  const tensor = (saved: SavedTensor) => {
    // Nothing tells two empty pieces of memory apart.
    const place = saved.storage.bytes.length > 0 ? saved.storage : {};
    if (!storages.has(place)) storages.set(place, storages.size);
    return {
      tensor: saved.dtype,
      shape: saved.shape,
      strides: saved.strides,
      offset: saved.offset,
      storage: storages.get(place),
      bytes: hex(saved.bytes),
      requiresGrad: saved.requiresGrad,
      isParameter: saved.isParameter,
    };
  };
  return describe(value);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const floatName = (x: number): string => (Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf");
