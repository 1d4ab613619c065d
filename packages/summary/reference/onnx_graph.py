"""Makes small ONNX files and records the graphs that tensorboardX, whose code PyTorch's is, makes of them.

    python packages/summary/reference/onnx_graph.py

Needs onnx and tensorboardX. Writes onnx_graph.json beside this file. Recorded with onnx 1.23.2, tensorboardX 2.6.5.
"""

import base64
import contextlib
import io
import json
import pathlib

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from tensorboardX.onnx_graph import parse


def value(name, shape, dtype=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, dtype, shape)


def weight(name, shape):
    return numpy_helper.from_array(np.zeros(shape, np.float32), name)


def model(nodes, inputs, outputs, weights):
    return helper.make_model(helper.make_graph(nodes, "graph", inputs, outputs, weights))


node = helper.make_node
models = {
    "branches": model(
        [
            node("Conv", ["x", "w", "b"], ["/conv/Conv_output_0"], kernel_shape=[3, 3], pads=[1, 1, 1, 1], auto_pad="NOTSET"),
            node("LeakyRelu", ["/conv/Conv_output_0"], ["y"], alpha=0.25),
            node("Split", ["y"], ["left", "right"], axis=1, num_outputs=2),
            node("Add", ["left", "right"], ["sum"]),
        ],
        [value("x", ["N", 3, 8, 8])],
        [value("sum", ["N", 2, 8, 8])],
        [weight("w", (4, 3, 3, 3)), weight("b", (4,))],
    ),
    "weights among the inputs": model(
        [
            node("Constant", [], ["c"], value=weight("", (2, 5))),
            node("MatMul", ["i", "w"], ["p"]),
            node("Add", ["p", "c"], ["out"]),
        ],
        [value("i", [2, 3], TensorProto.FLOAT16), value("w", [3, 5])],
        [value("out", [2, 5])],
        [weight("w", (3, 5))],
    ),
}


def recorded(graph):
    with contextlib.redirect_stdout(io.StringIO()):
        nodes = parse(graph).node
    return [{"name": each.name, "op": each.op, "input": list(each.input)} for each in nodes]


out = {
    name: {"file": base64.b64encode(each.SerializeToString()).decode(), "nodes": recorded(each.graph)}
    for name, each in models.items()
}
pathlib.Path(__file__).with_name("onnx_graph.json").write_text(json.dumps(out, indent=1) + "\n")
