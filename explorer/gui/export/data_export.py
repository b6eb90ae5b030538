"""DataExport: exports a recording in a process of its own, so that the window stays free."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment

from explorer.core.texts import N_, _
from explorer.export.process import Cancelled, Job, Progress, Refused, Report, Written
from explorer.gui.drawing.later import call_later
from explorer.gui.export.work import UNKNOWN, Work
from explorer.gui.session.process.command import own_command
from explorer.gui.session.process.endings import signal_name
from explorer.gui.session.worker_client import ProcessEnd

EXPORT_COMMAND = tuple(own_command("explorer.export.process"))
"""What starts an export."""
_CANCEL_TIMEOUT_MS = 10_000
"""Time that an export may take to end, since it finishes what it computes; then it is killed."""
_LONGEST_REASON = 300


class DataExport(Work):
    """One export; the `Written` report is what comes of it.

    Parameters
    ----------
    command : sequence of str
        What starts the process.
    """

    beginning = N_("Exporting…")

    def __init__(self, command: Sequence[str] = EXPORT_COMMAND, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._process: QProcess | None = None
        self._report: Report | None = None
        self._errors = b""

    @property
    def working(self) -> bool:
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
        process.start(self._command[0], self._command[1:])
        process.write(msgspec.json.encode(job) + b"\n")

    def cancel(self) -> None:
        """Ask it to end without having written anything; `cancelled` follows, after a while by killing it."""
        if self._process is not None:
            self._process.closeWriteChannel()
            self._report = self._report or Cancelled()  # of one that hangs, and says nothing more
            call_later(self._process, self._process.kill, _CANCEL_TIMEOUT_MS)

    def abandon(self) -> None:
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
                done = report.done / report.total if report.total else UNKNOWN
                self.progressed.emit(done, "" if done < 1 else _("Writing…"))
            else:
                self._report = report

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
        if not self._errors and process.exitStatus() == QProcess.ExitStatus.CrashExit:
            self._errors = signal_name(process.exitCode()).encode()
        match self._report:
            case Written() as report:
                self.finished.emit(report)
            case Refused(reason=reason):
                self.failed.emit(str(reason))
            case Cancelled():
                self.cancelled.emit()
            case _:
                self.failed.emit(self._unexpected())

    def _on_process_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            process, self._process = self._process, None
            process.deleteLater()
            self.failed.emit(_("The export could not start: {error}.").format(error=process.errorString()))

    def _unexpected(self) -> str:
        """Return why it ended without a report: the last line of its traceback."""
        lines = self._errors.decode("utf-8", "replace").strip().splitlines()
        last = lines[-1][:_LONGEST_REASON] if lines else ""
        return _("The export failed, and nothing was written: {reason}").format(reason=last or "?")
