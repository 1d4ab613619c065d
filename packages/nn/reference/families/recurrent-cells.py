from modules import Modules


def cases():
    f = Modules("recurrent-cells")
    for kind in ("RNNCell", "GRUCell", "LSTMCell"):

        def states(*shape):
            return [shape, shape] if kind == "LSTMCell" else shape

        f.case([kind, 2, 3], "without a state", (2, 2))
        f.case([kind, 2, 3], "with a state", (2, 2), states(2, 3))
        f.case([kind, 2, 2, {"bias": False}], "no bias", (1, 2), states(1, 2))
        f.case([kind, 2, 3], "unbatched", (2,), states(3))
        f.case([kind, 1, 2], "unbatched, without a state", (1,))
    f.case(["RNNCell", 2, 3, {"nonlinearity": "relu"}], "relu", (2, 2), (2, 3))
    f.save()
