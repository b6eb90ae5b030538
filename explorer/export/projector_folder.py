"""Embedding Projector: the features of a frame with labels and images.

It serves two readers: TensorBoard, given this very folder as its ``--logdir``, reads
``projector_config.pbtxt``; the page https://projector.tensorflow.org reads ``config.json`` from a web server.
Both name the same files: see "Visualizing Data using the Embedding Projector in TensorBoard", and "Publish"
in the page.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.data.datasets import Bytes
from explorer.core.texts import plural
from explorer.export.files import new_folder
from explorer.export.images import probe_images
from explorer.export.request import Request
from explorer.export.tables import class_names, named_columns, split_names

_TENSORS, _METADATA, _SPRITE = "tensors.tsv", "metadata.tsv", "sprite.png"
_CONFIGS = ("projector_config.pbtxt", "config.json")
_NAME = "features"
_LARGEST_SPRITE = 8192
"""Pixels of each side that the projector allows."""


def write_projector(request: Request) -> list[Path]:
    """Write a folder with the features of a frame, a table of labels and predictions, and the images.

    Features that are not finite are left out: the projector cannot place them.
    """
    frames = request.frames()
    (snapshot,) = frames
    rows = np.flatnonzero(np.isfinite(snapshot.features).all(axis=1))
    missing = len(snapshot.features) - len(rows)
    if missing:
        request.notices.append(
            plural(
                "{count} image is left out: its feature is not finite.",
                "{count} images are left out: their features are not finite.",
                count=missing,
            )
        )
    images = probe_images(request, frames.probe)
    parts = {_TENSORS, _METADATA, _SPRITE, *_CONFIGS}
    with new_folder(request.out, force=request.force, is_part=parts.__contains__) as folder:
        features = snapshot.features[rows]
        np.savetxt(folder / _TENSORS, features, fmt="%.9g", delimiter="\t")
        (folder / _METADATA).write_text(_metadata(snapshot, rows), "utf-8")
        side = None
        if images is not None and len(rows):
            sprite, side = make_sprite(images[rows])
            Image.fromarray(sprite).save(folder / _SPRITE)
        (folder / _CONFIGS[0]).write_text(_for_tensorboard(side), "utf-8")
        (folder / _CONFIGS[1]).write_text(_for_page(features.shape, side), "utf-8")
    return [request.out]


def make_sprite(images: Bytes) -> tuple[Bytes, int]:
    """Return a square of images (n, height, width[, 3]), row by row, and the side of each.

    The projector wants as many rows as columns, and images as wide as high: these are padded with black. They
    are made smaller where the whole would be larger than the projector allows.
    """
    (count, height, width), channels = images.shape[:3], images.shape[3:]
    columns, side = math.ceil(math.sqrt(count)), max(height, width)
    tiles = np.zeros((columns * columns, side, side, *channels), np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    tiles[:count, top : top + height, left : left + width] = images
    if columns * side > _LARGEST_SPRITE:
        side = max(1, _LARGEST_SPRITE // columns)
        small = (Image.fromarray(tile).resize((side, side), Image.Resampling.BOX) for tile in tiles)
        tiles = np.stack([np.asarray(tile) for tile in small])
    rows = tiles.reshape(columns, columns, side, side, *channels).swapaxes(1, 2)
    return rows.reshape(columns * side, columns * side, *channels), side


def _metadata(snapshot: Snapshot, rows: NDArray[np.intp]) -> str:
    """Return a table with a header, the label first, by which the projector colours."""
    columns = named_columns(snapshot)
    del columns["features"]
    probe = snapshot.probe
    table: dict[str, NDArray[np.generic]] = {
        "label": probe.labels,
        "class": class_names(probe),
        "split": split_names(probe),
        "index": probe.indices,
        **columns,
    }
    entries = zip(*(column[rows] for column in table.values()), strict=True)
    return "".join(
        "\t".join(line) + "\n" for line in [table.keys(), *(map(_written, one) for one in entries)]
    )


def _written(value: np.generic) -> str:
    return f"{value:.6g}" if isinstance(value, np.floating) else str(value)


def _for_tensorboard(side: int | None) -> str:
    """Return the text form of the message ``ProjectorConfig``."""
    sprite = ""
    if side is not None:
        size = f"single_image_dim: {side} single_image_dim: {side}"
        sprite = f'  sprite {{ image_path: "{_SPRITE}" {size} }}\n'
    return (
        "embeddings {\n"
        f'  tensor_name: "{_NAME}"\n'
        f'  tensor_path: "{_TENSORS}"\n'
        f'  metadata_path: "{_METADATA}"\n'
        f"{sprite}"
        "}\n"
    )


def _for_page(shape: tuple[int, ...], side: int | None) -> str:
    embedding: dict[str, object] = {
        "tensorName": _NAME,
        "tensorShape": list(shape),
        "tensorPath": _TENSORS,
        "metadataPath": _METADATA,
    }
    if side is not None:
        embedding["sprite"] = {"imagePath": _SPRITE, "singleImageDim": [side, side]}
    return json.dumps({"embeddings": [embedding]}, indent=2) + "\n"
