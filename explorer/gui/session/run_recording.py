"""RunRecording: the recording of one run, from its announcement on."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from explorer.analysis.events.event_log import EventLog
from explorer.analysis.frames.setting_changes import without_superseded
from explorer.core.protocol import messages as m
from explorer.core.recording.header import SUFFIX, RunHeader
from explorer.core.recording.run_file import Item
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import RunConfig
from explorer.gui.library.files import GIGABYTE, make_room

FULL_RATE_BYTES = 500_000_000
"""Size of a file up to which every frame is written: about four minutes of 10,000 points."""
_SHARE = 0.001
"""Interval of frames beyond that, as a fraction of the elapsed time: their number grows logarithmically."""


class RunRecording:
    """The recording of a run: what precedes its first step, then the writer of its file."""

    def __init__(
        self,
        folder: Path,
        limit: float,
        started: m.Started,
        config: RunConfig,
        header_of: Callable[[RunConfig], RunHeader],
    ) -> None:
        self.started = started
        self._header_of = header_of
        self.writer: RecordingWriter | None = None
        self._folder, self._limit = folder, limit
        self._first = config
        self._configs = {started.config_seq: config}
        self._newest = started.config_seq
        # Before the first step only the newest frame matters: settings can be tried for a long time.
        self._frame: m.Frame | None = None
        self._checkpoint: m.Checkpoint | None = None
        # The losses that are tried where a run is continued draw numbers, on which the next ones depend.
        self._tried: list[m.SettingChange] = []
        self._skipped: m.Frame | None = None
        self._last: m.Frame | None = None

    def note_config(self, event: m.Frame | m.Configured, config: RunConfig | None) -> None:
        """Store the configuration to whose number an event refers."""
        seq = event.config_seq
        step = event.step if isinstance(event, m.Configured) else event.config_step
        if config is None or seq <= self._newest:
            return
        self._newest = seq
        if self.writer is not None:
            self.writer.configured(seq, config)
            return
        self._configs[seq] = config
        if step == self.started.step:
            self._first = config

    def take(self, event: m.RunMessage, log: EventLog, *, training: bool) -> None:
        """Write an event of the worker, and what is new in the log; or keep it until the first step."""
        if self.writer is None and not isinstance(event, m.Failed) and event.step > self.started.step:
            self.writer = self._begin()
        if self.writer is not None:
            found = log.take_new()
            self._write(self.writer, event, thin=training and not found)
            for each in found:
                self.writer.write(each)
        elif isinstance(event, m.Frame):
            self._frame = event
            self._forget_before(event.config_seq)
        elif isinstance(event, m.Configured) and event.step and event.config_seq in self._configs:
            seq = event.config_seq
            self._tried.append(m.SettingChange(seq, event.step, self._configs[seq]))
        elif isinstance(event, m.Checkpoint):
            self._checkpoint = event

    def _forget_before(self, newest: int) -> None:
        """Forget the settings before this number on which the run does not depend."""
        tried = without_superseded(change for change in self._tried if change.seq <= newest)
        self._tried = [*tried, *(change for change in self._tried if change.seq > newest)]
        needed = {self.started.config_seq, *(change.seq for change in tried)} if tried else set()
        self._configs = {
            seq: config for seq, config in self._configs.items() if seq >= newest or seq in needed
        }

    def settle(self, seconds: float) -> None:
        """Write what was skipped, and wait until all is on the disk, at most so many seconds."""
        if self.writer is not None:
            self._write_skipped(self.writer)
            self.writer.settle(seconds)

    def end(self) -> None:
        """Finish the file."""
        if self.writer is not None:
            self._write_skipped(self.writer)
            self.writer.end()

    def _begin(self) -> RecordingWriter:
        writer = RecordingWriter(new_path(self._folder, self._first), self._header)
        for seq, config in self._configs.items():
            writer.configured(seq, config)
        tried = (m.Configured(self.started.run, change.seq, change.step) for change in self._tried)
        early: tuple[Item | None, ...] = (self.started, self._checkpoint, *tried, self._frame)
        for item in early:
            if item is not None:
                writer.write(item)
        return writer

    def _header(self) -> RunHeader:
        """Make room, and return the description of the run; called by the writing thread."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._limit:
            make_room(self._folder, self._limit * GIGABYTE)
        return self._header_of(self._first)

    def _write(self, writer: RecordingWriter, event: m.RunMessage, *, thin: bool) -> None:
        if not isinstance(event, m.Frame):
            self._write_skipped(writer)
            writer.write(event)
        elif thin and not self._is_due(event, writer.status.bytes):
            self._skipped = event
        else:
            self._skipped, self._last = None, event
            writer.write(event)

    def _write_skipped(self, writer: RecordingWriter) -> None:
        """Write the last frame if it was skipped, before another event such as the end."""
        if self._skipped is not None:
            writer.write(self._skipped)
            self._skipped, self._last = None, self._skipped

    def _is_due(self, frame: m.Frame, size: int) -> bool:
        last = self._last
        return (
            size < FULL_RATE_BYTES
            or last is None
            or last.config_seq != frame.config_seq
            or frame.elapsed - last.elapsed >= _SHARE * frame.elapsed
        )


def new_path(folder: Path, config: RunConfig) -> Path:
    """Return a unique path for a new run: time, loss, dimension and six hexadecimal digits."""
    loss = re.sub(r"[^\w.+-]", "-", config.loss.name)
    name = f"{datetime.now():%Y-%m-%d-%H%M%S}-{loss}-{config.network.dim}d-{uuid.uuid4().hex[:6]}"
    return folder / f"{name}{SUFFIX}"
