from modules import Modules
from vectors import b, r, t

INF = float("inf")


def cases():
    f = Modules("attention")
    f.case(["scaledDotProductAttention"], "two sequences", (2, 3, 4), (2, 5, 4), (2, 5, 3))
    f.case(["scaledDotProductAttention"], "no batch", (2, 3), (4, 3), (4, 2))
    f.case(["scaledDotProductAttention"], "heads; key and value broadcast", (2, 2, 2, 3), (2, 1, 3, 3), (3, 2))
    f.case(["scaledDotProductAttention"], "nothing to attend to", (2, 3), (0, 3), (0, 2))
    f.case(["scaledDotProductAttention", {"scale": 0.3}], "another scale", (2, 3), (4, 3), (4, 2))
    f.case(["scaledDotProductAttention", {"isCausal": True}], "causal", (2, 4, 3), (2, 4, 3), (2, 4, 2))
    f.case(["scaledDotProductAttention", {"isCausal": True}], "causal, more keys", (3, 3), (5, 3), (5, 2))
    f.case(["scaledDotProductAttention", {"isCausal": True}], "causal, more queries", (5, 3), (3, 3), (3, 2))
    f.case(["scaledDotProductAttention", {"enableGqa": True}], "heads of queries share keys", (2, 4, 3, 2), (2, 2, 3, 2), (2, 2, 3, 2))
    f.case(["scaledDotProductAttention", {"enableGqa": True, "isCausal": True}], "the same, causal", (4, 3, 2), (1, 3, 2), (1, 3, 2))
    grouped = {"attnMask": r(4, 2, 3), "enableGqa": True}
    f.case(["scaledDotProductAttention"], "the same, a mask for each head", (4, 2, 2), (2, 3, 2), (2, 3, 2), named=grouped)
    f.case(["scaledDotProductAttention"], "a mask of booleans", (2, 3, 4), (2, 5, 4), (2, 5, 3), named={"attnMask": b(3, 5)})
    f.case(["scaledDotProductAttention"], "a mask for each sample", (2, 2, 2, 3), (2, 2, 4, 3), (2, 2, 4, 2), named={"attnMask": b(2, 1, 1, 4)})
    f.case(["scaledDotProductAttention"], "a mask of numbers, with a gradient", (2, 3, 4), (2, 5, 4), (2, 5, 3), named={"attnMask": r(2, 1, 5)})
    nobody = [[1, 0, 1], [0, 0, 0]]
    added = [[0.5, -INF, 0], [-INF, -INF, -INF]]
    f.case(["scaledDotProductAttention"], "a query that may attend to nothing", (2, 4), (3, 4), (3, 3), named={"attnMask": t(nobody, "bool")})
    f.case(["scaledDotProductAttention"], "the same in numbers", (2, 4), (3, 4), (3, 3), named={"attnMask": t(added)})
    far = [[60.0, -50], [-40, 70], [0.5, 80]]
    f.case(["scaledDotProductAttention", {"scale": 1.0}], "large scores", t(far), t(far), t([[1.0], [2], [3]]), check=False)
    f.save()
