"""The profile of every release is taken over: a new version begins with what the old one has saved."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from profiles.make_profile import MEMORY, NOTES, SESSION

from explorer import __version__
from explorer.gui.library.files import read_notes
from explorer.gui.memory.saved_state import read_saved_state

PROFILES = sorted(path.parent for path in Path(__file__).parent.glob("*/window.toml"))


@pytest.fixture(params=PROFILES, ids=lambda folder: folder.name)
def profile(request, tmp_path):
    return shutil.copytree(request.param, tmp_path / request.param.name)


def test_every_release_has_a_profile():
    assert __version__ in [folder.name for folder in PROFILES], "see make_profile.py"


def test_settings_session_and_notes_of_a_release_are_taken_over(profile):
    before = {path.name for path in profile.iterdir()}
    saved = read_saved_state(profile / "window.toml", "restore")
    saved.slot.release()
    assert (saved.memory, saved.session, saved.complaints) == (MEMORY, SESSION, ())
    assert read_notes(profile / "a.lossrun") == NOTES
    assert {path.name for path in profile.iterdir()} == {*before, "session-1.lock", "window-1.lock"}, (
        "nothing is set aside"
    )
