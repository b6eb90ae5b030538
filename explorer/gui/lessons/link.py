"""Lesson links: a lesson in one line of text, to be sent in a message."""

from __future__ import annotations

import base64
import binascii
import zlib

from explorer.gui.guides.guide import GuideError
from explorer.gui.theory.document import MOST_BYTES

_PREFIX = "loss-explorer:lesson?"
_FORMAT = "1."
_MOST_LETTERS = 65_536
"""Longer than any lesson that does not get larger by compression."""


def is_link(source: str) -> bool:
    """Return whether a text is a lesson link, or the beginning of one."""
    return source.strip().lower().startswith(_PREFIX)


def link_of(content: str) -> str:
    """Return the link of a lesson: its file, compressed, in letters that an address may have."""
    packed = base64.urlsafe_b64encode(zlib.compress(content.encode(), 9)).decode().rstrip("=")
    return f"{_PREFIX}{_FORMAT}{packed}"


def content_of_link(link: str) -> str:
    """Return the file of a lesson link; blanks and line breaks in it, as of a message, do no harm.

    Raises
    ------
    GuideError
        If it is not whole, too long, or of another version. No more is unpacked than a lesson may have.
    """
    packed = "".join(link.split())[len(_PREFIX) :]
    if len(packed) > _MOST_LETTERS:
        raise GuideError("The lesson link is longer than a lesson can be.")
    if not packed.startswith(_FORMAT):
        form = packed.partition(".")[0]
        if form.isdecimal() and form != _FORMAT[:-1]:
            raise GuideError("The lesson link needs a newer version of Loss Explorer.")
        raise GuideError("The lesson link is damaged: copy it again, all of it.")
    try:
        letters = packed.removeprefix(_FORMAT)
        data = base64.b64decode(letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(data, MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise GuideError("The lesson link is longer than a lesson can be.")
        if not unpacker.eof or unpacker.unused_data:
            raise ValueError
        return content.decode().replace("\r\n", "\n")
    except (ValueError, binascii.Error, zlib.error):
        raise GuideError("The lesson link is damaged: copy it again, all of it.") from None
