import math

from modules import Modules
from vectors import distinct, r, t


def cases():
    f = Modules("pooling")
    image = lambda *shape: distinct(*shape, step=0.03)
    indices = {"returnIndices": True}
    f.case(["MaxPool1d", 2], "windows of 2", image(2, 2, 5))
    f.case(["MaxPool1d", 3, {"stride": 2, "padding": 1, "dilation": 2, "ceilMode": True}], "all options", image(1, 2, 8))
    f.case(["MaxPool1d", [3], {"stride": [1], **indices}], "indices, unbatched, lists of one", image(2, 5))
    f.case(["MaxPool2d", 2], "2x2", image(2, 2, 5, 4))
    f.case(["MaxPool2d", 3, {"stride": 2, "padding": 1, "ceilMode": True}], "overlapping, ceil mode", image(1, 2, 6, 6))
    f.case(["MaxPool2d", [2, 3], {"stride": [1, 2], "padding": [1, 0], "dilation": [2, 1], **indices}], "unequal options, indices", image(1, 2, 5, 6))
    f.case(["MaxPool2d", 2, indices], "indices, unbatched", image(2, 4, 4))
    f.case(["MaxPool2d", 2, indices], "the first of equals", t([[[[1.0, 1, 2, 0], [1, 1, 2, 2]]]]))
    f.case(["MaxPool2d", 3, {"padding": 1, "stride": 1, **indices}], "padding does not win over minus infinity", t([[[[-math.inf] * 3] * 2]]))
    f.case(["MaxPool3d", 2], "2x2x2", image(1, 2, 2, 4, 3))
    f.case(
        ["MaxPool3d", [2, 1, 3], {"stride": [1, 2, 1], "padding": [1, 0, 1], "dilation": [1, 3, 2], "ceilMode": True, **indices}],
        "all options",
        image(1, 1, 3, 4, 4),
    )
    f.case(["MaxPool3d", 2, indices], "indices, unbatched", image(1, 2, 3, 4))

    f.case(["AvgPool1d", 2], "windows of 2", (2, 2, 5))
    f.case(["AvgPool1d", 3, {"stride": 2, "padding": 1, "ceilMode": True}], "padding counts", (1, 2, 8))
    f.case(["AvgPool1d", [3], {"stride": [2], "padding": [1], "ceilMode": True, "countIncludePad": False}], "padding does not count, unbatched, lists of one", (2, 8))
    f.case(["AvgPool2d", 2], "2x2", (2, 2, 5, 4))
    f.case(["AvgPool2d", 3, {"stride": 2, "padding": 1, "ceilMode": True}], "overlapping, ceil mode", (1, 2, 6, 6))
    f.case(["AvgPool2d", [2, 3], {"stride": [1, 2], "padding": [1, 0], "countIncludePad": False}], "unequal options, padding does not count", (1, 2, 3, 6))
    f.case(["AvgPool2d", 2, {"ceilMode": True, "divisorOverride": 3}], "another divisor, unbatched", (2, 3, 4))
    f.case(["AvgPool3d", 2], "2x2x2", (1, 2, 2, 4, 3))
    f.case(
        ["AvgPool3d", [2, 1, 3], {"stride": [1, 2, 1], "padding": [1, 0, 1], "ceilMode": True, "countIncludePad": False}],
        "all options",
        (1, 1, 3, 4, 4),
    )
    f.case(["AvgPool3d", 2, {"divisorOverride": -1}], "another divisor, unbatched", (1, 2, 2, 4))

    for size, shape in ((1, (2, 3, 4)), (3, (1, 2, 7)), (3, (2, 6)), ([5], (1, 1, 3))):
        f.case(["AdaptiveAvgPool1d", size], f"{list(shape)} to {size}", shape)
        f.case(["AdaptiveMaxPool1d", size, indices], f"{list(shape)} to {size}, with indices", image(*shape))
    f.case(["AdaptiveMaxPool1d", 3], "values alone", image(1, 2, 7))
    for size, shape in ((1, (2, 3, 4, 2)), ([3, 4], (1, 2, 7, 5)), ([2, None], (2, 4, 3)), ([None, 3], (1, 1, 2, 5)), (4, (1, 1, 3, 2))):
        f.case(["AdaptiveAvgPool2d", size], f"{list(shape)} to {size}", shape)
        f.case(["AdaptiveMaxPool2d", size, indices], f"{list(shape)} to {size}, with indices", image(*shape))
    f.case(["AdaptiveMaxPool2d", [2, 3]], "values alone", image(1, 2, 5, 4))
    f.case(["AdaptiveMaxPool2d", [2, 3]], "the first of equals", t([[[[1.0, 1, 2, 2, 2], [1, 1, 2, 0, 2], [0, 0, -1, -1, 2]]]]))
    for size, shape in ((1, (1, 2, 2, 2, 3)), ([2, 1, 3], (1, 1, 3, 2, 4)), ([None, 2, 2], (1, 2, 3, 3))):
        f.case(["AdaptiveAvgPool3d", size], f"{list(shape)} to {size}", shape)
        f.case(["AdaptiveMaxPool3d", size, indices], f"{list(shape)} to {size}, with indices", image(*shape))

    positive = lambda *shape: r(*shape, lo=0.2, hi=2)
    f.case(["LPPool1d", 2, 3, {"stride": 2, "ceilMode": True}], "norm of 2, ceil mode", (1, 2, 6))
    f.case(["LPPool1d", 1.5, 2], "a fraction, unbatched", positive(2, 4))
    f.case(["LPPool2d", 2, 2], "norm of 2", (2, 1, 4, 2))
    f.case(["LPPool2d", 2, 2], "windows of zeros have no gradient", t([[[[0.0, 0, 1, -2], [0, 0, 3, 0]]]]))
    f.case(["LPPool2d", 1, [1, 2], {"stride": [2, 1]}], "sums", (1, 1, 3, 3))
    f.case(["LPPool2d", 3, [3, 2], {"stride": [2, 1], "ceilMode": True}], "cubes", positive(1, 1, 4, 4))
    f.case(["LPPool2d", 0.5, 2], "a root", positive(1, 2, 2))
    f.case(["LPPool3d", 2, [1, 2, 2]], "norm of 2", (1, 1, 2, 4, 2))
    for op, norm in (("largest", float("inf")), ("smallest", float("-inf"))):
        for rank, shape in ((1, (1, 2, 6)), (2, (1, 1, 4, 4)), (3, (1, 2, 2, 2, 2))):
            name = "Infinity" if norm > 0 else "-Infinity"
            f.case([f"LPPool{rank}d", name, 2], f"the {op} size", image(*shape))

    f.case(["MaxUnpool1d", 2], "windows of 2", (1, 2, 3), t([[[1, 2, 4], [0, 3, 5]]], "int32"))
    f.case(["MaxUnpool1d", [3], {"stride": [2], "padding": [1]}], "options, lists of one, an output size", (2, 3), t([[0, 2, 4], [1, 2, 5]], "int32"), named={"outputSize": [6]})
    f.case(["MaxUnpool2d", 2], "2x2", (1, 1, 1, 2), t([[[[5, 2]]]], "int32"))
    f.case(["MaxUnpool2d", 3, {"stride": 2}], "of those that meet the last stays", (1, 1, 2, 2), t([[[[12, 12], [12, 24]]]], "int32"))
    f.case(["MaxUnpool2d", 2], "an output shape", (1, 1, 1, 2), t([[[[5, 2]]]], "int32"), named={"outputSize": [1, 1, 3, 5]})
    f.case(["MaxUnpool3d", [1, 2, 2]], "unequal", (1, 2, 1, 2), t([[[[1, 2]], [[15, 10]]]], "int32"))
    f.save()
