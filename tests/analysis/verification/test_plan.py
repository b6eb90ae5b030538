from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from analysis.snapshots import probe_set

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.analysis.verification.plan import GALLERY, MOST_COMPARISONS, MOST_PAIRS, verification_plan
from explorer.core.protocol.messages import TEST


def probe_of(counts: list[int], train: int = 30) -> ProbeSet:
    """A probe set with this many test images of each class, mixed, among training images."""
    rng = np.random.default_rng(0)
    labels = np.concatenate([np.repeat(np.arange(len(counts)), counts), np.zeros(train, int)])
    split = np.repeat([0, 1], [sum(counts), train])
    order = rng.permutation(len(labels))
    return ProbeSet(
        labels=labels[order].astype(np.uint8),
        indices=np.arange(len(labels), dtype=np.int32),
        split=split[order].astype(np.uint8),
        num_classes=len(counts),
        test_size=sum(counts),
        train_size=train,
    )


def every(probe):
    return frozenset(range(probe.num_classes))


def as_set(pairs):
    return {frozenset(pair) for pair in pairs.tolist()}


CASES = {
    "many": [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
    "few": [45] * 10,
    "uneven": [1, 2, 3, 40, 7],
    "two classes": [30, 31],
    "hundred classes": [20] * 100,
}


@pytest.mark.parametrize("counts", CASES.values(), ids=CASES)
def test_no_pair_comes_twice_and_each_is_of_the_kind_that_it_is_told_to_be(counts):
    probe = probe_of(counts)
    plan = verification_plan(probe, every(probe))
    assert len(plan.same) == len(plan.different) <= MOST_PAIRS
    for pairs, alike in ((plan.same, True), (plan.different, False)):
        assert len(as_set(pairs)) == len(pairs)
        assert (pairs[:, 0] != pairs[:, 1]).all()
        assert (probe.split[pairs] == TEST).all()
        labels = probe.labels[pairs]
        assert ((labels[:, 0] == labels[:, 1]) == alike).all()


def test_classes_have_equally_many_pairs_as_far_as_there_are_images():
    probe = probe_of(CASES["many"])
    plan = verification_plan(probe, every(probe))
    assert len(plan.same) == MOST_PAIRS
    assert np.ptp(np.bincount(probe.labels[plan.same[:, 0]])) == 0
    between = np.sort(probe.labels[plan.different], axis=1)
    assert np.ptp(np.unique(between, axis=0, return_counts=True)[1]) <= 1
    assert len(np.unique(between, axis=0)) == 45


def test_all_images_of_a_class_are_used_about_equally_often():
    probe = probe_of(CASES["many"])
    plan = verification_plan(probe, every(probe))
    for pairs in (plan.same, plan.different):
        used = np.bincount(pairs.ravel(), minlength=len(probe.labels))
        for label in every(probe):
            assert np.ptp(used[(probe.labels == label) & (probe.split == TEST)]) <= 3


def test_a_few_images_are_paired_in_every_way():
    probe = probe_of([4, 5])
    plan = verification_plan(probe, every(probe))
    wanted = set()
    for label in (0, 1):
        rows = np.flatnonzero((probe.labels == label) & (probe.split == TEST)).tolist()
        wanted |= {frozenset(pair) for pair in combinations(rows, 2)}
    assert as_set(plan.same) == wanted  # 6 and 10, fewer than the 20 pairs of two classes
    assert len(plan.different) == 16


@pytest.mark.parametrize("counts", CASES.values(), ids=CASES)
def test_as_many_same_pairs_as_counted_have_no_image_in_common(counts):
    """Picked greedily in the order in which the pairs stand: that is how they were made."""
    probe = probe_of(counts)
    plan = verification_plan(probe, every(probe))
    seen: set[int] = set()
    found = 0
    for pair in plan.same.tolist():
        if seen.isdisjoint(pair):
            seen.update(pair)
            found += 1
    assert plan.independent <= found


def test_hidden_classes_and_training_images_are_in_no_part_of_the_plan():
    probe = probe_of(CASES["few"])
    plan = verification_plan(probe, frozenset({2, 5, 7}))
    for rows in (plan.same, plan.different, plan.gallery, plan.probes, plan.images):
        assert set(probe.labels[rows].ravel().tolist()) == {2, 5, 7}
        assert (probe.split[rows] == TEST).all()


def test_gallery_and_probes_have_no_image_in_common():
    probe = probe_of(CASES["uneven"])
    plan = verification_plan(probe, every(probe))
    assert not set(plan.gallery.tolist()) & set(plan.probes.tolist())
    assert np.bincount(probe.labels[plan.gallery], minlength=5).tolist() == [0, 1, 1, GALLERY, 3]
    assert sorted([*plan.gallery, *plan.probes]) == np.flatnonzero(probe.split == TEST).tolist()


def test_the_number_of_comparisons_is_bounded():
    probe = probe_set(60_000, classes=100)
    plan = verification_plan(probe, every(probe))
    assert len(plan.gallery) == 100 * GALLERY
    assert len(plan.gallery) * len(plan.probes) <= MOST_COMPARISONS
    assert np.ptp(np.bincount(probe.labels[plan.probes])) == 0


@pytest.mark.parametrize("counts", [[0], [1], [5], [0, 3], [1, 1]])
def test_without_two_classes_or_two_images_there_are_no_pairs(counts):
    probe = probe_of(counts)
    plan = verification_plan(probe, every(probe))
    assert len(plan.same) == len(plan.different) == 0
    assert plan.independent == 0


def test_a_plan_is_the_same_whenever_it_is_made():
    probe = probe_of(CASES["few"])
    first, second = (verification_plan(probe, every(probe)) for _ in range(2))
    for name in ("same", "different", "gallery", "probes"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
