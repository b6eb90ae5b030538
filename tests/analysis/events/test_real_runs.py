"""Events of real runs on MNIST: each kind in a run that has it, and none in one that has not.

The run in trouble trains softmax, from step 400 ArcFace with a margin that ten classes in the plane cannot
meet, from step 800 without a margin, and from step 1,000 with a learning rate of 8.
"""

from __future__ import annotations

from functools import cache

import pytest
from analysis.events import recorded as runs

from explorer.analysis.events.event_log import EventLog
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot


@cache
def events(name, every=1):
    return tuple(runs.events(name, every).events)


def of_kind(name, kind):
    return [event for event in events(name) if event.kind == kind]


def test_the_classes_of_a_healthy_run_are_learnt_once_each():
    learnt = [event.classes[0] for event in of_kind("healthy", "learnt")]
    assert sorted(learnt) == [0, 1, 2, 3, 4, 5, 6, 8, 9], "7 comes after the end"
    assert "Class 1 is learned: 95% of 22 of its test images" in str(of_kind("healthy", "learnt")[2].text)


@pytest.mark.parametrize("kind", ["merged", "collapsed", "jump", "stuck", "diverged"])
def test_a_healthy_run_has_no_trouble(kind):
    assert of_kind("healthy", kind) == []


def test_nothing_of_a_slow_run_merges_and_images_flip_for_good():
    flipped = of_kind("slow", "flipped")
    assert flipped
    assert all(event.rows for event in flipped)
    assert of_kind("slow", "merged") == of_kind("slow", "collapsed") == of_kind("slow", "stuck") == []


def test_softmax_leaves_class_8_at_the_origin():
    (collapsed,) = of_kind("troubled", "collapsed")
    assert collapsed.classes == (8,)
    assert 80 <= collapsed.step <= 200
    assert collapsed.cause is None


def test_a_loss_on_angles_loses_the_class_at_the_origin_at_once():
    jump = of_kind("troubled", "jump")[0]
    assert 400 < jump.step <= 410
    assert "The accuracy of class 8 falls from 95% to 0%." in str(jump.text)
    assert str(jump.cause) == "Loss: Softmax → ArcFace at step 400"


def test_a_margin_that_cannot_be_met_merges_classes_and_they_part_without_it():
    merged = [event for event in of_kind("troubled", "merged") if event.step <= 800]
    assert all(400 < event.step < 500 for event in merged)
    assert merged[-1].classes == (4, 5, 7, 8, 9)
    parted = [event for event in of_kind("troubled", "parted") if 800 < event.step < 1000]
    assert {label for event in parted for label in event.classes} >= {4, 5, 9}
    assert str(parted[0].cause) == "Margin 0.5 → 0 rad at step 800"


def test_images_keep_flipping_most_where_classes_share_a_spot():
    counts = {event.step: len(event.rows) for event in of_kind("troubled", "unstable")}
    assert max(counts, key=counts.__getitem__) == 600
    assert of_kind("healthy", "unstable") == of_kind("healthy", "flipped") == []


@pytest.mark.parametrize("name", runs.RUNS)
def test_a_run_that_begins_where_another_ended_has_no_event_at_its_start(name):
    log = EventLog()
    *_rest, (last, config_step) = runs.frames(name)
    for _again in range(5):
        log.take(last, config_step)
    assert log.found == []


@pytest.mark.parametrize("name", runs.RUNS)
def test_half_of_the_frames_tell_the_same_story(name):
    """Of 20 steps between frames; single images and pairs at the threshold may differ."""

    def story(every):
        return {
            (event.kind, event.classes)
            for event in events(name, every)
            if event.kind in ("learnt", "collapsed")
        }

    assert len(story(1) ^ story(2)) <= 2
    jumps = [[event.step for event in events(name, every) if event.kind == "jump"] for every in (1, 2)]
    assert [round(step, -2) for step in jumps[0]] == [round(step, -2) for step in jumps[1]]


def trained(tiny_data, steps, changes):
    """Train a small network with the worker's own code, and return its events."""
    from explorer.core.protocol import messages as m
    from explorer.core.settings.config import RunConfig
    from explorer.worker.headless import train

    settings = {"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu", "threads": 1}
    config = RunConfig().replace({**settings, "data.probe_every": 5, **changes})
    log, probe = EventLog(), []

    def on_event(event):
        if isinstance(event, m.Started):
            probe.append(ProbeSet.of(event))
        elif isinstance(event, m.Frame):
            log.take(Snapshot.of(event, probe[0], config), event.config_step)
        elif isinstance(event, m.Notice) and event.kind == "diverged":
            log.take_divergence(event.step)

    train(config, m.Until(step=steps), on_event, lambda: False)
    return [event.kind for event in log.events]


def test_a_rate_that_is_far_too_high_diverges(tiny_data):
    assert trained(tiny_data, 60, {"optimizer.rate": 10.0, "optimizer.warmup": 0})[-1] == "diverged"


def test_a_rate_that_is_far_too_low_is_stuck_and_nothing_is_learnt(tiny_data):
    changes = {"optimizer.rate": 1e-5, "optimizer.momentum": 0.0, "optimizer.schedule": "constant"}
    kinds = trained(tiny_data, 420, changes)
    assert kinds.count("stuck") == 1
    assert not {"learnt", "jump", "diverged"} & set(kinds)
