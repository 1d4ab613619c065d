from modules import Modules
from vectors import r, t

INF = float("inf")


def cases():
    f = Modules("multihead-attention")
    kind = ["MultiheadAttention", 4, 2]
    f.case(kind, "one sequence", *[(3, 2, 4)] * 3)
    f.case(kind, "two sequences", (3, 2, 4), (4, 2, 4), (4, 2, 4))
    f.case(kind, "no batch", (3, 4), (4, 4), (4, 4))
    f.case([*kind, {"batchFirst": True}], "batch first", (2, 3, 4), (2, 4, 4), (2, 4, 4))
    f.case([*kind, {"batchFirst": True}], "batch first, without one", (3, 4), (4, 4), (4, 4))
    f.case([*kind, {"bias": False}], "no bias", (2, 2, 4), (3, 2, 4), (3, 2, 4))
    f.case([*kind, {"kdim": 3, "vdim": 5}], "keys and values of other sizes", (2, 2, 4), (3, 2, 3), (3, 2, 5))
    f.case([*kind, {"kdim": 3, "bias": False, "addBiasKv": True}], "other keys, no bias, an added key", (2, 2, 4), (3, 2, 3), (3, 2, 4))
    f.case([*kind, {"addBiasKv": True}], "an added key", (2, 2, 4), (3, 2, 4), (3, 2, 4))
    f.case([*kind, {"addZeroAttn": True}], "an added key of zeros", (2, 2, 4), (3, 2, 4), (3, 2, 4))
    f.case([*kind, {"dropout": 0.5}], "eval keeps every weight", (2, 2, 4), (3, 2, 4), (3, 2, 4), modes="e")
    f.case(kind, "the weights of each head", (2, 2, 4), (3, 2, 4), (3, 2, 4), named={"averageAttnWeights": False})
    f.case(kind, "the weights of each head, no batch", (2, 4), (3, 4), (3, 4), named={"averageAttnWeights": False})

    def masked(name, options, *inputs, weights=(True, False), **masks):
        """By default with the weights and without: two ways to compute it."""
        for need in weights:
            named = {**masks, "needWeights": need}
            f.case([*kind, options] if options else kind, name if need else f"{name}, no weights", *inputs, named=named)

    padding = t([[0, 0, 1], [0, 1, 1]], "bool")
    causal = [[0, 1, 1], [0, 0, 1], [0, 0, 0]]
    infinite = [[-INF if each else 0 for each in row] for row in causal]
    masked("padding", None, (2, 2, 4), (3, 2, 4), (3, 2, 4), keyPaddingMask=padding)
    masked("padding of one sequence", None, (2, 4), (3, 4), (3, 4), weights=[False], keyPaddingMask=t([0, 1, 0], "bool"))
    masked("padding in numbers", None, (2, 2, 4), (3, 2, 4), (3, 2, 4), weights=[True], keyPaddingMask=r(2, 3))
    masked("a mask", None, (2, 2, 4), (3, 2, 4), (3, 2, 4), weights=[True], attnMask=t([[0, 1, 1], [1, 0, 0]], "bool"))
    masked("a mask in numbers", None, (2, 2, 4), (3, 2, 4), (3, 2, 4), weights=[False], attnMask=r(2, 3))
    each = [[[0, 1], [k % 2, 0]] for k in range(4)]
    masked("a mask for each head", None, *[(2, 2, 4)] * 3, weights=[False], attnMask=t(each, "bool"))
    masked("a mask for each head, no batch", None, (2, 4), (3, 4), (3, 4), weights=[True], attnMask=r(2, 2, 3))
    masked("a mask and padding", {"batchFirst": True}, *[(2, 3, 4)] * 3, attnMask=t(causal, "bool"), keyPaddingMask=padding)
    masked("a mask and padding, one in numbers", None, *[(3, 2, 4)] * 3, weights=[True], attnMask=t(infinite, grad=False), keyPaddingMask=padding)
    added = {"addBiasKv": True, "addZeroAttn": True, "batchFirst": True}
    masked("masks where there are added keys", added, *[(2, 3, 4)] * 3, attnMask=t(causal, "bool"), keyPaddingMask=padding)
    masked("causal", None, *[(3, 2, 4)] * 3, attnMask=t(causal, "bool"), isCausal=True)
    nothing = t([[0, 0, 1], [1, 1, 1]], "bool")
    masked("a sample of nothing but padding", None, (2, 2, 4), (3, 2, 4), (3, 2, 4), keyPaddingMask=nothing)
    f.save()
