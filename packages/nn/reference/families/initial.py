"""How the numbers that layers start from are distributed."""

import json
import math

import torch
from modules import HERE, build

NUMBERS = 40_000
"""Drawn for each parameter: its moments are known to about half a percent."""

SPECS = [
    ["Linear", 8, 5],
    ["Bilinear", 4, 3, 5],
    ["Conv1d", 4, 6, 3],
    ["Conv2d", 4, 6, 3, {"groups": 2}],
    ["Conv3d", 2, 4, [2, 3, 2]],
    ["ConvTranspose1d", 4, 6, 3],
    ["ConvTranspose2d", 4, 6, 3, {"groups": 2}],
    ["ConvTranspose3d", 2, 4, 2],
    ["Embedding", 10, 6, {"paddingIdx": 2}],
    ["EmbeddingBag", 10, 6],
    ["RNN", 3, 9, {"numLayers": 2, "bidirectional": True}],
    ["LSTM", 3, 9, {"projSize": 4}],
    ["GRU", 3, 9],
    ["RNNCell", 3, 9],
    ["LSTMCell", 3, 9],
    ["GRUCell", 3, 9],
    ["MultiheadAttention", 8, 2, {"addBiasKv": True}],
    ["MultiheadAttention", 8, 2, {"kdim": 6, "vdim": 4}],
    ["TransformerEncoderLayer", 8, 2, {"dimFeedforward": 12}],
    ["TransformerDecoderLayer", 8, 2, {"dimFeedforward": 12}],
    ["PReLU", 3],
    ["BatchNorm2d", 4],
    ["InstanceNorm2d", 4, {"affine": True}],
    ["LayerNorm", 6],
    ["GroupNorm", 2, 4],
    ["RMSNorm", 6],
]


def moments(values):
    mean, std = values.mean(), values.std(correction=0)
    fourth = ((values - mean) ** 4).mean() / std**4 if std > 0 else torch.tensor(0.0)
    return {name: float(f"{x.item():.5g}") for name, x in (("mean", mean), ("std", std), ("kurtosis", fourth), ("min", values.min()), ("max", values.max()))}


def cases():
    torch.manual_seed(0)
    lines = []
    for spec in SPECS:
        first = build(spec)
        rounds = {name: math.ceil(NUMBERS / p.numel()) for name, p in first.named_parameters()}
        drawn = {name: [] for name in rounds}
        for k in range(max(rounds.values())):
            for name, p in build(spec).named_parameters():
                if k < rounds[name]:
                    drawn[name].append(p.detach().double().flatten())
        found = {name: {"shape": list(p.shape), **moments(torch.cat(drawn[name]))} for name, p in first.named_parameters()}
        lines.append(json.dumps({"layer": spec, "parameters": found}))
    text = json.dumps({"torch": torch.__version__.split("+")[0], "numbers": NUMBERS})[:-1] + ', "cases": [\n' + ",\n".join(lines) + "\n]}\n"
    (HERE / "initial.json").write_text(text)
    print(f"{'initial':16} {len(lines):4} cases {len(text) / 1000:8.1f} kB")
