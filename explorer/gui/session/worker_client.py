"""WorkerClient: the worker process as the window sees it: commands in, events out, and how it died."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from explorer.core.openmp import spin_briefly
from explorer.core.protocol.framing import ProtocolError, encode, event_decoder
from explorer.core.protocol.messages import Command, Hello, Shutdown

_TAIL_LINES = 40
_END_TIMEOUT_MS = 1500


class WorkerClient(QObject):
    """Starts a worker, speaks the protocol with it, and never leaves one behind.

    Parameters
    ----------
    command : sequence of str
        Program and arguments that serve the protocol on standard input and output.

    Signals
    -------
    eventReceived(object)
        An event of the worker.
    died(str, str)
        It ended unasked: one sentence, and the last lines of its standard error.
    logged(str)
        It wrote to standard error.
    """

    eventReceived = Signal(object)
    died = Signal(str, str)
    logged = Signal(str)

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._process: QProcess | None = None
        self._greeted = False
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self._decoder = event_decoder()

    @property
    def alive(self) -> bool:
        """Whether there is a process to talk to."""
        return self._process is not None

    @property
    def process_id(self) -> int:
        """The worker's process id, 0 where there is none."""
        return self._process.processId() if self._process is not None else 0

    def start(self) -> None:
        """Start a worker; one that runs already is ended first."""
        self.stop()
        self._decoder = event_decoder()
        self._greeted = False
        self._tail.clear()
        process = QProcess(self)
        process.setProcessEnvironment(_environment())
        process.readyReadStandardOutput.connect(self._on_output_ready)
        process.readyReadStandardError.connect(self._on_error_ready)
        process.finished.connect(self._on_process_finished)
        process.errorOccurred.connect(self._on_process_error)
        self._process = process
        process.start(self._command[0], self._command[1:])

    def send(self, command: Command) -> None:
        """Send a command; without a worker it goes nowhere."""
        if self._process is not None:
            self._process.write(encode(command))

    def stop(self) -> None:
        """End the worker and wait until it is gone."""
        process = self._release()
        if process is None:
            return
        if process.state() != QProcess.ProcessState.NotRunning:
            process.write(encode(Shutdown()))
            process.closeWriteChannel()
            if not process.waitForFinished(_END_TIMEOUT_MS):
                process.kill()
                process.waitForFinished(_END_TIMEOUT_MS)
        process.deleteLater()

    def _release(self) -> QProcess | None:
        """Stop listening to the process and return it."""
        process, self._process = self._process, None
        if process is not None:
            process.readyReadStandardOutput.disconnect(self._on_output_ready)
            process.readyReadStandardError.disconnect(self._on_error_ready)
            process.finished.disconnect(self._on_process_finished)
            process.errorOccurred.disconnect(self._on_process_error)
        return process

    def _on_output_ready(self) -> None:
        if self._process is None:
            return
        data = bytes(self._process.readAllStandardOutput().data())
        try:
            for event in self._decoder.feed(data):
                self._greeted = self._greeted or isinstance(event, Hello)
                self.eventReceived.emit(event)
                if not self.alive:
                    return
        except ProtocolError as error:
            self._end(f"The worker sent something that is not the protocol ({error}), so it was ended.")

    def _on_error_ready(self) -> None:
        if self._process is None:
            return
        text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        self._tail.extend(text.splitlines())
        self.logged.emit(text)

    def _on_process_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_output_ready()
        self._on_error_ready()
        if self._process is None:
            return
        how = "was killed" if status == QProcess.ExitStatus.CrashExit else f"ended with exit code {code}"
        if self._greeted:
            self._end(f"The worker {how}.")
        else:
            self._end(f"The worker could not start: it {how}.")

    def _on_process_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            self._end(f"The worker could not start: {self._process.errorString()} ({self._command[0]}).")

    def _end(self, sentence: str) -> None:
        """Put an end to the process, whatever its state, and say so."""
        process = self._release()
        if process is not None:
            if process.state() != QProcess.ProcessState.NotRunning:
                process.kill()
                process.waitForFinished(_END_TIMEOUT_MS)
            process.deleteLater()
            self.died.emit(sentence, "\n".join(self._tail))


def _environment() -> QProcessEnvironment:
    """Return this process' environment, with what a worker needs before it loads torch."""
    variables = dict(os.environ) | {"PYTHONUNBUFFERED": "1"}
    spin_briefly(variables)
    environment = QProcessEnvironment()
    for name, value in variables.items():
        environment.insert(name, value)
    return environment
