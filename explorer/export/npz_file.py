"""NPZ: the arrays of a run for NumPy."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from explorer.core.settings.files import to_toml
from explorer.core.settings.stressors import DAMAGES
from explorer.export.files import new_files
from explorer.export.request import Request
from explorer.export.sharing import shared_config
from explorer.export.tables import CLASS_ARRAYS, Frames, image_columns, metric_names, metrics_of

_FAST = 1
"""Level of compression: features hardly compress, classes do at any level."""
Arrays = dict[str, NDArray[np.generic]]


def write_npz(request: Request) -> list[Path]:
    """Write arrays whose first axis is the F frames, also where there is one.

    ``features`` (F, n, d) and the other columns (F, n) of `image_columns`; ``labels``, ``split`` (0 test, 1
    training) and ``indices`` (n,); ``class_names`` (C,); ``damage_names`` (4,), of which ``damage`` has the
    places, −1 for none; ``weight``, ``bias``, ``centers`` and
    ``log_variance`` (F, C, …) where the loss has them, NaN where a frame has none; ``metrics.`` and a name
    (F,) for each of `metrics_of`; the settings of the last frame as TOML in ``config``. Nothing in the file
    is pickled.
    """
    with new_files([request.out], force=request.force) as (target,):
        frames = request.frames()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_FAST) as archive:
            small = _store_images(frames, target.parent, archive)
            for name, values in small.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                    npy.write_array(entry, values, allow_pickle=False)
    return [request.out]


def _store_images(frames: Frames, folder: Path, archive: zipfile.ZipFile) -> Arrays:
    """Store the columns of the images, and return all other arrays.

    An archive takes one array after the other, but a frame has a part of each: the columns are gathered in
    files first, since those of a long run exceed the memory.
    """
    metrics: list[Mapping[str, float]] = []
    of_classes: dict[str, list[NDArray[np.float32] | None]] = {name: [] for name in CLASS_ARRAYS}
    with ExitStack() as stack:
        columns: dict[str, BinaryIO] = {}
        for snapshot in frames:
            for name, values in image_columns(snapshot).items():
                if name not in columns:
                    columns[name] = stack.enter_context((folder / f"{name}.npy").open("wb"))
                    _write_header(columns[name], (len(frames), *values.shape), values.dtype)
                columns[name].write(np.ascontiguousarray(values).tobytes())
            for name, kept in of_classes.items():
                kept.append(getattr(snapshot, name))
            metrics.append(metrics_of(snapshot))
    for name in columns:
        archive.write(folder / f"{name}.npy", f"{name}.npy")
        (folder / f"{name}.npy").unlink()
    probe = frames.probe
    return {
        "labels": probe.labels,
        "class_names": np.array(probe.names),
        "damage_names": np.array(DAMAGES),
        "split": probe.split,
        "indices": probe.indices,
        **{name: _stacked(kept) for name, kept in of_classes.items() if any(k is not None for k in kept)},
        **{
            f"metrics.{name}": np.array([row.get(name, np.nan) for row in metrics])
            for name in metric_names(metrics)
        },
        "config": np.array(to_toml(shared_config(frames.recording.config(frames.numbers[-1])))),
    }


def _write_header(file: BinaryIO, shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> None:
    header = {"descr": npy.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    npy.write_array_header_1_0(file, header)


def _stacked(arrays: Sequence[NDArray[np.float32] | None]) -> NDArray[np.float32]:
    """Return arrays (F, R, …) with as many rows as the longest, NaN where one has none."""
    known = [array for array in arrays if array is not None]
    shape = (max(len(array) for array in known), *known[0].shape[1:])
    result = np.full((len(arrays), *shape), np.nan, np.float32)
    for row, array in zip(result, arrays, strict=True):
        if array is not None:
            row[: len(array)] = array
    return result
