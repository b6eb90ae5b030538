"""What the angles view shows of a snapshot: whose angles, and how they are distributed."""

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
from explorer.gui.views.angles.rose_plot import RoseContent

Page = Literal["histogram", "rose", "classes"]
Images = Literal["both", "test", "train"]
_SPLITS: dict[Images, tuple[int, ...]] = {"both": (TEST, TRAIN), "test": (TEST,), "train": (TRAIN,)}


class AngleOptions(Struct, frozen=True):
    """What is shown: of the images of one class, or of all for None; ``between`` is for the table."""

    page: Page = "histogram"
    images: Images = "both"
    label: Annotated[int, Meta(ge=0)] | None = None
    between: ReferenceKind = "class weights"


class Series(Struct, frozen=True, eq=False):
    """The angles of some images, and how they are distributed."""

    angles: ImageAngles
    found: AngleDistribution


class AngleContent(Struct, frozen=True, eq=False):
    """Test and training images, None for a split that is not wanted or not there; the selected among them.

    ``margin`` is in radians, None where the loss has none; ``complaint`` says in a sentence why nothing is
    shown.
    """

    kind: ReferenceKind
    test: Series | None
    train: Series | None
    chosen: Series
    margin: float | None
    complaint: str = ""

    @property
    def series(self) -> tuple[Series, ...]:
        """Test and training images, those that there are."""
        return tuple(series for series in (self.test, self.train) if series is not None)

    def rows_within(self, low: float, high: float) -> Rows:
        """Return the rows of the snapshot whose θ_y lies between two angles in degrees."""
        low, high = np.radians((low, high))
        parts = [series.angles for series in self.series]
        return np.concatenate(
            [np.zeros(0, np.intp), *(part.rows[(part.own >= low) & (part.own <= high)] for part in parts)]
        )


def angle_content(
    snapshot: Snapshot, options: AngleOptions, left_out: frozenset[int], chosen: Mask
) -> AngleContent:
    """Return the distributions of the angles of the images of a snapshot.

    ``chosen`` (n,) are the selected images; of classes ``left_out`` nothing is shown.
    """
    shown = _shown(snapshot.probe, options, left_out)
    found = {
        split: image_angles(snapshot, split, shown)
        for split in _SPLITS[options.images]
        if (snapshot.probe.split == split).any()
    }
    parts = [angles.part(chosen[angles.rows]) for angles in found.values()]
    kinds = [angles.kind for angles in found.values()]
    selected = ImageAngles(
        kinds[0] if kinds else "class weights",
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
        complaint=_complaint(series, options, left_out),
    )


def rose_content(
    snapshot: Snapshot, options: AngleOptions, left_out: frozenset[int], chosen: Mask
) -> RoseContent:
    """Return the directions of the test images, or of the training images where they alone are shown."""
    probe, split = snapshot.probe, main_split(snapshot.probe, options)
    shown = _shown(probe, options, left_out) & (probe.split == split)
    selected = snapshot.features[shown & chosen]
    pointing = np.isfinite(selected).all(axis=1) & selected.any(axis=1)
    return RoseContent(
        counts=rose(snapshot.features[shown], probe.labels[shown], probe.num_classes),
        reference=reference_rows(snapshot, split),
        chosen=selected[pointing],
    )


def angles_between(snapshot: Snapshot, options: AngleOptions) -> tuple[AngleTable, ReferenceKind]:
    """Return the angles (C, C) between classes, and whether between their weights or their means."""
    weights = weight_reference(snapshot) if options.between == "class weights" else None
    reference = weights or mean_reference(snapshot, main_split(snapshot.probe, options))
    return class_angles(reference, snapshot.probe.num_classes), reference.kind


def main_split(probe: ProbeSet, options: AngleOptions) -> int:
    """Return the split of what shows one only: test unless only the other is wanted or there."""
    there = [split for split in _SPLITS[options.images] if (probe.split == split).any()]
    return there[0] if there else _SPLITS[options.images][0]


def count_texts(snapshot: Snapshot, options: AngleOptions, *, both: bool) -> tuple[str, str]:
    """Return how many images of how many are looked at, in full and in short."""
    probe, full, short = snapshot.probe, [], []
    splits = _SPLITS[options.images] if both else (main_split(probe, options),)
    for split in splits:
        count = int(np.count_nonzero(probe.split == split))
        size, name = (probe.test_size, "test") if split == TEST else (probe.train_size, "training")
        full.append(f"{count:,} of {size:,} {name}" if count else f"no {name} images in the probe")
        short.append(f"{count:,} {name}" if count else f"no {name} images")
    return " · ".join(full), " · ".join(short)


def _shown(probe: ProbeSet, options: AngleOptions, left_out: frozenset[int]) -> Mask:
    shown: Mask = ~np.isin(probe.labels, list(left_out))
    return shown if options.label is None else shown & (probe.labels == options.label)


def _complaint(series: dict[int, Series], options: AngleOptions, left_out: frozenset[int]) -> str:
    if any(part.found.own.count or part.found.other.count for part in series.values()):
        return ""
    if options.label in left_out:
        return f"Class {options.label} is hidden: the legend below the features shows it again."
    if not series:
        return "The probe has no such images: choose others in the menu above."
    return "There is no angle to show: no image, or no class weight or mean, of these classes."
