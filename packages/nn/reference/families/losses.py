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
    f.save()
