/** What a round over the training images came to. */
export interface Epoch {
  readonly epoch: number;
  /** Mean of the batches. */
  readonly loss: number;
  /** Share of the training images that were recognised while it learned, 0 to 1. */
  readonly accuracy: number;
  /** Share of the test images that are recognised after it, 0 to 1. */
  readonly testAccuracy: number;
  readonly lr: number;
  /** While it learned. */
  readonly imagesPerSecond: number;
  /** How long it took, with the test. */
  readonly seconds: number;
}
