"""From arrays in files to the bytes of images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.core.data.dataset import Bytes, DatasetError
from explorer.core.texts import Text, text

_MOST = 255
_CHUNK = 4096
_SHOWN = 40
"""Characters of a value that is not a label."""


def as_pixels(values: NDArray[Any], file: object, name: str) -> tuple[Bytes, list[Text]]:
    """Return images as bytes (n, height, width), with a fourth axis of length 3 for colour.

    Numbers from 0 to 255 are rounded; numbers from 0 to 1 that are not whole are multiplied by 255, which the
    returned notes say. Channels may come first, last or not at all; rows of n square pixels become images.

    Raises
    ------
    DatasetError
        If the array ``name`` of ``file`` has another shape or other values.
    """
    if values.dtype.kind not in "uifb":
        raise DatasetError(
            "{file}: {name} holds values of type {kind}, not numbers.",
            file=file,
            name=name,
            kind=values.dtype.name,
        )
    images = _as_images(values)
    if images is None:
        raise DatasetError(
            "{file}: {name} has the shape {shape}; images are (n, height, width) or (n, height, width, 3).",
            file=file,
            name=name,
            shape="×".join(map(str, values.shape)),
        )
    if images.dtype == np.uint8:
        return np.ascontiguousarray(images), []
    return _as_bytes(images, file, name)


def _as_images(values: NDArray[Any]) -> NDArray[Any] | None:
    """Return the array with its axes in order, None where it cannot be images."""
    if values.ndim == 2:
        side = round(values.shape[1] ** 0.5)
        return values.reshape(-1, side, side) if side * side == values.shape[1] and side else None
    if values.ndim == 4 and values.shape[1] in (1, 3) and values.shape[3] not in (1, 3):
        values = np.moveaxis(values, 1, 3)
    if values.ndim == 4 and values.shape[3] == 1:
        values = values[..., 0]
    return values if values.ndim == 3 or (values.ndim == 4 and values.shape[3] == 3) else None


def _as_bytes(images: NDArray[Any], file: object, name: str) -> tuple[Bytes, list[Text]]:
    result = np.empty(images.shape, np.uint8)
    highest, whole = 0.0, True
    for start in range(0, len(images), _CHUNK):
        chunk = images[start : start + _CHUNK].astype(np.float64)
        inside = ((chunk >= 0) & (chunk <= _MOST)).all(axis=tuple(range(1, chunk.ndim)))
        if not inside.all():
            raise DatasetError(
                "{file}: image {row:,} of {name} has values that are not between 0 and 255.",
                file=file,
                row=start + int(np.argmin(inside)),
                name=name,
            )
        highest = max(highest, float(chunk.max(initial=0.0)))
        whole = whole and bool((chunk == np.round(chunk)).all())
        result[start : start + _CHUNK] = np.round(chunk)
    if highest > 1 or whole:
        return result, []
    for start in range(0, len(images), _CHUNK):
        result[start : start + _CHUNK] = np.round(images[start : start + _CHUNK].astype(np.float64) * _MOST)
    return result, [text("Pixels from 0 to 1 were multiplied by 255.")]


def as_labels(values: NDArray[Any], file: object, name: str) -> NDArray[np.int64]:
    """Return labels (n,), also from (n, 1) or from one column per class with a single 1 in each row.

    Raises
    ------
    DatasetError
        If the array ``name`` of ``file`` has no whole numbers in such a shape.
    """
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    columns = values.ndim == 2 and values.size > 0
    if (values.ndim != 1 and not columns) or values.dtype.kind not in ("uifb" if columns else "uif"):
        raise DatasetError(
            "{file}: {name} must have one whole number for each image, its label.", file=file, name=name
        )
    if columns:
        _require(_one_hot(values), values, file, name)
        hot: NDArray[np.int64] = values.argmax(axis=1).astype(np.int64)
        return hot
    _require(np.isfinite(values) & (values == np.round(values)), values, file, name)
    result: NDArray[np.int64] = np.clip(values, -1, 1 << 31).astype(np.int64)
    return result


def _one_hot(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which rows (n,) have a single 1 and else nothing but 0."""
    one: NDArray[np.bool_] = ((values == 0) | (values == 1)).all(axis=1) & (values.sum(axis=1) == 1)
    return one


def _require(right: NDArray[np.bool_], values: NDArray[Any], file: object, name: str) -> None:
    """Refuse labels of which some are not ``right`` (n,), and name the first of these."""
    if not right.all():
        row = int(np.argmin(right))
        raise DatasetError(
            "{file}: {name} must have one whole number for each image, its label; image {row:,} has {value}.",
            file=file,
            name=name,
            row=row,
            value=str(values[row].tolist())[:_SHOWN],
        )
