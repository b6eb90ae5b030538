"""DataExport: exports a recording in a process of its own, so that the window stays free."""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from explorer.core.texts import Text, text, verbatim
from explorer.export.process import Cancelled, Job, Progress, Refused, Report, Written
from explorer.gui.session.process.command import own_command
from explorer.gui.session.worker_client import ProcessEnd

EXPORT_COMMAND = tuple(own_command("explorer.export.process"))
"""What starts an export."""
_CANCEL_TIMEOUT_MS = 10_000
"""Time that an export may take to end, since it finishes what it computes; then it is killed."""
_LONGEST_REASON = 300


class DataExport(QObject):
    """One export, with its progress.

    Parameters
    ----------
    command : sequence of str
        What starts the process.

    Signals
    -------
    progressed(int, int, float)
        Frames that are done, of how many, and the seconds that the rest will take.
    completed(object)
        The `Written` report.
    refused(Text)
        Why nothing was written.
    cancelled()
        Nothing was written, as was asked for.
    """

    progressed = Signal(int, int, float)
    completed = Signal(object)
    refused = Signal(object)
    cancelled = Signal()

    def __init__(self, command: Sequence[str] = EXPORT_COMMAND, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._process: QProcess | None = None
        self._report: Report | None = None
        self._began = 0.0
        self._errors = b""

    @property
    def running(self) -> bool:
        """Whether it exports."""
        return self._process is not None

    def start(self, job: Job) -> None:
        """Begin a job."""
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUNBUFFERED", "1")
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._on_output_ready)
        process.readyReadStandardError.connect(self._on_error_ready)
        process.finished.connect(self._on_process_finished)
        process.errorOccurred.connect(self._on_process_error)
        self._process, self._report, self._errors = process, None, b""
        self._began = time.monotonic()
        process.start(self._command[0], self._command[1:])
        process.write(msgspec.json.encode(job) + b"\n")

    def cancel(self) -> None:
        """Ask it to end without having written anything; it says when that is so."""
        if self._process is not None:
            self._process.closeWriteChannel()

    def stop(self) -> None:
        """Ask it to end, and tell nothing more."""
        process, self._process = self._process, None
        if process is not None:
            process.closeWriteChannel()
            ProcessEnd(process, _CANCEL_TIMEOUT_MS)

    def _on_output_ready(self) -> None:
        while self._process is not None and self._process.canReadLine():
            line = bytes(self._process.readLine().data())
            report = msgspec.json.decode(line, type=Report)
            if isinstance(report, Progress):
                self._tell_progress(report)
            else:
                self._report = report

    def _tell_progress(self, report: Progress) -> None:
        spent = time.monotonic() - self._began
        left = spent * (report.total - report.done) / max(report.done, 1)
        self.progressed.emit(report.done, report.total, left)

    def _on_error_ready(self) -> None:
        if self._process is not None:
            self._errors += bytes(self._process.readAllStandardError().data())

    def _on_process_finished(self) -> None:
        self._on_output_ready()
        self._on_error_ready()
        process, self._process = self._process, None
        if process is None:
            return
        process.deleteLater()
        match self._report:
            case Written() as report:
                self.completed.emit(report)
            case Refused(reason=reason):
                self.refused.emit(reason)
            case Cancelled():
                self.cancelled.emit()
            case _:
                self.refused.emit(self._unexpected())

    def _on_process_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            process, self._process = self._process, None
            process.deleteLater()
            self.refused.emit(text("The export could not start: {error}.", error=process.errorString()))

    def _unexpected(self) -> Text:
        """Return why it ended without a report: the last line of its traceback."""
        lines = self._errors.decode("utf-8", "replace").strip().splitlines()
        last = lines[-1][:_LONGEST_REASON] if lines else ""
        return text("The export failed, and nothing was written: {reason}", reason=verbatim(last or "?"))
