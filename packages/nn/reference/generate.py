"""Writes the reference vectors of layers, losses and training, made by PyTorch 2.13.0: `python3 packages/nn/reference/generate.py`."""

import json
import math
import random
import sys
from pathlib import Path

import torch
import torch.nn.functional as F

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tensor" / "reference"))

from vectors import CONDITIONING, RTOL, Family, described, distinct, i, numbers, r, slice_, snake, t  # noqa: E402

INF = math.inf


def losses():
    f = Family("losses", HERE, 1e-6, "logits around 1: log-probabilities and their gradients are differences of terms around 1")

    def case(op, name, inputs, options=None, soft=False, exact=False):
        options = options or {}
        keywords = {snake(k): v for k, v in options.items()}
        function = {"crossEntropy": F.cross_entropy, "nllLoss": F.nll_loss}[op]

        def run(x, target, weight=None):
            return function(x, target if soft else target.long(), weight=weight, **keywords)

        f.case(op, name, inputs, [options] if options else [], run, exact=exact)

    weight = t([0.5, 2.0, 1.0, 0.25], grad=False)
    for op in ("crossEntropy", "nllLoss"):
        score = dict(lo=-3, hi=3) if op == "crossEntropy" else dict(lo=-4, hi=-0.1)
        for reduction in ("mean", "sum", "none"):
            case(op, f"classes, {reduction}", [r(5, 4, **score), i(5, lo=0, hi=3)], {} if reduction == "mean" else {"reduction": reduction})
            case(op, f"class weights, {reduction}", [r(5, 4, **score), i(5, lo=0, hi=3), weight], {"reduction": reduction})
            case(op, f"ignored rows, {reduction}", [r(5, 4, **score), t([1, -100, 3, -100, 0], "int32")], {"reduction": reduction})
            case(op, f"images, {reduction}", [r(2, 4, 3, 2, **score), i(2, 3, 2, lo=0, hi=3), weight], {"reduction": reduction})
        case(op, "another ignored index, with weights", [r(4, 4, **score), t([2, 1, 2, 0], "int32"), weight], {"ignoreIndex": 2})
        case(op, "sequences", [r(2, 4, 3, **score), i(2, 3, lo=0, hi=3)])
        case(op, "unbatched", [r(4, **score), t(2, "int32")])
        case(op, "all rows ignored", [r(2, 4, grad=False, **score), t([-100, -100], "int32")])
        case(op, "no rows, sum", [r(0, 4, **score), t([], "int32", shape=(0,))], {"reduction": "sum"})
        case(op, "no rows, mean", [r(0, 4, grad=False, **score), t([], "int32", shape=(0,))])
        case(op, "a transposed view", [r(4, 5, view=[["permute", [1, 0]]], **score), i(5, lo=0, hi=3)])
    op = "crossEntropy"
    case(op, "large logits", [t([[1000.0, 0, -1000, 999], [-1000, -1000.5, -1001, -1000]]), t([0, 1], "int32")])
    case(op, "certain and wrong", [t([[90.0, -90, 0, 0], [-90, 90, 0, 0]]), t([1, 1], "int32")])
    for reduction in ("mean", "sum", "none"):
        case(op, f"smoothed labels, {reduction}", [r(5, 4), i(5, lo=0, hi=3)], {"labelSmoothing": 0.1, "reduction": reduction})
        case(op, f"smoothed labels, weights, ignored rows, {reduction}", [r(5, 4), t([1, -100, 3, 2, 0], "int32"), weight], {"labelSmoothing": 0.2, "reduction": reduction})
        case(op, f"soft targets, {reduction}", [r(3, 4), r(3, 4, lo=0.05, hi=0.5)], {"reduction": reduction}, soft=True)
        case(op, f"soft targets, weights, smoothed, {reduction}", [r(3, 4), r(3, 4, lo=0.05, hi=0.5), weight], {"labelSmoothing": 0.1, "reduction": reduction}, soft=True)
    case(op, "smoothed labels of images", [r(2, 4, 2, 2), i(2, 2, 2, lo=0, hi=3), weight], {"labelSmoothing": 0.1})
    case(op, "soft targets of images", [r(2, 4, 2, 2), r(2, 4, 2, 2, lo=0.05, hi=0.5)], soft=True)
    case(op, "soft target, unbatched", [r(4), r(4, lo=0.05, hi=0.5)], soft=True)
    f.save()


def draw(rng, *shape, lo=-2.0, hi=2.0):
    return torch.tensor([round(rng.uniform(lo, hi), 3) for _ in range(math.prod(shape))]).reshape(shape)


def build(spec):
    """A torch module from ["Linear", 3, 4, {"bias": false}]; Sequential takes specs."""
    name, *args = spec
    if name == "Sequential":
        return torch.nn.Sequential(*map(build, args))
    options = {}
    if args and isinstance(args[-1], dict):
        options = {snake(k): (tuple(v) if isinstance(v, list) else v) for k, v in args.pop().items()}
    return getattr(torch.nn, name)(*[tuple(a) if isinstance(a, list) else a for a in args], **options)


def set_weights(module, rng):
    for name, parameter in [*module.named_parameters(), *module.named_buffers()]:
        if name.endswith("num_batches_tracked"):
            continue
        low = 0.5 if name.endswith("running_var") else -1.0
        with torch.no_grad():
            parameter.copy_(draw(rng, *parameter.shape, lo=low, hi=1.5 if low > 0 else 1.0))


def state(module):
    return "{" + ", ".join(f"{json.dumps(k)}: {described(v, keep_int64=True)}" for k, v in module.state_dict().items()) + "}"


def off(got, exact, atol):
    exact = exact.to(got.dtype)
    return not torch.isclose(got.double(), exact.double(), rtol=CONDITIONING, atol=atol / 3, equal_nan=True).all()


def layers():
    atol = 2e-6
    why = "sums of up to some dozens of terms around 1 that partly cancel: rounding is relative to the terms"
    lines = []

    def case(spec, name, shape, modes="t", ties=True):
        """modes: one letter per call, t for train and e for eval."""
        for attempt in range(200):
            rng = random.Random(f"{spec}/{name}/{attempt}")
            module = build(spec)
            set_weights(module, rng)
            wide = build(spec).double()
            wide.load_state_dict({k: v.double() if v.is_floating_point() else v for k, v in module.state_dict().items()})
            before, steps, bad = state(module), [], False
            for mode in modes:
                if ties:
                    x = draw(rng, *shape)
                else:
                    x = distinct(*shape, step=0.03).sample(rng).float()
                outcome = []
                for net, data in ((module, x.clone()), (wide, x.double())):
                    net.train(mode == "t")
                    net.zero_grad(set_to_none=True)
                    data.requires_grad_()
                    y = net(data)
                    if not outcome:
                        cotangent = draw(rng, *y.shape, lo=0.3, hi=1.5) * torch.tensor([rng.choice((-1.0, 1.0)) for _ in range(y.numel())]).reshape(y.shape)
                    y.backward(cotangent.to(y.dtype))
                    outcome.append([y, data.grad, *[p.grad for p in net.parameters()], *net.buffers()])
                bad = bad or any(off(g.detach(), w.detach(), atol) for g, w in zip(*outcome))
                parts = [f'"training": {json.dumps(mode == "t")}', f'"input": {described(x)}', f'"output": {described(outcome[0][0])}']
                parts += [f'"gradOutput": {numbers(cotangent)}', f'"gradInput": {numbers(outcome[0][1])}']
                grads = ", ".join(f"{json.dumps(k)}: {numbers(p.grad)}" for k, p in module.named_parameters())
                parts += [f'"gradParameters": {{{grads}}}', f'"stateDict": {state(module)}']
                steps.append("{" + ", ".join(parts) + "}")
            if not bad:
                break
        else:
            raise SystemExit(f"layers: {spec} / {name} is badly conditioned")
        lines.append(f'{{"module": {json.dumps(spec)}, "name": {json.dumps(name)}, "stateDict": {before}, "calls": [\n  ' + ",\n  ".join(steps) + "]}")

    case(["Linear", 5, 3], "with a bias", (4, 5))
    case(["Linear", 5, 3, {"bias": False}], "without", (4, 5))
    case(["Linear", 4, 2], "a batch of sequences", (2, 3, 4))
    case(["Linear", 4, 2], "a vector", (4,))
    case(["Conv2d", 2, 3, 3], "plain", (2, 2, 5, 6))
    case(["Conv2d", 2, 3, 3, {"padding": 1, "stride": 2}], "stride and padding", (2, 2, 6, 7))
    case(["Conv2d", 4, 4, [3, 2], {"padding": [1, 0], "dilation": [1, 2], "groups": 2, "bias": False}], "unequal options, groups, no bias", (1, 4, 5, 6))
    case(["Conv2d", 3, 6, 3, {"groups": 3, "padding": "same"}], "depthwise, same padding", (1, 3, 5, 4))
    case(["Conv2d", 2, 2, 3, {"padding": 1}], "unbatched", (2, 4, 5))
    for mode in ("reflect", "replicate", "circular"):
        case(["Conv2d", 1, 2, 3, {"padding": [1, 2], "paddingMode": mode}], f"{mode} padding", (1, 1, 4, 5))
    case(["BatchNorm1d", 3], "train twice, then eval", (6, 3), "tte")
    case(["BatchNorm1d", 3, {"momentum": 0.3, "eps": 0.01}], "sequences, other options", (4, 3, 5), "tte")
    case(["BatchNorm1d", 3, {"momentum": None}], "cumulative average", (5, 3), "ttte")
    case(["BatchNorm1d", 3, {"affine": False}], "without weights", (5, 3), "te")
    case(["BatchNorm1d", 3, {"trackRunningStats": False}], "without running statistics eval uses the batch", (5, 3), "te")
    case(["BatchNorm2d", 3], "train twice, then eval", (3, 3, 4, 2), "tte")
    case(["BatchNorm2d", 2, {"momentum": None, "eps": 0.001}], "cumulative average", (2, 2, 3, 3), "tte")
    case(["BatchNorm2d", 2, {"affine": False}], "without weights", (2, 2, 3, 3), "te")
    case(["BatchNorm2d", 2, {"trackRunningStats": False}], "without running statistics", (2, 2, 3, 3), "te")
    case(["BatchNorm2d", 2], "eval from the start", (1, 2, 2, 2), "e")
    case(["ReLU"], "values", (3, 5))
    case(["MaxPool2d", 2], "2x2", (2, 2, 5, 4), ties=False)
    case(["MaxPool2d", 3, {"stride": 2, "padding": 1, "ceilMode": True}], "overlapping, ceil mode", (1, 2, 6, 6), ties=False)
    case(["Dropout", 0.5], "eval keeps everything", (3, 4), "e")
    case(["Dropout", 0], "nothing to drop", (3, 4), "t")
    case(["Flatten"], "from dimension 1", (2, 3, 2))
    case(["Flatten", {"startDim": 0, "endDim": 1}], "a range", (2, 3, 2))
    perceptron = ["Sequential", ["Linear", 4, 6], ["BatchNorm1d", 6], ["ReLU"], ["Linear", 6, 3]]
    case(perceptron, "a perceptron with batch-norm", (7, 4), "te")
    network = ["Sequential", ["Conv2d", 1, 3, 3, {"padding": 1}], ["ReLU"], ["MaxPool2d", 2], ["Flatten"], ["Linear", 12, 3]]
    case(network, "a small network", (2, 1, 4, 4))
    head = json.dumps({"torch": torch.__version__.split("+")[0], "family": "layers", "rtol": RTOL, "atol": atol, "why": why})
    save("layers", head, lines)


def training():
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
    save("training", head[:-1] + extra + "}", lines)


def save(name, head, lines):
    text = head[:-1] + ', "cases": [\n' + ",\n".join(lines) + "\n]}\n"
    json.loads(text)
    (HERE / f"{name}.json").write_text(text)
    print(f"{name:14} {len(lines):4} cases {len(text) / 1000:8.1f} kB")


if __name__ == "__main__":
    torch.set_num_threads(1)
    losses()
    layers()
    training()
