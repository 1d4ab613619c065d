"""Writes optimizers.json: trajectories, states and defaults of torch.optim, recorded by running it.

Usage: python3 generate.py > optimizers.json

Inputs come from a small generator that the tests run too: x = (1664525 x + 1013904223) mod 2^32 from a seed, value = x / 2^32 * 2 - 1.
Parameter i is drawn with seed 11 + i, its gradient of step t with seed 1000 + 97 t + i; at step 3 parameter 1 has no gradient.
"""
import inspect, json, math, sys
import torch

SHAPES = [(2, 3), (4,), (2, 2, 3)]
STEPS, HALF = 10, 5
CASES = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.5}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.1, "maximize": True}),
    ("SGD", {"lr": 0.05, "momentum": 0.5, "dampening": 0.25, "weight_decay": 0.1, "maximize": True}),
    ("Adam", {}),
    ("Adam", {"lr": 0.01, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.01, "weight_decay": 0.1, "maximize": True}),
    ("Adam", {"lr": 0.01, "weight_decay": 0.1, "amsgrad": True}),
    ("Adam", {"lr": 0.01, "betas": [0.4, 0.6], "eps": 1e-3}),
    ("Adam", {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True, "amsgrad": True, "maximize": True}),
    ("AdamW", {}),
    ("AdamW", {"lr": 0.01, "weight_decay": 0.1, "amsgrad": True}),
    ("AdamW", {"lr": 0.01, "weight_decay": 0.0, "betas": [0.0, 0.9], "maximize": True}),
]


def values(count, seed):
    out = []
    for _ in range(count):
        seed = (1664525 * seed + 1013904223) % 2**32
        out.append(seed / 2**32 * 2 - 1)
    return out


def tensor(shape, seed, dtype):
    return torch.tensor(values(math.prod(shape), seed), dtype=torch.float64).to(dtype).reshape(shape)


def plain(value):
    if torch.is_tensor(value):
        return {"shape": list(value.shape), "data": value.detach().double().flatten().tolist()}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def record(name, kwargs, dtype):
    params = [torch.nn.Parameter(tensor(shape, 11 + i, dtype)) for i, shape in enumerate(SHAPES)]
    arguments = {key: tuple(value) if isinstance(value, list) else value for key, value in kwargs.items()}
    optimizer = getattr(torch.optim, name)(params, **arguments)
    trajectory = []
    for t in range(STEPS):
        for i, p in enumerate(params):
            p.grad = None if t == 3 and i == 1 else tensor(SHAPES[i], 1000 + 97 * t + i, dtype)
        optimizer.step()
        trajectory.append([p.detach().double().flatten().tolist() for p in params])
        if t + 1 == HALF:
            half = plain(optimizer.state_dict())
    return {
        "optimizer": name,
        "kwargs": kwargs,
        "dtype": str(dtype)[6:],
        "params_after_step": trajectory,
        "state_dict_after_5": half,
        "state_dict": plain(optimizer.state_dict()),
    }


def defaults(name):
    signature = inspect.signature(getattr(torch.optim, name).__init__)
    return {p.name: plain(p.default) for p in signature.parameters.values() if p.name not in ("self", "params")}


cases = []
for dtype in (torch.float64, torch.float32):
    torch.set_default_dtype(dtype)
    cases += [record(name, kwargs, dtype) for name, kwargs in CASES]
names = sorted({name for name, _ in CASES})
header = {"torch": torch.__version__, "shapes": SHAPES, "defaults": {name: defaults(name) for name in names}}
print(json.dumps(header)[:-1] + ', "cases": [')
print(",\n".join(json.dumps(case) for case in cases))
print("]}")
