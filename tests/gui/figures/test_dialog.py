"""The figure dialog: its preview is the figure that is written, and what was chosen last is offered again."""

from __future__ import annotations

import pytest
from analysis.snapshots import make_snapshot
from gui.session.sources import ListSource
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QStyleOptionComboBox
from shiboken6 import delete, isValid

from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.controls.fields import DecimalSpinBox, SpinBox
from explorer.gui.controls.inputs import ChoiceBox
from explorer.gui.figures.carried import carried_text
from explorer.gui.figures.choices import CUSTOM, SIZES, FigureChoices
from explorer.gui.figures.dialog import FigureDialog
from explorer.gui.figures.figure import FIGURE_FORMATS
from explorer.gui.figures.look import FigureLook
from explorer.gui.figures.stage import FigureStage
from explorer.gui.memory.window_memory import Memory, load_memory, save_memory
from explorer.gui.theme.theme import THEMES
from explorer.gui.views.registry import VIEWS


@pytest.fixture
def dialog(qtbot):
    run = ListSource([make_snapshot(200, loss="arcface")])

    def build(figure):
        return FigureStage(run, figure, THEMES[figure.theme], FigureLook())

    result = FigureDialog(None, build, VIEWS, ["features"], FigureChoices(), "light")
    result.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(result)
    yield result
    result._timer.stop()  # noqa: SLF001  # it draws the preview a moment later


def deleted_dialog():
    """Return a dialog that goes as soon as it builds a figure again: images are read, and events handled."""
    run, made = ListSource([make_snapshot(200, loss="arcface")]), []

    def build(figure):
        for dialog in made:
            delete(dialog)
        return FigureStage(run, figure, THEMES[figure.theme], FigureLook())

    made.append(FigureDialog(None, build, VIEWS, ["features"], FigureChoices(), "light"))
    return made[0]


def choose(box, key):
    box.setCurrentIndex(box.findData(key))
    box.activated.emit(box.currentIndex())


def check(dialog, view, state=Qt.CheckState.Checked):
    rows = [spec.id for spec in VIEWS]
    dialog.views.item(rows.index(view)).setCheckState(state)


def test_a_usual_size_sets_its_measures_and_another_measure_is_a_size_of_its_own(dialog):
    choose(dialog.size_box, "springer-2")
    assert (dialog.width_field.value(), dialog.height_field.value()) == SIZES["springer-2"][1:]
    dialog.height_field.setValue(100)
    assert dialog.size_box.currentData() == CUSTOM
    assert dialog.figure.size_mm == pytest.approx((174, 100), abs=0.15)
    choose(dialog.size_box, "slide")
    assert dialog.type_field.value() == 18


def test_fields_look_as_those_of_the_window_and_show_their_longest_entry(dialog):
    """Qt's own fields stood beside buttons of the program; a list became narrower than what it offers."""
    dialog.show()
    boxes = dialog.findChildren(ChoiceBox)
    plain = {*dialog.findChildren(QComboBox), *dialog.findChildren(QAbstractSpinBox)} - {*boxes}
    assert all(isinstance(field, SpinBox | DecimalSpinBox) for field in plain)
    for box in boxes:
        for index in range(box.count()):
            box.setCurrentIndex(index)
            option = QStyleOptionComboBox()
            box.initStyleOption(option)
            assert option.currentText == box.itemText(index)


@pytest.mark.parametrize("name", FIGURE_FORMATS)
def test_what_is_written_is_what_the_preview_shows(dialog, name, tmp_path, qtbot):
    check(dialog, "angles")
    choose(dialog.format, name)
    dialog.show_preview()
    preview = dialog.preview.pixmap()
    assert preview.width() / preview.height() == pytest.approx(88.9 / 80.0, rel=0.02)
    with qtbot.waitSignals([dialog.saved, dialog.choicesChanged]):
        dialog.save(tmp_path / "a")
    assert [path.name for path in tmp_path.iterdir()] == [f"a.{name}"]
    assert dialog.choices.format == name
    if name == "png":
        with Image.open(tmp_path / "a.png") as image:
            assert image.size == dialog.figure.pixels
            assert f"{image.size[0]:,} × {image.size[1]:,} pixels" in dialog.facts.text()


def test_without_a_view_nothing_can_be_saved(dialog):
    check(dialog, "features", Qt.CheckState.Unchecked)
    dialog.show_preview()
    assert dialog.figure is None
    assert dialog.message.text() == "Choose at least one view."
    assert not dialog.save_button.isEnabled()


def test_what_cannot_be_written_is_said_and_the_dialog_stays(dialog, tmp_path, qtbot):
    dialog.open()
    with qtbot.waitSignal(dialog.writing.failed):
        dialog.save(tmp_path / "nowhere" / "a.png")
    assert "there is no folder" in dialog.message.text()
    assert dialog.isVisible()
    dialog.hide()


def test_no_name_loses_a_file_or_leaves_a_half_one(dialog, tmp_path, qtbot):
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "there").mkdir()
    (tmp_path / "link.png").symlink_to(tmp_path / "there" / "kept.png")
    before = sorted(tmp_path.rglob("*"))
    for name, sentence in (("folder", "is a folder"), ("名" * 250, "the name is too long")):
        dialog.save(tmp_path / name)
        assert sentence in dialog.message.text()
        assert sorted(tmp_path.rglob("*")) == before
    with qtbot.waitSignal(dialog.saved):
        dialog.save(tmp_path / "link")
    assert (tmp_path / "link.png").is_symlink()
    assert carried_text(tmp_path / "there" / "kept.png")


def test_an_image_that_is_too_large_is_said_before(dialog):
    dialog.width_field.setValue(500)
    dialog.height_field.setValue(500)
    dialog.dpi.setValue(1_200)
    dialog.show_preview()
    assert "Choose a smaller size or scale." in dialog.message.text()
    assert not dialog.save_button.isEnabled()
    choose(dialog.format, "pdf")
    dialog.show_preview()
    assert dialog.message.text() == ""


def test_only_an_image_can_be_transparent(dialog):
    dialog.transparent.click()
    assert dialog.figure.transparent
    choose(dialog.format, "pdf")
    assert not dialog.transparent.isEnabled()
    assert not dialog.figure.transparent


def test_the_command_offers_the_view_with_the_keyboard_and_remembers_the_choices(tmp_path, qtbot):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig(), smooth=False, predict=False))
    app = App(["/nowhere/no worker is needed"], path)
    qtbot.addWidget(app.window)
    app.window.show()
    app.run.snapshot = make_snapshot(200)
    app.run.probe = app.run.snapshot.probe
    app.run.snapshotChanged.emit()
    app.actions.action("image.figure").trigger()
    (dialog,) = app.window.findChildren(FigureDialog)
    assert dialog.figure.views == (
        next(key for key, view in app.pane.views.items() if view is app.window.active_view),
    )
    choose(dialog.size_box, "slide")
    choose(dialog.theme, "dark")
    dialog.dpi.setValue(90)
    with qtbot.waitSignal(dialog.saved):
        dialog.save(tmp_path / "a.png")
    assert app.window.status.text() == f"Saved as {tmp_path / 'a.png'}."
    app.window.close()
    assert load_memory(path)[0].figure == FigureChoices(
        size="slide", width=338.7, height=190.5, type_points=18.0, dpi=90, theme="dark"
    )


@pytest.mark.parametrize("what", ["preview", "file"])
@pytest.mark.usefixtures("qtbot")
def test_a_dialog_that_goes_while_images_are_read_does_nothing_more(what, tmp_path):
    dialog = deleted_dialog()
    if what == "preview":
        dialog.show_preview()
    else:
        dialog.begin(tmp_path / "a.png")
    assert not isValid(dialog)
    assert list(tmp_path.iterdir()) == []
