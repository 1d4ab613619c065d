from modules import Modules
from vectors import i, t


def cases():
    f = Modules("one-hot")
    f.case(["oneHot", 4], "of 4 classes", i(2, 3, lo=0, hi=3))
    f.case(["oneHot"], "as many classes as there are", t([0, 2, 1], "int32"))
    f.save()
