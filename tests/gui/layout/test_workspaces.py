"""Workspaces and Reset layout: what is open after each, saved ones as files, and damaged files."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QInputDialog

from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.layout.arrangement import arrangement_of, docks_of, tab_bars
from explorer.gui.layout.workspace import (
    BUILT_IN,
    SUFFIX,
    WorkspaceError,
    read_workspace,
    save_workspace,
)
from explorer.gui.memory.window_memory import Memory, save_memory


@pytest.fixture(scope="module")
def shared_app(tmp_path_factory):
    path = tmp_path_factory.mktemp("layout") / "window.toml"
    save_memory(path, Memory(RunConfig(), "light"))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.resize(1366, 768)
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()


@pytest.fixture
def app(shared_app, qtbot, tmp_path):
    shared_app.workspaces._folder = tmp_path / "workspaces"  # noqa: SLF001  # one of each test's own
    shared_app.workspaces.load()
    shared_app.window.reset_layout()
    yield shared_app
    shared_app.appearance.choose_large(False)
    for timer in shared_app.window.status.findChildren(QTimer):
        timer.stop()
    parts = shared_app, shared_app.window, shared_app.run
    timers = [timer for part in parts for timer in part.findChildren(QTimer)]

    def at_rest():
        shared_app.autosave.save()  # ends its timer
        shared_app.undo.gestures.end()
        return not any(timer.isActive() for timer in timers)

    qtbot.waitUntil(at_rest)


def opened(app):
    titles = {panel.title: panel.id for panel in app.window.panels}
    return {titles[dock.objectName()] for dock in docks_of(app.window) if not dock.isHidden()}


def tabs_in_sight(app):
    """Titles of the tabs that can be seen, one list per tab bar."""
    bars = [tabs for tabs in tab_bars(app.window) if tabs.isVisible()]
    return sorted(
        [tabs.tabText(i) for i in range(tabs.count())]
        for tabs in bars
        if app.window.rect().intersects(tabs.geometry())
    )


def choose(app, id_):
    app.actions.action(id_).trigger()


def answer(app, id_, text):
    """Choose a command that asks for a text, and answer."""
    choose(app, id_)
    dialog = app.window.findChild(QInputDialog)
    dialog.setTextValue(text)
    dialog.accept()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize("workspace", BUILT_IN, ids=lambda workspace: workspace.id)
def test_a_built_in_workspace_opens_its_panels_and_no_others(app, workspace):
    app.window.show_panel("theory")
    choose(app, f"workspace.{workspace.id}")
    assert opened(app) == set(workspace.panels)
    assert app.appearance.large is workspace.large_type
    if workspace.panels:
        assert app.window.is_in_front(workspace.panels[-1])


def test_no_tabs_of_another_workspace_stay(app, qtbot):
    for id_ in ("tuning", "figure", "compare", "reset"):
        choose(app, f"workspace.{id_}")
        qtbot.wait(50)  # Qt lays out what it has restored
    assert tabs_in_sight(app) == [
        ["Angles", "Margin curve", "Two classes", "Verification"],
        ["Curves", "Classes", "Samples", "Quality", "Draw"],
    ]


def test_reset_layout_is_the_layout_of_a_new_window(app):
    before = arrangement_of(app.window)
    for dock in docks_of(app.window):
        dock.setFloating(True)
    choose(app, "workspace.reset")
    assert arrangement_of(app.window) == before


def test_reset_layout_ends_the_hiding_of_all_panels(app):
    before = arrangement_of(app.window)
    app.window.toggle_panels()
    choose(app, "workspace.reset")
    assert not app.window.panels_hidden
    assert arrangement_of(app.window) == before


def test_large_type_that_a_person_chose_stays(app):
    app.appearance.choose_large(True)
    choose(app, "workspace.lecture")
    choose(app, "workspace.tuning")
    assert app.appearance.large


def test_a_workspace_is_saved_restored_and_deleted(app):
    choose(app, "workspace.compare")
    saved = opened(app)
    answer(app, "workspace.save", "My  & 班级")
    choose(app, "workspace.reset")
    own = next(c for c in app.actions.commands if c.id.startswith("workspace.own."))
    assert own.name == "My & 班级"
    choose(app, own.id)
    assert opened(app) == saved
    answer(app, "workspace.delete", "My & 班级")
    assert not any(c.id.startswith("workspace.own.") for c in app.actions.commands)
    assert not any(action.text() == "My && 班级" for action in app.actions.menu("workspaces").actions())
    choose(app, "workspace.delete")
    assert app.window.status.text() == "There are no saved workspaces."


def test_a_name_in_use_is_replaced(app):
    choose(app, "workspace.figure")
    answer(app, "workspace.save", "Mine")
    choose(app, "workspace.compare")
    answer(app, "workspace.save", "Mine")
    choose(app, "workspace.reset")
    choose(app, "workspace.own.Mine")
    assert "runs" in opened(app)


def test_a_workspace_of_a_file_is_used_and_kept(app, tmp_path):
    choose(app, "workspace.figure")
    path = save_workspace(tmp_path / "elsewhere", "From a friend", bytes(app.window.saveState().data()))
    choose(app, "workspace.reset")
    app.opener.open([path])
    assert opened(app) == set()
    assert (tmp_path / "workspaces" / path.name).exists()
    assert "workspace.own.From%20a%20friend" in {command.id for command in app.actions.commands}


def test_a_damaged_file_is_told_and_changes_nothing(app, tmp_path):
    before = arrangement_of(app.window)
    path = tmp_path / f"bad{SUFFIX}"
    path.write_text("nonsense")
    app.opener.open([path])
    assert app.window.banner.message == f"{path} is not a workspace file, or it is damaged."
    assert arrangement_of(app.window) == before


def test_a_state_that_is_not_one_of_this_window_is_told(app, tmp_path):
    path = save_workspace(tmp_path / "elsewhere", "Odd", b"not a state of Qt")
    app.opener.open([path])
    assert app.window.banner.message.startswith("The workspace “Odd” is damaged")


def test_a_newer_one_is_told(tmp_path):
    path = tmp_path / f"new{SUFFIX}"
    path.write_text('format = 3\ntitle = "x"\ndocks = "00"\nmore = 1\n')
    with pytest.raises(WorkspaceError, match="newer version"):
        read_workspace(path)


def test_titles_that_are_alike_have_files_of_their_own(tmp_path):
    paths = {save_workspace(tmp_path, title, b"x") for title in ("a b", "a-b", "a_b", "a/b", "a%20b")}
    assert len(paths) == 5
    assert all(path.parent == tmp_path for path in paths)


@pytest.mark.parametrize("title", ["", "   ", "x" * 61])
def test_a_title_is_neither_empty_nor_long(tmp_path, title):
    with pytest.raises(WorkspaceError, match="1 to 60 characters"):
        save_workspace(tmp_path, title, b"x")


def test_what_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="Cannot save"):
        save_workspace(tmp_path / "file", "x", b"x")


@given(st.text(max_size=60), st.binary(min_size=1, max_size=40))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_saved_is_read_again(tmp_path, title, docks):
    if title.split():
        saved = read_workspace(save_workspace(tmp_path, title, docks))
        assert (saved.title, bytes(saved.state.data())) == (" ".join(title.split()), docks)


def test_no_damaged_byte_of_a_state_reaches_qt(tmp_path):
    path = save_workspace(tmp_path, "Mine", bytes(range(256)))
    whole = path.read_bytes()
    begin = whole.index(b'docks = "') + 9
    for place in range(begin, begin + 512):
        path.write_bytes(whole[:place] + (b"1" if whole[place] != ord("1") else b"2") + whole[place + 1 :])
        with pytest.raises(WorkspaceError, match="damaged"):
            read_workspace(path)


def test_a_workspace_of_before_there_were_checksums_is_still_read(tmp_path):
    path = tmp_path / f"old{SUFFIX}"
    path.write_text('format = 1\ntitle = "Mine"\ndocks = "00ff"\n')
    assert bytes(read_workspace(path).state.data()) == b"\x00\xff"


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused_in_a_sentence(tmp_path, data):
    path = tmp_path / f"any{SUFFIX}"
    path.write_bytes(data)
    with pytest.raises(WorkspaceError):
        read_workspace(path)
