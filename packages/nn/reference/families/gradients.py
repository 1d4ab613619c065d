"""Gradients clipped by their norm or by their values."""

import json
import random

import torch
from modules import HERE, described, number
from torch.nn.utils import clip_grad_norm_, clip_grad_value_, clip_grads_with_norm_, get_total_norm


def parameters(rng, shapes, special=None):
    """With gradients; a shape of None stands for a parameter without one. Places of `special` numbers are (parameter, element)."""
    made = []
    for shape in shapes:
        parameter = torch.zeros((2,) if shape is None else shape, dtype=torch.float64, requires_grad=True)
        if shape is not None:
            parameter.grad = torch.tensor([round(rng.uniform(-3, 3), 3) for _ in range(parameter.numel())], dtype=torch.float64).reshape(shape)
        made.append(parameter)
    for (which, place), value in (special or {}).items():
        made[which].grad.view(-1)[place] = value
    return made


def gradients(made):
    return "[" + ", ".join("null" if p.grad is None else described(p.grad) for p in made) + "]"


def cases():
    lines = []
    rng = random.Random("gradients")
    shapes = [(3, 2), None, (4,), (), (2, 1, 2)]

    def case(name, call, limit, named=None, special=None, shapes=shapes):
        """`limit` and the options `named` as our function takes them after the parameters."""
        made = parameters(rng, shapes, special)
        before = gradients(made)
        norm_type = float((named or {}).get("normType", 2))
        norm = get_total_norm([p.grad for p in made if p.grad is not None], norm_type)
        if call == "clipGradNorm_":
            got = clip_grad_norm_(made, float(limit), norm_type)
            assert torch.equal(got, norm) or got.isnan()
        elif call == "clipGradsWithNorm_":
            clip_grads_with_norm_(made, float(limit), norm)
        else:
            clip_grad_value_(made, float(limit))
        head = {"name": name, "call": call, "limit": limit, "options": named or {}}
        lines.append(json.dumps(head)[:-1] + f', "before": {before}, "norm": {number(norm.item())}, "after": {gradients(made)}}}')

    for norm_type in (2, 1, "Infinity", 0.5, 3, 0, -1, "-Infinity"):
        case(f"norm of order {norm_type}", "clipGradNorm_", 1.5, named={"normType": norm_type})
    case("norm below the limit", "clipGradNorm_", 1000)
    case("no limit", "clipGradNorm_", "Infinity")
    case("limit 0", "clipGradNorm_", 0)
    case("no gradient at all", "clipGradNorm_", 1, shapes=[None, None])
    case("a NaN", "clipGradNorm_", 1, special={(0, 1): float("nan")})
    case("an infinity", "clipGradNorm_", 1, special={(2, 0): float("-inf")})
    case("a known norm", "clipGradsWithNorm_", 2.5)
    case("values", "clipGradValue_", 1.25, special={(0, 0): float("inf"), (2, 1): float("nan")})
    head = json.dumps({"torch": torch.__version__.split("+")[0], "family": "gradients", "rtol": 1e-5, "atol": 1e-7, "why": "a few roundings of float32; a norm is a root of a sum of a dozen squares"})
    text = head[:-1] + ', "cases": [\n' + ",\n".join(lines) + "\n]}\n"
    json.loads(text)
    (HERE / "gradients.json").write_text(text)
    print(f"{'gradients':16} {len(lines):4} cases {len(text) / 1000:8.1f} kB")
