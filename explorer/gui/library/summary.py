"""What the library shows of a recording: a few facts, and a picture of its last features."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from PySide6.QtGui import QImage

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.params import Value
from explorer.core.recording.header import Parent, RecordingError, RunHeader
from explorer.core.recording.info import test_accuracy
from explorer.core.recording.reader import Recording
from explorer.core.settings.config import RunConfig, flatten, usual_values
from explorer.core.texts import Text
from explorer.gui.export.thumbnail import features_thumbnail
from explorer.gui.theme.palettes import PETROFF_10

PICTURE_SIDE = 128
"""Pixels of the width and the height of a picture."""
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
    usual = usual_values(final)
    return RunSummary(
        run=header.run,
        created=header.created,
        losses=tuple(name for name, before in zip(names, ["", *names], strict=False) if name != before),
        changes={
            name: value for name, value in flatten(final).items() if name not in _OWN and usual[name] != value
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


def last_picture(recording: Recording) -> QImage | None:
    """Return a picture of the last features; None where there are none."""
    for index in reversed(range(recording.frames)):
        try:
            features = recording.frame(index).features.numpy()
        except RecordingError:
            continue
        labels = ProbeSet.of(recording.started).labels
        # Colours that can be seen on a light and on a dark background: the picture outlives the theme.
        return features_thumbnail(features, labels, PETROFF_10, PICTURE_SIDE)
    return None


def read_run(path: Path) -> tuple[RunSummary, QImage | None]:
    """Return the facts about a recorded run, and its picture.

    Raises
    ------
    RecordingError
        Where the recording cannot be read.
    """
    with Recording(path) as recording:
        return summary_of(recording), last_picture(recording)
