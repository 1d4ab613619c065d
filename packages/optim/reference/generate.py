"""Writes optimizers.json: trajectories, states and defaults of torch.optim, recorded by running it.

Usage: python3 generate.py > optimizers.json

Inputs come from a small generator that the tests run too: x = (1664525 x + 1013904223) mod 2^32 from a seed, value = x / 2^32 * 2 - 1.
Parameter i is drawn with seed 11 + i, its gradient of step t with seed 1000 + 97 t + i; at step 3 parameter 1 has no gradient.

Row cases have sparse gradients: four rows each, floor((value + 1) / 2 * rows) with seed 5000 + 97 t + i, so that rows come twice, and their
values as above; at step 6 that of parameter 0 names no row.
"""
import inspect, json, math
import torch

SHAPES = [(2, 3), (4,), (2, 2, 3)]
ROW_SHAPES = [(5, 3), (6,), (3, 2, 2)]
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
    ("Adamax", {}),
    ("Adamax", {"lr": 0.1, "weight_decay": 0.1, "maximize": True}),
    ("Adamax", {"lr": 0.01, "betas": [0.4, 0.6], "eps": 1e-3}),
    ("NAdam", {}),
    ("NAdam", {"lr": 0.01, "weight_decay": 0.1, "momentum_decay": 0.006}),
    ("NAdam", {"lr": 0.01, "weight_decay": 0.1, "momentum_decay": 0.006, "decoupled_weight_decay": True}),
    ("NAdam", {"lr": 0.01, "betas": [0.4, 0.6], "eps": 1e-3, "maximize": True}),
    ("RAdam", {"lr": 0.01}),
    ("RAdam", {"lr": 0.01, "weight_decay": 0.1}),
    ("RAdam", {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True, "eps": 1e-6}),
    ("RAdam", {"lr": 0.01, "betas": [0.4, 0.9], "eps": 1e-3, "maximize": True}),
    ("Adagrad", {}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.5, "weight_decay": 0.1, "initial_accumulator_value": 0.1}),
    ("Adagrad", {"lr": 0.1, "eps": 1e-3, "maximize": True}),
    ("Adadelta", {}),
    ("Adadelta", {"lr": 0.5, "rho": 0.95, "weight_decay": 0.9, "maximize": True}),
    ("RMSprop", {}),
    ("RMSprop", {"weight_decay": 0.1, "centered": True}),
    ("RMSprop", {"weight_decay": 0.1, "centered": True, "momentum": 0.1}),
    ("RMSprop", {"momentum": 0.9, "alpha": 0.9, "eps": 1e-2, "maximize": True}),
    ("RMSprop", {"alpha": 0.4, "centered": True, "eps": 1e-2}),
    ("Rprop", {}),
    ("Rprop", {"lr": 0.0002, "etas": [0.5, 1.5], "step_sizes": [2e-6, 100]}),
    ("Rprop", {"lr": 0.1, "etas": [0.1, 2.0], "step_sizes": [0.02, 0.15], "maximize": True}),
    ("ASGD", {}),
    ("ASGD", {"lr": 0.02, "lambd": 0.1, "t0": 3, "weight_decay": 0.1}),
    ("ASGD", {"lr": 0.02, "lambd": 0.01, "alpha": 0.5, "t0": 0, "maximize": True}),
]
ROW_CASES = [
    ("SGD", {"lr": 0.1, "maximize": True}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.5}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.1, "initial_accumulator_value": 0.1}),
    ("Adagrad", {"lr": 0.1, "maximize": True}),
    ("SparseAdam", {}),
    ("SparseAdam", {"lr": 0.01, "betas": [0.4, 0.6], "eps": 1e-3, "maximize": True}),
]


def values(count, seed):
    out = []
    for _ in range(count):
        seed = (1664525 * seed + 1013904223) % 2**32
        out.append(seed / 2**32 * 2 - 1)
    return out


def tensor(shape, seed, dtype):
    return torch.tensor(values(math.prod(shape), seed), dtype=torch.float64).to(dtype).reshape(shape)


def dense_gradient(shape, t, i, dtype):
    return None if t == 3 and i == 1 else tensor(shape, 1000 + 97 * t + i, dtype)


def row_gradient(shape, t, i, dtype):
    if t == 3 and i == 1:
        return None
    count = 0 if t == 6 and i == 0 else 4
    rows = [math.floor((value + 1) / 2 * shape[0]) for value in values(count, 5000 + 97 * t + i)]
    indices = torch.tensor([rows], dtype=torch.int64)
    return torch.sparse_coo_tensor(indices, tensor((count, *shape[1:]), 1000 + 97 * t + i, dtype), shape)


def plain(value):
    if torch.is_tensor(value):
        value = value.detach().to_dense() if value.is_sparse else value.detach()
        return {"shape": list(value.shape), "data": value.double().flatten().tolist()}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def parameters(dtype, shapes=SHAPES):
    return [torch.nn.Parameter(tensor(shape, 11 + i, dtype)) for i, shape in enumerate(shapes)]


def numbers(params):
    return [p.detach().double().flatten().tolist() for p in params]


def record(name, kwargs, dtype, shapes=SHAPES, gradient=dense_gradient):
    params = parameters(dtype, shapes)
    arguments = {key: tuple(value) if isinstance(value, list) else value for key, value in kwargs.items()}
    optimizer = getattr(torch.optim, name)(params, **arguments)
    trajectory = []
    for t in range(STEPS):
        for i, p in enumerate(params):
            p.grad = gradient(shapes[i], t, i, dtype)
        optimizer.step()
        trajectory.append(numbers(params))
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


if __name__ == "__main__":
    cases, row_cases = [], []
    for dtype in (torch.float64, torch.float32):
        torch.set_default_dtype(dtype)
        cases += [record(name, kwargs, dtype) for name, kwargs in CASES]
        row_cases += [record(name, kwargs, dtype, ROW_SHAPES, row_gradient) for name, kwargs in ROW_CASES]
    names = sorted({name for name, _ in CASES + ROW_CASES})
    header = {
        "torch": torch.__version__,
        "shapes": SHAPES,
        "row_shapes": ROW_SHAPES,
        "defaults": {name: defaults(name) for name in names},
    }
    print(json.dumps(header)[:-1] + ', "cases": [')
    print(",\n".join(json.dumps(case) for case in cases))
    print('], "row_cases": [')
    print(",\n".join(json.dumps(case) for case in row_cases))
    print("]}")
