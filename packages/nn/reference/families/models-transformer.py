"""Models around a transformer's parts as people write them in PyTorch; ours are in test/models/."""

from modules import Modules, set_small_weights
from torch import nn
from vectors import t


class Tagger(nn.Module):
    """A label for each position."""

    def __init__(self, norm_first):
        super().__init__()
        self.proj = nn.Linear(3, 4)
        layer = nn.TransformerEncoderLayer(4, 2, dim_feedforward=6, activation="gelu", batch_first=True, norm_first=norm_first)
        self.encoder = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(4) if norm_first else None, enable_nested_tensor=False)
        self.fc = nn.Linear(4, 3)

    def forward(self, src, padding):
        return self.fc(self.encoder(self.proj(src), src_key_padding_mask=padding))


class Translator(nn.Module):
    """The next position of a sequence, from those before and another sequence."""

    def __init__(self, norm_first):
        super().__init__()
        self.src_proj = nn.Linear(3, 4)
        self.tgt_proj = nn.Linear(2, 4)
        sizes = dict(dim_feedforward=6, norm_first=norm_first)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, **sizes), 1, enable_nested_tensor=False)
        self.decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, **sizes), 2, norm=nn.LayerNorm(4))
        self.fc = nn.Linear(4, 2)

    def forward(self, src, tgt, src_padding, tgt_padding):
        memory = self.encoder(self.src_proj(src), src_key_padding_mask=src_padding)
        mask = nn.Transformer.generate_square_subsequent_mask(len(tgt), dtype=src.dtype)
        padding = dict(tgt_key_padding_mask=tgt_padding, memory_key_padding_mask=src_padding)
        return self.fc(self.decoder(self.tgt_proj(tgt), memory, tgt_mask=mask, tgt_is_causal=True, **padding))


def cases():
    why = "up to fifteen layers, each with sums of some terms around 1, normalized: later layers pass on the rounding of earlier ones"
    f = Modules("models-transformer", 3e-6, why)
    src_padding = t([[0, 0, 0, 1], [0, 0, 1, 1]], "bool")
    tgt_padding = t([[0, 0, 0], [0, 0, 1]], "bool")
    for first in (False, True):
        options = {"normFirst": first}
        name = "normalized first" if first else "normalized last"
        f.case(["Tagger", options], name, (2, 4, 3), src_padding, modes="e", make=lambda: Tagger(first), fill=set_small_weights)
        inputs = ((4, 2, 3), (3, 2, 2), src_padding, tgt_padding)
        f.case(["Translator", options], name, *inputs, modes="e", make=lambda: Translator(first), fill=set_small_weights)
    f.save()
