"""Whole models, whose state dicts load by the names of their parts; ours are in test/models/."""

import torch
from modules import Modules
from vectors import t


class TextClassifier(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(9, 3, padding_idx=0)
        self.lstm = torch.nn.LSTM(3, 2, num_layers=2, bidirectional=True, batch_first=True)
        self.fc = torch.nn.Linear(4, 3)

    def forward(self, words):
        output, _ = self.lstm(self.embedding(words))
        return self.fc(output[:, -1])


def cases():
    f = Modules("models")
    f.case(["TextClassifier"], "embedding, two layers of LSTM both ways, linear", t([[0, 4, 7, 2], [5, 8, 8, 1]], "int32"), make=TextClassifier)
    f.save()
