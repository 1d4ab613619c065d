"""Writes the reference vectors of every tensor op, made by PyTorch 2.13.0: `python3 packages/tensor/reference/generate.py`."""

import itertools
import math
import random
import warnings
from pathlib import Path

import torch
import torch.nn.functional as F

from vectors import Family, b, distinct, i, r, run_view, slice_, snake, t, torch_call

HERE = Path(__file__).parent
NAN, INF = math.nan, math.inf
T = [["permute", [1, 0]]]

# The numbers where float32 functions go wrong: signed zeros, the least subnormal, subnormals, the least normal, 1 and its neighbour,
# the overflow and underflow edges of exp, the largest finite number, infinities, NaN.
SPECIAL = [0.0, -0.0, 1e-45, -1e-45, 1e-40, -3e-39, 1.17549435e-38, 1.0, -1.0, 1.00000012, 0.5, -0.5, 1.5, -2.5, 1e-5, -1e-5, 9.5, -9.5]
SPECIAL += [16.5, -17.0, 87.0, 88.7, 89.0, -87.4, -100.0, -103.0, -104.5, 1e4, -1e4, 3.4028235e38, -3.4028235e38, INF, -INF, NAN]
CROSSED = [0.0, -0.0, 1.0, -1.0, 2.0, -3.0, 0.5, -2.5, 1e-40, 3.4028235e38, INF, -INF, NAN]
# One unit of the subnormal range: results below 1.2e-38 have fewer bits than a relative 1e-5 asks for.
SUBNORMAL = 3e-45


def creation():
    f = Family("creation", HERE)
    f.case("tensor", "nested lists", [], [[[1, 2.5, -3], [4, 5, 6]], {"dtype": "float32"}])
    f.case("tensor", "a scalar", [], [3.25, {"dtype": "float32"}])
    f.case("tensor", "integers", [], [[1, -2, 3], {"dtype": "int32"}])
    f.case("tensor", "bytes", [], [[0, 128, 255], {"dtype": "uint8"}])
    f.case("tensor", "booleans", [], [[[True], [False]], {"dtype": "bool"}])
    f.case("tensor", "nothing", [], [[], {"dtype": "float32"}])
    f.case("tensor", "float64", [], [[0.1, 1e300], {"dtype": "float64"}])
    for op in ("zeros", "ones"):
        f.case(op, "float32 by default", [], [[2, 3]])
        f.case(op, "a scalar", [], [[]])
        f.case(op, "no elements", [], [[0, 3]])
        f.case(op, "int32", [], [[4], {"dtype": "int32"}])
        f.case(op, "bool", [], [[2], {"dtype": "bool"}])
        f.case(op + "Like", "keeps shape and dtype", [i(2, 3)])
        f.case(op + "Like", "another dtype", [r(3, 2, view=T, grad=False)], [{"dtype": "int32"}])
    f.case("full", "float32", [], [[2, 3], 2.5, {"dtype": "float32"}])
    f.case("full", "int32", [], [[3], -7, {"dtype": "int32"}])
    f.case("full", "infinity", [], [[2], "-Infinity", {"dtype": "float32"}])
    f.case("full", "NaN", [], [[], "NaN", {"dtype": "float32"}])
    f.case("fullLike", "keeps dtype", [i(2, 2)], [5])
    f.case("fullLike", "float32", [r(2, 2, grad=False)], [0.1])
    f.case("arange", "end", [], [5, {"dtype": "float32"}])
    f.case("arange", "start and end", [], [2, 7, {"dtype": "int32"}])
    f.case("arange", "a step that does not divide", [], [1, 2.5, 0.4, {"dtype": "float32"}])
    f.case("arange", "downwards", [], [5, -2, -2, {"dtype": "int32"}])
    f.case("arange", "empty", [], [3, 3, 1, {"dtype": "float32"}])
    f.case("arange", "no rounding adds up", [], [0, 5, 0.1, {"dtype": "float32"}])
    f.case("linspace", "both ends", [], [-1, 2, 7])
    f.case("linspace", "one step", [], [3, 9, 1])
    f.case("linspace", "no steps", [], [3, 9, 0])
    f.case("linspace", "downwards", [], [1, 0, 11])
    f.case("eye", "square", [], [3])
    f.case("eye", "wide", [], [2, 4])
    f.case("eye", "tall, int32", [], [3, 2, {"dtype": "int32"}])
    f.case("eye", "nothing", [], [0])
    f.case("clone", "a copy", [r(2, 3)])
    f.case("clone", "a transposed view", [r(2, 3, view=T)])
    f.save()


def casts():
    f = Family("casts", HERE)
    to = lambda dtype: [dtype]
    f.case("to", "float32 to int32 truncates", [t([1.9, -1.9, 0.5, -0.5, 0, 16777216, -2147483648])], to("int32"), lambda x: x.to(torch.int32))
    f.case("to", "float32 to uint8", [t([0, 1.9, 254.7, 255])], to("uint8"), lambda x: x.to(torch.uint8))
    f.case("to", "float32 to bool", [t([0, -0.0, 1e-45, 0.5, -3, INF, NAN])], to("bool"), lambda x: x.to(torch.bool))
    f.case("to", "bool to float32", [b(2, 3)], to("float32"), lambda x: x.to(torch.float32))
    f.case("to", "bool to int32", [b(4)], to("int32"), lambda x: x.to(torch.int32))
    f.case("to", "int32 to uint8 wraps", [t([0, 255, 256, 300, -1, -256, 2147483647], "int32")], to("uint8"), lambda x: x.to(torch.uint8))
    f.case("to", "int32 to bool", [t([0, 1, -2, 256], "int32")], to("bool"), lambda x: x.to(torch.bool))
    f.case("to", "int32 to float32 rounds to even", [t([16777217, 16777219, -16777217, 2147483647], "int32")], to("float32"), lambda x: x.to(torch.float32))
    f.case("to", "uint8 to int32", [t([0, 127, 128, 255], "uint8")], to("int32"), lambda x: x.to(torch.int32))
    f.case("to", "the same dtype", [r(3)], to("float32"), lambda x: x.to(torch.float32))
    f.case("to", "float64 to float32 rounds", [t([0.1, 1e-46, 1e39, -1e300, NAN, 1.00000006], "float64")], to("float32"), lambda x: x.to(torch.float32))
    f.case("to", "float32 to float64 is exact", [r(2, 3)], to("float64"), lambda x: x.to(torch.float64))
    half = [1, 0.1, -0.33, 1.00048828125, 1.00146484375, 65504, 65519, 65520, 1e5, -1e5, 6e-5, 6.1e-5, 5.96e-8, 2.98e-8, 2.99e-8, -3e-7, 1e-9, 0, -0.0, INF, -INF, NAN, 2049, 2051]
    f.case("to", "float32 to float16 rounds to even, overflows and underflows", [t(half, grad=False)], to("float16"), lambda x: x.to(torch.float16), check=False, signed_zeros=True)
    f.case("to", "float16 to float32 is exact", [t(half, "float16", grad=False)], to("float32"), lambda x: x.to(torch.float32), signed_zeros=True)
    f.case("to", "int64 to int32", [t([5, -7, 2147483647], "int64")], to("int32"), lambda x: x.to(torch.int32), keep_int64=True)
    f.case("to", "int32 to int64", [t([5, -7, -2147483648], "int32")], to("int64"), lambda x: x.to(torch.int64), keep_int64=True)
    f.save()


UNARY = {
    # op: the interval its values are drawn from, the interval of the sweep (None: none), the largest special argument asked for
    "neg": (-3, 3, None, INF),
    "abs": (-3, 3, None, INF),
    "sign": (-3, 3, None, INF),
    "exp": (-4, 4, (-104, 89), INF),
    "exp2": (-4, 4, (-150, 129), INF),
    "expm1": (-4, 4, (-20, 89), INF),
    "log": (0.1, 4, (1e-38, 1e5), INF),
    "log2": (0.1, 4, (1e-38, 1e5), INF),
    "log10": (0.1, 4, (1e-38, 1e5), INF),
    "log1p": (-0.9, 4, (-0.999, 1e5), INF),
    "sqrt": (0.1, 4, (1e-30, 1e30), INF),
    "rsqrt": (0.1, 4, (1e-30, 1e30), INF),
    "square": (-3, 3, None, INF),
    "reciprocal": (0.3, 4, None, INF),
    "sin": (-6, 6, (-99000, 99000), 1e5),
    "cos": (-6, 6, (-99000, 99000), 1e5),
    "tan": (-1.4, 1.4, (-1000, 1000), 1e5),
    "asin": (-0.95, 0.95, (-1, 1), INF),
    "acos": (-0.95, 0.95, (-1, 1), INF),
    "atan": (-3, 3, (-50, 50), INF),
    "sinh": (-3, 3, (-88, 88), 88.5),
    "cosh": (-3, 3, (-88, 88), 88.5),
    "tanh": (-3, 3, (-10, 10), INF),
    "sigmoid": (-4, 4, (-104, 20), INF),
    "erf": (-2.5, 2.5, (-4.2, 4.2), INF),
    "floor": (-5, 5, None, INF),
    "ceil": (-5, 5, None, INF),
    "round": (-5, 5, None, INF),
    "trunc": (-5, 5, None, INF),
    "frac": (-5, 5, None, INF),
    "isnan": (-3, 3, None, INF),
    "isinf": (-3, 3, None, INF),
    "isfinite": (-3, 3, None, INF),
    "logicalNot": (-3, 3, None, INF),
}
INTEGERS_STAY = ("neg", "abs", "sign", "square", "floor", "ceil", "round", "trunc", "isnan", "isinf", "isfinite", "logicalNot")


def unary():
    f = Family("unary", HERE, SUBNORMAL, "subnormal results carry fewer bits than a relative 1e-5 asks for: two steps of the subnormal range")
    # 1 / (1 + exp(-x)) flushes to zero where exp overflows, in PyTorch too: the least normal number.
    flushes = {"sigmoid": 1.2e-38}
    for op, (lo, hi, sweep, limit) in UNARY.items():
        f.case(op, "values", [r(3, 5, lo=lo, hi=hi)])
        f.case(op, "a transposed view", [r(2, 3, lo=lo, hi=hi, view=T)])
        f.case(op, "a strided slice", [r(3, 9, lo=lo, hi=hi, view=[["slice", [None, [1, 8, 2]]]])])
        f.case(op, "special numbers", [t([x for x in SPECIAL if not abs(x) > limit or abs(x) == INF], grad=False)], signed_zeros=True, exact=op == "log1p", atol=flushes.get(op))
        if sweep:
            low, high = sweep
            points = [float(f"{low + (high - low) * k / 62:.4g}") for k in range(63)]
            if low > 0 and low < 1e-20:
                points = [float(f"{low * (high / low) ** (k / 62):.4g}") for k in range(63)]
            f.case(op, "the whole range", [t(points, grad=False)], atol=flushes.get(op))
        values = t([1, 2, 3, 7], "int32") if lo > 0 else t([0, 1], "int32") if op in ("asin", "acos", "log1p") else t([-3, -1, 0, 2], "int32")
        if op != "frac":
            f.case(op, "int32 stays int32" if op in INTEGERS_STAY[:8] else "int32", [values])
    for op in ("abs", "sign", "sqrt", "square", "log", "exp", "tanh"):
        f.case(op, "gradient at zero", [t([0.0, -0.0, 1.0])])
    for op in ("exp", "neg", "isnan"):
        f.case(op, "a scalar", [t(0.75, grad=op != "isnan")])
        f.case(op, "no elements", [r(0, 3, grad=op != "isnan")])
        f.case(op, "an expanded view", [r(3, 1, view=[["expand", [3, 4]]], grad=op != "isnan")])
        f.case(op, "a flipped view", [r(2, 5, view=[["flip", [1]]], grad=op != "isnan")])
        f.case(op, "four dimensions permuted", [r(2, 3, 2, 3, view=[["permute", [2, 0, 3, 1]]], grad=op != "isnan")])
    f.case("round", "halves go to even", [t([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 4.5, 8388607.5, 16777217.0])], signed_zeros=True)
    f.case("neg", "uint8 wraps", [t([0, 1, 128, 255], "uint8")])
    f.case("sqrt", "bool", [b(4)])
    f.case("logicalNot", "bool", [b(5)])
    f.case("bitwiseNot", "int32", [t([0, 1, -1, 2147483647, -2147483648], "int32")])
    f.case("bitwiseNot", "uint8", [t([0, 1, 128, 255], "uint8")])
    f.case("bitwiseNot", "bool is logical", [b(5)])
    f.save()


def binary():
    f = Family("binary", HERE, SUBNORMAL, "subnormal results carry fewer bits than a relative 1e-5 asks for: two steps of the subnormal range")
    arithmetic = ["add", "sub", "mul", "div", "pow", "fmod", "remainder", "floorDivide", "maximum", "minimum", "atan2", "hypot"]
    compare = ["eq", "ne", "lt", "le", "gt", "ge"]
    logical = ["logicalAnd", "logicalOr", "logicalXor"]
    for op in arithmetic + compare + logical:
        base = dict(lo=0.2, hi=3) if op == "pow" else dict(lo=-4, hi=4, away=0.3)
        if op == "floorDivide":
            base["grad"] = False
        f.case(op, "the same shape", [r(3, 5, **base), r(3, 5, **base)])
        f.case(op, "broadcast both ways", [r(3, 1, **base), r(2, 1, 4, **base)])
        f.case(op, "with a 0-d tensor", [r(2, 3, **base), r(**{**base, "lo": 1, "hi": 3})])
        f.case(op, "views", [r(3, 2, view=T, **base), r(4, 3, view=[["slice", [[0, 4, 2], None]]], **base)])
        n = len(CROSSED)
        f.case(op, "special numbers crossed", [t(CROSSED, grad=False, shape=(n, 1)), t(CROSSED, grad=False)], signed_zeros=op not in ("maximum", "minimum"))
        if op not in ("atan2", "hypot", *logical, "maximum", "minimum"):
            f.case(op, "a scalar", [r(2, 3, **base)], [1.5])
            f.case(op, "int32 and an integer scalar", [t([-7, -2, 0, 3, 8], "int32")], [3])
        if op != "hypot":
            f.case(op, "int32", [t([7, -7, 8, -8, 5], "int32"), t([2, 2, 3, 1, 5] if op == "pow" else [2, 2, -3, -3, 5], "int32")])
    for op in ("add", "mul", "lt", "maximum"):
        f.case(op, "no elements", [r(0, 3, grad=op != "lt"), r(1, 3, grad=op != "lt")])
        f.case(op, "two 0-d tensors", [r(lo=1, hi=2), r(lo=2, hi=3)])
    f.case("mul", "the same tensor by an expanded row", [r(4, 3), r(3, view=[["expand", [4, 3]]])])
    f.case("sub", "a broadcast over middle and outer sizes", [r(2, 1, 3, 1), r(1, 4, 1, 2)])
    f.case("div", "rounding towards zero", [r(3, 4, lo=-9, hi=9), r(4, away=0.5)], [{"roundingMode": "trunc"}])
    f.case("div", "rounding down", [r(3, 4, lo=-9, hi=9), r(4, away=0.5)], [{"roundingMode": "floor"}])
    f.case("div", "int32 rounding towards zero", [t([7, -7, 8, -8], "int32"), t([2, 2, -3, -3], "int32")], [{"roundingMode": "trunc"}])
    f.case("div", "int32 rounding down", [t([7, -7, 8, -8], "int32"), t([2, 2, -3, -3], "int32")], [{"roundingMode": "floor"}])
    f.case("div", "special numbers rounding down", [t(CROSSED, grad=False, shape=(13, 1)), t(CROSSED, grad=False)], [{"roundingMode": "floor"}])
    f.case("div", "special numbers rounding towards zero", [t(CROSSED, grad=False, shape=(13, 1)), t(CROSSED, grad=False)], [{"roundingMode": "trunc"}])
    for exponent in (0, 0.5, 1, 2, 3, -1, -2, 2.5):
        f.case("pow", f"the exponent {exponent}", [r(6, lo=0.2, hi=3)], [exponent])
    for exponent in (2, 3, -1, -3, 0):
        f.case("pow", f"negative bases, the exponent {exponent}", [r(6, lo=-3, hi=-0.2)], [exponent])
    f.case("pow", "gradient at base 0", [t([0.0, 0.0, 0.0, 0.0]), t([2.0, 1.0, 0.0, 3.5])])
    f.case("pow", "negative bases and whole exponents", [t([-2.0, -1.5, -3.0]), t([2.0, 3.0, -1.0], grad=False)])
    f.case("pow", "the whole range", [t([10.0 ** (k / 4 - 8) for k in range(64)], grad=False), t([3.7 * math.sin(k) for k in range(64)], grad=False)], exact=True)
    f.case("pow", "int32 bases wrap", [t([2, 3, -2, 46341], "int32")], [31])
    for op in ("maximum", "minimum"):
        f.case(op, "a tie shares its gradient", [t([1.0, 2.0, -3.0]), t([1.0, 5.0, -3.0])])
        f.case(op, "NaN wins on either side", [t([NAN, 1.0, NAN]), t([1.0, NAN, NAN])])
    f.case("atan2", "all quadrants", [t([1.0, 1.0, -1.0, -1.0, 0.5]), t([1.0, -1.0, 1.0, -1.0, -0.1])])
    f.case("hypot", "no overflow on the way", [t([3e30, 1e-30], grad=False), t([4e30, 1e-30], grad=False)])
    f.case("fmod", "the sign of the dividend", [t([5.5, -5.5, 5.5, -5.5]), t([2.0, 2.0, -2.0, -2.0])])
    f.case("remainder", "the sign of the divisor", [t([5.5, -5.5, 5.5, -5.5]), t([2.0, 2.0, -2.0, -2.0])])
    for op in ("eq", "lt", "ge"):
        f.case(op, "bool and int32", [b(5), t([0, 1, 2, -1, 1], "int32")])
    for op in logical:
        f.case(op, "bool", [t([0, 0, 1, 1], "bool"), t([0, 1, 0, 1], "bool")])
        f.case(op, "float32 and int32", [t([0.0, 0.5, NAN, -0.0], grad=False), t([0, 3, 0, -1], "int32")])
    for op in ("bitwiseAnd", "bitwiseOr", "bitwiseXor"):
        f.case(op, "int32", [t([0, 1, -1, 12345, -2147483648], "int32"), t([5, 3, 255, -54321, 2147483647], "int32")])
        f.case(op, "uint8", [t([0, 1, 170, 255], "uint8"), t([5, 3, 85, 15], "uint8")])
        f.case(op, "bool", [t([0, 0, 1, 1], "bool"), t([0, 1, 0, 1], "bool")])
        f.case(op, "a scalar", [t([0, 1, -1, 6], "int32")], [3])
        f.case(op, "broadcast", [t([1, 2, 4], "int32", shape=(3, 1)), t([3, 6], "int32")])
    for op in ("bitwiseLeftShift", "bitwiseRightShift"):
        f.case(op, "int32", [t([1, -1, 12345, -2147483648, 3], "int32"), t([0, 4, 7, 3, 30], "int32")])
        f.case(op, "a scalar", [t([1, 200, -6], "int32")], [2])
    for name, bounds in (("both bounds", {"min": -1, "max": 0.5}), ("a lower bound", {"min": 0.25}), ("an upper bound", {"max": -0.5}), ("crossed bounds: the upper wins", {"min": 1, "max": -1})):
        f.case("clamp", name, [r(3, 5)], [bounds])
    f.case("clamp", "gradient on the bounds", [t([-1.0, 0.5, 0.0, 2.0])], [{"min": -1, "max": 0.5}])
    f.case("clamp", "special numbers", [t(SPECIAL, grad=False)], [{"min": -2, "max": 3}])
    f.case("clamp", "an infinite bound", [r(4)], [{"min": 0, "max": "Infinity"}])
    f.case("clamp", "int32", [i(6)], [{"min": -3, "max": 4}])
    f.case("clamp", "a transposed view", [r(2, 3, view=T)], [{"min": -0.5, "max": 0.5}])
    for weight in (0.3, 0.7, 0, 1, -1.5):
        f.case("lerp", f"the weight {weight}", [r(2, 3), r(2, 3)], [weight])
    f.case("lerp", "a weight tensor", [r(2, 3), r(2, 3), r(2, 3, lo=0.1, hi=0.9)])
    f.case("lerp", "broadcast", [r(2, 1), r(3), r(2, 3, lo=0.1, hi=0.9)])
    f.case("where", "the same shape", [b(3, 4), r(3, 4), r(3, 4)])
    f.case("where", "broadcast", [b(3, 1), r(4), r(2, 1, 1)])
    f.case("where", "a scalar", [b(2, 3), r(2, 3)], [-1.5])
    f.case("where", "NaN on the other side does not leak", [t([1, 0, 1], "bool"), t([1.0, NAN, 2.0]), t([INF, 3.0, NAN])])
    f.case("where", "int32", [b(5), i(5), i(5)])
    f.case("where", "views", [b(3, 2, view=T), r(2, 6, view=[["slice", [None, [0, 6, 2]]]]), r(3)])
    f.save()


def activations():
    f = Family("activations", HERE, 1.2e-38, "far tails may flush to zero: the least normal number")
    cases = {
        "relu": [[]],
        "relu6": [[]],
        "leakyRelu": [[], [{"negativeSlope": 0.2}]],
        "elu": [[], [{"alpha": 0.7}]],
        "selu": [[]],
        "celu": [[], [{"alpha": 0.6}]],
        "gelu": [[], [{"approximate": "tanh"}]],
        "silu": [[]],
        "mish": [[]],
        "softplus": [[], [{"beta": 2, "threshold": 5}]],
        "softsign": [[]],
        "hardtanh": [[], [{"minVal": -0.5, "maxVal": 1.5}]],
        "hardsigmoid": [[]],
        "hardswish": [[]],
        "logsigmoid": [[]],
        "threshold": [[0.25, -2]],
    }
    seams = {
        "relu": [0.0, -0.0],
        "relu6": [0.0, 6.0],
        "leakyRelu": [0.0],
        "elu": [0.0],
        "selu": [0.0],
        "celu": [0.0],
        "gelu": [0.0],
        "silu": [0.0],
        "mish": [0.0],
        "softplus": [0.0, 20.0],
        "softsign": [0.0],
        "hardtanh": [-1.0, 1.0],
        "hardsigmoid": [-3.0, 3.0],
        "hardswish": [-3.0, 3.0],
        "logsigmoid": [0.0],
        "threshold": [0.25],
    }
    # gelu's far tail is the difference of 1 and almost 1, softsign's gradient that of 1 / (1 + x) and x / (1 + x)**2; PyTorch's float32 has
    # the same rounding, so its float64 is expected and the size of the cancelling terms' rounding allowed.
    cancels = {"gelu": 1e-6, "softsign": 1e-8}
    large = [-1000.0, -104.0, -50.0, -21.0, -9.0, 9.0, 21.0, 50.0, 89.0, 1000.0]
    for op, variants in cases.items():
        ours = {"logsigmoid": "logSigmoid"}.get(op, op)
        for args in variants:
            suffix = " " + str(args[0]).replace("'", "") if args else ""
            fn = torch_call(op, args)
            near = {"atol": cancels[op], "exact": True} if op in cancels else {}
            f.case(ours, "values" + suffix, [r(3, 7, lo=-5, hi=5)], args, fn, **near)
            f.case(ours, "a transposed view" + suffix, [r(2, 3, view=T)], args, fn, **near)
            f.case(ours, "where the pieces meet" + suffix, [t([*seams[op], 0.5, -0.5])], args, fn, **near)
            f.case(ours, "large arguments" + suffix, [t(large)], args, fn, **near)
            f.case(ours, "NaN and infinities" + suffix, [t([NAN, INF, -INF, -0.0], grad=False)], args, fn, exact=op == "gelu")
    f.case("glu", "the last dimension", [r(2, 3, 6)], [-1])
    f.case("glu", "another dimension", [r(4, 3)], [0])
    f.case("relu", "int32", [i(6)])
    f.case("relu", "no elements", [r(0, 2)])
    f.save()


def promotion():
    f = Family("promotion", HERE)
    make = {
        "bool": lambda *s: b(*s),
        "uint8": lambda *s: i(*s, lo=1, hi=9, dtype="uint8"),
        "int32": lambda *s: i(*s, lo=1, hi=9),
        "float16": lambda *s: t([0.5, 1.5, -2.25], "float16", grad=False) if s else t(1.5, "float16", grad=False),
        "float32": lambda *s: r(*s, lo=1, hi=4, grad=False),
        "float64": lambda *s: r(*s, lo=1, hi=4, dtype="float64", grad=False),
    }
    for op in ("add", "mul", "div", "maximum", "lt"):
        for x, y in itertools.combinations_with_replacement(make, 2):
            f.case(op, f"{x} and {y}", [make[x](3), make[y](3)], check=False)
    for x, y in itertools.permutations(("bool", "uint8", "int32", "float32", "float64"), 2):
        f.case("mul", f"{x} by a 0-d {y}: only a higher kind promotes", [make[x](3), make[y]()], check=False)
    for x in ("bool", "uint8", "int32", "float16", "float32", "float64"):
        f.case("mul", f"{x} by a whole number", [make[x](3)], [2], check=False)
        f.case("mul", f"{x} by a fraction", [make[x](3)], [1.5], check=False)
        f.case("div", f"{x} by a whole number", [make[x](3)], [2], check=False)
    for op in ("sub", "pow", "remainder", "fmod", "floorDivide", "atan2"):
        f.case(op, "int32 and float32", [make["int32"](3), make["float32"](3)])
        f.case(op, "uint8 and int32", [i(3, lo=2, hi=9, dtype="uint8"), i(3, lo=2, hi=5)])
    f.case("add", "int32 wraps", [t([2147483647, -2147483648], "int32"), t([1, -1], "int32")])
    f.case("mul", "int32 wraps", [t([65536, 123456789, -2147483648], "int32"), t([65536, 987654321, -1], "int32")])
    f.case("add", "uint8 wraps", [t([250, 255], "uint8"), t([10, 1], "uint8")])
    f.case("sub", "uint8 wraps", [t([3, 0], "uint8"), t([5, 1], "uint8")])
    f.case("mul", "uint8 wraps", [t([16, 200], "uint8"), t([16, 3], "uint8")])
    f.case("add", "bool and bool, all four", [t([0, 0, 1, 1], "bool"), t([0, 1, 0, 1], "bool")])
    f.case("mul", "gradient flows to the float side", [r(3), i(3, lo=1, hi=5)])
    f.case("mul", "gradient through a cast to float64", [r(3), r(3, dtype="float64", grad=False)], check=False)
    f.case("where", "int32 and float32", [b(4), i(4), r(4)])
    f.case("where", "bool and a fraction", [t([1, 0, 1], "bool"), t([1, 0, 0], "bool")], [0.5])
    f.case("cat", "int32 and float32", [i(2), r(3)], [0], lambda *x: torch.cat(x, 0))
    f.case("stack", "bool and uint8", [b(3), i(3, lo=0, hi=9, dtype="uint8")], [0], lambda *x: torch.stack(x, 0))
    f.case("sum", "bool", [t([[1, 0, 1], [1, 1, 1]], "bool")], [1])
    f.case("sum", "uint8 does not wrap", [t([200, 100, 255], "uint8")])
    f.case("sum", "int32", [i(2, 3)], [0])
    f.case("sum", "int32 as float32", [i(2, 3)], [0, {"dtype": "float32"}])
    f.case("sum", "float32 as float64", [r(4)], [None, {"dtype": "float64"}], lambda x: x.sum(dtype=torch.float64), check=False)
    f.case("prod", "int32", [i(2, 3)], [1])
    f.case("prod", "bool", [b(2, 3)], [1])
    f.case("cumsum", "bool", [b(5)], [0])
    f.case("cumsum", "uint8 does not wrap", [t([200, 100, 255], "uint8")], [0])
    f.case("mean", "int32 as float32", [i(2, 3)], [1, {"dtype": "float32"}])
    f.case("amax", "uint8 stays", [i(2, 3, lo=0, hi=255, dtype="uint8")], [1])
    f.case("softmax", "int32 as float32", [i(4)], [0, {"dtype": "float32"}])
    for op in ("add", "mul", "floorDivide", "remainder", "sub"):
        f.case(op, "int64", [t([9007199254740991, -7, 12], "int64"), t([1, 2, -5], "int64")] if op == "sub" else [t([4294967296, -7, 12], "int64"), t([3, 2, -5], "int64")], keep_int64=True)
    f.case("add", "int64 and int32", [t([4294967296, -7], "int64"), t([1, 2], "int32")], keep_int64=True)
    f.case("lt", "int64", [t([4294967296, 1], "int64"), t([4294967297, 1], "int64")], keep_int64=True)
    f.case("sum", "int64", [t([[4294967296, 1], [2, 3]], "int64")], [0], keep_int64=True)
    f.case("sum", "float64", [r(3, 4, dtype="float64")], [1], check=False)
    f.case("matmul", "float64", [r(3, 4, dtype="float64"), r(4, 2, dtype="float64")], check=False)
    f.case("exp", "float64", [r(5, dtype="float64")], check=False)
    f.save()


def reductions():
    f = Family("reductions", HERE, 1e-6, "sums of a few dozen numbers around 1 that partly cancel: their rounding is relative to the terms, not to the sum")
    for op in ("sum", "mean"):
        f.case(op, "everything", [r(3, 5)])
        f.case(op, "a dimension", [r(3, 5)], [1])
        f.case(op, "the outer dimension", [r(5, 6)], [0])
        f.case(op, "a middle dimension", [r(2, 3, 5)], [1])
        f.case(op, "several dimensions", [r(2, 3, 4)], [[0, 2]])
        f.case(op, "a negative dimension, kept", [r(2, 3, 4)], [-2, {"keepdim": True}])
        f.case(op, "several kept", [r(2, 3, 4)], [[0, -1], {"keepdim": True}])
        f.case(op, "a transposed view", [r(3, 5, view=T)], [1])
        f.case(op, "an expanded view", [r(3, 1, view=[["expand", [3, 4]]])], [1])
        f.case(op, "a slice", [r(4, 9, view=[["slice", [[1], [0, 9, 2]]]])], [1])
        f.case(op, "a flipped view", [r(4, 5, view=[["flip", [0]]])], [0])
        f.case(op, "a scalar", [r()], [])
        f.case(op, "long rows", [r(2, 67)], [1])
        f.case(op, "long columns", [r(67, 3)], [0])
        f.case(op, "NaN and infinities", [t([[1, NAN, 2], [INF, 1, 2], [INF, -INF, 0]], grad=False)], [1])
        f.case(op, "no elements", [r(0, 3)], [0])
        f.case(op, "one value", [r(3, 1)], [1])
    f.case("sum", "no elements, everything", [r(2, 0)])
    f.case("sum", "large and small numbers", [t([1e8, 1.0, -1e8, 1.0] * 8, grad=False)], exact=True, atol=1.0e-6 * 8e8)
    f.case("prod", "everything", [r(2, 4, away=0.3)])
    f.case("prod", "a dimension", [r(3, 4, away=0.3)], [1])
    f.case("prod", "kept", [r(3, 4, away=0.3)], [0, {"keepdim": True}])
    f.case("prod", "one zero", [t([[1.5, 0, 2], [3, 4, 0.5]])], [1])
    f.case("prod", "two zeros", [t([[1.5, 0, 0], [3, 0, 0.5]])], [1])
    f.case("prod", "zeros, everything", [t([[1.5, 0, 2], [3, 4, 0.5]])])
    f.case("prod", "no elements", [r(0, 2)], [0])
    f.case("prod", "a transposed view", [r(3, 4, away=0.3, view=T)], [1])
    for op in ("amax", "amin"):
        f.case(op, "everything", [distinct(3, 5)])
        f.case(op, "a dimension", [distinct(3, 5)], [1])
        f.case(op, "several dimensions, kept", [distinct(2, 3, 4)], [[0, 2], {"keepdim": True}])
        f.case(op, "ties share the gradient evenly", [t([[1, 3, 3, 0], [-2, -2, -2, -2], [4, 4, 1, 1]])], [1])
        f.case(op, "ties over everything", [t([[1, 3, 3], [1, 3, 1]])])
        f.case(op, "NaN wins", [t([[1, NAN, 2], [INF, -INF, 0]], grad=False)], [1])
        f.case(op, "a transposed view", [distinct(3, 4, view=T)], [0])
        f.case(op, "int32", [i(3, 4)], [1])
        f.case(op, "long rows", [distinct(2, 37)], [1])
    for op in ("max", "min"):
        f.case(op, "everything", [distinct(3, 5)])
        f.case(op, "everything: ties share the gradient evenly", [t([1, 3, 3, 1, -2, -2])])
        f.case(op, "a dimension", [distinct(3, 5)], [1], lambda x, op=op: getattr(x, op)(1))
        f.case(op, "kept", [distinct(2, 3, 4)], [-2, {"keepdim": True}])
        f.case(op, "a tie goes to the first, with the gradient", [t([[1, 3, 3, 0], [-2, -2, -2, -2]])], [1])
        f.case(op, "the first NaN wins", [t([[1, NAN, NAN], [NAN, -INF, 0]], grad=False)], [1])
        f.case(op, "infinities", [t([[INF, 1, INF], [-INF, -INF, 3]], grad=False)], [1])
        f.case(op, "int32", [distinct(3, 4, step=1, dtype="int32")], [0])
        f.case(op, "a transposed view", [distinct(3, 4, view=T)], [1])
        f.case(op, "over nothing else", [t([NAN, 1.0], grad=False)])
    for op in ("argmax", "argmin"):
        f.case(op, "everything", [distinct(3, 5, view=())])
        f.case(op, "a dimension", [distinct(3, 5)], [1])
        f.case(op, "kept", [distinct(2, 3, 4)], [1, {"keepdim": True}])
        f.case(op, "a negative dimension", [distinct(2, 3, 4)], [-3])
        f.case(op, "the first of a tie", [t([[1, 3, 3, 1], [-2, -2, -2, -2]])], [1])
        f.case(op, "the first NaN", [t([[1, NAN, NAN, 0]])], [1])
        f.case(op, "int32", [distinct(7, step=1, dtype="int32")], [0])
        f.case(op, "a transposed view", [distinct(3, 4, view=T)])
        f.case(op, "long rows with a late winner", [t([[0.0] * 33 + [(1 if op == "argmax" else -1)] + [0.0] * 3])], [1])
    for op in ("var", "std"):
        f.case(op, "everything", [r(3, 5)])
        f.case(op, "a dimension", [r(3, 5)], [1])
        f.case(op, "the whole population", [r(3, 5)], [1, {"correction": 0}])
        f.case(op, "another correction, several dimensions, kept", [r(2, 3, 4)], [[0, 2], {"correction": 2, "keepdim": True}])
        f.case(op, "a transposed view", [r(3, 5, view=T)], [0])
        f.case(op, "far from zero", [t([1000.5, 1001.25, 999.75, 1000.0])])
        f.case(op, "one value has none", [r(3, 1, grad=False)], [1])
        f.case(op, "one value, the whole population", [r(3, 1, grad=False)], [1, {"correction": 0}])
        f.case(op, "equal values", [t([[2.0, 2, 2], [1, 2, 4]], grad=op == "var")], [1])
    norm = lambda **kw: (lambda x: torch.linalg.vector_norm(x, **kw))
    for p, word in ((2, 2), (1, 1), (3, 3), (0.5, 0.5), (INF, "Infinity"), (-INF, "-Infinity")):
        f.case("norm", f"p = {word}", [distinct(3, 4) if abs(p) == INF else r(3, 4, away=0.1)], [{"p": word, "dim": 1}], norm(ord=p, dim=1))
    f.case("norm", "everything", [r(3, 4)], [], norm())
    f.case("norm", "p = 0 counts", [t([0.0, 1, -2, 0, 3], grad=False)], [{"p": 0}], norm(ord=0))
    f.case("norm", "several dimensions, kept", [r(2, 3, 4)], [{"dim": [0, 2], "keepdim": True}], norm(dim=[0, 2], keepdim=True))
    f.case("norm", "gradient at zero is zero", [t([[0.0, 0, 0], [3, 0, 4]])], [{"dim": 1}], norm(dim=1))
    f.case("norm", "p = 1 at zero", [t([[0.0, 0, 0], [3, 0, -4]])], [{"p": 1, "dim": 1}], norm(ord=1, dim=1))
    f.case("norm", "a transposed view", [r(3, 4, view=T)], [{"dim": 0}], norm(dim=0))
    f.case("logsumexp", "a dimension", [r(3, 5)], [1])
    f.case("logsumexp", "several dimensions, kept", [r(2, 3, 4)], [[0, 2], {"keepdim": True}])
    f.case("logsumexp", "large arguments", [t([[1000.0, 1000.5, 999], [-1000, -1001, -1002], [1000, -1000, 0]])], [1], exact=True, atol=5e-5)  # gradients are exp(x - 1001.1), and 1001.1 is rounded to 6e-5
    f.case("logsumexp", "infinities", [t([[-INF, -INF], [INF, 1], [-INF, 2], [NAN, 1]], grad=False)], [1])
    f.case("logsumexp", "a masked entry has no gradient", [t([[-INF, 1.0, 2.0]])], [1])
    f.case("logsumexp", "a transposed view", [r(3, 4, view=T)], [0])
    for op in ("all", "any"):
        f.case(op, "everything", [t([[1, 1, 0], [1, 1, 1]], "bool")])
        f.case(op, "a dimension", [t([[1, 1, 0], [1, 1, 1], [0, 0, 0]], "bool")], [1])
        f.case(op, "kept", [b(2, 3)], [0, {"keepdim": True}])
        f.case(op, "float32 with NaN", [t([[0.0, NAN], [0, 0], [0.5, 2]], grad=False)], [1])
        f.case(op, "int32", [t([[0, -1], [0, 0]], "int32")], [1])
        f.case(op, "no elements", [b(0)])
        f.case(op, "a transposed view", [b(3, 2, view=T)], [1])
    f.case("cumsum", "the last dimension", [r(3, 5)], [1])
    f.case("cumsum", "the outer dimension", [r(3, 5)], [0])
    f.case("cumsum", "a middle dimension", [r(2, 3, 4)], [-2])
    f.case("cumsum", "int32", [i(2, 4)], [1])
    f.case("cumsum", "a transposed view", [r(3, 5, view=T)], [1])
    f.case("cumsum", "NaN stays", [t([1.0, NAN, 2], grad=False)], [0])
    f.case("cumsum", "no elements", [r(2, 0)], [1])
    f.case("cumsum", "a scalar", [r()], [0])
    f.case("cumsum", "long rows", [r(2, 41, lo=0.1)], [1])
    f.save()


def indexing():
    f = Family("indexing", HERE, 1e-6, "gradients add what several outputs picked: sums of a few numbers around 1")
    index = lambda *values, shape=None, view=(): t(list(values), "int32", shape=shape, view=view)
    f.case("indexSelect", "rows, one twice", [r(4, 3), index(2, 0, 2)], [0], lambda x, k: x.index_select(0, k))
    f.case("indexSelect", "columns", [r(3, 4), index(3, 1)], [1], lambda x, k: x.index_select(1, k))
    f.case("indexSelect", "a negative dimension of a view", [r(4, 3, view=T), index(0, 0, 3)], [-1], lambda x, k: x.index_select(-1, k))
    f.case("indexSelect", "no index", [r(4, 3), index(shape=(0,))], [0], lambda x, k: x.index_select(0, k))
    f.case("indexSelect", "int32 values", [i(4, 2), index(1, 3)], [0], lambda x, k: x.index_select(0, k))
    gather = lambda dim: (lambda x, k: x.gather(dim, k.long()))
    f.case("gather", "the last dimension", [r(3, 4), t([[0, 3, 3], [1, 1, 0], [2, 0, 1]], "int32")], [1], gather(1))
    f.case("gather", "the outer dimension, a smaller index", [r(3, 4), t([[2, 0], [1, 1]], "int32")], [0], gather(0))
    f.case("gather", "three dimensions", [r(2, 3, 4), i(2, 2, 4, lo=0, hi=2)], [1], gather(1))
    f.case("gather", "views", [r(4, 3, view=T), i(2, 3, lo=0, hi=3, view=T)], [-1], gather(-1))
    f.case("gather", "bool values", [b(2, 3), i(2, 2, lo=0, hi=2)], [1], gather(1))
    scatter = lambda dim: (lambda x, k, s: x.scatter_add(dim, k.long(), s))
    f.case("scatterAdd", "repeated indices add", [r(3, 5), t([[0, 1, 2, 0, 0], [2, 0, 0, 1, 2]], "int32"), r(2, 5)], [0], scatter(0))
    f.case("scatterAdd", "the last dimension", [r(2, 3), t([[0, 0, 2, 0], [1, 1, 1, 0]], "int32"), r(2, 4)], [1], scatter(1))
    f.case("scatterAdd", "a source larger than the index", [r(3, 3), t([[0, 2], [1, 1]], "int32"), r(3, 4, grad=False)], [0], scatter(0))
    f.case("scatterAdd", "int32", [i(5), t([0, 0, 4], "int32"), i(3)], [0], scatter(0))
    f.case("scatterAdd", "views", [r(3, 2, view=T), t([[0, 1, 1], [1, 1, 0]], "int32"), r(3, 2, view=T)], [0], scatter(0))
    take = lambda x, k: x.take(k.long())
    f.case("take", "as if flat", [r(3, 4), t([[0, 5], [11, 5]], "int32")], [], take)
    f.case("take", "a transposed view", [r(3, 4, view=T), t([0, 5, 11], "int32")], [], take)
    f.case("take", "negative indices count from the end", [r(6), t([-1, -6, 2], "int32")], [], take)
    f.case("maskedFill", "a number", [r(3, 4), b(3, 4)], [-2.5])
    f.case("maskedFill", "a broadcast mask, minus infinity", [r(2, 3, 4), b(3, 1)], ["-Infinity"])
    f.case("maskedFill", "a 0-d tensor with a gradient", [r(3, 4), b(3, 4), r()])
    f.case("maskedFill", "a view", [r(4, 3, view=T), b(3, 4)], [1])
    f.case("maskedFill", "int32", [i(5), b(5)], [7])
    key = lambda pattern: (lambda x, *ts: x[tuple(ts[k].long() if isinstance(k, int) else slice(None) if k is None else slice(*k) for k in pattern)])
    for name, x, tensors, pattern in (
        ("one tensor, rows", r(4, 3), [t([2, 0, 2], "int32")], [0]),
        ("negative indices count from the end", r(4, 3), [t([-1, -4], "int32")], [0]),
        ("a matrix of rows", r(4, 3), [t([[2, 0], [1, 1]], "int32")], [0]),
        ("two tensors pair up", r(4, 3), [t([0, 3, 3], "int32"), t([2, 1, 1], "int32")], [0, 1]),
        ("two tensors broadcast", r(4, 3), [t([[0], [3]], "int32"), t([2, 1], "int32")], [0, 1]),
        ("columns", r(3, 4), [t([3, 3, 0], "int32")], [None, 0]),
        ("a tensor and a slice", r(4, 5), [t([1, 2], "int32")], [0, [1, 4]]),
        ("tensors around a slice move to the front", r(3, 4, 2), [t([0, 2], "int32"), t([1, 0], "int32")], [0, None, 1]),
        ("a view", r(4, 3, view=T), [t([2, 0], "int32")], [0]),
    ):
        # The pattern names the index tensors by position; null keeps a dimension, [start, stop] slices it.
        f.case("index", name, [x, *tensors], [pattern], key(pattern))
    f.case("oneHot", "given classes", [t([0, 2, 1, 2], "int32")], [4], lambda x: F.one_hot(x.long(), 4))
    f.case("oneHot", "classes from the largest index", [t([[0, 2], [1, 0]], "int32")], [], lambda x: F.one_hot(x.long()))
    f.case("tril", "square", [r(4, 4)])
    f.case("tril", "above the diagonal", [r(3, 5)], [1])
    f.case("tril", "below the diagonal, batched", [r(2, 4, 3)], [-1])
    f.case("triu", "square", [r(4, 4)])
    f.case("triu", "above the diagonal, batched", [r(2, 3, 5)], [2])
    f.case("triu", "below the diagonal of a view", [r(4, 3, view=T)], [-1])
    f.case("tril", "int32", [i(3, 3)])
    f.case("triu", "NaN and infinity are dropped, not multiplied", [t([[1.0, 2], [NAN, INF]], grad=False)])
    f.save()


def views():
    f = Family("views", HERE, 1e-6, "gradients of overlapping windows and expanded sizes are sums of a few numbers around 1")
    f.case("reshape", "contiguous", [r(2, 6)], [[3, 4]])
    f.case("reshape", "an inferred size", [r(2, 6)], [[-1, 3]])
    f.case("reshape", "a transposed view", [r(2, 6, view=T)], [[3, 4]])
    f.case("reshape", "to a scalar", [r(1, 1)], [[]])
    f.case("reshape", "no elements", [r(0, 3)], [[3, 0]])
    f.case("view", "a split dimension", [r(2, 6)], [[2, 3, 2]])
    f.case("view", "a dimension split in a transposed view", [r(6, 2, view=T)], [[2, 3, 2]])
    f.case("permute", "three dimensions", [r(2, 3, 4)], [[2, 0, 1]])
    f.case("permute", "negative dimensions", [r(2, 3, 4)], [[-1, 0, -2]])
    f.case("transpose", "two dimensions", [r(2, 3, 4)], [0, 2])
    f.case("transpose", "negative dimensions", [r(2, 3, 4)], [-1, -2])
    f.case("T", "a matrix", [r(2, 3)], [], lambda x: x.T)
    f.case("expand", "a row", [r(1, 3)], [[4, 3]])
    f.case("expand", "new outer dimensions", [r(3)], [[2, 4, 3]])
    f.case("expand", "kept sizes", [r(2, 1, 3)], [[-1, 4, -1]])
    f.case("expand", "a scalar", [r()], [[2, 3]])
    f.case("expand", "to no elements", [r(1, 3)], [[0, 3]])
    f.case("squeeze", "all", [r(1, 3, 1, 2)])
    f.case("squeeze", "one dimension", [r(1, 3, 1, 2)], [2])
    f.case("squeeze", "a dimension above 1 stays", [r(1, 3, 1)], [1])
    f.case("squeeze", "several dimensions", [r(1, 3, 1, 1)], [[0, -1]])
    f.case("unsqueeze", "in front", [r(3, 2)], [0])
    f.case("unsqueeze", "at the end", [r(3, 2)], [-1])
    f.case("unsqueeze", "a scalar", [r()], [0])
    f.case("flatten", "all", [r(2, 3, 2)])
    f.case("flatten", "from a dimension", [r(2, 3, 2)], [1])
    f.case("flatten", "a range", [r(2, 3, 2, 2)], [1, -2])
    f.case("flatten", "a scalar", [r()])
    f.case("flatten", "a transposed view", [r(2, 3, 2, view=[["transpose", 0, 2]])], [1])
    f.case("unflatten", "a dimension", [r(2, 6, 2)], [1, [2, 3]])
    f.case("unflatten", "an inferred size", [r(2, 6)], [-1, [3, -1]])
    f.case("unflatten", "a transposed view", [r(4, 3, view=T)], [1, [2, 2]])
    f.case("unflatten", "no elements", [r(2, 0)], [1, [-1, 2]])
    for name, x, ranges in (
        ("a range", r(4, 5), [[1, 3]]),
        ("a step", r(3, 7), [None, [0, 7, 3]]),
        ("negative ends", r(4, 5), [[-3, -1], [-2]]),
        ("past the end", r(3, 4), [[1, 99], [2]]),
        ("nothing", r(3, 4), [[2, 2]]),
        ("of a transposed view", r(4, 5, view=T), [[1, 4, 2], [1]]),
        ("of a slice", r(9, view=[["slice", [[1, 9, 2]]]]), [[1, 4, 2]]),
    ):
        f.case("slice", name, [x], [ranges], lambda x, ranges=ranges: slice_(x, ranges))
    f.case("narrow", "rows", [r(4, 3)], [0, 1, 2])
    f.case("narrow", "columns of a view", [r(4, 3, view=T)], [-1, 1, 3])
    f.case("narrow", "nothing", [r(4, 3)], [1, 2, 0])
    f.case("select", "a row", [r(3, 4)], [0, 1])
    f.case("select", "the last column", [r(3, 4)], [1, -1])
    f.case("select", "to a scalar", [r(4)], [0, 2])
    f.case("flip", "one dimension", [r(3, 4)], [[1]])
    f.case("flip", "two dimensions", [r(2, 3, 4)], [[0, -1]])
    f.case("flip", "a slice", [r(3, 8, view=[["slice", [None, [1, 8, 3]]]])], [[1]])
    f.case("unfold", "windows side by side", [r(6)], [0, 2, 2])
    f.case("unfold", "overlapping windows", [r(7)], [0, 3, 1])
    f.case("unfold", "steps above the size", [r(2, 9)], [1, 2, 4])
    f.case("unfold", "the outer dimension of a view", [r(3, 6, view=T)], [0, 3, 2])
    f.case("contiguous", "a transposed view", [r(2, 3, view=T)], [], lambda x: x.contiguous())
    f.case("contiguous", "int32, flipped", [i(5, view=[["flip", [0]]])], [], lambda x: x.contiguous())
    f.save()


def joining():
    f = Family("joining", HERE, 1e-6, "gradients of reflected and repeated edges are sums of a few numbers around 1")
    many = lambda fn: (lambda *x: fn(x))
    f.case("cat", "rows", [r(2, 3), r(1, 3), r(3, 3)], [0], many(lambda x: torch.cat(x, 0)))
    f.case("cat", "the last dimension", [r(2, 3), r(2, 1)], [-1], many(lambda x: torch.cat(x, -1)))
    f.case("cat", "the first by default", [r(1, 2), r(1, 2)], [], many(lambda x: torch.cat(x)))
    f.case("cat", "views", [r(3, 2, view=T), r(2, 6, view=[["slice", [None, [0, 6, 2]]]])], [1], many(lambda x: torch.cat(x, 1)))
    f.case("cat", "an empty one among them", [r(2, 3), r(0, 3), r(1, 3)], [0], many(lambda x: torch.cat(x, 0)))
    f.case("cat", "one tensor", [r(2, 3)], [0], many(lambda x: torch.cat(x, 0)))
    f.case("cat", "bool", [b(3), b(2)], [0], many(lambda x: torch.cat(x, 0)))
    f.case("stack", "in front", [r(2, 3), r(2, 3)], [0], many(lambda x: torch.stack(x, 0)))
    f.case("stack", "at the end", [r(2, 3), r(2, 3), r(2, 3)], [-1], many(lambda x: torch.stack(x, -1)))
    f.case("stack", "scalars", [r(), r(), r()], [], many(lambda x: torch.stack(x)))
    f.case("stack", "views", [r(3, 2, view=T), r(2, 1, view=[["expand", [2, 3]]])], [1], many(lambda x: torch.stack(x, 1)))
    f.case("split", "a size that does not divide", [r(5, 2)], [2, 0])
    f.case("split", "sizes", [r(2, 6)], [[1, 2, 3], 1])
    f.case("split", "sizes with none", [r(3)], [[1, 0, 2], 0])
    f.case("split", "the first dimension by default", [r(4, 2)], [2])
    f.case("chunk", "even", [r(4, 3)], [2, 0])
    f.case("chunk", "uneven", [r(2, 7)], [3, 1])
    f.case("chunk", "fewer than asked for", [r(5)], [4, 0])
    for mode in ("constant", "reflect", "replicate", "circular"):
        f.case("pad", f"{mode}, 2-D", [r(1, 2, 3, 4)], [[1, 2, 2, 1], {"mode": mode}])
        f.case("pad", f"{mode}, 1-D", [r(1, 2, 5)], [[2, 1], {"mode": mode}])
    f.case("pad", "zeros by default", [r(2, 3)], [[1, 2]])
    f.case("pad", "a value", [r(2, 3)], [[0, 1, 2, 0], {"value": 1.5}])
    f.case("pad", "minus infinity", [r(3)], [[1, 1], {"value": "-Infinity"}])
    f.case("pad", "negative padding crops", [r(4, 5)], [[-1, 1, 1, -2]])
    f.case("pad", "a transposed view", [r(3, 2, view=T)], [[1, 0, 0, 1]])
    f.case("pad", "int32", [i(3)], [[1, 1], {"value": 7}])
    f.case("pad", "three dimensions", [r(2, 2, 2)], [[1, 0, 0, 1, 1, 1]])
    f.save()


def matmul():
    f = Family("matmul", HERE, 2e-6, "dot products of up to a few dozen terms around 1 that partly cancel: rounding is relative to the terms")
    shapes = {
        "vector by vector": ((4,), (4,)),
        "vector by matrix": ((3,), (3, 4)),
        "matrix by vector": ((2, 3), (3,)),
        "matrix by matrix": ((2, 3), (3, 4)),
        "vector by batch": ((3,), (2, 3, 4)),
        "batch by vector": ((2, 4, 3), (3,)),
        "matrix by batch": ((4, 3), (2, 3, 2)),
        "batch by matrix": ((2, 4, 3), (3, 2)),
        "batch by batch": ((3, 2, 4), (3, 4, 2)),
        "broadcast batches": ((2, 1, 2, 3), (3, 3, 2)),
        "batch of one": ((1, 2, 3), (4, 3, 2)),
        "four dimensions": ((2, 2, 2, 3), (2, 2, 3, 2)),
        "tails of every tile": ((17, 19), (19, 23)),
        "one row": ((1, 17), (17, 9)),
        "one column": ((9, 17), (17, 1)),
        "an outer product": ((7, 1), (1, 9)),
        "nothing to sum": ((2, 0), (0, 3)),
        "no rows": ((0, 3), (3, 2)),
        "an empty batch": ((0, 2, 3), (3, 2)),
    }
    for name, (a, c) in shapes.items():
        f.case("matmul", name, [r(*a), r(*c)])
    f.case("matmul", "both transposed", [r(5, 7, view=T), r(6, 5, view=T)])
    f.case("matmul", "the right side transposed", [r(6, 7), r(9, 7, view=T)])
    f.case("matmul", "slices", [r(6, 8, view=[["slice", [[0, 6, 2], [1, 8, 2]]]]), r(4, 7, view=[["slice", [None, [2, 5]]]])])
    f.case("matmul", "flipped", [r(3, 4, view=[["flip", [0, 1]]]), r(4, 3, view=[["flip", [0]]])])
    f.case("matmul", "expanded", [r(1, 4, view=[["expand", [3, 4]]]), r(4, 1, view=[["expand", [4, 5]]])])
    f.case("matmul", "a batch permuted", [r(3, 2, 4, view=[["permute", [1, 0, 2]]]), r(3, 2, 4, view=[["permute", [1, 2, 0]]])])
    f.case("matmul", "infinity and NaN flow", [t([[INF, 1], [1, NAN]], grad=False), t([[1, 0], [2, 1]], grad=False)])
    f.case("matmul", "int32", [i(2, 3), i(3, 2)])
    f.case("bmm", "batches", [r(3, 2, 5), r(3, 5, 4)])
    f.case("bmm", "views", [r(3, 5, 2, view=[["transpose", 1, 2]]), r(5, 3, 4, view=[["transpose", 0, 1]])])
    f.case("outer", "two vectors", [r(3), r(4)])
    f.case("outer", "strided", [r(6, view=[["slice", [[0, 6, 2]]]]), r(3, view=[["flip", [0]]])])
    f.case("linear", "with a bias", [r(3, 5), r(4, 5), r(4)], [], F.linear)
    f.case("linear", "without", [r(3, 5), r(4, 5)], [], F.linear)
    f.case("linear", "a vector", [r(5), r(4, 5), r(4)], [], F.linear)
    f.case("linear", "a batch of sequences", [r(2, 3, 5), r(4, 5), r(4)], [], F.linear)
    f.case("linear", "a transposed weight", [r(3, 5), r(5, 4, view=T), r(4)], [], F.linear)
    for equation, shapes_ in (
        ("ij,jk->ik", [(2, 3), (3, 4)]),
        ("ij,jk", [(2, 3), (3, 4)]),
        ("bij,bjk->bik", [(2, 2, 3), (2, 3, 2)]),
        ("i,j->ij", [(3,), (4,)]),
        ("i,i->", [(4,), (4,)]),
        ("ij->ji", [(2, 3)]),
        ("ij->j", [(2, 3)]),
        ("ij->", [(2, 3)]),
        ("ii->i", [(3, 3)]),
        ("ii", [(3, 3)]),
        ("ba", [(2, 3)]),
        ("ij,ij->ij", [(2, 3), (2, 3)]),
        ("i...,i...->...", [(3, 2, 2), (3, 2, 2)]),
        ("...ij,...jk->...ik", [(2, 1, 2, 3), (3, 3, 2)]),
        ("bhqd,bhkd->bhqk", [(2, 2, 3, 4), (2, 2, 2, 4)]),
        ("ij,jk,kl->il", [(2, 3), (3, 2), (2, 4)]),
        ("bi,oij,bj->bo", [(2, 3), (2, 3, 4), (2, 4)]),
        (" i j , j -> i ", [(2, 3), (3,)]),
        ("ij,kl->ikjl", [(2, 2), (2, 3)]),
    ):
        f.case("einsum", equation, [r(*s) for s in shapes_], [equation], lambda *x, equation=equation: torch.einsum(equation, *x))
    f.case("einsum", "a size of 0", [r(2, 3), r(2, 3, 0), r(2, 0)], ["bi,oij,bj->bo"], lambda *x: torch.einsum("bi,oij,bj->bo", *x))
    f.case("einsum", "of views", [r(3, 2, view=T), r(4, 3, view=T)], ["ij,jk->ki"], lambda *x: torch.einsum("ij,jk->ki", *x))
    f.save()


def conv():
    f = Family("conv", HERE, 4e-6, "sums of up to some dozens of products around 1 that partly cancel: rounding is relative to the terms")

    def case(op, name, x, w, bias=None, options=None, view=()):
        keywords = {{"outputPadding": "output_padding"}.get(k, k): v for k, v in (options or {}).items()}
        fn = getattr(F, {"convTranspose1d": "conv_transpose1d", "convTranspose2d": "conv_transpose2d", "convTranspose3d": "conv_transpose3d"}.get(op, op))
        inputs = [r(*x, view=view), r(*w)] + ([r(bias)] if bias else [])
        f.case(op, name, inputs, [options] if options else [], lambda *a: fn(*a, **keywords))

    case("conv1d", "plain", (2, 3, 8), (4, 3, 3))
    case("conv1d", "bias, stride, padding", (2, 3, 9), (4, 3, 3), 4, {"stride": 2, "padding": 1})
    case("conv1d", "dilation and groups", (1, 4, 11), (6, 2, 3), 6, {"dilation": 2, "groups": 2, "padding": 2})
    case("conv1d", "unbatched", (3, 8), (2, 3, 3), 2)
    case("conv1d", "a kernel as wide as the input", (2, 2, 5), (3, 2, 5))
    case("conv2d", "plain", (2, 3, 5, 6), (4, 3, 3, 3))
    case("conv2d", "bias and padding", (2, 3, 5, 7), (4, 3, 3, 3), 4, {"padding": 1})
    case("conv2d", "stride", (2, 2, 7, 8), (3, 2, 3, 3), 3, {"stride": 2})
    case("conv2d", "stride and padding, last row unused", (1, 2, 8, 8), (3, 2, 3, 3), None, {"stride": 3, "padding": 1})
    case("conv2d", "unequal kernel, stride, padding, dilation", (2, 2, 9, 8), (3, 2, 3, 2), 3, {"stride": [2, 1], "padding": [1, 2], "dilation": [2, 3]})
    case("conv2d", "dilation", (1, 2, 8, 9), (2, 2, 3, 3), None, {"dilation": 2})
    case("conv2d", "groups", (2, 4, 5, 5), (6, 2, 3, 3), 6, {"groups": 2, "padding": 1})
    case("conv2d", "depthwise", (2, 3, 5, 6), (3, 1, 3, 3), 3, {"groups": 3, "padding": 1})
    case("conv2d", "depthwise with a multiplier and stride", (1, 3, 6, 6), (6, 1, 3, 3), None, {"groups": 3, "stride": 2, "padding": 1})
    case("conv2d", "1x1", (2, 5, 4, 3), (3, 5, 1, 1), 3)
    case("conv2d", "1x1 with stride", (2, 3, 5, 5), (2, 3, 1, 1), None, {"stride": 2})
    case("conv2d", "5x5 with padding", (1, 2, 7, 6), (2, 2, 5, 5), 2, {"padding": 2})
    case("conv2d", "padding above the kernel's half", (1, 1, 3, 4), (2, 1, 3, 3), None, {"padding": 2})
    case("conv2d", "even kernel, same padding", (1, 2, 5, 6), (2, 2, 2, 4), None, {"padding": "same"})
    case("conv2d", "valid padding", (1, 2, 5, 5), (2, 2, 3, 3), None, {"padding": "valid"})
    case("conv2d", "stride above the kernel", (1, 2, 7, 7), (2, 2, 2, 2), 2, {"stride": 3})
    case("conv2d", "one pixel", (2, 3, 3, 3), (5, 3, 3, 3), 5)
    case("conv2d", "unbatched", (2, 5, 5), (3, 2, 3, 3), 3, {"padding": 1})
    case("conv2d", "an empty batch", (0, 2, 5, 5), (3, 2, 3, 3), 3)
    case("conv2d", "an input stored channels last", (2, 5, 6, 3), (4, 3, 3, 3), 4, {"padding": 1}, view=[["permute", [0, 3, 1, 2]]])
    case("conv2d", "a sliced input", (2, 2, 9, 12), (3, 2, 3, 3), None, {"padding": 1}, view=[["slice", [None, None, [1, 9, 2], [0, 12, 2]]]])
    case("conv2d", "tails of every tile", (1, 5, 11, 13), (7, 5, 3, 3), 7, {"padding": 1})
    case("conv2d", "channels above a tile", (1, 17, 4, 5), (9, 17, 3, 3), None, {"padding": 1})
    f.case("conv2d", "a permuted weight", [r(1, 2, 5, 5), r(2, 3, 3, 3, view=[["permute", [1, 0, 3, 2]]])], [], lambda x, w: F.conv2d(x, w))
    case("conv3d", "plain", (1, 2, 4, 4, 5), (3, 2, 2, 3, 3))
    case("conv3d", "bias, stride, padding", (2, 2, 4, 5, 5), (2, 2, 3, 3, 3), 2, {"stride": 2, "padding": 1})
    case("conv3d", "unequal options and groups", (1, 4, 5, 4, 6), (4, 2, 2, 2, 3), 4, {"stride": [1, 2, 1], "padding": [0, 1, 1], "dilation": [2, 1, 2], "groups": 2})
    case("convTranspose1d", "plain", (2, 3, 5), (3, 4, 3))
    case("convTranspose1d", "bias, stride, padding, output padding", (2, 3, 4), (3, 2, 3), 2, {"stride": 2, "padding": 1, "outputPadding": 1})
    case("convTranspose1d", "groups and dilation", (1, 4, 4), (4, 2, 3), 4, {"groups": 2, "dilation": 2})
    case("convTranspose1d", "unbatched", (3, 4), (3, 2, 3), 2)
    case("convTranspose2d", "plain", (2, 3, 4, 5), (3, 4, 3, 3))
    case("convTranspose2d", "bias, stride, padding", (2, 3, 4, 3), (3, 2, 3, 3), 2, {"stride": 2, "padding": 1})
    case("convTranspose2d", "output padding", (1, 2, 4, 4), (2, 3, 3, 3), 3, {"stride": 2, "padding": 1, "outputPadding": 1})
    case("convTranspose2d", "groups and dilation", (1, 4, 3, 4), (4, 2, 3, 2), 4, {"groups": 2, "dilation": 2})
    case("convTranspose2d", "unequal options", (1, 2, 3, 4), (2, 2, 3, 2), None, {"stride": [2, 3], "padding": [1, 0], "outputPadding": [1, 2], "dilation": [1, 2]})
    case("convTranspose2d", "2x2 doubling", (1, 3, 3, 3), (3, 2, 2, 2), 2, {"stride": 2})
    case("convTranspose2d", "unbatched", (2, 3, 3), (2, 2, 3, 3), 2)
    case("convTranspose2d", "an input stored channels last", (1, 3, 4, 2), (2, 3, 3, 3), 3, {"stride": 2}, view=[["permute", [0, 3, 1, 2]]])
    case("convTranspose3d", "plain", (2, 2, 2, 3, 2), (2, 3, 2, 3, 2))
    case("convTranspose3d", "bias, stride, padding, output padding", (1, 2, 3, 2, 2), (2, 2, 3, 3, 3), 2, {"stride": 2, "padding": 1, "outputPadding": 1})
    case("convTranspose3d", "unequal options and groups", (1, 4, 2, 3, 2), (4, 1, 3, 2, 2), 2, {"stride": [1, 3, 2], "padding": [2, 0, 1], "outputPadding": [1, 2, 0], "dilation": [2, 1, 3], "groups": 2})
    case("convTranspose3d", "stride above the kernel's depth", (1, 1, 3, 2, 2), (1, 2, 2, 1, 1), None, {"stride": [3, 1, 1]})
    case("convTranspose3d", "unbatched", (2, 2, 2, 2), (2, 2, 2, 2, 2), 2)
    f.save()


def pooling():
    f = Family("pooling", HERE, 1e-6, "averages and gradients are sums of a few numbers around 1")

    def case(op, name, x, *args):
        """With `returnIndices` positions are outputs too; the function is F's, as torch's own namesakes take less."""
        keywords = {snake(k): v for k, v in args[-1].items()} if isinstance(args[-1], dict) else {}
        f.case(op, name, [x], args, lambda x: getattr(F, snake(op))(x, args[0], **keywords))

    def image(*shape, view=()):
        """No ties, and numbers around 1 however many."""
        return distinct(*shape, step=round(4 / math.prod(shape), 3) if math.prod(shape) > 200 else 0.031, view=view)

    channels_last = [["permute", [0, 3, 1, 2]]]
    for name, shape, args in (
        ("2x2", (2, 2, 4, 6), [2]),
        ("an odd input drops its last row", (1, 2, 5, 5), [2]),
        ("overlapping windows", (1, 2, 6, 6), [3, {"stride": 2, "padding": 1}]),
        ("unequal", (1, 2, 7, 8), [[3, 2], {"stride": [2, 1], "padding": [1, 0]}]),
        ("dilation", (1, 2, 7, 8), [2, {"stride": 2, "dilation": 2}]),
        ("ceil mode", (1, 2, 5, 6), [2, {"ceilMode": True}]),
        ("ceil mode with padding", (1, 1, 5, 5), [3, {"stride": 3, "padding": 1, "ceilMode": True}]),
        ("ceil mode drops a window that starts in the padding", (1, 1, 4, 4), [2, {"stride": 3, "padding": 1, "ceilMode": True}]),
        ("ceil mode, a window larger than the input", (1, 1, 3, 2), [[4, 3], {"ceilMode": True}]),
        ("stride 1", (1, 1, 4, 5), [3, {"stride": 1}]),
        ("large windows", (1, 1, 12, 10), [[9, 8], {"stride": [2, 1], "padding": [4, 0]}]),
        ("one large window", (2, 1, 9, 9), [9]),
        ("large windows with dilation", (1, 1, 11, 10), [[4, 18], {"stride": 1, "padding": [1, 9], "dilation": [3, 1]}]),
        ("unbatched", (2, 4, 4), [2]),
    ):
        case("maxPool2d", name, image(*shape), *args)
        option = {**(args[1] if len(args) > 1 else {}), "returnIndices": True}
        case("maxPool2d", name + ", with indices", image(*shape), args[0], option)
    indices = {"returnIndices": True}
    case("maxPool2d", "a tie goes to the first", t([[[[1.0, 1, 2, 2], [1, 1, 2, 0], [0, 0, -1, -1], [0, 0, -1, -1]]]]), 2, indices)
    case("maxPool2d", "padding never wins", t([[[[-5.0, -6], [-7, -8]]]]), 2, {"padding": 1, **indices})
    infinite = [[-INF, -INF, -INF], [-INF, -3, -INF], [-INF, -INF, -INF], [-INF, -INF, -INF]]
    case("maxPool2d", "padding never wins, not even over minus infinity", t([[infinite]]), 3, {"padding": 1, "stride": 1, **indices})
    case("maxPool2d", "padding never wins over minus infinity with dilation", t([[infinite]]), [3, 2], {"padding": 1, "stride": 1, "dilation": 2, **indices})
    case("maxPool2d", "padding never wins over minus infinity in large windows", t([[infinite]]), [8, 9], {"padding": [3, 4], "stride": 1, **indices})
    case("maxPool2d", "NaN wins, the last of several, minus infinity can", t([[[[1.0, NAN, -INF, -INF], [NAN, 3, -INF, -INF]]]], grad=False), 2, indices)
    case("maxPool2d", "int32", t([[[[-5.0, -6], [-7, -8]]]], "int32"), 2, {"padding": 1})
    case("maxPool2d", "stored channels last", image(1, 4, 6, 3, view=channels_last), 2, indices)
    case("maxPool2d", "large windows, stored channels last", image(1, 10, 9, 2, view=channels_last), [9, 8], {"stride": 1, **indices})
    for name, shape, args in (
        ("windows of 2", (2, 2, 7), [2]),
        ("options", (1, 2, 9), [3, {"stride": 2, "padding": 1, "dilation": 2, "ceilMode": True}]),
        ("a window over everything", (2, 1, 80), [80]),
        ("large windows", (1, 1, 80), [70, {"stride": 3, "padding": 5}]),
        ("unbatched", (2, 6), [3]),
    ):
        case("maxPool1d", name, image(*shape), *args)
        option = {**(args[1] if len(args) > 1 else {}), "returnIndices": True}
        case("maxPool1d", name + ", with indices", image(*shape), args[0], option)
    case("maxPool1d", "lists of one", image(1, 1, 6), [3], {"stride": [1], "padding": [1]})
    for name, shape, args in (
        ("2x2x2", (1, 2, 4, 2, 3), [2]),
        ("options", (1, 1, 5, 6, 5), [[2, 3, 2], {"stride": [2, 1, 3], "padding": [1, 1, 0], "dilation": [2, 1, 3], "ceilMode": True}]),
        ("large windows", (1, 1, 5, 6, 5), [[4, 5, 4], {"stride": 1}]),
        ("unbatched", (2, 2, 4, 2), [2]),
    ):
        case("maxPool3d", name, image(*shape), args[0], {**(args[1] if len(args) > 1 else {}), "returnIndices": True})
    for name, shape, args in (
        ("2x2", (2, 2, 4, 6), [2]),
        ("an odd input drops its last row", (1, 2, 5, 5), [2]),
        ("padding counts", (1, 2, 5, 6), [3, {"stride": 2, "padding": 1}]),
        ("padding does not count", (1, 2, 5, 6), [3, {"stride": 2, "padding": 1, "countIncludePad": False}]),
        ("ceil mode", (1, 2, 5, 6), [2, {"ceilMode": True}]),
        ("ceil mode, padding counts but not beyond it", (1, 1, 5, 5), [3, {"stride": 3, "padding": 1, "ceilMode": True}]),
        ("ceil mode, padding does not count", (1, 1, 6, 6), [3, {"stride": 2, "padding": 1, "ceilMode": True, "countIncludePad": False}]),
        ("ceil mode, another divisor", (1, 1, 5, 5), [3, {"stride": 3, "padding": 1, "ceilMode": True, "divisorOverride": 5}]),
        ("another divisor", (1, 1, 4, 5), [2, {"divisorOverride": -3}]),
        ("unequal", (1, 1, 6, 7), [[2, 3], {"stride": [1, 2], "padding": [1, 0]}]),
        ("large windows", (1, 1, 10, 9), [[9, 8], {"stride": [2, 1], "padding": [4, 2]}]),
        ("large windows side by side", (1, 1, 18, 8), [[9, 8]]),
        ("unbatched", (2, 4, 4), [2]),
    ):
        case("avgPool2d", name, r(*shape), *args)
    case("avgPool2d", "stored channels last", r(1, 4, 6, 3, view=channels_last), 2)
    case("avgPool2d", "large windows, stored channels last", r(1, 10, 9, 2, view=channels_last), [9, 8], {"stride": 1})
    case("avgPool2d", "NaN and infinity stay in their windows", t([[[[1.0, NAN, 2, 3], [4, 5, 6, INF]]]], grad=False), 2)
    for name, shape, args in (
        ("windows of 2", (2, 2, 7), [2]),
        ("options", (1, 2, 10), [3, {"stride": 2, "padding": 1, "ceilMode": True, "countIncludePad": False}]),
        ("padding counts", (1, 2, 8), [3, {"stride": 2, "padding": 1, "ceilMode": True}]),
        ("a window over everything", (2, 1, 80), [80]),
        ("lists of one", (1, 1, 6), [[3], {"stride": [1], "padding": [1]}]),
        ("unbatched", (2, 6), [3]),
    ):
        case("avgPool1d", name, r(*shape), *args)
    for name, shape, args in (
        ("2x2x2", (1, 2, 4, 2, 3), [2]),
        ("options", (1, 1, 5, 6, 5), [[2, 3, 2], {"stride": [2, 1, 3], "padding": [1, 1, 0], "ceilMode": True, "countIncludePad": False}]),
        ("another divisor", (1, 1, 2, 3, 4), [[2, 1, 2], {"stride": 1, "divisorOverride": 3}]),
        ("large windows", (1, 1, 5, 6, 5), [[4, 5, 4], {"stride": 1}]),
        ("unbatched", (2, 2, 4, 2), [2]),
    ):
        case("avgPool3d", name, r(*shape), *args)
    for name, shape, size in (
        ("to one", (2, 3, 4, 5), 1),
        ("dividing", (1, 2, 4, 6), [2, 3]),
        ("dividing along one dimension", (1, 2, 4, 5), [2, 3]),
        ("not dividing: windows overlap", (1, 2, 7, 5), [3, 4]),
        ("the same size", (1, 1, 3, 3), 3),
        ("larger than the input", (1, 1, 2, 3), [3, 5]),
        ("a size that stays", (1, 2, 5, 4), [2, None]),
        ("unbatched", (2, 5, 5), 2),
    ):
        case("adaptiveAvgPool2d", name, r(*shape), size)
        case("adaptiveMaxPool2d", name, image(*shape), size)
        case("adaptiveMaxPool2d", name + ", with indices", image(*shape), size, indices)
    for op in ("adaptiveAvgPool2d", "adaptiveMaxPool2d"):
        case(op, "stored channels last", image(1, 5, 5, 2, view=channels_last), 2)
        case(op, "NaN and infinities stay in their windows", t([[[[1.0, NAN, 2, 3, -4], [4, 5, 6, -INF, INF], [4, 5, 6, -INF, INF]]]], grad=False), [2, 3])
    case("adaptiveMaxPool2d", "a tie goes to the first", t([[[[1.0, 1, 2, 2, 2], [1, 1, 2, 0, 2], [0, 0, -1, -1, 2]]]]), [2, 3], indices)
    case("adaptiveMaxPool2d", "NaN wins, the last of several", t([[[[1.0, NAN, 2, 3, -4], [NAN, 5, 6, 7, NAN]]]], grad=False), [1, 3], indices)
    case("adaptiveMaxPool2d", "large windows", image(1, 1, 14, 11), [2, 1], indices)
    for name, shape, size in (
        ("to one", (2, 3, 5), 1),
        ("dividing", (1, 2, 6), 3),
        ("not dividing: windows overlap", (1, 2, 7), 3),
        ("a list of one", (1, 1, 5), [2]),
        ("unbatched", (2, 5), 4),
    ):
        case("adaptiveAvgPool1d", name, r(*shape), size)
        case("adaptiveMaxPool1d", name, image(*shape), size, indices)
    case("adaptiveMaxPool1d", "only the values", image(2, 7), 3)
    for name, shape, size in (
        ("to one", (2, 3, 2, 2, 2), 1),
        ("not dividing: windows overlap", (1, 1, 3, 5, 4), [2, 3, 3]),
        ("a size that stays, unbatched", (2, 3, 2, 5), [2, None, 3]),
    ):
        case("adaptiveAvgPool3d", name, r(*shape), size)
        case("adaptiveMaxPool3d", name, image(*shape), size, indices)

    def unpool(op, name, shape, kernel, options=None):
        """Puts back what a max pooling with the same options took out of a tensor of the shape."""
        keywords = dict(options or {})
        size = {"outputSize": list(shape[1:] if op[-2] == str(len(shape) - 1) else shape)} if keywords.pop("sized", False) else {}
        pool = getattr(F, snake(op.replace("Unp", "P")))
        state = random.Random(name)
        x = torch.tensor(state.sample(range(math.prod(shape)), math.prod(shape))).reshape(shape).float()
        positions = pool(x, kernel, **keywords, return_indices=True)[1]
        args = [kernel, {**keywords, **size}] if keywords or size else [kernel]
        fn = lambda x, at: getattr(F, snake(op))(x, at.long(), kernel, **keywords, **{snake(k): v for k, v in size.items()})
        f.case(op, name, [r(*positions.shape), t(positions.tolist(), "int32")], args, fn)

    unpool("maxUnpool1d", "windows of 2", (2, 2, 6), 2)
    unpool("maxUnpool1d", "the size that was, unbatched", (2, 7), 2, {"sized": True})
    unpool("maxUnpool2d", "2x2", (2, 1, 4, 6), 2)
    unpool("maxUnpool2d", "the size that was", (1, 2, 5, 5), 2, {"sized": True})
    unpool("maxUnpool2d", "overlapping windows: the last stays", (1, 1, 5, 7), 3, {"stride": [1, 2], "padding": [0, 1]})
    unpool("maxUnpool2d", "unbatched", (2, 4, 2), 2)
    unpool("maxUnpool3d", "unequal", (1, 2, 2, 4, 3), [2, 2, 1], {"stride": [2, 2, 1]})
    unpool("maxUnpool3d", "the size that was, unbatched", (1, 3, 3, 3), 2, {"sized": True})
    f.save()


def softmaxes():
    f = Family("softmax", HERE, 1e-6, "gradients are differences of terms around 1 that partly cancel")
    for op in ("softmax", "logSoftmax"):
        f.case(op, "the last dimension", [r(3, 5)], [-1])
        f.case(op, "the outer dimension", [r(4, 3)], [0])
        f.case(op, "a middle dimension", [r(2, 4, 3)], [1])
        f.case(op, "a transposed view", [r(5, 3, view=T)], [1])
        f.case(op, "large arguments", [t([[1000.0, 1001, 999], [-1000, -1000, -1003], [500, 0, -500]])], [1])
        f.case(op, "long rows", [r(2, 67, lo=-4, hi=4)], [1])
        f.case(op, "one entry", [r(3, 1)], [1])
        f.case(op, "a masked entry", [t([[-INF, 1.0, 2.0], [0.5, -INF, -INF]], grad=op == "softmax")], [1])
        f.case(op, "all masked, infinity, NaN", [t([[-INF, -INF], [INF, 1], [NAN, 1]], grad=False)], [1])
        f.case(op, "no elements", [r(0, 3)], [1])
        f.case(op, "a scalar", [r()], [0])
    f.save()


def sorting():
    f = Family("sorting", HERE)
    sort = lambda dim=-1, descending=False: (lambda x: torch.sort(x, dim=dim, descending=descending, stable=True))
    f.case("sort", "the last dimension by default", [distinct(3, 5)], [], sort())
    f.case("sort", "the outer dimension", [distinct(5, 3)], [0], sort(0))
    f.case("sort", "descending", [distinct(2, 7)], [1, {"descending": True}], sort(1, True))
    f.case("sort", "equal values keep their order", [t([[3.0, 1, 3, 1, 2], [0, 0, 0, 0, 0]])], [1], sort(1))
    f.case("sort", "equal values keep their order, descending", [t([[3.0, 1, 3, 1, 2], [0, 0, 0, 0, 0]])], [1, {"descending": True}], sort(1, True))
    f.case("sort", "NaN is the largest", [t([NAN, 1, -INF, INF, NAN, -2], grad=False)], [0], sort(0))
    f.case("sort", "NaN is the largest, descending", [t([1, NAN, -INF, INF, NAN, -2], grad=False)], [0, {"descending": True}], sort(0, True))
    f.case("sort", "zeros of both signs are equal", [t([0.0, -0.0, -1, -0.0, 0.0], grad=False)], [0], sort(0))
    f.case("sort", "int32", [i(2, 6)], [1], sort(1))
    f.case("sort", "uint8", [i(6, lo=0, hi=255, dtype="uint8")], [0], sort(0))
    f.case("sort", "bool", [b(6)], [0], sort(0))
    f.case("sort", "a transposed view", [distinct(4, 3, view=T)], [1], sort(1))
    f.case("sort", "long rows", [distinct(2, 67)], [1], sort(1))
    f.case("sort", "no elements", [r(2, 0)], [1], sort(1))
    f.case("sort", "a scalar", [r()], [], sort())
    f.case("topk", "the largest", [distinct(3, 6)], [2])
    f.case("topk", "the smallest of the outer dimension", [distinct(6, 2)], [3, {"dim": 0, "largest": False}])
    f.case("topk", "all", [distinct(4)], [4])
    f.case("topk", "none", [distinct(4)], [0])
    f.case("topk", "NaN is the largest", [t([1, NAN, 3, INF], grad=False)], [2])
    f.case("topk", "a transposed view", [distinct(5, 3, view=T)], [2])
    f.case("topk", "int32", [distinct(7, step=3, dtype="int32")], [3])
    f.save()


def interpolate():
    f = Family("interpolate", HERE, 1e-6, "weights are differences of coordinates around 1; gradients add a few numbers around 1")
    for name, shape, options in (
        ("nearest, doubled", (1, 2, 3, 4), {"scaleFactor": 2}),
        ("nearest by default, a size", (1, 2, 3, 4), {"size": [5, 6]}),
        ("nearest, smaller", (1, 1, 7, 6), {"size": [3, 4], "mode": "nearest"}),
        ("nearest, a fractional scale", (1, 1, 5, 4), {"scaleFactor": 1.5, "mode": "nearest"}),
        ("nearest, a scale below one", (1, 1, 7, 8), {"scaleFactor": [0.6, 0.5], "mode": "nearest"}),
        ("nearest, one dimension", (2, 2, 5), {"size": 8, "mode": "nearest"}),
        ("bilinear, doubled", (1, 2, 3, 4), {"scaleFactor": 2, "mode": "bilinear"}),
        ("bilinear, corners aligned", (1, 2, 3, 4), {"scaleFactor": 2, "mode": "bilinear", "alignCorners": True}),
        ("bilinear, a size", (2, 1, 4, 5), {"size": [7, 3], "mode": "bilinear"}),
        ("bilinear, a size, corners aligned", (1, 2, 4, 5), {"size": [7, 3], "mode": "bilinear", "alignCorners": True}),
        ("bilinear, a fractional scale", (1, 1, 5, 4), {"scaleFactor": 1.7, "mode": "bilinear"}),
        ("bilinear, a scale below one", (1, 1, 8, 7), {"scaleFactor": 0.6, "mode": "bilinear"}),
        ("bilinear, unequal scales", (1, 1, 3, 6), {"scaleFactor": [2, 0.5], "mode": "bilinear"}),
        ("bilinear, to one pixel, corners aligned", (1, 1, 3, 4), {"size": [1, 1], "mode": "bilinear", "alignCorners": True}),
        ("bilinear, from one pixel", (1, 2, 1, 1), {"size": [3, 2], "mode": "bilinear"}),
        ("bilinear, the same size", (1, 1, 3, 3), {"size": 3, "mode": "bilinear"}),
        ("nearest exact, a size", (1, 1, 7, 6), {"size": [3, 4], "mode": "nearest-exact"}),
        ("nearest exact, a fractional scale", (1, 1, 5, 4), {"scaleFactor": 1.7, "mode": "nearest-exact"}),
        ("nearest exact, three dimensions", (1, 1, 2, 3, 2), {"size": [3, 2, 4], "mode": "nearest-exact"}),
        ("nearest, three dimensions", (1, 1, 2, 3, 2), {"scaleFactor": [1, 2, 1.5]}),
        ("linear, doubled", (2, 2, 5), {"scaleFactor": 2, "mode": "linear"}),
        ("linear, corners aligned", (1, 2, 4), {"size": 7, "mode": "linear", "alignCorners": True}),
        ("linear, smaller", (1, 2, 7), {"scaleFactor": 0.6, "mode": "linear"}),
        ("trilinear, doubled", (1, 2, 2, 3, 2), {"scaleFactor": 2, "mode": "trilinear"}),
        ("trilinear, corners aligned", (1, 1, 2, 3, 4), {"size": [3, 2, 5], "mode": "trilinear", "alignCorners": True}),
        ("bicubic, doubled", (1, 2, 3, 4), {"scaleFactor": 2, "mode": "bicubic"}),
        ("bicubic, corners aligned", (1, 1, 5, 4), {"size": [7, 3], "mode": "bicubic", "alignCorners": True}),
        ("bicubic, a scale below one", (1, 1, 8, 7), {"scaleFactor": 0.6, "mode": "bicubic"}),
        ("bicubic, from one pixel", (1, 2, 1, 1), {"size": [3, 2], "mode": "bicubic"}),
    ):
        f.case("interpolate", name, [r(*shape)], [options])
    f.case("interpolate", "bilinear, stored channels last", [r(1, 3, 4, 2, view=[["permute", [0, 3, 1, 2]]])], [{"size": [5, 5], "mode": "bilinear"}])
    f.case("interpolate", "nearest, a sliced input", [r(1, 1, 6, 8, view=[["slice", [None, None, [0, 6, 2], [1, 8, 2]]]])], [{"scaleFactor": 2, "mode": "nearest"}])
    f.save()


def in_place():
    f = Family("in-place", HERE, 1e-6, "gradients of broadcast operands are sums of a few numbers around 1")

    def case(op, name, inputs, args=(), fn=None, view=()):
        change = fn or torch_call(op, list(args))

        def run(x, *rest):
            whole = x.clone()
            change(run_view(whole, view), *rest)
            return whole

        f.case(op, name, inputs, args, run, view=view)

    unary_ = [op for op in UNARY if op not in ("isnan", "isinf", "isfinite")]
    for op in unary_:
        lo, hi = UNARY[op][:2]
        # PyTorch's logical_not_ passes the gradient on as if nothing had happened; ours is 0, as that of every other logical op.
        grad = False if op == "logicalNot" else None
        case(op + "_", "float32", [r(2, 5, lo=lo, hi=hi, grad=grad)])
    for op in ("add", "sub", "mul", "div", "pow", "fmod", "remainder", "floorDivide", "atan2", "hypot"):
        base = dict(lo=0.2, hi=3)
        grad = {"grad": False} if op == "floorDivide" else {}
        case(op + "_", "a tensor", [r(2, 5, **base, **grad), r(2, 5, **base, **grad)])
        case(op + "_", "broadcast", [r(3, 4, **base, **grad), r(4, **base, **grad)])
        case(op + "_", "through a view", [r(3, 4, lo=0.2, hi=3, grad=False), r(3, **base, grad=False)], view=[["select", 1, 2]])
        if op not in ("atan2", "hypot"):
            case(op + "_", "a number", [r(6, **base, **grad)], [1.5])
    case("add_", "int32", [i(5), i(5)])
    case("mul_", "int32 and a whole number", [i(5)], [3])
    case("mul_", "the whole through a transposed view", [r(2, 3, grad=False), r(3, 2, grad=False)], view=[["transpose", 0, 1]])
    case("sub_", "through a strided slice", [r(9, grad=False), r(4, grad=False)], view=[["slice", [[1, 9, 2]]]])
    for op in ("eq", "ne", "lt", "le", "gt", "ge"):
        case(op + "_", "float32 stays float32", [r(6, grad=False)], [0.25])
    for op in ("logicalAnd", "logicalOr", "logicalXor"):
        case(op + "_", "bool", [b(6), b(6)])
    for op in ("bitwiseAnd", "bitwiseOr", "bitwiseXor"):
        case(op + "_", "int32", [i(6), i(6)])
    case("bitwiseNot_", "int32", [i(6)])
    case("clamp_", "both bounds", [r(3, 4)], [{"min": -0.5, "max": 0.75}])
    case("lerp_", "a number", [r(2, 3), r(2, 3)], [0.3])
    case("lerp_", "a tensor", [r(2, 3), r(2, 3), r(2, 3, lo=0.1, hi=0.9)])
    case("maskedFill_", "a number", [r(3, 4), b(3, 4)], [-2.5])
    case("maskedFill_", "through a view", [r(4, 3, grad=False), b(2, 3)], [1], view=[["narrow", 0, 1, 2]])
    case("scatterAdd_", "repeated indices add", [r(3, 5), t([[0, 1, 2, 0, 0]], "int32"), r(1, 5)], [0], lambda x, k, s: x.scatter_add_(0, k.long(), s))
    case("cumsum_", "rows", [r(2, 5)], [1])
    case("tril_", "square", [r(3, 3)])
    case("triu_", "above the diagonal", [r(3, 4)], [1])
    case("fill_", "a number", [r(2, 3)], [2.5])
    case("fill_", "through a view", [r(3, 4, grad=False)], [7], view=[["select", 0, 1]])
    case("zero_", "float32", [r(2, 3)])
    case("copy_", "the same shape", [r(2, 3), r(2, 3)])
    case("copy_", "broadcast", [r(2, 3), r(3)])
    case("copy_", "another dtype", [r(3, grad=False), i(3)])
    case("copy_", "float32 into int32 truncates", [i(3), t([1.9, -1.9, 0.5], grad=False)])
    case("copy_", "through a view", [r(3, 4, grad=False), r(2, 2, grad=False)], view=[["slice", [[0, 3, 2], [1, 3]]]])
    case("relu_", "float32", [r(2, 5)])
    case("leakyRelu_", "float32", [r(2, 5)], [], lambda x: F.leaky_relu_(x, 0.01))
    case("elu_", "float32", [r(2, 5)], [], lambda x: F.elu_(x))
    case("hardtanh_", "float32", [r(2, 5)], [], lambda x: F.hardtanh_(x))
    f.save()


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    for family in (creation, casts, unary, binary, activations, promotion, reductions, indexing, views, joining, matmul, conv, pooling, softmaxes, sorting, interpolate, in_place):
        family()


if __name__ == "__main__":
    main()
