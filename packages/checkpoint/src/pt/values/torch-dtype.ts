/** A `torch.dtype` as a value: `new TorchDType("float32")` is `torch.float32`. */
export class TorchDType {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}
