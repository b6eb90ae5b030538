"""What the Angles view shows of a snapshot, as plain values: distributions, directions, class angles."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from msgspec import Meta, Struct

from explorer.analysis.frames.references import ReferenceKind, mean_reference
from explorer.analysis.frames.selection import Mask, Rows
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.analysis.heads.classifier import reference_rows, weight_reference
from explorer.analysis.statistics.angle_distribution import (
    AngleDistribution,
    ImageAngles,
    distribution,
    image_angles,
)
from explorer.analysis.statistics.class_angles import AngleTable, class_angles
from explorer.analysis.statistics.rose import rose
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.texts import _
from explorer.gui.views.angles.rose_plot import RoseContent

Page = Literal["histogram", "rose", "classes", "forces"]
Images = Literal["both", "test", "train"]
_SPLITS: dict[Images, tuple[int, ...]] = {"both": (TEST, TRAIN), "test": (TEST,), "train": (TRAIN,)}


class AngleOptions(Struct, frozen=True):
    """Which page is shown, and of which images: of class ``label``, or of all classes for None.

    ``between`` chooses the angles of the table between classes; with ``detached``, forces are those of a
    loss whose margin has no gradient.
    """

    page: Page = "histogram"
    images: Images = "both"
    label: Annotated[int, Meta(ge=0)] | None = None
    between: ReferenceKind = "weights"
    detached: bool = False


class Series(Struct, frozen=True, eq=False):
    """The angles of some images, and their statistics."""

    angles: ImageAngles
    found: AngleDistribution


class AngleContent(Struct, frozen=True, eq=False):
    """The angles of test and training images, None for a split that is not shown, and of the selected ones.

    ``margin`` is in radians, None where the loss has none; ``complaint`` says in a sentence why nothing is
    shown; it may be empty.
    """

    kind: ReferenceKind
    test: Series | None
    train: Series | None
    chosen: Series
    margin: float | None
    complaint: str = ""

    @property
    def series(self) -> tuple[Series, ...]:
        """The test and the training images, without absent ones."""
        return tuple(series for series in (self.test, self.train) if series is not None)

    def rows_within(self, low: float, high: float) -> Rows:
        """Return the rows of the snapshot whose angle to the true class lies in a range, in degrees."""
        low, high = np.radians((low, high))
        parts = [series.angles for series in self.series]
        return np.concatenate(
            [np.zeros(0, np.intp), *(part.rows[(part.own >= low) & (part.own <= high)] for part in parts)]
        )


def angle_content(
    snapshot: Snapshot, options: AngleOptions, left_out: frozenset[int], chosen: Mask
) -> AngleContent:
    """Return the distributions of the angles of the images of a snapshot.

    ``chosen`` (n,) masks the selected images; classes in ``left_out`` are not shown.
    """
    shown = shown_images(snapshot.probe, options, left_out)
    found = {
        split: image_angles(snapshot, split, shown)
        for split in _SPLITS[options.images]
        if (snapshot.probe.split == split).any()
    }
    parts = [angles.part(chosen[angles.rows]) for angles in found.values()]
    kinds = [angles.kind for angles in found.values()]
    selected = ImageAngles(
        kinds[0] if kinds else "weights",
        np.concatenate([np.zeros(0, np.intp), *(part.rows for part in parts)]),
        np.concatenate([np.zeros(0, np.float32), *(part.own for part in parts)]),
        np.concatenate([np.zeros(0, np.float32), *(part.other for part in parts)]),
    )
    series = {split: Series(angles, distribution(angles)) for split, angles in found.items()}
    margin = snapshot.config.loss.spec.param("margin")
    angular = margin is not None and margin.unit == "rad"
    return AngleContent(
        kind=selected.kind,
        test=series.get(TEST),
        train=series.get(TRAIN),
        chosen=Series(selected, distribution(selected)),
        margin=float(snapshot.config.loss.params["margin"]) if angular else None,
        complaint=_complaint(series, options, left_out, snapshot.probe),
    )


def rose_content(
    snapshot: Snapshot, options: AngleOptions, left_out: frozenset[int], chosen: Mask
) -> RoseContent:
    """Return the directions of the test images, or of the training images if only they are shown."""
    probe, split = snapshot.probe, main_split(snapshot.probe, options)
    shown = shown_images(probe, options, left_out) & (probe.split == split)
    selected = snapshot.features[shown & chosen]
    pointing = np.isfinite(selected).all(axis=1) & selected.any(axis=1)
    return RoseContent(
        counts=rose(snapshot.features[shown], probe.labels[shown], probe.num_classes),
        reference=reference_rows(snapshot, split),
        chosen=selected[pointing],
        names=probe.short_names(),
    )


def angles_between(snapshot: Snapshot, options: AngleOptions) -> tuple[AngleTable, ReferenceKind]:
    """Return the angles (C, C) between classes, and what they are angles between."""
    weights = weight_reference(snapshot) if options.between == "weights" else None
    reference = weights or mean_reference(snapshot, main_split(snapshot.probe, options))
    return class_angles(reference, snapshot.probe.num_classes), reference.kind


def images_of_splits(snapshot: Snapshot, options: AngleOptions, left_out: frozenset[int]) -> Mask:
    """Return which images (n,) are shown."""
    probe = snapshot.probe
    mask: Mask = shown_images(probe, options, left_out) & np.isin(probe.split, _SPLITS[options.images])
    return mask


def main_split(probe: ProbeSet, options: AngleOptions) -> int:
    """Return the split of a page that shows only one: test images if they are chosen and present."""
    there = [split for split in _SPLITS[options.images] if (probe.split == split).any()]
    return there[0] if there else _SPLITS[options.images][0]


def count_texts(
    snapshot: Snapshot, options: AngleOptions, left_out: frozenset[int], *, both: bool
) -> tuple[str, str]:
    """Return how many images of how many are shown, in full and in short; classes ``left_out`` are not."""
    probe = snapshot.probe
    shown = shown_images(probe, options, left_out)
    full: list[str] = []
    short: list[str] = []
    splits = _SPLITS[options.images] if both else (main_split(probe, options),)
    for split in splits:
        count = int(np.count_nonzero(shown & (probe.split == split)))
        if split == TEST:
            size, none = probe.test_size, _("no test images")
            patterns = _("{count:,} of {size:,} test"), _("{count:,} test")
        else:
            size, none = probe.train_size, _("no training images")
            patterns = _("{count:,} of {size:,} training"), _("{count:,} training")
        for texts, pattern in zip((full, short), patterns, strict=True):
            texts.append(pattern.format(count=count, size=size) if count else none)
    return " · ".join(full), " · ".join(short)


def shown_images(probe: ProbeSet, options: AngleOptions, left_out: frozenset[int]) -> Mask:
    """Return which images (n,) are of the classes that are shown, whatever their split."""
    shown: Mask = ~np.isin(probe.labels, list(left_out))
    return shown if options.label is None else shown & (probe.labels == options.label)


def _complaint(
    series: dict[int, Series], options: AngleOptions, left_out: frozenset[int], probe: ProbeSet
) -> str:
    if any(part.found.own.count or part.found.other.count for part in series.values()):
        return ""
    if options.label in left_out:
        return _("Class {label} is hidden. Click it in the legend below the features to show it.").format(
            label=probe.name(options.label)
        )
    if options.label in probe.unseen:
        return _("Class {label} is left out of training: it has no class weight to compare with.").format(
            label=probe.name(options.label)
        )
    if not series:
        return _("No images match. Choose other images in the menu above.")
    return _("No angles to show: these classes have no images, or no class weight or mean.")
