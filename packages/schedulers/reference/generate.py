"""Writes schedulers.json: what torch.optim.lr_scheduler does, recorded by running it. Usage: python3 generate.py > schedulers.json"""
import inspect, json, sys, warnings
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, StepLR

warnings.simplefilter("ignore")
STEPS = 25


def sgd(lrs=(0.05, 0.5)):
    return torch.optim.SGD([{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": lr} for lr in lrs], lr=1.0)


def lrs(optimizer):
    return [group["lr"] for group in optimizer.param_groups]


def state(scheduler):
    return {key: value for key, value in scheduler.state_dict().items()}


def record(cls, **kwargs):
    optimizer = sgd()
    scheduler = cls(optimizer, **kwargs)
    rows = [lrs(optimizer)]
    for _ in range(STEPS):
        optimizer.step()
        scheduler.step()
        rows.append(lrs(optimizer))
    # Jumps by the deprecated epoch argument: the closed form, then on by the chainable rule.
    jumps = []
    for epoch in (7, 3, None, None, 12, None, 0, None):
        scheduler.step(epoch)
        jumps.append({"epoch": epoch, "lr": lrs(optimizer)})
    # A new scheduler with last_epoch = k on groups that have the initial_lr and the lr of epoch k, as after loading a checkpoint.
    resumed = []
    for k in (0, 2, 3, 4, 5, 9):
        optimizer = sgd()
        for group, lr in zip(optimizer.param_groups, rows[k]):
            group["initial_lr"], group["lr"] = group["lr"], lr
        scheduler = cls(optimizer, **kwargs, last_epoch=k)
        seen = [lrs(optimizer)]
        for _ in range(6):
            optimizer.step()
            scheduler.step()
            seen.append(lrs(optimizer))
        resumed.append({"last_epoch": k, "rows": seen})
    optimizer = sgd()
    scheduler = cls(optimizer, **kwargs)
    for _ in range(3):
        optimizer.step()
        scheduler.step()
    return {
        "name": cls.__name__,
        "kwargs": kwargs,
        "rows": rows,
        "jumps": jumps,
        "resumed": resumed,
        "state_after_3": state(scheduler),
    }


def defaults(cls):
    parameters = inspect.signature(cls.__init__).parameters.values()
    return {p.name: None if p.default is inspect.Parameter.empty else p.default for p in parameters if p.name not in ("self", "optimizer")}


json.dump(
    {
        "torch": torch.__version__,
        "note": "two groups, lr 0.05 and 0.5; rows[0] is right after construction, rows[k] after k pairs of optimizer.step, scheduler.step",
        "defaults": {cls.__name__: defaults(cls) for cls in (StepLR, CosineAnnealingLR)},
        "cases": [
            record(StepLR, step_size=4, gamma=0.5),
            record(StepLR, step_size=3),
            record(CosineAnnealingLR, T_max=5, eta_min=1e-3),
            record(CosineAnnealingLR, T_max=10),
            record(CosineAnnealingLR, T_max=1, eta_min=0.01),
        ],
    },
    sys.stdout,
    indent=1,
)
print()
