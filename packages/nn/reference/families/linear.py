from modules import Modules


def cases():
    f = Modules("linear")
    f.case(["Linear", 5, 3], "with a bias", (4, 5))
    f.case(["Linear", 5, 3, {"bias": False}], "without", (4, 5))
    f.case(["Linear", 4, 2], "a batch of sequences", (2, 3, 4))
    f.case(["Linear", 4, 2], "a vector", (4,))
    f.save()
