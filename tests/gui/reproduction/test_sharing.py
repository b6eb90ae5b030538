"""Settings in the clipboard, in a picture or dropped as text are those of the run afterwards."""

from __future__ import annotations

import pytest
from analysis.snapshots import make_snapshot
from gui.reproduction.test_settings_text import ORIGIN
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication

from explorer.gui.app import App
from explorer.gui.export.save_dialog import SavePictureDialog
from explorer.gui.figures.carried import carried_settings
from explorer.gui.reproduction.dialog import ReproductionDialog
from explorer.gui.reproduction.settings_text import settings_text

SNAPSHOT = make_snapshot(60, loss="arcface", params={"margin": 0.37})
TEXT = settings_text(SNAPSHOT, ORIGIN)


@pytest.fixture
def app(tmp_path, qapp):
    assert qapp is not None, "widgets need it"
    app = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()


def drop(window, mime):
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, mime, buttons, keys)
    window.dragEnterEvent(entered)
    if entered.isAccepted():
        window.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, buttons, keys))
    return entered.isAccepted()


def test_what_is_copied_is_what_is_pasted_and_another_text_changes_nothing(app):
    app.run.snapshot = SNAPSHOT
    app.run.snapshotChanged.emit()
    app.actions.action("settings.copy").trigger()
    copied = QGuiApplication.clipboard().text()
    assert app.window.status.text() == "Copied the settings to the clipboard."
    app.run.set_loss("softmax")
    QGuiApplication.clipboard().setText(copied)
    app.actions.action("settings.paste").trigger()
    assert app.run.config == SNAPSHOT.config
    assert app.window.banner.message == "Settings applied: Clipboard."
    QGuiApplication.clipboard().setText("see you on Monday")
    app.actions.action("settings.paste").trigger()
    assert app.window.banner.message.startswith("Clipboard: this text has no settings in it.")
    assert app.run.config == SNAPSHOT.config


def test_a_dropped_text_is_taken_and_its_run_is_offered_to_be_checked(app):
    mime = QMimeData()
    mime.setText(TEXT)
    assert drop(app.window, mime)
    assert app.run.config == SNAPSHOT.config
    assert app.window.banner.message == "Settings applied: Dropped text."
    shown = [button for button in app.window.banner.buttons if not button.isHidden()]
    assert [button.text() for button in shown] == ["Check the run"]
    shown[0].click()
    (dialog,) = app.window.findChildren(ReproductionDialog)
    assert dialog.check is not None
    dialog.reject()
    mime = QMimeData()
    mime.setData("application/x-something", b"seed = 1")
    assert not drop(app.window, mime)


def test_a_picture_of_a_view_carries_the_settings(app, tmp_path, qtbot):
    app.run.snapshot = SNAPSHOT
    app.run.snapshotChanged.emit()
    app.pictures.save(app.features)
    (dialog,) = app.window.findChildren(SavePictureDialog)
    with qtbot.waitSignal(dialog.saved):
        dialog.save(tmp_path / "view")
    assert carried_settings(tmp_path / "view.png").config == SNAPSHOT.config
    app.opener.open([tmp_path / "view.png"])
    assert app.window.banner.message == f"Settings applied: {tmp_path / 'view.png'}."
