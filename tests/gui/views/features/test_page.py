"""Above the plot of the features: switches of dimension and unit length, and a start in the middle."""

from __future__ import annotations

import pytest
from analysis.snapshots import make_snapshot
from gui.views.packed_pixels import pixels
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from explorer.analysis.frames.history import History
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.export.images import picture, picture_of
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.features.page import FeaturePage
from explorer.gui.views.features.view import FeaturesView


@pytest.fixture
def view(qtbot):
    view = FeaturesView(LIGHT)
    qtbot.addWidget(view)
    view.resize(640, 520)
    view.show()
    return view


@pytest.fixture
def app(tmp_path, qtbot):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig(), "light", predict=False))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.show()
    qtbot.waitExposed(app.window)
    yield app
    app.undo.gestures.end()
    app.autosave.save()
    app.window.close()
    app.window.deleteLater()


def test_the_switch_shows_the_dimension_of_the_features_and_asks_for_the_other(view, qtbot):
    switches = view.switches
    switches.offer_dimensions(True)
    for dim in (3, 2):
        view.set_snapshot(make_snapshot(count=50, dim=dim), History())
        assert switches.dimensions[dim].isChecked()
        assert switches.normalized.text() == ("On the sphere" if dim == 3 else "On the circle")
    with qtbot.waitSignal(view.dimensionRequested) as asked:
        qtbot.mouseClick(switches.dimensions[3], Qt.MouseButton.LeftButton)
    assert asked.args == [3]
    assert switches.dimensions[2].isChecked(), "until the features have another dimension"
    with qtbot.assertNotEmitted(view.dimensionRequested):
        qtbot.mouseClick(switches.dimensions[2], Qt.MouseButton.LeftButton)


def test_a_view_beside_others_leaves_the_dimension_alone(view):
    view.set_snapshot(make_snapshot(count=50), History())
    assert not any(button.isVisible() for button in view.switches.dimensions.values())
    assert view.switches.normalized.isVisible()


def show_frame(app, dim):
    app.run.snapshot = make_snapshot(100, dim=dim)
    app.run.snapshotChanged.emit()


def test_another_dimension_is_trained_at_once_and_shown_on_the_sphere(app, monkeypatch):
    restarts = []
    monkeypatch.setattr(app.run, "restart", lambda: restarts.append(app.run.config.network.dim))
    app.features.switches.dimensions[3].click()
    assert app.run.config.network.dim == 3
    assert restarts == [], "a run that has not trained takes it without"
    show_frame(app, dim=3)
    assert app.features.options.normalized
    app.viewing.set_dimension(2)
    assert restarts == [2]
    show_frame(app, dim=2)
    assert not app.features.options.normalized


def test_a_warning_at_a_margin_offers_a_third_dimension_and_fewer_classes(app, monkeypatch):
    restarts = []
    monkeypatch.setattr(app.run, "restart", lambda: restarts.append(app.run.config))
    app.run.change({"loss.name": "arcface", "loss.margin": 0.55})
    app.run.snapshot = make_snapshot(100)
    row = app.window.side_panel.row("loss.margin")

    def press(words):
        next(button for button in row.findChildren(QPushButton) if button.text() == words).click()

    press("Restart with 8 classes")
    assert app.run.config.data.subset == 8
    assert app.run.config.loss.params["margin"] == 0.55
    app.run.change({"data.subset": 0})
    press("Restart in 3-D")
    assert app.run.config.network.dim == 3
    assert len(restarts) == 2
    app.run.change({"network.dim": 2})
    press("Set margin to 0.314")
    assert app.run.config.loss.params["margin"] == 0.314
    assert len(restarts) == 2, "a margin applies live"


def test_before_training_the_start_is_in_the_middle_and_in_no_picture(app, monkeypatch):
    start = app.features.start
    assert not start.isVisible(), "there are no features yet"
    begun = []
    monkeypatch.setattr(app.run, "start", lambda: begun.append(True))
    app.run.snapshot = make_snapshot(200, step=0)
    app.run.snapshotChanged.emit()
    assert start.isVisible()
    distance = start.geometry().center() - app.features.canvas.rect().center()
    assert distance.manhattanLength() <= 2
    assert (pixels(picture(app.features)) != pixels(picture_of(app.features))).any()
    assert start.isVisible(), "it is back"
    start.click()
    assert begun == [True]
    app.run.snapshot = make_snapshot(200, step=10)
    app.run.snapshotChanged.emit()
    assert not start.isVisible()


def test_a_narrow_caption_still_tells_how_many_images_are_shown(view, qtbot):
    """With the theory beside it, only the step was left of it, or three figures of the number."""
    view.set_snapshot(make_snapshot(count=200), History())
    view.catch_up()
    page = view.findChild(FeaturePage)
    page.switches.offer_dimensions(True)
    for width, below in ((640, False), (400, True)):
        view.resize(width, 500)
        qtbot.waitUntil(lambda below=below: (page.switches.y() > page.caption.y()) is below)
        assert page.caption.width() >= 215
