"""A learnable data set that takes no time: files like those of MNIST with a few small images."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np


def write_idx(path: Path, values: np.ndarray, *, compress: bool = False) -> None:
    """Write unsigned bytes as an IDX file."""
    data = (
        struct.pack(">HBB", 0, 8, values.ndim)
        + struct.pack(f">{values.ndim}I", *values.shape)
        + values.tobytes()
    )
    path.write_bytes(gzip.compress(data) if compress else data)


def write_tiny_data(folder: Path) -> None:
    """Write 400 training and 100 test images of 12×12 pixels, with a bright bar in another row per class."""
    random = np.random.default_rng(0)
    for prefix, size in (("train", 400), ("t10k", 100)):
        labels = (np.arange(size) % 10).astype(np.uint8)
        images = random.integers(0, 60, (size, 12, 12), dtype=np.uint8)
        images[np.arange(size), labels + 1, :] = 220
        write_idx(folder / f"{prefix}-images-idx3-ubyte", images, compress=True)
        write_idx(folder / f"{prefix}-labels-idx1-ubyte", labels)
