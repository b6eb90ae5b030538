"""RunFile: writes a recording. Each call leaves complete records in the file, or raises an error."""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

import msgspec
import numpy as np
from mcap.writer import CompressionType, Writer
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from explorer.core.dimensions import FEW_DIMENSIONS
from explorer.core.files import sync, sync_folder, write_all
from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.recording import header as h
from explorer.core.recording.growing import FrameLog
from explorer.core.recording.locks import mark_written
from explorer.core.settings.config import RunConfig

_SMALLEST, _LARGEST = 2.0**-14, 65504.0
"""The range of normal numbers of float16; smaller numbers lose precision."""
SYNC_SECONDS = 1.0
"""How much of a run a power cut may cost; the system itself may keep what is written for half a minute."""
_encoder = msgspec.msgpack.Encoder()


class Configuration(Struct, frozen=True):
    """A requested configuration, with its number."""

    seq: int
    config: RunConfig


Item = m.Event | h.RunEvent | Configuration


class RunFile:
    """The file of a run, open for writing.

    Parameters
    ----------
    path, header, overwrite
        As for `RecordingWriter`.
    log : FrameLog
        Is told of every frame and every checkpoint that has been written.

    Attributes
    ----------
    size : int
        Bytes on disk, up to the last complete record.

    Raises
    ------
    OSError
        By every method, if the file cannot be written.
    ValueError, OverflowError, msgspec.MsgspecError
        For a value that the format cannot represent, such as a path that is not valid text.
    """

    def __init__(self, path: Path, header: h.RunHeader, log: FrameLog, *, overwrite: bool) -> None:
        self._path, self._header, self._log = path, header, log
        metadata = h.to_metadata(header)
        self._output = _Output(path, overwrite=overwrite)
        self._configs: dict[int, RunConfig] = {}
        self._in_force: int | None = None
        self._run: int | None = None
        self._sequence = 0
        self.size = 0
        self._unsynced_since: float | None = None
        # Features hardly compress: zstd makes them 8% smaller and takes twice the time.
        self._mcap = Writer(cast(IO[bytes], self._output), compression=CompressionType.NONE)
        try:
            self._mcap.start(profile=h.PROFILE, library=f"loss-explorer {header.version}")
            self._mcap.add_metadata(h.METADATA, metadata)
            self._channels = {topic: self._mcap.register_channel(topic, "msgpack", 0) for topic in h.TOPICS}
            self._flush()
            self.sync()
        except OSError:
            self._output.close()
            path.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)

    @property
    def frames(self) -> int:
        """Number of frames written."""
        return len(self._log)

    def write(self, item: Item) -> None:
        """Write an item, unless it does not belong to the recording."""
        match item:
            case Configuration(seq, config):
                self._configs[seq] = config
            case m.Started() if self._run is None:
                self._run, self._log.start = item.run, self.size
                self._add(h.STARTED, item)
            case h.RunEvent():
                self._add(h.EVENT, item)
            case _ if isinstance(item, m.RunMessage) and item.run == self._run:
                self._write_of_run(item)

    @property
    def sync_in(self) -> float | None:
        """Seconds until `sync` is due; None where all is on the disk."""
        since = self._unsynced_since
        return None if since is None else max(0.0, since + SYNC_SECONDS - time.monotonic())

    def sync(self) -> None:
        """Bring what has been written from the system's memory to the disk, where a power cut leaves it."""
        self._output.sync()
        self._unsynced_since = None

    def finish(self) -> None:
        """Add the index and close the file; remove it if no run has started."""
        if self._run is not None:
            log = self._log
            columns = (Array.of(np.array(column)) for column in (log.steps, log.config_seqs, log.elapsed))
            self._attach(h.INDEX, "application/x-msgpack", _encoder.encode(h.FrameIndex(*columns)))
            self._mcap.finish()  # type: ignore[no-untyped-call]  # the package leaves it without annotations
            self._flush()
            self.sync()
        self._output.close()
        if self._run is None:
            self._path.unlink(missing_ok=True)

    def abandon(self) -> None:
        """Truncate the file after its last complete record, if the disk allows, and close it.

        It is removed if no run has started.
        """
        with suppress(OSError):
            self._output.cut(self.size)
        with suppress(OSError):
            self._output.close()
        if self._sequence == 0:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def _write_of_run(self, item: m.RunMessage) -> None:
        match item:
            case m.Frame():
                self._note_config(item.config_seq, item.config_step)
                self._log.add(item)
                offset = self.size
                self._add(h.FRAME, replace(item, features=compact(item.features)))
                self._log.count(offset)
            case m.Configured():
                self._note_config(item.config_seq, item.step)
            case m.Checkpoint():
                offset = self.size
                self._attach(f"{h.CHECKPOINT}{item.step}", "application/x-safetensors", item.data)
                self._log.add_checkpoint(item, offset)
            case _:
                self._add(h.NOTICE, item)

    def _note_config(self, seq: int, step: int) -> None:
        """Write the configuration in force from a step on, if it has changed; forget older ones."""
        if seq == self._in_force:
            return
        config = self._configs.get(seq, self._header.config if self._in_force is None else None)
        self._configs = {number: kept for number, kept in self._configs.items() if number > seq}
        self._in_force = seq
        if config is not None:
            self._log.configs[seq] = config
            self._add(h.SETTING, m.SettingChange(seq, step, config))

    def _add(self, topic: str, message: Struct) -> None:
        now = time.time_ns()
        self._mcap.add_message(self._channels[topic], now, _encoder.encode(message), now, self._sequence)
        self._sequence += 1
        self._flush()

    def _attach(self, name: str, kind: str, data: bytes) -> None:
        now = time.time_ns()
        self._mcap.add_attachment(now, now, name, kind, data)
        self._flush()

    def _flush(self) -> None:
        """End the chunk and write it to the operating system."""
        self._mcap.flush()  # type: ignore[no-untyped-call]  # the package leaves it without annotations
        self._output.check_linked()
        self.size = self._output.tell()
        if self._unsynced_since is None:
            self._unsynced_since = time.monotonic()


class _Output:
    """Unbuffered output for the package, so that every frame shown survives a crash of this process."""

    def __init__(self, path: Path, *, overwrite: bool) -> None:
        self._file = open(path, "wb" if overwrite else "xb", buffering=0)  # noqa: SIM115  # closed by `close`
        mark_written(self._file)
        self._place = 0

    def write(self, data: bytes) -> int:
        """Write all bytes."""
        write_all(self._file.fileno(), data)
        self._place += len(data)
        return len(data)

    def tell(self) -> int:
        """Return the number of bytes written."""
        return self._place

    def flush(self) -> None:
        """Do nothing: there is no buffer."""

    def check_linked(self) -> None:
        """Raise OSError if the file has been deleted, since writing to it would still succeed."""
        if os.fstat(self._file.fileno()).st_nlink == 0:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    def sync(self) -> None:
        """Bring the file to the disk."""
        sync(self._file.fileno())

    def cut(self, size: int) -> None:
        """Truncate the file."""
        self._file.truncate(size)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def compact(features: Array) -> Array:
    """Return features (n, d) as float16 if every row keeps its precision of 2⁻¹¹, else unchanged.

    Rounding a row to float16 moves it by less than a thousandth of its length if its largest coordinate is a
    normal number of float16. Otherwise large features would become infinite and small ones zero or inexact,
    and directions would be wrong. Rows of zeros or NaN are preserved.
    """
    if features.dtype != "<f4" or len(features.shape) != 2:
        return features
    values: NDArray[np.float32] = features.numpy()
    dimensions = values.shape[1]
    if dimensions > FEW_DIMENSIONS:
        largest = np.fmax.reduce(np.abs(values), axis=1)
        largest[np.isnan(largest)] = 0  # a row of NaN
    else:
        largest = np.zeros(len(values), np.float32)
        for column in values.T:  # ten times faster than a maximum over the short axis
            np.fmax(largest, np.abs(column), out=largest)
    # Coordinates that are no normal numbers are wrong by 2⁻²⁵ each, together by √d times as much.
    smallest = _SMALLEST * max(1.0, (dimensions / FEW_DIMENSIONS) ** 0.5)
    normal = (largest >= smallest) & (largest <= _LARGEST)
    if not (normal | (largest == 0)).all():
        return features
    return Array.of(values.astype(np.float16))
