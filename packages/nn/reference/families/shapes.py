from modules import Modules


def cases():
    f = Modules("shapes")
    f.case(["Flatten"], "from dimension 1", (2, 3, 2))
    f.case(["Flatten", {"startDim": 0, "endDim": 1}], "a range", (2, 3, 2))
    f.save()
