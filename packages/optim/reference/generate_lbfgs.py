"""Writes lbfgs.json: runs of torch.optim.LBFGS, recorded by running it.

Usage: python3 generate_lbfgs.py > lbfgs.json

Each run makes four steps on one of three functions, written out with each. After every step: the loss that it returned, the parameters, and how many
evaluations and iterations there were; after two steps the state dict too. `split` has its point in two parameters, [2, 1] and [2], the second of which
has no gradient in the first evaluation.

`shaken` says how far the parameters are after each step when the start is moved by its last bit: what rounding in another place may do, too.
"""
import json
import torch
from generate import defaults, plain

STEPS, HALF = 4, 2


def rosen(p):
    """100 (y - x^2)^2 + (1 - x)^2"""
    return 100 * (p[0][1] - p[0][0] ** 2) ** 2 + (1 - p[0][0]) ** 2


def quad(p):
    """sum_i i p_i^2 / 2, i from 1, plus prod(p)"""
    (p,) = p
    return (torch.arange(1, 1 + p.numel()) * p**2).sum() / 2 + p.prod()


def split(p):
    """rosen of the first parameter plus quad of the second plus a_1 b_1 / 2"""
    return rosen([p[0].flatten()]) + quad([p[1]]) + p[0][0, 0] * p[1][0] / 2


FUNCTIONS = {
    "rosen": (rosen, [[-1.2, 1.0]]),
    "quad": (quad, [[1.0, -2.0, 0.5]]),
    "split": (split, [[[-1.2], [1.0]], [1.0, -2.0]]),
}
OPTIONS = [
    {},
    {"lr": 0.1},
    {"line_search_fn": "strong_wolfe"},
    {"line_search_fn": "strong_wolfe", "history_size": 2, "max_iter": 5},
    {"lr": 0.1, "max_iter": 4, "history_size": 1},
    {"line_search_fn": "strong_wolfe", "lr": 1e-3, "max_iter": 8, "max_eval": 30},
    {"line_search_fn": "strong_wolfe", "lr": 20.0, "max_iter": 6, "max_eval": 9},
    {"tolerance_grad": 0.5, "line_search_fn": "strong_wolfe"},
    {"tolerance_change": 0.05},
]


def run(name, kwargs, dtype, shake=0.0):
    function, start = FUNCTIONS[name]
    params = [torch.nn.Parameter(torch.tensor(x, dtype=dtype) * (1 + shake)) for x in start]
    optimizer = torch.optim.LBFGS(params, **kwargs)
    evaluations = 0

    def closure():
        nonlocal evaluations
        optimizer.zero_grad()
        loss = function(params)
        loss.backward()
        if name == "split" and evaluations == 0:
            params[1].grad = None
        evaluations += 1
        return loss

    trace = []
    for step in range(STEPS):
        loss = optimizer.step(closure).item()
        state = optimizer.state_dict()["state"][0]
        after = {"loss": loss, "params": [p.detach().flatten().tolist() for p in params]}
        trace.append({**after, "func_evals": state["func_evals"], "n_iter": state["n_iter"]})
        if step + 1 == HALF:
            half = plain(optimizer.state_dict())
    return trace, half


def distance(a, b):
    return max(abs(x - y) for p, q in zip(a["params"], b["params"]) for x, y in zip(p, q))


def record(name, kwargs, dtype):
    torch.set_default_dtype(dtype)
    trace, half = run(name, kwargs, dtype)
    moved, _ = run(name, kwargs, dtype, shake=torch.finfo(dtype).eps)
    for step, other in zip(trace, moved):
        step["shaken"] = distance(step, other)
    return {"function": name, "kwargs": kwargs, "dtype": str(dtype)[6:], "trace": trace, "state_dict_after_2": half}


starts = {name: start for name, (_, start) in FUNCTIONS.items()}
print(json.dumps({"torch": torch.__version__, "defaults": defaults("LBFGS"), "starts": starts})[:-1] + ', "runs": [')
runs = [(name, kwargs, torch.float64) for name in FUNCTIONS for kwargs in OPTIONS]
# float32 ends where its rounding decides; these runs are short enough.
runs += [(name, kwargs, torch.float32) for name in FUNCTIONS for kwargs in OPTIONS[3:5]]
print(",\n".join(json.dumps(record(*each)) for each in runs))
print("]}")
