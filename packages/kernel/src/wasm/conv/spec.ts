/** A convolution of planes, as `torch.nn.functional.conv2d`: float32, contiguous, addresses in bytes. */
export interface Conv2dSpec {
  /**
   * `forward` reads input and weight, and writes output; `inputGradient` reads output (its gradient) and weight, and writes input (its
   * gradient); `weightGradient` reads input and output (its gradient), and writes weight (its gradient).
   */
  readonly kind: "forward" | "inputGradient" | "weightGradient";
  /** Images. */
  readonly n: number;
  readonly groups: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly height: number;
  readonly width: number;
  readonly kernel: readonly [height: number, width: number];
  readonly stride: readonly [height: number, width: number];
  /** Above and to the left; what lies below and to the right follows from the output's size. */
  readonly padding: readonly [height: number, width: number];
  readonly dilation: readonly [height: number, width: number];
  readonly outHeight: number;
  readonly outWidth: number;
  /** [n, inChannels, height, width] */
  readonly input: number;
  /** [outChannels, inChannels / groups, ...kernel] */
  readonly weight: number;
  /** [n, outChannels, outHeight, outWidth] */
  readonly output: number;
}
