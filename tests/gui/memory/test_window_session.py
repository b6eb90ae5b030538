"""A damaged session must not keep the window from opening, nor be lost; two windows never share one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from msgspec.structs import replace

from explorer.analysis.plane.geometry import Rectangle
from explorer.gui.compare.state import CompareState, Links, RunState
from explorer.gui.memory.saved_state import discard_saved_state, read_saved_state
from explorer.gui.memory.session_slot import SessionSlot
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.memory.window_session import Layout, WindowSession, load_session, save_session, set_aside
from explorer.gui.views.features.framing import Framing
from explorer.gui.views.features.space.camera import Camera

SESSION = WindowSession(
    recording="/runs/a.lossrun",
    framing=Framing(Rectangle(-1.5, -2.0, 3.0, 4.25), Camera(azimuth=0.3, zoom=2.0, pan=(0.1, -0.2))),
    compare=CompareState(
        (RunState("/runs/a.lossrun"), RunState("", {"seed": 4, "loss": {"name": "arcface"}})),
        Links(axes=False),
        "epoch",
        position=2.5,
    ),
    step=1200,
    selection=(3, 77),
    layout=Layout.of(b"\0\1", b"\xff\2"),
    closed=True,
)


@pytest.fixture
def slots():
    """Claim sessions in a folder as windows do; they are released at the end."""
    claimed = []

    def claim(folder):
        claimed.append(SessionSlot.claim(folder))
        return claimed[-1]

    yield claim
    for slot in claimed:
        slot.release()


def age(path, seconds):
    """Make a file older than it is."""
    state = path.stat()
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns - int(seconds * 1e9)))


def test_a_session_comes_back(tmp_path):
    path = tmp_path / "folder" / "session-1.json"
    assert load_session(path) == (WindowSession(), "")
    save_session(path, SESSION)
    assert load_session(path) == (SESSION, "")
    assert [file.name for file in path.parent.iterdir()] == ["session-1.json"]


def test_a_run_whose_name_is_no_text_costs_the_rest_of_a_session_nothing(tmp_path):
    path = tmp_path / "session-1.json"
    save_session(path, replace(SESSION, recording="/a/\udcff.lossrun"))
    assert load_session(path) == (replace(SESSION, recording="", compare=None), "")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe garbage",
        b"[1, 2]",
        b'{"recording": 7}',
        b'{"selection": ["a"]}',
        b'{"layout": {"geometry": "AAE=", "docks": "", "checksum": 1}}',
        b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_a_damaged_session_is_put_aside_and_said(tmp_path, content):
    path = tmp_path / "session-1.json"
    path.write_bytes(content)
    session, complaint = load_session(path)
    assert session == WindowSession()
    (aside,) = tmp_path.iterdir()
    assert aside.read_bytes() == content
    assert "cannot be read" in complaint
    assert str(aside) in complaint


def test_no_flipped_bit_of_a_layout_reaches_qt(tmp_path):
    path = tmp_path / "session-1.json"
    save_session(path, SESSION)
    whole = path.read_bytes()
    begin, end = whole.index(b'"geometry"') + 13, whole.index(b'"checksum"') - 8
    for place in range(begin, end):
        for bit in (1, 4, 16):
            damaged = bytearray(whole)
            damaged[place] ^= bit
            path.write_bytes(damaged)
            layout = load_session(path)[0].layout
            assert layout in (SESSION.layout, Layout()), bytes(damaged[begin:end])


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes of POSIX")
def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "session-1.json")
    os.mkfifo(tmp_path / "window.toml")
    saved = read_saved_state(tmp_path / "window.toml", "restore")
    assert len(saved.complaints) == 2
    saved.slot.release()


def test_what_a_later_version_adds_costs_nothing(tmp_path):
    path = tmp_path / "session-1.json"
    path.write_text('{"step": 5, "of_tomorrow": {"a": [1]}}')
    assert load_session(path) == (WindowSession(step=5), "")


def test_each_window_has_its_own_session_and_the_newest_is_taken_first(tmp_path, slots):
    first, second = slots(tmp_path), slots(tmp_path)
    assert first.path != second.path
    for number, slot in enumerate((first, second)):
        save_session(slot.path, replace(SESSION, step=number))
    age(first.path, 60)
    third = slots(tmp_path)
    assert third.path not in (first.path, second.path), "both are open"
    for slot in (first, second, third):
        slot.release()
    assert [slots(tmp_path).path, slots(tmp_path).path] == [second.path, first.path]


def test_a_window_that_is_closed_leaves_the_last_session_and_those_that_crashed(tmp_path, slots):
    closed, crashed, open_, last = (slots(tmp_path) for _ in range(4))
    save_session(closed.path, SESSION)
    save_session(crashed.path, replace(SESSION, closed=False))
    save_session(open_.path, SESSION)
    save_session(last.path, SESSION)
    closed.release()
    crashed.release()
    last.forget_closed()
    assert not closed.path.exists()
    assert all(slot.path.exists() for slot in (crashed, open_, last))


def test_a_window_with_files_leaves_the_last_session_as_it_is(tmp_path):
    path, last = tmp_path / "window.toml", tmp_path / "session-1.json"
    save_session(last, SESSION)
    saved = start(path, "beside", opened=True)
    assert (saved.session, saved.safe) == (WindowSession(), False)
    save_session(saved.slot.path, replace(SESSION, recording="/runs/opened.lossrun"))
    saved.slot.forget_closed()
    assert start(path).session == SESSION


def test_the_session_of_a_window_with_files_is_the_last_one_where_there_is_no_other(tmp_path):
    path = tmp_path / "window.toml"
    saved = start(path, "beside", opened=True)
    save_session(saved.slot.path, SESSION)
    saved.slot.forget_closed()
    assert start(path).session == SESSION


def test_what_is_set_aside_twice_within_a_second_is_kept_twice(tmp_path):
    path = tmp_path / "window.toml"
    for content in ("first", "second"):
        path.write_text(content)
        set_aside(path)
    assert [file.read_text() for file in sorted(tmp_path.iterdir())] == ["first", "second"]


def test_a_session_is_free_after_its_process_is_killed(tmp_path, slots):
    code = (
        "import sys, time; from pathlib import Path; "
        "from explorer.gui.memory.session_slot import SessionSlot; "
        "slot = SessionSlot.claim(Path(sys.argv[1])); print(slot.path, flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True)
    path = process.stdout.readline().strip()
    assert str(slots(tmp_path).path) != path
    process.kill()
    process.communicate()
    assert str(slots(tmp_path).path) == path


def test_a_folder_that_cannot_be_written_costs_the_session_only(tmp_path, slots):
    (tmp_path / "file").touch()
    slot = slots(tmp_path / "file")
    slot.note_start()
    assert (slot.failed_starts, slot.window_number) == (0, 1)
    with pytest.raises(OSError, match="file"):
        save_session(slot.path, SESSION)


def test_windows_that_are_open_at_once_have_different_numbers(tmp_path, slots):
    first, second = slots(tmp_path), slots(tmp_path)
    assert (first.window_number, second.window_number) == (1, 2)
    first.release()
    assert [slots(tmp_path).window_number for _ in range(2)] == [1, 3]


def start(path, mode="restore", *, opened=False):
    """Start a window, and end it by a crash, or in a proper way."""
    saved = read_saved_state(path, mode)
    if saved.slot is not None:
        if opened:
            saved.slot.note_opened()
        saved.slot.release()
    return saved


def test_safe_mode_is_offered_after_two_starts_that_failed_in_a_row(tmp_path):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(theme="dark"))
    save_session(tmp_path / "session-1.json", SESSION)
    assert start(path).session == SESSION
    assert not start(path, opened=True).safe, "one may fail"
    assert not start(path).offered
    assert not start(path).offered
    offered = start(path)
    assert (offered.offered, offered.safe, offered.session) == (True, True, WindowSession())
    assert offered.memory.theme == "light"
    assert offered.memory.library.limit == 0, "no run is deleted for a limit that is not the person's"
    retried = start(path, "retry")
    assert (retried.session, retried.memory.theme) == (SESSION, "dark")
    assert start(path).offered, "it failed again"
    assert not start(path).offered, "the start that offered it got through, so this one may try"
    assert start(path).offered, "it failed again"
    start(path, "retry", opened=True)
    assert start(path).session == SESSION


def test_reset_settings_keeps_copies_and_starts_as_the_first_time(tmp_path):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(theme="dark"))
    save_session(tmp_path / "session-1.json", SESSION)
    for _ in range(2):
        start(path)
    discard_saved_state(path)
    saved = start(path)
    assert (saved.safe, saved.memory, saved.session) == (False, Memory(), WindowSession())
    kept = {file.read_bytes() for file in tmp_path.glob("*-kept-*")}
    assert len(kept) == 2


def test_safe_mode_reads_and_claims_nothing(tmp_path):
    path = tmp_path / "window.toml"
    path.write_bytes(b"garbage")
    saved = read_saved_state(path, "safe")
    assert (saved.safe, saved.offered, saved.complaints) == (True, False, ())
    assert [file.name for file in tmp_path.iterdir()] == ["window.toml"]
