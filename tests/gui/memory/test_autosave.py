"""What is chosen is saved soon after, not only when the window closes: it may be killed."""

from __future__ import annotations

from msgspec.structs import replace

from explorer.gui.app import App
from explorer.gui.memory.autosave import Autosave
from explorer.gui.memory.window_memory import Memory, load_memory
from explorer.gui.theme.palettes import ClassColors
from explorer.gui.views.curves.options import CurveOptions

CHANGES = {
    "a setting": lambda app: app.run.set_param("loss.name", "arcface"),
    "options of a view": lambda app: app.pane.set_options("curves", CurveOptions(axis="time")),
    "options by a command": lambda app: app.set_feature_options(replace(app.features.options, polar=True)),
    "a hidden class": lambda app: app.features.classToggleRequested.emit(3),
    "what colours stand for": lambda app: app.features.colorModeRequested.emit("loss"),
    "a colour": lambda app: app.colors.choose(ClassColors("tol")),
    "the theme": lambda app: app.appearance.choose("dark"),
    "a hidden kind of events": lambda app: app.window.events.filter.content.actions()[1].trigger(),
    "smooth motion": lambda app: app.set_smooth(False),
}


def test_a_change_is_saved_after_a_while(tmp_path, qtbot):
    path = tmp_path / "window.toml"
    autosave = Autosave(path, lambda: Memory(theme="dark"))
    autosave.note_change()
    assert not path.exists(), "a drag of a slider would write hundreds of times"
    qtbot.waitUntil(path.exists, timeout=20_000)
    assert load_memory(path) == (Memory(theme="dark"), "")


def test_every_change_that_is_remembered_is_noted(tmp_path, monkeypatch):
    noted = []
    monkeypatch.setattr(Autosave, "note_change", lambda _autosave: noted.append(1))
    app = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    for name, change in CHANGES.items():
        noted.clear()
        change(app)
        assert noted, name
    app.window.close()
    app.window.deleteLater()


def test_a_folder_that_cannot_be_written_is_said(tmp_path, qtbot):
    (tmp_path / "file").touch()
    autosave = Autosave(tmp_path / "file" / "window.toml", Memory)
    with qtbot.waitSignal(autosave.failed) as told:
        autosave.save()
    assert "cannot be saved" in told.args[0]
    (tmp_path / "file").unlink()
    with qtbot.waitSignal(autosave.recovered) as held:
        autosave.save()
    assert held.args == told.args, "it no longer holds"
