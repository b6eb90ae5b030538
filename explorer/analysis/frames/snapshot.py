"""Snapshot: a frame with decoded arrays, as the views read it."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.core.class_sets import named_classes
from explorer.core.protocol.arrays import Array
from explorer.core.protocol.messages import Frame, Started
from explorer.core.settings.config import RunConfig

Floats = NDArray[np.float32]
Labels = NDArray[np.uint8] | NDArray[np.int32]


_MOST_NAMED, _ALWAYS_SHORT, _LONGEST = 20, 3, 14
"""Classes with names in little room; letters of names that always fit, and that are shown at most."""


class ProbeSet(Struct, frozen=True, eq=False, weakref=True):
    """The images behind the points: one entry per row of a frame's features.

    ``labels`` and ``split`` (n,) are uint8, labels of more than 256 classes int32; ``indices`` (n,) int32
    are positions among the images of the split, which has ``test_size`` or ``train_size`` images. ``unseen``
    are the classes left out of training, ``trained_size`` counts the training images of the others, and
    ``class_names`` has the name of each class; it is empty where there are only numbers. ``alike`` is as in
    `Started`, and ``title`` is that of the data set, empty in runs of old releases, which are on MNIST.
    """

    labels: Labels
    indices: NDArray[np.int32]
    split: NDArray[np.uint8]
    num_classes: int
    test_size: int
    train_size: int
    unseen: frozenset[int] = frozenset()
    trained_size: int = 0
    class_names: tuple[str, ...] = ()
    alike: tuple[int, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        """Without a number of training images trained on, it is that of all."""
        msgspec.structs.force_setattr(self, "trained_size", self.trained_size or self.train_size)

    def name(self, label: int) -> str:
        """Return the name of a class, its number where the data set has no names; a dash for none."""
        if label < 0:
            return "–"
        return self.class_names[label] if self.class_names else str(label)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all classes (C,), their numbers where the data set has no names."""
        return self.class_names or tuple(map(str, range(self.num_classes)))

    def short_names(self) -> tuple[str, ...]:
        """Return names (C,) for little room: long ones are cut, and many classes have numbers."""
        count = self.num_classes
        short = all(len(name) <= _ALWAYS_SHORT or name.isdecimal() for name in self.class_names)
        if not self.class_names or (count > _MOST_NAMED and not short):
            return tuple(map(str, range(count)))
        return tuple(
            name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"
            for name in self.class_names
        )

    @property
    def unseen_text(self) -> str:
        """The names of the classes left out of training; empty for none."""
        return named_classes(self.unseen, self.class_names)

    @property
    def trained(self) -> NDArray[np.intp]:
        """The classes trained on (S,), in ascending order."""
        return np.array([label for label in range(self.num_classes) if label not in self.unseen], np.intp)

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Mask (n,) of the images of classes trained on: only these can be classified right or wrong."""
        if not self.unseen:
            return np.ones(len(self.labels), np.bool_)
        known = np.zeros(self.num_classes, np.bool_)
        known[self.trained] = True
        result: NDArray[np.bool_] = known[self.labels]
        return result

    @classmethod
    def of(cls, started: Started) -> ProbeSet:
        """Return the probe set that a run announced."""
        return cls(
            labels=label_array(started.labels),
            indices=started.indices.numpy().astype(np.int32, copy=False),
            split=started.split.numpy().astype(np.uint8, copy=False),
            num_classes=started.num_classes,
            test_size=started.test_size,
            train_size=started.train_size,
            unseen=frozenset(started.unseen),
            trained_size=started.trained_size,
            class_names=started.data.class_names,
            alike=started.alike,
            title=started.data.title,
        )


class Snapshot(Struct, frozen=True, eq=False, weakref=True):
    """One frame of a run with everything that a view needs to draw it.

    ``config`` is what the frame was trained with, and ``config_seq`` its number in the run. ``features``
    (n, d); ``weight`` (C, d), ``bias`` (C,), ``centers`` (C, d) and ``log_variance`` (C, d) where the loss
    has them, NaN for classes left out of training; ``scalars`` and ``first_losses`` as in `Frame`.
    ``since`` is None for a frame; for a state between two frames (see `interpolation`) it is the step of the
    earlier one, and everything but the arrays is that of the later one. ``toward`` is, for such a state of a
    film, the step of the later one instead, and everything but the arrays is that of the earlier one.
    """

    probe: ProbeSet
    config: RunConfig
    step: int
    epoch: float
    elapsed: float
    samples_per_second: float
    probe_samples: int
    features: Floats
    scalars: dict[str, float]
    weight: Floats | None = None
    bias: Floats | None = None
    centers: Floats | None = None
    radius: float | None = None
    log_variance: Floats | None = None
    since: int | None = None
    toward: int | None = None
    config_seq: int = 0
    first_losses: Floats | None = None

    @property
    def partway(self) -> bool:
        """Whether it is a state between two frames."""
        return self.since is not None or self.toward is not None

    @property
    def common_bias(self) -> float | None:
        """The bias of a loss that has the same one for all classes; None without biases."""
        if self.bias is None:
            return None
        known = self.bias[np.isfinite(self.bias)]
        return float(known[0]) if len(known) else float("nan")

    @classmethod
    def of(cls, frame: Frame, probe: ProbeSet, config: RunConfig) -> Snapshot:
        """Return the decoded frame.

        Raises
        ------
        ValueError
            Where the frame's arrays do not fit the probe set.
        """
        features = frame.features.numpy()
        if features.ndim != 2 or len(features) != len(probe.labels):
            raise ValueError(f"a frame has features {features.shape} for {len(probe.labels)} probe images")
        return cls(
            probe=probe,
            config=config,
            step=frame.step,
            epoch=frame.epoch,
            elapsed=frame.elapsed,
            samples_per_second=frame.samples_per_second,
            probe_samples=frame.probe_samples,
            features=features,
            scalars=frame.scalars,
            weight=_optional(frame.weight),
            bias=_optional(frame.bias),
            centers=_optional(frame.centers),
            radius=frame.radius,
            log_variance=_optional(frame.log_variance),
            config_seq=frame.config_seq,
            first_losses=_optional(frame.first_losses),
        )


def label_array(array: Array) -> Labels:
    """Return the labels of a message."""
    values: NDArray[Any] = array.numpy()
    return values if values.dtype == np.uint8 else values.astype(np.int32, copy=False)


def _optional(array: Array | None) -> Floats | None:
    return None if array is None else array.numpy()
