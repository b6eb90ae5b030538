"""An error while something is drawn: without these, a person would lose the window, or not learn of it."""

from __future__ import annotations

import inspect
import sys
import threading
from importlib import import_module
from pathlib import Path

from analysis.snapshots import make_snapshot
from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QGraphicsItem, QLabel, QWidget

import explorer.gui
import explorer.gui.faults
from explorer.analysis.frames.history import History
from explorer.gui.app import App
from explorer.gui.faults import FaultLog, guarded
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.features.plane.regions_layer import RegionsItem
from explorer.gui.views.features.view import FeaturesView


class Faulty(QWidget):
    @guarded
    def paintEvent(self, _event):
        painter = QPainter(self)
        painter.drawLine(0, 0, 9, 9)
        raise ZeroDivisionError("no paint")


def messages(view):
    """Return what the labels in front of all of a view say; a page of the view may be behind them."""
    labels = [it for it in view.findChildren(QLabel) if it.isVisible() and it.geometry() == view.rect()]
    return [label.text() for label in labels if view.childAt(view.rect().center()) is label]


def fail(*_args):
    raise ZeroDivisionError("no number")


def ink(picture):
    image = picture.toImage()
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}


def test_a_widget_that_fails_is_told_of_and_says_so_and_lives(qtbot):
    widget = Faulty()
    qtbot.addWidget(widget)
    widget.resize(QSize(200, 80))
    with qtbot.captureExceptions() as caught:
        widget.show()
        for _ in range(3):
            picture = widget.grab()
        widget.hide()
    assert {str(error) for _, error, _ in caught} == {"no paint"}
    assert len(ink(picture)) > 2


def test_a_view_that_fails_says_so_until_it_succeeds(qtbot, monkeypatch):
    view = FeaturesView(LIGHT)
    qtbot.addWidget(view)
    view.show()
    with monkeypatch.context() as patch, qtbot.captureExceptions() as caught:
        patch.setattr(FeaturesView, "draw", fail)
        view.set_snapshot(make_snapshot(50), History())
        view.resize(500, 300)
        assert messages(view) == ["This view could not be drawn: ZeroDivisionError: no number"]
    assert [error.args for _, error, _ in caught] == [("no number",)]
    view.set_snapshot(make_snapshot(50), History())
    assert messages(view) == []


def test_a_view_that_fails_when_shown_says_so(qtbot, monkeypatch):
    monkeypatch.setattr(FeaturesView, "draw", fail)
    view = FeaturesView(LIGHT)
    qtbot.addWidget(view)
    view.set_snapshot(make_snapshot(50), History())
    with qtbot.captureExceptions() as caught:
        view.show()
    assert len(caught) == 1
    assert len(messages(view)) == 1


def test_an_item_of_a_plot_that_fails_leaves_the_others(qtbot, monkeypatch):
    view = FeaturesView(LIGHT)
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.set_snapshot(make_snapshot(50), History())
    view.show()
    whole = ink(view.grab())
    with monkeypatch.context() as patch, qtbot.captureExceptions() as caught:
        patch.setattr(RegionsItem, "draw", fail)
        view.set_snapshot(make_snapshot(50), History())
        without = ink(view.grab())
        view.hide()
    assert caught
    points = {
        color for color in whole if color & 0xFFFFFF in {r << 16 | g << 8 | b for r, g, b in LIGHT.classes}
    }
    assert points
    assert points <= without


def defined_in_program():
    """Yield each function of the program that Qt calls to paint a widget or an item, with its name."""
    folder = Path(explorer.gui.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        module = import_module(".".join(["explorer.gui", *path.relative_to(folder).with_suffix("").parts]))
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if kind.__module__ == module.__name__ and issubclass(kind, QWidget | QGraphicsItem):
                for method in {"paintEvent", "paint"} & vars(kind).keys():
                    yield f"{module.__name__}.{name}.{method}", vars(kind)[method]


def is_guarded(method):
    """Return whether a decorator of the module of faults is around a method."""
    while method is not None and method.__code__.co_filename != explorer.gui.faults.__file__:
        method = getattr(method, "__wrapped__", None)
    return method is not None


def test_whatever_paints_is_guarded():
    """A new canvas needs ``@guarded``, a new item of a plot ``@guarded_item``, of `explorer.gui.faults`."""
    painters = dict(defined_in_program())
    assert "explorer.gui.plots.caption.Caption.paintEvent" in painters
    abstract = {"explorer.gui.plots.style.PixelItem.paint"}
    bare = {name for name, method in painters.items() if not is_guarded(method)}
    assert bare == abstract


def test_a_fault_is_told_once_for_each_place(capsys):
    log, told = FaultLog(), []
    log.occurred.connect(lambda sentence, details: told.append((sentence, details)))

    def take(act):
        try:
            act()
        except ZeroDivisionError:
            log.take(*sys.exc_info())

    for _ in range(3):
        take(fail)
    assert [sentence for sentence, _ in told] == [
        "Unexpected error in the window: ZeroDivisionError: no number"
    ]
    assert "in fail" in told[0][1]
    assert capsys.readouterr().err.count("ZeroDivisionError: no number") == 1
    take(lambda: 1 / 0)
    assert len(told) == 2


def raise_in_a_thread():
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


class Unclean:
    def __del__(self):
        raise ZeroDivisionError("no end")


def test_errors_of_threads_and_of_what_is_deleted_are_told_in_the_window(qtbot, monkeypatch, capsys):
    for owner, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back at the end
    log, told = FaultLog(), []
    log.occurred.connect(lambda sentence, _details: told.append(sentence))
    log.install()
    raise_in_a_thread()
    raise_in_a_thread()
    Unclean()
    begin = "Unexpected error in the window: ZeroDivisionError: "
    qtbot.waitUntil(lambda: sorted(told) == [f"{begin}no end", f"{begin}no number"])
    assert capsys.readouterr().err.count("Traceback") == 2


def test_the_details_name_no_person(monkeypatch):
    monkeypatch.setenv("HOME", str(Path(__file__).parent))
    log, told = FaultLog(), []
    log.occurred.connect(lambda _sentence, details: told.append(details))
    try:
        fail()
    except ZeroDivisionError:
        log.take(*sys.exc_info())
    assert 'File "~/test_faults.py"' in told[0]
    assert str(Path(__file__).parent) not in told[0]


def test_a_person_who_interrupts_is_no_fault(qtbot, capsys):
    log = FaultLog()
    with qtbot.assertNotEmitted(log.occurred):
        log.take(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_a_fault_reaches_log_and_banner(tmp_path):
    app = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    app.faults.occurred.emit("Unexpected error in the window: it", "line 1\nline 2")
    assert app.window.log.toPlainText() == "line 1\nline 2"
    assert "Unexpected error in the window: it" in app.window.banner.accessibleName()
    assert app.window.banner.buttons[0].text() == "Copy details"
    app.window.banner.buttons[0].click()
    assert QApplication.clipboard().text() == "Unexpected error in the window: it\n\nline 1\nline 2"
    app.window.close()
    app.window.deleteLater()
