from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator

import pytest
from leaks import nothing_left_running
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QWidget

from explorer.gui.language.chinese_font import chinese_family
from explorer.gui.language.interface_language import SYSTEM, interface_language
from explorer.gui.theme.style_sheet import style_sheet
from explorer.gui.theme.theme import LIGHT, palette

__all__ = ["nothing_left_running"]


@pytest.fixture(scope="session", autouse=True)
def _english_first(qapp: QApplication) -> None:
    """Let the language of the program begin with English before a test has its own sentences."""
    assert qapp is QApplication.instance()
    interface_language()


@pytest.fixture(autouse=True)
def _no_style_sheet(qapp: QApplication) -> Iterator[None]:
    """Take back the style sheet: a window that is built under one has its widgets styled again and again.

    It stays where a window does, which the tests of a module share.
    """
    yield
    if qapp.styleSheet():
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if not any(widget.isVisible() for widget in qapp.topLevelWidgets()):
            qapp.setStyleSheet("")


@pytest.fixture(scope="module", autouse=True)
def _nothing_left_for_other_threads(qapp: QApplication) -> Iterator[None]:
    """Delete the windows of a file before its garbage.

    A thread of the next file that collects garbage would crash.
    """
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def themed(qapp: QApplication) -> Iterator[QApplication]:
    """The application in the looks that it has in use."""
    before = qapp.palette(), qapp.style().name(), qapp.font()
    qapp.setStyle("Fusion")
    qapp.setPalette(palette(LIGHT))
    qapp.setStyleSheet(style_sheet(LIGHT))
    yield qapp
    qapp.setStyleSheet("")
    qapp.setPalette(before[0])
    qapp.setStyle(before[1])
    qapp.setFont(before[2])


@pytest.fixture
def chinese_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A font for Chinese, whichever this machine has; English is in force again afterwards."""
    family = chinese_family() or QFont().family()  # a machine without one shows boxes, which no test reads
    monkeypatch.setattr("explorer.gui.language.interface_language.chinese_family", lambda: family)
    yield family
    interface_language().choose(SYSTEM)


@pytest.fixture
def assert_collected(qapp: QApplication) -> Callable[[Callable[[], QWidget]], None]:
    """Fail where a widget outlives its last reference."""

    def check(make: Callable[[], QWidget]) -> None:
        widget = make()
        alive = weakref.ref(widget)
        del widget
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        assert alive() is None

    return check
