"""
Writes reference vectors made by PyTorch 2.13.0.

    python3 packages/nn/reference/generate.py            # all
    python3 packages/nn/reference/generate.py losses     # those families
"""

import importlib
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))


if __name__ == "__main__":
    torch.set_num_threads(1)
    everything = sorted(path.stem for path in (HERE / "families").glob("*.py"))
    for name in sys.argv[1:] or everything:
        if name not in everything:
            raise SystemExit(f"There is no family {name}. There are {', '.join(everything)}.")
        importlib.import_module(f"families.{name}").cases()
