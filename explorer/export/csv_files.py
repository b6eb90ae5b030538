"""CSV: a table of images, and one of frames."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from explorer.export.files import new_files
from explorer.export.request import Request
from explorer.export.tables import Frames, class_names, metric_names, metrics_of, named_columns, split_names


def write_csv(request: Request) -> list[Path]:
    """Write a row for each image of each frame, and a second file with a row for each frame.

    ``class`` is the name of the class that ``label`` numbers. Coordinates of features are ``x1``, ``x2``, …;
    the other columns are those of `named_columns` and `metrics_of`. Numbers are written so that reading them
    gives the same float32. A value that is not known is empty.

    Returns
    -------
    list of Path
        The table of images as asked for, and beside it that of frames, whose name ends in ``.metrics.csv``.
    """
    targets = [request.out, request.beside("metrics")]
    with (
        new_files(targets, force=request.force) as (images, metrics),
        images.open("w", newline="", encoding="utf-8") as output,
    ):
        rows = _write_images(output, request.frames())
        with metrics.open("w", newline="", encoding="utf-8") as numbers:
            table = csv.writer(numbers)
            names = metric_names(rows)
            table.writerow(names)
            table.writerows([_written(row.get(name)) for name in names] for row in rows)
    return targets


def _write_images(output: TextIO, frames: Frames) -> list[Mapping[str, float]]:
    """Write the table of images, and return the metrics of each frame."""
    table = csv.writer(output)
    probe = frames.probe
    names = class_names(probe).tolist()
    fixed = [split_names(probe).tolist(), probe.indices.tolist(), probe.labels.tolist(), names]
    rows: list[Mapping[str, float]] = []
    for snapshot in frames:
        columns = named_columns(snapshot)
        features = columns.pop("features")
        if not rows:
            axes = (f"x{axis + 1}" for axis in range(features.shape[1]))
            table.writerow(["step", "split", "index", "label", "class", *axes, *columns])
        shown = [_column(values) for values in (*features.T, *columns.values())]
        steps = [snapshot.step] * len(probe.labels)
        table.writerows(zip(steps, *fixed, *shown, strict=True))
        rows.append(metrics_of(snapshot))
    return rows


def _column(values: NDArray[np.generic]) -> list[object]:
    """Return integers and text as they are, and floats as the shortest text that gives them back."""
    if values.dtype.kind in "iuU":
        return [*values.tolist()]
    return ["" if value != value else str(value) for value in values.astype(np.float32)]


def _written(value: float | None) -> object:
    return "" if value is None or value != value else value
