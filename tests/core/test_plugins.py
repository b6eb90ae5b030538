"""A package that adds something to the program must not disturb what the program says."""

import gettext
import sys
from importlib.metadata import EntryPoint

import pytest

from explorer.core.losses import catalog
from explorer.core.plugins import PluginError, load, plugins
from explorer.core.texts import rendered_with


def test_what_a_package_prints_when_it_is_loaded_is_not_in_the_output_of_a_command(
    tmp_path, monkeypatch, capsys
):
    (tmp_path / "a_talkative_package.py").write_text("print('Welcome!')\nLOSS = 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert load(EntryPoint("loss", "a_talkative_package:LOSS", "any group")) == 7
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "Welcome!\n")


class Other(gettext.NullTranslations):
    """Another language."""

    def gettext(self, _message: str) -> str:
        return "另"


BAD = [
    ("import sys; sys.exit()", "it tried to end the program"),
    ("import asyncio; raise asyncio.CancelledError", "it tried to end the program"),
    ("import time; time.sleep(60)", "it takes longer than 0 seconds"),
    ("while True: pass", "it takes longer than 0 seconds"),
]
DESCRIPTION = """
from msgspec.structs import replace

from explorer.core.losses.families.normalized import ENTRIES

def target(theta, sample):
    {code}

arcface = next(spec for spec in ENTRIES if spec.geometry is not None)
SPEC = replace(arcface, name="a-loss", geometry=replace(arcface.geometry, target=target))
"""


@pytest.fixture
def bad_package(tmp_path, monkeypatch):
    """Return a function that writes a package, which has no time, and returns its entry point."""
    monkeypatch.setattr("explorer.core.plugins._LONGEST", 0.2)
    monkeypatch.syspath_prepend(tmp_path)

    def write(content: str) -> EntryPoint:
        (tmp_path / "a_bad_package.py").write_text(content)
        monkeypatch.delitem(sys.modules, "a_bad_package", raising=False)
        return EntryPoint("a-loss", "a_bad_package:SPEC", "any group")

    return write


@pytest.mark.parametrize(("code", "error"), BAD)
@pytest.mark.skipif(sys.platform == "win32", reason="it has no timer that interrupts")
def test_a_package_that_ends_the_program_or_hangs_is_given_up(bad_package, code, error):
    with pytest.raises(PluginError) as caught:
        load(bad_package(code))
    assert str(caught.value) == error
    with rendered_with(Other()):
        assert str(caught.value) == "另"


@pytest.mark.parametrize(("code", "error"), BAD)
@pytest.mark.skipif(sys.platform == "win32", reason="it has no timer that interrupts")
def test_so_is_one_whose_curves_do_when_they_are_checked(bad_package, monkeypatch, code, error):
    point = bad_package(DESCRIPTION.format(code=code))
    monkeypatch.setattr(catalog, "plugins", lambda _group: (point,))
    table, (fault,) = catalog.collect()
    assert "a-loss" not in table
    assert str(fault) == f"The loss 'a-loss' of 'a_bad_package:SPEC' was not loaded: {error}."


def test_the_metadata_of_another_package_hides_no_plug_in(tmp_path, monkeypatch):
    for place, name, content in (
        ("first", "broken", b"[a group]\nx = \xff"),
        ("first", "a_whole", b"[a group]\ny = z:Z"),
        ("second", "A.whole", b"[a group]\ny = older:Z"),
    ):
        folder = tmp_path / place / f"{name}-1.0.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (folder / "entry_points.txt").write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path / "second")
    monkeypatch.syspath_prepend(tmp_path / "first")
    assert [point.value for point in plugins("a group")] == ["z:Z"]
