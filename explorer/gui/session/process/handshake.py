"""Checks that window and worker have the same version: the worker may run on another machine."""

from __future__ import annotations

import re

from explorer import __version__
from explorer.core.protocol.messages import PROTOCOL_VERSION, Hello
from explorer.core.texts import N_, Text, text

_LONGEST_VERSION = 40
"""Maximum characters of the version of the worker in a message."""


def mismatch(hello: Hello) -> Text | None:
    """Return why this window cannot work with the worker that sent ``hello``, None where it can.

    Both must have the same version: settings and losses differ between versions, and neither side knows what
    a setting means to the other.
    """
    if (hello.protocol, hello.version) == (PROTOCOL_VERSION, __version__):
        return None
    worker, window = (hello.protocol, _release(hello.version)), (PROTOCOL_VERSION, _release(__version__))
    if worker < window:
        sentence = N_(
            "The trainer is Loss Explorer {theirs} (protocol {their_protocol}), but this window is {ours} "
            "(protocol {our_protocol}): update Loss Explorer on the trainer's machine."
        )
    elif worker > window:
        sentence = N_(
            "The trainer is Loss Explorer {theirs} (protocol {their_protocol}), but this window is {ours} "
            "(protocol {our_protocol}): update Loss Explorer on this machine."
        )
    else:
        sentence = N_(
            "The trainer is Loss Explorer {theirs} (protocol {their_protocol}), but this window is {ours} "
            "(protocol {our_protocol}): install the same version on both machines."
        )
    return text(
        sentence,
        theirs=hello.version[:_LONGEST_VERSION],
        their_protocol=hello.protocol,
        ours=__version__,
        our_protocol=PROTOCOL_VERSION,
    )


def _release(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version, for comparison."""
    digits = re.match(r"[0-9]{1,9}(\.[0-9]{1,9}){0,4}", version)
    return tuple(int(part) for part in digits[0].split(".")) if digits else ()
