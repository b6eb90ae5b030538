"""Why accuracy moves over some tens of steps after a change of settings: what became of the clusters."""

import numpy as np
from analysis.events.test_rule_events import COUNT, PROBE, WEIGHT, frame

from explorer.analysis.events.drift_events import STEPS
from explorer.analysis.events.event_log import EventLog

CHANGE = 300
NOISE = np.random.default_rng(0).normal(size=(COUNT, 2))
APART = 10.0 * WEIGHT[PROBE.labels] + 0.5 * NOISE


def between(first, second, share):
    """Return features of which class ``first`` has gone this share of its way to ``second``."""
    features = APART.copy()
    features[PROBE.labels == first] += share * 10.0 * (WEIGHT[second] - WEIGHT[first])
    return features


def told(before, after, *, weight=WEIGHT, margin=0.5):
    """Return what is told of a run whose features go from one place to another with another margin."""
    log = EventLog()
    for step in range(0, CHANGE + STEPS + 50, 10):
        gone = min(1.0, max(0.0, (step - CHANGE) / STEPS))
        features = (1 - gone) * before + gone * after
        settings = {} if step < CHANGE else {"loss.margin": margin}
        seen = frame("arcface", features, WEIGHT + gone * (weight - WEIGHT), step=step, **settings)
        log.take(seen, CHANGE if settings else 0)
    return [event for event in log.events if event.kind == "drift"]


def test_two_classes_that_move_together_are_named_with_how_far_apart_they_are():
    (event,) = told(APART, between(3, 4, 0.6))
    assert (event.step, str(event.cause)) == (CHANGE + STEPS, "Margin 0.2 → 0.5 rad at step 300")
    assert {int(PROBE.labels[row]) for row in event.rows} == {3}
    words = str(event.text)
    assert words.startswith("Accuracy fell from 100.0% to 9")
    assert (
        "100% of the newly misclassified images are of classes 3 and 4, which moved closer, from 1" in words
    )


def test_two_classes_that_move_apart_explain_a_rise():
    (event,) = told(between(3, 4, 0.6), APART)
    words = str(event.text)
    assert (
        "100.0% in 100 steps: 100% of the newly correct images are of classes 3 and 4, which moved apart"
        in words
    )


def test_where_clusters_stay_the_boundary_is_what_moves():
    turned = WEIGHT.copy()
    turned[3] = WEIGHT[4] * 0.55 + WEIGHT[3] * 0.45
    turned[4] = WEIGHT[4] * 0.9 + WEIGHT[5] * 0.1
    turned[3] /= np.linalg.norm(turned[3])
    turned[4] = WEIGHT[5] * 0.45 + WEIGHT[4] * 0.55
    (event,) = told(APART, APART, weight=turned)
    assert "These are as far apart as before" in str(event.text)
    assert str(event.text).endswith("but the boundary between them no longer fits.")


def test_where_many_classes_lose_images_the_nearest_neighbours_are_told():
    (event,) = told(APART, 10.0 * WEIGHT[PROBE.labels] + 3.0 * NOISE)
    assert "the classes moved closer. The nearest other class is" in str(event.text)


def test_what_stays_or_rises_as_before_is_no_drift():
    assert told(APART, APART) == []
    log = EventLog()
    for step in range(0, CHANGE + STEPS + 50, 10):  # it rises all the time
        share = 0.7 - 0.4 * step / (CHANGE + STEPS)
        settings = {} if step < CHANGE else {"loss.margin": 0.5}
        log.take(frame("arcface", between(3, 4, share), step=step, **settings), CHANGE if settings else 0)
    assert [event for event in log.events if event.kind == "drift"] == []
