"""What the library shows of a recording: a few facts, and a picture of its last features."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.raster.splatter import Splatter
from explorer.core.params import Value
from explorer.core.protocol import messages as m
from explorer.core.recording.header import Parent, RecordingError, RunHeader
from explorer.core.recording.info import test_accuracy
from explorer.core.recording.reader import Recording
from explorer.core.settings.config import RunConfig, flatten
from explorer.core.texts import Text
from explorer.gui.theme.theme import PETROFF_10

PICTURE_SIDE = 128
"""Pixels of the width and the height of a picture."""
_RADIUS = 1.3
_MARGIN = 6.0
_AZIMUTH, _ELEVATION = -0.9, 0.4
"""From where features in three dimensions are seen, in radians; the view of features begins there too."""
_OWN = ("loss.name", "network.dim", "device", "threads", "data.source")
"""Settings that are shown elsewhere, or belong to the machine."""


class RunSummary(Struct, frozen=True):
    """Facts about a run.

    Parameters
    ----------
    run : str
        Its name among all runs, by which a branch knows its parent.
    created : str
        When it began, ISO 8601.
    losses : tuple of str
        The losses that it was trained with, in order.
    changes : mapping
        The settings at its end that differ from the defaults, by dotted names.
    dim, steps, frames : int
        Dimensions of its features, the step of its last frame, and the number of frames.
    accuracy : float, optional
        Over all test images where the run was finished, else that of its last frame.
    parent : Parent, optional
        Where it was continued from.
    name, notes : str
        What the recording itself says of the run.
    damage : Text, optional
        Why the recording is not complete.
    """

    run: str
    created: str
    losses: tuple[str, ...]
    changes: dict[str, Value]
    dim: int
    steps: int = 0
    frames: int = 0
    accuracy: float | None = None
    parent: Parent | None = None
    name: str = ""
    notes: str = ""
    damage: Text | None = None


def summary_of(recording: Recording) -> RunSummary:
    """Return the facts about a recorded run."""
    header = recording.header
    last = recording.steps[-1] if recording.steps else 0
    configs = [change.config for change in recording.settings] or [header.config]
    ends = [*(change.step for change in recording.settings[1:]), last + 1]
    begins = [change.step for change in recording.settings] or [0]
    used = [config for config, begin, end in zip(configs, begins, ends, strict=True) if end > begin]
    return _summary(
        header,
        used or configs[-1:],
        steps=last,
        frames=recording.frames,
        accuracy=test_accuracy(recording),
        damage=recording.damage,
    )


def summary_of_header(header: RunHeader) -> RunSummary:
    """Return what is known of a run that is being recorded."""
    return _summary(header, [header.config])


def _summary(
    header: RunHeader,
    configs: list[RunConfig],
    steps: int = 0,
    frames: int = 0,
    accuracy: float | None = None,
    damage: Text | None = None,
) -> RunSummary:
    final = configs[-1]
    names = [config.loss.name for config in configs]
    usual = flatten(RunConfig().replace({"loss.name": final.loss.name}))
    return RunSummary(
        run=header.run,
        created=header.created,
        losses=tuple(name for name, before in zip(names, ["", *names], strict=False) if name != before),
        changes={
            name: value
            for name, value in flatten(final).items()
            if name not in _OWN and usual.get(name) != value
        },
        dim=final.network.dim,
        steps=steps,
        frames=frames,
        accuracy=accuracy,
        parent=header.parent,
        name=header.name,
        notes=header.notes,
        damage=damage,
    )


def last_picture(recording: Recording) -> NDArray[np.uint32] | None:
    """Return the last features as an image (side, side), ARGB32 premultiplied; None where there are none."""
    for index in reversed(range(recording.frames)):
        try:
            return features_picture(recording.frame(index), recording.started)
        except RecordingError:
            continue
    return None


def features_picture(frame: m.Frame, started: m.Started) -> NDArray[np.uint32]:
    """Return the features of a frame as an image (side, side), ARGB32 premultiplied, at an equal aspect."""
    features, labels = frame.features.numpy(), started.labels.numpy()
    if features.shape[1] > 2:
        right, up, near = _axes()
        order = np.argsort(features[:, :3] @ near)
        features, labels = features[order], labels[order]
        features = np.stack([features[:, :3] @ right, features[:, :3] @ up], axis=1)
    colors = np.array([0xFF000000 | r << 16 | g << 8 | b for r, g, b in PETROFF_10], dtype=np.uint32)
    splatter = Splatter()
    splatter.resize(PICTURE_SIDE, PICTURE_SIDE, _RADIUS)
    finite = features[np.isfinite(features).all(axis=1)]
    if len(finite):
        # Without the outermost hundredth, a single outlier would shrink all else to a dot.
        low, high = np.percentile(finite, [1, 99], axis=0)
        scale = (PICTURE_SIDE - 2 * _MARGIN) / max(float((high - low).max()), 1e-9)
        places = (features - (low + high) / 2) * (scale, -scale) + PICTURE_SIDE / 2
        splatter.draw(places.astype(np.float32), colors[labels % len(colors)], _RADIUS)
    return splatter.image.copy()


def _axes() -> NDArray[np.float32]:
    """Return (3, 3): the directions to the right, up, and towards the eye, in rows."""
    ca, sa, ce, se = (f(v) for v in (_AZIMUTH, _ELEVATION) for f in (math.cos, math.sin))
    return np.array([[-sa, ca, 0], [-se * ca, -se * sa, ce], [ce * ca, ce * sa, se]], dtype=np.float32)


def read_run(path: Path) -> tuple[RunSummary, NDArray[np.uint32] | None]:
    """Return the facts about a recorded run, and its picture.

    Raises
    ------
    RecordingError
        Where the recording cannot be read.
    """
    with Recording(path) as recording:
        return summary_of(recording), last_picture(recording)
