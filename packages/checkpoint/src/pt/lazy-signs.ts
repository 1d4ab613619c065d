import { PickleProblem } from "../pickle/pickle-problem.ts";
import { SavedTensor, type Storage } from "../tensors/saved-tensor.ts";

/**
 * A tensor with the signs in its numbers that PyTorch notes beside them: `conj` of `x.conj()`, `neg` of `x.conj().imag`.
 *
 * @param metadata - of the tensor in its pickle, where it has any
 */
export function withSigns(tensor: SavedTensor, metadata: unknown): SavedTensor {
  if (!(metadata instanceof Map)) return tensor;
  const conj = metadata.get("conj") === true;
  const neg = metadata.get("neg") === true;
  if (!conj && !neg) return tensor;
  const { dtype, shape, requiresGrad } = tensor;
  const isComplex = dtype === "complex64" || dtype === "complex128";
  if (!isComplex && (conj || (dtype !== "float32" && dtype !== "float64"))) {
    throw new PickleProblem(`a tensor of ${dtype} with conj or neg`);
  }
  return new SavedTensor({ dtype, shape, storage: new SignedStorage(tensor, { conj, neg }), requiresGrad });
}

/** The numbers of a tensor with other signs; made when they are asked for, as those of the tensor are read later than it is. */
class SignedStorage implements Storage {
  readonly #tensor: SavedTensor;
  readonly #signs: { readonly conj: boolean; readonly neg: boolean };
  #bytes: Uint8Array | undefined;

  constructor(tensor: SavedTensor, signs: { readonly conj: boolean; readonly neg: boolean }) {
    this.#tensor = tensor;
    this.#signs = signs;
  }

  get bytes(): Uint8Array {
    this.#bytes ??= this.#signed();
    return this.#bytes;
  }

  #signed(): Uint8Array {
    const { dtype, bytes } = this.#tensor;
    const { conj, neg } = this.#signs;
    const signed = bytes.slice();
    const isComplex = dtype === "complex64" || dtype === "complex128";
    const parts = new (dtype === "float32" || dtype === "complex64" ? Float32Array : Float64Array)(signed.buffer);
    for (let i = 0; i < parts.length; i++) {
      const isConjugated = conj && isComplex && i % 2 === 1;
      if (neg !== isConjugated) parts[i] = -(parts[i] as number);
    }
    return signed;
  }
}
