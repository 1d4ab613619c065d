"""Runs one PyTorch call per case and writes its inputs, outputs and gradients as JSON. README.md describes the format."""

import json
import math
import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Optional, Sequence

import numpy as np
import torch
import torch.nn.functional as F

RTOL = 1e-5
"""What the tests allow: the promise of the project."""

CONDITIONING = 3e-6
"""How far PyTorch's float32 may be from PyTorch's float64: inputs that cancel worse are drawn again, or `atol` says why."""

FLOATS = (torch.float16, torch.float32, torch.float64)


@dataclass
class Input:
    """One tensor of a case: fixed values, or numbers drawn from `draw` when the case runs."""

    shape: tuple
    draw: Callable[[random.Random], float]
    dtype: str = "float32"
    view: Sequence[Sequence[Any]] = ()
    grad: Optional[bool] = None
    values: Optional[list] = None
    shuffle: Optional[list] = None

    def sample(self, rng: random.Random) -> torch.Tensor:
        numbers = self.values
        if self.shuffle is not None:
            numbers = list(self.shuffle)
            rng.shuffle(numbers)
        if numbers is None:
            numbers = [self.draw(rng) for _ in range(math.prod(self.shape))]
        return torch.tensor(numbers, dtype=torch.float64).to(getattr(torch, self.dtype)).reshape(self.shape)

    @property
    def differentiable(self) -> bool:
        return self.dtype.startswith("float") if self.grad is None else self.grad


def r(*shape, lo=-2.0, hi=2.0, dtype="float32", view=(), grad=None, away=0.02) -> Input:
    """Uniform in [lo, hi), three decimals (short in the file), never within `away` of 0, where kinks and poles are."""

    def draw(rng):
        while True:
            x = round(rng.uniform(lo, hi), 3)
            if abs(x) >= away:
                return x

    return Input(shape, draw, dtype, view, grad)


def t(values, dtype="float32", view=(), grad=None, shape=None) -> Input:
    """The given (nested) numbers."""
    array = np.array(values, dtype=np.float64)
    return Input(tuple(shape if shape is not None else array.shape), None, dtype, view, grad, values=array.flatten().tolist())


def i(*shape, lo=-9, hi=9, dtype="int32", view=()) -> Input:
    """Integers in [lo, hi]."""
    return Input(shape, lambda rng: rng.randint(lo, hi), dtype, view, False)


def b(*shape, view=()) -> Input:
    """Booleans."""
    return Input(shape, lambda rng: rng.randint(0, 1), "bool", view, False)


def distinct(*shape, step=0.37, dtype="float32", view=()) -> Input:
    """A shuffle of distinct numbers around 0: no ties, so the order is not a choice."""
    n = math.prod(shape)
    return Input(shape, None, dtype, view, None, shuffle=[round((k - n // 2) * step, 3) for k in range(n)])


def run_view(tensor: torch.Tensor, steps: Sequence[Sequence[Any]]) -> torch.Tensor:
    """Applies view steps such as ["permute", [1, 0]] as the test does, with PyTorch's methods."""
    for name, *args in steps:
        tensor = slice_(tensor, *args) if name == "slice" else getattr(tensor, name)(*args)
    return tensor


def slice_(x: torch.Tensor, ranges: Sequence[Optional[Sequence[int]]]) -> torch.Tensor:
    """`x[a:b:c, ...]` from a list of [start, stop?, step?] or None per dimension."""
    keys = tuple(slice(None) if q is None else slice(q[0], *(q[1:] or [None])) for q in ranges)
    return x[keys]


def snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", lambda m: "_" + m.group(1).lower(), name)


def from_json(value):
    """An argument of the file as PyTorch takes it."""
    if isinstance(value, str):
        if value in ("NaN", "Infinity", "-Infinity"):
            return float(value.replace("Infinity", "inf"))
        return getattr(torch, value) if value in DTYPES else value
    if isinstance(value, list):
        return [from_json(v) for v in value]
    if isinstance(value, dict):
        return {snake(k): from_json(v) for k, v in value.items()}
    return value


DTYPES = ("float16", "float32", "float64", "int32", "int64", "uint8", "bool")


def torch_call(op: str, args: list) -> Callable:
    """The PyTorch function of the same name: positional arguments as they are, a trailing dict as keywords."""
    name = snake(op)
    owner = next(o for o in (torch, torch.Tensor, F) if hasattr(o, name))
    positional = [from_json(a) for a in args]
    keywords = positional.pop() if positional and isinstance(positional[-1], dict) else {}
    return lambda *tensors: getattr(owner, name)(*tensors, *positional, **keywords)


def number(x, dtype: torch.dtype):
    """A JSON number that parses back to exactly this value, or the string JSON has no number for."""
    if dtype not in FLOATS:
        return str(int(x))
    if math.isnan(x):
        return '"NaN"'
    if math.isinf(x):
        return '"Infinity"' if x > 0 else '"-Infinity"'
    # float16 in float32's digits: the few of its own would be another number to whoever parses them.
    kind = np.float64 if dtype == torch.float64 else np.float32
    text = str(kind(x))
    text = text[:-2] if text.endswith(".0") else text
    assert kind(float(text)) == kind(x), text
    return text


def numbers(tensor: torch.Tensor) -> str:
    flat = tensor.detach().contiguous().flatten()
    return "[" + ",".join(number(x, tensor.dtype) for x in flat.tolist()) + "]"


def described(tensor: torch.Tensor, keep_int64=False, **extra) -> str:
    name = str(tensor.dtype).split(".")[1]
    if name == "int64" and not keep_int64:
        name = "int32"
    head = {"dtype": name, "shape": list(tensor.shape), **extra}
    return json.dumps(head)[:-1] + ', "data": ' + numbers(tensor) + "}"


def flatten_result(result) -> list:
    return [result] if torch.is_tensor(result) else list(result)


class Run:
    """One execution of a case in float32 or, to judge its conditioning, in float64."""

    def __init__(self, fn, inputs, samples, widen, rng):
        def leaf(spec, sample):
            tensor = sample.double() if widen and sample.dtype == torch.float32 else sample.clone()
            return tensor.requires_grad_(spec.differentiable)

        self.leaves = [leaf(s, x) for s, x in zip(inputs, samples)]
        viewed = [run_view(x, s.view) for s, x in zip(inputs, self.leaves)]
        self.outputs = flatten_result(fn(*viewed))
        differentiable = [o for o in self.outputs if o.requires_grad]
        self.cotangents = [
            torch.tensor([round(rng.choice((-1, 1)) * rng.uniform(0.3, 1.5), 2) for _ in range(o.numel())], dtype=torch.float64)
            .to(torch.float32)
            .to(o.dtype)
            .reshape(o.shape)
            if o.requires_grad
            else None
            for o in self.outputs
        ]
        wanted = [x for x in self.leaves if x.requires_grad]
        found = iter(())
        if differentiable and wanted:
            cotangents = [c for c in self.cotangents if c is not None]
            found = iter(torch.autograd.grad(differentiable, wanted, cotangents, allow_unused=True))
        self.grads = [next(found, None) if x.requires_grad else None for x in self.leaves]


def well_conditioned(name: str, got: Optional[torch.Tensor], exact: Optional[torch.Tensor], atol: float) -> Optional[str]:
    if got is None or got.dtype != torch.float32 or exact is None:
        return None
    exact = exact.to(torch.float32).double()
    ok = torch.isclose(got.double(), exact, rtol=CONDITIONING, atol=atol / 3 if atol > 1e-37 else atol, equal_nan=True)
    if bool(ok.all()):
        return None
    return f"{name}: {got[~ok].tolist()[:6]} in float32, {exact[~ok].tolist()[:6]} in float64"


def zero_signs(x: torch.Tensor) -> list:
    return [bool(s) if z else None for s, z in zip(torch.signbit(x).flatten().tolist(), (x == 0).flatten().tolist())]


class Family:
    """A file of cases that share a tolerance."""

    def __init__(self, name: str, folder: Path, atol: float = 0.0, why: str = "every result is a few roundings away from its inputs"):
        self.name, self.folder, self.atol, self.why = name, folder, atol, why
        self.lines, self.names, self.problems = [], set(), []

    def case(self, op, name, inputs, args=(), fn=None, *, atol=None, exact=False, check=True, keep_int64=False, signed_zeros=False, view=()):
        """
        Adds a case.

        exact: expect PyTorch's float64 answer rounded to float32, where its own float32 kernel is known to be off.
        check: False where float32 and float64 must differ (rounding is the point).
        signed_zeros: the sign of a zero result counts.
        view: for in-place ops, the view of the first input that is written through.
        """
        args = list(args)
        fn = fn or torch_call(op, args)
        assert (op, name) not in self.names, f"{self.name}: {op} / {name} twice"
        self.names.add((op, name))
        limit = self.atol if atol is None else atol
        problem = None
        for attempt in range(60):
            rng = random.Random(f"{self.name}/{op}/{name}/{attempt}")
            samples = [s.sample(rng) for s in inputs]
            state = rng.getstate()
            run = Run(fn, inputs, samples, False, rng)
            if not check:
                problem = None
                break
            rng.setstate(state)
            wide = Run(fn, inputs, samples, True, rng)
            if exact:
                run.outputs = [w.to(o.dtype) for o, w in zip(run.outputs, wide.outputs)]
                run.grads = [None if g is None else w.to(g.dtype) for g, w in zip(run.grads, wide.grads)]
                problem = None
                break
            if signed_zeros and any(zero_signs(g) != zero_signs(w.float()) for g, w in zip(run.outputs, wide.outputs) if g.dtype == torch.float32):
                print(f"{self.name}: {op} / {name}: float32 and float64 differ in the sign of a zero")
            pairs = [*zip(run.outputs, wide.outputs), *zip(run.grads, wide.grads)]
            problem = next((p for p in (well_conditioned("result", g, w, limit) for g, w in pairs) if p), None)
            if problem is None:
                break
        if problem:
            self.problems.append(f"{self.name}: {op} / {name} is badly conditioned: {problem}")
        self.write(op, name, inputs, args, samples, run, atol, keep_int64, signed_zeros, view)

    def write(self, op, name, inputs, args, samples, run, atol, keep_int64, signed_zeros, view):
        def described_input(spec, sample):
            extra = {"requiresGrad": True} if spec.differentiable else {}
            if spec.view:
                extra["view"] = [list(step) for step in spec.view]
            return described(sample, keep_int64, **extra)

        parts = [f'"op": {json.dumps(op)}', f'"name": {json.dumps(name)}']
        parts.append('"inputs": [' + ", ".join(described_input(s, x) for s, x in zip(inputs, samples)) + "]")
        if args:
            parts.append(f'"args": {json.dumps(args)}')
        if view:
            parts.append(f'"through": {json.dumps([list(step) for step in view])}')
        if atol is not None:
            parts.append(f'"atol": {atol}')
        if signed_zeros:
            parts.append('"signedZeros": true')
        parts.append('"outputs": [' + ", ".join(described(o, keep_int64) for o in run.outputs) + "]")
        if any(x.requires_grad for x in run.leaves) and any(c is not None for c in run.cotangents):
            parts.append('"gradOutputs": [' + ", ".join("null" if c is None else numbers(c) for c in run.cotangents) + "]")
            parts.append('"grads": [' + ", ".join("null" if g is None else numbers(g) for g in run.grads) + "]")
        self.lines.append("{" + ", ".join(parts) + "}")

    def save(self):
        if self.problems:
            raise SystemExit("\n".join(self.problems))
        head = {"torch": torch.__version__.split("+")[0], "family": self.name, "rtol": RTOL, "atol": self.atol, "why": self.why}
        text = json.dumps(head)[:-1] + ', "cases": [\n' + ",\n".join(self.lines) + "\n]}\n"
        json.loads(text)
        (self.folder / f"{self.name}.json").write_text(text)
        print(f"{self.name:14} {len(self.lines):4} cases {len(text) / 1000:8.1f} kB")
