"""IdleWatch: notices that nobody uses the program."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

_INTERVAL_MS = 500
_ACTS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
        QEvent.Type.NativeGesture,
        QEvent.Type.InputMethod,
        QEvent.Type.Drop,
    }
)
"""What a person does to a window; all else happens without one."""


class IdleWatch(QObject):
    """Counts the seconds since a person last used any window of the program.

    It watches the windows of the system, which get a person's acts first: few events pass there, while
    thousands a second pass the application.

    Parameters
    ----------
    limit : float
        Seconds after which nobody is there.
    warning : float
        Seconds before that in which it says so.
    clock : callable
        Seconds since any moment.

    Signals
    -------
    leftChanged(object)
        So many whole seconds are left until the limit; None where that is no longer near.
    abandoned()
        The limit is reached. It is told once, and again only after a person has come.

    Attributes
    ----------
    alone : bool
        Whether nobody has come since the watch began, or since the limit was reached.
    """

    leftChanged = Signal(object)
    abandoned = Signal()

    def __init__(
        self,
        limit: float,
        warning: float,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._limit, self._warning, self._clock = limit, warning, clock
        self._last = clock()
        self._shown: int | None = None
        self.alone = True
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self.check)

    def start(self) -> None:
        """Watch from now on; nothing is to be done before a person has come."""
        self._timer.start()
        self.check()

    def stop(self) -> None:
        """Watch no longer."""
        self._timer.stop()

    def note_act(self) -> None:
        """Note that a person is there."""
        self._last, self.alone = self._clock(), False
        self._show(None)

    def check(self) -> None:
        """Look how long nobody has been there, and watch windows that have come."""
        for window in QGuiApplication.topLevelWindows():
            window.installEventFilter(self)  # a second time does nothing
        rest = self._limit - (self._clock() - self._last)
        if self.alone:
            return
        if rest <= 0:
            self.alone = True
            self._show(None)
            self.abandoned.emit()
        else:
            self._show(math.ceil(rest) if rest <= self._warning else None)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Notice what a person does, and let it happen."""
        if event.type() in _ACTS:
            self.note_act()
        return False

    def _show(self, seconds: int | None) -> None:
        if seconds != self._shown:
            self._shown = seconds
            self.leftChanged.emit(seconds)
