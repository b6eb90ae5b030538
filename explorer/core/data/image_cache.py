"""Pictures that were read before, as one file of the user's cache: decoding them takes minutes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from platformdirs import user_cache_path

from explorer.core.data.dataset import Bytes, Progress, no_progress

_ANY_NAME = "utf-8", "surrogatepass"
"""How names of files become bytes, also those that are no text."""
_VERSION = 1
"""Raised when pictures are cut or resized in another way."""
_AT_ONCE = 512
"""Files between two signs that work goes on."""
_KEPT = 4
"""Data sets that are kept: the ones used last."""


def cached_pixels(
    folder: Path, files: list[str], side: int, decode: Callable[[Progress], Bytes], progress: Progress
) -> Bytes:
    """Return what ``decode`` returned for these files, as long as they are the same.

    They are if names, sizes and times of change are. A cache that cannot be written only costs time.
    """
    path = _place() / f"{_key(folder, files, side, progress)}.npy"
    with suppress(OSError, ValueError, EOFError):
        pixels: Bytes = np.load(path, allow_pickle=False)
        if pixels.dtype == np.uint8 and pixels.shape[:3] == (len(files), side, side):
            with suppress(OSError):
                os.utime(path)
            return pixels
    pixels = decode(progress)
    with suppress(OSError):
        _keep(path, pixels)
    return pixels


def files_digest(folder: Path, files: Sequence[str], progress: Progress = no_progress) -> str:
    """Return the SHA-256 of the names below a folder and the sizes of files, in hexadecimal."""
    digest = hashlib.sha256()
    for file, state in states(files, progress):
        digest.update(f"{_below(folder, file)}\0{state.st_size}\0".encode(*_ANY_NAME))
    return digest.hexdigest()


def states(files: Sequence[str], progress: Progress) -> Iterator[tuple[str, os.stat_result]]:
    """Yield files and their states; ``progress`` is told that nothing is read yet, but that work goes on.

    A slow disk may need minutes for those of many files.
    """
    for number, file in enumerate(files):
        if number % _AT_ONCE == 0:
            progress(0, len(files))
        yield file, os.stat(file)


def _place() -> Path:
    return user_cache_path("loss-explorer", appauthor=False) / "pictures"


def _key(folder: Path, files: Sequence[str], side: int, progress: Progress) -> str:
    digest = hashlib.sha256(f"{_VERSION}\0{side}\0{folder.resolve()}\0".encode(*_ANY_NAME))
    for file, state in states(files, progress):
        digest.update(f"{_below(folder, file)}\0{state.st_size}\0{state.st_mtime_ns}\0".encode(*_ANY_NAME))
    return digest.hexdigest()


def _below(folder: Path, file: str) -> str:
    """Return the name of a file below a folder, with slashes."""
    return file.removeprefix(str(folder)).replace(os.sep, "/").lstrip("/")


def _keep(path: Path, pixels: Bytes) -> None:
    """Write the file at once or not at all, and delete those that were not used for longest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        try:
            np.save(file, pixels)
            file.close()
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    kept = sorted(path.parent.glob("*.npy"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in kept[_KEPT:]:
        old.unlink(missing_ok=True)
