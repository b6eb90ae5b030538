"""Values on the command line: what is not one is said in a sentence."""

from __future__ import annotations

import argparse
import re

from explorer.core.params import with_point
from explorer.core.texts import _
from explorer.export.formats import ALL
from explorer.gui.figures.figure import LEAST_SCALE, MOST_SCALE, MOST_SIDE
from explorer.gui.films.film import LEAST_FPS, MOST_FPS

_DIGITS = 19
"""Digits of a number from which it may not fit into 64 bits."""


def step(written: str) -> int:
    """Return a step; raises ArgumentTypeError."""
    if not (written.isascii() and written.isdigit() and len(written) < _DIGITS):
        raise argparse.ArgumentTypeError(_("{value} is not a step").format(value=written))
    return int(written)


def scale(written: str) -> float:
    """Return a scale of a picture, in pixels per logical pixel; raises ArgumentTypeError."""
    number = positive(written)
    if not LEAST_SCALE <= number <= MOST_SCALE:
        raise argparse.ArgumentTypeError(
            _("{value} is not a scale from {least:g} to {most:g}").format(
                value=written, least=LEAST_SCALE, most=MOST_SCALE
            )
        )
    return number


def size(written: str) -> tuple[int, int]:
    """Return width and height in logical pixels; raises ArgumentTypeError."""
    match = re.fullmatch(r"([1-9][0-9]{1,3})[xX×]([1-9][0-9]{1,3})", written)
    if match is None or max(map(int, match.groups())) > MOST_SIDE:
        raise argparse.ArgumentTypeError(
            _("{value} is not a size such as 640x480, of 10 to {most:,} pixels").format(
                value=written, most=MOST_SIDE
            )
        )
    return int(match[1]), int(match[2])


def step_or_all(written: str) -> str:
    """Return a step, or the word for all; raises ArgumentTypeError."""
    if written != ALL and not (written.isascii() and written.isdigit() and len(written) < _DIGITS):
        raise argparse.ArgumentTypeError(_("{value} is neither a step nor all").format(value=written))
    return written


def positive(written: str) -> float:
    """Return a positive number; raises ArgumentTypeError."""
    try:
        number = float(written) if "_" not in written else -1.0
    except ValueError:
        number = -1.0
        if (pointed := with_point(written)) != written:
            sentence = _("{value} has a comma: write {pointed}")
            raise argparse.ArgumentTypeError(sentence.format(value=written, pointed=pointed)) from None
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(_("{value} is not a positive number").format(value=written))
    return number


def frames_per_second(written: str) -> int:
    """Return how many frames a film has in a second; raises ArgumentTypeError."""
    if not (written.isascii() and written.isdigit() and LEAST_FPS <= int(written[:_DIGITS]) <= MOST_FPS):
        raise argparse.ArgumentTypeError(
            _("{value} is not a number of frames from {least} to {most}").format(
                value=written, least=LEAST_FPS, most=MOST_FPS
            )
        )
    return int(written)
