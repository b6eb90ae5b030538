"""Recordings for the tests of the library."""

from __future__ import annotations

import os
from pathlib import Path

from core.recording.small_run import FRAMES, STARTED

from explorer.core.recording.header import Parent, RunHeader, new_header
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import RunConfig


def make_run(
    path: Path, *, seconds: int | None = None, parent: Parent | None = None, name: str = "", **changes: object
) -> RunHeader:
    """Record four frames up to step 30 with these settings, ``__`` for a dot; last changed at this second."""
    config = RunConfig().replace({key.replace("__", "."): value for key, value in changes.items()})
    header = new_header(config, parent=parent, name=name)
    with RecordingWriter(path, header) as writer:
        writer.configured(1, config)
        for item in (STARTED, *FRAMES[:2]):
            writer.write(item)
        writer.configured(2, config)
        for item in FRAMES[2:]:
            writer.write(item)
    if seconds is not None:
        os.utime(path, (seconds, seconds))
    return header


def begin_run(path: Path) -> RecordingWriter:
    """Return a writer that has recorded the start of a run and goes on."""
    writer = RecordingWriter(path, new_header(RunConfig()))
    writer.write(STARTED)
    writer.write(FRAMES[0])
    return writer
