"""Writes averages.json, update_bn.json and swalr.json: what torch.optim.swa_utils does, recorded by running it (torch 2.13.0).

Usage: python3 generate.py (the same bytes every time). All in float64 unless a name says otherwise.
"""
import inspect, json, pathlib, warnings
import torch
from torch import nn
from torch.optim.lr_scheduler import MultiplicativeLR
from torch.optim.swa_utils import (
    SWALR,
    AveragedModel,
    get_ema_avg_fn,
    get_ema_multi_avg_fn,
    get_swa_avg_fn,
    get_swa_multi_avg_fn,
    update_bn,
)

warnings.simplefilter("ignore")
torch.set_default_dtype(torch.float64)
here = pathlib.Path(__file__).parent


def write(name, content):
    text = json.dumps({"torch": torch.__version__, **content}, indent=1)
    (here / name).write_text(text + "\n")


def flat(tensor):
    return [float(f"{x:.15g}") for x in tensor.detach().double().flatten().tolist()]


def state_of(module):
    return {name: flat(tensor) for name, tensor in module.state_dict().items()}


def defaults(function):
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not inspect.Parameter.empty}


# --- averages -------------------------------------------------------------------------------------------------------------------------


def net():
    return nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2), nn.Linear(2, 1, bias=False))


def models(count):
    """What the model is at each of `count` updates."""
    generator = torch.Generator().manual_seed(7)
    model = net()
    states = []
    for k in range(count):
        for tensor in model.state_dict().values():
            if tensor.is_floating_point():
                tensor.copy_(torch.randn(tensor.shape, generator=generator).mul(1 + k).round(decimals=6))
            else:
                tensor.fill_(3 * k + 1)
        states.append({name: tensor.clone() for name, tensor in model.state_dict().items()})
    return states


FORMS = {
    "default": lambda: {},
    "getSwaAvgFn": lambda: {"avg_fn": get_swa_avg_fn()},
    "getSwaMultiAvgFn": lambda: {"multi_avg_fn": get_swa_multi_avg_fn()},
    "getEmaAvgFn": lambda: {"avg_fn": get_ema_avg_fn(0.9)},
    "getEmaMultiAvgFn": lambda: {"multi_avg_fn": get_ema_multi_avg_fn(0.9)},
    "getEmaMultiAvgFn()": lambda: {"multi_avg_fn": get_ema_multi_avg_fn()},
}


def averages():
    states = models(10)
    cases = []
    for form, make in FORMS.items():
        for use_buffers in (False, True):
            if form == "getSwaMultiAvgFn" and use_buffers:
                continue  # PyTorch cannot: "Integer division with addcdiv is no longer supported", for num_batches_tracked.
            model = net()
            averaged = AveragedModel(model, use_buffers=use_buffers, **make())
            after = []
            for state in states:
                model.load_state_dict(state)
                averaged.update_parameters(model)
                after.append(state_of(averaged))
            # Those in between would make the file large; the first is a copy, the second the first that averages.
            cases.append({"form": form, "useBuffers": use_buffers, "after": {str(k): after[k - 1] for k in (1, 2, 5, 10)}})
    write(
        "averages.json",
        {
            "note": "the state of the model at each of ten updates, and the state_dict of its AveragedModel after 1, 2, 5 and 10; decay 0.9, or the default",
            "shapes": {name: list(tensor.shape) for name, tensor in net().state_dict().items()},
            "defaults": {"AveragedModel": defaults(AveragedModel.__init__), "get_ema_avg_fn": defaults(get_ema_avg_fn)},
            "models": [{name: flat(tensor) for name, tensor in state.items()} for state in states],
            "cases": cases,
        },
    )


# --- update_bn ------------------------------------------------------------------------------------------------------------------------

NETS = {
    "dense": (
        lambda: nn.Sequential(
            nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2), nn.BatchNorm1d(2, momentum=0.3)
        ),
        (11, 3),
    ),
    "convolutional": (lambda: nn.Sequential(nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3, momentum=None), nn.ReLU()), (7, 2, 4, 3)),
}
BATCHES = {"dense": [4, 4, 3], "convolutional": [2, 5]}


def statistics(module):
    return {name: flat(buffer) for name, buffer in module.named_buffers()}


def exact_statistics(model, batches):
    """Mean and variance of all that goes into each batch-norm, batch by batch in training mode."""
    inputs = {}
    handles = [
        module.register_forward_pre_hook(lambda _, args, name=name: inputs.setdefault(name, []).append(args[0].detach()))
        for name, module in model.named_modules()
        if isinstance(module, nn.modules.batchnorm._BatchNorm)
    ]
    model.train()
    for batch in batches:
        model(batch)
    for handle in handles:
        handle.remove()
    result = {}
    for name, seen in inputs.items():
        channels = torch.cat(seen).transpose(0, 1).flatten(1)
        result[f"{name}.running_mean"] = flat(channels.mean(1))
        result[f"{name}.running_var"] = flat(channels.var(1))
        result[f"{name}.num_batches_tracked"] = [len(seen)]
    return result


def batch_norms():
    cases = []
    for name, (make, shape) in NETS.items():
        torch.manual_seed(11)
        model = make()
        for tensor in model.state_dict().values():
            if tensor.is_floating_point():
                tensor.copy_(torch.randn(tensor.shape).abs().round(decimals=4))
        x = torch.randn(shape).mul(2).round(decimals=4)
        batches = x.split(BATCHES[name])
        before = {key: {"shape": list(value.shape), "data": flat(value)} for key, value in model.state_dict().items()}
        update_bn(batches, model)
        updated = statistics(model)
        cases.append(
            {
                "net": name,
                "state": before,
                "batches": [{"shape": list(batch.shape), "data": flat(batch)} for batch in batches],
                "updated": updated,
                "exact": exact_statistics(model, batches),
            }
        )
    write("update_bn.json", {"note": "running statistics after update_bn, and those of all data at once", "cases": cases})


# --- SWALR ----------------------------------------------------------------------------------------------------------------------------

LRS = [0.05, 0.5]


def sgd():
    return torch.optim.SGD([{"params": [nn.Parameter(torch.zeros(1))], "lr": lr} for lr in LRS], lr=1.0)


def lrs(optimizer):
    return [group["lr"] for group in optimizer.param_groups]


def plain_state(scheduler):
    return dict(scheduler.state_dict())


def swalr_case(kwargs):
    optimizer = sgd()
    scheduler = SWALR(optimizer, **kwargs)
    rows = [lrs(optimizer)]
    for _ in range(12):
        optimizer.step()
        scheduler.step()
        rows.append(lrs(optimizer))
    optimizer = sgd()
    scheduler = SWALR(optimizer, **kwargs)
    for _ in range(3):
        optimizer.step()
        scheduler.step()
    # A new one with last_epoch 3 on groups that have the initial_lr, and the lr of that epoch.
    resumed_optimizer = sgd()
    for group, lr in zip(resumed_optimizer.param_groups, rows[3]):
        group["initial_lr"], group["lr"] = group["lr"], lr
    resumed = SWALR(resumed_optimizer, **kwargs, last_epoch=3)
    resumed_rows = [lrs(resumed_optimizer)]
    for _ in range(6):
        resumed_optimizer.step()
        resumed.step()
        resumed_rows.append(lrs(resumed_optimizer))
    return {
        "kwargs": kwargs,
        "rows": rows,
        "stateAfter3": plain_state(scheduler),
        "swaLr": [group["swa_lr"] for group in optimizer.param_groups],
        "resumedAt3": resumed_rows,
    }


def after_multiplicative(kwargs, start, epochs):
    """Both are built at once; the other one steps until `start`, then SWALR."""
    optimizer = sgd()
    first = MultiplicativeLR(optimizer, lr_lambda=lambda _: 0.9)
    second = SWALR(optimizer, **kwargs)
    rows = [lrs(optimizer)]
    for epoch in range(epochs):
        optimizer.step()
        (second if epoch >= start else first).step()
        rows.append(lrs(optimizer))
    return {"kwargs": kwargs, "factor": 0.9, "start": start, "rows": rows}


def swalr():
    cases = [
        {"swa_lr": 0.01, "anneal_epochs": 5},
        {"swa_lr": [0.01, 0.02], "anneal_epochs": 4, "anneal_strategy": "linear"},
        {"swa_lr": 0.1},
        {"swa_lr": [0.2, 0.7], "anneal_epochs": 0},
        {"swa_lr": 0.3, "anneal_epochs": 1, "anneal_strategy": "linear"},
    ]
    others = [
        {"swa_lr": 0.01, "anneal_epochs": 5},
        {"swa_lr": [0.01, 0.02], "anneal_epochs": 4, "anneal_strategy": "linear"},
        {"swa_lr": [0.03, 0.5], "anneal_epochs": 0},
    ]
    write(
        "swalr.json",
        {
            "note": "two groups, lr 0.05 and 0.5; rows[0] is right after construction, rows[k] after k pairs of optimizer.step, scheduler.step",
            "defaults": defaults(SWALR.__init__),
            "cases": [swalr_case(kwargs) for kwargs in cases],
            "afterMultiplicative": [after_multiplicative(kwargs, 5, 14) for kwargs in others],
        },
    )


averages()
batch_norms()
swalr()
