from modules import Modules
from vectors import i


def cases():
    f = Modules("linear")
    f.case(["Linear", 5, 3], "with a bias", (4, 5))
    f.case(["Linear", 5, 3, {"bias": False}], "without", (4, 5))
    f.case(["Linear", 4, 2], "a batch of sequences", (2, 3, 4))
    f.case(["Linear", 4, 2], "a vector", (4,))
    f.case(["Identity"], "floats", (2, 3))
    f.case(["Identity", 54, {"unused": True}], "whatever it is made with", i(2, 2))
    f.case(["Bilinear", 3, 4, 2], "with a bias", (5, 3), (5, 4))
    f.case(["Bilinear", 3, 2, 4, {"bias": False}], "without", (2, 3), (2, 2))
    f.case(["Bilinear", 2, 3, 2], "a batch of sequences", (2, 3, 2), (2, 3, 3))
    f.case(["Bilinear", 2, 3, 2], "vectors", (2,), (3,))
    f.case(["bilinear"], "a weight from elsewhere", (3, 2), (3, 2), (2, 2, 2), (2,))
    f.save()
