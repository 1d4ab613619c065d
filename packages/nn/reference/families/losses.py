import math

from modules import Modules
from vectors import i, r, t


def cases():
    f = Modules("losses", 1e-6, "logits around 1: log-probabilities and their gradients are differences of terms around 1")
    weight = {"tensor": [0.5, 2.0, 1.0, 0.25]}
    for kind in ("CrossEntropyLoss", "NLLLoss"):
        score = dict(lo=-3, hi=3) if kind == "CrossEntropyLoss" else dict(lo=-4, hi=-0.1)
        for reduction in ("mean", "sum", "none"):
            option = {"reduction": reduction}
            f.case([kind, option], f"classes, {reduction}", r(5, 4, **score), i(5, lo=0, hi=3))
            f.case([kind, {**option, "weight": weight}], f"class weights, {reduction}", r(5, 4, **score), i(5, lo=0, hi=3))
            f.case([kind, option], f"ignored rows, {reduction}", r(5, 4, **score), t([1, -100, 3, -100, 0], "int32"))
            f.case([kind, {**option, "weight": weight}], f"images, {reduction}", r(2, 4, 3, 2, **score), i(2, 3, 2, lo=0, hi=3))
        f.case([kind, {"ignoreIndex": 2, "weight": weight}], "another ignored index, with weights", r(4, 4, **score), t([2, 1, 2, 0], "int32"))
        f.case([kind], "sequences", r(2, 4, 3, **score), i(2, 3, lo=0, hi=3))
        f.case([kind], "unbatched", r(4, **score), t(2, "int32"))
        f.case([kind], "all rows ignored", r(2, 4, grad=False, **score), t([-100, -100], "int32"))
        f.case([kind, {"reduction": "sum"}], "no rows, sum", r(0, 4, **score), t([], "int32", shape=(0,)))
        f.case([kind], "no rows, mean", r(0, 4, grad=False, **score), t([], "int32", shape=(0,)))
    kind = "CrossEntropyLoss"
    f.case([kind], "large logits", t([[1000.0, 0, -1000, 999], [-1000, -1000.5, -1001, -1000]]), t([0, 1], "int32"), check=False)
    f.case([kind], "certain and wrong", t([[90.0, -90, 0, 0], [-90, 90, 0, 0]]), t([1, 1], "int32"), check=False)
    for reduction in ("mean", "sum", "none"):
        option = {"reduction": reduction}
        f.case([kind, {"labelSmoothing": 0.1, **option}], f"smoothed labels, {reduction}", r(5, 4), i(5, lo=0, hi=3))
        f.case(
            [kind, {"labelSmoothing": 0.2, "weight": weight, **option}],
            f"smoothed labels, weights, ignored rows, {reduction}",
            r(5, 4),
            t([1, -100, 3, 2, 0], "int32"),
        )
        f.case([kind, option], f"soft targets, {reduction}", r(3, 4), r(3, 4, lo=0.05, hi=0.5))
        f.case([kind, {"labelSmoothing": 0.1, "weight": weight, **option}], f"soft targets, weights, smoothed, {reduction}", r(3, 4), r(3, 4, lo=0.05, hi=0.5))
    f.case([kind, {"labelSmoothing": 0.1, "weight": weight}], "smoothed labels of images", r(2, 4, 2, 2), i(2, 2, 2, lo=0, hi=3))
    f.case([kind], "soft targets of images", r(2, 4, 2, 2), r(2, 4, 2, 2, lo=0.05, hi=0.5))
    f.case([kind], "soft target, unbatched", r(4), r(4, lo=0.05, hi=0.5))
    f.case([kind], "no soft rows", r(0, 4, grad=False), t([], shape=(0, 4), grad=False))
    nothing = {"tensor": [0.0, 0.0, 0.0, 0.0]}
    for reduction in ("mean", "sum", "none"):
        option = {"reduction": reduction, "weight": nothing}
        f.case(["crossEntropy", option], f"weights of 0, {reduction}", r(2, 4), t([1, 3], "int32"))
        f.case(["crossEntropy", {**option, "labelSmoothing": 0.1}], f"weights of 0, smoothed labels, {reduction}", r(2, 4), t([1, 3], "int32"))
    f.case(["crossEntropy", {"labelSmoothing": 1}], "nothing but smoothing", r(2, 4), t([1, 3], "int32"))
    f.case(["crossEntropy", {"labelSmoothing": 0.1}], "an impossible class, smoothed labels", t([[0.5, -math.inf, 1]], grad=False), t([0], "int32"))
    f.case(["crossEntropy"], "an impossible class", t([[0.5, -math.inf, 1], [-math.inf, 2, 1]]), t([0, 1], "int32"))
    f.case(["crossEntropy", {"reduction": "none"}], "an impossible target", t([[0.5, -math.inf, 1], [-math.inf, 2, 1]]), t([1, 0], "int32"))
    f.case(["crossEntropy"], "NaN", t([[0.5, math.nan, 1]]), t([0], "int32"))
    f.case(["nllLoss"], "an impossible sample that is ignored", t([[-math.inf, -math.inf], [-1, -2]]), t([-100, 1], "int32"))
    f.case(["nllLoss"], "an impossible target", t([[-math.inf, -0.5], [-1, -2]]), t([0, 1], "int32"))
    binary(f)
    margins(f)
    f.save()


def binary(f):
    probabilities = dict(lo=0.03, hi=0.97)
    for kind, name, score in (
        ("BCELoss", "binaryCrossEntropy", probabilities),
        ("BCEWithLogitsLoss", "binaryCrossEntropyWithLogits", dict(lo=-4, hi=4)),
    ):
        inputs = r(3, 4, **score), r(3, 4, **probabilities)
        for reduction in ("mean", "sum", "none"):
            f.case([kind, {"reduction": reduction}], reduction, *inputs)
        f.case([kind, {"weight": {"tensor": [0.5, 2.0, 1.0, 0.25]}}], "a weight for each class", *inputs)
        f.case([kind, {"weight": {"tensor": [[0.5], [2.0], [1.0]]}, "reduction": "sum"}], "a weight for each sample", *inputs)
        f.case([kind], "a scalar", r(**score), r(**probabilities))
        f.case([kind, {"reduction": "sum"}], "nothing", r(0, 3, grad=False), r(0, 3, grad=False))
        f.case([kind], "the mean of nothing", r(0, 3, grad=False), r(0, 3, grad=False))
        f.case([name, {"weight": {"tensor": [0.5, 2.0, 1.0, 0.25]}, "reduction": "none"}], "a weight", *inputs)
    f.case(
        ["binaryCrossEntropy", {"reduction": "none"}],
        "certain, right and wrong",
        t([0, 1, 0, 1, 0, 1, 1e-30]),
        t([0, 1, 1, 0, 0.5, 0.25, 1], grad=False),
        check=False,
    )
    kind, inputs = "BCEWithLogitsLoss", (r(3, 4, lo=-4, hi=4), r(3, 4, **probabilities))
    positive = {"posWeight": {"tensor": [0.5, 2.0, 1.0, 0.25]}}
    for reduction in ("mean", "sum", "none"):
        f.case([kind, {**positive, "reduction": reduction}], f"positives weighted, {reduction}", *inputs)
    f.case([kind, {**positive, "weight": {"tensor": [[0.5], [2.0], [1.0]]}}], "positives and samples weighted", *inputs)
    large = t([1000, -1000, 1000, -1000, 0, 40]), t([1, 0, 0, 1, 0.5, 1], grad=False)
    f.case([kind, {"reduction": "none"}], "large scores", *large, check=False)
    f.case(["binaryCrossEntropyWithLogits", {"posWeight": {"tensor": [3.0]}, "reduction": "none"}], "large scores, positives weighted", *large, check=False)


def margins(f):
    for reduction in ("mean", "sum", "none"):
        option = {"reduction": reduction}
        f.case(["SoftMarginLoss", option], reduction, r(3, 4), t([[1, -1, -1, 1], [1, 1, -1, 1], [-1, 1, 1, -1]], grad=False))
        f.case(["MultiLabelSoftMarginLoss", option], reduction, r(3, 4), r(3, 4, lo=0.05, hi=0.95))
        f.case(["MultiLabelSoftMarginLoss", {**option, "weight": {"tensor": [0.5, 2.0, 1.0, 0.25]}}], f"weights, {reduction}", r(3, 4), r(3, 4, lo=0.05, hi=0.95))
        f.case(["MultiLabelMarginLoss", option], reduction, r(4, 4), t([[3, 0, -1, 1], [0, 1, 2, 3], [-1, 1, 2, 3], [2, 2, 1, -1]], "int32"))
        f.case(["MultiMarginLoss", option], reduction, r(4, 3), i(4, lo=0, hi=2))
        f.case(["MultiMarginLoss", {**option, "p": 2, "margin": 0.5, "weight": {"tensor": [0.5, 2.0, 1.0]}}], f"squares, margin, weights, {reduction}", r(4, 3), i(4, lo=0, hi=2))
    f.case(["SoftMarginLoss"], "a scalar", r(), t(-1, grad=False))
    f.case(["MultiLabelSoftMarginLoss", {"reduction": "none"}], "unbatched", r(4), r(4, lo=0.05, hi=0.95))
    f.case(["MultiLabelSoftMarginLoss", {"reduction": "none"}], "sequences", r(2, 3, 4), r(2, 3, 4, lo=0.05, hi=0.95))
    f.case(["MultiLabelMarginLoss"], "unbatched", r(4), t([1, 3, -1, -1], "int32"))
    f.case(["MultiLabelMarginLoss", {"reduction": "none"}], "exactly at the margin", t([[1.0, 0, 0, 2]]), t([[0, -1, -1, -1]], "int32"))
    f.case(["MultiMarginLoss"], "unbatched", r(3), t(2, "int32"))
    f.case(["MultiMarginLoss", {"reduction": "none"}], "exactly at the margin", t([[1.0, 0, 0, 2], [0, 0, 1, 0]]), t([0, 2], "int32"))
    f.case(["MultiMarginLoss", {"margin": -0.5}], "a margin below 0", r(3, 4), i(3, lo=0, hi=3))
