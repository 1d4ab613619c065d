from modules import Modules


def cases():
    f = Modules("convolution")
    f.case(["Conv1d", 2, 3, 3], "plain", (2, 2, 6))
    f.case(["Conv1d", 2, 3, [3], {"padding": [1], "stride": [2]}], "stride and padding, lists of one", (2, 2, 7))
    f.case(["Conv1d", 4, 2, 2, {"padding": 2, "dilation": 3, "groups": 2, "bias": False}], "dilation, groups, no bias", (1, 4, 6))
    f.case(["Conv1d", 2, 2, 4, {"padding": "same", "dilation": 3}], "same padding, more at the end", (1, 2, 5))
    f.case(["Conv1d", 1, 2, 3, {"padding": "valid"}], "valid padding, unbatched", (1, 5))
    f.case(["Conv2d", 2, 3, 3], "plain", (2, 2, 5, 6))
    f.case(["Conv2d", 2, 3, 3, {"padding": 1, "stride": 2}], "stride and padding", (2, 2, 6, 7))
    f.case(["Conv2d", 4, 4, [3, 2], {"padding": [1, 0], "dilation": [1, 2], "groups": 2, "bias": False}], "unequal options, groups, no bias", (1, 4, 5, 6))
    f.case(["Conv2d", 3, 6, 3, {"groups": 3, "padding": "same"}], "depthwise, same padding", (1, 3, 5, 4))
    f.case(["Conv2d", 2, 2, 3, {"padding": 1}], "unbatched", (2, 4, 5))
    f.case(["Conv3d", 2, 2, 2], "plain", (1, 2, 3, 3, 2))
    f.case(["Conv3d", 2, 4, [2, 1, 3], {"stride": [1, 2, 1], "padding": [1, 0, 2], "dilation": [2, 1, 2], "groups": 2}], "unequal options, groups", (1, 2, 3, 3, 3))
    f.case(["Conv3d", 1, 1, [2, 3, 2], {"padding": "same", "bias": False}], "same padding, unbatched", (1, 2, 2, 3))
    for mode in ("reflect", "replicate", "circular"):
        option = {"paddingMode": mode}
        f.case(["Conv1d", 1, 2, 3, {"padding": 2, **option}], f"{mode} padding", (2, 1, 5))
        f.case(["Conv1d", 1, 1, 4, {"padding": "same", "dilation": 1, **option}], f"{mode} padding, same, more at the end", (1, 1, 5))
        f.case(["Conv2d", 1, 2, 3, {"padding": [1, 2], **option}], f"{mode} padding", (1, 1, 4, 5))
        f.case(["Conv2d", 1, 1, [2, 3], {"padding": "same", **option}], f"{mode} padding, same, unbatched", (1, 3, 4))
        f.case(["Conv2d", 1, 1, 2, {"padding": "valid", **option}], f"{mode} padding of none", (1, 1, 3, 3))
        f.case(["Conv3d", 1, 1, 2, {"padding": [1, 0, 2], **option}], f"{mode} padding", (1, 1, 2, 2, 3))

    f.case(["ConvTranspose1d", 2, 3, 3], "plain", (2, 2, 4))
    f.case(["ConvTranspose1d", 2, 4, 3, {"stride": 3, "padding": 1, "outputPadding": 2, "groups": 2}], "stride, padding, output padding, groups", (1, 2, 3))
    f.case(["ConvTranspose1d", 1, 2, [2], {"stride": [2], "dilation": [3], "bias": False}], "dilation, no bias, unbatched, lists of one", (1, 4))
    f.case(["ConvTranspose1d", 1, 1, 3, {"stride": 2}], "an output size", (1, 1, 3), named={"outputSize": [8]})
    f.case(["ConvTranspose2d", 2, 3, 3], "plain", (1, 2, 3, 2))
    f.case(
        ["ConvTranspose2d", 4, 2, [3, 2], {"stride": [2, 1], "padding": [1, 0], "outputPadding": [1, 0], "dilation": [1, 2], "groups": 2}],
        "unequal options, groups",
        (1, 4, 3, 2),
    )
    f.case(["ConvTranspose2d", 1, 2, 2, {"stride": 2, "bias": False}], "doubling, no bias, unbatched", (1, 3, 2))
    f.case(["ConvTranspose2d", 1, 1, 2, {"dilation": 3, "outputPadding": 2}], "output padding below the dilation", (1, 1, 2, 2))
    f.case(["ConvTranspose2d", 1, 1, 3, {"stride": 2, "padding": 1, "outputPadding": 1}], "an output size for the output padding", (1, 1, 3, 3), named={"outputSize": [5, 6]})
    f.case(["ConvTranspose2d", 1, 2, 3, {"stride": [2, 3]}], "an output shape", (1, 1, 2, 2), named={"outputSize": [1, 1, 6, 8]})
    f.case(["ConvTranspose2d", 1, 2, 3, {"stride": [2, 3]}], "an output shape, unbatched", (1, 2, 2), named={"outputSize": [1, 5, 6]})
    f.case(["ConvTranspose3d", 2, 2, 2], "plain", (1, 2, 2, 1, 2))
    f.case(
        ["ConvTranspose3d", 2, 2, [2, 1, 3], {"stride": [2, 3, 1], "padding": [1, 0, 1], "outputPadding": [0, 2, 1], "dilation": [1, 1, 2], "groups": 2}],
        "unequal options, groups",
        (1, 2, 2, 2, 2),
    )
    f.case(["ConvTranspose3d", 1, 1, 2, {"stride": 2, "bias": False}], "an output size, no bias, unbatched", (1, 1, 2, 2), named={"outputSize": [3, 4, 5]})
    f.save()
