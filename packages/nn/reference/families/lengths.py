"""Recurrent layers over sequences of several lengths in one batch: what packing them gives in PyTorch."""

from modules import Modules
from torch.nn import GRU, LSTM, RNN
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from vectors import t


def padded(kind, *args, **options):
    """A layer that takes `lengths`, as ours does."""

    class Padded(kind):
        def forward(self, x, hx, lengths):
            packed = pack_padded_sequence(x, lengths, batch_first=self.batch_first, enforce_sorted=False)
            output, last = super().forward(packed, hx)
            steps = x.shape[int(self.batch_first)]
            return pad_packed_sequence(output, batch_first=self.batch_first, total_length=steps)[0], last

    return lambda: Padded(*args, **options)


def cases():
    f = Modules("lengths")
    named = {"lengths": t([2, 4, 1], "int32")}
    many, python = {"numLayers": 2, "bidirectional": True, "batchFirst": True}, {"num_layers": 2, "bidirectional": True, "batch_first": True}
    for kind in (RNN, GRU, LSTM):
        name = kind.__name__
        start = [(4, 3, 2), (4, 3, 2)] if kind is LSTM else (4, 3, 2)
        f.case([name, 2, 2], "one layer", (4, 3, 2), None, named=named, make=padded(kind, 2, 2))
        f.case([name, 2, 2, many], "two layers, both ways, batch first, with a state", (3, 5, 2), start, named=named, make=padded(kind, 2, 2, **python))
    f.case(["LSTM", 2, 3, {"projSize": 2}], "projection", (4, 3, 2), [(1, 3, 2), (1, 3, 3)], named=named, make=padded(LSTM, 2, 3, proj_size=2))
    f.save()
