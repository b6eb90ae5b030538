"""Whatever the disk refuses, and whenever the power is cut, what was saved before is whole or the new is."""

from __future__ import annotations

import random
from itertools import count

import pytest
from faulty_files import ERRORS, Journal, failing_disk

from explorer.core.texts import TextError
from explorer.gui.layout.workspace import read_workspace, save_workspace
from explorer.gui.library.files import RunNotes, delete_run, make_room, read_notes, stored_runs, write_notes
from explorer.gui.library.library import Library
from explorer.gui.memory.saved_state import read_saved_state
from explorer.gui.memory.window_memory import Memory, load_memory, save_memory
from explorer.gui.memory.window_session import Layout, WindowSession, load_session, save_session

MOST_OPERATIONS = 200
OLD, NEW = "dark", "high-contrast"
SESSIONS = {
    OLD: WindowSession(step=1),
    NEW: WindowSession(step=2, layout=Layout.of(b"1" * 3000, b"2" * 3000)),
}
KINDS = ("settings", "session", "notes", "workspace")


def save(kind, folder, which):
    """Save the old or the new of a kind."""
    match kind:
        case "settings":
            save_memory(folder / "window.toml", Memory(theme=which, views={"x": {"y": which * 2000}}))
        case "session":
            save_session(folder / "session-1.json", SESSIONS[which])
        case "notes":
            write_notes(folder / "a.lossrun", RunNotes(name=which, notes=which * 2000))
        case "workspace":
            save_workspace(folder, "Mine", which.encode() * 2000)


def load(kind, folder):
    """Return what is saved of a kind: the old or the new; fails where it is neither."""
    match kind:
        case "settings":
            memory, complaint = load_memory(folder / "window.toml")
            assert complaint == ""
            assert memory.views == {"x": {"y": memory.theme * 2000}}
            return memory.theme
        case "session":
            session, complaint = load_session(folder / "session-1.json")
            assert complaint == ""
            return next(which for which, known in SESSIONS.items() if known == session)
        case "notes":
            notes = read_notes(folder / "a.lossrun")
            assert notes.notes == notes.name * 2000
            return notes.name
        case "workspace":
            docks = bytes(read_workspace(folder / "Mine.workspace").state.data()).decode()
            return next(which for which in (OLD, NEW) if docks == which * 2000)


@pytest.mark.parametrize("number", ERRORS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_saved_is_whole_whichever_operation_fails(tmp_path, kind, number):
    for at in range(MOST_OPERATIONS):
        folder = tmp_path / str(at)
        folder.mkdir()
        save(kind, folder, OLD)
        failed = False
        with failing_disk(folder, at, number) as made:
            try:
                save(kind, folder, NEW)
            except (OSError, TextError) as error:
                failed = True
                assert "\n" not in str(error)
        assert load(kind, folder) == (OLD if failed else NEW)
        assert len(list(folder.iterdir())) == 1, "nothing half is left behind"
        if len(made) <= at:
            return
    pytest.fail("it never came to an end")


@pytest.mark.parametrize("number", ERRORS)
def test_a_window_starts_whichever_operation_fails_and_loses_no_file(tmp_path, number):
    for at in range(MOST_OPERATIONS):
        folder = tmp_path / str(at)
        folder.mkdir()
        save("settings", folder, OLD)
        save("session", folder, OLD)
        before = {path.read_bytes() for path in folder.iterdir()}
        with failing_disk(folder, at, number) as made:
            saved = read_saved_state(folder / "window.toml", "restore")
            if saved.slot is not None:
                saved.slot.note_opened()
                saved.slot.forget_closed()
                saved.slot.release()
        assert saved.memory.theme == OLD or len(saved.complaints) == 1
        assert all("\n" not in sentence for sentence in saved.complaints)
        assert before <= {path.read_bytes() for path in folder.iterdir()}
        if len(made) <= at:
            return
    pytest.fail("it never came to an end")


@pytest.mark.parametrize("kind", ["settings", "session"])
def test_a_power_cut_leaves_the_old_or_the_new(tmp_path, kind):
    folder = tmp_path / "kept"
    folder.mkdir()
    save(kind, folder, OLD)
    journal = Journal(folder)
    with journal.kept():
        save(kind, folder, NEW)
    chance, found, numbers = random.Random(0), set(), count()
    for at in range(len(journal) + 1):
        for _ in range(30):
            left = tmp_path / str(next(numbers))
            left.mkdir()
            for name, data in journal.after_cut(at, chance).items():
                (left / name).write_bytes(data)
            found.add(load(kind, left))
    assert found == {OLD, NEW}


def test_the_list_of_runs_is_made_whichever_operation_fails(tmp_path, a_run):
    for at in range(MOST_OPERATIONS):
        folder = tmp_path / str(at)
        folder.mkdir()
        (folder / "a.lossrun").write_bytes(a_run)
        with failing_disk(folder, at, ERRORS[1]) as made:
            listing = Library(folder).list_runs()
            make_room(folder, 1e9)
        assert all(item.fault is None or str(item.fault).endswith(".") for item in listing.items)
        assert (folder / "a.lossrun").read_bytes() == a_run
        if len(made) <= at:
            assert [item.fault for item in listing.items] == [None]
            return
    pytest.fail("it never came to an end")


def test_what_belongs_to_a_run_goes_only_once_the_run_has_gone(tmp_path, a_run):
    for at in count():
        folder = tmp_path / str(at)
        folder.mkdir()
        (folder / "a.lossrun").write_bytes(a_run)
        write_notes(folder / "a.lossrun", RunNotes(name="mine"))
        failed = False
        with failing_disk(folder, at, ERRORS[2]) as made:
            try:
                delete_run(folder / "a.lossrun")
            except OSError:
                failed = True
        if failed:
            assert [run.path.name for run in stored_runs(folder)] == ["a.lossrun"]
            assert read_notes(folder / "a.lossrun").name == "mine"
        if len(made) <= at:
            assert list(folder.iterdir()) == []
            return


@pytest.fixture(scope="module")
def a_run(tmp_path_factory):
    """Return the content of a recording."""
    from core.recording import small_run

    path = tmp_path_factory.mktemp("run") / "a.lossrun"
    small_run.record(path)
    return path.read_bytes()
