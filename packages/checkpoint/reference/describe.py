# Values that torch.load gives, as JSON; test/describe-value.ts describes those that loadPt gives.
import torch
from torch import nn


class Describe:
    """A value as JSON: what TypeScript's side describes likewise."""

    def __init__(self):
        self.storages = {}

    def __call__(self, value):
        if torch.is_tensor(value):
            return self.tensor(value)
        if isinstance(value, (torch.storage.TypedStorage, torch.UntypedStorage)):
            dtype = value.dtype if isinstance(value, torch.storage.TypedStorage) else torch.uint8
            untyped = value._untyped_storage if isinstance(value, torch.storage.TypedStorage) else value
            return self.tensor(torch.empty(0, dtype=dtype).set_(untyped, 0, (untyped.nbytes() // dtype.itemsize,)))
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, int):
            return value if abs(value) < 2**53 else {"int": str(value)}
        if isinstance(value, float):
            return value if value == value and abs(value) != float("inf") else {"float": str(value)}
        if isinstance(value, complex):
            return {"complex": [value.real, value.imag]}
        if isinstance(value, (bytes, bytearray)):
            return {"bytes": value.hex()}
        if isinstance(value, torch.dtype):
            return {"dtype": str(value)[6:]}
        if isinstance(value, torch.device):
            return {"device": [value.type, value.index]}
        if isinstance(value, dict):
            return {"dict": [[self(k), self(v)] for k, v in value.items()]}
        if isinstance(value, tuple):
            return {"tuple": [self(v) for v in value]}
        if isinstance(value, set):
            return {"set": sorted((self(v) for v in value), key=str)}
        assert isinstance(value, list), type(value)
        return [self(v) for v in value]

    def tensor(self, x):
        if x.layout == torch.sparse_coo:
            parts = [self(x._indices()), self(x._values())]
            return {"sparse": [*parts, list(x.shape), x.is_coalesced()]}
        dtype = str(x.dtype)[6:]
        if x.is_meta:
            return {"meta": [dtype, list(x.shape), list(x.stride()), x.requires_grad]}
        is_signed = x.is_conj() or x.is_neg()
        x_plain = x.detach().resolve_conj().resolve_neg().contiguous()
        data = bytes(x_plain.flatten().view(torch.uint8).tolist()) if x.numel() else b""
        pointer = x.untyped_storage().data_ptr() if x.untyped_storage().nbytes() else object()
        return {
            "tensor": dtype,
            "shape": list(x.shape),
            # Signs are put into the numbers, in memory of their own.
            "strides": list(x_plain.stride() if is_signed else x.stride()),
            "offset": 0 if is_signed else x.storage_offset(),
            "storage": self.storages.setdefault(object() if is_signed else pointer, len(self.storages)),
            "bytes": data.hex(),
            "requiresGrad": x.requires_grad,
            "isParameter": isinstance(x, nn.Parameter),
        }
