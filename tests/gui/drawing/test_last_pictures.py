"""While a run begins anew, each view keeps what it showed, dimmed, until it shows a frame again."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import make_history, make_snapshot
from gui.views.drawn import pixels
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from explorer.analysis.frames.history import History
from explorer.core.settings.config import RunConfig
from explorer.gui.run_pane import RunPane
from explorer.gui.session.run_source import RunSource
from explorer.gui.theme.theme import DARK, LIGHT

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class Source(RunSource):
    """A run whose trainer may be starting."""

    starting = False


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def pane(qtbot, request):
    result = RunPane(Source(RunConfig()), request.param)
    view = result.primary
    for each in result.views.values():
        qtbot.addWidget(each)
    view.resize(400, 400)
    view.show()
    show(result, make_snapshot(300))
    qtbot.waitUntil(lambda: view.snapshot is not None)
    view.finish_content()
    yield result
    result.close()


def show(pane, snapshot, *, starting=False):
    run = pane.run
    run.starting, run.snapshot = starting, snapshot
    run.history = History() if snapshot is None else make_history(20)
    run.snapshotChanged.emit()
    run.stateChanged.emit()


def test_the_last_picture_stays_dimmed_until_there_is_a_frame(pane, qtbot):
    view, ground = pane.primary, np.array(pane.primary.theme.plot)
    before = pixels(view.grab().toImage()).astype(int)
    show(pane, None, starting=True)
    assert view in pane.last_pictures
    dimmed = pixels(view.grab().toImage()).astype(int)
    assert np.abs(dimmed - (0.35 * before + 0.65 * ground)).max() < 3
    show(pane, make_snapshot(300, seed=1))
    qtbot.waitUntil(lambda: view not in pane.last_pictures)
    assert view not in pane.last_pictures
    assert np.abs(pixels(view.grab().toImage()).astype(int) - dimmed).max() > 50


def test_a_run_that_does_not_begin_leaves_no_picture(pane):
    show(pane, None, starting=True)
    show(pane, None)
    assert pane.primary not in pane.last_pictures
    show(pane, None, starting=True)
    assert pane.primary not in pane.last_pictures, "there is nothing to keep"


def test_the_picture_takes_no_room_and_no_click(pane):
    view = pane.primary
    show(pane, None, starting=True)
    view.resize(500, 300)
    cover = next(child for child in view.children() if type(child).__name__ == "_Cover")
    assert cover.geometry() == view.rect()
    assert view.childAt(view.rect().center()) is not cover


def test_a_view_that_is_removed_takes_its_picture_with_it(pane, qtbot):
    """A comparison shows another view below the features while its runs begin anew."""
    view = pane.views["curves"]
    view.resize(200, 200)
    view.show()
    qtbot.waitUntil(lambda: view.snapshot is pane.run.snapshot)
    show(pane, None, starting=True)
    assert view in pane.last_pictures
    pane.remove_view("curves")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(view)
    show(pane, None)
    assert view not in pane.last_pictures


def test_runs_that_begin_without_a_turn_of_the_event_loop_cost_no_more_each(pane):
    """Covers that wait for their deletion raised each other: twelve runs in one message took hours."""
    view, raised = pane.primary, []

    class Watch(QObject):
        def eventFilter(self, _watched, event):
            raised.append(event.type() == QEvent.Type.ZOrderChange)
            return False

    watch = Watch()
    for _run in range(12):
        pane.last_pictures.keep([view])
        view.children()[-1].installEventFilter(watch)
        pane.last_pictures.drop()
    pane.last_pictures.keep([view])
    raised.clear()
    view.findChild(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly).raise_()
    assert sum(raised) < 20
