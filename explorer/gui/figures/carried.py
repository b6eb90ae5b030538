"""Settings that a figure, page or film carries: read from a file that this program wrote."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Mapping
from html import unescape
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from explorer.export.settings_head import HEAD
from explorer.gui.films.carried import film_text
from explorer.gui.reproduction.settings_text import MOST_BYTES, SETTINGS_KEY, CarriedSettings, read_settings

_MOST_BYTES = 256 << 20
"""Largest file that is looked into."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_METADATA = re.compile(rb'<metadata\s+id="loss-explorer">(.*?)</metadata>', re.DOTALL)
_SCRIPT = re.compile(rb'<script type="application/toml" id="loss-explorer">(.*?)</script>', re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n")
_MOST_STREAMS = 20_000
"""Streams of a PDF that are looked at: a figure has a few dozen."""
_START_BYTES = 4_096
"""Compressed bytes of a stream that show how it begins."""


def carried_text(path: Path) -> str:
    """Return the settings in a picture or film as text, empty where it carries none or cannot be read."""
    read = _READERS.get(path.suffix.lower())
    try:
        if film := film_text(path):
            return film[:MOST_BYTES].decode("utf-8", "replace")
        if read is None or path.stat().st_size > _MOST_BYTES:
            return ""
        content = path.read_bytes()
    except OSError:
        return ""
    return read(content)[:MOST_BYTES].decode("utf-8", "replace")


def carried_settings(path: Path) -> CarriedSettings:
    """Return the settings of the run that a figure, page or film shows.

    Raises
    ------
    ConfigError
        If they are not valid; the message names the file.
    """
    return read_settings(carried_text(path), str(path))


def _in_png(content: bytes) -> bytes:
    """Return the text under our key: that of Qt's reader has lost its line breaks.

    A chunk is its length, its type, data and a checksum (PNG, third edition, 5.3); a text is key, 0, value,
    where a compressed one (zTXt) has a method between, and an international one (iTXt) five fields.
    """
    at = len(_SIGNATURE) if content.startswith(_SIGNATURE) else len(content)
    while at + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        key, _zero, rest = content[at + 8 : at + 8 + length].partition(b"\0")
        at += length + 12
        if key != SETTINGS_KEY.encode():
            continue
        if kind == b"tEXt":
            return rest
        if kind == b"zTXt":
            return _inflated(rest[1:])
        if kind == b"iTXt":
            text = rest[2:].split(b"\0", 2)[-1]
            return _inflated(text) if rest[:1] == b"\1" else text
    return b""


def _inflated(data: bytes | memoryview) -> bytes:
    """Return compressed data as far as it is whole, up to a limit: it may claim to be much larger."""
    try:
        return zlib.decompressobj().decompress(data, MOST_BYTES)
    except zlib.error:
        return b""


def _in_svg(content: bytes) -> bytes:
    match = _METADATA.search(content)
    return unescape(match[1].decode("utf-8", "replace")).encode() if match else b""


def _in_html(content: bytes) -> bytes:
    """Return the settings in a page, where ``<`` is written as TOML's escape for it."""
    match = _SCRIPT.search(content)
    return match[1] if match else b""


def _in_pdf(content: bytes) -> bytes:
    """Return the attachment with the settings: the stream that begins as they do, compressed or not."""
    view, head = memoryview(content), HEAD.encode()  # a slice of bytes would copy the rest for each stream
    for match in islice(_STREAM.finditer(content), _MOST_STREAMS):
        start = match.end()
        if content.startswith(head, start):
            return content[start : content.find(b"endstream", start)]
        if _inflated(view[start : start + _START_BYTES]).startswith(head):
            return _inflated(view[start : start + MOST_BYTES])
    return b""


_READERS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {".png": _in_png, ".svg": _in_svg, ".pdf": _in_pdf, ".html": _in_html}
)
