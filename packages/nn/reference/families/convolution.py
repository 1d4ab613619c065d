from modules import Modules


def cases():
    f = Modules("convolution")
    f.case(["Conv2d", 2, 3, 3], "plain", (2, 2, 5, 6))
    f.case(["Conv2d", 2, 3, 3, {"padding": 1, "stride": 2}], "stride and padding", (2, 2, 6, 7))
    f.case(["Conv2d", 4, 4, [3, 2], {"padding": [1, 0], "dilation": [1, 2], "groups": 2, "bias": False}], "unequal options, groups, no bias", (1, 4, 5, 6))
    f.case(["Conv2d", 3, 6, 3, {"groups": 3, "padding": "same"}], "depthwise, same padding", (1, 3, 5, 4))
    f.case(["Conv2d", 2, 2, 3, {"padding": 1}], "unbatched", (2, 4, 5))
    for mode in ("reflect", "replicate", "circular"):
        f.case(["Conv2d", 1, 2, 3, {"padding": [1, 2], "paddingMode": mode}], f"{mode} padding", (1, 1, 4, 5))
    f.save()
