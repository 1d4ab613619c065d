import { adaptiveAvgPool2d, type Tensor } from "@anneal/tensor";
import { BatchNorm2d, Conv2d, Linear, Module, Sequential } from "../../src/index.ts";

const conv3x3 = (inputs: number, outputs: number, stride = 1): Conv2d =>
  new Conv2d(inputs, outputs, 3, { stride, padding: 1, bias: false });

class BasicBlock extends Module {
  conv1: Conv2d;
  bn1: BatchNorm2d;
  conv2: Conv2d;
  bn2: BatchNorm2d;
  downsample: Sequential | null;

  constructor(inputs: number, outputs: number, stride = 1) {
    super();
    this.conv1 = conv3x3(inputs, outputs, stride);
    this.bn1 = new BatchNorm2d(outputs);
    this.conv2 = conv3x3(outputs, outputs);
    this.bn2 = new BatchNorm2d(outputs);
    this.downsample = stride > 1 ? new Sequential(conv3x3(inputs, outputs, stride), new BatchNorm2d(outputs)) : null;
  }

  forward(x: Tensor): Tensor {
    const inside = this.bn1.forward(this.conv1.forward(x)).relu();
    const shortcut = this.downsample?.forward(x) ?? x;
    return this.bn2.forward(this.conv2.forward(inside)).add(shortcut).relu();
  }
}

/** A small residual network with the field names that people give theirs: scores of 3 classes for images, [N, 2, H, W]. */
export class ResNet extends Module {
  conv1 = conv3x3(2, 4);
  bn1 = new BatchNorm2d(4);
  layer1 = new Sequential(new BasicBlock(4, 4));
  layer2 = new Sequential(new BasicBlock(4, 6, 2), new BasicBlock(6, 6));
  fc = new Linear(6, 3);

  forward(x: Tensor): Tensor {
    const stem = this.bn1.forward(this.conv1.forward(x)).relu();
    return this.fc.forward(adaptiveAvgPool2d(this.layer2.forward(this.layer1.forward(stem)), 1).flatten(1));
  }
}
