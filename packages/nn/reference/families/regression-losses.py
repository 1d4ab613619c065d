from modules import Modules
from vectors import r, t


def cases():
    f = Modules("regression-losses", 1e-6, "errors around 1 that partly cancel: rounding is relative to what is subtracted")
    pair = r(3, 4), r(3, 4)
    for reduction in ("mean", "sum", "none"):
        option = {"reduction": reduction}
        f.case(["MSELoss", option], reduction, *pair)
        f.case(["L1Loss", option], reduction, *pair)
        f.case(["SmoothL1Loss", option], reduction, *pair)
        f.case(["SmoothL1Loss", {**option, "beta": 0.25}], f"beta, {reduction}", *pair)
        f.case(["HuberLoss", option], reduction, *pair)
        f.case(["HuberLoss", {**option, "delta": 1.5}], f"delta, {reduction}", *pair)
    for kind in ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"):
        f.case([kind], "a scalar", r(), r())
        f.case([kind], "the mean of nothing", r(0, 3, grad=False), r(0, 3, grad=False))
        f.case([kind, {"reduction": "none"}], "seams", t([0, 1, -1, 3, 2.5, 0.5, 0.125]), t([0, 0, 0, 2, 0.5, 0.5, 0]))
    f.case(["SmoothL1Loss", {"beta": 0}], "beta of 0, which is L1", *pair)
    f.case(["SmoothL1Loss", {"beta": 1e-30, "reduction": "none"}], "a tiny beta", *pair)
    f.case(["SmoothL1Loss", {"beta": 0.5, "reduction": "none"}], "seams at beta", t([0.5, -0.5, 0]), t([0, 0, 0]))
    f.case(["HuberLoss", {"delta": 0.5, "reduction": "none"}], "seams at delta", t([0.5, -0.5, 0]), t([0, 0, 0]))
    divergence(f)
    poisson(f)
    gaussian(f)
    f.save()


def divergence(f):
    logs, probabilities = dict(lo=-3, hi=-0.1), dict(lo=0.05, hi=0.9)
    for reduction in ("mean", "batchmean", "sum", "none"):
        option = {"reduction": reduction}
        f.case(["KLDivLoss", option], reduction, r(3, 4, **logs), r(3, 4, **probabilities))
        f.case(["KLDivLoss", {**option, "logTarget": True}], f"logarithms, {reduction}", r(3, 4, **logs), r(3, 4, **logs))
        f.case(["KLDivLoss", option], f"targets of 0, {reduction}", r(2, 3, **logs), t([[0, 1, 0], [0.5, 0.5, 0]], grad=False))
    f.case(["KLDivLoss", {"reduction": "batchmean"}], "a scalar", r(**logs), r(**probabilities))
    f.case(["KLDivLoss", {"reduction": "batchmean"}], "unbatched", r(4, **logs), r(4, **probabilities))


def poisson(f):
    rates, counts = dict(lo=0.1, hi=3), t([[0, 1, 2], [3, 7, 1]], grad=False)
    for reduction in ("mean", "sum", "none"):
        option = {"reduction": reduction}
        f.case(["PoissonNLLLoss", option], reduction, r(2, 3), counts)
        f.case(["PoissonNLLLoss", {**option, "full": True}], f"full, {reduction}", r(2, 3), counts)
        f.case(["PoissonNLLLoss", {**option, "logInput": False}], f"rates, {reduction}", r(2, 3, **rates), counts)
    f.case(["PoissonNLLLoss", {"logInput": False, "full": True, "eps": 0.1}], "rates, full, eps", r(2, 3, **rates), counts)
    f.case(["PoissonNLLLoss"], "counts that want gradients", r(2, 3), r(2, 3, **rates))
    f.case(["PoissonNLLLoss", {"full": True}], "counts that want gradients, full", r(2, 3), r(2, 3, lo=0.2, hi=5))
    f.case(["PoissonNLLLoss", {"logInput": False, "reduction": "none"}], "a rate of 0", t([0, 0]), t([0, 2], grad=False), check=False)


def gaussian(f):
    variances = dict(lo=0.2, hi=2)
    for reduction in ("mean", "sum", "none"):
        option = {"reduction": reduction}
        f.case(["GaussianNLLLoss", option], reduction, r(3, 4), r(3, 4), r(3, 4, **variances))
        f.case(["GaussianNLLLoss", {**option, "full": True}], f"full, {reduction}", r(3, 4), r(3, 4), r(3, 4, **variances))
        f.case(["GaussianNLLLoss", option], f"a variance for each sample, {reduction}", r(3, 4), r(3, 4), r(3, 1, **variances))
        f.case(["GaussianNLLLoss", option], f"a variance for each row, {reduction}", r(3, 4), r(3, 4), r(3, **variances))
    f.case(["GaussianNLLLoss"], "a variance for all channels", r(2, 3, 2, 2), r(2, 3, 2, 2), r(2, 1, 2, 2, **variances))
    f.case(["GaussianNLLLoss"], "one variance for a vector", r(4), r(4), r(**variances))
    f.case(["GaussianNLLLoss", {"full": True}], "a number for a variance", r(4), r(4), 0.5)
    f.case(["GaussianNLLLoss"], "a number below eps for a variance", r(4), r(4), 1e-9, check=False)
    f.case(["GaussianNLLLoss"], "targets that broadcast", r(3, 4), r(3, 1), r(3, 4, **variances))
    f.case(["GaussianNLLLoss", {"eps": 0.5, "reduction": "none"}], "variances below eps", r(4), r(4), t([0, 0.1, 0.5, 0.7]))
