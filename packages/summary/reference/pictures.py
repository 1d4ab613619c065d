"""Records what PyTorch's SummaryWriter makes of pictures, boxes, sound and videos, and torchvision's make_grid.

    python packages/summary/reference/pictures.py

Needs torch, numpy, pillow and tensorboard. make_grid is stated anew below, in NumPy's float32, from torchvision's documentation and formula:
torchvision itself is not needed. Writes pictures.json beside this file. Recorded with torch 2.13.0, numpy 2.4.6, pillow 13.0.0.
"""

import base64
import io
import json
import math
import pathlib

import numpy as np
from PIL import Image
from torch.utils.tensorboard import summary
from torch.utils.tensorboard._utils import _prepare_video

random = np.random.default_rng(0)


def array(shape, low=-0.2, high=1.2):
    # In 64ths: exact in float32 and short in the file.
    return (random.integers(low * 64, high * 64, shape) / 64).astype(np.float32)


def plain(values):
    return {"shape": list(values.shape), "dtype": str(values.dtype), "data": values.ravel().tolist()}


def pixels(image):
    picture = np.array(Image.open(io.BytesIO(image.encoded_image_string)))
    return {"height": image.height, "width": image.width, "colorspace": image.colorspace, "pixels": plain(picture)}


def images():
    small = np.array([[0.999, 0.5, 1 / 255, 254.9999 / 255, 1.5, -0.5, 1.0, 0.0]], np.float32)
    cases = [
        ("anchors", small, "HW"),
        ("one channel", array((1, 3, 4)), "CHW"),
        ("three channels", array((3, 3, 4)), "CHW"),
        ("four channels", array((4, 3, 4)), "CHW"),
        ("last channels", array((3, 4, 3)), "HWC"),
        ("lower case", array((4, 3, 3)), "whc"),
        ("turned", array((4, 3)), "WH"),
        ("bytes", random.integers(0, 256, (3, 3, 4), np.uint8), "CHW"),
        ("integers", random.integers(-1, 3, (3, 2, 2), np.int32), "CHW"),
        ("batch", array((11, 3, 2, 3)), "NCHW"),
        ("gray batch", array((3, 1, 2, 3)), "NCHW"),
        ("batch in another order", array((2, 3, 3, 10)), "HWCN"),
    ]
    for name, values, formats in cases:
        image = summary.image("tag", values, dataformats=formats).value[0].image
        yield {"name": name, "image": plain(values), "dataformats": formats, "expected": pixels(image)}


def boxes():
    cases = [
        ("two boxes", [[3, 4, 10, 12], [8, 2, 20, 17]], 1),
        ("fractions", [[3.4, 4.6, 10.5, 11.5]], 1),
        ("beyond the edges", [[-2, 4, 10, 30]], 1),
        ("corners the other way", [[10, 12, 3, 4]], 1),
        ("larger", [[3, 4, 10, 12]], 1.5),
        ("smaller", [[3, 4, 10, 12]], 0.5),
    ]
    values = array((3, 20, 24))
    made = []
    for name, rows, rescale in cases:
        image = summary.image_boxes("tag", values, np.array(rows, np.float32), rescale=rescale).value[0].image
        made.append({"name": name, "boxes": rows, "rescale": rescale, "expected": pixels(image)})
    return {"image": plain(values), "cases": made}


def make_grid(t, nrow=8, padding=2, normalize=False, value_range=None, scale_each=False, pad_value=0.0):
    if t.ndim == 2:
        t = t[None]
    if t.ndim == 3:
        t = t[None]
    if t.shape[1] == 1:
        t = np.concatenate([t, t, t], 1)
    if normalize:
        t = t.copy()

        def spread(part):
            low, high = value_range if value_range is not None else (float(part.min()), float(part.max()))
            part[...] = (part.clip(np.float32(low), np.float32(high)) - np.float32(low)) / np.float32(max(high - low, 1e-5))

        if scale_each:
            for each in t:
                spread(each)
        else:
            spread(t)
    if t.shape[0] == 1:
        return t[0]
    n, c, h, w = t.shape
    columns = min(nrow, n)
    rows = math.ceil(n / columns)
    grid = np.full((c, (h + padding) * rows + padding, (w + padding) * columns + padding), pad_value, t.dtype)
    for i in range(n):
        top, left = (i // columns) * (h + padding) + padding, (i % columns) * (w + padding) + padding
        grid[:, top : top + h, left : left + w] = t[i]
    return grid


def grids():
    batch = array((5, 3, 2, 3), -2, 3)
    gray = array((3, 1, 2, 2))
    cases = [
        ("defaults", array((10, 3, 2, 2)), {}),
        ("options", batch, {"nrow": 2, "padding": 1, "pad_value": 0.5}),
        ("no padding", batch, {"nrow": 3, "padding": 0}),
        ("normalized together", batch, {"normalize": True}),
        ("normalized each", batch, {"normalize": True, "scale_each": True, "nrow": 4}),
        ("normalized by a range", batch, {"normalize": True, "value_range": [-1, 2]}),
        ("all the same", np.full((2, 1, 2, 2), 0.3, np.float32), {"normalize": True}),
        ("gray", gray, {}),
        ("one picture", array((3, 2, 3)), {"padding": 4}),
        ("one batch of one", array((1, 1, 2, 3)), {}),
        ("one gray picture", array((2, 3)), {"normalize": True}),
        ("bytes", random.integers(0, 256, (3, 3, 2, 2), np.uint8), {"pad_value": 7}),
        ("two channels", array((2, 2, 2, 2)), {}),
    ]
    for name, values, options in cases:
        yield {"name": name, "images": plain(values), "options": options, "expected": plain(make_grid(values, **options))}


def audio():
    cases = [
        ("a tone", np.sin(np.arange(50) / 3).astype(np.float32), 44100),
        ("in double precision", np.cos(np.arange(20) / 3), 8000),
        ("too loud", array((12,), -2, 2), 16000),
        ("with dimensions of one", array((1, 9, 1), -1, 1), 22050),
    ]
    for name, values, rate in cases:
        sound = summary.audio("tag", values, rate).value[0].audio
        yield {
            "name": name,
            "sound": plain(values),
            "sampleRate": rate,
            "expected": {
                "lengthFrames": sound.length_frames,
                "numChannels": sound.num_channels,
                "contentType": sound.content_type,
                "wav": base64.b64encode(sound.encoded_audio_string).decode(),
            },
        }


def videos():
    for name, shape, dtype in [
        ("one", (1, 2, 3, 2, 3), np.float32),
        ("three", (3, 2, 1, 2, 3), np.float32),
        ("five of bytes", (5, 3, 3, 2, 2), np.uint8),
        ("sixteen", (16, 1, 3, 2, 2), np.float32),
    ]:
        values = random.integers(0, 256, shape, np.uint8) if dtype == np.uint8 else array(shape)
        frames = _prepare_video(values.astype(np.float64) / 255 if dtype == np.uint8 else values)
        # PyTorch divides bytes by 255 in float32 and may lose one: bytes are what they were.
        whole = (frames * 255).round() if dtype == np.uint8 else (frames.astype(np.float32) * 255).clip(0, 255)
        yield {"name": name, "video": plain(values), "frames": plain(whole.astype(np.uint8))}


out = {
    "images": list(images()),
    "boxes": boxes(),
    "grids": list(grids()),
    "audio": list(audio()),
    "videos": list(videos()),
}
path = pathlib.Path(__file__).with_name("pictures.json")
path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
print(path.stat().st_size, "bytes")
