"""An export in a process of its own, for a window: it reports how far it is, and can be cancelled.

The window writes a `Job` as one line of JSON to standard input, and closes that to cancel; so a window that
crashes leaves no export behind. Reports come back on standard output, one a line.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TextIO

import msgspec
from msgspec import Struct

from explorer.core.recording.locks import is_written
from explorer.core.recording.reader import Recording
from explorer.core.texts import Text, TextError
from explorer.export.formats import format_of
from explorer.export.request import Request


class Job(Struct, frozen=True):
    """What is to be exported: as `Request`, with paths as texts and the format by its name."""

    file: str
    format: str
    out: str
    at: int | None = None
    every: bool = False
    force: bool = False


class Progress(Struct, frozen=True, tag=True):
    """How many frames are done, of how many."""

    done: int
    total: int


class Written(Struct, frozen=True, tag=True):
    """The files or folders that were written, and what is to be said of them."""

    paths: tuple[str, ...]
    notices: tuple[Text, ...] = ()


class Refused(Struct, frozen=True, tag=True):
    """Why nothing was written."""

    reason: Text


class Cancelled(Struct, frozen=True, tag=True):
    """Nothing was written, as was asked for."""


Report = Progress | Written | Refused | Cancelled


def perform(job: Job, progress: TextIO) -> Report:
    """Export, write the progress as lines, and return what came of it.

    Raises
    ------
    KeyboardInterrupt
        If it was interrupted: nothing was written.
    """
    notices: list[Text] = []
    chosen, file = format_of(job.format), Path(job.file)
    try:
        growing = file.is_file() and is_written(file)
        with Recording(file) as recording:
            if recording.damage is not None and not growing:  # a live run has no end yet
                notices.append(recording.damage)
            request = Request(
                recording=recording,
                out=Path(job.out),
                at=job.at,
                every=job.every,
                force=job.force,
                notices=notices,
                progress=lambda done, total: _say(progress, Progress(done, total)),
            )
            written = chosen.write(request)
    except TextError as error:
        return Refused(error.text)
    return Written(tuple(map(str, written)), tuple(notices))


def main() -> int:
    """Carry out the job on standard input; return the exit code."""
    out, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no report
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
        threading.Thread(target=_interrupt_at_end, daemon=True).start()
        report = perform(job, out)
    except KeyboardInterrupt:
        report = Cancelled()
    _say(out, report)
    return 0


def _interrupt_at_end() -> None:
    """Interrupt the export once the window closes the pipe.

    Python's own reader would hold a lock when the process ends.
    """
    while os.read(sys.stdin.fileno(), 1024):
        pass
    _thread.interrupt_main()


def _say(out: TextIO, report: Report) -> None:
    out.write(msgspec.json.encode(report).decode() + "\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main())
