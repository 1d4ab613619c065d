from modules import Modules

SHAPES = {
    "Dropout": (3, 4),
    "Dropout1d": (2, 3, 2),
    "Dropout2d": (2, 2, 1, 2),
    "Dropout3d": (1, 2, 1, 2, 2),
    "AlphaDropout": (3, 4),
    "FeatureAlphaDropout": (2, 3, 2),
}


def cases():
    f = Modules("dropout")
    for name, shape in SHAPES.items():
        f.case([name, 0.5], "eval keeps everything", shape, modes="e")
        f.case([name, 0], "nothing to drop", shape)
        f.case([name, 1], "everything dropped", shape, modes="te")
    f.case(["alphaDropout", {"p": 0.5}], "does not drop by default", (4,))
    f.case(["featureAlphaDropout", {"p": 0.5}], "does not drop by default", (2, 2))
    f.save()
