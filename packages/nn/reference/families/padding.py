from modules import Modules

SHAPES = {1: (2, 2, 4), 2: (1, 2, 3, 4), 3: (1, 1, 2, 3, 2)}
SIDES = {1: [1, 2], 2: [2, 1, 0, 2], 3: [1, 0, 0, 2, 1, 1]}


def cases():
    f = Modules("padding", why="gradients are sums of a few numbers around 1")
    for kind in ("Zero", "Constant", "Reflection", "Replication", "Circular"):
        value = [1.5] if kind == "Constant" else []
        for d, shape in SHAPES.items():
            f.case([f"{kind}Pad{d}d", 1, *value], "all sides alike", shape)
            f.case([f"{kind}Pad{d}d", SIDES[d], *value], "unequal sides, unbatched", shape[1:])
    f.case(["ZeroPad2d", [-1, 1, 0, -1]], "crops", (1, 3, 4))
    f.case(["ConstantPad1d", [-1, 2], -3], "crops on one side", (1, 4))
    f.case(["ConstantPad2d", 1, 2.5], "a matrix alone", (2, 2))
    f.case(["ReplicationPad1d", [5, 0]], "wider than the input", (1, 2))
    f.case(["ReflectionPad1d", 0], "nothing", (1, 2))
    f.case(["pad", [1, 2]], "zeros by default", (2, 2))
    f.case(["pad", [1, 0, 0, 1], {"mode": "constant", "value": 7}], "a number", (2, 2))
    f.case(["pad", [1, 0], {"mode": "reflect"}], "mirrored", (2, 2))
    f.save()
