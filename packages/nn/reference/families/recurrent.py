from modules import Modules


def cases():
    f = Modules("recurrent")
    for kind in ("RNN", "GRU", "LSTM"):
        def states(*shape):
            return [shape, shape] if kind == "LSTM" else shape

        f.case([kind, 2, 3], "one layer", (4, 2, 2))
        f.case([kind, 2, 2], "one layer, with a state", (3, 2, 2), states(1, 2, 2))
        f.case([kind, 2, 2, {"bias": False}], "no bias", (3, 2, 2))
        f.case([kind, 2, 2], "one step", (1, 2, 2), states(1, 2, 2))
        f.case([kind, 2, 2, {"numLayers": 2}], "two layers", (3, 2, 2), states(2, 2, 2))
        f.case([kind, 1, 2, {"batchFirst": True}], "batch first", (2, 3, 1), states(1, 2, 2))
        f.case([kind, 2, 2, {"bidirectional": True}], "both ways", (3, 2, 2), states(2, 2, 2))
        f.case([kind, 2, 2, {"numLayers": 2, "bidirectional": True, "batchFirst": True}], "two layers, both ways, batch first", (2, 2, 2))
        f.case([kind, 2, 2, {"numLayers": 2, "bidirectional": True, "bias": False}], "two layers, both ways, no bias, with a state", (2, 1, 2), states(4, 1, 2))
        f.case([kind, 2, 2, {"numLayers": 2, "dropout": 0.5}], "dropout rests in eval mode", (2, 2, 2), modes="e")
        f.case([kind, 2, 2], "unbatched", (3, 2))
        f.case([kind, 2, 2, {"numLayers": 2, "bidirectional": True, "batchFirst": True}], "unbatched, all options, with a state", (3, 2), states(4, 2))
        f.case([kind, 1, 2], "no sequences", (2, 0, 1))
    f.case(["RNN", 2, 3, {"nonlinearity": "relu"}], "relu", (3, 2, 2), (1, 2, 3))
    options = {"projSize": 2}
    f.case(["LSTM", 2, 3, options], "projection", (3, 2, 2), [(1, 2, 2), (1, 2, 3)])
    f.case(["LSTM", 2, 3, {**options, "bias": False}], "projection, no bias", (3, 2, 2))
    both = {**options, "numLayers": 2, "bidirectional": True}
    f.case(["LSTM", 2, 3, both], "projection, two layers, both ways", (3, 2, 2), [(4, 2, 2), (4, 2, 3)])
    f.case(["LSTM", 2, 3, both], "projection, unbatched", (2, 2))
    f.save()
