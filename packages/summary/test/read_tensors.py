"""Prints, as JSON, the tensors of every event file below a directory, as TensorBoard's tensor_util reads them: {tag: {dtype, shape, data}}."""

import json
import pathlib
import sys

import numpy as np
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto import types_pb2
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.util import tensor_util



def read(tensor):
    if tensor.dtype == types_pb2.DT_BFLOAT16:  # NumPy has none, so tensor_util fails; these are the upper halves of float32
        return (np.array(tensor.half_val, np.uint32) << 16).view(np.float32), "bfloat16"
    array = tensor_util.make_ndarray(tensor)
    return array, str(array.dtype)


found = {}
for path in pathlib.Path(sys.argv[1]).rglob("*tfevents*"):
    for raw in RawEventFileLoader(str(path)).Load():
        for value in Event.FromString(raw).summary.value:
            if value.HasField("tensor") and value.metadata.plugin_data.plugin_name == "tensor":
                array, dtype = read(value.tensor)
                data = array.astype(np.float64).ravel().tolist()
                found[value.tag] = {"dtype": dtype, "shape": list(array.shape), "data": data}
print(json.dumps(found))
