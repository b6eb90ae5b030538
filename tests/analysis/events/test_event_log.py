"""Events in runs that are made up: each condition with what must not set it off."""

from __future__ import annotations

import time

import numpy as np
import pytest
from analysis.snapshots import class_directions, make_snapshot, probe_set
from msgspec.structs import replace

from explorer.analysis.events import event_log
from explorer.analysis.events.event_log import EventLog
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.core.recording.header import RunEvent
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text

CLASSES = 10
CENTRES = 10.0 * class_directions(CLASSES, 2)
PROBE = probe_set(400)
SOFTMAX = RunConfig().replace({"optimizer.warmup": 0, "optimizer.schedule": "constant"})
NOISE = np.random.default_rng(3).normal(0, 0.3, (400, 2))


def frame(
    step: int,
    centres: np.ndarray = CENTRES,
    *,
    features: np.ndarray | None = None,
    loss: float | None = 0.1,
    config: RunConfig = SOFTMAX,
    probe: ProbeSet = PROBE,
) -> Snapshot:
    """Return a frame whose classes lie at their ``centres`` (C, 2), classified by ten directions."""
    if features is None:
        features = np.asarray(centres)[probe.labels] + NOISE
    return Snapshot(
        probe=probe,
        config=config,
        step=step,
        epoch=step / 100,
        elapsed=step / 50,
        samples_per_second=1.0,
        probe_samples=len(probe.labels),
        features=features.astype(np.float32),
        scalars={} if loss is None else {"loss": loss},
        weight=CENTRES.astype(np.float32),
        bias=np.zeros(CLASSES, np.float32),
    )


def log_of(frames, config_step=0):
    log = EventLog()
    for each in frames:
        log.take(each, config_step)
    return log


def kinds(log):
    return [event.kind for event in log.events]


def moved(label, to):
    centres = CENTRES.copy()
    centres[label] = to
    return centres


def test_a_run_that_stands_still_has_no_event():
    assert kinds(log_of(frame(step) for step in range(0, 3000, 7))) == []


def test_what_a_run_begins_with_has_not_happened_in_it():
    merged = moved(4, CENTRES[9])
    collapsed = moved(2, (0.1, 0))
    for centres in (CENTRES, merged, collapsed):
        assert kinds(log_of(frame(step, centres) for step in range(500, 900, 10))) == []


def test_a_class_is_learnt_once_and_says_how_well():
    wrong, right = moved(3, CENTRES[5]), CENTRES
    steps = [
        (0, wrong),
        (10, wrong),
        (20, right),
        (30, right),
        (40, wrong),
        (50, wrong),
        (60, right),
        (70, right),
    ]
    log = log_of(frame(step, centres) for step, centres in steps)
    (learnt,) = [event for event in log.events if event.kind == "learnt"]
    assert (learnt.step, learnt.classes) == (20, (3,))
    assert str(learnt.text) == "Class 3 is learned: 100% of 40 of its test images are predicted correctly."


def test_one_lucky_frame_is_not_enough_to_learn_a_class():
    wrong = moved(3, CENTRES[5])
    log = log_of(frame(step, CENTRES if step == 50 else wrong) for step in range(0, 200, 10))
    assert "learnt" not in kinds(log)


def test_a_network_that_always_predicts_one_class_has_not_learnt_it():
    everything_at_7 = np.repeat(CENTRES[7:8], CLASSES, axis=0)
    log = log_of(frame(step, everything_at_7 if step else CENTRES * 0) for step in range(0, 200, 10))
    assert kinds(log) == []


def test_classes_that_meet_merge_and_part_again_with_one_event_each():
    together = CENTRES.copy()
    together[[4, 9]] = together[7]
    wobbling = [together, moved(4, CENTRES[7])]
    steps = range(0, 600, 10)
    log = log_of(
        frame(step, CENTRES if step < 100 or step >= 400 else wobbling[step // 10 % 2]) for step in steps
    )
    events = [event for event in log.events if event.kind in ("merged", "parted")]
    assert [(event.kind, event.step) for event in events] == [("merged", 100), ("parted", 400)]
    assert set(events[0].classes) >= {4, 7}
    assert "merge: they are told apart in 5" in str(events[0].text)


def test_three_classes_that_meet_are_one_event():
    together = CENTRES.copy()
    together[[4, 9]] = together[7]
    log = log_of(frame(step, CENTRES if step < 100 else together) for step in range(0, 300, 10))
    (merged,) = [event for event in log.events if event.kind == "merged"]
    assert merged.classes == (4, 7, 9)
    assert str(merged.text).startswith("Classes 4, 7 and 9 merge")


def test_all_classes_in_one_spot_at_the_start_part_without_a_word_but_the_last_pair_does_not():
    start = CENTRES * 0.001
    late = moved(4, CENTRES[9])
    path = [start, start, late, late, late, CENTRES, CENTRES, CENTRES]
    log = log_of(frame(10 * index, centres) for index, centres in enumerate(path))
    (parted,) = [event for event in log.events if event.kind == "parted"]
    assert (parted.step, str(parted.text)) == (50, "Classes 4 and 9 part.")


@pytest.mark.parametrize(("ratio", "collapses"), [(0.19, True), (0.21, False)])
def test_a_class_collapses_below_a_fifth_of_the_length_of_the_others(ratio, collapses):
    short = moved(8, ratio * CENTRES[8])
    features = (np.where(np.arange(10)[:, None] == 8, short, CENTRES))[PROBE.labels]
    log = log_of(
        frame(step, features=features if step >= 100 else CENTRES[PROBE.labels]) for step in range(0, 300, 10)
    )
    assert ("collapsed" in kinds(log)) == collapses
    if collapses:
        (event,) = [event for event in log.events if event.kind == "collapsed"]
        assert (event.step, event.classes) == (100, (8,))
        assert "its features are 19% as long" in str(event.text)


@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e4])
def test_the_length_of_all_features_does_not_matter(scale):
    steps = range(0, 300, 10)
    paths = [CENTRES if step < 100 else moved(8, (0.3, 0.3)) for step in steps]
    features = [scale * (centres[PROBE.labels] + 0.2 * NOISE) for centres in paths]
    log = log_of(frame(step, features=each) for step, each in zip(steps, features, strict=True))
    assert "collapsed" in kinds(log)


def test_a_class_at_the_threshold_makes_no_stream_of_events():
    def centres(step):
        return moved(8, (0.15 if step // 10 % 2 else 0.25) * CENTRES[8]) if step >= 100 else CENTRES

    log = log_of(frame(step, features=centres(step)[PROBE.labels]) for step in range(0, 3000, 10))
    assert kinds(log).count("collapsed") <= 1


def flipping(places, when):
    """Return frames in which some images lie at the next class while ``when(step)`` is true."""
    other = CENTRES[(PROBE.labels + 1) % CLASSES] + NOISE
    own = CENTRES[PROBE.labels] + NOISE

    def features(step):
        result = own.copy()
        if when(step):
            result[places] = other[places]
        return result

    return [frame(step, features=features(step)) for step in range(0, 800, 10)]


def test_an_image_flips_for_good_once_it_has_stayed():
    log = log_of(flipping([17], lambda step: step >= 300))
    (flipped,) = log.events
    assert (flipped.step, flipped.kind, flipped.rows) == (300, "flipped", (17,))
    assert str(flipped.text) == "Test image 17 of class 7 flips for good, from 7 to 8."


def test_an_image_that_flips_back_before_it_is_told_is_not_told():
    """Of a period the largest group is told at its end, if it still holds."""
    first = [17, 18, 19]
    frames = flipping(first, lambda step: step >= 300)
    other = flipping([*first, 25], lambda step: step >= 300)
    late = [b if 420 <= a.step < 560 else a for a, b in zip(frames, other, strict=True)]
    told = [(event.step, event.rows) for event in log_of(late).events if event.kind == "flipped"]
    assert told == [(300, tuple(first)), (560, (25,))], "only that it came back"


def test_images_that_flip_together_are_one_event():
    log = log_of(flipping([17, 18, 19], lambda step: step < 300))
    (flipped,) = log.events
    assert flipped.rows == (17, 18, 19)
    assert str(flipped.text) == "3 test images flip for good, 3 of them to their true class."


def test_an_image_that_comes_back_has_not_flipped_for_good():
    assert kinds(log_of(flipping([17], lambda step: 300 <= step < 380))) == []


def test_an_image_that_keeps_flipping_is_told_once():
    log = log_of(flipping([17], lambda step: step // 10 % 2))
    (unstable,) = log.events
    assert (unstable.kind, unstable.rows) == ("unstable", (17,))
    assert "its prediction changed 20 times in 200 steps" in str(unstable.text)


def test_many_images_at_once_are_a_jump_and_the_class_that_loses_most_is_named():
    log = log_of(
        frame(step, CENTRES if step < 200 else moved(6, CENTRES[7]), loss=0.1) for step in range(0, 400, 10)
    )
    (jump,) = [event for event in log.events if event.kind == "jump"]
    assert jump.step == 200
    assert str(jump.text) == (
        "40 of 400 test images change class within 10 steps. The accuracy of class 6 falls from 100% to 0%."
    )


def test_images_that_always_change_are_no_jump():
    log = log_of(flipping(np.arange(100), lambda step: step // 10 % 2))
    assert "jump" not in kinds(log)


def test_the_loss_is_stuck_where_it_does_not_fall_and_images_are_wrong():
    half_wrong = CENTRES[np.where(np.arange(10) % 2, np.arange(10), (np.arange(10) + 1) % 10)]
    stuck = log_of(frame(step, half_wrong, loss=2.3) for step in range(0, 1000, 10))
    (event,) = stuck.events
    assert (event.kind, event.step) == ("stuck", 400)
    assert str(event.text) == (
        "The loss is stuck at 2.3: it was 2.3 in the 200 steps before. 50% of the test images are predicted "
        "correctly."
    )
    falling = log_of(frame(step, half_wrong, loss=2.3 * 0.9997**step) for step in range(0, 1000, 10))
    converged = log_of(frame(step, loss=0.02) for step in range(0, 1000, 10))
    assert kinds(falling) == kinds(converged) == []


def test_a_change_of_settings_begins_another_count_of_the_loss():
    half_wrong = CENTRES[np.where(np.arange(10) % 2, np.arange(10), (np.arange(10) + 1) % 10)]
    log = EventLog()
    for step in range(0, 1000, 10):
        rate = 0.1 + step // 300 / 100
        log.take(frame(step, half_wrong, loss=2.3, config=SOFTMAX.replace({"optimizer.rate": rate})), step)
    assert kinds(log) == []


@pytest.mark.parametrize("loss", [np.nan, np.inf, 40.0])
def test_a_loss_that_explodes_is_a_divergence_once(loss):
    log = log_of(frame(step, loss=loss if step >= 200 else 0.1) for step in range(0, 400, 10))
    log.take_divergence(500)
    (event,) = log.events
    assert (event.kind, event.step) == ("diverged", 200)


def test_a_spike_of_a_small_loss_is_no_divergence():
    assert kinds(log_of(frame(step, loss=2.0 if step == 200 else 0.01) for step in range(0, 400, 10))) == []


FAILURES = {
    "exploded": {"centres": 2e4 * CENTRES},
    "one-point": {"features": np.zeros((400, 2))},
    "no-loss": {"centres": np.roll(CENTRES, 1, axis=0), "loss": 0.0},
}


@pytest.mark.parametrize("kind", FAILURES)
def test_training_that_comes_to_nothing_is_told_within_two_observations_with_what_changed(kind):
    """Although the loss is finite."""
    other = SOFTMAX.replace({"optimizer.rate": 1.0})
    log = EventLog()
    for step in range(0, 300, 10):
        wrong = {"config": other, **FAILURES[kind]} if step >= 200 else {}
        log.take(frame(step, **wrong), 190 if wrong else 0)
    (event,) = [event for event in log.events if event.kind in FAILURES]
    assert (event.kind, event.step) == (kind, 200)
    assert "0.1 → 1" in str(event.cause)


def test_training_that_stays_at_chance_is_told_once_after_400_steps_with_the_same_settings():
    mixed = CENTRES[np.arange(400) // 10 % 10]
    at_chance = [frame(step, features=mixed + NOISE, loss=2.3) for step in range(0, 900, 10)]
    log = log_of(at_chance)
    (event,) = [event for event in log.events if event.kind == "at-chance"]
    assert event.step == 400
    assert "10% of the test images are predicted correctly, no better than guessing" in str(event.text)
    changed = EventLog()
    for each in at_chance:
        rate = 0.1 + each.step // 300 / 100
        config = SOFTMAX.replace({"optimizer.rate": rate})
        changed.take(replace(each, config=config), each.step // 300 * 300)
    assert "at-chance" not in kinds(changed)


def test_a_small_loss_with_right_predictions_or_small_features_at_the_start_are_no_failure():
    assert kinds(log_of(frame(step, loss=0.0) for step in range(0, 400, 10))) == []
    small = (frame(step, features=1e-4 * (CENTRES[PROBE.labels] + NOISE)) for step in range(0, 400, 10))
    assert [kind for kind in kinds(log_of(small)) if kind in FAILURES] == []


def test_a_divergence_that_only_the_trainer_has_seen_is_an_event():
    log = log_of(frame(step) for step in (0, 10))
    log.take_divergence(17)
    assert [(event.step, event.kind) for event in log.events] == [(17, "diverged")]


@pytest.mark.parametrize("returns", [310, 350])
def test_settings_that_change_while_paused_are_neither_a_divergence_nor_a_flip_for_good(returns):
    """A frame comes for each change, of the same step and without a loss: nothing was trained."""
    log, config = EventLog(), SOFTMAX
    for each in flipping([17], lambda step: 300 <= step < returns):
        log.take(replace(each, config=config), 300)
        for change in range(1, 13) if each.step == 300 else ():
            config = SOFTMAX.replace({"optimizer.rate": 0.1 + change / 100})
            log.take(replace(each, config=config, scalars={}), 300)
    assert kinds(log) == []


def test_the_step_after_settings_changed_while_paused_is_observed():
    log = log_of(frame(step) for step in range(0, 310, 10))
    other = SOFTMAX.replace({"optimizer.rate": 1.0})
    log.take(frame(300, moved(6, CENTRES[7]), config=other, loss=None), 300)
    log.take(frame(301, moved(6, CENTRES[7]), config=other), 300)
    (jump,) = log.events
    assert (jump.step, str(jump.cause)) == (301, "Learning rate 0.1 → 1 at step 300")


def collapse(steps, changes=None, config_step=0):
    log = EventLog()
    for step in steps:
        config = SOFTMAX.replace(changes) if changes and step > config_step else SOFTMAX
        after = step > config_step
        log.take(
            frame(step, moved(8, (0.1, 0)) if step >= 200 else CENTRES, config=config),
            config_step if after else 0,
        )
    (event,) = [event for event in log.events if event.kind == "collapsed"]
    return event


def test_an_event_names_the_change_of_settings_just_before():
    steps = range(0, 400, 10)
    assert str(collapse(steps, {"optimizer.rate": 0.5}, 150).cause) == "Learning rate 0.1 → 0.5 at step 150"
    assert collapse(steps, {"optimizer.rate": 0.5}, 50).cause is None
    changed = collapse(steps, {"loss.name": "center"}, 195).cause
    assert str(changed) == "Loss: Softmax → Centre loss at step 195"


def test_a_drag_is_named_as_one_change():
    log = EventLog()
    for step in range(0, 400, 10):
        margin = min(0.9, max(0.1, 0.1 + (step - 100) / 100))  # from step 100 to 180
        config = SOFTMAX.replace({"optimizer.rate": round(margin, 2)})
        log.take(frame(step, moved(8, (0.1, 0)) if step >= 200 else CENTRES, config=config), step - 2)
    (event,) = [event for event in log.events if event.kind == "collapsed"]
    assert str(event.cause) == "Learning rate 0.1 → 0.9 at step 178"


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"optimizer.warmup": 190}, "warm-up of the learning rate ended at step 190"),
        (
            {"optimizer.schedule": "cosine", "optimizer.horizon": 1.9},
            "cosine decay of the learning rate ended at step 190",
        ),
        ({"optimizer.schedule": "cosine", "optimizer.horizon": 1.0}, "None"),
    ],
)
def test_an_event_names_the_turn_of_the_learning_rate_just_before(changes, cause):
    config = SOFTMAX.replace(changes)  # an epoch has a hundred steps
    log = log_of(
        frame(step, moved(8, (0.1, 0)) if step >= 200 else CENTRES, config=config)
        for step in range(0, 400, 10)
    )
    (event,) = [event for event in log.events if event.kind == "collapsed"]
    assert str(event.cause) == cause


@pytest.mark.parametrize("every", [1, 3, 10])
def test_what_is_found_does_not_depend_on_how_often_frames_come(every):
    def at(step):
        if step >= 300:
            return moved(8, (0.1, 0))
        return moved(4, CENTRES[9]) if step >= 150 else CENTRES

    expected = log_of(frame(step, at(step)) for step in range(0, 900, 10))
    found = log_of(frame(step, at(step)) for step in range(0, 900, every))
    assert [(event.kind, event.classes) for event in found.events] == [
        (event.kind, event.classes) for event in expected.events
    ]
    assert all(abs(a.step - b.step) <= 10 for a, b in zip(found.events, expected.events, strict=True))


def test_uneven_frames_are_seen_at_once_after_a_change_of_settings():
    log = EventLog()
    steps = [0, 3, 11, 12, 58, 61, *range(70, 300, 13)]
    for step in steps:
        log.take(frame(step), 0)
    log.take(frame(300, moved(6, CENTRES[7]), config=SOFTMAX.replace({"optimizer.rate": 1.0})), 298)
    (jump,) = log.events
    assert jump.step == 300
    assert str(jump.cause) == "Learning rate 0.1 → 1 at step 298"


def test_settings_that_are_tried_before_the_first_step_are_where_the_run_begins():
    log = EventLog()
    log.take(frame(0), 0)
    log.take(frame(0, moved(8, (0.1, 0)), config=SOFTMAX.replace({"optimizer.rate": 1.0})), 0)
    for step in range(10, 300, 10):
        log.take(frame(step, moved(8, (0.1, 0)), config=SOFTMAX.replace({"optimizer.rate": 1.0})), 0)
    assert kinds(log) == []


def test_events_of_a_recording_are_not_found_a_second_time():
    recorded = [RunEvent(20, "jump", text("later")), RunEvent(10, "learnt", text("earlier"))]
    log = EventLog.of(recorded)
    for step in range(0, 300, 10):
        log.take(frame(step, moved(8, (0.1, 0)) if step >= 100 else CENTRES), 0)
    log.take_divergence(300)
    assert log.found == recorded
    assert [event.step for event in log.events] == [10, 20]


def test_a_run_without_end_keeps_a_bounded_number(monkeypatch):
    monkeypatch.setattr(event_log, "MOST_EVENTS", 5)
    log = log_of(
        frame(step, moved(8, (0.1, 0)) if step // 100 % 2 else CENTRES) for step in range(0, 4000, 10)
    )
    assert len(log.found) == len(log.events) == 5


@pytest.mark.parametrize(("loss", "classes"), [("softmax", 10), ("arcface", 10), ("l-gm", 100)])
def test_a_frame_takes_little_time(loss, classes):
    probe = probe_set(10_000, classes=classes)
    snapshot = make_snapshot(10_000, loss=loss, classes=classes, probe=probe, step=0)
    log = EventLog()
    seconds = []
    for step in range(0, 300, 10):
        start = time.thread_time()
        log.take(frame_at(snapshot, step), 0)
        seconds.append(time.thread_time() - start)
    assert np.median(seconds) < (0.005 if classes == 10 else 0.02), "a millisecond where nothing else runs"


def frame_at(snapshot, step):
    return replace(snapshot, step=step)
