"""Conditions: when each is met, what the panel says of it, and that a figure is of the settings asked for."""

from __future__ import annotations

import math

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec import convert
from msgspec.structs import replace

from explorer.analysis.frames.history import History
from explorer.analysis.frames.run_columns import CLOSEST_ANGLE, OWN_ANGLE, RATIO, TEST_ACCURACY
from explorer.analysis.verification.result import verification
from explorer.core.protocol.messages import TEST
from explorer.core.recording.header import RunEvent
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text
from explorer.gui.guides.condition import Condition
from explorer.gui.guides.figures import Situation, measure
from explorer.gui.guides.progress import progress_of

ARCFACE = RunConfig().replace({"loss.name": "arcface", "loss.margin": 0.25})


def situation(
    *, config: RunConfig = ARCFACE, loss: str = "arcface", accuracy: float = 0.914, **now
) -> Situation:
    history = History()
    columns = {TEST_ACCURACY: accuracy, OWN_ANGLE: 12.34, CLOSEST_ANGLE: 29.97, RATIO: 0.0456}
    history.append(700, 3.0, columns)
    snapshot = replace(make_snapshot(60, loss=loss), step=700)
    return Situation(config=config, snapshot=snapshot, history=history, **now)


def one(table: dict[str, object], now: Situation) -> tuple[bool, str]:
    (progress,) = progress_of([convert(table, Condition)], now)
    return progress.met, str(progress.text)


@pytest.mark.parametrize(
    ("table", "met", "words"),
    [
        ({"figure": "accuracy", "at_least": 0.97}, False, "accuracy 91% (goal 97%)"),
        ({"figure": "accuracy", "at_least": 0.9}, True, "accuracy 91.4% (goal 90%)"),
        ({"figure": "accuracy", "at_most": 0.5}, False, "accuracy 91.4%, at most 50%"),
        ({"figure": "own-angle", "at_most": 15}, True, "angle within classes 12°, at most 15°"),
        ({"figure": "own-angle", "at_most": 10}, False, "angle within classes 12.3°, at most 10°"),
        (
            {"figure": "neighbour-angle", "at_least": 30},
            False,
            "smallest angle between classes 29° (goal 30°)",
        ),
        ({"figure": "scatter-ratio", "at_most": 0.05}, True, "scatter ratio 0.046, at most 0.05"),
        ({"figure": "step", "at_least": 1000}, False, "step 700 (goal 1,000)"),
        ({"figure": "further-steps", "at_least": 100}, True, "further steps 200 (goal 100)"),
        ({"setting": "loss.name", "is": "arcface"}, True, "Loss function: ArcFace"),
        ({"setting": "loss.name", "is": "softmax"}, False, "Loss function: Softmax"),
        ({"setting": "loss.margin", "at_least": 0.3}, False, "Margin 0.25 (goal 0.3)"),
        ({"setting": "loss.margin", "at_most": 0.3}, True, "Margin 0.25, at most 0.3"),
        ({"setting": "loss.weight", "at_least": 0.3}, False, "weight – (goal 0.3)"),
        ({"setting": "network.relu", "is": True}, False, "ReLU on the feature: on"),
        ({"setting": "optimizer.schedule", "is": "cosine"}, True, "Schedule: Cosine decay"),
        ({"option": "features.bands", "is": True}, True, "Margin bands: on"),
        ({"seen": "angles"}, True, "open Angles"),
        ({"seen": "lab:margin"}, False, "open lab:margin"),
        ({"selected": 3}, False, "2 of 3 images selected"),
        ({"selected": 1}, True, "1 of 1 images selected"),
        ({"drawn": True}, False, "something is drawn"),
        ({"running": True}, True, "training started"),
        ({"running": False}, False, "training paused"),
        ({"setting": "loss.margin", "near": 0.05}, True, "Margin 0.25, at most 0.05 from 0.2"),
        ({"setting": "loss.margin", "near": 0.04}, False, "Margin 0.25, at most 0.04 from 0.2"),
        ({"setting": "loss.weight", "near": 0.04}, False, "weight –, at most 0.04 from –"),
        ({"figure": "settled-steps", "at_least": 200}, False, "steps with these settings 150 (goal 200)"),
        ({"classifier": True}, True, "a loss with a classifier"),
        ({"classifier": False}, False, "a loss without a classifier"),
        ({"event": "collapsed", "class": 8}, True, "class 8 collapses"),
        ({"event": "collapsed", "class": 1}, False, "class 1 collapses"),
        ({"event": "merged", "class": 8}, False, "class 8 merges with another"),
    ],
)
def test_a_condition_is_met_or_not_and_says_so(table, met, words):
    now = situation(
        since=500,
        rows=np.arange(2),
        before=RunConfig().replace({"loss.name": "arcface", "loss.margin": 0.2}),
        changed=550,
        running=True,
        options={"features.bands": True},
        seen=frozenset({"angles"}),
        names={"angles": "Angles", "features.bands": "Margin bands"},
        events=[RunEvent(90, "collapsed", text("It collapses."), classes=(8,))],
    )
    assert one(table, now) == (met, words)


def test_the_accuracy_of_one_class_is_that_of_its_test_images():
    now = situation()
    met, words = one({"figure": "class-accuracy", "class": 3, "at_least": 0.0}, now)
    assert met
    assert words.startswith("accuracy of class 3 ")
    assert one({"figure": "class-accuracy", "class": 30, "at_least": 0.0}, now)[0] is False


def test_a_figure_just_below_its_goal_is_not_rounded_up_to_it():
    assert one({"figure": "accuracy", "at_least": 0.97}, situation(accuracy=0.9699)) == (
        False,
        "accuracy 96% (goal 97%)",
    )


def test_a_figure_counts_only_with_the_settings_that_are_asked_for():
    """The frame that is shown was trained before the loss was changed."""
    conditions = [
        Condition(setting="loss.name", is_="arcface"),
        Condition(figure="accuracy", at_least=0.9),
    ]
    before = progress_of(conditions, situation(loss="softmax"))
    after = progress_of(conditions, situation(loss="arcface"))
    assert [progress.met for progress in before] == [True, False]
    assert str(before[1].text) == "accuracy – (goal 90%)"
    assert [progress.met for progress in after] == [True, True]


@pytest.mark.parametrize("value", [math.nan, None])
def test_what_is_not_known_is_not_met(value):
    now = situation(accuracy=math.nan) if value is not None else Situation(config=ARCFACE, history=History())
    assert one({"figure": "accuracy", "at_most": 1.0}, now) == (False, "accuracy –, at most 100%")


def test_nothing_to_wait_for_is_met():
    assert progress_of([], situation()) == ()
    assert all(progress.met for progress in progress_of([], situation()))


def test_the_snapshot_of_these_tests_has_test_images_of_every_class():
    assert set(np.unique(make_snapshot(60).probe.labels)) == set(range(10))


def lengths_of_classes(*lengths: float) -> Situation:
    """Return the situation of a frame whose test images have these lengths, by class."""
    now = situation()
    snapshot = now.snapshot
    assert snapshot is not None
    features = np.zeros_like(snapshot.features)
    features[:, 0] = np.array(lengths)[snapshot.probe.labels]
    return replace(now, snapshot=replace(snapshot, features=features))


def test_the_length_of_a_class_is_told_in_units_of_the_median_class():
    now = lengths_of_classes(*[4.0] * 8, 1.0, 4.0)
    assert one({"figure": "class-length", "class": 8, "at_most": 0.3}, now) == (
        True,
        "length of class 8 25%, at most 30%",
    )
    assert one({"figure": "class-length", "class": 99, "at_most": 0.3}, now)[0] is False


def test_the_spread_of_lengths_is_none_where_all_are_alike():
    assert one({"figure": "length-spread", "at_most": 0.0}, lengths_of_classes(*[2.0] * 10))[0]
    now = lengths_of_classes(*[1.0] * 5, *[3.0] * 5)
    test = now.snapshot.probe.split == TEST
    share = np.isin(now.snapshot.probe.labels[test], range(5)).mean()
    mean, square = 3 - 2 * share, 9 - 8 * share
    expected = math.sqrt(square - mean**2) / mean
    assert measure(Condition(figure="length-spread", at_most=1.0), now) == pytest.approx(expected)


def test_true_accepts_are_those_of_verification_by_cosine():
    now = situation()
    classes = frozenset(range(10))
    accepts = verification(now.snapshot, "cosine", classes).accepts
    found = measure(Condition(figure="true-accept", at_least=0.5), now)
    assert found == pytest.approx(accepts[1].value, nan_ok=True)


def test_selected_images_count_if_length_alone_misjudges_them():
    """Class 0 lies along x with a small weight, class 1 along y with a larger one: an image of class 0 at
    40° from x is nearest to its own class, and has the larger score for the other."""
    now = situation()
    snapshot = now.snapshot
    weight = np.full((10, 2), -1.0, np.float32)
    weight[0], weight[1] = (1, 0), (0, 3)
    features = np.tile(np.float32([math.cos(math.radians(40)), math.sin(math.radians(40))]), (60, 1))
    labels = np.zeros(60, np.uint8)
    labels[1:3] = 1
    probe = replace(snapshot.probe, labels=labels)
    bias = np.zeros(10, np.float32)
    softmax = RunConfig()
    frame = replace(
        snapshot, features=features, weight=weight, bias=bias, probe=probe, config=softmax, centers=None
    )
    goal = {"right_direction": 2}
    found = [
        one(goal, replace(now, snapshot=frame, rows=np.array(rows, np.intp)))
        for rows in ([], [0], [0, 5, 7], [0, 5, 1])
    ]
    assert found == [
        (False, "0 of 2 images found"),
        (False, "1 of 2 images found"),
        (True, "2 of 2 images found"),
        (False, "2 of 2 images found, 1 other selected"),
    ]
