"""What a page shows: the description of a run that its scripts read, its arrays and its images."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image

from explorer import __version__
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.analysis.raster.oklab import Rgb
from explorer.analysis.raster.ten_hues import (
    BAND_FRACTION,
    EDGE_FRACTION,
    HUES_ON_DARK,
    HUES_ON_LIGHT,
    field_of,
)
from explorer.core.data.datasets import Bytes
from explorer.core.data.known import licensed
from explorer.core.settings.stressors import DAMAGES
from explorer.core.stressors.damage import damaged_splits
from explorer.export.images import probe_images
from explorer.export.origin import first_config
from explorer.export.page.chosen import chosen_frames, chosen_rows
from explorer.export.page.frames import FrameFacts, packed_frames
from explorer.export.page.marks import happenings
from explorer.export.page.packing import Packer, Place
from explorer.export.page.projecting import PageProjection
from explorer.export.page.rerun import command_line, settings_file
from explorer.export.page.words import words
from explorer.export.projector_folder import make_sprite
from explorer.export.request import Request
from explorer.export.tables import Frames, frame_at


class PageMark(Struct, frozen=True):
    """A change of settings ("change") or an event ("event"); the words have its text."""

    step: int
    kind: str


class ClassColors(Struct, frozen=True):
    """Colours of points and of regions in a theme, by class; they repeat after the last.

    Margin bands have the fraction ``band`` of the colour of points in them, their edges ``edge``.
    """

    points: list[str]
    regions: list[Rgb]
    band: float = BAND_FRACTION
    edge: float = EDGE_FRACTION


class Credit(Struct, frozen=True):
    """What a data set is called, who made it, and its licence."""

    title: str
    authors: str
    licence: str


class PageData(Struct, frozen=True, rename="camel"):
    """The description of a run that the scripts of a page read, as JSON.

    ``damages`` are the names of damages, by their numbers. ``total_frames`` counts the frames of the run up
    to the last one of the page; ``test_size`` and ``train_size`` the images of the data set. ``image_side``
    is that of an image in the sprite, 0 without images. ``settings_changed`` tells whether settings changed
    while the run went on. ``credit`` is None where no licence of the images is known. Of features in more
    than three dimensions, ``projected_from``, there is a projection to ``dim`` of them, which has ``share``
    of their spread; 0 where all is shown.
    """

    version: str
    dim: int
    damages: tuple[str, ...]
    class_names: list[str]
    unseen: list[int]
    colors: dict[str, ClassColors]
    frames: list[FrameFacts]
    total_frames: int
    marks: list[PageMark]
    test_size: int
    train_size: int
    places: dict[str, Place]
    image_side: int
    command: str
    settings_changed: bool
    credit: Credit | None
    words: dict[str, dict[str, object]]
    projected_from: int = 0
    share: float = 1.0


class Page(Struct, frozen=True):
    """A page: its description, its arrays and images in base64, and the settings of the run as TOML."""

    data: PageData
    arrays: str
    sprite: str
    settings: str


_LARGEST_IMAGE = 32
"""Pixels of the longer side of an image: thousands of larger ones would be most of the page."""
_HUES = {"light": HUES_ON_LIGHT, "dark": HUES_ON_DARK}


def page_of(request: Request) -> Page:
    """Return the page of a run, up to the step that is asked for.

    Raises
    ------
    ExportUsageError
        If there is no frame, or the step lies outside the run.
    RecordingError
        If it is damaged.
    ResourceError
        If the installation lacks the catalogue of a language.
    """
    recording = request.recording
    probe = ProbeSet.of(recording.started)
    last = frame_at(recording.steps, request.at, recording.path)
    happened = happenings(recording, recording.steps[last])
    numbers = chosen_frames(recording.steps[: last + 1], [one.step for one in happened], request.most_frames)
    rows = chosen_rows(probe, request.most_points)
    packer = Packer()
    newest = recording.frame(last)
    snapshot = Snapshot.of(newest, probe, recording.config(last))
    projection = PageProjection.of(snapshot, rows)
    frames = packed_frames(Frames(recording, probe, numbers, request.progress), rows, packer, projection)
    for name, column in (("labels", probe.labels), ("splits", probe.split), ("indices", probe.indices)):
        packer.add_floats(name, column[rows].astype(np.float32))
    sprite, side = _sprite(request, snapshot, rows)
    config = first_config(recording)
    data = PageData(
        version=__version__,
        dim=newest.features.shape[1] if projection is None else projection.projection.dimensions[1],
        damages=DAMAGES,
        class_names=list(probe.names),
        unseen=sorted(probe.unseen),
        colors={name: _class_colors(name, hues) for name, hues in _HUES.items()},
        frames=frames,
        total_frames=last + 1,
        marks=[PageMark(one.step, one.kind) for one in happened],
        test_size=probe.test_size,
        train_size=probe.train_size,
        places=packer.places,
        image_side=side,
        command=command_line(config, newest.epoch),
        settings_changed=any(one.kind == "change" for one in happened),
        credit=credit_of(recording.started.data.title, config.data.source),
        words=words(recording.header.name, config, [one.text for one in happened]),
        projected_from=0 if projection is None else projection.projection.dimensions[0],
        share=1.0 if projection is None else round(projection.projection.share, 4),
    )
    return Page(data, packer.text(), sprite, settings_file(recording, recording.steps[last]))


def credit_of(title: str, source: str) -> Credit | None:
    """Return whom a page names for the images of a data set, None where no licence of it is known."""
    known = licensed(source, title)
    return Credit(known.title, known.authors, known.licence) if known else None


def _class_colors(theme: str, hues: Sequence[Rgb]) -> ClassColors:
    points = ["#{:02x}{:02x}{:02x}".format(*hue) for hue in hues]
    return ClassColors(points, [field_of(hue, theme) for hue in hues])


def _sprite(request: Request, last: Snapshot, rows: NDArray[np.intp]) -> tuple[str, int]:
    """Return the images of some rows as a PNG in base64, and the side of each; empty and 0 without images.

    They are damaged as in the last frame.
    """
    probe, config = last.probe, last.config
    images = probe_images(request, probe)
    if images is None:
        return "", 0
    damaged = damaged_splits(images[rows], config.seed, probe.split[rows], probe.indices[rows], config.data)
    sprite, side = make_sprite(_small(damaged))
    buffer = io.BytesIO()
    Image.fromarray(sprite).save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode("ascii"), side


def _small(images: Bytes) -> Bytes:
    """Return images (n, height, width[, 3]) scaled down to the largest size in a page."""
    height, width = images.shape[1:3]
    factor = _LARGEST_IMAGE / max(height, width)
    if factor >= 1:
        return images
    size = max(1, round(factor * width)), max(1, round(factor * height))
    return np.stack(
        [np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BOX)) for image in images]
    )
