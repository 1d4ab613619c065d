import { BatchNorm2d, Conv2d, Linear, Module, Sequential } from "@anneal/nn";
import type { Tensor } from "@anneal/tensor";

// Batch-norm subtracts the mean of each channel, and with it whatever bias a convolution before it adds.
const conv3x3 = (inChannels: number, outChannels: number, stride = 1): Conv2d =>
  new Conv2d(inChannels, outChannels, 3, { stride, padding: 1, bias: false });

/** Two convolutions that learn what to add to their input. Where the size changes, the input goes through a convolution of its own. */
class ResidualBlock extends Module {
  conv1: Conv2d;
  bn1: BatchNorm2d;
  conv2: Conv2d;
  bn2: BatchNorm2d;
  downsample: Sequential | null;

  constructor(inChannels: number, outChannels: number, stride = 1) {
    super();
    this.conv1 = conv3x3(inChannels, outChannels, stride);
    this.bn1 = new BatchNorm2d(outChannels);
    this.conv2 = conv3x3(outChannels, outChannels);
    this.bn2 = new BatchNorm2d(outChannels);
    this.downsample =
      stride === 1 && inChannels === outChannels
        ? null
        : new Sequential(conv3x3(inChannels, outChannels, stride), new BatchNorm2d(outChannels));
  }

  /** @param x - [N, in, H, W] @returns [N, out, H / stride, W / stride] */
  forward(x: Tensor): Tensor {
    const inside = this.bn1.forward(this.conv1.forward(x)).relu();
    const learned = this.bn2.forward(this.conv2.forward(inside));
    return learned.add(this.downsample?.forward(x) ?? x).relu();
  }
}

/**
 * A residual network for images of 32x32: a stem, three stages of two blocks with 16, 32 and 64 channels, each but the first at half the
 * size of the one before, the mean over the image, and a linear layer that decides. 195,738 parameters for ten classes.
 *
 * @see {@link https://arxiv.org/abs/1512.03385 | Deep residual learning, He et al. 2015}
 */
export class ResNet extends Module {
  conv = conv3x3(3, 16);
  bn = new BatchNorm2d(16);
  layer1 = new Sequential(new ResidualBlock(16, 16), new ResidualBlock(16, 16));
  layer2 = new Sequential(new ResidualBlock(16, 32, 2), new ResidualBlock(32, 32));
  layer3 = new Sequential(new ResidualBlock(32, 64, 2), new ResidualBlock(64, 64));
  fc: Linear;

  constructor(classes = 10) {
    super();
    this.fc = new Linear(64, classes);
  }

  /** @param images - [N, 3, 32, 32], normalized @returns scores, [N, classes] */
  forward(images: Tensor): Tensor {
    const stem = this.bn.forward(this.conv.forward(images)).relu();
    const features = this.layer3.forward(this.layer2.forward(this.layer1.forward(stem)));
    return this.fc.forward(features.avgPool2d(8).flatten(1));
  }
}
