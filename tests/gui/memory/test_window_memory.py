"""A damaged file of remembered settings must not keep the window from opening, nor be lost."""

import tomllib

import pytest
import tomli_w

from explorer.core.settings.config import RunConfig
from explorer.gui.memory.window_memory import Memory, load_memory, save_memory
from explorer.gui.theme.palettes import ClassColors
from explorer.gui.views.curves.options import CurveOptions
from explorer.gui.views.features.content import FeatureOptions


def test_what_is_remembered_comes_back(tmp_path):
    memory = Memory(
        RunConfig().replace({"loss.name": "arcface", "loss.margin": 0.33}),
        "dark",
        b"\0\1",
        b"\xff",
        False,
        CurveOptions(axis="time", logarithmic=True, panels=("rate", "spread")),
        FeatureOptions(normalized=True, digits=False, point_size=3.5),
        ClassColors("tol").with_color(4, (1, 2, 3)),
    )
    path = tmp_path / "folder" / "window.toml"
    save_memory(path, memory)
    assert load_memory(path) == (memory, "")


def test_a_first_start_has_the_defaults_and_no_complaint(tmp_path):
    assert load_memory(tmp_path / "window.toml") == (Memory(), "")


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe garbage",
        b"[window]",
        b"run = 3\nwindow = 4",
        b'[window]\ntheme="dark"\ngeometry="zz"\nlayout=""\n[run]\n',
        b'[window]\ntheme="dark"\ngeometry=""\nlayout=""\n[run.loss]\nname="nonsense"\n',
        b'[window]\ntheme="dark"\ngeometry=1\nlayout=""\n[run]\n',
        b'[window]\ntheme="dark"\ngeometry=""\nlayout=""\n[run]\n[show]\nweights="perhaps"\n',
        b'[window]\ntheme="dark"\ngeometry=""\nlayout=""\n[run]\n[colors.changed]\n3="red"\n',
        b'show=1\n[window]\ntheme="dark"\ngeometry=""\nlayout=""\n[run]\n',
        b'colors=1\n[window]\ntheme="dark"\ngeometry=""\nlayout=""\n[run]\n',
    ],
)
def test_a_damaged_file_is_set_aside_and_said(tmp_path, content):
    path = tmp_path / "window.toml"
    path.write_bytes(content)
    memory, complaint = load_memory(path)
    assert memory == Memory()
    (aside,) = tmp_path.iterdir()
    assert aside.read_bytes() == content
    assert str(aside) in complaint
    assert "\n" not in complaint.strip()


def test_a_file_of_before_smooth_motion_is_still_read(tmp_path):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(theme="dark", smooth=False))
    path.write_text("\n".join(line for line in path.read_text().splitlines() if "smooth" not in line))
    memory, complaint = load_memory(path)
    assert (memory.theme, memory.smooth, complaint) == ("dark", True, "")


@pytest.mark.parametrize("unknown", [{"axis": "moon"}, {"panels": ["loss", "gone"]}, {"logarithmic": 3}])
def test_options_of_the_curves_that_are_unknown_cost_nothing_else(tmp_path, unknown):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(theme="dark", curves=CurveOptions(logarithmic=True)))
    data = tomllib.loads(path.read_text())
    data["window"]["curves"] |= unknown
    path.write_text(tomli_w.dumps(data))
    memory, complaint = load_memory(path)
    assert (memory.theme, memory.curves, complaint) == ("dark", CurveOptions(), "")


def test_a_file_of_before_or_after_these_options_is_still_read(tmp_path):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(theme="dark", options=FeatureOptions(circle=True)))
    text = path.read_text()
    path.write_text(text.replace("[show]", "[show]\nof_tomorrow = 3").replace("polar = false\n", ""))
    memory, complaint = load_memory(path)
    assert (memory.options, complaint) == (FeatureOptions(circle=True), "")
    path.write_text(text[: text.index("[show]")])
    assert load_memory(path) == (Memory(theme="dark"), "")
