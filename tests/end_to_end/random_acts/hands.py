"""What a person does with keys and mouse, in whichever window takes them."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import shiboken6
from end_to_end.random_acts.place import Place
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMainWindow, QPlainTextEdit, QWidget

Act = tuple[str, Callable[[], object]]
"""What is done, in words and as a call."""
NONSENSE = (
    "NaN", "inf", "-inf", "1e400", "-1e400", "0,5", "1.234,5", "1,234.5", "0٫5", "۰٫۵", "0’5", "1\u202f234,5",
    "٣", "½", "", " ", "0x10", "1_000", "--", "=1", "5e-324", "-0", "+.5", "2**3", "0,5,5",
    "9" * 400, "\u202e0.5", "\N{GRINNING FACE}" * 50, "a\nb\tc", "<b>bold</b>", "%s{0}{x}", "'; --", "\0",
)  # fmt: skip
"""What is typed and pasted where a number or a name is meant, with decimal commas of several languages."""
KEYS = ("Tab", "Shift+Tab", "5", "-", ".", "Return", "Backspace", "Down", "Esc", "Space", "Home", "PgDown")
HELD = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
_OF_THE_WINDOW = 0.7
"""Share of the acts by mouse that go to the window of the run, where others are open."""


class Hands:
    """Chooses acts by keys and mouse; each method returns one."""

    def __init__(self, place: Place, random: random.Random) -> None:
        self._place, self._random = place, random

    def press(self) -> Act:
        """A key that a command has, or another."""
        sets = self._place.action_sets
        keys = [key for actions in sets for command in actions.commands for key in command.shortcuts]
        key = self._random.choice([*keys, *KEYS, *KEYS])
        window = self._window()

        def press() -> None:
            if isinstance(window, QMainWindow):
                window.activateWindow()
            pressed = QKeySequence(key)[0]
            handle = window.windowHandle()
            if handle is not None:
                QTest.keyClick(handle, pressed.key(), pressed.keyboardModifiers())

        return f"press {key}", press

    def click(self) -> Act:
        """A click or a double click anywhere."""
        widget, at, name = self._target()
        held = self._random.choice(HELD)
        click = QTest.mouseDClick if self._random.random() < 0.2 else QTest.mouseClick
        return f"click {name} {held.name}", partial(click, widget, Qt.MouseButton.LeftButton, held, at)

    def drag(self) -> Act:
        """A move of the mouse, with its button held or not."""
        widget, at, name = self._target()
        held, pressed = self._random.choice(HELD), self._random.random() < 0.5
        moves = [
            QPoint(self._random.randint(-40, 40), self._random.randint(-40, 40))
            for _ in range(self._random.randrange(1, 12))
        ]

        def drag() -> None:
            to = at
            if pressed:
                QTest.mousePress(widget, Qt.MouseButton.LeftButton, held, to)
            for move in moves:
                if not shiboken6.isValid(widget):  # events are handled meanwhile
                    return
                to += move
                QTest.mouseMove(widget, to)
            if pressed and shiboken6.isValid(widget):
                QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, held, to)

        return f"{'drag' if pressed else 'move'} over {name} {held.name}", drag

    def turn_wheel(self) -> Act:
        """A turn of the wheel anywhere."""
        widget, at, name = self._target()
        event = QWheelEvent(
            QPointF(at),
            QPointF(widget.mapToGlobal(at)),
            QPoint(),
            QPoint(0, self._random.choice((-240, -120, 120, 240))),
            Qt.MouseButton.NoButton,
            self._random.choice(HELD),
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        return f"turn the wheel over {name}", lambda: QApplication.sendEvent(widget, event)

    def enter_nonsense(self) -> Act:
        """Something entered into a field in sight, as typed or as pasted over what is there."""
        fields = [
            field
            for window in self._place.windows
            for kind in (QLineEdit, QPlainTextEdit)
            for field in window.findChildren(kind)
            if field.isVisible() and field.isEnabled()
        ]
        if not fields:
            return "find no field", lambda: None
        field, words = self._random.choice(fields), self._random.choice(NONSENSE)
        end = self._random.choice((Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape))

        def enter() -> None:
            field.selectAll()
            if isinstance(field, QPlainTextEdit):
                field.insertPlainText(words)
            else:
                field.insert(words)
            QTest.keyClick(field, end)

        return f"enter {words[:20]!r} into {field.accessibleName()!r}", enter

    def paste(self) -> Act:
        """Nonsense, settings or a picture pasted where the keyboard is."""
        words, picture = self._random.choice(NONSENSE), self._random.random() < 0.3
        size = self._random.randrange(1, 200), self._random.randrange(1, 200)
        color = self._random.randrange(1 << 24)

        def paste() -> None:
            if picture:
                image = QImage(*size, QImage.Format.Format_RGB32)
                image.fill(color)
                QApplication.clipboard().setImage(image)
            else:
                QApplication.clipboard().setText(words)
            focused = QApplication.focusWidget() or self._place.app.window
            QTest.keyClick(focused, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

        return f"paste {'a picture' if picture else repr(words[:20])}", paste

    def choose(self) -> Act:
        """Another entry of a list of choices in sight."""
        boxes = [
            box
            for window in self._place.windows
            for box in window.findChildren(QComboBox)
            if box.isVisible() and box.isEnabled() and box.count()
        ]
        if not boxes:
            return "find no choice", lambda: None
        box = self._random.choice(boxes)
        model, column = box.model(), box.modelColumn()
        enabled = [
            row
            for row in range(box.count())
            if model.flags(model.index(row, column)) & Qt.ItemFlag.ItemIsSelectable  # not a heading or a line
        ]
        index = self._random.choice(enabled or [box.currentIndex()])

        def choose() -> None:
            box.setCurrentIndex(index)
            box.activated.emit(index)

        return f"choose {box.itemText(index)!r} of {box.accessibleName()!r}", choose

    def resize(self) -> Act:
        """Another size of the window."""
        size = self._random.randrange(700, 2000), self._random.randrange(500, 1300)
        return f"resize {size}", lambda: self._place.app.window.resize(*size)

    def _window(self) -> QWidget:
        """Return a window that takes input, mostly that of the run."""
        windows, own = self._place.windows, self._place.app.window
        if own in windows and self._random.random() < _OF_THE_WINDOW:
            return own
        return self._random.choice(windows or [own])

    def _target(self) -> tuple[QWidget, QPoint, str]:
        """Return a visible widget, a place on it, and its name."""
        window = self._window()
        at = QPoint(self._random.randrange(window.width()), self._random.randrange(window.height()))
        widget = window.childAt(at) or window
        return widget, widget.mapFrom(window, at), f"{type(widget).__name__} {widget.accessibleName()!r}"
