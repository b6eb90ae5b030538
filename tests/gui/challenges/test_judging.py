"""Judging: when a challenge is passed, when its limit is used up, and what does not count."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.frames.history import History
from explorer.analysis.frames.run_columns import TEST_ACCURACY
from explorer.core.protocol.messages import SettingChange
from explorer.core.settings.config import RunConfig
from explorer.gui.challenges.judging import Attempt, RunTrace, judged
from explorer.gui.challenges.wording import figure_text, precise, progress_lines
from explorer.gui.guides.figures import Situation
from explorer.gui.guides.guide import parse_guide

CHALLENGE = parse_guide(
    """+++
title = "T"
about = "A."
[challenge]
set = { "loss.name" = "arcface", "loss.margin" = 0.1 }
limit = 12_800
allowed = ["loss.*"]
[[steps]]
id = "up"
until = [{ figure = "accuracy", at_least = 0.9 }]
[[steps]]
id = "down"
until = [{ figure = "accuracy", at_most = 0.5 }, { setting = "loss.margin", near = 0.2 }]
[[steps]]
id = "passed"
+++
## up
Up?
## down
Down?
## passed
Passed.
""",
    Path("en/1-t.md"),
)
START = CHALLENGE.challenge.start


def frame(step: int, accuracy: float, config: RunConfig = START) -> Situation:
    history = History()
    history.append(step, 1.0, {TEST_ACCURACY: accuracy})
    snapshot = replace(make_snapshot(60, loss="arcface"), step=step, config=config)
    return Situation(config=config, snapshot=snapshot, history=history)


def trace(*changes: tuple[int, RunConfig], run: str = "a", first: RunConfig = START) -> RunTrace:
    return RunTrace(run, first, tuple(SettingChange(k, *change) for k, change in enumerate(changes, 1)))


def margin(value: float) -> RunConfig:
    return START.replace({"loss.margin": value})


def done_first() -> Attempt:
    return judged(CHALLENGE, Attempt(), frame(40, 0.95), trace()).attempt


def test_parts_are_passed_one_after_the_other_in_frames_of_a_run():
    before = judged(CHALLENGE, Attempt(), frame(20, 0.4), trace())
    assert (before.phase, before.attempt.parts, before.images) == ("going", (), 20 * 128)
    first = judged(CHALLENGE, Attempt(), frame(40, 0.95), trace())
    assert (first.phase, [part.step for part in first.attempt.parts]) == ("going", [40])
    assert first.attempt.parts[0].figures == {"accuracy": 0.95}
    assert [str(progress.text) for progress in first.found][1].startswith("Margin 0.1, at most 0.2 from 0.1")
    last = judged(CHALLENGE, first.attempt, frame(60, 0.3, margin(0.2)), trace((50, margin(0.2))))
    assert (last.phase, [part.step for part in last.attempt.parts]) == ("passed", [40, 60])
    assert last.images == 60 * 128
    assert judged(CHALLENGE, last.attempt, frame(900, 0.3), trace()).phase == "passed"


def test_without_a_frame_nothing_is_known():
    empty = Situation(config=START, history=History())
    judgement = judged(CHALLENGE, Attempt(), empty, None)
    assert (judgement.phase, judgement.images) == ("going", 0)
    assert str(judgement.found[0].text) == "accuracy – (goal 90%)"


def test_a_restart_begins_the_challenge_anew():
    again = judged(CHALLENGE, done_first(), frame(5, 0.2), trace(run="b"))
    assert (again.phase, again.attempt.parts) == ("going", ())


def test_where_runs_may_be_several_a_restart_keeps_the_parts():
    several = replace(CHALLENGE, challenge=replace(CHALLENGE.challenge, runs=True))
    first = margin(0.25)
    again = judged(several, done_first(), frame(5, 0.2, first), trace(run="b", first=first))
    assert (again.phase, len(again.attempt.parts)) == ("passed", 2)


def test_after_the_limit_nothing_is_passed():
    judgement = judged(CHALLENGE, Attempt(), frame(101, 0.95), trace())
    assert (judgement.phase, judgement.attempt.parts) == ("over", ())
    below = judged(CHALLENGE, Attempt(), frame(101, 0.85), trace())
    assert progress_lines(below, CHALLENGE.challenge, START) == [
        "Not passed: accuracy 85% (goal 90%). All 12,800 images are used up."
    ]


@pytest.mark.parametrize(
    "led",
    [
        trace(first=START.replace({"network.dim": 3})),
        trace((10, START.replace({"optimizer.rate": 0.5})), (20, START)),
    ],
)
def test_a_setting_that_may_not_be_changed_bars_the_run_even_if_it_is_put_back(led):
    judgement = judged(CHALLENGE, Attempt(), frame(40, 0.95), led)
    assert (judgement.phase, judgement.attempt.parts) == ("barred", ())
    (line,) = progress_lines(judgement, CHALLENGE.challenge, START)
    assert line in (
        "This does not count: Dimension may not be changed here.",
        "This does not count: Learning rate may not be changed here.",
    )


def test_a_run_that_goes_on_from_steps_before_may_not_be_restarted_nor_changed_in_them():
    rules = replace(CHALLENGE.challenge, before=30)
    guide = replace(CHALLENGE, challenge=rules)
    begun = Attempt(run="a")
    assert judged(guide, begun, frame(40, 0.95), trace()).attempt.parts
    assert judged(guide, begun, frame(29, 0.95), trace()).attempt.parts == ()
    assert judged(guide, begun, frame(40, 0.95), trace((20, margin(0.2)))).phase == "barred"
    other = judged(guide, begun, frame(40, 0.95), trace(run="b"))
    assert progress_lines(other, rules, START) == ["This does not count: the run was restarted."]


def test_figures_of_a_result_have_names():
    assert figure_text("class-length-8") == "length of class 8"
    assert figure_text("accuracy") == "accuracy"
    assert figure_text("luck-9") == "luck-9"
    assert [precise("accuracy", 0.97123), precise("own-angle", 12.3456), precise("luck", math.nan)] == [
        "97.12%",
        "12.35°",
        "–",
    ]
