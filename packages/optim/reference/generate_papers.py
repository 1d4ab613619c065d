"""Writes papers.json: what LAMB, SAM and Lookahead do, computed in float64 from the formulas of their papers.

Usage: python3 generate_papers.py > papers.json

PyTorch has none of the three, so each is written here from its paper, over single numbers and plain lists. LAMB takes the steps of generate.py, and what is
written of it is the same. SAM and Lookahead train w = (1.5, -0.5, 2) and b = (-1) on Σ i wᵢ² / 2 + w₁ w₂ b + b⁴, i from 1.
"""
import json, math

SHAPES = [(2, 3), (4,), (2, 2, 3)]
STEPS, HALF = 10, 5
DEFAULTS = {"LAMB": {"lr": 1e-3, "betas": [0.9, 0.999], "eps": 1e-6, "weight_decay": 0.01, "maximize": False}}
LAMB = [
    {},
    {"lr": 0.1, "weight_decay": 0.0, "maximize": True},
    {"lr": 0.05, "betas": [0.4, 0.6], "eps": 1e-3, "weight_decay": 0.3},
]
SAM = [
    {"rho": 0.05, "adaptive": False},
    {"rho": 0.5, "adaptive": True},
]
LOOKAHEAD = [
    {"k": 5, "alpha": 0.5},
    {"k": 3, "alpha": 0.8},
]


def values(count, seed):
    out = []
    for _ in range(count):
        seed = (1664525 * seed + 1013904223) % 2**32
        out.append(seed / 2**32 * 2 - 1)
    return out


def norm(x):
    return math.sqrt(math.fsum(each * each for each in x))


def lamb(kwargs, dtype):
    """You et al. 2020, algorithm 2, with the identity for phi; the ratio is 1 where a norm is 0, as in their code."""
    lr, (beta1, beta2), eps, decay, climbs = {**DEFAULTS["LAMB"], **kwargs}.values()
    sign = -1 if climbs else 1
    counts = [math.prod(shape) for shape in SHAPES]
    params = [values(count, 11 + i) for i, count in enumerate(counts)]
    first = [[0.0] * count for count in counts]
    second = [[0.0] * count for count in counts]
    steps = [0] * len(SHAPES)
    trajectory, state_dicts = [], []
    for t in range(STEPS):
        for i, count in enumerate(counts):
            if t == 3 and i == 1:
                continue
            steps[i] += 1
            update = []
            for j, raw in enumerate(values(count, 1000 + 97 * t + i)):
                g = sign * raw
                first[i][j] = beta1 * first[i][j] + (1 - beta1) * g
                second[i][j] = beta2 * second[i][j] + (1 - beta2) * g * g
                m = first[i][j] / (1 - beta1 ** steps[i])
                v = second[i][j] / (1 - beta2 ** steps[i])
                update.append(m / (math.sqrt(v) + eps) + decay * params[i][j])
            size, length = norm(params[i]), norm(update)
            ratio = size / length if size > 0 and length > 0 else 1
            params[i] = [x - lr * ratio * u for x, u in zip(params[i], update)]
        trajectory.append([list(p) for p in params])
        slots = [{"exp_avg": first[i], "exp_avg_sq": second[i]} for i in range(len(SHAPES))]
        state = {str(i): {"step": steps[i], **{k: shaped(v, i) for k, v in each.items()}} for i, each in enumerate(slots)}
        group = {**DEFAULTS["LAMB"], **kwargs, "params": list(range(len(SHAPES)))}
        state_dicts.append({"state": state, "param_groups": [group]})
    half, whole = state_dicts[HALF - 1], state_dicts[-1]
    case = {"optimizer": "LAMB", "kwargs": kwargs, "dtype": dtype, "params_after_step": trajectory}
    return {**case, "state_dict_after_5": half, "state_dict": whole}


def shaped(numbers, i):
    return {"shape": SHAPES[i], "data": list(numbers)}


def loss(w, b):
    return sum((i + 1) * x * x / 2 for i, x in enumerate(w)) + w[0] * w[1] * b + b**4


def gradient(w, b):
    own = [(i + 1) * x for i, x in enumerate(w)]
    return [own[0] + w[1] * b, own[1] + w[0] * b, own[2]], w[0] * w[1] + 4 * b**3


def sam(options):
    """Foret et al. 2021, algorithm 1 with p = 2 over SGD of rate 0.05; Kwon et al. 2021 (ASAM) for the adaptive one, without their bias rule."""
    w, b = [1.5, -0.5, 2.0], -1.0
    trajectory = []
    for _ in range(STEPS):
        dw, db = gradient(w, b)
        theta, g = [*w, b], [*dw, db]
        weights = [abs(x) if options["adaptive"] else 1.0 for x in theta]
        scale = options["rho"] / (norm([t * x for t, x in zip(weights, g)]) + 1e-12)
        *w_there, b_there = [x + t * t * scale * d for x, t, d in zip(theta, weights, g)]
        dw, db = gradient(w_there, b_there)
        before = loss(w, b)
        w, b = [x - 0.05 * d for x, d in zip(w, dw)], b - 0.05 * db
        trajectory.append({"loss": before, "w": w, "b": b})
    return {"options": options, "trajectory": trajectory}


def lookahead(options):
    """Zhang et al. 2019, algorithm 1, over SGD of rate 0.05 and momentum 0.5, whose buffer goes on."""
    w, b = [1.5, -0.5, 2.0], -1.0
    slow, buffer = [*w, b], None
    trajectory = []
    for t in range(2 * STEPS):
        dw, db = gradient(w, b)
        g = [*dw, db]
        buffer = g if buffer is None else [0.5 * m + d for m, d in zip(buffer, g)]
        fast = [x - 0.05 * m for x, m in zip([*w, b], buffer)]
        if (t + 1) % options["k"] == 0:
            slow = [s + options["alpha"] * (f - s) for s, f in zip(slow, fast)]
            fast = slow
        *w, b = fast
        trajectory.append({"w": list(w), "b": b})
    return {"options": options, "trajectory": trajectory}


if __name__ == "__main__":
    cases = [lamb(kwargs, dtype) for dtype in ("float64", "float32") for kwargs in LAMB]
    parts = {"cases": cases, "sam": map(sam, SAM), "lookahead": map(lookahead, LOOKAHEAD)}
    lines = [f'"{name}": [\n' + ",\n".join(map(json.dumps, cases)) + "\n]" for name, cases in parts.items()]
    print("{" + ", ".join([f'"defaults": {json.dumps(DEFAULTS)}', *lines]) + "}")
