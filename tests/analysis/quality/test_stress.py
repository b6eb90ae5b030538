"""What is told of an image is what the trainer did to it, at the step that is shown."""

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.heads.classifier import log_softmax, logits
from explorer.analysis.quality.cleaning import cleaning_of
from explorer.analysis.quality.stress import stress_of
from explorer.analysis.statistics.samples import facts_of
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.settings.stressors import DAMAGES
from explorer.core.stressors.damage import NONE
from explorer.core.stressors.labels import given_labels

COUNT = 2000


def snapshot_with(changes, **arrays):
    base = make_snapshot(COUNT, train=COUNT, **arrays)
    return replace(base, config=base.config.replace(changes))


def test_without_stressors_there_is_nothing_to_tell_and_nothing_is_computed():
    assert stress_of(snapshot_with({})) is None
    assert stress_of(snapshot_with({"data.shift": 0.2, "data.per_class": 50})) is None


def test_wrong_labels_are_those_of_training_images_only():
    snapshot = snapshot_with({"data.wrong_labels": 0.3, "seed": 4})
    probe, stress = snapshot.probe, stress_of(snapshot)
    train = probe.split == TRAIN
    assert not stress.wrong[~train].any()
    assert stress.wrong[train].mean() == pytest.approx(0.3, abs=0.04)
    expected = given_labels(4, probe.indices[train], probe.labels[train], tuple(range(10)), 0.3, None)
    assert (stress.given[train] == expected).all()
    assert (stress.kind == NONE).all()


def test_the_most_alike_class_is_the_one_that_the_trainer_has_told():
    alike = (1, 0, 3, 2, 5, 4, 7, 6, 9, 8)
    snapshot = snapshot_with({"data.wrong_labels": 0.3, "data.wrong_kind": "alike"})
    snapshot = replace(snapshot, probe=replace(snapshot.probe, alike=alike))
    stress = stress_of(snapshot)
    assert (
        stress.given == np.where(stress.wrong, np.array(alike)[snapshot.probe.labels], stress.given)
    ).all()
    assert stress.wrong.any()


def test_damage_is_told_in_words_with_its_strength():
    snapshot = snapshot_with({"data.damaged": 0.6, "data.contrast": 0.8})
    stress = stress_of(snapshot)
    assert (stress.kind != NONE).mean() == pytest.approx(0.6, abs=0.04)
    assert set(stress.kind) == {NONE, DAMAGES.index("contrast")}
    for split in (TEST, TRAIN):
        assert (stress.kind[snapshot.probe.split == split] != NONE).any()
    row = int(np.flatnonzero(stress.kind != NONE)[0])
    assert stress.damage_text(row) == f"low contrast {stress.strength[row]:.2f}"
    assert stress.damage_text(int(np.flatnonzero(stress.kind == NONE)[0])) == ""


def test_a_wrong_label_is_found_where_the_true_class_is_nearer():
    """With features on the rays of their true classes each is found, and no right label is taken for one."""
    snapshot = snapshot_with({"data.wrong_labels": 0.3})
    found = cleaning_of(snapshot, stress_of(snapshot))
    assert found.found_share == pytest.approx(1.0, abs=0.05)
    assert found.false_share == pytest.approx(0.0, abs=0.05)
    given = replace(snapshot, features=snapshot.weight[stress_of(snapshot).given])
    fitted = cleaning_of(given, stress_of(given))
    assert fitted.found_share == 0, "features on the rays of the labels that were given"
    assert len(fitted.rows) == COUNT


@pytest.mark.parametrize("loss", ["triplet", "subcenter-arcface", "softmax"])
def test_every_kind_of_head_has_angles_to_find_wrong_labels_by(loss):
    arrays = {"weight": np.random.default_rng(0).normal(size=(30, 2)).astype(np.float32)}
    snapshot = snapshot_with({"data.wrong_labels": 0.3}, loss=loss, **(arrays if "sub" in loss else {}))
    found = cleaning_of(snapshot, stress_of(snapshot))
    assert len(found.rows) == COUNT
    assert found.wrong.any()


@pytest.mark.parametrize("loss", ["softmax", "supcon"])
def test_the_loss_of_an_image_is_that_of_the_label_that_is_trained_with(loss):
    snapshot = snapshot_with({"data.wrong_labels": 0.3}, loss=loss)
    found, given = facts_of(snapshot).loss, stress_of(snapshot).given
    shares = log_softmax(logits(snapshot))
    assert found == pytest.approx(-shares[np.arange(len(given)), given])
    assert (found != -shares[np.arange(len(given)), snapshot.probe.labels]).mean() > 0.1
