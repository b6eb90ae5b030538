"""Messages on a byte stream: a 4-byte little-endian length, then MessagePack; malformed input is rejected.

A message of length 0 says that the sender is at work.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Generic, NoReturn, TypeVar

import msgspec

from explorer.core.protocol.messages import Command, Event
from explorer.core.texts import Text, TextError, showable, text

MAX_MESSAGE = 64 * 1024 * 1024
MAX_CHECKPOINT = MAX_MESSAGE - 1024 * 1024
"""Bytes of a checkpoint: with it, a `Restore` holds a thousand changes of settings, those of some seconds."""
_LENGTH = struct.Struct("<I")
_LONGEST = 300
"""Characters that are told of why a message cannot be decoded: the reason may quote what it holds."""
KEEP_ALIVE = _LENGTH.pack(0)
"""A message without content."""
_encoder = msgspec.msgpack.Encoder()
Message = TypeVar("Message")


class ProtocolError(TextError, RuntimeError):
    """The other side sent something that is not a message; the stream cannot be used any more."""


def encode(message: Command | Event) -> bytes:
    """Return a message as bytes, with its length.

    Raises
    ------
    ProtocolError
        If it is longer than `MAX_MESSAGE`.
    """
    body = _encoder.encode(message)
    if len(body) > MAX_MESSAGE:
        raise ProtocolError(
            "A message of {size:,} bytes exceeds the limit of {limit:,}.", size=len(body), limit=MAX_MESSAGE
        )
    return _LENGTH.pack(len(body)) + body


class Decoder(Generic[Message]):
    """Decodes a stream of bytes into messages.

    After an error nothing more is decoded, because the start of the next message is unknown. Every later call
    raises the same error.
    """

    def __init__(self, decoder: msgspec.msgpack.Decoder[Message]) -> None:
        self._decoder = decoder
        self._buffer = bytearray()
        self._error: Text | None = None

    @property
    def within_message(self) -> bool:
        """Whether a message has begun to arrive."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield the messages that ``data`` completes.

        Raises
        ------
        ProtocolError
            At a length over the limit or bytes that are not a known message, and in every later call.
        """
        self._check()
        self._buffer += data
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > MAX_MESSAGE:
                self._refuse(
                    text(
                        "A message of {size:,} bytes is announced; the limit is {limit:,}.",
                        size=length,
                        limit=MAX_MESSAGE,
                    )
                )
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                return
            body = bytes(memoryview(self._buffer)[_LENGTH.size : end])
            del self._buffer[:end]
            if body:
                yield self._decode(body)

    def close(self) -> None:
        """End the stream.

        Raises
        ------
        ProtocolError
            If it ends within a message, or had an error before.
        """
        self._check()
        if self._buffer:
            size = len(self._buffer)
            self._refuse(text("The stream ended within a message, {size:,} bytes into it.", size=size))

    def _decode(self, body: bytes) -> Message:
        try:
            return self._decoder.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            self._refuse(
                text("Not a message of this protocol: {error}.", error=showable(error, longest=_LONGEST)),
                error,
            )

    def _check(self) -> None:
        if self._error is not None:
            raise ProtocolError(self._error)

    def _refuse(self, sentence: Text, cause: Exception | None = None) -> NoReturn:
        """Raise an error, and store it for later calls."""
        self._error = sentence
        self._buffer.clear()
        raise ProtocolError(sentence) from cause


def command_decoder() -> Decoder[Command]:
    """Return the decoder of the worker."""
    return Decoder(msgspec.msgpack.Decoder(Command))


def event_decoder() -> Decoder[Event]:
    """Return the decoder of the window."""
    return Decoder(msgspec.msgpack.Decoder(Event))
