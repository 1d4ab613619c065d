"""Runs PyTorch modules and functions in float64 and writes what they compute as JSON. README.md describes the format."""

import json
import math
import random
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch.nn.utils import parametrizations

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tensor" / "reference"))

from vectors import CONDITIONING, RTOL, Input, r, snake  # noqa: E402

DIGITS = 13
"""Of each number: float64 is compared to 1e-10."""


def number(x):
    if math.isnan(x):
        return '"NaN"'
    if math.isinf(x):
        return '"Infinity"' if x > 0 else '"-Infinity"'
    text = f"{x:.{DIGITS}g}"
    return text if float(text) != 0 else "0"


def numbers(tensor):
    return "[" + ",".join(number(x) for x in tensor.detach().to(torch.float64).contiguous().flatten().tolist()) + "]"


def dtype_of(tensor):
    """As the tests make it: floats follow the dtype under test, indices are int32 here."""
    name = str(tensor.dtype).split(".")[1]
    return {"float64": "float32", "int64": "int32"}.get(name, name)


def described(tensor, **extra):
    return json.dumps({"dtype": dtype_of(tensor), "shape": list(tensor.shape), **extra})[:-1] + ', "data": ' + numbers(tensor) + "}"


def from_json(value):
    """
    An argument as PyTorch takes it: lists are tuples, unless they are specs of modules; option names have underscores, {"tensor": [...]} is a
    tensor, {"factory": [...]} a module, "Infinity" a number.
    """
    if is_spec(value):
        return build(value)
    if isinstance(value, dict) and set(value) == {"factory"}:
        return build(value["factory"])
    if isinstance(value, dict) and set(value) <= {"tensor", "dtype"}:
        return torch.tensor(value["tensor"], dtype=getattr(torch, value.get("dtype", "float64")))
    if isinstance(value, list):
        return tuple(from_json(v) for v in value)
    if value in ("Infinity", "-Infinity"):
        return float(value)
    if isinstance(value, dict):
        return {snake(k): from_json(v) for k, v in value.items()}
    return value


class Function(torch.nn.Module):
    """A function of torch.nn.functional in a module's clothes."""

    def __init__(self, function, args, options):
        super().__init__()
        self.function, self.args, self.options = function, args, options
        for name, value in options.items():
            # Converted with the module, and in no state dict.
            if torch.is_tensor(value):
                self.register_buffer(name, value, persistent=False)

    def forward(self, *inputs, **named):
        return self.function(*inputs, *self.args, **{**self.options, **dict(self.named_buffers())}, **named)


def is_spec(value):
    """Lists that start with a name are modules."""
    return isinstance(value, list) and len(value) > 0 and isinstance(value[0], str)


def build(spec):
    """
    A torch module from ["Linear", 3, 4, {"bias": False}]; arguments may be specs themselves. A name in lower case is a function of
    torch.nn.functional, its remaining arguments come after the inputs; or, if it is given a spec, a parametrization.
    """
    name, *args = spec
    options = from_json(args.pop()) if args and isinstance(args[-1], dict) and "tensor" not in args[-1] else {}
    of_modules = any(map(is_spec, args))
    args = [from_json(a) for a in args]
    if name[0].islower() and not of_modules:
        return Function(getattr(F, snake(name)), args, options)
    made = getattr(parametrizations, snake(name)) if name[0].islower() else getattr(torch.nn, name)
    return made(*args, **options)


def set_weights(module, rng):
    """Short numbers for everything in the state dict; variances and weights of classes are above 0."""
    for name, tensor in module.state_dict(keep_vars=True).items():
        if not tensor.is_floating_point():
            continue
        positive = not isinstance(tensor, torch.nn.Parameter) and not name.endswith("running_mean")
        low, high = (0.5, 1.5) if positive else (-1.0, 1.0)
        values = [round(rng.uniform(low, high), 3) for _ in range(tensor.numel())]
        with torch.no_grad():
            tensor.copy_(torch.tensor(values, dtype=torch.float64).reshape(tensor.shape))


def set_small_weights(module, rng):
    """The same, but what comes out of a layer is about as large as what goes in, however many inputs it has: for deep networks."""
    set_weights(module, rng)
    for parameter in module.parameters():
        if parameter.dim() > 1:
            scale = math.sqrt(3 * parameter.shape[0] / parameter.numel())
            with torch.no_grad():
                parameter.copy_((parameter.double() * scale).round(decimals=3))


def state(module, only=None):
    entries = module.state_dict().items()
    return "{" + ", ".join(f"{json.dumps(k)}: {described(v)}" for k, v in entries if only is None or k in only) + "}"


def flat(result):
    """The tensors of a result, in order, of however many nested tuples."""
    if torch.is_tensor(result):
        return [result]
    return [] if result is None else [tensor for part in result for tensor in flat(part)]


def as_input(each):
    """A shape stands for floats to differentiate by; a list for a list of inputs."""
    if isinstance(each, tuple):
        return r(*each)
    return [as_input(part) for part in each] if isinstance(each, list) else each


class Drawn:
    """One input: the numbers, and where they go."""

    def __init__(self, spec, rng):
        self.parts = [Drawn(part, rng) for part in spec] if isinstance(spec, list) else None
        self.constant = spec if not isinstance(spec, (list, Input)) else None
        self.spec = spec
        if isinstance(spec, Input):
            self.sample = spec.sample(rng)
            if self.sample.dtype == torch.float32:
                self.sample = self.sample.double()
            if self.sample.dtype in (torch.int32, torch.uint8):
                self.sample = self.sample.long()

    def leaf(self, dtype):
        """A tensor for PyTorch, in the dtype under test."""
        if self.parts is not None:
            self.leaves = tuple(part.leaf(dtype) for part in self.parts)
            return self.leaves
        if not isinstance(self.spec, Input):
            return self.constant
        value = self.sample.to(dtype) if self.sample.is_floating_point() else self.sample
        self.tensor = value.clone().requires_grad_(self.spec.differentiable)
        return self.tensor

    def gradients(self):
        if self.parts is not None:
            return [g for part in self.parts for g in part.gradients()]
        if not isinstance(self.spec, Input):
            return []
        return [self.tensor.grad if self.spec.differentiable else None]

    def written(self):
        if self.parts is not None:
            return "[" + ", ".join(part.written() for part in self.parts) + "]"
        if not isinstance(self.spec, Input):
            return json.dumps(self.constant)
        return described(self.sample, **({"requiresGrad": True} if self.spec.differentiable else {}))


def far(got, exact, atol):
    exact = exact.to(got.dtype).double()
    return not torch.isclose(got.double(), exact, rtol=CONDITIONING, atol=atol / 3, equal_nan=True).all()


class Modules:
    """A file of cases that share a tolerance."""

    def __init__(self, name, atol=2e-6, why="sums of up to some dozens of terms around 1 that partly cancel: rounding is relative to the terms"):
        self.name, self.atol, self.why, self.lines = name, atol, why, []

    def case(self, spec, name, *inputs, modes="t", named=None, make=None, prepare=None, check=True, backward=True, once=False, fill=set_weights):
        """
        Adds a case: a module, and calls of it.

        inputs: what `forward` takes: shapes, `Input`s, lists of them, or None.
        modes: one letter per call, t for train and e for eval.
        named: inputs by name, which our forward takes in an options object.
        make: builds the torch module where `spec` alone cannot; `prepare` changes what was built, `fill` gives it its numbers.
        check: False where float32 must differ from float64.
        backward: False where there is no gradient.
        once: draw the inputs once, for all calls.
        """
        specs = [as_input(each) for each in inputs]
        named = {k: as_input(v) for k, v in (named or {}).items()}
        for attempt in range(200):
            rng = random.Random(f"{self.name}/{spec}/{name}/{attempt}")
            narrow = (make() if make else build(spec)).float()
            if prepare:
                prepare(narrow)
            fill(narrow, rng)
            wide = (make() if make else build(spec)).double()
            if prepare:
                prepare(wide)
            wide.load_state_dict(narrow.state_dict())
            fill(wide, random.Random(f"{self.name}/{spec}/{name}/{attempt}"))
            before, calls, bad, drawn = state(wide), [], False, None
            for mode in modes:
                if drawn is None or not once:
                    drawn = [Drawn(each, rng) for each in specs]
                    options = {k: Drawn(v, rng) for k, v in named.items()}
                everything = [*drawn, *options.values()]
                runs, cotangents = [], None
                for net, dtype in ((narrow, torch.float32), (wide, torch.float64)):
                    net.train(mode == "t")
                    net.zero_grad(set_to_none=True)
                    outputs = flat(net(*[each.leaf(dtype) for each in drawn], **{snake(k): v.leaf(dtype) for k, v in options.items()}))
                    if cotangents is None:
                        cotangents = [
                            torch.tensor([round(rng.choice((-1, 1)) * rng.uniform(0.3, 1.5), 3) for _ in range(y.numel())], dtype=torch.float64).reshape(y.shape)
                            for y in outputs
                        ]
                    wanted = [(y, g.to(dtype)) for y, g in zip(outputs, cotangents) if y.requires_grad] if backward else []
                    if wanted:
                        torch.autograd.backward(*map(list, zip(*wanted)))
                    gradients = [g for each in everything for g in each.gradients()]
                    parameters = {k: p.grad for k, p in net.named_parameters()}
                    buffers = {k: b for k, b in net.state_dict().items() if k not in dict(net.named_parameters(remove_duplicate=False))}
                    runs.append(([y.detach() for y in outputs], gradients, parameters, {k: b.clone() for k, b in buffers.items()}, bool(wanted)))
                pairs = zip(*[[*o, *g, *p.values(), *b.values()] for o, g, p, b, _ in runs])
                bad = bad or any(far(a, b, self.atol) for a, b in pairs if a is not None and a.is_floating_point())
                outputs, gradients, parameters, buffers, differentiated = runs[1]
                parts = [f'"training": {json.dumps(mode == "t")}', f'"inputs": [{", ".join(each.written() for each in drawn)}]']
                if options:
                    parts.append('"named": {' + ", ".join(f"{json.dumps(k)}: {v.written()}" for k, v in options.items()) + "}")
                parts.append(f'"outputs": [{", ".join(map(described, outputs))}]')
                if differentiated:
                    parts.append(f'"gradOutputs": [{", ".join(map(numbers, cotangents))}]')
                    parts.append(f'"gradInputs": [{", ".join("null" if g is None else numbers(g) for g in gradients)}]')
                    grads = ", ".join(f"{json.dumps(k)}: {'null' if g is None else numbers(g)}" for k, g in parameters.items())
                    parts.append(f'"gradParameters": {{{grads}}}')
                if buffers:
                    parts.append(f'"buffers": {state(wide, buffers)}')
                calls.append("{" + ", ".join(parts) + "}")
            if not bad or not check:
                break
        else:
            raise SystemExit(f"{self.name}: {spec} / {name} is badly conditioned")
        self.lines.append(f'{{"module": {json.dumps(spec)}, "name": {json.dumps(name)}, "stateDict": {before}, "calls": [\n  ' + ",\n  ".join(calls) + "]}")

    def save(self):
        head = json.dumps({"torch": torch.__version__.split("+")[0], "family": self.name, "rtol": RTOL, "atol": self.atol, "why": self.why})
        text = head[:-1] + ', "cases": [\n' + ",\n".join(self.lines) + "\n]}\n"
        json.loads(text)
        (HERE / f"{self.name}.json").write_text(text)
        print(f"{self.name:16} {len(self.lines):4} cases {len(text) / 1000:8.1f} kB")
