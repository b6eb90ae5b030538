"""Verification: all numbers of a frame under one measure."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.pauses import pause_point
from explorer.analysis.verification.distances import Distances, Measure, distance, prepared
from explorer.analysis.verification.identification import Identification, identification
from explorer.analysis.verification.plan import Pairs, VerificationPlan, verification_plan
from explorer.analysis.verification.roc import (
    FALSE_ACCEPTS,
    EqualErrors,
    Rate,
    Roc,
    equal_errors,
    roc_curve,
    tar_at,
)

MOST_EXTREMES = 8
"""Most pairs of each kind that are worth a look."""
_CANDIDATES = 400


class PairDistances(Struct, frozen=True, eq=False):
    """The pairs (m, 2) of a kind that have a distance, in the order of these ``distances`` (m,), rising."""

    pairs: Pairs
    distances: Distances


class Verification(Struct, frozen=True, eq=False):
    """What the features of a frame are worth for telling whether two test images show the same class.

    ``roc`` and ``equal`` are None without a pair of each kind; ``accepts`` are the true accept rates at
    `FALSE_ACCEPTS`. ``nearest_different`` and ``farthest_same`` are the pairs that are most misleading, the
    worst first, each image in one of them at most, as places in ``different`` and ``same``.
    """

    plan: VerificationPlan
    measure: Measure
    same: PairDistances
    different: PairDistances
    roc: Roc | None
    equal: EqualErrors | None
    accepts: tuple[Rate, ...]
    identification: Identification
    nearest_different: tuple[int, ...]
    farthest_same: tuple[int, ...]


def verification(
    snapshot: Snapshot, measure: Measure, classes: frozenset[int], plan: VerificationPlan | None = None
) -> Verification:
    """Return the numbers of the test images of these classes; an earlier ``plan`` is used where it fits."""
    plan = _plan(snapshot, classes, plan)
    labels = snapshot.probe.labels
    vectors = _vectors(snapshot, measure, plan)
    same, different = (_sorted(pairs, vectors, measure) for pairs in (plan.same, plan.different))
    pause_point()
    roc = roc_curve(same.distances, different.distances)
    return Verification(
        plan=plan,
        measure=measure,
        same=same,
        different=different,
        roc=roc,
        equal=None if roc is None else equal_errors(roc),
        accepts=() if roc is None else _accepts(roc, plan, same, different),
        identification=identification(
            vectors[plan.gallery], labels[plan.gallery], vectors[plan.probes], labels[plan.probes], measure
        ),
        nearest_different=_without_common_image(different.pairs, range(len(different.pairs))),
        farthest_same=_without_common_image(same.pairs, range(len(same.pairs) - 1, -1, -1)),
    )


class EqualErrorRate(Struct, frozen=True, eq=False):
    """The point of equal errors of the test images that are in ``plan``; None without a pair of each kind."""

    plan: VerificationPlan
    equal: EqualErrors | None


def equal_error_rate(
    snapshot: Snapshot, measure: Measure, classes: frozenset[int], plan: VerificationPlan | None = None
) -> EqualErrorRate:
    """Return `Verification.equal` of these classes, without the rest."""
    plan = _plan(snapshot, classes, plan)
    vectors = _vectors(snapshot, measure, plan)
    same, different = (_sorted(pairs, vectors, measure) for pairs in (plan.same, plan.different))
    roc = roc_curve(same.distances, different.distances)
    return EqualErrorRate(plan, None if roc is None else equal_errors(roc))


def _plan(snapshot: Snapshot, classes: frozenset[int], plan: VerificationPlan | None) -> VerificationPlan:
    """Return an earlier plan where it fits, else another one."""
    if plan is None or plan.probe is not snapshot.probe or plan.wanted != classes:
        plan = verification_plan(snapshot.probe, classes)
    pause_point()
    return plan


def _vectors(snapshot: Snapshot, measure: Measure, plan: VerificationPlan) -> Distances:
    """Return what is compared (n, d), NaN for images that are not in the plan."""
    vectors = np.full(snapshot.features.shape, np.nan)
    vectors[plan.images] = prepared(snapshot.features[plan.images], measure)
    return vectors


def _accepts(
    roc: Roc, plan: VerificationPlan, same: PairDistances, different: PairDistances
) -> tuple[Rate, ...]:
    independent = min(plan.independent, len(same.pairs))
    return tuple(tar_at(roc, far, len(different.pairs), independent) for far in FALSE_ACCEPTS)


def _sorted(pairs: Pairs, vectors: Distances, measure: Measure) -> PairDistances:
    found = distance(vectors[pairs[:, 0]], vectors[pairs[:, 1]], measure)
    order = np.argsort(found, kind="stable")[: np.count_nonzero(~np.isnan(found))]
    return PairDistances(pairs[order], found[order])


def _without_common_image(pairs: Pairs, places: range) -> tuple[int, ...]:
    """Return the first of the places at which pairs have no image in common."""
    chosen: list[int] = []
    seen: set[int] = set()
    for place in places[:_CANDIDATES]:
        images = pairs[place].tolist()
        if seen.isdisjoint(images):
            chosen.append(place)
            seen.update(images)
        if len(chosen) == MOST_EXTREMES:
            break
    return tuple(chosen)
