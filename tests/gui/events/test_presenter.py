"""Events in the window: found, listed, marked on the timeline, and gone to."""

from __future__ import annotations

import pytest
from analysis.events import recorded as runs
from msgspec.structs import replace
from PySide6.QtCore import Qt

from explorer.core.recording.header import RunEvent
from explorer.core.recording.reader import Recording
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.session.recorded_run import RecordedRun
from explorer.gui.theme.theme import DARK


@pytest.fixture
def app(tmp_path):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig(), "light"))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.resize(1300, 900)
    app.window.show()
    app.window.activateWindow()
    yield app
    app.window.close()
    app.window.deleteLater()


@pytest.fixture
def opened(app, qtbot):
    app.opener.open_recording(runs.path_of("troubled"))
    qtbot.waitUntil(lambda: app.viewer.recording.complete, timeout=20_000)
    app.actions.action("panel.events").trigger()
    assert app.window.events.isVisible()
    return app


def pictured(panel, row):
    return panel.list.model().index(row, 0).data(Qt.ItemDataRole.DecorationRole) is not None


def test_the_panel_is_closed_at_first(app):
    assert not app.window.is_panel_open("events")


def test_the_events_of_a_recording_are_listed_and_one_is_gone_to_by_a_click(opened, qtbot):
    panel, cursor = opened.window.events, opened.viewer.cursor
    assert panel.list.events == tuple(runs.events("troubled").events)
    (place,) = [number for number, event in enumerate(panel.list.events) if event.kind == "collapsed"]
    index = panel.list.model().index(place, 0)
    panel.list.scrollTo(index)
    qtbot.mouseClick(
        panel.list.viewport(), Qt.MouseButton.LeftButton, pos=panel.list.visualRect(index).center()
    )
    assert cursor.snapshot.step == panel.list.events[place].step
    qtbot.waitUntil(lambda: opened.pane.primary.snapshot is cursor.snapshot)
    assert not cursor.following


def test_the_timeline_has_a_mark_for_each_and_keys_go_over_them(opened):
    events, cursor = opened.window.events.list.events, opened.viewer.cursor
    assert [mark.step for mark in opened.window.timeline.strip.state.events] == [e.step for e in events]
    cursor.go_to(0)
    seen = set()
    for _press in range(60):
        opened.viewer.go("timeline.next-mark")
        seen.add(cursor.snapshot.step)
    assert {event.step for event in events} <= seen


def test_the_list_follows_the_cursor(opened):
    panel, cursor = opened.window.events, opened.viewer.cursor
    for event in panel.list.events[3], panel.list.events[-1]:
        cursor.go_to(list(cursor.steps).index(event.step))
        assert panel.list.current.step == event.step
    cursor.go_to(list(cursor.steps).index(250))
    assert panel.list.current.step == panel.list.events[-1].step, "no event is there"


def test_kinds_that_are_hidden_are_not_on_the_timeline_either(opened):
    panel, strip = opened.window.events, opened.window.timeline.strip
    learnt = panel.filter.content.actions()[1]
    learnt.trigger()
    kinds = {event.kind for event in panel.list.events}
    assert "learnt" not in kinds
    assert [mark.step for mark in strip.state.events] == [event.step for event in panel.list.events]
    learnt.trigger()
    assert len(strip.state.events) == len(opened.viewer.cursor.history.events.events)


def test_pictures_come_one_after_the_other_and_follow_the_colours(opened, qtbot):
    panel = opened.window.events
    qtbot.waitUntil(lambda: pictured(panel, len(panel.list.events) - 1), timeout=10_000)
    opened.appearance.choose(DARK.name)
    last = len(panel.list.events) - 1
    qtbot.waitUntil(lambda: pictured(panel, last), timeout=10_000)


def test_the_images_of_an_event_can_be_selected(opened):
    panel = opened.window.events
    event = next(event for event in panel.list.events if event.kind == "unstable")
    go, select = panel.list.menu_of(event).actions()[:2]
    select.trigger()
    assert opened.pane.state.selection.rows.tolist() == sorted(event.rows)
    go.trigger()
    assert opened.viewer.cursor.snapshot.step == event.step
    learnt = next(event for event in panel.list.events if event.kind == "learnt")
    assert not panel.list.menu_of(learnt).actions()[1].isEnabled()
    panel.imagesRequested.emit(replace(event, rows=(3, 100_000)))
    assert opened.pane.state.selection.rows.tolist() == [3]


def test_the_live_run_has_its_own_events(opened):
    opened.viewer.show_live()
    assert opened.window.events.list.events == ()
    assert opened.window.events.empty.isVisible()
    opened.opener.open_recording(runs.path_of("slow"))
    assert opened.window.timeline.strip.state.events == ()


def test_a_divergence_is_listed_at_once(app):
    app.actions.action("panel.events").trigger()
    frames = list(runs.frames("healthy"))[:3]
    for snapshot, config_step in frames:
        app.run.history.events.take(snapshot, config_step)
    app.run.history.events.take_divergence(25)
    app.run.stateChanged.emit()
    assert [event.kind for event in app.window.events.list.events] == ["diverged"]


@pytest.fixture
def live(tmp_path, tiny_data, worker_command, qtbot):
    """A window with a real worker, ready to train."""
    memory, settings = tmp_path / "window.toml", {"data.source": str(tiny_data), "data.probe_every": 5}
    config = RunConfig().replace({**settings, "optimizer.batch": 50, "device": "cpu", "threads": 1})
    save_memory(memory, Memory(config, "light"))
    app = App(worker_command, memory)
    app.open()
    qtbot.waitUntil(lambda: app.run.snapshot is not None, timeout=60_000)
    yield app
    app.window.close()
    app.window.deleteLater()


def test_a_live_run_tells_its_events_and_its_file_keeps_them(live, tmp_path, qtbot):
    live.actions.action("panel.events").trigger()
    panel, run = live.window.events, live.run
    run.start()
    qtbot.waitUntil(lambda: any(event.kind == "learnt" for event in panel.list.events), timeout=60_000)
    learnt = next(event for event in panel.list.events if event.kind == "learnt")
    panel.eventRequested.emit(learnt)
    assert live.viewer.cursor.snapshot.step == learnt.step, "in the past of the run, which trains on"
    live.window.close()
    found = list(run.history.events.found)
    (path,) = (tmp_path / "runs").glob("*.lossrun")
    with Recording(path) as recording:
        assert list(recording.events) == found
    again = RecordedRun(path)
    qtbot.waitUntil(lambda: again.complete, timeout=20_000)
    assert again.history.events.found == found, "none is found a second time"
    again.close()


def test_why_accuracy_moved_with_another_loss_stands_in_the_status_line(app):
    frames = [pair for pair in runs.frames("troubled") if 390 <= pair[0].step <= 410]
    for snapshot, config_step in frames:
        app.run.history.events.take(snapshot, config_step)
        app.run.stateChanged.emit()
    assert app.window.status.text().startswith("Biases no longer count:")
    app.run.restart()
    assert app.window.status.text() == "Starting the trainer…", "it was said of the run before"
    app.window.status.show_event("Saved as figure.png.")
    app.run.restart()
    assert app.window.status.text() == "Saved as figure.png.", "that was not said of a run"


def test_a_run_whose_classes_collapse_can_be_restarted_from_its_event_and_a_recording_not(app, monkeypatch):
    restarts = []
    monkeypatch.setattr(app.run, "restart", lambda: restarts.append(True))
    merged = RunEvent(100, "merged", text("Classes 4 and 9 merge."), classes=(4, 9))
    events = app.window.events.list

    def restart_of(event):
        return [action for action in events.menu_of(event).actions() if action.text() == "Restart"]

    assert restart_of(replace(merged, kind="learnt")) == []
    (action,) = restart_of(merged)
    action.trigger()
    assert restarts == [True]
    app.opener.open_recording(runs.path_of("troubled"))
    assert restart_of(merged) == []
