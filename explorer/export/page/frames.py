"""The frames of a page: what stands in the description, and the arrays, packed."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.classifier import reference_rows
from explorer.analysis.heads.registry import head_of
from explorer.analysis.heads.score_form import ScoreForm
from explorer.analysis.margins.training_margin import TrainingMargin
from explorer.analysis.plane.bands import margin_bands
from explorer.core.protocol.messages import TEST
from explorer.export.page.packing import Packer, quantised, steps_between
from explorer.export.page.projecting import PageProjection
from explorer.export.tables import image_columns

_CURVES = ("loss", "test_accuracy", "train_accuracy")
_DIGITS = 6
"""Significant digits of the numbers of a curve."""
_NO_BANDS = np.empty((0, 3))
_SCORES = np.array([-2.0, -1.0, 1.0])
"""Scores at which a margin shows."""
_HUNDREDTHS = 100
_OF_IMAGES = ("prediction", "given_label", "damage", "strength")
"""Columns of `image_columns` that a page has of every frame; the strength as hundredths."""


class FormShape(Struct, frozen=True, rename="camel"):
    """How many rows the `ScoreForm` of a frame has, and its switches."""

    rows: int
    squares: bool
    on_unit: bool
    thresholded: bool


class FrameFacts(Struct, frozen=True, rename="camel"):
    """A frame but for its arrays.

    ``curves`` has loss and accuracies, None for those that the frame lacks. The frame has ``references``
    class weights or means (``reference_kind``), and ``centers`` class centres. ``by_direction`` tells whether
    x and x/‖x‖ always have the same prediction. A classifier without a ``form`` is that of a plug-in. There
    are ``bands`` margin bands; None where a page cannot show them: where their edges bend, or in space.
    """

    step: int
    epoch: float
    elapsed: float
    curves: dict[str, float | None]
    reference_kind: str
    references: int
    centers: int
    by_direction: bool
    form: FormShape | None
    bands: int | None


class _Arrays(Struct):
    """The arrays of the frames so far, those of each frame after those of the one before."""

    features: list[NDArray[np.float32]] = []
    images: list[dict[str, NDArray[np.int64]]] = []
    references: list[NDArray[np.float32]] = []
    centers: list[NDArray[np.float32]] = []
    forms: list[NDArray[np.float64]] = []
    bands: list[NDArray[np.float64]] = []


def packed_frames(
    snapshots: Iterable[Snapshot],
    rows: NDArray[np.intp],
    packer: Packer,
    projection: PageProjection | None = None,
) -> list[FrameFacts]:
    """Pack the arrays of frames and return all else of them.

    Parameters
    ----------
    snapshots : iterable of Snapshot
        The frames, at least one; each is let go before the next is read.
    rows : (n,)
        The images that the page shows, as rows of the probe set.
    packer : Packer
        Receives ``features`` (T, d, n), ``units`` (T,), `_OF_IMAGES` (T, n), and by frame ``references``,
        ``centers``, ``forms``: labels, slopes, offsets and squares of each, and ``bands`` (B, 3): class,
        start and end of each, in radians.
    projection : PageProjection, optional
        The projection of features, references and centres; there are no forms then.
    """
    arrays = _Arrays()
    facts = [_take(snapshot, rows, arrays, projection) for snapshot in snapshots]
    features, units = quantised(arrays.features)
    packer.add_words("features", features)
    packer.add_floats("units", units)
    for name in _OF_IMAGES:
        packer.add_words(name, steps_between(np.stack([one[name] for one in arrays.images])))
    packer.add_floats("references", _joined(arrays.references))
    packer.add_floats("centers", _joined(arrays.centers))
    packer.add_floats("forms", _joined(arrays.forms))
    packer.add_floats("bands", _joined(arrays.bands))
    return facts


def _take(
    snapshot: Snapshot, rows: NDArray[np.intp], arrays: _Arrays, projection: PageProjection | None
) -> FrameFacts:
    """Add the arrays of a frame to those of the frames before it, and return all else of it."""
    head, reference = head_of(snapshot), reference_rows(snapshot, TEST)
    form = head.form() if projection is None else None
    shown = _as_it_is if projection is None else projection.apply
    arrays.features.append(shown(snapshot.features[rows]))
    columns = image_columns(snapshot)
    columns["strength"] = np.rint(columns["strength"].astype(np.float64) * _HUNDREDTHS)
    arrays.images.append({name: columns[name][rows].astype(np.int64) for name in _OF_IMAGES})
    arrays.references.append(shown(reference.rows))
    if snapshot.centers is not None:
        arrays.centers.append(shown(snapshot.centers))
    if form is not None:
        arrays.forms += [one for one in _columns(form) if one is not None]
    bands = _straight_bands(snapshot) if snapshot.features.shape[1] == 2 else None
    if bands is not None:
        arrays.bands.append(bands)
    return FrameFacts(
        step=snapshot.step,
        epoch=_rounded(snapshot.epoch) or 0.0,
        elapsed=_rounded(snapshot.elapsed) or 0.0,
        curves={name: _rounded(snapshot.scalars.get(name)) for name in _CURVES},
        reference_kind=reference.kind,
        references=len(reference.rows),
        centers=0 if snapshot.centers is None else len(snapshot.centers),
        by_direction=head.ignores_length,
        form=None if form is None else _shape(form),
        bands=None if bands is None else len(bands),
    )


def _as_it_is(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors


def _columns(form: ScoreForm) -> tuple[NDArray[np.float64] | None, ...]:
    return form.labels.astype(np.float64), form.slopes, form.offsets, form.squares


def _shape(form: ScoreForm) -> FormShape:
    return FormShape(len(form.labels), form.squares is not None, form.on_unit, form.thresholded)


def _joined(arrays: list[NDArray[np.float32]] | list[NDArray[np.float64]]) -> NDArray[np.floating]:
    return np.concatenate([one.ravel() for one in arrays]) if arrays else np.empty(0, np.float32)


def _rounded(value: float | None) -> float | None:
    """Return a number of a curve; None, which JSON has, where it is not finite."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{_DIGITS}g}")


def _straight_bands(snapshot: Snapshot) -> NDArray[np.float64] | None:
    """Return class, start and end (B, 3) in radians of each margin band of features in the plane.

    Each reaches from the origin to infinity. None where their edges bend, since the margin or the classifier
    depends on the length of the feature: then they can only be computed for a part of the plane. Where the
    scores in training are those of the test, there is no margin, and so there are no bands.
    """
    head = head_of(snapshot)
    wedges = head.wedges()
    if wedges is None:
        scores = head.kind.training_scores(snapshot.config.loss.params, (0.0, 0.0))
        changed = scores is not None and any((score(_SCORES) != _SCORES).any() for score in scores)
        return None if changed else _NO_BANDS
    margin = TrainingMargin.of(snapshot)
    if margin is None:
        return _NO_BANDS
    if margin.lengths:
        return None
    found = margin_bands(wedges, margin)
    return np.array([(band.label, band.start, band.end) for band in found]).reshape(-1, 3)
