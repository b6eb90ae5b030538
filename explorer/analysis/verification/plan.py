"""The fixed plan of what is compared: pairs for verification, gallery and probes for identification.

Nothing in it is random, so that all frames of a run, and runs of the same images, are compared alike.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.selection import Rows
from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.protocol.messages import TEST

Pairs = NDArray[np.intp]
"""Rows (m, 2) of a snapshot, one pair in each line."""

MOST_PAIRS = 10_000
"""Most same pairs, and most different pairs."""
GALLERY = 5
"""Most images of a class in the gallery."""
MOST_COMPARISONS = 500_000
"""Most distances between a probe and an image of the gallery."""


class VerificationPlan(Struct, frozen=True, eq=False):
    """Which test images are compared.

    ``same`` and ``different`` (m, 2) are as many pairs of one class and of two classes, without a pair twice:
    evenly many of each class or of each two classes, as far as there are images, and each image in about as
    many as any other of its class. Of the same pairs, as many as ``independent`` have no image in common.
    ``gallery`` (g,) and ``probes`` (p,) are rows in ascending order of their classes; no image is in both.
    ``images`` (n,) are all test images of the ``wanted`` classes, in ascending order of their classes.
    """

    probe: ProbeSet
    wanted: frozenset[int]
    images: Rows
    same: Pairs
    different: Pairs
    independent: int
    gallery: Rows
    probes: Rows


class _Sorted(Struct, frozen=True, eq=False):
    """Rows (n,) of test images in ascending order of classes; ``counts`` (C,) of them begin at ``starts``."""

    rows: Rows
    counts: NDArray[np.intp]
    starts: NDArray[np.intp]


class _Rounds(Struct, frozen=True, eq=False):
    """Pairs (m, 2) of places in `_Sorted.rows`, in rounds of ``sizes``: a round has one of each group."""

    pairs: Pairs
    sizes: NDArray[np.intp]

    @classmethod
    def of(cls, first: NDArray[np.intp], second: NDArray[np.intp], possible: NDArray[np.bool_]) -> _Rounds:
        """Return the possible ones of tables of both places (groups, rounds)."""
        pairs = np.stack([first.T[possible.T], second.T[possible.T]], axis=1)
        return cls(pairs, np.count_nonzero(possible, axis=0))

    def first(self, count: int) -> Pairs:
        """Return ``count`` pairs: all of the first rounds, and of the next some of all groups."""
        ends = np.append(0, np.cumsum(self.sizes))
        whole = int(np.searchsorted(ends, count, side="right")) - 1
        start = int(ends[whole])
        partial = self.pairs[start : ends[min(whole + 1, len(ends) - 1)]]
        return np.concatenate([self.pairs[:start], _thinned(partial, count - start)])


def verification_plan(
    probe: ProbeSet, classes: frozenset[int], most_pairs: int = MOST_PAIRS
) -> VerificationPlan:
    """Return the plan for the test images of these classes."""
    images = _sorted_images(probe, classes)
    same, different = _same_pairs(images, most_pairs), _different_pairs(images, most_pairs)
    count = min(len(same.pairs), len(different.pairs), most_pairs)
    chosen = same.first(count)
    gallery, probes = _gallery_and_probes(images)
    return VerificationPlan(
        probe=probe,
        wanted=classes,
        images=images.rows,
        same=images.rows[chosen],
        different=images.rows[different.first(count)],
        independent=_independent(images, chosen),
        gallery=images.rows[gallery],
        probes=images.rows[probes],
    )


def _sorted_images(probe: ProbeSet, classes: frozenset[int]) -> _Sorted:
    rows = np.flatnonzero((probe.split == TEST) & np.isin(probe.labels, list(classes)))
    counts = np.bincount(probe.labels[rows])
    counts = counts[counts > 0]
    order = np.argsort(probe.labels[rows], kind="stable")
    return _Sorted(rows[order], counts, np.cumsum(counts) - counts)


def _same_pairs(images: _Sorted, most: int) -> _Rounds:
    """Return pairs of each class.

    The n images of a class stand in a circle. Image i is paired with its next neighbour, first for i = 0, 2,
    4, …, which have no image in common, then for the odd ones; then each with its second neighbour, and so
    on: n(n − 1)/2 pairs without one twice.
    """
    counts, starts = images.counts[:, None], images.starts[:, None]
    k = np.arange(-(-most // max(1, len(counts))))[None]
    turn, place = k // counts, k % counts
    even = counts % 2 == 0
    first = 2 * place % counts + (even & (2 * place >= counts))
    opposite = even & (turn + 1 == counts // 2)  # half a turn, in which i and i + n/2 are one pair
    first = np.where(opposite, place, first)
    second = (first + turn + 1) % counts
    return _Rounds.of(first + starts, second + starts, k < counts * (counts - 1) // 2)


def _different_pairs(images: _Sorted, most: int) -> _Rounds:
    """Return pairs of each two classes.

    Classes a and b have q pairs. Both are gone through in a circle, and b is moved on by one image after
    each lcm(n_a, n_b) pairs, which is when a pair would come again. Each class goes on where it stopped in
    the pairs with its previous opponent, so that all its images are used.
    """
    classes = len(images.counts)
    a, b = (side[:, None] for side in np.triu_indices(classes, 1))
    quota = -(-most // max(1, len(a)))
    k = np.arange(quota)[None]
    count_a, count_b = images.counts[a], images.counts[b]
    first = ((b - 1) * quota + k) % count_a  # b > a is the opponent number b − 1 of a, and a number a of b
    second = (a * quota + k + k // np.lcm(count_a, count_b)) % count_b
    return _Rounds.of(first + images.starts[a], second + images.starts[b], k < count_a * count_b)


def _thinned(places: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Return ``count`` of the places or pairs, evenly spaced."""
    return places[np.arange(count) * len(places) // max(1, count)]


def _independent(images: _Sorted, same: Pairs) -> int:
    """Return a number of same pairs (m, 2) that have no image in common."""
    ends = images.starts + images.counts
    used = np.bincount(np.searchsorted(ends, same[:, 0], side="right"), minlength=len(ends))
    return int(np.minimum(used, images.counts // 2).sum())


def _gallery_and_probes(images: _Sorted) -> tuple[Rows, Rows]:
    """Return places in ``images.rows``: up to `GALLERY` images of a class, evenly spaced, and of the rest."""
    sizes = np.minimum(GALLERY, images.counts // 2).tolist()
    most = MOST_COMPARISONS // max(1, sum(sizes)) // max(1, len(sizes))
    gallery, probes = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
    for start, count, size in zip(images.starts.tolist(), images.counts.tolist(), sizes, strict=True):
        known = np.arange(size) * count // max(1, size)
        gallery.append(start + known)
        others = np.delete(np.arange(count), known)
        probes.append(start + _thinned(others, min(len(others), most)))
    return np.concatenate(gallery), np.concatenate(probes)
