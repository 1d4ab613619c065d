from modules import Modules
from vectors import i, r, t


def cases():
    f = Modules("embedding")
    f.case(["Embedding", 6, 3], "a list", i(5, lo=0, hi=5))
    f.case(["Embedding", 6, 3], "sentences", i(2, 4, lo=0, hi=5))
    f.case(["Embedding", 6, 3], "one word", t(4, "int32"))
    f.case(["Embedding", 6, 3], "three dimensions", i(2, 2, 3, lo=0, hi=5))
    f.case(["Embedding", 6, 3], "no words", t([], "int32", shape=(0, 2)))
    f.case(["Embedding", 5, 2, {"paddingIdx": 1}], "padding", t([[0, 1, 3], [1, 4, 1]], "int32"))
    f.case(["Embedding", 5, 2, {"paddingIdx": -1}], "padding, counted from the end", t([4, 1, 4, 0], "int32"))
    f.case(["Embedding", 5, 2, {"scaleGradByFreq": True}], "gradients by frequency", t([[0, 1, 3], [1, 4, 1]], "int32"))
    f.case(["Embedding", 5, 2, {"scaleGradByFreq": True, "paddingIdx": 1}], "gradients by frequency, padding", t([2, 1, 2, 1, 1, 2, 0], "int32"))
    f.case(["Embedding", 6, 3, {"maxNorm": 0.7}], "norms up to 0.7", i(5, lo=0, hi=4), modes="tt")
    for order in (1, 3, "Infinity"):
        f.case(["Embedding", 6, 3, {"maxNorm": 0.7, "normType": order}], f"norms up to 0.7, of order {order}", i(5, lo=0, hi=4), modes="tt")
    f.case(["embedding", {"tensor": [[1.5, -2], [0.25, 3], [-1, 0.5]]}], "a function of constants", i(2, 3, lo=0, hi=2))
    f.case(["embedding"], "a function", i(5, lo=0, hi=3), r(4, 3))
    f.case(["embedding", {"paddingIdx": 2, "scaleGradByFreq": True}], "a function with options", t([0, 2, 3, 3, 2], "int32"), r(4, 3))

    words, offsets = t([1, 2, 4, 5, 4, 3, 2, 1], "int32"), t([0, 3, 3, 4], "int32")
    lines = t([[1, 2, 4], [4, 0, 4], [3, 3, 3]], "int32")
    for mode in ("sum", "mean", "max"):
        option = {"mode": mode}
        f.case(["EmbeddingBag", 6, 3, option], f"{mode} of lists, one empty", words, offsets)
        f.case(["EmbeddingBag", 6, 3, option], f"{mode} of lines", lines)
        f.case(["EmbeddingBag", 6, 3, option], f"{mode} of lists, the first and the last empty", words, t([0, 0, 5, 8], "int32"))
        f.case(["EmbeddingBag", 6, 3, {**option, "includeLastOffset": True}], f"{mode}, the last offset is an end", words, t([0, 3, 3, 8], "int32"))
        f.case(["EmbeddingBag", 6, 3, {**option, "paddingIdx": 3}], f"{mode} without the padding, of lists", words, t([0, 3, 3, 5, 6], "int32"))
        f.case(["EmbeddingBag", 6, 3, {**option, "paddingIdx": -3}], f"{mode} without the padding, of lines", lines)
        f.case(["EmbeddingBag", 6, 3, {**option, "maxNorm": 0.7}], f"{mode} of rows with norms up to 0.7", words, offsets)
        f.case(["EmbeddingBag", 6, 3, option], f"{mode} of no bags", t([], "int32", shape=(0,)), t([], "int32", shape=(0,)))
        f.case(["EmbeddingBag", 6, 3, option], f"{mode} of one empty bag", t([], "int32", shape=(0,)), t([0], "int32"))
    # Each row twice: PyTorch's count is wrong where counts differ.
    twice = t([0, 3, 1, 3, 0, 1], "int32")
    for mode in ("sum", "mean"):
        f.case(["EmbeddingBag", 4, 3, {"mode": mode, "scaleGradByFreq": True}], f"{mode}, gradients by frequency", twice, t([0, 2], "int32"))
    f.case(["EmbeddingBag", 6, 3, {"mode": "sum"}], "factors, of lists", words, offsets, named={"perSampleWeights": (8,)})
    f.case(["EmbeddingBag", 6, 3, {"mode": "sum"}], "factors, of lines", lines, None, named={"perSampleWeights": (3, 3)})
    f.case(["EmbeddingBag", 6, 3, {"mode": "sum", "paddingIdx": 4}], "factors, padding", words, offsets, named={"perSampleWeights": (8,)})
    f.case(["embeddingBag"], "a function", lines, r(6, 3))
    f.case(["embeddingBag"], "a function with options", words, r(6, 3), named={"offsets": offsets, "perSampleWeights": (8,), "mode": "sum", "paddingIdx": 4})
    f.save()
