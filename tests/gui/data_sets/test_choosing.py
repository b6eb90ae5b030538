"""A person's own data set is chosen by drop, menu or typing, read beside the window, and trained on."""

import threading

import numpy as np
import pytest
from pictures import write_class_folders, write_picture
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from explorer.core.data.datasets import load_dataset
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.data_sets import reading
from explorer.gui.data_sets.chooser import changes_for
from explorer.gui.data_sets.menu import SourceMenu
from explorer.gui.data_sets.reading import FoundData


@pytest.fixture
def app(tmp_path):
    app = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()


def drop(window, path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, buttons, keys))


def test_a_dropped_folder_of_pictures_is_read_and_its_classes_are_known(app, qtbot, tmp_path):
    write_class_folders(tmp_path / "fruit", count=4)
    app.run.change({"data.left_out": "7,8"})
    with qtbot.waitSignal(app.data_sets.reading.loaded):
        drop(app.window, tmp_path / "fruit")
    config = app.run.config
    assert (config.data.source, config.data.classes) == (str(tmp_path / "fruit"), 3)
    assert config.data.left_out == ""
    said = app.window.banner.message
    assert "fruit: 3 classes, 9 training and 3 test images of 28×28 pixels." in said
    assert "held out for the test: 3 images" in said
    assert app.data_sets.dialog is None


def test_a_data_set_with_a_fault_changes_nothing_and_is_told(app, qtbot, tmp_path):
    write_class_folders(tmp_path / "fruit", count=4)
    (tmp_path / "fruit" / "leaf" / "2.png").write_bytes(b"no picture")
    row = app.window.side_panel.row("data.source")
    with qtbot.waitSignal(app.data_sets.reading.failed):
        row.editor.valueRequested.emit(str(tmp_path / "fruit"))
    assert app.run.config == RunConfig()
    assert "leaf/2.png" in app.window.banner.message
    assert row.value == "mnist"


def test_reading_shows_how_far_it_is_and_can_be_cancelled(app, qtbot, tmp_path, monkeypatch):
    begun, ended = threading.Event(), threading.Event()

    def load(_source, *, progress, **_side):
        try:
            for done in range(1, 10**9):
                progress(done, 10**9)
                begun.set()
        finally:
            ended.set()

    monkeypatch.setattr(reading, "load_dataset", load)
    write_picture(tmp_path / "a" / "0.png", np.zeros((8, 8), np.uint8))
    app.data_sets.choose(str(tmp_path))
    assert begun.wait(20)
    with qtbot.waitSignal(app.data_sets.reading.progressed):
        pass
    dialog = app.data_sets.dialog
    assert (dialog.maximum(), dialog.labelText()) == (1000, f"Reading {tmp_path.name}")
    dialog.canceled.emit()
    assert ended.wait(20)
    assert not app.data_sets.reading.busy
    assert app.run.config == RunConfig()


def test_the_menu_offers_what_is_known_by_name(qtbot, tmp_path):
    from PySide6.QtWidgets import QFileDialog, QWidget

    parent = QWidget()
    qtbot.addWidget(parent)
    menu, chosen = SourceMenu(parent), []
    menu.sourceRequested.connect(chosen.append)
    actions = {action.text(): action for action in menu.actions()}
    assert {"MNIST", "Rings", "Blobs", "Spirals"} <= actions.keys()
    actions["Rings"].trigger()
    actions["Choose folder…"].trigger()
    (dialog,) = parent.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path))
    assert chosen == ["rings", str(tmp_path)]
    dialog.reject()


def test_too_few_classes_to_train_on_are_not_left():
    blobs = FoundData.of("blobs", load_dataset("blobs"))
    assert len(blobs.spec.class_names) == 6
    for left_out, dropped in (("0-3", False), ("0-4", True)):
        config = RunConfig().replace({"data.left_out": left_out})
        changes = changes_for(blobs, config)
        assert ("data.left_out" in changes) == dropped
        assert len(config.replace(changes).data.trained) >= 2


def test_choices_of_classes_that_the_data_set_has_stay():
    rings = FoundData.of("rings", load_dataset("rings"))
    config = RunConfig().replace({"data.subset": 3, "data.left_out": "1"})
    with pytest.raises(ValueError, match="leaves 1 class"):
        config.replace({"data.subset": 2})
    assert changes_for(rings, config) == {"data.source": "rings", "data.classes": 4}
    wide = RunConfig().replace({"data.subset": 9, "data.left_out": "8"})
    assert changes_for(rings, wide) == {
        "data.source": "rings",
        "data.classes": 4,
        "data.subset": 0,
        "data.left_out": "",
    }
