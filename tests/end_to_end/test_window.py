"""The whole program: a real window, a real worker, real MNIST, keyboard and mouse."""

import sys

import psutil
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDockWidget

from explorer.core.protocol.messages import Frame
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.export.save_dialog import SavePictureDialog
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.theme.theme import LIGHT

LIMIT = 60_000


@pytest.fixture
def app(tmp_path, worker_command):
    apps = []

    def make(command=worker_command, **changes):
        path = tmp_path / "window.toml"
        save_memory(path, Memory(RunConfig().replace({"device": "cpu", **changes}), "light"))
        app = App(command, path)
        apps.append(app)
        app.open()
        return app

    yield make
    for app in apps:
        app.window.close()
        app.window.deleteLater()


def press(qtbot, app, key):
    app.window.activateWindow()  # a closed popup leaves the offscreen platform without an active window
    qtbot.waitUntil(app.window.isActiveWindow)
    qtbot.keyClick(app.window.windowHandle(), key)


def wait_for_step(qtbot, app, step):
    qtbot.waitUntil(lambda: app.run.snapshot is not None and app.run.snapshot.step >= step, timeout=LIMIT)


def test_from_start_by_keyboard_to_a_saved_picture_and_a_clean_end(app, qtbot, tmp_path):
    app = app([sys.executable, "-m", "explorer.worker"])  # as the program is started
    window = app.window
    press(qtbot, app, Qt.Key.Key_Space)
    wait_for_step(qtbot, app, 40)
    assert app.run.phase == "running"
    assert app.run.snapshot.scalars["test_accuracy"] > 0.3

    choice = window.side_panel.loss.choice
    choice.setFocus()
    qtbot.keyClick(choice, Qt.Key.Key_A)
    qtbot.keyClicks(choice.popover.search, "rcf")
    qtbot.keyClick(choice.popover.search, Qt.Key.Key_Return)
    assert app.run.config.loss.name == "arcface"

    frames = []
    app.client.eventReceived.connect(lambda event: frames.append(event) if isinstance(event, Frame) else None)
    slider = window.side_panel.row("loss.margin").editor.slider
    middle = slider.rect().center()
    before = app.run.config.get("loss.margin")
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
    for dx in range(0, 30, 3):
        qtbot.mouseMove(slider, middle + QPoint(dx, 0))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=middle + QPoint(30, 0))
    margin = app.run.config.get("loss.margin")
    assert margin != before
    qtbot.waitUntil(lambda: app.run.snapshot.config.loss.params.get("margin") == margin, timeout=LIMIT)
    first = next(frame for frame in frames if frame.config_seq == frames[-1].config_seq)
    assert first.step - first.config_step <= 2

    wait_for_step(qtbot, app, app.run.snapshot.step + 60)
    press(qtbot, app, Qt.Key.Key_Space)
    assert app.run.phase == "paused"
    path = tmp_path / "picture.png"
    dialog = SavePictureDialog(window, [app.features], app.features)
    with qtbot.waitSignal(dialog.saved, timeout=LIMIT):
        dialog.save(path)
    image = QImage(str(path))
    scale = dialog.scale.value()
    assert image.size() == app.features.size() * scale
    seen = {image.pixelColor(x, y).getRgb()[:3] for x in range(image.width()) for y in range(image.height())}
    assert all(LIGHT.class_color(label) in seen for label in range(10))

    worker = psutil.Process(app.client.process_id)
    window.close()
    qtbot.waitUntil(lambda: not psutil.Process().children(recursive=True), timeout=10_000)
    assert not worker.is_running()


def test_a_killed_worker_is_said_and_restart_goes_on_with_the_same_settings(app, qtbot, tiny_data):
    app = app(**{"data.source": str(tiny_data), "loss.name": "arcface", "loss.margin": 0.3})
    press(qtbot, app, Qt.Key.Key_Space)
    wait_for_step(qtbot, app, 5)
    psutil.Process(app.client.process_id).kill()
    banner = app.window.banner
    qtbot.waitUntil(banner.isVisible, timeout=LIMIT)
    assert "was killed" in banner.accessibleName()
    assert app.run.phase == "failed"
    qtbot.mouseClick(banner.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: app.run.phase == "running", timeout=LIMIT)
    wait_for_step(qtbot, app, 5)
    assert app.run.snapshot.config.loss.params["margin"] == 0.3


def test_divergence_is_said_and_its_remedy_is_one_click(app, qtbot, tiny_data):
    settings = {"data.source": str(tiny_data), "loss.name": "center", "loss.weight": 10.0}
    app = app(**settings, **{"optimizer.rate": 10.0, "optimizer.warmup": 0, "network.name": "lenet++"})
    press(qtbot, app, Qt.Key.Key_Space)
    banner = app.window.banner
    qtbot.waitUntil(lambda: app.run.phase == "failed", timeout=LIMIT)
    assert "at step" in banner.accessibleName()
    assert "learning rate 0.1" in banner.buttons[0].text(), "the usual one: a quarter of 10 would not do"
    qtbot.mouseClick(banner.buttons[0], Qt.MouseButton.LeftButton)
    assert app.run.config.optimizer.rate == 0.1
    assert app.run.phase == "running"


def test_settings_layout_and_theme_are_remembered(app, tiny_data):
    first = app(**{"data.source": str(tiny_data)})
    first.run.set_loss("cosface")
    first.run.set_param("loss.margin", 0.25)
    first.actions.action("theme.dark").trigger()
    first.window.findChild(QDockWidget, "Trainer log").show()
    first.window.findChild(QDockWidget, "Curves").hide()
    first.window.close()
    again = App([sys.executable, "-m", "explorer.worker"], first.autosave.path)
    assert again.run.config == first.run.config
    again.window.show()
    assert again.window.findChild(QDockWidget, "Trainer log").isVisible()
    assert again.window.findChild(QDockWidget, "Curves").isHidden()
    assert again.actions.action("theme.dark").isChecked()
    again.window.close()
    again.window.deleteLater()


def test_a_damaged_file_of_settings_is_said_and_the_window_opens(tmp_path):
    path = tmp_path / "window.toml"
    path.write_text("nonsense")
    app = App([sys.executable, "-m", "explorer.worker"], path)
    app.window.show()
    assert app.window.banner.isVisible()
    assert "damaged" in app.window.banner.accessibleName()
    app.window.close()
    app.window.deleteLater()
