"""Measurement: runs the benchmark of the costs in a process of its own."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject, QProcess, Signal

from explorer.core.texts import _
from explorer.gui.labs.cost.costs import Cost

_KILL_MS = 5000


class _Line(Struct, frozen=True):
    """A figure as the benchmark prints it; ``case`` is the loss and the number of classes, after a dot."""

    figure: str
    value: float
    case: str
    device: str = ""


class Measurement(QObject):
    """Measures the cost of losses, one after the other.

    Parameters
    ----------
    command : sequence of str
        Measures the losses whose names follow, and prints each figure as a line of JSON.

    Signals
    -------
    measured(object, str)
        A `Cost` is known, and the device that it was measured on.
    ended(str)
        The measurement has ended; the sentence says why it failed, and is empty where it did not.
    """

    measured = Signal(object, str)
    ended = Signal(str)

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = tuple(command)
        self._process: QProcess | None = None

    @property
    def running(self) -> bool:
        """Whether something is being measured."""
        return self._process is not None

    def start(self, losses: Sequence[str]) -> None:
        """Measure these losses, in this order."""
        if self.running:
            return
        process = self._process = QProcess(self)
        process.readyReadStandardOutput.connect(self._on_output_ready)
        process.finished.connect(self._on_process_finished)
        process.errorOccurred.connect(self._on_process_error)
        process.start(self._command[0], [*self._command[1:], *losses])

    def stop(self) -> None:
        """End it now; what was measured so far has been reported."""
        self._end("")

    def _on_output_ready(self) -> None:
        while self._process is not None and self._process.canReadLine():
            self._take(bytes(self._process.readLine().data()))

    def _take(self, line: bytes) -> None:
        try:
            found = msgspec.json.decode(line, type=_Line)
            loss, _dot, classes = found.case.rpartition(".")
            cost = Cost(found.figure, loss, int(classes), found.value)
        except (msgspec.MsgspecError, ValueError):
            self._end(_("The benchmark printed something other than measurements."))
            return
        self.measured.emit(cost, found.device)

    def _on_process_finished(self, code: int, _status: QProcess.ExitStatus) -> None:
        process = self._process
        if process is None:
            return
        self._on_output_ready()
        if self._process is None:
            return
        words = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        self._process = None
        process.deleteLater()
        last = words.rpartition("\n")[2]
        sentence = _("The measurement ended with exit code {code}: {error}")
        self.ended.emit(sentence.format(code=code, error=last) if code else "")

    def _on_process_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._end(_("The measurement could not be started: {program}.").format(program=self._command[0]))

    def _end(self, sentence: str) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(_KILL_MS)
            process.deleteLater()
            self.ended.emit(sentence)
