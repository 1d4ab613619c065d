"""Five steps of training a small network, in float32."""

import json
import math
import random

import torch
import torch.nn.functional as F
from modules import HERE, build
from vectors import described, numbers, snake


def draw(rng, *shape, lo=-2.0, hi=2.0):
    return torch.tensor([round(rng.uniform(lo, hi), 3) for _ in range(math.prod(shape))]).reshape(shape)


def state(module):
    return "{" + ", ".join(f"{json.dumps(k)}: {described(v, keep_int64=True)}" for k, v in module.state_dict().items()) + "}"


def cases():
    # No bias before batch-norm: its gradient is 0 but for rounding, and Adam would turn that noise into steps of size lr.
    spec = ["Sequential", ["Conv2d", 1, 4, 3, {"padding": 1, "bias": False}], ["BatchNorm2d", 4], ["ReLU"], ["MaxPool2d", 2], ["Flatten"], ["Linear", 64, 4]]
    rng = random.Random("training")
    initial = build(spec)
    for name, parameter in initial.named_parameters():
        bound = {"0.weight": 1 / 3, "5.weight": 1 / 8, "5.bias": 1 / 8}.get(name)
        if bound:
            with torch.no_grad():
                parameter.copy_(draw(rng, *parameter.shape, lo=-bound, hi=bound))
    images = draw(rng, 12, 1, 8, 8, lo=-1, hi=1)
    labels = torch.tensor([k % 4 for k in range(12)])
    lines, worst = [], 0.0
    for name, options in (
        ("SGD", {"lr": 0.1}),
        ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weightDecay": 0.01}),
        ("SGD", {"lr": 0.05, "momentum": 0.9, "dampening": 0.1}),
        ("Adam", {"lr": 0.01}),
        ("Adam", {"lr": 0.01, "betas": [0.8, 0.95], "eps": 1e-6, "weightDecay": 0.1, "amsgrad": True}),
        ("AdamW", {"lr": 0.01, "weightDecay": 0.1}),
    ):
        ends = []
        for dtype in (torch.float32, torch.float64):
            net = build(spec).to(dtype)
            net.load_state_dict({k: v.to(dtype) if v.is_floating_point() else v for k, v in initial.state_dict().items()})
            keywords = {snake(k): tuple(v) if isinstance(v, list) else v for k, v in options.items()}
            optimizer = getattr(torch.optim, name)(net.parameters(), **keywords)
            losses_ = []
            for _ in range(5):
                optimizer.zero_grad()
                loss = F.cross_entropy(net(images.to(dtype)), labels)
                loss.backward()
                optimizer.step()
                losses_.append(loss.detach())
            net.eval()
            with torch.no_grad():
                logits = net(images.to(dtype))
            ends.append((torch.stack(losses_), net, logits))
        (loss, net, logits), (wide_loss, wide, wide_logits) = ends
        pairs = [(loss, wide_loss), (logits, wide_logits), *zip(net.state_dict().values(), wide.state_dict().values())]
        apart = max(float(((g.double() - w.double()).abs() / (w.double().abs() + 0.01)).max()) for g, w in pairs)
        worst = max(worst, apart)
        print(f"  {name} {options}: float32 is {apart:.1e} from float64, loss {[round(x, 4) for x in loss.tolist()]}")
        lines.append(f'{{"optimizer": "{name}", "options": {json.dumps(options)}, "losses": {numbers(loss)}, "logits": {described(logits)}, "stateDict": {state(net)}}}')
    rtol = 5e-5
    assert worst < rtol / 2, worst
    head = json.dumps({"torch": torch.__version__.split("+")[0], "family": "training", "rtol": rtol, "atol": rtol / 100, "why": "five steps amplify the rounding of the first", "module": spec})
    extra = f', "initial": {state(initial)}, "images": {described(images)}, "labels": {described(labels)}'
    text = head[:-1] + extra + ', "cases": [\n' + ",\n".join(lines) + "\n]}\n"
    json.loads(text)
    (HERE / "training.json").write_text(text)
    print(f"{'training':16} {len(lines):4} cases {len(text) / 1000:8.1f} kB")
