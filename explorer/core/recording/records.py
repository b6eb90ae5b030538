"""The records of an MCAP file, each checked before it is handed out.

The reader of the package ``mcap`` trusts lengths, and leaves the checksums of attachments alone. Here a
length is believed only where the file is that long, and nothing is used before its checksum agrees.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
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

from explorer.core.recording.header import RecordingError
from explorer.core.recording.locks import mark_open
from explorer.core.texts import Text, text

MAGIC = MCAP0_MAGIC
"""The eight bytes with which such a file begins and, once closed, ends."""
_HEAD = struct.Struct("<BQ")
"""What each record begins with: its kind, and the length of what follows."""
_MESSAGE = struct.Struct("<HIQQ")
_FOOTER = struct.Struct("<BQQQI")
_CRC = struct.Struct("<I")
_LIMIT = 1 << 28
"""Bytes in a record; the largest that is written, a checkpoint, has at most a quarter of that."""
_MALFORMED = (McapError, struct.error, UnicodeDecodeError, OverflowError)
"""What the package ``mcap`` raises at bytes that are no record."""
Record = TypeVar("Record")


class Message(NamedTuple):
    """A message: the number of its channel, its own number among all messages, and its bytes."""

    channel: int
    sequence: int
    data: bytes


class Summary(NamedTuple):
    """What a clean close adds: where everything is. ``topics`` are those of the channels."""

    topics: dict[int, str]
    chunks: list[ChunkIndex]
    attachments: list[AttachmentIndex]


class RecordFile:
    """An open file of records.

    Raises
    ------
    RecordingError
        By every method, at bytes that are not what was written, and where the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise RecordingError(
                "Cannot open the recording {file}: {error}.", file=path, error=error.strerror or error
            ) from None
        mark_open(self._file)
        try:
            self.size = self._file.seek(0, 2)
            if self.bytes_at(0, len(MAGIC)) != MAGIC:
                raise RecordingError("{file} is not a recording of Loss Explorer.", file=path)
        except (OSError, RecordingError) as error:
            self._file.close()
            raise RecordingError("{file} is not a recording of Loss Explorer.", file=path) from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def fail(self, offset: int, reason: Text) -> NoReturn:
        """Raise the error that names the damaged place."""
        raise RecordingError(
            "{file}: damaged at byte {offset}: {reason}", file=self.path, offset=offset, reason=reason
        )

    def bytes_at(self, offset: int, length: int) -> bytes:
        """Return the bytes at a place."""
        if offset + length > self.size:
            self.fail(offset, text("the file ends within a record."))
        try:
            with self._lock:
                self._file.seek(offset)
                data = self._file.read(length)
        except (OSError, ValueError) as error:  # a closed file is a ValueError
            raise RecordingError("Cannot read {file}: {error}.", file=self.path, error=error) from None
        if len(data) < length:
            self.fail(offset, text("the file has become shorter."))
        return data

    def record(self, offset: int) -> tuple[int, bytes, int]:
        """Return the kind of the record at a place, its body, and the place of the next one."""
        kind, length = _HEAD.unpack(self.bytes_at(offset, _HEAD.size))
        if length > _LIMIT:
            self.fail(offset, text("a record cannot be that long."))
        start = offset + _HEAD.size
        return kind, self.bytes_at(start, length), start + length

    def parsed(self, read: Callable[[ReadDataStream], Record], body: bytes, offset: int) -> Record:
        """Return the record that the package's ``read`` makes of a body, all of which it must take."""
        stream = ReadDataStream(BytesIO(body))
        try:
            record = read(stream)
        except _MALFORMED:
            self.fail(offset, text("a record is malformed."))
        if stream.count != len(body):
            self.fail(offset, text("a record is malformed."))
        return record

    def messages(self, body: bytes, offset: int, channels: dict[int, Channel]) -> Iterator[Message]:
        """Yield the messages of a chunk whose checksum agrees, and note the channels that it declares."""
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
        """Return an attachment whose checksum agrees."""
        if len(body) < _CRC.size or zlib.crc32(memoryview(body)[: -_CRC.size]) != _CRC.unpack(body[-4:])[0]:
            self.fail(offset, text("the checksum of an attachment does not agree."))
        attachment: Attachment = self.parsed(Attachment.read, body, offset)
        return attachment

    def summary(self) -> Summary | None:
        """Return what was added when the file was closed; None where it was not, or where that is damaged."""
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
        except (RecordingError, ValueError):  # a negative place is a ValueError
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
        """Return what a chunk holds, decompressed where other tools have compressed it."""
        size = chunk.uncompressed_size
        if size > _LIMIT:
            self.fail(offset, text("a chunk cannot be that long."))
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
            self.fail(offset, text("the checksum of a chunk does not agree."))
        return content
