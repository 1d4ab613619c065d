"""Writes others.json: trajectories, states and defaults of optimizers that PyTorch does not have, recorded by running packages that do.

Usage: pip install schedulefree==1.4.1 lion-pytorch==0.2.5 pytorch-optimizer==4.1.0; python3 generate_others.py > others.json

Inputs are those of generate.py, and so is what is written.

- AdamWScheduleFree: schedulefree, by the authors of the paper. `averaged` is what its `eval()` makes of the parameters after the last step.
- Lion: lion-pytorch. `maximize` is ours: its gradients are negated here.
- Adan: pytorch-optimizer. `maximize` is done here too. It counts the steps of a group as a whole; here every parameter has an optimizer of its
  own, which is left alone where there is no gradient, so that steps are counted as PyTorch does. The names in the state are those of the authors' code.
"""
import inspect, json
import lion_pytorch, pytorch_optimizer, schedulefree, torch
from generate import HALF, SHAPES, STEPS, dense_gradient, numbers, parameters, plain

CASES = [
    ("AdamWScheduleFree", {"foreach": False}),
    ("AdamWScheduleFree", {"lr": 0.01, "weight_decay": 0.1, "warmup_steps": 4, "r": 0.5, "foreach": False}),
    ("AdamWScheduleFree", {"lr": 0.1, "betas": [0.4, 0.6], "eps": 1e-3, "weight_lr_power": 0.0, "foreach": False}),
    ("Lion", {}),
    ("Lion", {"lr": 0.01, "betas": [0.4, 0.6], "weight_decay": 0.1, "maximize": True}),
    ("Adan", {}),
    ("Adan", {"lr": 0.1, "weight_decay": 0.1, "maximize": True}),
    ("Adan", {"lr": 0.01, "betas": [0.4, 0.5, 0.6], "eps": 1e-3, "weight_decay": 0.1, "no_prox": True}),
]
PACKAGES = {"AdamWScheduleFree": schedulefree.AdamWScheduleFree, "Lion": lion_pytorch.Lion, "Adan": pytorch_optimizer.Adan}
# What a group holds here, in this order, where that is not the package's own affair.
GROUPS = {
    "Lion": ["lr", "betas", "weight_decay", "maximize"],
    "Adan": ["lr", "betas", "eps", "weight_decay", "no_prox", "maximize"],
}


def defaults(name):
    signature = inspect.signature(PACKAGES[name].__init__)
    ours = {"maximize": False, "no_prox": False}
    theirs = {p.name: plain(p.default) for p in signature.parameters.values() if p.name not in ("self", "params")}
    return {key: ours.get(key, theirs.get(key)) for key in GROUPS.get(name, theirs)}


def make(name, params, kwargs):
    arguments = {key: tuple(value) if isinstance(value, list) else value for key, value in kwargs.items()}
    arguments.pop("maximize", None)
    if name != "Adan":
        return [PACKAGES[name](params, **arguments)]
    arguments["weight_decouple"] = arguments.pop("no_prox", False)
    return [PACKAGES[name]([p], foreach=False, **arguments) for p in params]


def state_dict(name, kwargs, optimizers):
    ids = list(range(len(SHAPES)))
    if name == "AdamWScheduleFree":
        return plain(optimizers[0].state_dict())
    group = {**defaults(name), **kwargs, "params": ids}
    if name == "Lion":
        return {"state": plain(optimizers[0].state_dict()["state"]), "param_groups": [group]}
    states = {}
    for i, optimizer in enumerate(optimizers):
        state = plain(optimizer.state_dict()["state"][0])
        averages = {key: state[key] for key in ("exp_avg", "exp_avg_sq", "exp_avg_diff")}
        states[str(i)] = {"step": optimizer.param_groups[0]["step"], **averages, "neg_pre_grad": state["previous_grad"]}
    return {"state": states, "param_groups": [group]}


def record(name, kwargs, dtype):
    params = parameters(dtype)
    optimizers = make(name, params, kwargs)
    if name == "AdamWScheduleFree":
        optimizers[0].train()
    trajectory = []
    for t in range(STEPS):
        for i, p in enumerate(params):
            gradient = dense_gradient(SHAPES[i], t, i, dtype)
            p.grad = -gradient if gradient is not None and kwargs.get("maximize") else gradient
        for optimizer in optimizers:
            if any(p.grad is not None for p in optimizer.param_groups[0]["params"]):
                optimizer.step()
        trajectory.append(numbers(params))
        if t + 1 == HALF:
            half = state_dict(name, kwargs, optimizers)
    case = {
        "optimizer": name,
        "kwargs": kwargs,
        "dtype": str(dtype)[6:],
        "params_after_step": trajectory,
        "state_dict_after_5": half,
        "state_dict": state_dict(name, kwargs, optimizers),
    }
    if name == "AdamWScheduleFree":
        optimizers[0].eval()
        case["averaged"] = numbers(params)
    return case


cases = []
for dtype in (torch.float64, torch.float32):
    torch.set_default_dtype(dtype)
    cases += [record(name, kwargs, dtype) for name, kwargs in CASES]
print(json.dumps({"defaults": {name: defaults(name) for name in PACKAGES}})[:-1] + ', "cases": [')
print(",\n".join(json.dumps(case) for case in cases))
print("]}")
