"""RecordFile: reads the records of an MCAP file, and verifies each.

The reader of the package ``mcap`` trusts lengths and ignores the checksums of attachments. Here lengths are
checked against the size of the file, and data are used only if their checksum is correct.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import NamedTuple, NoReturn, TypeVar

import zstandard
from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import Attachment, AttachmentIndex, Channel, Chunk, ChunkIndex
from mcap.writer import MCAP0_MAGIC

from explorer.core.files import open_regular
from explorer.core.recording.header import RecordingError
from explorer.core.recording.locks import mark_open
from explorer.core.texts import Text, text

MAGIC = MCAP0_MAGIC
"""The eight bytes at the start of a file and, once closed, at its end."""
_HEAD = struct.Struct("<BQ")
"""The start of a record: its kind, and the length of its body."""
_MESSAGE = struct.Struct("<HIQQ")
_FOOTER = struct.Struct("<BQQQI")
_CRC = struct.Struct("<I")
_LIMIT = 1 << 28
"""Maximum bytes in a record, four times the maximum of a checkpoint."""
_MALFORMED = (McapError, struct.error, UnicodeDecodeError, OverflowError)
"""Errors of the package ``mcap`` for malformed records."""
Record = TypeVar("Record")


class Message(NamedTuple):
    """A message: its channel, its sequence number, and its bytes."""

    channel: int
    sequence: int
    data: bytes


class Summary(NamedTuple):
    """The index that a proper close adds; ``topics`` are those of the channels, by their number."""

    topics: dict[int, str]
    chunks: list[ChunkIndex]
    attachments: list[AttachmentIndex]


class RecordFile:
    """An open MCAP file.

    Raises
    ------
    RecordingError
        By every method, if the data are damaged or the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        try:
            self._file = open_regular(path)
        except OSError as error:
            raise RecordingError(
                "Cannot open the recording {file}: {error}.", file=path, error=error
            ) from None
        mark_open(self._file)
        try:
            self.size = self._file.seek(0, 2)
            if self.bytes_at(0, len(MAGIC)) != MAGIC:
                raise RecordingError("{file} is not a recording of Loss Explorer.", file=path)
        except (OSError, RecordingError) as error:
            self._file.close()
            raise RecordingError("{file} is not a recording of Loss Explorer.", file=path) from error

    def grow(self) -> None:
        """Take note of what has been written since the file was opened, and lock it once that has ended."""
        mark_open(self._file)
        with suppress(OSError):  # reading it will say so
            self.size = os.fstat(self._file.fileno()).st_size

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def fail(self, offset: int, reason: Text) -> NoReturn:
        """Raise an error that names the damaged position."""
        raise RecordingError(
            "{file}: damaged at byte {offset}: {reason}", file=self.path, offset=offset, reason=reason
        )

    def bytes_at(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes at an offset."""
        if offset + length > self.size:
            self.fail(offset, text("the file ends within a record."))
        try:
            with self._lock:
                self._file.seek(offset)
                data = self._file.read(length)
        except (OSError, ValueError) as error:  # a closed file raises ValueError
            raise RecordingError("Cannot read {file}: {error}.", file=self.path, error=error) from None
        if len(data) < length:
            self.fail(offset, text("the file was truncated while it was open."))
        return data

    def record(self, offset: int) -> tuple[int, bytes, int]:
        """Return the kind and body of the record at an offset, and the offset of the next one."""
        kind, length = _HEAD.unpack(self.bytes_at(offset, _HEAD.size))
        if length > _LIMIT:
            self.fail(offset, text("the length of a record is invalid."))
        start = offset + _HEAD.size
        return kind, self.bytes_at(start, length), start + length

    def parsed(self, read: Callable[[ReadDataStream], Record], body: bytes, offset: int) -> Record:
        """Parse a body with ``read`` of the package, which must consume all of it."""
        stream = ReadDataStream(BytesIO(body))
        try:
            record = read(stream)
        except _MALFORMED:
            self.fail(offset, text("a record is malformed."))
        if stream.count != len(body):
            self.fail(offset, text("a record is malformed."))
        return record

    def messages(self, body: bytes, offset: int, channels: dict[int, Channel]) -> Iterator[Message]:
        """Verify a chunk, yield its messages, and add its channels to ``channels``."""
        content = self._content(self.parsed(Chunk.read, body, offset), offset)
        place = 0
        while place < len(content):
            start = place + _HEAD.size
            kind, length = _HEAD.unpack_from(content, place) if start <= len(content) else (0, 0)
            place = start + length
            if not kind or place > len(content):
                self.fail(offset, text("a chunk is malformed."))
            if kind == Opcode.CHANNEL:
                channel = self.parsed(Channel.read, content[start:place], offset)
                channels[channel.id] = channel
            elif kind == Opcode.MESSAGE:
                if length < _MESSAGE.size:
                    self.fail(offset, text("a message is malformed."))
                number, sequence, _, _ = _MESSAGE.unpack_from(content, start)
                yield Message(number, sequence, content[start + _MESSAGE.size : place])

    def attachment(self, body: bytes, offset: int) -> Attachment:
        """Verify and return an attachment."""
        if len(body) < _CRC.size or zlib.crc32(memoryview(body)[: -_CRC.size]) != _CRC.unpack(body[-4:])[0]:
            self.fail(offset, text("the checksum of an attachment is wrong."))
        attachment: Attachment = self.parsed(Attachment.read, body, offset)
        return attachment

    def summary(self) -> Summary | None:
        """Return the index at the end of the file; None if it is missing or damaged."""
        end = self.size - len(MAGIC) - _FOOTER.size
        try:
            if self.bytes_at(end + _FOOTER.size, len(MAGIC)) != MAGIC:
                return None
            footer = self.bytes_at(end, _FOOTER.size)
            kind, _, start, _, checksum = _FOOTER.unpack(footer)
            if kind != Opcode.FOOTER or not 0 < start <= end:
                return None
            content = self.bytes_at(start, end - start)
            if zlib.crc32(footer[: -_CRC.size], zlib.crc32(content)) != checksum:
                return None
            summary = Summary({}, [], [])
            while start < end:
                self._add(summary, start)
                _, _, start = self.record(start)
        except (RecordingError, ValueError):  # a negative offset raises ValueError
            return None
        return summary

    def _add(self, summary: Summary, offset: int) -> None:
        kind, body, _ = self.record(offset)
        if kind == Opcode.CHANNEL:
            channel = self.parsed(Channel.read, body, offset)
            summary.topics[channel.id] = channel.topic
        elif kind == Opcode.CHUNK_INDEX:
            summary.chunks.append(self.parsed(ChunkIndex.read, body, offset))
        elif kind == Opcode.ATTACHMENT_INDEX:
            summary.attachments.append(self.parsed(AttachmentIndex.read, body, offset))

    def _content(self, chunk: Chunk, offset: int) -> bytes:
        """Return the data of a chunk, decompressed if another tool has compressed it."""
        size = chunk.uncompressed_size
        if size > _LIMIT:
            self.fail(offset, text("the length of a chunk is invalid."))
        try:
            if chunk.compression == "zstd":
                if zstandard.frame_content_size(chunk.data) not in (-1, size):
                    self.fail(offset, text("a chunk is malformed."))
                content = zstandard.ZstdDecompressor().decompress(chunk.data, max_output_size=size)
            else:
                content = chunk.data
        except zstandard.ZstdError:
            self.fail(offset, text("a chunk cannot be decompressed."))
        if len(content) != size or zlib.crc32(content) != chunk.uncompressed_crc:
            self.fail(offset, text("the checksum of a chunk is wrong."))
        return content
