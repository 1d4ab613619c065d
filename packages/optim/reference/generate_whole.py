"""Writes whole.json: trajectories, states and defaults of those optimizers of torch.optim whose step is more than a formula for each element.

Usage: python3 generate_whole.py > whole.json

Inputs are those of generate.py, for parameters of the shapes said with each case. Muon's Newton-Schulz products of single matrices are
recorded too, and a run whose end is a number in PyTorch's own tests (test/optim/test_muon.py).
"""
import json
import torch
from torch.optim._muon import _zeropower_via_newtonschulz
from generate import SHAPES, defaults, record, tensor

MATRICES = [(4, 3), (3, 5)]
CASES = [
    ("Adafactor", {}, SHAPES),
    ("Adafactor", {"weight_decay": 0.1, "beta2_decay": -1.0, "d": 1.5}, SHAPES),
    ("Adafactor", {"lr": 0.5, "maximize": True}, SHAPES),
    ("Adafactor", {"lr": 0.5, "beta2_decay": -0.3, "eps": [0.5, 2.0]}, SHAPES),
    ("Muon", {}, MATRICES),
    ("Muon", {"lr": 0.02, "weight_decay": 0.1, "nesterov": False}, MATRICES),
    ("Muon", {"lr": 0.02, "adjust_lr_fn": "match_rms_adamw"}, MATRICES),
    ("Muon", {"lr": 0.02, "momentum": 0.3, "ns_steps": 3, "ns_coefficients": [2.0, -1.5, 0.5]}, MATRICES),
]
SIZES = [(1, 1), (1, 7), (2, 2), (9, 4), (16, 16), (33, 20), (64, 64), (50, 64), (128, 128)]


def orthogonalized(shape):
    """Numbers of bfloat16 have a short name: their upper 16 bits."""
    result = _zeropower_via_newtonschulz(tensor(shape, 7, torch.float32), (3.4445, -4.7750, 2.0315), 5, 1e-7)
    bits = result.contiguous().view(torch.int16).flatten().tolist()
    return {"shape": shape, "bits": [b & 0xFFFF for b in bits]}


def frozen():
    torch.manual_seed(42)
    param = torch.nn.Parameter(torch.randn(8, 4))
    gradients = [torch.randn(8, 4) for _ in range(5)]
    start = param.detach().flatten().tolist()
    optimizer = torch.optim.Muon([param], lr=0.02, weight_decay=0.1, momentum=0.95, nesterov=True)
    for gradient in gradients:
        param.grad = gradient
        optimizer.step()
    expected = [1.938483476638794, 1.463821530342102, 0.8684228658676147, -2.107022762298584]
    assert param.detach()[0].tolist() == expected, param[0].tolist()
    return {"start": start, "gradients": [g.flatten().tolist() for g in gradients], "end": param.detach().flatten().tolist()}


cases = []
for dtype in (torch.float64, torch.float32):
    torch.set_default_dtype(dtype)
    cases += [{**record(name, kwargs, dtype, shapes), "shapes": shapes} for name, kwargs, shapes in CASES]
names = sorted({name for name, _, _ in CASES})
header = {"torch": torch.__version__, "defaults": {name: defaults(name) for name in names}, "frozen": frozen()}
print(json.dumps(header)[:-1] + ', "orthogonalized": [')
print(",\n".join(json.dumps(orthogonalized(size)) for size in SIZES))
print('], "cases": [')
print(",\n".join(json.dumps(case) for case in cases))
print("]}")
