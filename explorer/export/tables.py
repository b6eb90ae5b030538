"""The data of a run as columns: of its images in a frame, and of its frames."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import asdict
from numpy.typing import NDArray

from explorer.analysis.frames.scatter import probe_scatter
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.analysis.quality.stress import stress_of
from explorer.analysis.statistics.samples import facts_of
from explorer.core.protocol.messages import TEST
from explorer.core.recording.reader import Recording
from explorer.core.settings.stressors import DAMAGES
from explorer.core.stressors.damage import NONE
from explorer.export.files import ExportUsageError

Column = NDArray[np.generic]
CLASS_ARRAYS = ("weight", "bias", "centers", "log_variance")
"""Arrays of a snapshot with rows for each class."""
SPLITS = ("test", "train")
"""Name of each split, by its number."""
UNDAMAGED = "none"
"""Name of the damage of an image that has none; others are those of `DAMAGES`."""


class Frames(Struct, frozen=True, eq=False):
    """Frames of a recording, and the images whose features are in them.

    ``numbers`` are those of the frames, in ascending order, at least one. ``progress`` is told how many have
    been gone through, of how many.
    """

    recording: Recording
    probe: ProbeSet
    numbers: tuple[int, ...]
    progress: Callable[[int, int], None]

    @classmethod
    def of(
        cls, recording: Recording, at: int | None, *, every: bool, progress: Callable[[int, int], None]
    ) -> Frames:
        """Return the frame at a step, the last one where it is None, or every frame.

        ``at`` chooses the frame that was shown at this step: the last one up to it.

        Raises
        ------
        ExportUsageError
            If there is no frame, or the step lies outside the run.
        RecordingError
            If the start of the run is damaged.
        """
        probe, steps = ProbeSet.of(recording.started), recording.steps
        if every and steps:
            return cls(recording, probe, tuple(range(recording.frames)), progress)
        return cls(recording, probe, (frame_at(steps, at, recording.path),), progress)

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.numbers)

    def __iter__(self) -> Iterator[Snapshot]:
        """Yield the frames, read one at a time; raises RecordingError for a damaged one."""
        for done, number in enumerate(self.numbers, 1):
            frame, config = self.recording.frame(number), self.recording.config(number)
            yield Snapshot.of(frame, self.probe, config)
            self.progress(done, len(self.numbers))


def frame_at(steps: Sequence[int], at: int | None, file: Path) -> int:
    """Return the index of the frame that was shown at a step, the last one up to it; of the last for None.

    Raises
    ------
    ExportUsageError
        If there is no frame, or the step lies outside the run; it names the ``file``.
    """
    if not steps:
        raise ExportUsageError("{file}: this recording has no frame.", file=file)
    if at is None:
        return len(steps) - 1
    if not steps[0] <= at <= steps[-1]:
        raise ExportUsageError(
            "{file}: there is no step {step:,}; its frames are of steps {first:,} to {last:,}.",
            file=file,
            step=at,
            first=steps[0],
            last=steps[-1],
        )
    return bisect_right(steps, at) - 1


def image_columns(snapshot: Snapshot) -> dict[str, Column]:
    """Return what a frame says of its n images, by name: an entry (n,) each, ``features`` (n, d).

    ``prediction`` and ``nearest_class`` are −1 where there is none; ``loss`` is the cross-entropy of the
    test-time logits in nats, of training images with the label that is trained with; ``confidence`` the
    probability of the prediction. ``own_angle`` and ``nearest_angle`` are in radians, to the weight of the
    own and of the nearest other class; ``distance`` is that to the centre or mean of the own class. All are
    those of `SampleFacts`. ``given_label``, ``damage`` and ``strength`` are those of `Stress`.
    """
    facts, stress = facts_of(snapshot), stress_of(snapshot)
    labels = snapshot.probe.labels
    return {
        "features": snapshot.features,
        "prediction": facts.prediction.astype(np.int32),
        "confidence": facts.confidence.astype(np.float32),
        "loss": facts.loss.astype(np.float32),
        "own_angle": facts.own_angle,
        "nearest_angle": facts.other_angle,
        "nearest_class": facts.other_class.astype(np.int32),
        "distance": facts.distance,
        "given_label": (labels if stress is None else stress.given).astype(np.int32),
        "damage": (np.full(len(labels), NONE) if stress is None else stress.kind).astype(np.int8),
        "strength": (np.zeros(len(labels)) if stress is None else stress.strength).astype(np.float32),
    }


def named_columns(snapshot: Snapshot) -> dict[str, Column]:
    """Return `image_columns` for a table of text: ``damage`` is its name, `UNDAMAGED` for none."""
    columns = image_columns(snapshot)
    names = np.array([*DAMAGES, UNDAMAGED])  # the number of none is that of the last
    return {**columns, "damage": names[columns["damage"]]}


def metrics_of(snapshot: Snapshot) -> dict[str, float]:
    """Return the numbers of a frame by name: those that the trainer sent, and the scatter of the classes."""
    scatter = asdict(probe_scatter(snapshot.features, snapshot.probe))
    return {
        "step": snapshot.step,
        "epoch": snapshot.epoch,
        "elapsed": snapshot.elapsed,
        "samples_per_second": snapshot.samples_per_second,
        **snapshot.scalars,
        **{f"scatter.{name}": value for name, value in scatter.items()},
    }


def metric_names(rows: list[Mapping[str, float]]) -> list[str]:
    """Return the names of all metrics of some frames, in the order of their first appearance."""
    return list(dict.fromkeys(name for row in rows for name in row))


def class_names(probe: ProbeSet) -> NDArray[np.str_]:
    """Return the name of the class of each image (n,), its number where the data set has no names."""
    names = np.array(probe.names)
    return names[probe.labels]


def split_names(probe: ProbeSet) -> NDArray[np.str_]:
    """Return "test" or "train" for each image (n,)."""
    return np.where(probe.split == TEST, *SPLITS)
