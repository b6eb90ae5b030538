"""Contents: what is in a recording, collected from its records in the order of writing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import msgspec
import numpy as np
from mcap.opcode import Opcode
from mcap.records import Attachment, Channel
from msgspec.structs import replace

from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.protocol.checks import check_arrays, check_probe_set
from explorer.core.protocol.framing import ProtocolError
from explorer.core.recording import header as h
from explorer.core.recording.records import Message, RecordFile, Summary
from explorer.core.texts import Text, text

StatusMessage = m.Notice | m.Failed | m.Finished
"""Events of the worker other than frames."""
_STARTED = msgspec.msgpack.Decoder(m.Started)
_FRAME = msgspec.msgpack.Decoder(m.Frame)
_SETTING = msgspec.msgpack.Decoder(m.SettingChange)
_STATUS = msgspec.msgpack.Decoder(StatusMessage)
_EVENT = msgspec.msgpack.Decoder(h.RunEvent)
_INDEX = msgspec.msgpack.Decoder(h.FrameIndex)
_SKIPPED = {Opcode.MESSAGE_INDEX, Opcode.METADATA}
Decoded = TypeVar("Decoded")


class FramePlace(NamedTuple):
    """Location of a frame: byte offset of its chunk, and number among the frames of the chunk."""

    offset: int
    number: int


class CheckpointPlace(NamedTuple):
    """Location of a checkpoint: byte offset, step, and number of the configuration in force in it.

    The number is -1 where no configuration has been written before it.
    """

    offset: int
    step: int
    config_seq: int


class Contents:
    """The contents of a recording, filled by `scan` or `look_up`.

    Attributes
    ----------
    places, steps, config_seqs, elapsed : list
        One entry per frame.
    checkpoints : list of CheckpointPlace
        All checkpoints.
    skipped : bool
        Whether damaged records before others were left out.
    damage : Text, optional
        Why the rest is missing; None if the recording is complete.
    """

    def __init__(self, file: RecordFile) -> None:
        self._file = file
        self._channels: dict[int, Channel] = {}
        self._next = 0
        self.started: m.Started | None = None
        self.places: list[FramePlace] = []
        self.steps: list[int] = []
        self.config_seqs: list[int] = []
        self.elapsed: list[float] = []
        self.settings: list[m.SettingChange] = []
        self.notices: list[StatusMessage] = []
        self.events: list[h.RunEvent] = []
        self.checkpoints: list[CheckpointPlace] = []
        self.damage: Text | None = None
        self.skipped = False
        self._setting_offsets: list[int] = []

    def scan(self, offset: int) -> None:
        """Read all records from an offset, up to the end or the first damage."""
        try:
            while offset < self._file.size:
                kind, body, following = self._file.record(offset)
                if kind == Opcode.CHUNK:
                    self._take_chunk(offset, body)
                elif kind == Opcode.ATTACHMENT:
                    self._take_attachment(offset, self._file.attachment(body, offset))
                elif kind == Opcode.DATA_END:
                    self.damage = text("The table of contents at the end of the recording is damaged.")
                    return
                elif kind not in _SKIPPED:
                    self._file.fail(offset, text("unknown kind of record."))
                offset = following
            self.damage = text("The recording was not closed properly.")
        except h.RecordingError as error:
            self.damage = error.text

    def look_up(self, summary: Summary) -> bool:
        """Read everything but the frames, which the summary locates; return whether that was possible.

        It requires one chunk per frame, as the recorder writes them; other tools may have merged chunks.
        Damaged records are skipped.
        """
        frame_channels = {number for number, topic in summary.topics.items() if topic == h.FRAME}
        places: list[FramePlace] = []
        others: list[int] = []
        for chunk in sorted(summary.chunks, key=lambda index: index.chunk_start_offset):
            channels = chunk.message_index_offsets.keys()
            if channels and channels <= frame_channels:
                places.append(FramePlace(chunk.chunk_start_offset, 0))
            elif not channels & frame_channels:
                others.append(chunk.chunk_start_offset)
            else:
                return False
        try:
            index = self._frame_index(summary)
        except h.RecordingError:
            return False
        for offset in others:
            try:
                self._take_chunk(offset, self._body(offset, Opcode.CHUNK), ordered=False)
            except h.RecordingError as error:
                self.damage, self.skipped = self.damage or error.text, True
        for entry in summary.attachments:
            if entry.name.startswith(h.CHECKPOINT):
                self._note_checkpoint(entry.name, entry.offset)
        self.places = places
        self.steps = index.steps.numpy().tolist()
        self.config_seqs = index.config_seqs.numpy().tolist()
        self.elapsed = index.elapsed.numpy().tolist()
        whole = len(places) == len(self.steps) == len(self.config_seqs) == len(self.elapsed)
        return whole and self.started is not None

    def take_start(self, offset: int) -> None:
        """Read the chunk that begins the run, and nothing else; raises as `frame`."""
        self._take_chunk(offset, self._body(offset, Opcode.CHUNK), ordered=False)

    def frame(self, place: FramePlace, step: int, config_seq: int) -> m.Frame:
        """Return a frame with its features as float32.

        Raises
        ------
        RecordingError
            If it is damaged, does not fit the run, or is of another step or configuration.
        """
        offset, number = place
        chunk = self._file.messages(self._body(offset, Opcode.CHUNK), offset, dict(self._channels))
        frames = [message for message in chunk if self._topic(message) == h.FRAME]
        if number >= len(frames):
            self._file.fail(offset, text("the frame of a chunk is missing."))
        frame = self._checked_frame(frames[number], offset)
        if (frame.step, frame.config_seq) != (step, config_seq):
            self._file.fail(offset, text("a frame does not match the index."))
        if frame.features.dtype != "<f4":
            frame = replace(frame, features=Array.of(frame.features.numpy().astype(np.float32)))
        return frame

    def checkpoint(self, offset: int) -> bytes:
        """Return the bytes of a checkpoint; raises as `frame`."""
        return bytes(self._file.attachment(self._body(offset, Opcode.ATTACHMENT), offset).data)

    def _body(self, offset: int, kind: Opcode) -> bytes:
        found, body, _ = self._file.record(offset)
        if found != kind:
            self._file.fail(offset, text("unexpected kind of record."))
        return body

    def _topic(self, message: Message) -> str:
        channel = self._channels.get(message.channel)
        return channel.topic if channel else ""

    def _take_chunk(self, offset: int, body: bytes, *, ordered: bool = True) -> None:
        frames = 0
        for message in self._file.messages(body, offset, self._channels):
            if ordered and message.sequence != self._next:
                self._file.fail(offset, text("a part of the recording is missing."))
            self._next = message.sequence + 1
            match self._topic(message):
                case h.STARTED:
                    self._start(self._decoded(_STARTED, message.data, offset), offset)
                case h.FRAME:
                    frame = self._checked_frame(message, offset)
                    self.places.append(FramePlace(offset, frames))
                    self.steps.append(frame.step)
                    self.config_seqs.append(frame.config_seq)
                    self.elapsed.append(frame.elapsed)
                    frames += 1
                case h.SETTING:
                    self.settings.append(self._decoded(_SETTING, message.data, offset))
                    self._setting_offsets.append(offset)
                case h.NOTICE:
                    self.notices.append(self._decoded(_STATUS, message.data, offset))
                case h.EVENT:
                    self.events.append(self._decoded(_EVENT, message.data, offset))
                case _:
                    pass

    def _take_attachment(self, offset: int, attachment: Attachment) -> None:
        if attachment.name.startswith(h.CHECKPOINT):
            self._note_checkpoint(attachment.name, offset)

    def _note_checkpoint(self, name: str, offset: int) -> None:
        step = name.removeprefix(h.CHECKPOINT)
        if not (step.isascii() and step.isdigit()):
            self._file.fail(offset, text("the name of a checkpoint has no step."))
        known = bisect_left(self._setting_offsets, offset)
        seq = self.settings[known - 1].seq if known else -1
        self.checkpoints.append(CheckpointPlace(offset, int(step), seq))

    def _frame_index(self, summary: Summary) -> h.FrameIndex:
        for entry in summary.attachments:
            if entry.name == h.INDEX:
                body = self._body(entry.offset, Opcode.ATTACHMENT)
                attachment = self._file.attachment(body, entry.offset)
                return self._decoded(_INDEX, attachment.data, entry.offset)
        raise h.RecordingError("{file}: the list of frames is missing.", file=self._file.path)

    def _start(self, started: m.Started, offset: int) -> None:
        try:
            check_probe_set(started)
        except ProtocolError:
            self._file.fail(offset, text("the description of the samples is inconsistent."))
        if self.started is not None:
            self._file.fail(offset, text("the description of the samples is inconsistent."))
        self.started = started

    def _checked_frame(self, message: Message, offset: int) -> m.Frame:
        frame = self._decoded(_FRAME, message.data, offset)
        try:
            if self.started is not None:
                check_arrays(frame, self.started)
                return frame
        except ProtocolError:
            pass
        self._file.fail(offset, text("a frame does not fit the run."))

    def _decoded(self, decoder: msgspec.msgpack.Decoder[Decoded], data: bytes, offset: int) -> Decoded:
        decode: Callable[[bytes], Decoded] = decoder.decode
        try:
            return decode(data)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            self._file.fail(offset, text("a message cannot be read: {error}.", error=error))
