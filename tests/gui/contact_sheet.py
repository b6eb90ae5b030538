"""Paints what the program shows to a folder, picture by picture, with one sheet of all for each size.

``python tests/gui/contact_sheet.py FOLDER [VARIANT …]``, without variants all of `VARIANTS`. Nothing is
compared: the pictures are to be looked at after a change of how the program looks.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from contact_moments import (
    SETTLE,
    SOON,
    Picture,
    menu_pages,
    moment_pages,
    opened_by,
    opened_pages,
    prediction_pages,
    stressed_pages,
    wait_for_frames,
)
from msgspec import Struct
from msgspec.structs import replace
from PIL import Image, ImageDraw
from PySide6.QtWidgets import QWidget

from explorer.bench.stage import Stage, pass_time, set_stage, wait
from explorer.core.texts import text
from explorer.gui.app import App
from explorer.gui.labs.titles import lab_titles
from explorer.gui.plots.style import Plot
from explorer.gui.presets.picker import open_picker
from explorer.gui.theme.theme import THEMES
from explorer.gui.views.curves.options import PANELS


class Variant(Struct, frozen=True):
    """A size of the window in pixels before scaling, the scale of the screen, and other looks."""

    width: int
    height: int
    scale: float = 1.0
    language: str = "en"
    large: bool = False


VARIANTS: Mapping[str, Variant] = {
    "1366x768": Variant(1366, 768),
    "1920x1080": Variant(1920, 1080),
    "1366x768-at-1.5": Variant(1366, 768, 1.5),
    "1366x768-at-2": Variant(1366, 768, 2.0),
    "1366x768-chinese": Variant(1366, 768, language="zh_CN"),
    "1366x768-large": Variant(1366, 768, large=True),
}
_SETTINGS = {"data.probe_every": 20, "device": "cpu", "threads": 1, "loss.name": "arcface"}
_STEPS = 300
_TILE, _COLUMNS, _LABEL = 480, 4, 18
_COMMANDS = (
    "image.save",
    "image.figure",
    "image.film",
    "data.export",
    "edit.shortcuts",
    "challenge.check",
    "workspace.save",
    "window.about",
)
_GUIDES = ("tour:why-angles", "challenge:rescue")


def start_pages(app: App) -> Iterator[Picture]:
    """Yield the window before training."""
    yield "start", app.window


def view_pages(app: App) -> Iterator[Picture]:
    """Yield the window with every page of every view, two at a time: one above and one below on the right."""
    app.pane.state.select(np.arange(10) * 30)  # of the fewest images that a busy machine shows
    pairs: tuple[tuple[str, str, dict[str, Any], str, dict[str, Any]], ...] = (
        ("angles", "histogram", {}, "curves", {}),
        ("angles", "rose", {}, "classes", {}),
        ("angles", "classes", {}, "samples", {}),
        ("angles", "forces", {}, "quality", {}),
        ("margin-curve", "", {}, "draw", {}),
        ("two-classes", "", {}, "curves", {"panels": tuple(PANELS), "axis": "epoch", "logarithmic": True}),
        ("verification", "distances", {}, "quality", {"shown": "angle"}),
        ("verification", "roc", {}, "classes", {}),
    )
    for upper, page, upper_options, lower, lower_options in pairs:
        with_page = upper_options | ({"page": page} if page else {})
        for view_id, options in ((upper, with_page), (lower, lower_options)):
            app.window.show_panel(view_id)
            app.pane.set_options(view_id, replace(app.pane.views[view_id].options, **options))
        yield f"{upper}-{page}-{lower}".replace("--", "-"), app.window
    for changes in ({"forces": True, "polar": True}, {"normalized": True, "density": True, "circle": True}):
        before = app.features.options
        app.set_feature_options(replace(before, **changes))
        yield "features-" + "-".join(changes), app.window
        app.set_feature_options(before)


def panel_pages(app: App) -> Iterator[Picture]:
    """Yield the window with each panel that is no view, a warning, and a colour key."""
    for panel_id in ("runs", "events", "theory", "log"):
        app.window.show_panel(panel_id)
        yield f"panel-{panel_id}", app.window
        app.window.toggle_panel(panel_id)
    app.window.reset_layout()
    before, display = app.run.config, app.pane.state.display
    app.run.set_config(before.replace({"loss.margin": 1.2}))
    app.pane.state.set_display(replace(display, color_mode="loss", hidden=frozenset({3, 5})))
    yield "warning", app.window
    app.run.set_config(before)
    app.pane.state.set_display(display)


def dialog_pages(app: App) -> Iterator[Picture]:
    """Yield the dialogs and the lists to choose from."""
    calls: dict[str, Callable[[], object]] = {name: app.actions.action(name).trigger for name in _COMMANDS}
    calls["presets"] = lambda: open_picker(app)
    calls["losses"] = app.window.side_panel.loss.choice.showPopup
    calls["palette"] = app.palette.toggle
    for name, call in calls.items():
        for widget in opened_by(app, call):
            pass_time(SOON if name == "image.film" else 0.0)  # its preview takes turns of the event loop
            yield name, widget
            if widget is not app.window:
                widget.close()
    app.palette.toggle()


def further_windows(app: App) -> Iterator[Picture]:
    """Yield the labs, a comparison, and the windows of guides."""
    for lab in lab_titles():
        app.labs.open(lab)
        assert app.labs.window is not None
        resized_alike(app.labs.window, app.window)
        yield f"lab-{lab}", app.labs.window
    app.labs.close()
    app.comparing.compare_with("cosface")
    assert app.comparing.window is not None
    resized_alike(app.comparing.window, app.window)
    wait_for_frames(*(compared.source for compared in app.comparing.window.session.runs))
    yield "compare", app.comparing.window
    app.comparing.close()
    for target in _GUIDES:
        app.guides.open(target)
        guest = app.guides.guest
        assert guest is not None
        pass_time(SETTLE)
        resized_alike(guest.window, app.window)
        guest.window.reset_layout()
        wait_for_frames(guest.run)
        yield target.replace(":", "-"), guest.window
        app.guides.close()


def space_pages(app: App) -> Iterator[Picture]:
    """Yield features in space, on the sphere and where they are."""
    for normalized in (True, False):
        app.set_feature_options(replace(app.features.options, normalized=normalized))
        yield "space-sphere" if normalized else "space-free", app.window


def projected_pages(app: App) -> Iterator[Picture]:
    """Yield features in more dimensions, projected onto the difference of two classes and by a tour."""
    app.set_feature_options(replace(app.features.options, normalized=False, touring=False))
    for kind in ("tour", "pair"):
        app.set_feature_options(replace(app.features.options, projection=kind))
        yield f"projection-{kind}", app.window


STAGES: tuple[tuple[Mapping[str, Any], int, tuple[Callable[[App], Iterator[Picture]], ...]], ...] = (
    ({}, 0, (start_pages, prediction_pages)),
    (
        {},
        _STEPS,
        (view_pages, panel_pages, dialog_pages, opened_pages, menu_pages, moment_pages, further_windows),
    ),
    ({"network.dim": 3}, _STEPS, (space_pages,)),
    ({"network.dim": 16}, _STEPS, (projected_pages,)),
    ({"network.dim": 2, "data.left_out": "7-9", "data.blur": 0.3}, _STEPS, (stressed_pages,)),
)
"""Settings, the step to train to, and what is painted then."""


def resized_alike(window: QWidget, other: QWidget) -> None:
    """Give a window the size of another one."""
    window.resize(other.size())


def paint(variant: Variant, folder: Path) -> None:
    """Paint all pages of a variant, in both themes."""
    with Stage(_SETTINGS) as stage:
        app = stage.app
        app.appearance.choose_large(variant.large)
        app.window.resize(variant.width, variant.height)
        app.window.reset_layout()  # the first one was for the size that the window opened with
        wait(lambda: app.run.snapshot is not None, text("the first frame"))
        for changes, step, families in STAGES:
            if changes:
                app.viewing.set_params(changes)
                app.run.restart()
            if step:
                stage.train(step)
                app.run.pause()
                wait(lambda: app.run.phase == "paused", text("the pause"))
            for theme in THEMES:
                app.appearance.choose(theme)
                for pages in families:
                    for name, widget in pages(app):
                        settle(app)
                        widget.grab().save(str(folder / f"{name}-{theme}.png"))
                app.window.reset_layout()


def settle(app: App) -> None:
    """Let the window lay out and draw what it was asked for."""
    pass_time(SETTLE)
    wait(lambda: not app.pane.images.reading, text("images"))
    for view in app.pane.views.values():
        view.finish_content()
    for plot in app.window.findChildren(Plot):
        plot.finish_fading()
    pass_time(0.05)


def write_sheet(folder: Path) -> Path:
    """Put small copies of the pictures of a folder on one sheet, with their names."""
    paths = sorted(folder.glob("*.png"))
    tiles = []
    for path in paths:
        with Image.open(path) as image:
            tiles.append(image.convert("RGB"))
            tiles[-1].thumbnail((_TILE, _TILE))
    height = max(tile.height for tile in tiles) + _LABEL
    sheet = Image.new("RGB", (_COLUMNS * _TILE, height * math.ceil(len(tiles) / _COLUMNS)), "#808080")
    draw = ImageDraw.Draw(sheet)
    for place, (path, tile) in enumerate(zip(paths, tiles, strict=True)):
        at = place % _COLUMNS * _TILE, place // _COLUMNS * height
        draw.text((at[0] + 4, at[1] + 3), path.stem, "white")
        sheet.paste(tile, (at[0], at[1] + _LABEL))
    target = folder.parent / f"{folder.name}.png"
    sheet.save(target)
    return target


def main(folder: Path, names: list[str]) -> None:
    """Paint each variant in a process of its own: the scale of the screen is read once."""
    for name in names or VARIANTS:
        variant, pictures = VARIANTS[name], folder / name
        pictures.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {
            "QT_QPA_PLATFORM": "offscreen",
            "QT_SCALE_FACTOR": str(variant.scale),
            "LANGUAGE": variant.language,
        }
        subprocess.run([sys.executable, __file__, "--paint", name, pictures], env=environment, check=True)
        print(write_sheet(pictures))


if __name__ == "__main__":
    if sys.argv[1] == "--paint":
        set_stage()
        paint(VARIANTS[sys.argv[2]], Path(sys.argv[3]))
    else:
        main(Path(sys.argv[1]), sys.argv[2:])
