from modules import Modules
from vectors import r, t


def cases():
    f = Modules("transformer", 3e-6, "normalized sums of some dozens of terms around 1 that partly cancel: rounding is relative to the terms")
    train = {"dimFeedforward": 3, "dropout": 0}
    kind = ["TransformerEncoderLayer", 4, 2]
    padding = t([[0, 0, 1], [0, 1, 1]], "bool")
    causal = t([[0, 1, 1], [0, 0, 1], [0, 0, 0]], "bool")
    f.case([*kind, train], "plain", (3, 2, 4))
    f.case([*kind, {**train, "activation": "gelu", "batchFirst": True, "layerNormEps": 0.01}], "gelu, batch first, another eps", (2, 3, 4))
    f.case([*kind, {**train, "normFirst": True}], "normalized first", (3, 2, 4))
    f.case([*kind, {**train, "bias": False}], "no biases", (3, 2, 4))
    f.case([*kind, {"dimFeedforward": 3}], "eval drops nothing", (3, 2, 4), modes="e")
    f.case([*kind, train], "no batch", (3, 4), named={"srcMask": r(3, 3)})
    f.case([*kind, {**train, "batchFirst": True}], "masks", (2, 3, 4), named={"srcMask": causal, "srcKeyPaddingMask": padding})
    f.case([*kind, train], "causal", (3, 2, 4), named={"srcMask": causal, "isCausal": True})

    def layers(name, options, count, norm=False):
        layer = {"factory": [f"{name}Layer", 4, 2, options]}
        return [name, layer, count, *([{"norm": ["LayerNorm", 4]}] if norm else [])]

    f.case(layers("TransformerEncoder", train, 2), "two layers", (3, 2, 4))
    first = {**train, "normFirst": True, "batchFirst": True}
    masks = {"mask": causal, "srcKeyPaddingMask": padding}
    f.case(layers("TransformerEncoder", first, 2, True), "normalized first and at the end, masks", (2, 3, 4), named=masks)

    kind = ["TransformerDecoderLayer", 4, 2]
    f.case([*kind, train], "plain", (3, 2, 4), (2, 2, 4))
    f.case([*kind, {**train, "activation": "gelu", "normFirst": True, "bias": False}], "gelu, normalized first, no biases", (3, 2, 4), (2, 2, 4))
    f.case([*kind, {"dimFeedforward": 3}], "eval drops nothing", (3, 2, 4), (2, 2, 4), modes="e")
    f.case([*kind, train], "no batch", (3, 4), (2, 4), named={"memoryMask": r(3, 2)})
    every = {
        "tgtMask": causal,
        "memoryMask": t([[0, 1], [0, 0], [1, 0]], "bool"),
        "tgtKeyPaddingMask": padding,
        "memoryKeyPaddingMask": t([[0, 1], [0, 0]], "bool"),
    }
    f.case([*kind, {**train, "batchFirst": True}], "masks", (2, 3, 4), (2, 2, 4), named=every)
    square = t([[0, 1, 1], [0, 0, 1], [0, 0, 0]], "bool")
    hints = {"tgtMask": square, "tgtIsCausal": True, "memoryMask": square, "memoryIsCausal": True}
    f.case([*kind, train], "causal", (3, 2, 4), (3, 2, 4), named=hints)
    f.case(layers("TransformerDecoder", train, 2), "two layers", (3, 2, 4), (2, 2, 4), named={"tgtMask": causal, "tgtIsCausal": True})
    f.case(layers("TransformerDecoder", first, 2, True), "normalized first and at the end, masks", (2, 3, 4), (2, 2, 4), named=every)

    whole = {**train, "numEncoderLayers": 1, "numDecoderLayers": 1}
    f.case(["Transformer", 4, 2, whole], "plain", (2, 2, 4), (3, 2, 4))
    everything = {**every, "srcMask": r(2, 2), "srcKeyPaddingMask": t([[0, 1], [0, 0]], "bool")}
    f.case(["Transformer", 4, 2, {**whole, "batchFirst": True, "normFirst": True}], "masks", (2, 2, 4), (2, 3, 4), named=everything)
    f.save()
