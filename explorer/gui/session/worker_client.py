"""WorkerClient: the worker process as the window sees it: commands in, events out, and why it ended."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QProcessEnvironment, Qt, QTimer, Signal

from explorer.core.protocol.framing import ProtocolError, encode
from explorer.core.protocol.messages import Command, Event, Failed, Hello, Shutdown
from explorer.core.texts import Text, text
from explorer.gui.drawing.later import call_later
from explorer.gui.session.process.command import own_command
from explorer.gui.session.process.conversation import Conversation
from explorer.gui.session.process.endings import ending_sentence
from explorer.gui.session.process.handshake import mismatch
from explorer.gui.session.process.watchdog import Watchdog

_TAIL_LINES = 40
_LONGEST_LINE, _MOST_LOGGED = 1_000, 50_000
"""Characters of a line, and bytes at once, that are logged of what a library writes without measure."""
_END_TIMEOUT_MS = 1500
"""Time that a worker may take to end, since it finishes its current step."""


class WorkerClient(QObject):
    """Starts a worker process, exchanges messages with it, and ends it.

    Parameters
    ----------
    command : sequence of str
        Program and arguments of the worker.

    Signals
    -------
    eventReceived(object)
        An event of the worker.
    died(Text, str)
        It ended by itself: why, and the last lines of its standard error.
    logged(str)
        It wrote to standard error.
    stalledChanged(bool)
        It does not respond any more, or it does again.
    """

    eventReceived = Signal(object)
    died = Signal(object, str)
    logged = Signal(str)
    stalledChanged = Signal(bool)

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._process: QProcess | None = None
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self._conversation = Conversation()
        self._watchdog = Watchdog(
            lambda: self._conversation.awaiting,
            lambda: self._conversation.asked,
            lambda: self._conversation.greeted,
            self,
        )
        self._watchdog.stalledChanged.connect(self.stalledChanged)

    @property
    def alive(self) -> bool:
        """Whether there is a process to talk to."""
        return self._process is not None

    @property
    def stalled(self) -> bool:
        """Whether the process does not respond."""
        return self._watchdog.stalled

    @property
    def process_id(self) -> int:
        """The worker's process id, 0 where there is none."""
        return self._process.processId() if self._process is not None else 0

    def start(self) -> None:
        """Start a worker, after ending the one that runs, if any."""
        self.stop()
        self._conversation = Conversation()
        self._tail.clear()
        process = QProcess(self)
        process.setProcessEnvironment(_environment())
        # Queued: `send` may read too, and no event may be handled in the middle of a command.
        process.readyReadStandardOutput.connect(self._on_output_ready, Qt.ConnectionType.QueuedConnection)
        process.readyReadStandardError.connect(self._on_error_ready)
        process.started.connect(self._on_process_started)
        process.finished.connect(self._on_process_finished)
        process.errorOccurred.connect(self._on_process_error)
        self._process = process
        process.start(self._command[0], self._command[1:])

    def send(self, command: Command) -> None:
        """Send a command; it is written before this returns if the worker runs. Ignored without a worker."""
        if self._process is not None and self._process.state() != QProcess.ProcessState.NotRunning:
            self._conversation.note(command)
            self._process.write(encode(command))
            _flush(self._process)

    def stop(self) -> None:
        """Ask the worker to end, and return at once; it is killed if it does not end soon."""
        process = self._release()
        if process is None:
            return
        if process.state() != QProcess.ProcessState.NotRunning:
            process.write(encode(Shutdown()))
            _flush(process)
            process.closeWriteChannel()
        ProcessEnd(process, _END_TIMEOUT_MS)

    def _release(self) -> QProcess | None:
        """Stop listening to the process and return it."""
        process, self._process = self._process, None
        self._watchdog.stop()
        if process is not None:
            process.started.disconnect(self._on_process_started)
            process.readyReadStandardOutput.disconnect(self._on_output_ready)
            process.readyReadStandardError.disconnect(self._on_error_ready)
            process.finished.disconnect(self._on_process_finished)
            process.errorOccurred.disconnect(self._on_process_error)
        return process

    def _on_output_ready(self) -> None:
        process = self._process
        if process is None:
            return
        data = bytes(process.readAllStandardOutput().data())
        if data:
            self._watchdog.note_life()
        try:
            for event in self._conversation.receive(data):
                sentence = _refusal(event)
                if sentence is not None:
                    self._end(sentence)
                    return
                self._watchdog.note_message()
                self.eventReceived.emit(event)
                if self._process is not process:  # ended meanwhile, or another has been started
                    return
        except ProtocolError as error:
            self._end(text("The trainer was stopped because it violated the protocol. {error}", error=error))

    def _on_error_ready(self) -> None:
        if self._process is None:
            return
        written = bytes(self._process.readAllStandardError().data())[-_MOST_LOGGED:]
        lines = [line[:_LONGEST_LINE] for line in written.decode("utf-8", "replace").splitlines()]
        self._tail.extend(lines)
        self.logged.emit("\n".join(lines))

    def _on_process_started(self) -> None:
        if self._process is not None:
            self._watchdog.watch(self._process.processId())

    def _on_process_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_output_ready()
        self._on_error_ready()
        if self._process is None:
            return
        crashed = status == QProcess.ExitStatus.CrashExit
        self._end(ending_sentence(code, crashed=crashed, greeted=self._conversation.greeted))

    def _on_process_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:  # perhaps within `start`, whose caller goes on
            call_later(self, self._on_start_failed)

    def _on_start_failed(self) -> None:
        process = self._process
        if process is not None and process.state() == QProcess.ProcessState.NotRunning:
            reason, program = process.errorString(), self._command[0]
            self._end(
                text("The trainer could not start: {error} ({program}).", error=reason, program=program)
            )

    def _end(self, sentence: Text) -> None:
        """End the process, whatever its state, and report why."""
        process = self._release()
        if process is not None:
            ProcessEnd(process, 0)
            self.died.emit(sentence, "\n".join(self._tail))


class ProcessEnd(QObject):
    """A process that has been asked to end, and is killed after a timeout.

    It belongs to the application, so that it outlives the client. An application that quits waits for the
    rest of the timeout after its windows have closed.
    """

    def __init__(self, process: QProcess, milliseconds: int) -> None:
        application = QCoreApplication.instance()
        assert application is not None, "a process was started"
        super().__init__(application)
        self._process = process
        process.setParent(self)
        if process.state() == QProcess.ProcessState.NotRunning:
            self.deleteLater()
            return
        process.finished.connect(self.deleteLater)
        process.errorOccurred.connect(self._on_process_error)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(process.kill)
        application.aboutToQuit.connect(self._on_about_to_quit)
        if milliseconds:
            self._timer.start(milliseconds)
        else:
            process.kill()

    def _on_process_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.deleteLater()

    def _on_about_to_quit(self) -> None:
        if not self._process.waitForFinished(max(self._timer.remainingTime(), 0)):
            self._process.kill()
            self._process.waitForFinished(_END_TIMEOUT_MS)


def local_worker() -> list[str]:
    """Return the command that starts a worker of this very program on this machine."""
    return own_command("explorer.worker.entry")


def workers_ending() -> bool:
    """Return whether any worker that was asked to end is still running."""
    application = QCoreApplication.instance()
    return application is not None and bool(application.findChildren(ProcessEnd))


def _refusal(event: Event) -> Text | None:
    """Return why the window cannot work with the worker that sent an event; None where it can."""
    if isinstance(event, Hello):
        return mismatch(event)
    return event.what if isinstance(event, Failed) and event.where == "start" else None


def _flush(process: QProcess) -> None:
    """Write buffered output now: on POSIX Qt would wait for the event loop, which may be busy drawing.

    Not before the process has started: waiting could report a failed start in the middle of a command.
    """
    if sys.platform != "win32" and process.state() == QProcess.ProcessState.Running:
        process.waitForBytesWritten(0)


def _environment() -> QProcessEnvironment:
    """Return the environment of this process, with unbuffered output of Python."""
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("PYTHONUNBUFFERED", "1")
    return environment
