"""Which frames of a run a film shows, and for how long each: evenly in steps, or in seconds of training."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.export.files import ExportUsageError
from explorer.gui.films.film import MOST_FPS, Film, Shot, at_speed, durations_of, shots_of

STEPS = [0, 10, 20, 100]
ELAPSED = [0.0, 8.0, 9.0, 10.0]


def test_steps_pass_evenly():
    film = Film(seconds=1.1, fps=10)  # moments 0, 10, 20, … 100
    assert shots_of(film, STEPS, ELAPSED) == (Shot(0, 1), Shot(10, 1), Shot(20, 8), Shot(100, 1))


def test_seconds_of_training_pass_evenly():
    film = Film(seconds=1.1, fps=10, pace="seconds")  # moments 0, 1, … 10 s
    assert shots_of(film, STEPS, ELAPSED) == (Shot(0, 8), Shot(10, 1), Shot(20, 1), Shot(100, 1))


def test_a_smooth_film_goes_on_between_frames():
    film = Film(seconds=1.1, fps=10, smooth=True)  # moments 0, 10, 20, … 100
    shots = shots_of(film, STEPS, ELAPSED)
    assert [(shot.step, shot.ticks) for shot in shots] == [(0, 1), (10, 1), *8 * [(20, 1)], (100, 1)]
    assert [shot.share for shot in shots] == pytest.approx([0, 0, *(k / 8 for k in range(8)), 0])
    assert shots_of(Film(first=20, last=20, smooth=True), STEPS, ELAPSED) == (Shot(20, 250),)


def test_a_stretch_begins_with_the_frame_that_was_shown_at_its_first_step():
    film = Film(first=15, last=99, seconds=0.2, fps=10)
    assert shots_of(film, STEPS, ELAPSED) == (Shot(10, 1), Shot(20, 1))


def test_a_film_of_one_step_is_a_still():
    assert shots_of(Film(first=20, last=20), STEPS, ELAPSED) == (Shot(20, 250),)


@pytest.mark.parametrize(("pace", "speed", "seconds"), [("steps", 50, 2.0), ("seconds", 4, 2.5)])
def test_a_speed_decides_how_long_it_is(pace, speed, seconds):
    assert at_speed(Film(pace=pace), STEPS, ELAPSED, speed).seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("film", "words"),
    [
        (Film(first=50, last=20), "no stretch from step 50 to 20: the frames are of steps 0 to 100"),
        (Film(last=101), "no stretch from step 0 to 101"),
        (Film(seconds=3_601), "at most 20,000 frames"),
        (Film(seconds=900, fps=50), "at most 20,000 frames"),
    ],
)
def test_what_is_not_possible_is_said(film, words):
    with pytest.raises(ExportUsageError, match=words):
        shots_of(film, STEPS, ELAPSED)
    with pytest.raises(ExportUsageError, match="no frame yet"):
        shots_of(Film(), [], [])


@given(
    gaps=st.lists(st.integers(1, 50), min_size=1, max_size=20),
    seconds=st.floats(0.1, 5.0),
    fps=st.integers(1, MOST_FPS),
    grid=st.sampled_from([1, 10]),
)
def test_it_is_as_long_as_was_asked_for_and_goes_from_end_to_end(gaps, seconds, fps, grid):
    steps = [sum(gaps[:number]) for number in range(len(gaps) + 1)]
    shots = shots_of(Film(seconds=seconds, fps=fps), steps, [float(step) for step in steps])
    shown = [shot.step for shot in shots]
    ticks = max(1, round(seconds * fps))
    assert shown == sorted(set(shown))
    assert shown[0] == 0
    assert ticks == 1 or shown[-1] == steps[-1]
    assert sum(shot.ticks for shot in shots) == ticks
    durations = durations_of(shots, fps, grid)
    assert sum(durations) == pytest.approx(1000 * ticks / fps, abs=grid / 2 + 1e-6)
    assert all(duration % grid == 0 and duration >= 20 // grid * grid - 10 for duration in durations)
