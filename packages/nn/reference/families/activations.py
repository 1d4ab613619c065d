from modules import Modules
from vectors import r, t

INF, NAN = float("inf"), float("nan")

FAR = [-1000.0, -88.0, -20.0, -5.0, 5.0, 20.0, 88.0, 1000.0]

PLAIN = {
    # Arguments of the layer, and where its pieces meet.
    "ReLU": [([], [0.0])],
    "ReLU6": [([], [0.0, 6.0])],
    "LeakyReLU": [([], [0.0]), ([{"negativeSlope": 0.2}], [0.0])],
    "ELU": [([], [0.0]), ([{"alpha": 0.7}], [0.0])],
    "SELU": [([], [0.0])],
    # Its gradient in PyTorch has the 1 / alpha of float32, in float64 too: here that is exact.
    "CELU": [([], [0.0]), ([{"alpha": 0.5}], [0.0])],
    "GELU": [([], [0.0]), ([{"approximate": "tanh"}], [0.0])],
    "SiLU": [([], [0.0])],
    "Mish": [([], [0.0])],
    "Sigmoid": [([], [0.0])],
    "LogSigmoid": [([], [0.0])],
    "Tanh": [([], [0.0])],
    "Tanhshrink": [([], [0.0])],
    "Hardtanh": [([], [-1.0, 1.0]), ([{"minVal": -0.5, "maxVal": 1.5}], [-0.5, 1.5])],
    "Hardsigmoid": [([], [-3.0, 3.0])],
    "Hardswish": [([], [-3.0, 3.0])],
    "Hardshrink": [([], [-0.5, 0.5]), ([{"lambd": 0}], [0.0])],
    "Softshrink": [([], [-0.5, 0.5]), ([{"lambd": 0.25}], [-0.25, 0.25])],
    "Softplus": [([], [20.0]), ([{"beta": 2, "threshold": 5}], [2.5])],
    "Softsign": [([], [0.0])],
    "Threshold": [([0.25, -2], [0.25])],
}


def cases():
    f = Modules("activations")
    for name, variants in PLAIN.items():
        # The gradient of PyTorch's Hardsigmoid has the 1 / 6 of float32, in float64 too: sigmoid.test.ts has the right one.
        backward = name != "Hardsigmoid"
        for args, seams in variants:
            spec, options = [name, *args], {"backward": backward}
            suffix = f", {args[0]}".replace("'", "") if args and isinstance(args[0], dict) else ""
            f.case(spec, "values" + suffix, r(2, 3, lo=-4, hi=4), **options)
            f.case(spec, "where the pieces meet" + suffix, t([*seams, -0.3, 0.3]), **options)
            f.case(spec, "far from 0" + suffix, t(FAR), **options)
            # Of the exact GELU of -Infinity PyTorch makes NaN in float64, -0 in float32.
            f.case(spec, "infinities and NaN" + suffix, t([INF, -INF, NAN], grad=False), check=name != "GELU")
        f.case([name, *variants[0][0]], "a scalar", r(), **options)

    f.case(["PReLU"], "one slope", (2, 3, 2))
    f.case(["PReLU", 1, {"init": 0.1}], "one slope, a vector", (5,))
    f.case(["PReLU", 3], "a slope for each channel", (2, 3, 2, 2))
    f.case(["PReLU", 4], "a slope for each feature", (3, 4))
    f.case(["PReLU", 2], "where the pieces meet, far from 0", t([[0.0, 0.0], [1000, -1000], [INF, 5]]))
    f.case(["prelu"], "one slope for a scalar", r(), t([0.2]))

    f.case(["RReLU"], "eval: the mean slope", r(2, 3, lo=-4, hi=4), modes="e")
    f.case(["RReLU", {"lower": 0.2, "upper": 0.6}], "eval, where the pieces meet and far from 0", t([0.0, *FAR]), modes="e")
    f.case(["RReLU", {"lower": 0.2, "upper": 0.2}], "one slope to draw from", t([0.0, -0.3, 0.3, *FAR]), modes="te")
    f.case(["rrelu", {"lower": 0.2, "upper": 0.6}], "does not draw by default", (2, 3))

    for name in ("Softmax", "Softmin", "LogSoftmax"):
        f.case([name, 1], "rows", (2, 4))
        f.case([name, 0], "columns", (3, 2))
        f.case([name, -2], "the middle of three", (2, 3, 2))
        f.case([name, 0], "far from 0", t([[-1000.0, 1000, 20], [-1000, 999, -20], [-999.5, -1000, 88]]))
        f.case([name, 1], "infinities and NaN", t([[INF, 0], [-INF, 0], [-INF, -INF], [NAN, 0]], grad=False))
    f.case(["Softmax2d"], "a batch", (2, 3, 2, 2))
    f.case(["Softmax2d"], "unbatched", (3, 2, 2))
    f.case(["GLU"], "the last dimension", (2, 3, 4))
    f.case(["GLU", 1], "channels", (2, 4, 3))
    f.case(["GLU"], "far from 0", t([[3.0, -1000, -2, 2, 1000, 1000], [1, 1, 1, -1000, 1000, -20]]))
    f.save()
