from modules import Modules


def cases():
    f = Modules("shapes", why="weighted sums of up to 16 terms around 1 that partly cancel: rounding is relative to the terms")
    f.case(["Flatten"], "from dimension 1", (2, 3, 2))
    f.case(["Flatten", {"startDim": 0, "endDim": 1}], "a range", (2, 3, 2))
    f.case(["Unflatten", 1, [2, 3]], "a dimension", (2, 6))
    f.case(["Unflatten", -1, [2, -1, 2]], "an inferred size", (2, 8))
    f.case(["PixelShuffle", 2], "a batch", (2, 8, 2, 3))
    f.case(["PixelShuffle", 3], "unbatched", (9, 1, 2))
    f.case(["PixelShuffle", 2], "more dimensions before", (2, 1, 4, 1, 2))
    f.case(["PixelUnshuffle", 2], "a batch", (2, 2, 4, 2))
    f.case(["PixelUnshuffle", 3], "unbatched", (1, 3, 6))
    f.case(["PixelUnshuffle", 1], "a factor of 1", (1, 2, 2, 2))
    for name, shape, options in (
        ("nearest by default", (1, 2, 2, 3), {"scaleFactor": 2}),
        ("nearest, unequal scales", (1, 2, 2, 3), {"scaleFactor": [1.5, 2]}),
        ("nearest, a size", (1, 1, 3, 2), {"size": [2, 5]}),
        ("nearest, sequences", (2, 2, 3), {"size": 5}),
        ("nearest, volumes", (1, 1, 2, 2, 2), {"scaleFactor": [1, 2, 1.5]}),
        ("nearest exact", (1, 1, 5, 4), {"size": [3, 6], "mode": "nearest-exact"}),
        ("linear", (1, 2, 3), {"scaleFactor": 2, "mode": "linear"}),
        ("linear, corners aligned", (1, 2, 3), {"size": 5, "mode": "linear", "alignCorners": True}),
        ("bilinear", (1, 2, 2, 3), {"scaleFactor": 2, "mode": "bilinear"}),
        ("bilinear, corners aligned", (1, 2, 2, 3), {"scaleFactor": 2, "mode": "bilinear", "alignCorners": True}),
        ("bilinear, a size", (1, 1, 4, 5), {"size": [6, 3], "mode": "bilinear"}),
        ("bilinear, a fractional scale", (1, 1, 3, 4), {"scaleFactor": 1.7, "mode": "bilinear"}),
        ("trilinear", (1, 1, 2, 2, 3), {"scaleFactor": 1.5, "mode": "trilinear"}),
        ("trilinear, corners aligned", (1, 1, 2, 2, 3), {"size": [3, 3, 4], "mode": "trilinear", "alignCorners": True}),
        ("bicubic", (1, 1, 3, 4), {"scaleFactor": 2, "mode": "bicubic"}),
        ("bicubic, corners aligned", (1, 1, 4, 3), {"size": [3, 5], "mode": "bicubic", "alignCorners": True}),
    ):
        f.case(["Upsample", options], name, shape)
    f.case(["interpolate", {"size": 4, "mode": "bilinear"}], "one size for both dimensions", (1, 1, 2, 3))
    f.case(["interpolate", {"scaleFactor": 0.5}], "smaller", (1, 2, 4, 5))
    f.save()
