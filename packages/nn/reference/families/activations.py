from modules import Modules


def cases():
    f = Modules("activations")
    f.case(["ReLU"], "values", (3, 5))
    f.save()
