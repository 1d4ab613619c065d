/** A `torch.device` as a value: `new TorchDevice("cuda", 0)` is `torch.device("cuda", 0)`. */
export class TorchDevice {
  readonly type: string;
  /** Which one, counted from 0. @defaultValue the one in use */
  readonly index: number | undefined;

  constructor(type: string, index?: number) {
    this.type = type;
    this.index = index;
  }
}
