"""GrowingRecording: reads a recording while another thread of this process writes it."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import NamedTuple
from weakref import ref

from explorer.core.protocol import messages as m
from explorer.core.recording.contents import Contents, FramePlace
from explorer.core.recording.header import RecordingError
from explorer.core.recording.records import RecordFile
from explorer.core.settings.config import RunConfig


class WrittenCheckpoint(NamedTuple):
    """Where a checkpoint is: the one that was written, while anybody else has it, and its byte offset."""

    checkpoint: ref[m.Checkpoint]
    offset: int


class FrameLog:
    """The frames that a recording has so far, 24 bytes for each, and its checkpoints.

    One thread adds to it and others read. It only grows, and a frame is counted once it is whole on disk, so
    that no lock is needed.

    Attributes
    ----------
    numbers, steps, config_seqs, elapsed : array
        One entry per frame, the one that is being written included: its ``index``, step, number of the
        configuration and seconds of training.
    configs : dict of int to RunConfig
        The configurations that frames were trained with, by their numbers.
    checkpoints : list of WrittenCheckpoint
        The checkpoints that are whole on disk.
    start : int or None
        Byte offset of the chunk that begins the run; None before it is written.
    """

    def __init__(self) -> None:
        self.numbers, self.steps, self.config_seqs = array("i"), array("i"), array("i")
        self.elapsed = array("f")
        self.configs: dict[int, RunConfig] = {}
        self.checkpoints: list[WrittenCheckpoint] = []
        self.start: int | None = None
        self._offsets = array("q")

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self._offsets)

    def add(self, frame: m.Frame) -> None:
        """Enter a frame before it is written; raises OverflowError for numbers that have no place."""
        self.numbers.append(frame.index)
        self.steps.append(frame.step)
        self.config_seqs.append(frame.config_seq)
        self.elapsed.append(frame.elapsed)

    def count(self, offset: int) -> None:
        """Count the frame that was added, as it is on disk now, in a chunk that begins at a byte offset."""
        self._offsets.append(offset)

    def add_checkpoint(self, checkpoint: m.Checkpoint, offset: int) -> None:
        """Enter a checkpoint, as it is on disk now, in a record that begins at a byte offset."""
        self.checkpoints.append(WrittenCheckpoint(ref(checkpoint), offset))

    def place(self, index: int) -> FramePlace:
        """Return the location of a frame; raises IndexError where there is none."""
        return FramePlace(self._offsets[index], 0)


class GrowingRecording:
    """The frames and checkpoints of a recording that is being written, or was until it ended or failed.

    They are exactly those that `Recording` reads from the file later, with the same checks. Nothing waits for
    the writing thread. The file is opened when the first of them is read.

    Parameters
    ----------
    path : Path
        The file.
    log : FrameLog
        Where its frames are, kept by whoever writes it.
    """

    def __init__(self, path: Path, log: FrameLog) -> None:
        self.log = log
        self._path = path
        self._file: RecordFile | None = None
        self._contents: Contents | None = None

    def frame(self, index: int) -> tuple[m.Frame, RunConfig]:
        """Return a frame, its features as float32, and the configuration with which it was trained.

        Raises
        ------
        IndexError
            If there is no such frame.
        RecordingError
            If it cannot be read, or is damaged.
        """
        log = self.log
        place, seq = log.place(index), log.config_seqs[index]
        config = log.configs.get(seq)
        if config is None:
            raise RecordingError(
                "{file}: the settings of step {step} are missing.", file=self._path, step=log.steps[index]
            )
        return self._open().frame(place, log.steps[index], seq), config

    def checkpoint(self, offset: int) -> bytes:
        """Return the bytes of a checkpoint by its place in the log; raises RecordingError as `frame`."""
        return self._open().checkpoint(offset)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = self._contents = None

    def _open(self) -> Contents:
        """Return the contents as far as they are written."""
        if self._file is None or self._contents is None:
            assert self.log.start is not None, "the start precedes all frames"
            self._file = RecordFile(self._path)
            self._contents = Contents(self._file)
            self._contents.take_start(self.log.start)
        self._file.grow()
        return self._contents
