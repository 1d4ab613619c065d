"""Writes schedulers.json: what torch.optim.lr_scheduler does, recorded by running it. Usage: python3 generate.py > schedulers.json

Functions are named by their Python text, "0.95**e", which the tests have as functions too.
"""
import copy, inspect, json, sys, warnings
import torch
from torch.optim import lr_scheduler

warnings.simplefilter("ignore")
STEPS = 25
WRITTEN = ("initial_lr", "max_lr", "min_lr", "max_momentum", "base_momentum")


def optimizer_of(kind, lrs=(0.05, 0.5)):
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": lr} for lr in lrs]
    return torch.optim.Adam(groups) if kind == "Adam" else torch.optim.SGD(groups, lr=1.0, momentum=0.5)


def seen(optimizer):
    groups = optimizer.param_groups
    momentum = [group["betas"][0] if "betas" in group else group["momentum"] for group in groups]
    return {"lr": [group["lr"] for group in groups], "momentum": momentum}


def make(optimizer, name, kwargs):
    kwargs = dict(kwargs)
    for key in ("lr_lambda", "scale_fn"):
        if key in kwargs:
            texts = kwargs[key]
            kwargs[key] = eval("lambda e: " + texts) if isinstance(texts, str) else [eval("lambda e: " + text) for text in texts]
    if "schedulers" in kwargs:
        kwargs["schedulers"] = [make(optimizer, child, options) for child, options in kwargs["schedulers"]]
    if name == "ChainedScheduler":
        return lr_scheduler.ChainedScheduler(**kwargs)
    return getattr(lr_scheduler, name)(optimizer, **kwargs)


def run(optimizer, scheduler, steps):
    rows = [seen(optimizer)]
    for _ in range(steps):
        optimizer.step()
        scheduler.step()
        rows.append(seen(optimizer))
    return rows


def record(name, steps=STEPS, kind="SGD", jumps=(7, 3, None, None, 12, None, 0, None), **kwargs):
    optimizer = optimizer_of(kind)
    scheduler = make(optimizer, name, kwargs)
    result = {"name": name, "optimizer": kind, "kwargs": kwargs, "rows": run(optimizer, scheduler, steps)}
    # Jumps by the deprecated epoch argument: the closed form, then on by the chainable rule.
    if jumps:
        optimizer = optimizer_of(kind)
        scheduler = make(optimizer, name, kwargs)
        result["jumps"] = []
        for epoch in jumps:
            scheduler.step(epoch)
            result["jumps"].append({"epoch": epoch, **seen(optimizer)})
    optimizer = optimizer_of(kind)
    scheduler = make(optimizer, name, kwargs)
    run(optimizer, scheduler, 3)
    # A ChainedScheduler inside a SequentialLR counts one step too many (pytorch#196243), which its state shows.
    if "ChainedScheduler" not in json.dumps(kwargs):
        result["state_after_3"] = copy.deepcopy(scheduler.state_dict())
    result["groups_after_3"] = [{key: group[key] for key in WRITTEN if key in group} for group in optimizer.param_groups]
    return result


def plateau(**kwargs):
    metrics = [1.0, 0.99, 1.2, 0.95, 0.95, float("nan"), 0.95, 0.5, 0.51, 0.52, 0.53, 0.54, 0.4, 0.41, 0.42, 0.43]
    optimizer = optimizer_of("SGD", (1.0, 0.8))
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, **kwargs)
    rows = []
    for metric in metrics:
        scheduler.step(metric)
        counts = {"best": scheduler.best, "bad": scheduler.num_bad_epochs, "cooldown": scheduler.cooldown_counter}
        rows.append({**seen(optimizer), **counts})
    state = {key: None if value in (float("inf"), float("-inf")) else value for key, value in scheduler.state_dict().items()}
    return {"kwargs": kwargs, "metrics": [None if m != m else m for m in metrics], "rows": rows, "state": state}


def defaults(name):
    parameters = inspect.signature(getattr(lr_scheduler, name).__init__).parameters.values()
    return {p.name: None if p.default is inspect.Parameter.empty else p.default for p in parameters if p.name not in ("self", "optimizer")}


warmup = ["LinearLR", {"start_factor": 0.1, "total_iters": 5}]
cyclic = {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 3, "step_size_down": 5}
cases = [
    record("LambdaLR", lr_lambda="0.95**e"),
    record("LambdaLR", lr_lambda=["0.9**e", "0.8**e"]),
    record("MultiplicativeLR", lr_lambda="0.95", jumps=None),
    record("MultiplicativeLR", lr_lambda=["0.9", "1/(1+e)"], jumps=None),
    record("StepLR", step_size=4, gamma=0.5),
    record("StepLR", step_size=3),
    record("MultiStepLR", milestones=[2, 2, 5, 9], gamma=0.1),
    record("MultiStepLR", milestones=[9, 0, 4], gamma=0.5),
    record("ConstantLR", factor=0.5, total_iters=4),
    record("ConstantLR"),
    record("LinearLR", start_factor=0.25, end_factor=0.6, total_iters=4),
    record("LinearLR"),
    record("LinearLR", start_factor=1.0, end_factor=0.0, total_iters=7),
    record("ExponentialLR", gamma=0.9),
    record("PolynomialLR", total_iters=8, power=0.9),
    record("PolynomialLR"),
    record("CosineAnnealingLR", T_max=5, eta_min=1e-3),
    record("CosineAnnealingLR", T_max=10),
    record("CosineAnnealingLR", T_max=1, eta_min=0.01),
    record("CosineAnnealingWarmRestarts", T_0=3, T_mult=2, eta_min=1e-3),
    record("CosineAnnealingWarmRestarts", T_0=4),
    record("CosineAnnealingWarmRestarts", T_0=5, T_mult=2, jumps=(0.5, None, 7.25, None, None, 3, 20.75, None, 0.0, 4.9, 5.0, 14.9, 15.0)),
    *[record("CosineAnnealingWarmRestarts", T_0=10, T_mult=times, eta_min=1e-10, steps=100) for times in (1, 2, 4)],
    *[record("CyclicLR", kind=kind, mode=mode, gamma=0.9, **cyclic) for mode in ("triangular", "triangular2", "exp_range") for kind in ("SGD", "Adam")],
    record("CyclicLR", base_lr=[0.01, 0.1], max_lr=[0.1, 1.0], step_size_up=4, base_momentum=[0.5, 0.6], max_momentum=[0.9, 0.8]),
    record("CyclicLR", base_lr=0.01, max_lr=0.1, step_size_up=4, cycle_momentum=False),
    record("CyclicLR", scale_fn="1/e", scale_mode="cycle", **cyclic),
    record("CyclicLR", scale_fn="1/(1+e)", scale_mode="iterations", **cyclic),
    *[
        record("OneCycleLR", max_lr=[1.0, 2.0], total_steps=20, anneal_strategy=strategy, three_phase=three, steps=19, jumps=(7, 3, None, 12, None, 0))
        for strategy in ("cos", "linear")
        for three in (False, True)
    ],
    record("OneCycleLR", kind="Adam", max_lr=1.0, total_steps=10, steps=9, jumps=None),
    record("OneCycleLR", max_lr=0.5, epochs=3, steps_per_epoch=4, pct_start=0.0, cycle_momentum=False, steps=11, jumps=None),
    *[
        record("SequentialLR", jumps=None, schedulers=schedulers, milestones=milestones)
        for schedulers, milestones in (
            ([["ConstantLR", {"factor": 0.1, "total_iters": 3}], ["ExponentialLR", {"gamma": 0.8}], ["StepLR", {"step_size": 2}]], [3, 6]),
            ([warmup, ["CosineAnnealingLR", {"T_max": 10}]], [5]),
            ([["ExponentialLR", {"gamma": 0.8}], ["StepLR", {"step_size": 2}]], [0]),
            ([["ChainedScheduler", {"schedulers": [warmup, ["ConstantLR", {"factor": 0.5, "total_iters": 4}]]}], ["ExponentialLR", {"gamma": 0.9}]], [4]),
        )
    ],
    record("ChainedScheduler", jumps=None, schedulers=[["ExponentialLR", {"gamma": 0.9}], ["ConstantLR", {"factor": 0.2, "total_iters": 4}], ["StepLR", {"step_size": 3}]]),
]
plateaus = [
    plateau(patience=2),
    plateau(patience=2, cooldown=2),
    plateau(patience=0, factor=0.5, min_lr=[0.3, 0.2]),
    plateau(mode="max", threshold=0.1, patience=1),
    plateau(mode="min", threshold_mode="abs", threshold=0.1, patience=1),
    plateau(mode="max", threshold_mode="abs", threshold=0.1, patience=1),
    plateau(patience=0, factor=0.5, eps=0.2),
]
names = [name for name in lr_scheduler.__all__ if name != "LRScheduler"]
note = "Two groups, lr 0.05 and 0.5; rows[0] is right after construction, rows[k] after k pairs of optimizer.step, scheduler.step. null metrics are NaN, null values in a state infinite."
# One case a line.
print("{")
print(f' "torch": {json.dumps(torch.__version__)},')
print(f' "note": {json.dumps(note)},')
print(f' "defaults": {json.dumps({name: defaults(name) for name in names})},')
for key, rows, end in (("cases", cases, ","), ("plateaus", plateaus, "")):
    print(f' "{key}": [')
    print(",\n".join("  " + json.dumps(row) for row in rows))
    print(f" ]{end}")
print("}")
