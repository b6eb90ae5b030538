"""Parquet: the tables of `csv_files` in columns, with the images."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from PIL import Image

from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.data.datasets import Bytes
from explorer.core.settings.files import to_toml
from explorer.export.files import new_files
from explorer.export.images import probe_images
from explorer.export.request import Request
from explorer.export.sharing import shared_config
from explorer.export.tables import Frames, class_names, metric_names, metrics_of, named_columns, split_names

_IMAGE = "image"


def write_parquet(request: Request) -> list[Path]:
    """Write the tables of images and of frames, with the settings of the run as metadata.

    ``image`` is a PNG, in the table of images where that has one frame. Where it has all, each image would be
    there many times, so they are in a file of their own, by ``split`` and ``index``. A value that is not
    known is null. A row group is a frame.

    Returns
    -------
    list of Path
        The table of images as asked for, that of frames (``.metrics.parquet``), and the images
        (``.images.parquet``) of all frames.
    """
    frames = request.frames()
    images = _as_png(probe_images(request, frames.probe))
    apart = request.every and images is not None
    targets = [request.out, request.beside("metrics"), *([request.beside("images")] if apart else [])]
    with new_files(targets, force=request.force) as partial:
        rows = _write_images(partial[0], frames, None if apart else images)
        names = metric_names(rows)
        metrics = {name: _column(np.array([row.get(name, np.nan) for row in rows])) for name in names}
        metrics["step"] = pa.array([int(row["step"]) for row in rows], pa.int32())
        pq.write_table(pa.table(metrics), partial[1])
        if apart:
            pq.write_table(pa.table({**_labels(frames), _IMAGE: images}), partial[2])
    return targets


def _write_images(path: Path, frames: Frames, images: pa.Array | None) -> list[Mapping[str, float]]:
    """Write the table of images, and return the metrics of each frame."""
    header = frames.recording.header
    about = {
        "loss-explorer.version": header.version,
        "loss-explorer.run": header.run,
        "loss-explorer.config": to_toml(shared_config(frames.recording.config(frames.numbers[-1]))),
    }
    rows: list[Mapping[str, float]] = []
    writer: pq.ParquetWriter | None = None
    try:
        for snapshot in frames:
            columns = {**_labels(frames), **_columns(snapshot)}
            if images is not None:
                columns[_IMAGE] = images
            table = pa.table(columns).replace_schema_metadata(about)
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table)
            rows.append(metrics_of(snapshot))
    finally:
        if writer is not None:
            writer.close()
    return rows


def _labels(frames: Frames) -> dict[str, pa.Array]:
    """Return the columns that are the same in each frame."""
    probe = frames.probe
    return {
        "split": _column(split_names(probe)),
        "index": pa.array(probe.indices),
        "label": pa.array(probe.labels),
        "class": _column(class_names(probe)),
    }


def _columns(snapshot: Snapshot) -> dict[str, pa.Array]:
    found = named_columns(snapshot)
    features = found.pop("features")
    return {
        "step": pa.array(np.full(len(features), snapshot.step, np.int32)),
        **{f"x{axis + 1}": _column(values) for axis, values in enumerate(features.T)},
        **{name: _column(values) for name, values in found.items()},
    }


def _column(values: NDArray[np.generic]) -> pa.Array:
    """Return values with null for NaN, and text as the numbers of the few that there are."""
    if values.dtype.kind == "U":
        return pa.array(values.tolist()).dictionary_encode()
    return pa.array(values, from_pandas=True)


def _as_png(images: Bytes | None) -> pa.Array | None:
    if images is None:
        return None
    encoded = []
    for image in images:
        output = BytesIO()
        Image.fromarray(image).save(output, "PNG")
        encoded.append(output.getvalue())
    return pa.array(encoded, pa.binary())
