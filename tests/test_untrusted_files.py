"""Whatever a file holds, it is read or refused in a sentence; none of it ends the window or is run.

Every reader of a file that a person can be given, or that damage can reach, is fuzzed: here those that have
no test of their own. `OTHERS` names the rest, with the tests in which they are.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from core.recording import small_run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.core.settings.config import RunConfig
from explorer.gui.labs.cost.costs import FILE, Cost, load_costs, no_costs, save_costs
from explorer.gui.library.files import RunNotes, notes_path, read_notes, write_notes
from explorer.gui.library.library import Library
from explorer.gui.memory.window_memory import Memory, load_memory, save_memory
from explorer.gui.memory.window_session import Layout, WindowSession, load_session, save_session

OTHERS = {
    "messages between window and worker": "core.protocol.test_framing",
    "recordings": "core.recording.test_damage",
    "settings as TOML and JSON": "core.settings.test_config",
    "settings that a figure carries": "gui.figures.test_carried",
    "results of challenges": "gui.challenges.test_result",
    "lessons and links": "gui.lessons.test_lesson",
    "guides": "gui.guides.test_guide",
    "cards of the theory": "gui.theory.test_cards",
    "workspaces": "gui.layout.test_workspaces",
    "pictures of digits": "gui.views.draw.test_picture_reader",
    "checkpoints": "worker.test_untrusted_checkpoints",
}
PIECES = [
    b"", b"\0", b"\xff\xfe", b"[", b"]", b"{", b"}", b'"', b"=", b"\n", b"-1", b"1e999", b"nan", b"9" * 400,
    b"9" * 5000, b"[" * 3000, b"\x81" * 3000, b"[[x]]\n", b"true", b"null", "\u202e字".encode(), b"'''",
]  # fmt: skip


def changed(whole: bytes) -> st.SearchStrategy[bytes]:
    """Return files that begin as a good one: a part is replaced, or cut off, or all is noise."""
    at, length = st.integers(0, len(whole)), st.integers(0, 60)
    piece = st.sampled_from(PIECES) | st.binary(max_size=12)
    replaced = st.builds(lambda at, cut, put: whole[:at] + put + whole[at + cut :], at, length, piece)
    return replaced | st.builds(lambda end: whole[:end], at) | st.binary(max_size=80)


def of_settings(path: Path) -> None:
    memory, complaint = load_memory(path)
    assert isinstance(memory.config, RunConfig)
    assert complaint.count("\n") == 0


def of_session(path: Path) -> None:
    session, complaint = load_session(path)
    assert isinstance(session.layout, Layout)
    assert complaint.count("\n") == 0


def of_notes(path: Path) -> None:
    assert isinstance(read_notes(path.with_suffix(".lossrun")), RunNotes | None)


def of_index(path: Path) -> None:
    (item,) = Library(path.parent).list_runs(seconds=0).items
    assert item.fault is None or str(item.fault).endswith(".")


def of_costs(path: Path) -> None:
    found = load_costs(path.parent)
    assert found is None or all(row.value > 0 for row in found.rows)


def good(kind: str, folder: Path) -> Path:
    """Save a good file of a kind, and return it."""
    match kind:
        case "settings":
            save_memory(folder / "window.toml", Memory(keys={"run.step": ("S",)}, speeds={"a": 1.5}))
            return folder / "window.toml"
        case "session":
            save_session(folder / "session-1.json", WindowSession(step=4, layout=Layout.of(b"12", b"34")))
            return folder / "session-1.json"
        case "notes":
            write_notes(folder / "a.lossrun", RunNotes("name", "notes", ("tag",), pinned=True))
            return notes_path(folder / "a.lossrun")
        case "index":
            small_run.record(folder / "a.lossrun")
            Library(folder).list_runs()
            return folder / ".index.msgpack"
        case _:
            save_costs(folder, no_costs().with_row(Cost("scale.time", "arcface", 10, 0.5), "cpu"))
            return folder / FILE


READERS: dict[str, Callable[[Path], None]] = {
    "settings": of_settings,
    "session": of_session,
    "notes": of_notes,
    "index": of_index,
    "costs": of_costs,
}


@pytest.mark.parametrize("kind", READERS)
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_content_is_read_or_refused(kind: str, tmp_path: Path, data: Any):
    path = tmp_path / "good"
    if not path.exists():
        path.mkdir()
        (tmp_path / "whole").write_bytes(good(kind, path).read_bytes())
    file = good(kind, path) if kind != "index" else path / ".index.msgpack"
    file.write_bytes(data.draw(changed((tmp_path / "whole").read_bytes())))
    READERS[kind](file)
    for aside in path.glob("*-kept-*"):
        aside.unlink()


def test_notes_nested_without_end_are_as_none(tmp_path):
    """They kept the list of runs from being shown."""
    notes_path(tmp_path / "a.lossrun").write_bytes(b"name = " + b"[" * 20_000)
    assert read_notes(tmp_path / "a.lossrun") is None


@pytest.mark.parametrize("module", sorted(set(OTHERS.values())))
def test_the_tests_of_the_other_readers_are_there(module):
    source = inspect.getsource(importlib.import_module(module))
    assert "@given" in source or "random.Random" in source
