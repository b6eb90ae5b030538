"""What all tests share: no screen, one thread per test process, no trace of the person's own settings."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import gzip
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate", action="store_true", help="rewrite the reference pictures of the views")


def write_idx(path: Path, values: np.ndarray, *, compress: bool = False) -> None:
    """Write unsigned bytes as an IDX file."""
    data = (
        struct.pack(">HBB", 0, 8, values.ndim)
        + struct.pack(f">{values.ndim}I", *values.shape)
        + values.tobytes()
    )
    path.write_bytes(gzip.compress(data) if compress else data)


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a learnable data set: 400 and 100 images of 12×12 pixels, a bar per class."""
    folder = tmp_path_factory.mktemp("tiny")
    random = np.random.default_rng(0)
    for prefix, size in (("train", 400), ("t10k", 100)):
        labels = (np.arange(size) % 10).astype(np.uint8)
        images = random.integers(0, 60, (size, 12, 12), dtype=np.uint8)
        images[np.arange(size), labels + 1, :] = 220
        write_idx(folder / f"{prefix}-images-idx3-ubyte", images, compress=True)
        write_idx(folder / f"{prefix}-labels-idx1-ubyte", labels)
    return folder


@pytest.fixture(autouse=True)
def _subnormal_numbers() -> Iterator[None]:
    """Take back what a worker's session sets for its whole process: numbers below 1e-308 count as zero."""
    yield
    if "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests away from the settings and the recorded runs of whoever runs them."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
