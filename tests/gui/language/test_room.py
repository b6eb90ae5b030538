"""Texts that are 40% longer still have room, in a window of 1366×768 pixels."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QLabel, QWidget
from pytestqt.exceptions import TimeoutError as QtTimeout
from superqt import QElidingLabel

from explorer.core.settings.config import RunConfig
from explorer.core.texts import use_translations
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory

GROWTH = 0.4
FIELD = re.compile(r"(\{[^}]*\})")


def longer(message: str) -> str:
    """Return a message with syllables after it, 40% of its length; fields and mnemonics stay."""
    letters = len(FIELD.sub("", message))
    wanted = round(GROWTH * letters)
    tail, ellipsis = ("", "…") if message.endswith("…") else ("", "")
    body = message.removesuffix("…")
    while len(tail) < wanted:
        tail += "-xo" if len(tail) % 9 else " xo"
    return body + tail[:wanted].rstrip() + ellipsis


class Longer(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return longer(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return longer(singular if n == 1 else plural)


def clipped(root: QWidget) -> Iterator[str]:
    """Yield what does not fit into the widget that shows it, unless that shortens its text by itself.

    A dock behind others has a size that nobody sees.
    """
    behind = [dock for dock in root.findChildren(QDockWidget) if dock.visibleRegion().isEmpty()]
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QLabel | QAbstractButton):
            continue
        if any(dock.isAncestorOf(widget) for dock in behind):
            continue
        if isinstance(widget, QElidingLabel) or not widget.text():
            continue
        if isinstance(widget, QLabel) and widget.wordWrap():
            fits = widget.heightForWidth(widget.width()) <= widget.height() + 1
        else:
            fits = widget.sizeHint().width() <= widget.width() + 1
        if not fits:
            yield f"{type(widget).__name__}: {widget.text()!r} in {widget.width()}×{widget.height()}"


@pytest.fixture
def window(tmp_path, qtbot) -> Iterator[App]:
    use_translations(Longer())
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig().replace({"loss.name": "combined"}), "light"))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.resize(1366, 768)
    app.window.show()
    qtbot.waitExposed(app.window)
    yield app
    use_translations(gettext.NullTranslations())
    app.labs.close()
    app.window.close()
    app.window.deleteLater()


def test_the_other_language_is_longer_and_formats_as_the_message():
    assert longer("Learning rate") == "Learning rate xo-x"
    assert longer("{count:,} of {size:,}").format(count=1200, size=9) == "1,200 of 9 x"
    assert longer("&Open…") == "&Open x…"


def test_what_is_clipped_is_found(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    short, narrow, low = QLabel("fits", page), QLabel("does not fit", page), QLabel("two words", page)
    low.setWordWrap(True)
    short.resize(200, 20)
    narrow.resize(20, 20)
    low.resize(40, 10)
    for label in (short, narrow, low):
        label.setMinimumSize(1, 1)
    page.show()
    assert [line.partition(" in ")[0] for line in clipped(page)] == [
        "QLabel: 'does not fit'",
        "QLabel: 'two words'",
    ]


def test_every_panel_has_room_for_texts_that_are_longer(window, qtbot):
    assert (window.window.width(), window.window.height()) == (1366, 768), "the texts made it larger"
    for dock in window.window.findChildren(QDockWidget):
        closed = dock.isHidden()
        dock.show()
        dock.raise_()
        qtbot.waitUntil(lambda dock=dock: not dock.visibleRegion().isEmpty())
        assert_room(qtbot, window.window)
        dock.setHidden(closed)
    assert window.window.height() == 768


def assert_room(qtbot, root: QWidget) -> None:
    """Fail where a text is clipped once the layouts have settled."""
    with suppress(QtTimeout):
        qtbot.waitUntil(lambda: not list(clipped(root)))
    assert list(clipped(root)) == []


def test_the_labs_have_room_for_texts_that_are_longer(window, qtbot):
    window.labs.open()
    labs = window.labs.window
    assert labs is not None
    labs.resize(1280, 720)
    for place in range(labs.tabs.count()):
        labs.show_lab(place)
        assert_room(qtbot, labs)
