from modules import Modules


def cases():
    f = Modules("dropout")
    f.case(["Dropout", 0.5], "eval keeps everything", (3, 4), modes="e")
    f.case(["Dropout", 0], "nothing to drop", (3, 4), modes="t")
    f.save()
