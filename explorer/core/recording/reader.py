"""Recording: reads a recorded run, with random access to frames."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from mcap.opcode import Opcode
from mcap.records import Header, Metadata

from explorer.core.protocol import messages as m
from explorer.core.recording import header as h
from explorer.core.recording.contents import Contents
from explorer.core.recording.records import MAGIC, RecordFile
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text, text


class Recording:
    """A recorded run. Use it as a context manager, or `close` it.

    A properly closed file is opened by the index at its end, and frames are read on demand. Other files, as
    after a crash, are scanned once up to their end or the first damage. Everything returned has a valid
    checksum and fits the run.

    Parameters
    ----------
    path : Path
        The file.

    Attributes
    ----------
    header : RunHeader
        The description of the run at its start.
    frames : int
        Number of frames.
    steps, elapsed : tuple
        Step of each frame, and elapsed seconds of training.
    settings : tuple of SettingChange
        All configurations that were in force, in order; the first is that at the start.
    notices : tuple of Notice, Failed, Finished
        Other events of the worker.
    events : tuple of RunEvent
        Events detected in the frames during recording.
    checkpoints, checkpoint_configs : tuple of int
        Step of each checkpoint, and the number of the configuration in force in it, -1 for none yet.
    complete : bool
        Whether the file was closed properly and has no damage that was found on opening.
    damage : Text, optional
        Why it is not complete, and how much can be read.

    Raises
    ------
    RecordingError
        By the constructor, if the file is not a recording, has a newer format, or is damaged before its first
        frame; by every method, if the requested part is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = RecordFile(path)
        try:
            self.header, begin = _read_header(self._file)
            self._contents = self._gather(begin)
        except BaseException:
            self._file.close()
            raise
        contents = self._contents
        self.frames = len(contents.places)
        self.steps, self.elapsed = tuple(contents.steps), tuple(contents.elapsed)
        self.settings, self.notices = tuple(contents.settings), tuple(contents.notices)
        self.events = tuple(contents.events)
        self.checkpoints = tuple(place.step for place in contents.checkpoints)
        self.checkpoint_configs = tuple(place.config_seq for place in contents.checkpoints)
        self.damage = self._described(contents.damage)
        self.complete = self.damage is None
        self._configs = {change.seq: change.config for change in contents.settings}

    @property
    def started(self) -> m.Started:
        """The probe set and sizes of the run.

        Raises
        ------
        RecordingError
            If the file ends before them.
        """
        if self._contents.started is None:
            raise h.RecordingError("{file}: this recording ends before its first frame.", file=self.path)
        return self._contents.started

    @property
    def skipped(self) -> bool:
        """Whether damaged records before others were left out, perhaps a change of settings."""
        return self._contents.skipped

    def frame(self, index: int) -> m.Frame:
        """Return a frame by its number, features as float32.

        Raises
        ------
        IndexError
            If there is no such frame.
        RecordingError
            If it is damaged.
        """
        contents = self._contents
        return contents.frame(contents.places[index], contents.steps[index], contents.config_seqs[index])

    def config(self, index: int) -> RunConfig:
        """Return the configuration with which the step of a frame was trained; raises as `frame`."""
        config = self._configs.get(self._contents.config_seqs[index])
        if config is None:
            raise h.RecordingError(
                "{file}: the settings of step {step} are missing.", file=self.path, step=self.steps[index]
            )
        return config

    def checkpoint(self, index: int) -> bytes:
        """Return a checkpoint by its number, as `explorer.worker.training.checkpoint` wrote it.

        Raises
        ------
        IndexError, RecordingError
            As `frame`.
        """
        return self._contents.checkpoint(self._contents.checkpoints[index].offset)

    def verify(self) -> Text | None:
        """Read everything; return what is damaged, or None."""
        try:
            for index in range(self.frames):
                self.frame(index)
                self.config(index)
            for index in range(len(self.checkpoints)):
                self.checkpoint(index)
        except h.RecordingError as error:
            return error.text
        return self.damage

    def close(self) -> None:
        """Close the file; nothing more can be read."""
        self._file.close()

    def __enter__(self) -> Self:
        """Return the recording."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def _gather(self, begin: int) -> Contents:
        summary = self._file.summary()
        if summary is not None:
            contents = Contents(self._file)
            if contents.look_up(summary):
                return contents
        contents = Contents(self._file)
        contents.scan(begin)
        return contents

    def _described(self, damage: Text | None) -> Text | None:
        if damage is None:
            return None
        if not self.frames:
            return text("{reason} No frame can be read.", reason=damage)
        return text(
            "{reason} Frames that can be read: {count}, up to step {step}.",
            reason=damage,
            count=self.frames,
            step=self.steps[-1],
        )


def read_header(path: Path) -> h.RunHeader:
    """Return the header of a recording without reading the rest; raises as `Recording` does."""
    file = RecordFile(path)
    try:
        return _read_header(file)[0]
    finally:
        file.close()


def _read_header(file: RecordFile) -> tuple[h.RunHeader, int]:
    """Return the header, and where the messages begin."""
    offset = len(MAGIC)
    try:
        kind, body, following = file.record(offset)
        profile = file.parsed(Header.read, body, offset).profile if kind == Opcode.HEADER else ""
    except h.RecordingError:
        profile = ""
    if profile != h.PROFILE:
        raise h.RecordingError("{file} is not a recording of Loss Explorer.", file=file.path)
    kind, body, begin = file.record(following)
    if kind != Opcode.METADATA:
        file.fail(following, text("the header is missing."))
    metadata = file.parsed(Metadata.read, body, following)
    return h.from_metadata(metadata.metadata, file.path), begin
