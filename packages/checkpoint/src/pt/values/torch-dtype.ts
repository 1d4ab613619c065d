/** A `torch.dtype` as a value: `new TorchDType("float32")` is `torch.float32`. */
export class TorchDType {
  readonly name: string;

  /**
   * @param name - as PyTorch prints it, without `torch.`
   * @throws {TypeError} if no dtype has such a name
   */
  constructor(name: string) {
    if (!isTorchDTypeName(name)) throw new TypeError(`TorchDType: ${JSON.stringify(name)} is no dtype of PyTorch.`);
    this.name = name;
  }
}

/** PyTorch has more dtypes than tensors here: of quantized numbers, and of fewer than 8 bits. */
export const isTorchDTypeName = (name: string): boolean =>
  /^(bool|b?float\d+(_\w+)?|q?u?int\d+(x\d+)?|complex\d+|bits\d+(x\d+)?)$/.test(name);
