"""A damaged file of remembered settings must not keep the window from opening, nor be lost."""

import pytest
from msgspec.structs import replace

from explorer.core.settings.config import RunConfig
from explorer.gui.library.files import LibraryOptions
from explorer.gui.memory.window_memory import Memory, load_memory, options_from, save_memory, table_of
from explorer.gui.memory.window_session import Layout
from explorer.gui.state.view_state import DisplaySettings
from explorer.gui.theme.palettes import ClassColors
from explorer.gui.views.angles.content import AngleOptions
from explorer.gui.views.classes.view import ClassOptions
from explorer.gui.views.curves.options import CurveOptions
from explorer.gui.views.features.content import FeatureOptions


def test_what_is_remembered_comes_back(tmp_path):
    memory = Memory(
        RunConfig().replace({"loss.name": "arcface", "loss.margin": 0.33}),
        "dark",
        Layout.of(b"\0\1", b"\xff", 410),
        False,
        DisplaySettings("loss", frozenset({7, 2}), 4),
        {
            "classes": table_of(ClassOptions(sort="spread", descending=True)),
            "features": table_of(FeatureOptions(normalized=True, digits=False, point_size=3.5)),
            "angles": table_of(AngleOptions(label=None)),
        },
        ClassColors("tol").with_color(4, (1, 2, 3)),
        language="zh_CN",
        hidden_events=frozenset({"jump", "flipped"}),
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
        b'[window]\ntheme="dark"\ngeometry=""\nlayout=""\n[run]\n[colors.changed]\n3="red"\n',
        b'views=1\n[window]\ntheme="dark"\ngeometry=""\nlayout=""\n[run]\n',
        b'[window]\ntheme="dark"\ngeometry="00"\nlayout="01"\nchecksum=5\n[run]\n',
        b'[window]\ntheme="dark"\ngeometry=""\nlayout=""\n[run.loss]\nmargin=' + b"9" * 400,
        b"a = " + b"[" * 20_000 + b"]" * 20_000,
        b'colors=1\n[window]\ntheme="dark"\ngeometry=""\nlayout=""\n[run]\n',
    ],
)
def test_a_damaged_file_is_set_aside_and_said(tmp_path, content):
    path = tmp_path / "window.toml"
    path.write_bytes(content)
    memory, complaint = load_memory(path)
    assert memory == Memory(library=LibraryOptions(limit=0)), (
        "no run is deleted for a limit that is forgotten"
    )
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


@pytest.mark.parametrize(
    "table",
    [{"axis": "moon"}, {"panels": ["loss", "gone"]}, {"panels": []}, {"logarithmic": 3}, {}, 7, "text", None],
)
def test_a_table_that_does_not_fit_gives_the_defaults(table):
    assert options_from(table, CurveOptions()) == CurveOptions()


def test_options_come_back_from_their_table_and_what_is_unknown_or_missing_costs_nothing_else():
    for options in (
        AngleOptions(page="rose", label=3),
        CurveOptions(axis="time", logarithmic=True, panels=("rate", "spread")),
    ):
        assert options_from(table_of(options), type(options)()) == options
    assert options_from({"page": "rose", "of_tomorrow": 3}, AngleOptions()) == AngleOptions(page="rose")
    assert "label" not in table_of(AngleOptions()), "TOML has no word for None"


def test_a_damaged_display_costs_nothing_else(tmp_path):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(theme="dark", display=DisplaySettings(color_mode="loss")))
    path.write_text(path.read_text().replace('"loss"', '"moon"'))
    memory, complaint = load_memory(path)
    assert (memory.theme, memory.display, complaint) == ("dark", DisplaySettings(), "")


def test_a_file_of_before_views_had_tables_of_their_own_is_still_read(tmp_path):
    path = tmp_path / "window.toml"
    path.write_text(
        'show = {circle = true}\n[window]\ntheme = "dark"\ngeometry = ""\nlayout = ""\n'
        '[window.curves]\naxis = "time"\n[run]\n'
    )
    memory, complaint = load_memory(path)
    assert complaint == ""
    assert memory.theme == "dark"
    assert memory.views == {"features": {"circle": True}, "curves": {"axis": "time"}}


def test_two_windows_keep_what_each_of_them_has_changed(tmp_path):
    path, first = tmp_path / "window.toml", Memory(keys={"run.step": ("S",)}, speeds={"a": 1.0})
    save_memory(path, first)
    one = replace(first, theme="dark", config=first.config.replace({"optimizer.rate": 0.5}), smooth=False)
    other = replace(
        first,
        config=first.config.replace({"loss.name": "arcface"}).replace({"loss.margin": 0.25}),
        keys={"run.toggle": ("T",)},
        speeds={"a": 1.0, "b": 2.0},
        views={"angles": {"label": 3}},
        layout=Layout.of(b"12", b"34"),
    )
    save_memory(path, one, before=first)
    save_memory(path, other, before=first)
    both = load_memory(path)[0]
    assert both == replace(
        other, theme="dark", smooth=False, config=other.config.replace({"optimizer.rate": 0.5})
    )
    save_memory(path, replace(one, theme="light"), before=one)
    assert load_memory(path)[0] == replace(both, theme="light", layout=one.layout)


def test_settings_of_two_windows_that_contradict_each_other_are_those_of_the_last(tmp_path):
    path, first = tmp_path / "window.toml", Memory()
    one = Memory(RunConfig().replace({"data.classes": 4}))
    other = Memory(RunConfig().replace({"data.left_out": "7"}))
    save_memory(path, one, before=first)
    save_memory(path, other, before=first)
    assert load_memory(path) == (other, "")


def test_the_classes_of_one_windows_data_set_are_not_mixed_with_anothers(tmp_path):
    path, first = tmp_path / "window.toml", Memory()
    rings = Memory(RunConfig().replace({"data.source": "rings", "data.classes": 4}))
    fashion = Memory(RunConfig().replace({"data.source": "fashion-mnist"}))
    save_memory(path, rings, before=first)
    save_memory(path, fashion, before=first)
    assert load_memory(path) == (fashion, "")
    save_memory(path, Memory(smooth=False), before=first)
    assert load_memory(path)[0].config == fashion.config, "a window that has not changed it"


def test_what_another_version_or_damage_has_left_does_not_keep_a_window_from_saving(tmp_path):
    path, first, dark = tmp_path / "window.toml", Memory(), Memory(theme="dark")
    for content in (b"damaged", b"\xff", b"[window]\ntheme = 3"):
        path.write_bytes(content)
        save_memory(path, dark, before=first)
        assert load_memory(path) == (dark, "")
    path.write_text(path.read_text() + "\n[of_tomorrow]\na = 1\n")
    save_memory(path, Memory(smooth=False), before=first)
    assert load_memory(path) == (Memory(theme="dark", smooth=False), "")
    assert "of_tomorrow" in path.read_text()
