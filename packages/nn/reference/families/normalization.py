from modules import Modules


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
    f.save()
