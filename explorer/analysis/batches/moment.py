"""BatchMoment: a batch as a step sees it, with what the loss asks of each image."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Floats, ProbeSet, Snapshot, label_array
from explorer.analysis.heads.classifier import log_softmax, logits
from explorer.core.data.datasets import Bytes
from explorer.core.protocol.messages import TRAIN
from explorer.core.protocol.queries import BatchExamined

Numbers = NDArray[np.float64]

_ALIKE = 1.5
"""Up to this ratio of root mean square lengths, two sets of features look alike."""


class BatchMoment(Struct, frozen=True, eq=False):
    """A batch after a step, before the next.

    Attributes
    ----------
    frame : Snapshot
        The frame of the run after that step.
    snapshot : Snapshot
        The batch as if it were the probe set of a frame: what is computed of a sample holds for its images.
        Its labels are those that are trained with, so its configuration makes none of them wrong.
    images : (b, height, width)
        Grey values.
    forces : (b, d)
        −∂L/∂x times the number of images: for a loss that is a mean over images, minus the gradient of the
        loss of the image itself.
    """

    frame: Snapshot
    snapshot: Snapshot
    images: Bytes
    forces: Numbers

    @classmethod
    def of(cls, examined: BatchExamined, frame: Snapshot) -> BatchMoment:
        """Return a batch that was examined when ``frame`` was the newest frame of the run."""
        probe = ProbeSet(
            labels=label_array(examined.labels),
            indices=examined.indices.numpy().astype(np.int32, copy=False),
            split=np.full(examined.labels.shape[0], TRAIN, dtype=np.uint8),
            num_classes=frame.probe.num_classes,
            test_size=frame.probe.test_size,
            train_size=frame.probe.train_size,
            unseen=frame.probe.unseen,
            trained_size=frame.probe.trained_size,
            class_names=frame.probe.class_names,
        )
        gradient = examined.gradient.numpy().astype(np.float64)
        return cls(
            frame=frame,
            snapshot=replace(
                frame,
                probe=probe,
                config=frame.config.replace({"data.wrong_labels": 0.0}),
                features=examined.features.numpy(),
                scalars={**frame.scalars, **examined.scalars},
            ),
            images=examined.images.numpy().astype(np.uint8, copy=False),
            forces=-len(gradient) * gradient,
        )

    @property
    def count(self) -> int:
        """The number of images, b."""
        return len(self.forces)

    @property
    def most_pulled(self) -> int:
        """The image on which the force is largest."""
        return int(np.nan_to_num(np.linalg.norm(self.forces, axis=1)).argmax())

    @property
    def lies_elsewhere(self) -> bool:
        """Whether the batch is where the training images of the frame are not, by their lengths."""
        probe = self.frame.probe
        seen = (probe.split == TRAIN) & probe.judged
        if not seen.any():
            return False
        plotted, batch = (
            self.frame.features[seen].astype(np.float64),
            self.snapshot.features.astype(np.float64),
        )
        sizes = [float(np.sqrt(np.mean((one**2).sum(axis=1)))) for one in (plotted, batch)]
        return not 1 / _ALIKE < sizes[1] / max(sizes[0], 1e-300) < _ALIKE

    def scores(self, row: int) -> tuple[Numbers, Numbers]:
        """Return the logits (C,) of an image by the classifier, without margin, and their softmax."""
        values = logits(self.frame, self.snapshot.features[row : row + 1]).astype(np.float64)
        return values[0], np.exp(log_softmax(values)[0])

    def probe_row(self, row: int) -> int:
        """Return the row of an image in the frame, −1 where it is not among the images that are plotted."""
        probe = self.frame.probe
        found = np.flatnonzero((probe.split == TRAIN) & (probe.indices == self.snapshot.probe.indices[row]))
        return int(found[0]) if len(found) else -1


class ForceParts(Struct, frozen=True):
    """A force on a feature: its length, and its parts along the ray through the feature and across it.

    ``along`` is positive away from the origin; ``across`` is a length, and ``towards`` tells whether it turns
    the feature towards the class weight of its class: None without class weights, and for no part across.
    """

    length: float
    along: float
    across: float
    towards: bool | None = None


def force_parts(feature: Floats, force: Numbers, weight: Floats | None) -> ForceParts:
    """Return the parts of a force (d,) on a feature (d,); ``weight`` (d,) is that of its class."""
    length = float(np.linalg.norm(feature))
    ray = feature.astype(np.float64) / length if length else np.zeros(len(force))
    along = float(force @ ray)
    rest = force - along * ray
    across = float(np.linalg.norm(rest))
    towards = None
    if weight is not None and across > 1e-9 * max(abs(along), 1e-300):
        towards = bool(rest @ weight.astype(np.float64) > 0)
    return ForceParts(float(np.linalg.norm(force)), along, across, towards)


def displacement(before: Floats, after: Floats, normalized: bool) -> tuple[Floats, Floats]:
    """Return features before and after (b, d) as they are drawn: at unit length where ``normalized``."""
    return (_unit(before), _unit(after)) if normalized else (before, after)


def _unit(points: Floats) -> Floats:
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    result: Floats = np.divide(points, lengths, out=np.zeros_like(points), where=lengths > 0)
    return result
