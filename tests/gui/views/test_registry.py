"""A view that is added to the table is in the window, with all that a view has there."""

from __future__ import annotations

import pytest
from analysis.snapshots import make_snapshot
from gui.other_options import changed
from msgspec import Struct
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QDockWidget, QLineEdit, QVBoxLayout

from explorer.gui.app import App
from explorer.gui.export.images import picture_of
from explorer.gui.export.save_dialog import SavePictureDialog
from explorer.gui.memory.window_memory import load_memory
from explorer.gui.session.images import ImageStore
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.registry import VIEWS, ViewContext, ViewSpec
from explorer.gui.views.view import View


class NoteOptions(Struct, frozen=True):
    words: str = ""


class NoteView(View[NoteOptions]):
    """Shows the words that are its options."""

    title = "Note"

    def __init__(self, theme):
        super().__init__(theme, NoteOptions())
        self.line = QLineEdit()
        self.resets = 0
        QVBoxLayout(self).addWidget(self.line)

    def draw(self):
        self.line.setText(self.options.words)

    def reset_view(self):
        self.resets += 1


NOTE = ViewSpec(
    id="note",
    title=NoteView.title,
    build=lambda context: NoteView(context.theme),
    group="lower-right",
    shortcut="Ctrl+Alt+N",
)


@pytest.fixture
def open_window(tmp_path):
    opened = []

    def build(views=(*VIEWS, NOTE)):
        app = App(["/nowhere/no worker is needed"], tmp_path / "window.toml", views)
        opened.append(app)
        app.window.show()
        return app

    yield build
    for app in opened:
        app.window.close()
        app.window.deleteLater()


def go_to_note(app, qtbot):
    """Press the shortcut of the view, and wait for the keyboard to be there."""
    (action,) = (
        action
        for action in app.window.findChildren(QAction)
        if action.shortcut() == QKeySequence(NOTE.shortcut)
    )
    assert action.text().replace("&", "") == "Note"
    action.trigger()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is app.pane.view(NoteView).line)


def test_no_two_views_have_the_same_id_title_or_shortcut_and_one_is_central():
    for values in ([s.id for s in VIEWS], [s.title for s in VIEWS], [s.shortcut for s in VIEWS]):
        assert len(set(values)) == len(VIEWS)
    assert [spec.id for spec in VIEWS if spec.group == "central"] == ["features"]


@pytest.mark.parametrize("spec", VIEWS, ids=lambda spec: spec.id)
def test_the_options_of_a_view_are_a_frozen_struct_of_its_own_with_defaults(spec, qtbot):
    view = spec.build(ViewContext(LIGHT, ViewState(), ImageStore()))
    qtbot.addWidget(view)
    assert view.title == view.accessibleName() == spec.title
    assert type(view.options)() == view.options
    assert type(view.options).__struct_config__.frozen


def test_an_added_view_has_a_dock_a_menu_entry_and_a_shortcut(open_window, qtbot):
    app = open_window()
    app.window.activateWindow()
    dock = app.window.findChild(QDockWidget, "Note")
    assert dock in app.window.tabifiedDockWidgets(app.window.findChild(QDockWidget, "Curves"))
    go_to_note(app, qtbot)
    assert app.window.active_view is app.pane.view(NoteView)
    qtbot.waitUntil(lambda: app.pane.view(NoteView).drawable)


def test_the_options_of_an_added_view_are_remembered(open_window):
    app = open_window()
    app.pane.view(NoteView).optionsRequested.emit(NoteOptions("later"))
    app.window.close()
    again = open_window()
    assert again.pane.view(NoteView).options == NoteOptions("later")
    again.window.close()
    open_window(VIEWS).window.close()
    assert load_memory(again.autosave.path)[0].views["note"] == {"words": "later"}, "the view may come back"


def test_every_option_of_every_view_survives_a_restart_of_the_window(open_window):
    app = open_window()
    chosen = {view_id: changed(view.options) for view_id, view in app.pane.views.items()}
    for view_id, view in app.pane.views.items():
        view.optionsRequested.emit(chosen[view_id])
    app.window.close()
    again = open_window()
    assert {view_id: view.options for view_id, view in again.pane.views.items()} == chosen


def test_an_added_view_is_saved_as_a_picture(open_window, qtbot, tmp_path):
    app = open_window()
    app.window.activateWindow()
    app.pane.view(NoteView).optionsRequested.emit(NoteOptions("a picture"))
    go_to_note(app, qtbot)
    app.actions.action("image.save").trigger()
    (dialog,) = app.window.findChildren(SavePictureDialog)
    assert dialog.what.currentText() == "Note"
    dialog.scale.setValue(1)
    with qtbot.waitSignal(dialog.saved):
        dialog.save(tmp_path / "note.png")
    assert (tmp_path / "note.png").exists()
    app.actions.action("image.copy-view").trigger()
    assert QApplication.clipboard().image() == picture_of(app.pane.view(NoteView), 2)


def test_reset_acts_on_the_view_that_has_the_keyboard(open_window, qtbot):
    app = open_window()
    app.window.activateWindow()
    go_to_note(app, qtbot)
    app.features.plane.box.scaleBy((0.5, 0.5))
    zoomed = app.features.plane.visible()
    app.actions.action("view.reset").trigger()
    assert app.pane.view(NoteView).resets == 1
    assert app.features.plane.visible() == zoomed


def test_all_views_are_reset_by_one_command(open_window):
    app = open_window()
    app.run.snapshot = make_snapshot(100)
    app.run.snapshotChanged.emit()
    app.features.set_snapshot(app.run.snapshot, app.run.history)  # the schedule may still leave it some time
    plot = app.features.plane
    before = plot.visible()
    plot.box.scaleBy((0.5, 0.5))
    assert plot.visible() != before
    app.actions.action("view.reset-all").trigger()
    assert plot.visible() == before
    assert app.pane.view(NoteView).resets == 1
