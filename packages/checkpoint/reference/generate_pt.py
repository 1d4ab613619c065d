# Writes reference/pt: files saved by PyTorch 2.13, and reference/pt.json: what PyTorch loads from each. The samples
# checkpoint.pt, dtypes.pt and legacy.pth were made with the project's first vectors, and stay as they are.
import json, os, re, struct, warnings, zipfile
from collections import Counter, OrderedDict

import torch
from torch import nn

from describe import Describe

warnings.simplefilter("ignore")
torch.manual_seed(0)
os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pt"))


expected = {}


def expect(file, value=None):
    """What PyTorch loads from a file; `value` where it cannot."""
    loaded = torch.load(file, weights_only=True, map_location="cpu") if value is None else value
    expected[file] = Describe()(loaded)


def save(file, value, **options):
    torch.save(value, file, **options)
    expect(file)


for sample in ("checkpoint.pt", "dtypes.pt", "legacy.pth"):
    expect(sample)

# Trainings.
model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
x = torch.randn(8, 3)


def train(optimizer, steps=3):
    for _ in range(steps):
        optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()


adam = torch.optim.Adam(
    [{"params": model[0].parameters()}, {"params": model[3].parameters(), "lr": 0.01}], lr=1e-3, amsgrad=True
)
train(adam)
save("adam.pt", adam.state_dict())
sgd = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True)
train(sgd)
save("sgd.pt", sgd.state_dict())
multi_step = torch.optim.lr_scheduler.MultiStepLR(sgd, [2, 2, 5], 0.1)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(sgd)
one_cycle = torch.optim.lr_scheduler.OneCycleLR(sgd, 1.0, 10)
save("schedulers.pt", [s.state_dict() for s in (multi_step, plateau, one_cycle)])
save("module.pt", {"model_state_dict": model.state_dict(), "optimizer_state_dict": sgd.state_dict(), "epoch": 3})

# Values.
save(
    "values.pt",
    {
        "ints": [0, 1, -1, 255, 256, 65535, 65536, -(2**31), 2**31, 2**53 - 1, 2**53, -(2**63), 2**64, 3**1000],
        "floats": [0.0, -0.0, 0.1, 1e308, 5e-324, float("inf"), float("-inf"), float("nan")],
        "strings": ["", "héllo", "日本 🎉", "a\nb\0c"],
        "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((),)],
        "keys": {1: "int", "1": "string", (1, 2): "tuple", 2.5: "float", None: "none", True + 1: "two"},
        "names": {"__proto__": 1, "constructor": 2, "toString": 3, "": 4, "a.b": 5},
        "numbers as names": {"10": 1, "2": 2},
        "ordered": OrderedDict([("z", 1), ("a", 2)]),
        "counter": Counter([3, 3, 5]),
        "set": {1, 2},
        "empty": [{}, [], (), set(), OrderedDict()],
        "bytes": b"\x00\x7f\x80\xff",
        "bytearray": bytearray(b"\x01\x02"),
        "complex": 1.5 - 2j,
        "size": torch.Size([2, 3]),
        "dtypes": [torch.float32, torch.bfloat16, torch.float8_e4m3fn, torch.bool, torch.complex32, torch.uint16],
        "devices": [torch.device("cpu"), torch.device("cuda:1"), torch.device("mps")],
        "nested": {"a": [{"b": ({"c": [None, True, False]},)}]},
    },
)
# PyTorch writes empty bytes in a way that it refuses to read.
torch.save([b""], "empty-bytes.pt")
expect("empty-bytes.pt", [b""])

# Tensors.
integers = (torch.uint8, torch.int8, torch.int16, torch.uint16, torch.int32, torch.uint32, torch.int64, torch.uint64)
floats = (torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64, torch.complex128)
short = (
    torch.float8_e4m3fn,
    torch.float8_e4m3fnuz,
    torch.float8_e5m2,
    torch.float8_e5m2fnuz,
    torch.float8_e8m0fnu,
)
every = {str(d)[6:]: torch.tensor([[1, 2, 4], [8, 64, 0.5 if d in floats else 0]]).to(d) for d in integers + floats + short}
every["bool"] = torch.tensor([True, False])
every["float4_e2m1fn_x2"] = torch.tensor([0x12, 0x9F], dtype=torch.uint8).view(torch.float4_e2m1fn_x2)
save("every-dtype.pt", {k: v for k, v in every.items() if not k.startswith("float4")})
torch.save(every["float4_e2m1fn_x2"], "float4.pt")
base = torch.arange(24, dtype=torch.float32)
parameter = nn.Parameter(torch.ones(2))
tied = nn.Parameter(torch.zeros(3))
with_attribute = nn.Parameter(torch.ones(1), requires_grad=False)
with_attribute.note = "kept by Python"
tensor_with_attribute = torch.ones(1)
tensor_with_attribute.note = "kept by Python"
complex_numbers = torch.tensor([1 + 2j, -3 - 4j])
views = {
    "base": base,
    "slice": base[2:8].view(2, 3),
    "transposed": base.view(4, 6).t(),
    "every other": base[1::2],
    "permuted": base.view(2, 3, 4).permute(2, 0, 1),
    "diagonal": base[:16].view(4, 4).diagonal(),
    "expanded": base[3:5].view(2, 1).expand(2, 3),
    "scalar": base[7],
    "empty": base[24:],
    "again": base,
}
views["the same object"] = views["slice"]
save("views.pt", views)
save(
    "tensors.pt",
    {
        "parameter": parameter,
        "tied": [tied, tied, tied.data],
        "frozen": nn.Parameter(torch.ones(2), requires_grad=False),
        "with attribute": with_attribute,
        "tensor with attribute": tensor_with_attribute,
        "requires grad": torch.ones(2, requires_grad=True),
        "conj": complex_numbers.conj(),
        "neg": complex_numbers.clone().conj().imag,
        "conj of a parameter": nn.Parameter(complex_numbers.conj()),
        "conj, transposed": torch.tensor([[1 + 2j, 3j], [4 - 1j, 5]]).t().conj(),
        "sparse": torch.sparse_coo_tensor([[0, 2], [1, 0]], [1.0, 2.0], (3, 2)).coalesce(),
        "hybrid": torch.sparse_coo_tensor([[0, 2, 2]], torch.ones(3, 2), (3, 2)),
        "meta": torch.zeros(2, 3, device="meta").t(),
        "nothing": torch.zeros(0, 3),
    },
)
save("storages.pt", [base.storage(), base, torch.arange(3, dtype=torch.uint8).untyped_storage()])
save("legacy-views.pth", views, _use_new_zipfile_serialization=False)
# PyTorch writes the newer dtypes in this format and cannot read them from it.
torch.save(every, "legacy-dtypes.pth", _use_new_zipfile_serialization=False)
expect("legacy-dtypes.pth", every)


# Archives that others have touched.
def rewrite(source, target, change=lambda name, data: data, drop=(), **options):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", **options) as new:
        for name in old.namelist():
            short = name.split("/", 1)[1]
            if short not in drop:
                entry = zipfile.ZipInfo(name)
                entry.compress_type = new.compression
                new.writestr(entry, change(short, old.read(name)))


every_other = ("byteorder", ".format_version", ".storage_alignment", ".data/serialization_id")
rewrite("views.pt", "by-zipfile.pt", drop=every_other)
expect("by-zipfile.pt")
rewrite("views.pt", "deflated.pt", compression=zipfile.ZIP_DEFLATED)
expect("deflated.pt")
torch.serialization.set_crc32_options(False)
save("no-crc.pt", views)
torch.serialization.set_crc32_options(True)
with open("trailing.pt", "wb") as file:
    file.write(open("sgd.pt", "rb").read() + b"\x00" * 100)
expect("trailing.pt")

swapped = {"Float": 4, "Double": 8, "Half": 2, "BFloat16": 2, "Long": 8, "Int": 4, "Short": 2, "ComplexFloat": 4, "ComplexDouble": 8}
plain = {k: v for k, v in every.items() if k not in ("uint16", "uint32", "uint64") and not k.startswith(("float8", "float4"))}
torch.save({**plain, "view": plain["int32"].t()}, "/tmp/big-endian-source.pt")
pickled = zipfile.ZipFile("/tmp/big-endian-source.pt").read("big-endian-source/data.pkl")
classes = re.findall(rb"ctorch\n(\w+)Storage\n", pickled)


def swap(name, data):
    if name == "byteorder":
        return b"big"
    if not name.startswith("data/"):
        return data
    size = swapped.get(classes[int(name[5:])].decode(), 1)
    return b"".join(data[i : i + size][::-1] for i in range(0, len(data), size))


rewrite("/tmp/big-endian-source.pt", "big-endian.pt", swap)
expect("big-endian.pt")


def on_gpu(location, module=b"torch"):
    def change(name, data):
        if name != "data.pkl":
            return data
        data = data.replace(b"ctorch\nFloatStorage", b"c" + module + b"\nFloatStorage")
        return data.replace(b"X\x03\x00\x00\x00cpu", b"X" + struct.pack("<I", len(location)) + location)

    return change


rewrite("sgd.pt", "cuda.pt", on_gpu(b"cuda:0"))
expect("cuda.pt")
rewrite("sgd.pt", "mps.pt", on_gpu(b"mps"))
expect("mps.pt", torch.load("sgd.pt"))
rewrite("sgd.pt", "old-cuda.pt", on_gpu(b"cuda:0", b"torch.cuda"))
expect("old-cuda.pt", torch.load("sgd.pt"))

lines = [f"{json.dumps(file)}: {json.dumps(value, ensure_ascii=False)}" for file, value in expected.items()]
with open("../pt.json", "w") as file:
    file.write('{"torch": "%s", "files": {\n%s\n}}\n' % (torch.__version__, ",\n".join(lines)))
