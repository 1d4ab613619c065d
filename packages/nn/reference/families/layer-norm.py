from modules import Modules
from vectors import r


def cases():
    f = Modules("layer-norm")
    f.case(["LayerNorm", 5], "the last dimension", (3, 5))
    f.case(["LayerNorm", 5], "sequences, eval", (2, 3, 5), modes="te")
    f.case(["LayerNorm", 5], "a vector", (5,))
    f.case(["LayerNorm", [3, 4], {"eps": 0.1}], "two dimensions, another eps", (2, 3, 4))
    f.case(["LayerNorm", [2, 3, 2], {"bias": False}], "images, no bias", (2, 2, 3, 2))
    f.case(["LayerNorm", [4], {"elementwiseAffine": False}], "without weights", (2, 3, 4))
    # PyTorch computes what is 0 as a difference of rounded products, 316 times as large as its rounding.
    f.case(["LayerNorm", 1], "one number each", (3, 1), check=False)
    f.case(["LayerNorm", 3], "no samples", r(0, 3), backward=False)

    f.case(["GroupNorm", 2, 4], "images", (2, 4, 3, 2))
    f.case(["GroupNorm", 1, 4], "one group", (2, 4, 3), modes="te")
    f.case(["GroupNorm", 4, 4], "as many groups as channels", (2, 4, 5))
    f.case(["GroupNorm", 3, 6], "no dimension after the channels", (3, 6))
    f.case(["GroupNorm", 2, 4, {"affine": False, "eps": 0.1}], "without weights", (2, 4, 3))
    f.case(["GroupNorm", 2, 4, {"bias": False}], "no bias, volumes", (1, 4, 2, 1, 3))

    f.case(["RMSNorm", 5], "the last dimension", (3, 5))
    f.case(["RMSNorm", [2, 3], {"eps": 0.1}], "two dimensions", (2, 2, 3))
    f.case(["RMSNorm", 4, {"elementwiseAffine": False}], "without weights", (2, 3, 4))

    f.case(["LocalResponseNorm", 3], "sequences", (2, 5, 3))
    f.case(["LocalResponseNorm", 2, {"alpha": 0.5, "beta": 0.6, "k": 2}], "an even size, other options", (2, 4, 2, 2))
    f.case(["LocalResponseNorm", 5, {"alpha": 1}], "more than there are channels, volumes", (1, 3, 2, 1, 2))

    affine = {"weight": r(3), "bias": r(3)}
    f.case(["layerNorm", [3]], "with weights", (2, 3), named=affine)
    f.case(["layerNorm", [2, 2], {"eps": 0.1}], "without", (3, 2, 2))
    f.case(["rmsNorm", [3]], "with weights", (2, 3), named={"weight": r(3)})
    f.case(["groupNorm", 3], "with weights", (3, 3, 2), named=affine)
    f.case(["groupNorm", 2, {"eps": 0.1}], "without", (2, 4, 2))
    f.case(["localResponseNorm", 3, {"k": 0.5}], "sequences", (1, 4, 2))
    f.case(["normalize"], "plain", (3, 4))
    f.case(["normalize", {"p": 1, "dim": 0}], "another norm and dimension", (3, 4))
    f.case(["normalize", {"p": 3, "dim": [0, 2]}], "several dimensions", (2, 2, 3))
    f.case(["normalize", {"dim": 0, "eps": 4}], "a short vector", (3,))
    f.save()
