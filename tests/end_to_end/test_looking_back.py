"""A run that trains can be looked back on: it trains on meanwhile, and what is said is of the frame shown."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.views.draw.view import DrawView

LIMIT = 60_000


@pytest.fixture
def app(tmp_path, tiny_data, worker_command):
    path = tmp_path / "window.toml"
    changes = {"device": "cpu", "data.source": str(tiny_data), "optimizer.batch": 50, "data.probe_every": 2}
    save_memory(path, Memory(RunConfig().replace(changes), "light"))
    app = App(worker_command, path)
    app.open()
    yield app
    app.window.close()
    app.window.deleteLater()


def test_a_run_trains_on_while_one_looks_back_and_live_returns(app, qtbot):
    window, run, cursor = app.window, app.run, app.viewer.cursor
    run.start()
    qtbot.waitUntil(lambda: len(run.frames) >= 6, timeout=LIMIT)
    run.set_param("optimizer.rate", 0.02)
    qtbot.waitUntil(lambda: bool(list(run.history.marks)), timeout=LIMIT)
    old = run.frame(2)
    cursor.go_to(2)
    assert cursor.snapshot.step == old.step
    assert np.allclose(cursor.snapshot.features, old.features)
    newest = run.snapshot.step
    qtbot.waitUntil(lambda: run.snapshot.step > newest + 10, timeout=LIMIT)
    assert run.phase == "running"
    assert cursor.snapshot.step == old.step
    assert window.timeline.text.startswith(f"Viewing step {old.step:,} of ")
    qtbot.waitUntil(lambda: window.run_bar.readouts["step"].text == f"{old.step:,}", timeout=LIMIT)
    views = app.pane.views.values()
    qtbot.waitUntil(lambda: all(view.snapshot is cursor.snapshot for view in views), timeout=LIMIT)
    assert window.side_panel.row("optimizer.rate").value == RunConfig().get("optimizer.rate")
    assert not window.side_panel.settings.isEnabled()
    app.actions.action("panel.draw").trigger()
    draw = app.pane.view(DrawView)
    qtbot.waitUntil(lambda: "newest frame" in draw.message.text(), timeout=LIMIT)

    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    presses = len(window.timeline.strip.state.events) + 1  # events are on the way
    while cursor.snapshot.config.get("optimizer.rate") != 0.02 and presses:
        qtbot.keyClick(window.windowHandle(), Qt.Key.Key_PageDown, Qt.KeyboardModifier.AltModifier)
        presses -= 1
    assert cursor.snapshot.config.get("optimizer.rate") == 0.02
    window.timeline.live.click()
    assert cursor.live
    assert window.side_panel.row("optimizer.rate").value == 0.02
    qtbot.waitUntil(lambda: cursor.snapshot.step > newest + 20, timeout=LIMIT)
    assert window.side_panel.settings.isEnabled()
    assert "newest frame" not in draw.message.text()

    cursor.go_to(0)
    run.restart()
    assert cursor.live, "the frames that were looked at are gone"
