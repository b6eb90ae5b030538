"""A drawn digit and a real worker: the same pixels must land on the same point."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDockWidget

from explorer.core.protocol.messages import TEST
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.views.draw.view import DrawView
from explorer.gui.views.features.plane.overlay import PlaneOverlayItem

LIMIT = 60_000


@pytest.fixture
def app(tmp_path, tiny_data, worker_command):
    path = tmp_path / "window.toml"
    settings = {"device": "cpu", "threads": 1, "data.source": str(tiny_data), "optimizer.batch": 50}
    save_memory(path, Memory(RunConfig().replace(settings), "light"))
    app = App(worker_command, path)
    app.open()
    dock = app.window.findChild(QDockWidget, "Draw")
    dock.show()
    dock.raise_()
    yield app
    app.window.close()
    app.window.deleteLater()


def lands_on(app, row):
    """Return whether the digit lies on the feature of a row of the frame of the same step."""
    digit = app.run.embed_queries.digit
    if digit is None or digit.step != digit.snapshot.step:
        return False
    return bool(np.abs(digit.point[0] - digit.snapshot.features[row]).max() < 1e-5)


def test_a_test_image_on_the_pad_lands_on_its_own_point_before_training_paused_and_after_a_restart(
    app, qtbot
):
    view, run, queries = app.pane.view(DrawView), app.run, app.run.embed_queries
    qtbot.waitUntil(view.buttons.sample.isEnabled, timeout=LIMIT)
    row = int(np.flatnonzero(run.snapshot.probe.split == TEST)[17])
    app.pane.state.select(np.array([row]))
    qtbot.mouseClick(view.buttons.sample, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: lands_on(app, row), timeout=LIMIT)
    assert queries.digit.step == 0

    first = queries.digit.point.copy()
    run.start()
    qtbot.waitUntil(lambda: queries.digit is not None and queries.digit.step > 20, timeout=LIMIT)
    assert np.abs(queries.digit.point - first).max() > 1e-3
    run.pause()
    qtbot.waitUntil(lambda: queries.digit.step == run.snapshot.step and lands_on(app, row), timeout=LIMIT)

    run.restart()
    qtbot.waitUntil(lambda: lands_on(app, row) and queries.digit.step == 0, timeout=LIMIT)
    assert queries.digit.point == pytest.approx(first, abs=1e-5)


def test_strokes_reach_the_features_the_panel_and_its_neighbours(app, qtbot):
    view, features = app.pane.view(DrawView), app.features
    qtbot.waitUntil(view.buttons.sample.isEnabled, timeout=LIMIT)
    canvas = view.pad.canvas()
    left, right = QPoint(round(canvas.left()) + 30, 60), QPoint(round(canvas.right()) - 30, 60)
    qtbot.mousePress(view.pad, Qt.MouseButton.LeftButton, pos=left)
    qtbot.mouseMove(view.pad, right)
    qtbot.mouseRelease(view.pad, Qt.MouseButton.LeftButton, pos=right)
    qtbot.waitUntil(view.bars.isVisible, timeout=LIMIT)
    (overlay,) = (item for item in features.plane.scene().items() if isinstance(item, PlaneOverlayItem))
    point, text = overlay.drawn_digit
    assert point is app.run.embed_queries.digit.point
    assert text == f"drawn → {view.verdict.prediction.text()}"
    qtbot.mouseClick(view.buttons.clear, Qt.MouseButton.LeftButton)
    assert overlay.drawn_digit[0] is None
    assert app.run.embed_queries.digit is None
