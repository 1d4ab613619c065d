"""Gradients by rows of embeddings with sparse=True, and what SparseAdam makes of them."""

import json
import random

import torch
from modules import HERE, build, numbers, set_weights, snake, state

WORDS = [1, 2, 4, 5, 4, 3, 2, 1]
OFFSETS = [0, 3, 3, 4]
LINES = [[1, 2, 4], [4, 0, 4], [3, 3, 3]]


def integers(data):
    return torch.tensor(data, dtype=torch.int64)


def rows(gradient):
    """Every row once, in ascending order."""
    assert gradient.is_sparse
    coalesced = gradient.coalesce()
    return f'{{"indices": {json.dumps(coalesced.indices()[0].tolist())}, "values": {numbers(coalesced.values())}}}'


def cases():
    lines = []

    def case(name, spec, *inputs, factors=None, passes=1):
        """
        Sums the outputs of a layer with `weights`, `passes` times, and takes a step of SparseAdam after each of them; gradients add up.

        inputs: lists of integers.
        factors: the perSampleWeights.
        """
        rng = random.Random(f"sparse-embedding/{name}")
        layer = build(spec).double()
        set_weights(layer, rng)
        optimizer = torch.optim.SparseAdam(layer.parameters(), lr=0.1)
        before, weights, steps = state(layer), None, []
        named = {} if factors is None else {snake("perSampleWeights"): torch.tensor(factors, dtype=torch.float64)}
        for _ in range(passes):
            output = layer(*map(integers, inputs), **named)
            if weights is None:
                weights = torch.tensor([round(rng.uniform(-1.5, 1.5), 3) for _ in range(output.numel())], dtype=torch.float64).reshape(output.shape)
            (output * weights).sum().backward()
            gradient = rows(layer.weight.grad)
            optimizer.step()
            steps.append(f'{{"gradient": {gradient}, "weight": {numbers(layer.weight)}}}')
        head = {"name": name, "layer": spec, "inputs": inputs, "factors": factors}
        lines.append(f'{json.dumps(head)[:-1]}, "stateDict": {before}, "weights": {numbers(weights)}, "steps": [{", ".join(steps)}]}}')

    sparse = {"sparse": True}
    case("a list, a word twice", ["Embedding", 6, 3, sparse], [4, 0, 4, 1])
    case("sentences", ["Embedding", 6, 3, sparse], LINES, passes=3)
    case("more words than rows", ["Embedding", 5, 2, sparse], [3, 1, 3, 0, 1, 1, 3, 0], passes=2)
    case("one word", ["Embedding", 6, 3, sparse], 4)
    case("no words", ["Embedding", 6, 3, sparse], [])
    case("padding", ["Embedding", 5, 2, {**sparse, "paddingIdx": 1}], [[0, 1, 3], [1, 4, 1]], passes=2)
    case("padding first, counted from the end", ["Embedding", 5, 2, {**sparse, "paddingIdx": -1}], [4, 1, 4, 0])
    case("norms up to 0.7", ["Embedding", 6, 3, {**sparse, "maxNorm": 0.7}], [4, 0, 4, 1], passes=2)
    for mode in ("sum", "mean"):
        option = {**sparse, "mode": mode}
        case(f"{mode} of lists, one empty", ["EmbeddingBag", 6, 3, option], WORDS, OFFSETS, passes=2)
        case(f"{mode} of lines", ["EmbeddingBag", 6, 3, option], LINES)
        case(f"{mode} without the padding, of lists", ["EmbeddingBag", 6, 3, {**option, "paddingIdx": 4}], WORDS, OFFSETS)
        case(f"{mode} without the padding, of lines", ["EmbeddingBag", 6, 3, {**option, "paddingIdx": -3}], LINES)
        case(f"{mode}, the last offset is an end", ["EmbeddingBag", 6, 3, {**option, "includeLastOffset": True}], WORDS, [0, 3, 3, 8])
    case("factors", ["EmbeddingBag", 6, 3, {**sparse, "mode": "sum"}], WORDS, OFFSETS, factors=[0.5, -1, 2, 1.5, 0.25, -0.5, 1, 3])
    head = json.dumps({"torch": torch.__version__.split("+")[0], "family": "sparse-embedding", "rtol": 1e-5, "atol": 1e-6, "why": "sums of a few numbers around 1, and steps of 0.1 times a quotient of two of them"})
    text = head[:-1] + ', "cases": [\n' + ",\n".join(lines) + "\n]}\n"
    json.loads(text)
    (HERE / "sparse-embedding.json").write_text(text)
    print(f"{'sparse-embedding':16} {len(lines):4} cases {len(text) / 1000:8.1f} kB")
