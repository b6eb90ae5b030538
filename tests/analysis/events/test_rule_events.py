"""Why accuracy moves with another loss at once: what counts in the scores and no longer does, by the data."""

import numpy as np
import pytest
from analysis.events import recorded as runs
from analysis.snapshots import class_directions, probe_set
from msgspec.structs import replace

from explorer.analysis.events.event_log import EventLog
from explorer.analysis.events.rule_events import LEAST
from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.settings.config import RunConfig

COUNT, CLASSES = 400, 10
PROBE = probe_set(COUNT, CLASSES)
WEIGHT = class_directions(CLASSES, 2)
NO_BIAS = np.zeros(CLASSES)
ALL_RIGHT = 10.0 * WEIGHT[PROBE.labels]


def frame(loss, features=ALL_RIGHT, weight=WEIGHT, bias=None, step=100, probe=PROBE, **settings):
    return Snapshot(
        probe=probe,
        config=RunConfig().replace({"loss.name": loss, **settings}),
        step=step,
        epoch=step / 100,
        elapsed=step / 50,
        samples_per_second=1.0,
        probe_samples=len(probe.labels),
        features=np.asarray(features, np.float32),
        scalars={"loss": 0.1},
        weight=None if weight is None else np.asarray(weight, np.float32),
        bias=None if bias is None else np.asarray(bias, np.float32),
    )


def explanations(*frames):
    log = EventLog()
    for each in frames:
        log.take(each, each.step)
    return [str(event.text) for event in log.events if event.kind == "rule"]


def short_class(label, length=0.3):
    """Return features whose class lies near the origin, in the direction of the next one."""
    features = ALL_RIGHT.copy()
    features[PROBE.labels == label] = length * WEIGHT[(label + 1) % CLASSES]
    return features


def bias_of(label, size=1.0):
    return np.where(np.arange(CLASSES) == label, size, 0.0)


def longer(label, factor=1.15):
    return WEIGHT * np.where(np.arange(CLASSES) == label, factor, 1.0)[:, None]


def beside(label):
    """Return features of which a class lies beyond the bisector to the next one."""
    middle = WEIGHT[label] * 0.45 + WEIGHT[(label + 1) % CLASSES] * 0.55
    features = ALL_RIGHT.copy()
    features[PROBE.labels == label] = 10.0 * middle
    return features


def by_score(features, weight, bias):
    return (features @ weight.T + bias).argmax(axis=1)


def by_cosine(features, weight):
    return (features @ (weight / np.linalg.norm(weight, axis=1, keepdims=True)).T).argmax(axis=1)


def test_a_class_that_only_its_bias_kept_right():
    features, bias = short_class(8), bias_of(8)
    right = [
        (found == PROBE.labels).mean()
        for found in (by_score(features, WEIGHT, bias), by_cosine(features, WEIGHT))
    ]
    assert right == [1.0, 0.9]
    told = explanations(frame("softmax", features, bias=bias), frame("arcface", features, step=101))
    assert told == [
        "Biases no longer count: 10.0% of the images were right only because of them, 0.0% wrong."
    ]


def test_a_class_that_only_a_long_class_weight_kept_right():
    features, weight = beside(3), longer(3)
    assert (by_score(features, weight, NO_BIAS) == PROBE.labels).all()
    assert (by_cosine(features, weight) == PROBE.labels).mean() == 0.9
    told = explanations(
        frame("softmax", features, weight, NO_BIAS), frame("cosface", features, weight, step=101)
    )
    assert told == [
        "Lengths of class weights no longer count: 10.0% of the images were right only because of them, "
        "0.0% wrong."
    ]


def test_where_either_kept_a_class_right_both_are_named():
    features = short_class(8)
    features[PROBE.labels == 3] = beside(3)[PROBE.labels == 3]
    told = explanations(
        frame("softmax", features, longer(3), bias_of(8)),
        frame("normface", features, longer(3), step=101),
    )
    assert told == [
        "Lengths and biases no longer count: 20.0% of the images were right only because of them, 0.0% wrong."
    ]


def test_the_way_back_is_told_as_well_and_what_became_wrong():
    features = short_class(8)
    features[PROBE.labels == 2] = 0.3 * WEIGHT[2]  # right by angle, lost to the bias of class 8
    told = explanations(frame("arcface", features), frame("softmax", features, bias=bias_of(8), step=101))
    assert told == ["Biases count now: 10.0% of the images are right only because of them, 10.0% wrong."]


def test_biases_that_are_switched_off_are_named_though_the_loss_is_the_same():
    features = short_class(8)
    told = explanations(
        frame("softmax", features, bias=bias_of(8)),
        frame("softmax", features, step=101, **{"loss.bias": False}),
    )
    assert told == [
        "Biases no longer count: 10.0% of the images were right only because of them, 0.0% wrong."
    ]


def test_a_loss_on_pairs_and_one_with_new_class_weights_are_told_apart():
    features = beside(3)  # the mean of the class lies there, too
    pairs = frame("triplet", features, None, step=100, **{"loss.normalize": False})
    told = explanations(frame("arcface", features), replace(pairs, step=101))
    assert told == [
        "Classes are now predicted by the nearest class mean, no longer by the largest cosine: 0.0% of the "
        "images were right only by the old rule, 10.0% are right only by the new one."
    ]
    fresh = np.roll(WEIGHT, 1, axis=0)
    assert explanations(pairs, frame("arcface", features, fresh, step=101)) == [
        "The loss begins with untrained class weights: 100.0% of the images were right by the nearest class "
        "mean."
    ]


def test_nothing_is_said_where_the_rule_explains_nothing():
    start = frame("softmax", bias=bias_of(8))
    moved = 10.0 * WEIGHT[(PROBE.labels + 1) % CLASSES]  # all wrong, but by training
    assert explanations(start, frame("softmax", moved, bias=bias_of(8), step=101)) == []
    assert explanations(start, frame("softmax", bias=bias_of(8), step=101, **{"optimizer.rate": 0.5})) == []
    assert explanations(frame("arcface"), frame("arcface", step=101, **{"loss.margin": 0.4})) == []
    assert explanations(frame("arcface"), frame("cosface", step=101)) == []
    assert explanations(start, frame("arcface", moved, step=101)) == []


def test_few_images_are_no_event():
    few = ALL_RIGHT.copy()
    rows = np.flatnonzero(PROBE.labels == 8)
    for count, told in ((int(LEAST * COUNT) - 1, 0), (int(LEAST * COUNT), 1)):
        few[rows[:count]] = short_class(8)[rows[:count]]
        assert (
            len(explanations(frame("softmax", few, bias=bias_of(8)), frame("arcface", few, step=101))) == told
        )


def test_classes_left_out_of_training_do_not_count():
    probe = replace(PROBE, unseen=frozenset({8}))
    weight = WEIGHT.copy()
    weight[8] = np.nan
    features, bias = short_class(8), np.where(np.arange(CLASSES) == 8, np.nan, 0.0)
    frames = (
        frame("softmax", features, weight, bias, probe=probe),
        frame("arcface", features, weight, step=101, probe=probe),
    )
    assert explanations(*frames) == []


def test_a_real_run_says_that_class_8_was_right_by_its_bias():
    (event,) = [event for event in runs.events("troubled").events if event.kind == "rule"]
    assert event.step == 401
    assert str(event.text).startswith("Biases no longer count: 10.0% of the images were right")
    assert str(event.cause) == "Loss: Softmax → ArcFace at step 400"


@pytest.mark.parametrize("name", ["healthy", "slow"])
def test_a_run_without_another_loss_has_none(name):
    assert all(event.kind != "rule" for event in runs.events(name).events)
