"""Writes safetensors.json: files of the Python package safetensors with what is in them, what it says of malformed ones, and how torch
converts short floats. Usage: python3 generate_safetensors.py > safetensors.json (torch 2.13.0, safetensors 0.8.0)
"""
import base64, hashlib, json, struct
import torch
from safetensors import SafetensorError, deserialize
from safetensors.torch import save

FLOAT8 = ["float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "float8_e8m0fnu"]
SHORT = ["float16", "bfloat16", *FLOAT8]


def text(data):
    return base64.b64encode(bytes(data)).decode()


def number(value):
    """JSON has no infinities, no NaN and no -0; integers beyond 2^53 are text, too."""
    if isinstance(value, complex):
        return [number(value.real), number(value.imag)]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf")) or str(value) == "-0.0"):
        return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN", "-0.0": "-0"}[str(value)]
    return str(value) if isinstance(value, int) and abs(value) > 2**53 else value


def numbers(tensor):
    if tensor.dtype == torch.float4_e2m1fn_x2:
        return tensor.view(torch.uint8).flatten().tolist()
    if str(tensor.dtype).removeprefix("torch.") in SHORT:
        tensor = tensor.to(torch.float64)
    return [number(value) for value in tensor.flatten().tolist()]


def written(title, tensors, metadata=None):
    described = {
        name: {"dtype": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape), "values": numbers(tensor)}
        for name, tensor in tensors.items()
    }
    return {"title": title, "file": text(save(tensors, metadata)), "metadata": metadata or {}, "tensors": list(described.items())}


def every_dtype():
    bits = torch.arange(0, 256, 17, dtype=torch.uint8)
    tensors = {name: bits.clone().view(getattr(torch, name)).reshape(4, 4) for name in FLOAT8}
    tensors["float4_e2m1fn_x2"] = bits.clone().view(torch.float4_e2m1fn_x2).reshape(4, 4)
    reals = [0.0, -0.0, 1.5, -2.25, float("inf"), float("-inf"), float("nan"), 3e-7]
    for name in ["float64", "float32", "float16", "bfloat16"]:
        tensors[name] = torch.tensor(reals, dtype=getattr(torch, name)).reshape(2, 4)
    tensors["complex64"] = torch.tensor([1 + 2j, -0.5j], dtype=torch.complex64)
    for name in ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64"]:
        info = torch.iinfo(getattr(torch, name))
        tensors[name] = torch.tensor([info.min, 0, 1, info.max], dtype=getattr(torch, name))
    tensors["bool"] = torch.tensor([True, False, True])
    return tensors


def file(header, data=b""):
    header = header if isinstance(header, bytes) else header.encode()
    return struct.pack("<Q", len(header)) + header + data


def entry(dtype="F32", shape="[1]", offsets="[0,4]", more=""):
    return f'{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}{more}}}'


def one(data=b"abcd", **fields):
    return file(f'{{"a":{entry(**fields)}}}', data)


def malformed():
    """Where the text of the format is stricter than the package, `strict` says so: we refuse what it accepts."""
    two = f'{{"a":{entry()},"b":{entry(offsets="[4,8]")}}}'
    cases = {
        "nothing": b"",
        "seven bytes": b"\0" * 7,
        "no header": b"\0" * 8,
        "a header beyond 100 MB": struct.pack("<Q", 100_000_001) + b"{}",
        "a header of 2^64 - 1 bytes": struct.pack("<Q", 2**64 - 1) + b"{}",
        "a header longer than the file": struct.pack("<Q", 9) + b"{}      ",
        "no UTF-8": file(b'{"\xff":1}'),
        "a BOM": file(b"\xef\xbb\xbf{}"),
        "no JSON": file("{,}"),
        "an array": file("[]"),
        "two objects": file("{}{}"),
        "a NUL after the object": file("{}\0"),
        "a single quote": file("{'a':1}"),
        "a comma too many": file(f'{{"a":{entry()},}}', b"abcd"),
        "no comma": file(f'{{"a":{entry()} "b":{entry(offsets="[4,8]")}}}', b"abcdefgh"),
        "an entry that is a number": file('{"a":1}'),
        "an entry that is null": file('{"a":null}'),
        "an entry without dtype": file('{"a":{"shape":[1],"data_offsets":[0,4]}}', b"abcd"),
        "an entry without shape": file('{"a":{"dtype":"F32","data_offsets":[0,4]}}', b"abcd"),
        "an entry without data_offsets": file('{"a":{"dtype":"F32","shape":[1]}}', b"abcd"),
        "a field twice": one(more=',"dtype":"F32"'),
        "an unknown dtype": one(dtype="F33"),
        "a dtype in lower case": one(dtype="f32"),
        "a size that is 1.0": one(shape="[1.0]"),
        "a size that is 1e0": one(shape="[1e0]"),
        "a size that is -1": one(shape="[-1]"),
        "a size that is 01": one(shape="[01]"),
        "a size that is text": one(shape='["1"]'),
        "a shape that is a number": one(shape="1"),
        "a shape that is null": one(shape="null"),
        "one offset": one(offsets="[0]"),
        "three offsets": one(offsets="[0,4,8]"),
        "an offset that is 4.0": one(offsets="[0,4.0]"),
        "offsets in the wrong order": one(offsets="[4,0]"),
        "an offset beyond 2^64": one(offsets="[0,18446744073709551616]"),
        "an offset of 2^53": one(offsets="[0,9007199254740992]"),
        "fewer bytes than the shape": one(shape="[2]"),
        "more bytes than the shape": one(shape="[0]"),
        "a product beyond 2^64": one(shape="[4294967296,4294967296,4]"),
        "a product that wraps round to 4 bytes": one(shape="[9223372036854775809,2]", dtype="U16"),
        "half a byte": one(dtype="F4", shape="[1]", offsets="[0,1]", data=b"a"),
        "6 bits": one(dtype="F6_E2M3", shape="[1]", offsets="[0,1]", data=b"a"),
        "a hole at the beginning": one(offsets="[4,8]", data=b"abcdefgh"),
        "a hole": file(f'{{"a":{entry()},"b":{entry(offsets="[8,12]")}}}', b"abcdefghijkl"),
        "an overlap": file(f'{{"a":{entry(shape="[2]", offsets="[0,8]")},"b":{entry(offsets="[4,8]")}}}', b"abcdefgh"),
        "the same bytes twice": file(f'{{"a":{entry()},"b":{entry()}}}', b"abcd"),
        "a byte after the data": file(two, b"abcdefghi"),
        "data that are cut short": file(two, b"abcdefg"),
        "metadata that are numbers": file('{"__metadata__":{"a":1}}'),
        "metadata that are an array": file('{"__metadata__":["a"]}'),
        "metadata twice": file('{"__metadata__":{"a":"b"},"__metadata__":{"a":"b"}}'),
        "half of a surrogate pair": file(f'{{"\\ud800":{entry()}}}', b"abcd"),
        "a line break in a name": file(f'{{"a\nb":{entry()}}}', b"abcd"),
        "an unknown escape": file(f'{{"\\x41":{entry()}}}', b"abcd"),
        "arrays 200 deep": one(more=',"x":' + "[" * 200 + "]" * 200),
    }
    strict = {
        "a space in front": file(" {}"),
        "padding by line breaks": file("{}\n\n"),
        "a name twice": file(f'{{"a":{entry()},"a":{entry()}}}', b"abcd"),
        "a name twice, once escaped": file(f'{{"a":{entry()},"\\u0061":{entry()}}}', b"abcd"),
        "a key of the metadata twice": file('{"__metadata__":{"a":"b","a":"c"}}'),
        "an unknown field twice": one(more=',"x":1,"x":2'),
        "empty, of 2^53 or more": one(shape="[9007199254740992,0]", offsets="[0,0]", data=b""),
    }
    return [(title, data, False) for title, data in cases.items()] + [(title, data, True) for title, data in strict.items()]


def allowed():
    """Unusual files that the package takes, and we do."""
    return {
        "an empty object": file("{}"),
        "padding by spaces": file("{}      "),
        "null as metadata": file('{"__metadata__":null}'),
        "no metadata in metadata": file('{"__metadata__":{}}'),
        "an empty name": file(f'{{"":{entry()}}}', b"abcd"),
        "names in any order": file(f'{{"b":{entry(offsets="[4,8]")},"a":{entry()}}}', b"abcdefgh"),
        "unknown fields": one(more=',"x":[{"y":-1.5e3,"z":[true,false,null,"\\u00e9\\\\"]}]'),
        "white space between": file('{ "a" :\t{ "dtype" : "F32" , "shape" : [ 1 ] ,\r\n"data_offsets" : [ 0 , 4 ] } }', b"abcd"),
        "empty tensors": file(f'{{"a":{entry(shape="[0]", offsets="[0,0]")},"b":{entry()},"c":{entry(shape="[3,0,2]", offsets="[4,4]")}}}', b"abcd"),
        "bool of other bytes than 0 and 1": one(dtype="BOOL", shape="[4]"),
        "numbers out of alignment": file(f'{{"a":{entry(dtype="U8", offsets="[0,1]")},"b":{entry(offsets="[1,5]")}}}', b"abcde"),
        "dtypes of 6 bits": one(dtype="F6_E3M2", shape="[4]", offsets="[0,3]", data=b"abc"),
    }


def verdict(data):
    try:
        deserialize(bytes(data))
        return None
    except SafetensorError as error:
        return str(error)[:200]


def judged():
    refused = []
    for title, data, strict in malformed():
        says = verdict(data)
        assert (says is None) == strict, (title, says)
        refused.append({"title": title, "file": text(data), "package": says})
    for title, data in allowed().items():
        assert verdict(data) is None, title
    return {"refused": refused, "allowed": [{"title": title, "file": text(data)} for title, data in allowed().items()]}


def digest(tensor):
    return hashlib.sha256(tensor.contiguous().numpy().tobytes()).hexdigest()


def widened():
    """Every pattern as float32: of 16 bits a digest, all NaN alike."""
    result = {}
    for name in SHORT:
        bits = torch.arange(65536).to(torch.uint16) if name in ("float16", "bfloat16") else torch.arange(256).to(torch.uint8)
        values = bits.view(getattr(torch, name)).to(torch.float32)
        values[values.isnan()] = float("nan")
        result[name] = digest(values.view(torch.int32)) if bits.numel() > 256 else [number(value) for value in values.tolist()]
    return result


def narrowed():
    """Each float32 between two neighbours that decides the rounding: halfway, and the next to either side; and every neighbour itself."""
    result = {}
    for name, infinity in [("float16", 0x7C00), ("bfloat16", 0x7F80)]:
        bits = torch.arange(infinity).to(torch.uint16)
        values = bits.view(getattr(torch, name)).to(torch.float32)
        # Beyond the largest, where the next would be, lies infinity.
        step = values[-1] - values[-2]
        halfway = torch.cat([(values[:-1].double() + values[1:].double()) / 2, (values[-1:].double() + step.double() / 2)]).float()
        patterns = halfway.view(torch.int32)
        inputs = torch.cat([values, halfway, (patterns - 1).view(torch.float32), (patterns + 1).view(torch.float32)])
        inputs = torch.cat([inputs, -inputs])
        result[name] = digest(inputs.to(getattr(torch, name)).view(torch.int16))
    return result


if __name__ == "__main__":
    odd = ["__proto__", "constructor", "toString", "", "10", "9", "a.b/c", "名前", "\U0001f600", "\ue000", "\"\\\b\f\n\r\t\x01\x7f", "hasOwnProperty"]
    files = [
        written("every dtype", every_dtype()),
        written("odd names", {name: torch.tensor([float(i)]) for i, name in enumerate(odd)}, {"__proto__": "a", "constructor": "名"}),
        written("scalars and empty tensors", {"scalar": torch.tensor(1.5), "none": torch.zeros(0), "2, 0, 3": torch.zeros(2, 0, 3, dtype=torch.int64)}),
        written("a view, of which only its own numbers are saved", {"middle": torch.arange(12.0).reshape(4, 3)[1:3]}),
        written("nothing", {}),
        written("metadata alone", {}, {"format": "pt"}),
    ]
    print(json.dumps({"files": files, **judged(), "widened": widened(), "narrowed": narrowed()}, separators=(",", ":")))
