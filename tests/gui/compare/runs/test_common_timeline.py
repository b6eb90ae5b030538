"""The cursors of the runs while the timelines are linked, and when they are let go."""

from __future__ import annotations

import pytest
from analysis.snapshots import make_snapshot, probe_set
from gui.session.sources import ListSource

from explorer.gui.compare.runs.common_timeline import CommonTimeline
from explorer.gui.compare.runs.compared_run import ComparedRun

pytestmark = pytest.mark.usefixtures("qapp")
IMAGES = probe_set(20)


class TrainingSource(ListSource):
    """A run that goes on training."""

    training = True


def frame(step):
    return make_snapshot(probe=IMAGES, step=step)


@pytest.fixture
def ahead():
    """A run at step 30, beside one that trains too and is at step 10."""
    fast, slow = (TrainingSource(map(frame, steps)) for steps in ((0, 10, 20, 30), (0, 10)))
    timeline = CommonTimeline()
    timeline.set_runs([ComparedRun(source, timeline) for source in (fast, slow)])
    return timeline, timeline._runs[0]  # noqa: SLF001  # the timeline keeps it alive


def test_a_run_that_waited_for_a_slower_one_goes_on_once_it_is_let_go(ahead):
    timeline, run = ahead
    assert run.cursor.snapshot.step == 10
    timeline.set_linked(False)
    assert run.cursor.snapshot.step == 30
    run.source.append(frame(40))
    assert run.cursor.snapshot.step == 40


def test_a_run_that_is_looked_back_at_stays_there_when_it_is_let_go(ahead):
    timeline, run = ahead
    timeline.go_to(0)
    timeline.set_linked(False)
    assert run.cursor.snapshot.step == 0


def test_letting_go_twice_moves_no_run_that_has_been_moved_since(ahead):
    timeline, run = ahead
    timeline.set_linked(False)
    run.cursor.go_to(1)
    timeline.set_linked(False)
    assert run.cursor.snapshot.step == 10
