from modules import Modules


def cases():
    f = Modules("parametrizations")
    linear = ["Linear", 3, 4]
    f.case(["weightNorm", linear], "a linear layer", (2, 3), modes="te")
    f.case(["weightNorm", linear, {"dim": 1}], "a norm for each input", (2, 3))
    f.case(["weightNorm", linear, {"dim": None}], "one norm", (2, 3))
    f.case(["weightNorm", linear, {"name": "bias"}], "a vector, each number by itself", (2, 3))
    f.case(["weightNorm", ["Conv2d", 2, 3, 2, {"bias": False}]], "a convolution", (1, 2, 3, 3))
    f.case(["weightNorm", ["Conv2d", 2, 3, 2], {"dim": 2}], "a norm for each row of the kernel", (1, 2, 3, 3))
    f.case(["weightNorm", ["weightNorm", linear], {"name": "bias", "dim": None}], "two parameters", (2, 3))
    f.case(["Sequential", ["weightNorm", linear], ["ReLU"], ["Linear", 4, 2]], "inside of a model", (2, 3))

    f.case(["spectralNorm", linear], "train twice, then eval", (2, 3), modes="tte")
    f.case(["spectralNorm", linear, {"nPowerIterations": 3, "dim": 1}], "three steps, the other dimension", (2, 3), modes="te")
    f.case(["spectralNorm", linear, {"dim": -2, "eps": 0.5}], "another eps", (2, 3), modes="et")
    f.case(["spectralNorm", linear, {"name": "bias"}], "a vector", (2, 3))
    f.case(["spectralNorm", ["Conv2d", 2, 3, 2]], "a convolution", (1, 2, 3, 3), modes="te")
    f.case(["spectralNorm", ["Conv2d", 2, 3, 2], {"dim": 1}], "a convolution by its inputs", (1, 2, 3, 3), modes="te")
    f.case(["spectralNorm", ["Conv1d", 2, 3, 3, {"padding": "same", "paddingMode": "circular"}]], "a convolution that needs its sizes", (1, 2, 4), modes="tt")
    f.case(["spectralNorm", ["ConvTranspose1d", 2, 3, 2]], "a transposed convolution", (1, 2, 3), modes="te")
    f.case(["spectralNorm", ["weightNorm", linear]], "one after the other", (2, 3), modes="te")
    f.save()
