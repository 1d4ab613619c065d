"""A small residual network as people write it in PyTorch; ours is in test/models/."""

import torch
from modules import Modules, set_small_weights
from torch import nn


def conv3x3(inputs, outputs, stride=1):
    return nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv1 = conv3x3(inputs, outputs, stride)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = conv3x3(outputs, outputs)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = nn.Sequential(conv3x3(inputs, outputs, stride), nn.BatchNorm2d(outputs)) if stride > 1 else None

    def forward(self, x):
        shortcut = self.downsample(x) if self.downsample else x
        return self.relu(self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x))))) + shortcut)


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = conv3x3(2, 4)
        self.bn1 = nn.BatchNorm2d(4)
        self.relu = nn.ReLU(inplace=True)
        self.layer1 = nn.Sequential(BasicBlock(4, 4))
        self.layer2 = nn.Sequential(BasicBlock(4, 6, stride=2), BasicBlock(6, 6))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(6, 3)

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        return self.fc(torch.flatten(self.avgpool(self.layer2(self.layer1(x))), 1))


def cases():
    why = "six layers with weights around 1 / √inputs: sums of some dozens of terms around 1, whose rounding later layers pass on"
    f = Modules("models-resnet", 3e-6, why)
    f.case(["ResNet"], "eval mode with the statistics it was exported with, then train mode", (2, 2, 8, 8), modes="et", make=ResNet, fill=set_small_weights)
    f.save()
