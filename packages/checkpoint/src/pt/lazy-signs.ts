import { PickleProblem } from "../pickle/pickle-problem.ts";
import { SavedTensor } from "../tensors/saved-tensor.ts";

/** Signs that PyTorch notes beside a tensor's numbers instead of changing them: `x.conj()`, `x.conj().imag`. */
export interface LazySigns {
  readonly conj: boolean;
  readonly neg: boolean;
}

/** `{ conj, neg }` of a tensor's metadata, if there is something to do. */
export function lazySignsOf(metadata: unknown): LazySigns | undefined {
  if (!(metadata instanceof Map)) return undefined;
  const signs = { conj: metadata.get("conj") === true, neg: metadata.get("neg") === true };
  return signs.conj || signs.neg ? signs : undefined;
}

/**
 * A tensor with its signs in its numbers. They are put there by `settle`, when the numbers are read.
 */
export function withSigns(tensor: SavedTensor, { conj, neg }: LazySigns): { tensor: SavedTensor; settle(): void } {
  const { dtype, shape, requiresGrad } = tensor;
  const isComplex = dtype === "complex64" || dtype === "complex128";
  if (!isComplex && (conj || (dtype !== "float32" && dtype !== "float64"))) {
    throw new PickleProblem(`a tensor of ${dtype} with conj or neg`);
  }
  const storage = { bytes: new Uint8Array(0) };
  return {
    tensor: new SavedTensor({ dtype, shape, storage, requiresGrad }),
    settle() {
      const bytes = tensor.bytes.slice();
      const parts = new (dtype === "float32" || dtype === "complex64" ? Float32Array : Float64Array)(bytes.buffer);
      for (let i = 0; i < parts.length; i++) {
        const isImaginary = isComplex && i % 2 === 1;
        if (neg !== (conj && isImaginary)) parts[i] = -(parts[i] as number);
      }
      storage.bytes = bytes;
    },
  };
}
