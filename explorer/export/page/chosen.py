"""Which frames and which images of a run a page holds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import ProbeSet


def chosen_frames(steps: Sequence[int], marked: Iterable[int], most: int) -> tuple[int, ...]:
    """Return numbers of frames in ascending order: the first, the last, those of marks, and others evenly.

    Parameters
    ----------
    steps : sequence of int
        Step of each frame, in ascending order, at least one.
    marked : iterable of int
        Steps at which something happened: the first frame that shows it is chosen. If these were more than
        half of the frames, they are thinned evenly.
    most : int
        Most frames, at least 2.
    """
    last = len(steps) - 1
    if len(steps) <= most:
        return tuple(range(len(steps)))
    showing = sorted({min(bisect_left(steps, step), last) for step in marked} - {0, last})
    kept = {0, last, *_evenly(showing, (most - 2) // 2)}
    rest = [number for number in range(len(steps)) if number not in kept]
    return tuple(sorted(kept | set(_evenly(rest, most - len(kept)))))


def chosen_rows(probe: ProbeSet, most: int) -> NDArray[np.intp]:
    """Return rows of a probe set in ascending order, of each class and split the same fraction.

    The fractions are as equal as whole numbers allow (largest remainders); within a class and split, rows
    are taken evenly.
    """
    total = len(probe.labels)
    if total <= most:
        return np.arange(total)
    groups = probe.split.astype(np.intp) * probe.num_classes + probe.labels
    counts = np.bincount(groups)
    exact = counts * (most / total)
    quotas = np.floor(exact).astype(np.intp)
    quotas[np.argsort(quotas - exact, kind="stable")[: most - quotas.sum()]] += 1
    order = np.argsort(groups, kind="stable")
    ends = np.cumsum(counts)
    rows = [
        order[end - count : end][_evenly(range(count), quota)]
        for end, count, quota in zip(ends.tolist(), counts.tolist(), quotas.tolist(), strict=True)
    ]
    return np.sort(np.concatenate(rows))


def _evenly(values: Collection[int], most: int) -> list[int]:
    """Return at most ``most`` of some values, evenly spaced, each from the middle of its part."""
    listed = list(values)
    if len(listed) <= most:
        return listed
    return [listed[int((number + 0.5) * len(listed) / most)] for number in range(most)]
