from modules import Modules
from vectors import r, t

EVERY = ("mean", "sum", "none")


def cases():
    f = Modules("embedding-losses", 1e-6, "distances and cosines around 1: they and their gradients are differences of terms around 1")
    signs = t([1, -1, -1, 1, -1], grad=False)
    for reduction in EVERY:
        option = {"reduction": reduction}
        f.case(["HingeEmbeddingLoss", option], reduction, r(5), signs)
        f.case(["HingeEmbeddingLoss", {**option, "margin": 0.5}], f"margin, {reduction}", r(5), signs)
        f.case(["MarginRankingLoss", option], reduction, r(5), r(5), signs)
        f.case(["MarginRankingLoss", {**option, "margin": 0.7}], f"margin, {reduction}", r(5), r(5), signs)
        f.case(["CosineEmbeddingLoss", option], reduction, r(5, 3), r(5, 3), signs)
        f.case(["CosineEmbeddingLoss", {**option, "margin": 0.2}], f"margin, {reduction}", r(5, 3), r(5, 3), signs)
    f.case(["HingeEmbeddingLoss"], "a matrix", r(2, 3), t([[1, -1, 1], [-1, -1, 1]], grad=False))
    f.case(["HingeEmbeddingLoss", {"reduction": "none"}], "targets that are neither", t([0.5, 1.5, -1]), t([0, 3, 0.5], grad=False))
    f.case(["HingeEmbeddingLoss", {"reduction": "none"}], "exactly at the margin", t([1.0, 1]), t([-1, 1], grad=False))
    f.case(["HingeEmbeddingLoss"], "targets that are integers", r(3), t([1, -1, -1], "int32"))
    f.case(["MarginRankingLoss", {"reduction": "none"}], "inputs that broadcast", r(2, 1), r(1, 3), t([[1, -1, 1], [-1, -1, 1]], grad=False))
    f.case(["MarginRankingLoss", {"reduction": "none"}], "exactly at the margin", t([1.0, 1]), t([1.0, 1]), t([-1, 1], grad=False))
    f.case(["MarginRankingLoss"], "scalars", r(), r(), t(1, grad=False))
    f.case(["MarginRankingLoss", {"margin": 3}], "targets that want gradients", r(3), r(3), r(3))
    f.case(["CosineEmbeddingLoss"], "unbatched, alike", r(3), r(3), t(1, grad=False))
    f.case(["CosineEmbeddingLoss", {"margin": -0.5}], "unbatched, different", r(3), r(3), t(-1, grad=False))
    f.case(["CosineEmbeddingLoss", {"reduction": "none"}], "vectors of 0", t([[0.0, 0], [1, 2], [0, 0]]), t([[1.0, 1], [0, 0], [0, 0]]), t([1, -1, -1], grad=False), check=False)
    f.case(["CosineEmbeddingLoss", {"reduction": "none"}], "targets that are neither", r(2, 3), r(2, 3), t([0, 2], "int32"))
    triplets(f)
    distances(f)
    f.save()


def triplets(f):
    vectors = [r(4, 3) for _ in range(3)]
    for kind in ("TripletMarginLoss", "TripletMarginWithDistanceLoss"):
        for reduction in EVERY:
            f.case([kind, {"reduction": reduction}], reduction, *vectors)
            f.case([kind, {"reduction": reduction, "swap": True, "margin": 2.5}], f"swap, margin, {reduction}", *vectors)
        f.case([kind], "unbatched", r(3), r(3), r(3))
        f.case([kind, {"reduction": "none"}], "sequences", r(2, 3, 2), r(2, 3, 2), r(2, 3, 2))
        f.case([kind, {"reduction": "none", "margin": 2}], "others that broadcast", r(3, 2), r(1, 2), r(1, 2))
    same = t([[1.0, 1], [0, 0]])
    f.case(["TripletMarginLoss", {"reduction": "none"}], "a distance of 0", same, same, t([[-1.0, 1], [0, 0]]), check=False)
    f.case(["TripletMarginLoss", {"reduction": "none", "eps": 0}], "a distance of 0, without eps", same, same, t([[-1.0, 1.5], [0, 0]]))
    for p in (1, 3, 0.5):
        f.case(["TripletMarginLoss", {"p": p, "margin": 2}], f"p {p}", *[r(3, 3) for _ in range(3)])


def distances(f):
    f.case(["PairwiseDistance"], "defaults", r(3, 4), r(3, 4))
    f.case(["PairwiseDistance", {"keepdim": True, "eps": 0.1}], "eps, keepdim", r(3, 4), r(3, 4))
    for p in (1, 3, 1.5, 0.5, 0, -1, "Infinity", "-Infinity"):
        f.case(["PairwiseDistance", {"p": p}], f"p {p}", r(3, 4), r(3, 4))
    f.case(["PairwiseDistance"], "unbatched", r(4), r(4))
    f.case(["PairwiseDistance", {"keepdim": True}], "unbatched, keepdim", r(4), r(4))
    f.case(["PairwiseDistance"], "one for all", r(3, 4), r(4))
    f.case(["PairwiseDistance"], "each with each", r(3, 1, 2), r(1, 2, 2))
    f.case(["PairwiseDistance", {"eps": 0}], "a distance of 0", t([[1.0, 2], [0, 1]]), t([[1.0, 2], [1, 0]]))
    f.case(["CosineSimilarity"], "defaults", r(3, 4), r(3, 4))
    f.case(["CosineSimilarity", {"dim": -1}], "the last dimension", r(2, 3, 4), r(2, 3, 4))
    f.case(["CosineSimilarity", {"dim": 0}], "the first dimension", r(3, 4), r(3, 4))
    f.case(["CosineSimilarity", {"dim": 0}], "unbatched", r(4), r(4))
    f.case(["CosineSimilarity", {"dim": -1}], "each with each", r(3, 1, 2), r(2, 2))
    f.case(["CosineSimilarity", {"dim": 0}], "numbers that are vectors of one", r(3), r(2, 3))
    f.case(["CosineSimilarity"], "images", r(2, 3, 2, 2), r(2, 3, 2, 2))
    f.case(["CosineSimilarity", {"eps": 4}], "a large eps", r(3, 3), r(3, 3))
    f.case(["CosineSimilarity"], "vectors of 0", t([[0.0, 0], [0, 0], [3, 4]]), t([[1.0, 1], [0, 0], [0, 0]]), check=False)
