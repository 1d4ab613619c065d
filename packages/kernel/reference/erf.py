"""erf in float64 at float32 points, by mpmath in 40 digits: `python3 erf.py` writes erf.json, [[x, erf(x)], ...]."""
import json
import random
import struct
from pathlib import Path

from mpmath import erf, mp

mp.dps = 40
random.seed(0)


def single(x):
    return struct.unpack("f", struct.pack("f", x))[0]


# Every magnitude, the range where erf bends, and the seams of the approximations (0.925, 1, 4, 6).
points = [2.0**e * (1 + random.random()) for e in range(-148, 127)]
points += [random.uniform(0, 6.2) for _ in range(1500)]
points += [seam + k * 1e-6 for seam in (0.925, 1, 3.92, 4, 5.93, 6) for k in range(-10, 11)]
signed = [single(x if i % 2 else -x) for i, x in enumerate(points)]
rows = ",\n".join(json.dumps([x, float(erf(x))]) for x in signed)
Path(__file__).with_name("erf.json").write_text(f"[\n{rows}\n]\n")
