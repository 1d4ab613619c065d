from modules import Modules


def cases():
    f = Modules("containers")
    perceptron = ["Sequential", ["Linear", 4, 6], ["BatchNorm1d", 6], ["ReLU"], ["Linear", 6, 3]]
    f.case(perceptron, "a perceptron with batch-norm", (7, 4), modes="te")
    network = ["Sequential", ["Conv2d", 1, 3, 3, {"padding": 1}], ["ReLU"], ["MaxPool2d", 2], ["Flatten"], ["Linear", 12, 3]]
    f.case(network, "a small network", (2, 1, 4, 4))
    f.save()
