"""Writes a folder of runs with every kind of event that the board draws, by tensorboardX, so that the board is seen with another's files.

    pip install tensorboardX numpy pillow soundfile
    python make_runs.py FOLDER           five runs of 600 steps, to look at
    python make_runs.py runs --small     what the tests read
"""

import math
import sys
import time

import numpy as np
from tensorboardX.proto.attr_value_pb2 import AttrValue
from tensorboardX.proto.event_pb2 import Event
from tensorboardX.proto.graph_pb2 import GraphDef
from tensorboardX.proto.node_def_pb2 import NodeDef
from tensorboardX.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboardX import SummaryWriter

folder = sys.argv[1]
small = "--small" in sys.argv
rng = np.random.default_rng(0)
start = 1.7e9 if small else time.time() - 7200


def shapes(*sizes):
    dims = [TensorShapeProto.Dim(size=size) for size in sizes]
    return AttrValue(list=AttrValue.ListValue(shape=[TensorShapeProto(dim=dims)]))


def resnet():
    graph = GraphDef()

    def node(name, op, inputs=(), shape=(32, 16, 16, 16)):
        graph.node.append(NodeDef(name=name, op=op, input=list(inputs), attr={"_output_shapes": shapes(*shape)}))
        return name

    x = node("input/images", "IO Node", (), (32, 3, 32, 32))
    weight = node("ResNet/stem/Conv2d[conv]/weight", "Parameter", (), (16, 3, 3, 3))
    x = node("ResNet/stem/Conv2d[conv]/conv2d", "Conv2d", (x, weight))
    for k in (1, 2, 3):
        scope, skip = f"ResNet/Block[block{k}]", x
        for j in (1, 2):
            weight = node(f"{scope}/Conv2d[conv{j}]/weight", "Parameter", (), (16, 16, 3, 3))
            x = node(f"{scope}/Conv2d[conv{j}]/conv2d", "Conv2d", (x, weight))
            x = node(f"{scope}/BatchNorm2d[bn{j}]/batchNorm", "BatchNorm", (x,))
            if j == 1:
                x = node(f"{scope}/relu", "Relu", (x,))
        x = node(f"{scope}/add", "Add", (x, skip))
        x = node(f"{scope}/out", "Relu", (x,))
    x = node("ResNet/meanPool", "Mean", (x,), (32, 16))
    weight = node("ResNet/Linear[fc]/weight", "Parameter", (), (10, 16))
    x = node("ResNet/Linear[fc]/linear", "Linear", (x, weight), (32, 10))
    node("output/logits", "IO Node", (x,), (32, 10))
    return graph


def picture(step, hue):
    y, x = np.mgrid[0:48, 0:64] / 48.0
    wave = np.sin(6 * x + step / 8 + hue) * np.cos(5 * y - step / 11)
    return np.stack([0.5 + 0.5 * wave, 0.5 + 0.3 * np.roll(wave, 9), 0.4 + 0.5 * (1 - wave) / 2]).astype(np.float32).clip(0, 1)


optimizers = [("sgd", 0.1), ("sgd", 0.01), ("adamw", 1e-3), ("adamw", 3e-4), ("rmsprop", 1e-3)][: 2 if small else 5]
for index, (name, lr) in enumerate(optimizers):
    with SummaryWriter(f"{folder}/{name}-lr{lr}", flush_secs=1) as writer:
        speed = [0.03, 0.008, 0.04, 0.02, 0.025][index]
        floor = [0.35, 0.5, 0.25, 0.31, 0.42][index]
        for step in range(61 if small else 600):
            at = start + 40 * index + step * 2.5
            loss = floor + 2.1 * math.exp(-speed * step) + 0.12 * rng.standard_normal() * math.exp(-step / 400)
            writer.add_scalar("loss/train", loss if step != 303 or index else math.nan, step, at)
            writer.add_scalar("loss/low", floor + 2.1 * math.exp(-speed * step) - 0.3 * math.exp(-step / 400), step, at)
            writer.add_scalar("loss/high", floor + 2.1 * math.exp(-speed * step) + 0.3 * math.exp(-step / 400), step, at)
            writer.add_scalar("lr", lr * 0.5 * (1 + math.cos(math.pi * step / 600)), step, at)
            if step % 20 == 0:
                writer.add_scalar("loss/validation", loss * 1.1 + 0.02 * rng.standard_normal(), step, at)
                writer.add_scalar("accuracy/validation", 1 - 0.9 * math.exp(-speed * step / 1.7) - floor / 10, step, at)
                spread = 0.3 + step / 900
                writer.add_histogram("conv1/weight", rng.normal(0.02 * index, spread, 200 if small else 4000), step, walltime=at)
                writer.add_histogram("fc/weight", np.concatenate([rng.normal(-step / 300, 0.4, 100 if small else 2000), rng.normal(step / 300, 0.3, 100 if small else 2000)]), step, walltime=at)
            if step % 60 == 0:
                writer.add_image("samples/waves", picture(step, index), step, at)
                writer.add_image("featureMaps/conv1", np.kron(rng.random((3, 6, 8)), np.ones((1, 4, 4))).astype(np.float32), step, at)
                labels = rng.integers(0, 2, 400)
                scores = (labels * (0.2 + step / 1200) + rng.random(400) * 0.8).clip(0, 1)
                writer.add_pr_curve("digits/is-a-seven", labels, scores, step, walltime=at)
            if step % 200 == 0 and index < 2:
                t = np.arange(400 if small else 8000) / 8000
                writer.add_audio("tones/sweep", (0.4 * np.sin(2 * np.pi * (220 + step) * t)).astype(np.float32), step, sample_rate=8000, walltime=at)
                writer.add_text("notes", f"## Epoch {step // 200}\n\nTrained with **{name}** at `lr={lr}`.\n\n| metric | value |\n| --- | --- |\n| loss | {loss:.4f} |\n\n- warm-up done\n- see [the paper](https://arxiv.org/abs/1608.03983)\n", step, walltime=at)
        writer.add_hparams({"optimizer": name, "lr": lr, "batchSize": [32, 64, 64, 128, 32][index], "nesterov": index == 0}, {"hparam/accuracy": 0.9 - floor / 10, "hparam/loss": floor}, name="hparams")
        if index < 2:
            writer.file_writer.event_writer.add_event(Event(wall_time=start, graph_def=resnet().SerializeToString()))
        if index == 0:
            writer.add_custom_scalars({"training": {"both losses": ["Multiline", ["loss/train", "loss/validation"]], "loss and its band": ["Margin", ["loss/train", "loss/low", "loss/high"]]}})
