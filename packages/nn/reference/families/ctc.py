import math

import torch
from modules import Modules
from vectors import Input, r, t


def logs(steps, batch, classes):
    """Logarithms of probabilities that add up to 1, [T, N, C]."""
    generator = torch.Generator().manual_seed(steps * 100 + batch * 10 + classes)
    scores = torch.randn(steps, batch, classes, generator=generator, dtype=torch.float64).mul(1.5).log_softmax(2)
    return t(scores.tolist())


def cases():
    f = Modules("ctc", 2e-6, "probabilities of some steps: logarithms down to -20, and slopes that are differences of terms around 1")
    labels = t([[1, 2, 3], [2, 2, 1], [3, 1, 2]], "int32")
    steps, lengths = [7, 7, 7], [3, 3, 3]
    for reduction in ("mean", "sum", "none"):
        option = {"reduction": reduction}
        f.case(["CTCLoss", option], f"a batch, {reduction}", logs(7, 3, 4), labels, steps, lengths)
        f.case(["CTCLoss", option], f"fewer steps, fewer labels, {reduction}", logs(6, 3, 4), labels, [6, 4, 5], [3, 2, 1])
        f.case(["CTCLoss", option], f"one after the other, {reduction}", logs(6, 3, 4), t([1, 3, 2, 2, 3, 1], "int32"), [6, 5, 6], [2, 3, 1])
        f.case(["CTCLoss", option], f"a sample without labels, {reduction}", logs(4, 3, 4), labels, [4, 3, 4], [2, 0, 1])
        f.case(["CTCLoss", option], f"labels that do not fit, {reduction}", logs(4, 3, 4), labels, [4, 3, 2], [2, 3, 3])
        f.case(["CTCLoss", {**option, "zeroInfinity": True}], f"labels that do not fit count nothing, {reduction}", logs(4, 3, 4), labels, [4, 3, 2], [2, 3, 3])
    f.case(["CTCLoss", {"blank": 3}], "the last class is the blank", logs(6, 2, 4), t([[0, 1], [2, 2]], "int32"), [6, 5], [2, 2])
    f.case(["CTCLoss", {"blank": 1}], "a class in the middle is the blank", logs(6, 2, 4), t([[0, 2], [3, 3]], "int32"), [6, 5], [2, 2])
    f.case(["CTCLoss", {"reduction": "none"}], "the blank as a label", logs(5, 2, 3), t([[1, 0, 2], [0, 0, 1]], "int32"), [5, 5], [3, 3])
    f.case(["CTCLoss"], "lengths that are tensors", logs(5, 2, 3), t([[1, 2], [2, 1]], "int32"), t([5, 4], "int32"), t([2, 1], "int32"))
    f.case(["CTCLoss"], "one after the other, lengths that are tensors", logs(5, 2, 3), t([1, 2, 1], "int32"), t([5, 4], "int32"), t([2, 1], "int32"))
    f.case(["CTCLoss"], "what comes after the labels does not count", logs(4, 2, 3), t([[1, 77], [-9, -1]], "int32"), [4, 4], [1, 0])
    f.case(["CTCLoss", {"reduction": "none"}], "no labels at all", logs(3, 2, 3), t([], "int32", shape=(2, 0)), [3, 2], [0, 0])
    f.case(["CTCLoss", {"reduction": "none"}], "no steps", logs(3, 3, 3), t([[1], [1], [2]], "int32"), [3, 0, 0], [1, 0, 1])
    f.case(["CTCLoss", {"reduction": "none"}], "just enough steps", logs(5, 2, 3), t([[1, 1, 2], [1, 2, 1]], "int32"), [4, 3], [3, 3])
    f.case(["CTCLoss"], "one step", logs(1, 2, 3), t([[1], [2]], "int32"), [1, 1], [1, 1])
    for reduction in ("mean", "none"):
        f.case(["CTCLoss", {"reduction": reduction}], f"unbatched, {reduction}", flat(logs(5, 1, 4)), t([2, 2, 3], "int32"), t(5, "int32"), t(3, "int32"))
    f.case(["CTCLoss"], "numbers that are no logarithms of probabilities", r(5, 2, 3), t([[1, 2], [2, 2]], "int32"), [5, 5], [2, 2])
    impossible = [[[-math.inf, 0.0, -2.5]], [[0.0, -math.inf, -2.5]], [[-0.5, -1.0, -2.5]]]
    f.case(["CTCLoss"], "classes that cannot be", t(impossible, grad=False), t([[1]], "int32"), [3], [1])
    f.case(["CTCLoss"], "a longer one", logs(24, 1, 5), t([[1, 2, 2, 4, 3, 1, 1, 3]], "int32"), [24], [8])
    f.save()


def flat(each):
    """[T, C] of [T, 1, C]."""
    return Input((each.shape[0], each.shape[2]), None, values=each.values)
