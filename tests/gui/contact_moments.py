"""Pages of the contact sheet that are there for a moment: menus, dialogs, and what a person has begun."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from explorer.bench.stage import pass_time, wait
from explorer.core.texts import text
from explorer.gui.app import App
from explorer.gui.compare.seeds_panel import SeedsDialog
from explorer.gui.session.run_source import RunSource

Picture = tuple[str, QWidget]
SETTLE, SOON = 0.4, 2.0
"""Seconds until a page is laid out, and until a run or a window that was asked for is there."""
_OPENED = (Qt.WindowType.Dialog, Qt.WindowType.Popup, Qt.WindowType.Tool)
_BEATS = 4


def prediction_pages(app: App) -> Iterator[Picture]:
    """Yield the window while classes are placed by guess, and while T(θ) is drawn by hand."""
    app.predictions.begin()
    yield "predict-classes", app.window
    app.predictions.draw_curve()
    yield "predict-curve", app.window
    app.predictions.compare_curve()
    app.run.restart()
    pass_time(SOON)


def menu_pages(app: App) -> Iterator[Picture]:
    """Yield the menus of the window."""
    for number, action in enumerate(app.window.menuBar().actions()):
        menu: Any = action.menu()
        if isinstance(menu, QMenu):
            menu.popup(QPoint(0, 0))
            yield f"menu-{number}", menu
            menu.close()


def moment_pages(app: App) -> Iterator[Picture]:
    """Yield a batch step by step, a drawn digit, a frame of the past, the help, and messages."""
    for beat in range(1, _BEATS + 1):
        app.batches.go_on()
        pass_time(SOON)
        yield f"batch-{beat}", app.window
    app.batches.leave()
    draw: Any = app.pane.views["draw"]
    app.window.show_panel("draw")
    draw.load_test_image()
    pass_time(SOON)
    yield "draw-digit", app.window
    draw.buttons.clear.click()
    app.actions.action("time.first").trigger()
    yield "past", app.window
    app.actions.action("time.live").trigger()
    app.window.show_panel("theory")
    app.actions.action("help.contents").trigger()
    yield "help-contents", app.window
    app.actions.action("help.search").trigger()
    yield "help-search", app.window
    app.window.toggle_panel("theory")
    app.window.banner.show_message(
        "error", "The run diverged at step 120.", "Details", (("Go back to step 100", lambda: None),)
    )
    yield "message", app.window
    app.window.banner.dismiss()


def opened_pages(app: App) -> Iterator[Picture]:
    """Yield dialogs that no command opens by itself."""
    seeds = SeedsDialog(1, 600, app.window)
    for name, call in (("seeds", seeds.open), ("class-colour", lambda: app.colors.edit(3))):
        for widget in opened_by(app, call):
            yield name, widget
            widget.close()


def stressed_pages(app: App) -> Iterator[Picture]:
    """Yield features of classes left out of training, and what damage does to features."""
    app.window.show_panel("verification")
    app.window.show_panel("quality")
    for shown in ("length", "angle"):
        app.pane.set_options("quality", replace(app.pane.views["quality"].options, shown=shown))
        yield f"quality-{shown}", app.window


def opened_by(app: App, call: Callable[[], object]) -> list[QWidget]:
    """Return the dialogs and pop-ups that a call opens; the window of the app where they are in that."""
    before = {id(widget) for widget in QApplication.topLevelWidgets() if widget.isVisible()}
    call()
    pass_time(SETTLE)
    new = [w for w in QApplication.topLevelWidgets() if w.isVisible() and id(w) not in before]
    return [w for w in new if w.windowType() in _OPENED] or [app.window]


def wait_for_frames(*runs: RunSource) -> None:
    """Wait until there is something of each run to show."""
    wait(lambda: all(run.snapshot is not None for run in runs), text("frames"))
    pass_time(SOON)
