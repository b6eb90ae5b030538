"""A curve drawn by hand: strokes replace what they pass, and its error is a share of the range of T."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from explorer.analysis.margins.target_curve import THETA
from explorer.analysis.predictions.drawn_curve import CurvePlace, DrawnCurve, curve_off, curve_reason

COSINE = np.cos(THETA)


def stroke(*places: tuple[float, float]) -> DrawnCurve:
    curve = DrawnCurve.blank()
    for start, end in pairwise(places):
        curve = curve.with_stroke(CurvePlace(*start), CurvePlace(*end))
    return curve


def test_a_stroke_is_straight_in_either_direction_and_replaces_what_it_passes():
    curve = stroke((0, 1), (180, -1))
    assert curve.curve == pytest.approx(1 - 2 * THETA / math.pi)
    over = curve.with_stroke(CurvePlace(100, 0.5), CurvePlace(50, 0.0))
    assert over.value_at(75) == pytest.approx(0.25)
    assert over.value_at(25) == curve.value_at(25)


def test_gaps_are_bridged_and_the_ends_go_on_as_drawn():
    curve = DrawnCurve.blank()
    for degrees, value in ((30.0, 1.0), (90.0, 0.0)):
        place = CurvePlace(degrees, value)
        curve = curve.with_stroke(place, place)
    assert math.isnan(curve.value_at(60))
    values = dict(zip(np.degrees(THETA).round(2).tolist(), curve.curve.tolist(), strict=True))
    assert values[60] == pytest.approx(0.5)
    assert (values[0], values[180]) == (1.0, 0.0)
    shown = dict(zip(values, np.isfinite(curve.drawn_part).tolist(), strict=True))
    assert [shown[degrees] for degrees in (0, 30, 60, 90, 180)] == [False, True, True, True, False]


def test_a_blank_curve_has_no_values():
    assert DrawnCurve.blank().is_blank
    assert np.isnan(DrawnCurve.blank().curve).all()
    assert np.isnan(DrawnCurve.blank().drawn_part).all()


def test_the_error_is_the_rms_difference_over_the_range():
    flat = stroke((0, 0), (180, 0))
    assert curve_off(flat, COSINE) == pytest.approx(math.sqrt(0.5) / 2, rel=1e-3)  # mean of cos² is a half
    shifted = stroke(*((d, math.cos(math.radians(d)) + 0.3) for d in np.arange(0, 181, 2.5)))
    assert curve_off(shifted, 5 * COSINE + 7) > 0.1
    assert curve_off(shifted, COSINE) == pytest.approx(0.15, abs=1e-3)
    assert curve_off(flat, np.full(len(THETA), 0.25)) == 0.25


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (COSINE, "is cos θ itself"),
        (COSINE - 0.35, "0.35 below cos θ at every angle"),
        (COSINE - 0.2 * np.sin(THETA), "below cos θ, at most by 0.20 at 90°"),
        (COSINE + 0.2, "above cos θ, at most by 0.20"),
        (COSINE + 0.5 * np.sin(2 * THETA), "0.50 below cos θ (at 135°) and up to 0.50 above it (at 45°)"),
    ],
)
def test_one_sentence_says_how_the_curve_differs_from_the_cosine(values, words):
    assert words in str(curve_reason(values))
