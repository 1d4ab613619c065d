from modules import Modules
from vectors import r


def cases():
    f = Modules("normalization")
    f.case(["BatchNorm1d", 3], "train twice, then eval", (6, 3), modes="tte")
    f.case(["BatchNorm1d", 3, {"momentum": 0.3, "eps": 0.01}], "sequences, other options", (4, 3, 5), modes="tte")
    f.case(["BatchNorm1d", 3, {"momentum": None}], "cumulative average", (5, 3), modes="ttte")
    f.case(["BatchNorm1d", 3, {"affine": False}], "without weights", (5, 3), modes="te")
    f.case(["BatchNorm1d", 3, {"trackRunningStats": False}], "without running statistics eval uses the batch", (5, 3), modes="te")
    f.case(["BatchNorm2d", 3], "train twice, then eval", (3, 3, 4, 2), modes="tte")
    f.case(["BatchNorm2d", 2, {"momentum": None, "eps": 0.001}], "cumulative average", (2, 2, 3, 3), modes="tte")
    f.case(["BatchNorm2d", 2, {"affine": False}], "without weights", (2, 2, 3, 3), modes="te")
    f.case(["BatchNorm2d", 2, {"trackRunningStats": False}], "without running statistics", (2, 2, 3, 3), modes="te")
    f.case(["BatchNorm2d", 2], "eval from the start", (1, 2, 2, 2), modes="e")
    f.case(["BatchNorm3d", 2], "train twice, then eval", (2, 2, 2, 2, 3), modes="tte")
    f.case(["BatchNorm3d", 2, {"affine": False, "momentum": 0.5, "trackRunningStats": False}], "without anything", (2, 2, 2, 1, 3), modes="te")

    for d, size in ((1, (5,)), (2, (3, 2)), (3, (2, 1, 3))):
        name = f"InstanceNorm{d}d"
        f.case([name, 3], "plain", (2, 3, *size), modes="te")
        f.case([name, 2, {"affine": True, "eps": 0.01}], "with weights", (2, 2, *size))
        f.case([name, 2, {"affine": True, "bias": False}], "unbatched, no bias", (2, *size))
        f.case([name, 2, {"affine": True, "trackRunningStats": True}], "train twice, then eval", (3, 2, *size), modes="tte")
    f.case(["InstanceNorm1d", 2, {"momentum": None, "trackRunningStats": True}], "no momentum: running statistics stay", (2, 2, 4), modes="te")
    f.case(["InstanceNorm2d", 2, {"momentum": 0.4, "trackRunningStats": True}], "unbatched, tracked", (2, 3, 2), modes="te")

    statistics = {"runningMean": r(3, grad=False), "runningVar": r(3, lo=0.5, hi=1.5, grad=False)}
    affine = {"weight": r(3), "bias": r(3)}
    f.case(["batchNorm", {"eps": 0.1}], "by running statistics", (2, 3, 2), *statistics.values(), named=affine)
    f.case(["batchNorm", {"training": True, "momentum": 0.3}], "by the batch", (4, 3), *statistics.values(), named={"weight": r(3)})
    f.case(["batchNorm", {"training": True}], "nothing but the batch", (4, 3), None, None)
    f.case(["instanceNorm", {"eps": 0.1}], "by its own", (2, 3, 4), named=affine)
    f.case(["instanceNorm", {"useInputStats": False}], "by running statistics", (2, 3, 4), named={**statistics, **affine})
    f.save()
