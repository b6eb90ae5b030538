"""ForceFrame: the forces on the images of a run after a step, and where they are asked for."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.references import unit
from explorer.analysis.frames.selection import Rows
from explorer.analysis.frames.snapshot import Floats, Labels
from explorer.analysis.median import quantile
from explorer.core.places import places_in_class
from explorer.core.protocol.queries import ForcesExamined


class ForceWish(Struct, frozen=True, eq=False):
    """What a view wants to know: forces on ``rows`` (k,), and on ``points`` (g, d) as of class ``label``.

    With ``detached``, as if the margin had no gradient.
    """

    rows: Rows
    points: Floats | None = None
    label: int = 0
    detached: bool = False

    def is_about(self, other: ForceWish) -> bool:
        """Return whether another wish has to do with the same class and gradient, on whatever points."""
        return (self.label, self.detached) == (other.label, other.detached)

    def is_like(self, other: ForceWish | None) -> bool:
        """Return whether another wish asks the same, and so has the same answer."""
        return (
            other is not None
            and self.is_about(other)
            and np.array_equal(self.rows, other.rows)
            and (self.points is None) == (other.points is None)
            and (self.points is None or other.points is None or np.array_equal(self.points, other.points))
        )


class ForceFrame(Struct, frozen=True, eq=False):
    """The answer to a wish, after ``step`` steps.

    Attributes
    ----------
    wish : ForceWish
        What was asked.
    rows : (k,)
        Rows of the probe set, without classes left out of training.
    features, total : (k, d)
        The features, and the forces −∂L/∂x on them.
    push : (k, d) or None
        The part of a force that comes through other classes; None where the loss does not say.
    field : (g, d) or None
        Forces on the points that were asked for.
    batch : int
        Size of the batches in which the loss compared features; 0 where each has a loss of its own.
    """

    wish: ForceWish
    step: int
    rows: Rows
    features: Floats
    total: Floats
    push: Floats | None = None
    field: Floats | None = None
    batch: int = 0

    @classmethod
    def of(cls, answer: ForcesExamined, wish: ForceWish) -> ForceFrame:
        """Return the answer to a wish."""
        return cls(
            wish=wish,
            step=answer.step,
            rows=answer.rows.numpy().astype(np.intp),
            features=answer.features.numpy(),
            total=answer.total.numpy(),
            push=None if answer.push is None else answer.push.numpy(),
            field=None if answer.field is None else answer.field.numpy(),
            batch=answer.batch,
        )

    @property
    def pull(self) -> Floats | None:
        """What of a force (k, d) is no push: it comes through the own class, its centre and the length."""
        return None if self.push is None else self.total - self.push


def spread_rows(labels: Labels, rows: Rows, count: int) -> Rows:
    """Return at most ``count`` of ``rows`` (m,), as evenly over their classes as possible, ascending.

    They are the first of each class: a loss that compares pairs is then asked for few batches, and the same
    images are looked at in each frame. ``labels`` (n,) are those of all rows.
    """
    if len(rows) <= count:
        return np.sort(rows)
    rows = np.sort(rows)
    own = labels[rows].astype(np.intp)
    return np.sort(rows[np.lexsort((own, places_in_class(own)))[:count]])


def unit_vectors(vectors: Floats, features: Floats) -> Floats:
    """Return what forces (k, d) on features (k, d) do to these at unit length.

    x/‖x‖ follows the component of the force perpendicular to x, divided by ‖x‖; a feature of length zero
    stays.
    """
    directions = unit(features)
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    across = vectors - (vectors * directions).sum(axis=1, keepdims=True) * directions
    moved: Floats = np.divide(across, lengths, out=np.zeros_like(across), where=lengths > 0)
    return moved


def typical_length(vectors: Floats) -> float:
    """Return the length that nine of ten vectors (k, d) do not exceed; 0 without a finite one."""
    lengths = np.linalg.norm(vectors, axis=1)
    finite: NDArray[np.floating] = lengths[np.isfinite(lengths)]
    return quantile(finite, 0.9) if len(finite) else 0.0


def round_number(value: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten that is not above a positive number."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(factor for factor in (5, 2, 1) if factor * power <= value * (1 + 1e-9)) * power)
