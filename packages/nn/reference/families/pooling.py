from modules import Modules
from vectors import distinct


def cases():
    f = Modules("pooling")
    f.case(["MaxPool2d", 2], "2x2", distinct(2, 2, 5, 4, step=0.03))
    f.case(["MaxPool2d", 3, {"stride": 2, "padding": 1, "ceilMode": True}], "overlapping, ceil mode", distinct(1, 2, 6, 6, step=0.03))
    f.save()
