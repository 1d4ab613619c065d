"""Records the events that PyTorch's SummaryWriter writes, decoded by TensorBoard's protobuf classes.

    python packages/summary/reference/summary_writer.py

Needs torch, numpy, pillow, tensorboard and tensorboardX. Writes summary-writer.json beside this file: calls by our names of methods and options,
and the events they make. Fields that have their default and empty messages are left out, bytes are in base64.

Recorded with torch 2.13.0, numpy 2.4.6, tensorboard 2.21.0, tensorboardX 2.6.5. Where PyTorch's writer is wrong (halves, bytes, booleans), the
events are what TensorBoard's own readers and tensorboardX make of it; see HALVES and the hparams with a bool.
"""

import base64
import io
import json
import math
import pathlib
import tempfile
import warnings

import numpy as np
import torch
from PIL import Image
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import SummaryMetadata
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tensorboardX import SummaryWriter as SummaryWriterX
from torch.utils.tensorboard import SummaryWriter

warnings.simplefilter("ignore")
random = np.random.default_rng(0)


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def number(value):
    """JSON has no NaN and no infinity."""
    return value if math.isfinite(value) else str(value)


def plain(value):
    if isinstance(value, SummaryMetadata.PluginData) and value.plugin_name == "hparams":
        # A map has any order; this is by key.
        content = HParamsPluginData.FromString(value.content).SerializeToString(deterministic=True)
        return {"pluginName": value.plugin_name, "content": plain(content)}
    if hasattr(value, "ListFields"):
        fields = {camel(field.name): plain(inner) for field, inner in value.ListFields()}
        return {name: inner for name, inner in fields.items() if inner != {}}
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, (bool, int, float)):
        return number(float(value)) if isinstance(value, float) else int(value)
    if isinstance(value, str):
        return value
    return [plain(each) for each in value]


def events_of(folder):
    """The events by directory, without those that begin a file, and without times that are the machine's."""
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("events*")):
        events = [Event.FromString(raw) for raw in RawEventFileLoader(str(path)).Load()]
        rows = []
        for event in events[1:]:
            row = plain(event)
            if event.wall_time != 123.5:
                del row["wallTime"]
            rows.append(row)
        found[path.parent.relative_to(folder).as_posix()] = rows
    return found


cases = []


def record(name, method, arguments, call, writer=SummaryWriter, mend=None):
    """`arguments` are ours, `call` is PyTorch's."""
    with tempfile.TemporaryDirectory() as folder:
        with writer(folder) as w:
            call(w)
        runs = events_of(folder)
    if mend:
        mend(runs)
    cases.append({"name": name, "method": method, "arguments": arguments, "runs": runs})


def shaped(tensor):
    """As JSON: bits for halves, pairs for complex numbers, strings for 64 bits."""
    dtype = str(tensor.dtype).removeprefix("torch.")
    flat = tensor.reshape(-1)
    if dtype in ("float16", "bfloat16"):
        data = flat.view(torch.int16).to(torch.int32).bitwise_and(0xFFFF).tolist()
    elif dtype.startswith("complex"):
        data = torch.view_as_real(flat).reshape(-1).tolist()
    elif dtype == "int64":
        data = [str(value) for value in flat.tolist()]
    else:
        data = [number(float(value)) if dtype.startswith("float") else int(value) for value in flat.tolist()]
    return {"shape": list(tensor.shape), "dtype": dtype, "data": data}


# Scalars
WALL = {"walltime": 123.5}
record("a number", "addScalar", ["loss", 0.1, 3, WALL], lambda w: w.add_scalar("loss", 0.1, 3, walltime=123.5))
record("zero without a step", "addScalar", ["loss", 0], lambda w: w.add_scalar("loss", 0))
record("a fraction of a step", "addScalar", ["loss", 1, 2.7], lambda w: w.add_scalar("loss", 1, 2.7))
record("a step below 0", "addScalar", ["loss", 1, -3], lambda w: w.add_scalar("loss", 1, -3))
record("a step above 32 bits", "addScalar", ["loss", 1, 2**40 + 3], lambda w: w.add_scalar("loss", 1, 2**40 + 3))
record("a tensor with one element", "addScalar", ["loss", {"shape": [1, 1], "data": [2.5]}, 1], lambda w: w.add_scalar("loss", torch.full((1, 1), 2.5), 1))
record("NaN", "addScalar", ["loss", {"shape": [], "data": ["nan"]}, 1], lambda w: w.add_scalar("loss", math.nan, 1))
record("new style", "addScalar", ["loss", 0.1, 1, {"newStyle": True}], lambda w: w.add_scalar("loss", 0.1, 1, new_style=True))
record("double precision", "addScalar", ["loss", 0.1, 1, {"newStyle": True, "doublePrecision": True}], lambda w: w.add_scalar("loss", 0.1, 1, new_style=True, double_precision=True))
record("words with it (tensorboardX)", "addScalar", ["loss", 0.5, 1, {"displayName": "Loss", "summaryDescription": "of *training*"}], lambda w: w.add_scalar("loss", 0.5, 1, display_name="Loss", summary_description="of *training*"), SummaryWriterX)
record("several", "addScalars", ["run/both", {"sin": 0.5, "cos": 0.25}, 5, WALL], lambda w: w.add_scalars("run/both", {"sin": 0.5, "cos": 0.25}, 5, walltime=123.5))

# Tensors
HALVES = {torch.float16, torch.bfloat16}
for dtype in (torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8, torch.bool, torch.complex64, torch.complex128):
    values = torch.tensor([0, 1, 1, 3, 100, 7])
    if dtype.is_floating_point:
        values = torch.tensor([0.1, -1.5, 0, 65504, 1e-7, math.inf], dtype=torch.float64)
    if dtype.is_complex:
        values = torch.tensor([1 + 2j, 0.1, -3j, 0, 1, 2], dtype=torch.complex128)
    if dtype in (torch.int8, torch.int16, torch.int32, torch.int64):
        values = torch.tensor([0, -1, torch.iinfo(dtype).min, torch.iinfo(dtype).max, 5, 6])
    values = values.to(dtype).reshape(2, 3)

    def mend(runs, values=values, dtype=dtype):
        tensor = runs["."][0]["summary"]["value"][0]["tensor"]
        if dtype in HALVES:  # torch writes the bits of the float32
            tensor["halfVal"] = shaped(values)["data"]
        if dtype == torch.uint8:  # torch writes uint32_val, where tensorboard.util.tensor_util does not look
            tensor["intVal"] = tensor.pop("uint32Val")

    record(f"a tensor of {str(dtype)[6:]}", "addTensor", ["t", shaped(values), 2], lambda w: w.add_tensor("t", values, 2), mend=mend)
record("a scalar tensor", "addTensor", ["t", {"shape": [], "dtype": "float32", "data": [1.5]}], lambda w: w.add_tensor("t", torch.tensor(1.5)))
record("an empty tensor", "addTensor", ["t", {"shape": [0, 2], "dtype": "float32", "data": []}], lambda w: w.add_tensor("t", torch.zeros(0, 2)))

# Histograms
data = {
    "zeros": np.zeros(2),
    "one": np.ones(1),
    "0 to 9": np.arange(10.0),
    "0 to 1023": np.arange(1024.0),
    "normal": random.normal(size=300).round(6),
    "exponential": random.exponential(size=301).round(6),
    "large and small": np.array([-9e19, -1e-13, -1e-12, 0.0, 1e-13, 1e-12, 1.1e-12, 5.0, 9.920775621859783e19]),
    "equal": np.full(7, 3.25),
    "a NaN among them": np.array([1.0, math.nan, 2.0]),
    "infinite": np.array([1.0, math.inf, 2.0]),
}
for name, values in data.items():
    argument = {"shape": [values.size], "dtype": "float64", "data": [number(value) for value in values.tolist()]}
    options = [{}]
    if np.isfinite(values).all():
        options += [{"bins": bins} for bins in (1, 5, 20, "auto", "fd", "doane", "scott", "stone", "rice", "sturges", "sqrt")]
        options += [{"bins": 20, "maxBins": 7}, {"bins": 20, "maxBins": 20}, {"bins": 7, "maxBins": 3}]
        options += [{"bins": bins, "maxBins": 5} for bins in ("auto", "fd", "doane")]
    options += [{"bins": [-1, 0, 0.5, 2]}, {"bins": [0, 1, 1, 4]}, {"maxBins": 10}]
    for option in options:
        bins, max_bins = option.get("bins", "tensorflow"), option.get("maxBins")
        edges = np.array(bins) if isinstance(bins, list) else bins
        try:
            record(f"{name}, {json.dumps(option)}", "addHistogram", ["h", argument, 1, option], lambda w: w.add_histogram("h", values, 1, bins=edges, max_bins=max_bins))
        except (ValueError, IndexError) as error:
            cases.append({"name": f"{name}, {json.dumps(option)}", "method": "addHistogram", "arguments": ["h", argument, 1, option], "error": str(error)})
raw = {"min": -1, "max": 2, "num": 5, "sum": 3, "sumSquares": 7, "bucketLimits": [0, 1, 2], "bucketCounts": [1, 3, 1]}
record("counted elsewhere", "addHistogramRaw", ["h", raw, 4], lambda w: w.add_histogram_raw("h", -1, 2, 5, 3, 7, [0, 1, 2], [1, 3, 1], 4))

# Text
record("text", "addText", ["notes", "**größer** & <b>", 1], lambda w: w.add_text("notes", "**größer** & <b>", 1))

# Precision and recall
labels, predictions = [0, 1, 1, 0], [0.1, 0.9, 0.4, 0.6]
record("a curve", "addPrCurve", ["pr", labels, predictions, 2, {"numThresholds": 5}], lambda w: w.add_pr_curve("pr", np.array(labels), np.array(predictions), 2, num_thresholds=5))
many_labels = random.integers(0, 2, 60).tolist()
many = random.random(60).round(3).tolist()
weights = random.random(60).round(3).tolist()
record("a curve with weights", "addPrCurve", ["pr", many_labels, many, 2, {"weights": weights, "numThresholds": 30}], lambda w: w.add_pr_curve("pr", np.array(many_labels), np.array(many), 2, weights=np.array(weights), num_thresholds=30))
record("a curve of as many thresholds as there may be", "addPrCurve", ["pr", many_labels, many, 2, {"numThresholds": 500}], lambda w: w.add_pr_curve("pr", np.array(many_labels), np.array(many), 2, num_thresholds=500))
tp, fp, tn, fn, precision, recall = [75, 64, 21, 5, 0], [150, 105, 18, 0, 0], [0, 45, 132, 150, 150], [0, 11, 54, 70, 75], [0.3333333, 0.3786982, 0.5384616, 1.0, 0.0], [1.0, 0.8533334, 0.28, 0.0666667, 0.0]
curve = {"truePositiveCounts": tp, "falsePositiveCounts": fp, "trueNegativeCounts": tn, "falseNegativeCounts": fn, "precision": precision, "recall": recall}
record("a curve computed elsewhere", "addPrCurveRaw", ["pr", curve, 2, {"numThresholds": 5}], lambda w: w.add_pr_curve_raw("pr", tp, fp, tn, fn, precision, recall, 2, num_thresholds=5))

# Layouts
layout = {"losses": {"both": ["Multiline", ["train/loss", "test/loss"]], "spread": ["Margin", ["m", "l", "u"]]}, "other": {"one": ["Multiline", ["x"]]}}
record("a layout", "addCustomScalars", [layout], lambda w: w.add_custom_scalars(layout))
record("a multiline chart", "addCustomScalarsMultilinechart", [["a", "b"], {"category": "c", "title": "t"}], lambda w: w.add_custom_scalars_multilinechart(["a", "b"], "c", "t"))
record("a margin chart", "addCustomScalarsMarginchart", [["a", "b", "c"]], lambda w: w.add_custom_scalars_marginchart(["a", "b", "c"]))

# Meshes
vertices = (random.integers(-8, 8, (1, 4, 3)) / 8).tolist()
colors = random.integers(0, 256, (1, 4, 3)).tolist()
faces = [[[0, 2, 3], [0, 3, 1], [0, 1, 2], [1, 3, 2]]]
config = {"material": {"cls": "PointsMaterial", "size": 0.5}, "camera": {"cls": "PerspectiveCamera", "fov": 75}}
record("a mesh", "addMesh", ["m", vertices, 2, {"colors": colors, "faces": faces, "configDict": config}], lambda w: w.add_mesh("m", torch.tensor(vertices), torch.tensor(colors), torch.tensor(faces), config, 2))
record("points", "addMesh", ["m", vertices], lambda w: w.add_mesh("m", torch.tensor(vertices)))

# Hyperparameters, in the order that a deterministic protobuf has them in
hparams = {"batch": 64, "lr": 0.5, "optimizer": "SGD"}
record("hyperparameters", "addHparams", [hparams, {"accuracy": 0.75, "loss": 0.5}, {"runName": "r"}], lambda w: w.add_hparams(hparams, {"accuracy": 0.75, "loss": 0.5}, run_name="r"))
record("domains", "addHparams", [hparams, {"a": 1}, {"runName": "r", "globalStep": 7, "hparamDomainDiscrete": {"lr": [0.1, 0.5], "optimizer": ["SGD", "Adam"]}}], lambda w: w.add_hparams(hparams, {"a": 1}, {"lr": [0.1, 0.5], "optimizer": ["SGD", "Adam"]}, "r", 7))
record("a bool (tensorboardX)", "addHparams", [{"nesterov": True, "off": False}, {"a": 1}, {"runName": "r"}], lambda w: w.add_hparams({"nesterov": True, "off": False}, {"a": 1}, name="r"), SummaryWriterX)

# Embeddings
embeddings = []


def embed(name, calls):
    with tempfile.TemporaryDirectory() as folder:
        with SummaryWriter(folder) as w:
            for call in calls:
                extra = {}
                if call.get("labelImg"):
                    shape, values = call["labelImg"]["shape"], call["labelImg"]["data"]
                    extra["label_img"] = torch.tensor(values).reshape(shape)
                w.add_embedding(torch.tensor(call["mat"]), metadata=call.get("metadata"), global_step=call.get("globalStep"), tag=call.get("tag", "default"), metadata_header=call.get("metadataHeader"), **extra)
        files = {}
        for path in sorted(pathlib.Path(folder).rglob("*")):
            key = path.relative_to(folder).as_posix()
            if path.suffix == ".png":
                picture = np.array(Image.open(io.BytesIO(path.read_bytes())))
                files[key] = {"shape": list(picture.shape), "pixels": picture.reshape(-1).tolist()}
            elif path.is_file() and "tfevents" not in key:
                files[key] = path.read_text()
    ours = [{**call, "mat": shaped(torch.tensor(call["mat"]))} for call in calls]
    embeddings.append({"name": name, "calls": ours, "files": files})


pictures = {"shape": [5, 3, 2, 2], "data": (random.integers(0, 65, 60) / 64).tolist()}
embed("points", [{"mat": [[1.0, 0.5], [-0.25, 1024.0]]}])
embed("whole numbers", [{"mat": [[1, 2], [3, -4]], "tag": 'a/b\\c%"d', "globalStep": 12}])
embed("labels", [{"mat": [[1.0], [2.0]], "metadata": ["one", "zwei"]}])
embed("columns of labels", [{"mat": [[1.0], [2.0]], "metadata": [["one", 1], ["two", 2]], "metadataHeader": ["name", "number"]}])
embed("pictures", [{"mat": [[1.0, 2.0]] * 5, "labelImg": pictures, "metadata": ["a", "b", "c", "d", "e"]}])
embed("two embeddings", [{"mat": [[1.0], [2.0]], "tag": "a", "globalStep": 1}, {"mat": [[3.0], [4.0]], "tag": "b", "globalStep": 2}])

# Edges and the way Python writes numbers
writer = SummaryWriter(tempfile.mkdtemp())
edges = [float(edge) for edge in writer.default_bins]
numbers = [0.0, -0.0, 1.0, -1.5, 0.1, 1e-4, 1.5e-5, 123456.789, 1e15, 1e16, 1.25e22, 2.0**-30, 5e-324, -1e-7, 0.00012]
python = [[value, str(value)] for value in numbers]

path = pathlib.Path(__file__).with_name("summary-writer.json")
path.write_text(json.dumps({"cases": cases, "embeddings": embeddings, "defaultEdges": edges, "pythonNumbers": python}, separators=(",", ":")) + "\n")
print(len(cases), "cases,", path.stat().st_size, "bytes")
