"""The text that a film carries: read from a GIF, WebP or MP4 without its pictures."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from explorer.export.settings_head import HEAD
from explorer.gui.reproduction.settings_text import MOST_BYTES

_SETTINGS = re.compile(rb"<run:settings>(.*?)</run:settings>", re.DOTALL)
_BOXES = (b"moov", b"udta", b"meta", b"ilst", b"\xa9cmt", b"data")
"""Where the comment of an MP4 is: boxes within each other."""
_FULL_BOX, _DATA_HEAD = 4, 8
"""Bytes of version and flags before the boxes in ``meta``; of type and language before a text in ``data``."""
_MOST_PARTS = 20_000
"""Most parts of a file that are gone through: those of ours come early, or the pictures are one part."""


def film_text(path: Path) -> bytes:
    """Return the settings in a film as text, empty where it has none; raises OSError."""
    read = _READERS.get(path.suffix.lower())
    if read is None:
        return b""
    with path.open("rb") as file:
        try:
            text = read(file)
        except (struct.error, IndexError):  # it ends in the middle
            return b""
    return text if text.startswith(HEAD.encode()) else b""


def _in_gif(file: BinaryIO) -> bytes:
    """Return the comment before the first picture (GIF 89a, sections 18 and 24)."""
    head = file.read(13)
    if head[:3] != b"GIF":
        return b""
    if head[10] & 0x80:
        file.seek(3 << ((head[10] & 7) + 1), 1)
    for _part in range(_MOST_PARTS):
        kind = file.read(2)
        if kind[:1] != b"!":
            break
        content = b"".join(_sub_blocks(file))
        if kind == b"!\xfe":
            return content
    return b""


def _sub_blocks(file: BinaryIO) -> Iterator[bytes]:
    """Yield the parts of a block up to the empty one that ends it."""
    for _part in range(MOST_BYTES // 255):
        length = file.read(1)[0]
        if not length:
            return
        yield file.read(length)


def _in_webp(file: BinaryIO) -> bytes:
    """Return the settings in the XMP packet, which is a chunk of its own (WebP container, RIFF)."""
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WEBP":
        return b""
    for _part in range(_MOST_PARTS):
        kind, length = struct.unpack("<4sI", file.read(8))
        if kind == b"XMP ":
            match = _SETTINGS.search(file.read(min(length, 2 * MOST_BYTES)))
            return unescape(match[1].decode("utf-8", "replace")).encode() if match else b""
        file.seek(length + length % 2, 1)
    return b""


def _in_mp4(file: BinaryIO) -> bytes:
    """Return the comment, a box within others (ISO/IEC 14496-12, and the list of items of iTunes)."""
    end = file.seek(0, 2)
    at = 0
    for wanted in _BOXES:
        found = next((box for box in _boxes(file, at, end) if box[0] == wanted), None)
        if found is None:
            return b""
        _kind, at, end = found
        at += {b"meta": _FULL_BOX, b"data": _DATA_HEAD}.get(wanted, 0)
    file.seek(at)
    return file.read(max(0, min(end - at, MOST_BYTES)))


def _boxes(file: BinaryIO, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, and begin and end of the content, of each box between two places of the file."""
    for _part in range(_MOST_PARTS):
        if at + 8 > end:
            return
        file.seek(at)
        length, kind = struct.unpack(">I4s", file.read(8))
        begin = at + 8
        if length == 1:
            (length,) = struct.unpack(">Q", file.read(8))
            begin += 8
        following = end if length == 0 else at + length
        if following < begin or following > end:
            return
        yield kind, begin, following
        at = following


_READERS: Mapping[str, Callable[[BinaryIO], bytes]] = MappingProxyType(
    {".gif": _in_gif, ".webp": _in_webp, ".mp4": _in_mp4}
)
