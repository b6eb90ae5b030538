"""Someone who does anything at all: no exception, no run that does not answer, no memory that grows.

The acts follow from a seed. What they do to the run depends on its speed, so a seed repeats the acts and not
every frame. A few hundred in the suite; 20,000, or LOSS_EXPLORER_SOAK_ACTS, with -m soak, which also measures
how long each holds the window up, and what memory is left behind.
"""

from __future__ import annotations

import gc
import os
import random
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import numpy as np
import psutil
import pytest
from gui.other_options import changed
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QImage, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget

from explorer.core.losses.catalog import LOSSES
from explorer.core.params import Param, Value
from explorer.core.settings.config import ConfigError, RunConfig, find_param, flatten
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.theme.application import return_large_blocks

ACTS = int(os.environ.get("LOSS_EXPLORER_SOAK_ACTS", "20000"))
SHORT, ROUND = 300, 500
MOST_SECONDS = 7200
"""After which even a soak ends, on a machine that is busy with something else."""
LIMIT = 90_000
MIB = 2**20
MOST_GROWTH = 0.08
"""Share by which the memory of the last third of the rounds may be above that of the second third."""
MOST_HELD = 2.0
"""Seconds of the processor that one act may take in the thread of the window."""
EXCLUDED = {"window.quit", "image.save", "pad.open", "lesson.save"}
"""Commands that end the test, or open a dialog for a file."""
OF_THIS_MACHINE = {"device", "data.source", "threads", "loss.name"}
NONSENSE = (
    "NaN", "inf", "-inf", "1e400", "-1e400", "0,5", "1.234,5", "٣", "½", "", " ", "0x10", "1_000", "--", "=1",
    "9" * 400, "\u202e0.5", "\N{GRINNING FACE}" * 50, "a\nb\tc", "<b>bold</b>", "%s{0}{x}", "'; --", "\0",
)  # fmt: skip
"""What is typed and pasted where a number or a name is meant."""
Act = tuple[str, Callable[[], object]]
"""What is done, in words and as a call."""
LARGEST = {"data.test_probe": 2000, "data.train_probe": 2000, "optimizer.batch": 256}
"""Beyond it, a busy core takes minutes for a step or a frame, and a worker answers between them."""
HELD = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Monkey:
    """Acts on a window at random, and keeps the last acts to tell them."""

    def __init__(self, app: App, seed: int) -> None:
        self.app = app
        self.seed, self.random = seed, random.Random(seed)
        self.acts: deque[str] = deque(maxlen=200)
        self.held: list[tuple[float, str]] = []
        self.count = 0
        self._kinds: dict[Callable[[], Act], int] = {
            self._trigger: 8,
            self._press: 12,
            self._click: 10,
            self._drag: 6,
            self._turn_wheel: 3,
            self._choose_options: 3,
            self._resize: 2,
            self._enter_nonsense: 5,
            self._paste: 2,
            self._change_param: 6,
            self._change_loss: 2,
            self._change_run: 3,
        }
        self._closer = QTimer(app, interval=50)
        self._closer.timeout.connect(close_popups)
        self._closer.start()

    @property
    def told(self) -> str:
        """The last acts, to find out what came of which."""
        return "\n".join([f"seed {self.seed}, {self.count} acts, the last of them:", *self.acts])

    def act(self) -> None:
        """Do one thing, and note for how long that held the window up, in seconds of the processor."""
        (kind,) = self.random.choices(list(self._kinds), list(self._kinds.values()))
        words, act = kind()
        self.acts.append(words)
        self.count += 1
        began = time.thread_time()
        act()
        QApplication.processEvents()
        self.held.append((time.thread_time() - began, words))

    def stop(self) -> None:
        """Leave no menu and no dialog open."""
        close_popups()
        self._closer.stop()

    def _trigger(self) -> Act:
        commands = [c for c in self.app.actions.commands if c.calls is not None and c.id not in EXCLUDED]
        command = self.random.choice(commands)
        return f"trigger {command.id}", self.app.actions.action(command.id).trigger

    def _press(self) -> Act:
        keys = [key for c in self.app.actions.commands if c.id not in EXCLUDED for key in c.shortcuts]
        key = self.random.choice([*keys, "Tab", "Shift+Tab", "5", "-", ".", "Return", "Backspace", "Down"])

        def press() -> None:
            self.app.window.activateWindow()
            pressed = QKeySequence(key)[0]
            QTest.keyClick(self.app.window.windowHandle(), pressed.key(), pressed.keyboardModifiers())

        return f"press {key}", press

    def _place(self) -> tuple[QWidget, QPoint, str]:
        """Return a visible widget, a place on it, and its name."""
        window = self.app.window
        at = QPoint(self.random.randrange(window.width()), self.random.randrange(window.height()))
        widget = window.childAt(at) or window
        return widget, widget.mapFrom(window, at), f"{type(widget).__name__} {widget.accessibleName()!r}"

    def _click(self) -> Act:
        widget, at, name = self._place()
        held = self.random.choice(HELD)
        click = QTest.mouseDClick if self.random.random() < 0.2 else QTest.mouseClick
        return f"click {name} {held}", partial(click, widget, Qt.MouseButton.LeftButton, held, at)

    def _drag(self) -> Act:
        widget, at, name = self._place()
        held, pressed = self.random.choice(HELD), self.random.random() < 0.5
        moves = [
            QPoint(self.random.randint(-40, 40), self.random.randint(-40, 40))
            for _ in range(self.random.randrange(1, 12))
        ]

        def drag() -> None:
            to = at
            if pressed:
                QTest.mousePress(widget, Qt.MouseButton.LeftButton, held, to)
            for move in moves:
                to += move
                QTest.mouseMove(widget, to)
            if pressed:
                QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, held, to)

        return f"{'drag' if pressed else 'move'} over {name} {held}", drag

    def _turn_wheel(self) -> Act:
        widget, at, name = self._place()
        event = QWheelEvent(
            QPointF(at),
            QPointF(widget.mapToGlobal(at)),
            QPoint(),
            QPoint(0, self.random.choice((-240, -120, 120, 240))),
            Qt.MouseButton.NoButton,
            self.random.choice(HELD),
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        return f"turn the wheel over {name}", lambda: QApplication.sendEvent(widget, event)

    def _enter_nonsense(self) -> Act:
        """Enter something into a field in sight, as typed or as pasted over what is there."""
        fields = [field for field in self.app.window.findChildren(QLineEdit) if field.isVisible()]
        if not fields:
            return "find no field", lambda: None
        field, words = self.random.choice(fields), self.random.choice(NONSENSE)
        end = self.random.choice((Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape))

        def enter() -> None:
            field.selectAll()
            field.insert(words)
            QTest.keyClick(field, end)

        return f"enter {words[:20]!r} into {field.accessibleName()!r}", enter

    def _paste(self) -> Act:
        """Paste nonsense, or a picture, where the keyboard is."""
        words, picture = self.random.choice(NONSENSE), self.random.random() < 0.3

        def paste() -> None:
            if picture:
                image = QImage(
                    self.random.randrange(1, 200), self.random.randrange(1, 200), QImage.Format.Format_RGB32
                )
                image.fill(self.random.randrange(1 << 24))
                QApplication.clipboard().setImage(image)
            else:
                QApplication.clipboard().setText(words)
            focused = QApplication.focusWidget() or self.app.window
            QTest.keyClick(focused, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

        return f"paste {'a picture' if picture else repr(words[:20])}", paste

    def _choose_options(self) -> Act:
        view_id, view = self.random.choice(list(self.app.pane.views.items()))
        defaults = type(view.options)()
        options = self.random.choice((defaults, changed(defaults)))
        return f"options of {view_id}", lambda: view.optionsRequested.emit(options)

    def _resize(self) -> Act:
        size = self.random.randrange(700, 2000), self.random.randrange(500, 1300)
        return f"resize {size}", lambda: self.app.window.resize(*size)

    def _change_param(self) -> Act:
        config = self.app.run.config
        name = self.random.choice([name for name in flatten(config) if name not in OF_THIS_MACHINE])
        value = self._value(find_param(name, config.loss.spec))
        if name in LARGEST:
            value = min(value, LARGEST[name])

        def change() -> None:
            with suppress(ConfigError):  # it contradicts another setting
                self.app.run.set_param(name, value)

        return f"{name} = {value}", change

    def _value(self, param: Param) -> Value:
        if param.kind == "bool":
            return self.random.random() < 0.5
        if param.kind == "choice":
            return self.random.choice(param.choices)
        if param.min is None or param.max is None:
            return param.default
        share = self.random.random() ** (4 if param.log or param.kind == "int" else 1)
        value = param.min + share * (param.max - param.min)
        return round(value) if param.kind == "int" else value

    def _change_loss(self) -> Act:
        name = self.random.choice(list(LOSSES))
        return f"loss {name}", lambda: self.app.run.set_loss(name)

    def _change_run(self) -> Act:
        run = self.app.run
        acts = {"start": run.start, "pause": run.pause, "step": run.step, "restart": run.restart}
        if self.random.random() < 0.05:
            return "kill the worker", self._kill
        return self.random.choice(list(acts.items()))

    def _kill(self) -> None:
        if self.app.client.process_id:
            os.kill(self.app.client.process_id, signal.SIGKILL)


def close_popups() -> None:
    """Close menus, lists and dialogs, which may have an event loop of their own."""
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    for window in QApplication.topLevelWidgets():
        if isinstance(window, QDialog) and window.isVisible():
            window.reject()


@pytest.fixture
def errors(monkeypatch):
    """Return the unexpected errors of the window, which go to `sys.excepthook`, as texts."""
    found: list[str] = []
    monkeypatch.setattr(
        sys, "excepthook", lambda *error: found.append("".join(traceback.format_exception(*error)))
    )
    return found


@pytest.fixture
def app(tmp_path, qtbot):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig().replace({"device": "cpu"})))
    result = App([sys.executable, "-X", "faulthandler", "-m", "explorer.worker"], path)
    result.open()
    qtbot.waitUntil(lambda: result.run.started is not None, timeout=LIMIT)
    yield result
    result.window.close()
    result.window.deleteLater()


@pytest.fixture
def monkey(app):
    """Return what makes a monkey of a seed, which stops after the test."""
    made = []

    def make(seed):
        made.append(Monkey(app, seed))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def trains(qtbot, app, monkey):
    """Return to the first settings, and wait until they are trained with: a run always answers."""
    app.run.set_config(RunConfig().replace({"device": "cpu"}))
    app.run.restart()
    app.run.start()
    try:
        qtbot.waitUntil(lambda: app.run.snapshot is not None and app.run.snapshot.step >= 20, timeout=LIMIT)
    except qtbot.TimeoutError:
        pytest.fail(f"{app.run.phase}, {app.run.started}, {monkey.told}\n{stack_of_worker(qtbot, app)}")
    assert app.run.phase == "running"


def stack_of_worker(qtbot, app):
    """End the worker, and return what it says of where it was."""
    if app.client.process_id:
        with qtbot.waitSignal(app.client.died, timeout=LIMIT):
            os.kill(app.client.process_id, signal.SIGABRT)
    return app.window.log.toPlainText()


def watch(qtbot, errors, monkey, acts):
    """Do so many acts."""
    for _ in range(acts):
        monkey.act()
        qtbot.wait(monkey.random.choice((0, 0, 5, 30, 100)))
        assert not errors, "\n".join([*errors, monkey.told])


def use_everything(qtbot, app):
    """Use each command once: parts of the window are made when they are first used, and stay."""
    for command in app.actions.commands:
        if command.calls is not None and command.id not in EXCLUDED:
            app.actions.action(command.id).trigger()
            qtbot.wait(20)
    app.window.show()


def memory(qtbot, app):
    """Return the memory of the window in MiB, of its first size and without what it has copied."""
    app.window.resize(1300, 900)
    QApplication.clipboard().clear()
    qtbot.wait(300)
    gc.collect()
    return psutil.Process().memory_info().rss / MIB


def test_the_window_bears_whatever_is_done(app, qtbot, errors, monkey):
    acting = monkey(7)
    watch(qtbot, errors, acting, SHORT)
    trains(qtbot, app, acting)
    assert errors == []


@pytest.mark.soak
@pytest.mark.timeout(MOST_SECONDS + 600)
def test_the_window_bears_whatever_is_done_for_long_and_does_not_grow(app, qtbot, errors, monkey):
    acting = monkey(int(os.environ.get("LOSS_EXPLORER_SEED", "1")))
    return_large_blocks()  # as the program does; here pytest has made the application
    use_everything(qtbot, app)
    sizes, end = [], time.monotonic() + MOST_SECONDS
    while acting.count < ACTS and time.monotonic() < end:
        watch(qtbot, errors, acting, ROUND)
        trains(qtbot, app, acting)
        sizes.append(memory(qtbot, app))
        assert errors == []
        print(f"{acting.count} acts, {sizes[-1]:.0f} MiB", flush=True)
    longest = sorted(acting.held, reverse=True)[:20]
    print("held up longest, seconds:", *(f"{seconds:.2f} {words}" for seconds, words in longest), sep="\n")
    third = max(1, len(sizes) // 3)
    first, last = np.median(sizes[third : 2 * third]), np.median(sizes[-third:])
    assert last - first <= MOST_GROWTH * first
    assert longest[0][0] <= MOST_HELD, longest[0]
