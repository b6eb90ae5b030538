"""What is measured of a run, how far off a guess is, and the reason, which comes from the data."""

from __future__ import annotations

import math

import numpy as np
import pytest
from analysis.snapshots import make_snapshot, probe_set
from msgspec.structs import replace

from explorer.analysis.predictions.measured import measure
from explorer.analysis.predictions.outcome import Guess, compare
from explorer.core.losses.catalog import LOSSES
from explorer.core.protocol.messages import TRAIN


def shaped(along: float, across: float, count: int = 4_000, **kwargs):
    """Return a snapshot of four classes at distance 10, with these standard deviations along and across."""
    rng = np.random.default_rng(0)
    probe = probe_set(count, classes=4, train=8)
    rays = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]], dtype=np.float64)[probe.labels]
    sides = rays[:, ::-1] * (1, -1)
    noise = rng.normal(size=(len(rays), 2))
    features = rays * (10 + along * noise[:, :1]) + sides * across * noise[:, 1:]
    features[probe.split == TRAIN] = 1e3
    snapshot = make_snapshot(classes=4, probe=probe, **kwargs)
    return replace(snapshot, features=features.astype(np.float32), scalars={"test_accuracy": 0.97})


def test_what_is_measured_is_that_of_the_test_images():
    found = measure(shaped(along=2.0, across=0.5))
    assert found.means == pytest.approx(10 * np.array([[1, 0], [0, 1], [-1, 0], [0, -1]]), abs=0.2)
    assert math.degrees(found.gap) == pytest.approx(90, abs=1)
    assert found.fan == pytest.approx(4, rel=0.1)
    assert found.packing == pytest.approx(math.hypot(2, 0.5) / (10 * math.sqrt(2)), rel=0.05)
    assert found.accuracy == 0.97


def test_errors_are_absolute_and_only_of_what_was_guessed():
    found = compare(Guess(angle=80.0, accuracy=99.0), shaped(along=2.0, across=0.5))
    assert found.angle_off == pytest.approx(10, abs=1)
    assert found.accuracy_off == pytest.approx(2)
    assert found.arrangement is None
    nothing = compare(Guess(blobs=np.eye(4, 2)), shaped(along=2.0, across=0.5))
    assert (nothing.angle_off, nothing.accuracy_off) == (None, None)


def test_blobs_are_compared_with_the_class_means():
    blobs = np.array([[0, 3], [3, 0], [0, -3], [-3, 0]], dtype=np.float64)
    found = compare(Guess(blobs=blobs), shaped(along=2.0, across=0.5)).arrangement
    assert found is not None
    assert found.off < 0.02


@pytest.mark.parametrize(
    "snapshot",
    [
        replace(shaped(1, 1), features=np.full((4_008, 2), np.nan, np.float32)),
        make_snapshot(200, present=3),
        make_snapshot(200, dim=3),
    ],
    ids=["not finite", "classes without images", "in space"],
)
def test_a_frame_that_cannot_be_compared_gives_no_error_instead_of_a_wrong_one(snapshot):
    found = compare(Guess(blobs=np.ones((snapshot.probe.num_classes, 2)), angle=30.0), snapshot)
    assert found.arrangement is None
    assert str(found.reason)


def reason(guess: Guess = Guess(angle=1.0), along: float = 2.0, **kwargs) -> str:  # noqa: B008  # frozen
    return str(compare(guess, shaped(along, 0.5, **kwargs)).reason)


def test_the_reason_names_what_the_loss_asks_for_and_what_is_measured():
    assert "4.1 times as long as wide" in reason() or "4.0 times" in reason()
    assert "fan out" not in reason(along=0.5)
    assert "does not make them compact" in reason(along=0.5)
    assert "centre of its class" in reason(centers=np.ones((4, 2), np.float32))
    assert "margin makes room: neighbours are 90° apart" in reason(loss="cosface")
    assert "there is no margin" in reason(loss="cosface", params={"margin": 0.0})
    assert "compares images" in reason(loss="triplet")
    assert "Errors are images" in reason(Guess(accuracy=90.0))


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_has_a_reason(name):
    arrays = {}
    if LOSSES[name].head == "gaussian":
        arrays = {"centers": np.ones((10, 2), np.float32), "log_variance": np.zeros((10, 2), np.float32)}
    assert str(compare(Guess(angle=30.0), make_snapshot(100, loss=name, **arrays)).reason)
