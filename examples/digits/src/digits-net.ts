import { BatchNorm2d, Conv2d, Dropout, Linear, Module } from "@anneal/nn";
import type { Tensor } from "@anneal/tensor";

/**
 * Two convolutions, each with batch-norm and half the image after it, and a linear layer that decides.
 *
 * @param image - its height and width in pixels, at least 4 each
 */
export class DigitsNet extends Module {
  conv1 = new Conv2d(1, 32, 3, { padding: 1 });
  norm1 = new BatchNorm2d(32);
  conv2 = new Conv2d(32, 64, 3, { padding: 1 });
  norm2 = new BatchNorm2d(64);
  dropout = new Dropout(0.25);
  decide: Linear;

  constructor([height, width]: readonly [height: number, width: number], classes = 10) {
    super();
    this.decide = new Linear(64 * Math.floor(height / 4) * Math.floor(width / 4), classes);
  }

  /** @param images - [N, 1, height, width], 0 (paper) to 1 (ink) @returns scores, [N, classes] */
  forward(images: Tensor): Tensor {
    const strokes = this.norm1.forward(this.conv1.forward(images)).relu().maxPool2d(2);
    const shapes = this.norm2.forward(this.conv2.forward(strokes)).relu().maxPool2d(2);
    return this.decide.forward(this.dropout.forward(shapes.flatten(1)));
  }
}
