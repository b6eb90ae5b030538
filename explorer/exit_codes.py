"""Exit codes, the one line on standard error that says why, and the streams that it goes to."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import TextIOWrapper

DONE, FAILED, USAGE = 0, 1, 2


def complain(sentence: str, code: int) -> int:
    """Print what was wrong and what to do; return the exit code."""
    print(f"loss-explorer: {sentence}", file=sys.stderr)
    return code


def replace_unencodable() -> None:
    """Print a question mark for each letter that the encoding of the output lacks, such as ε."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            with suppress(OSError):  # a pipe that was taken over in place of a file
                stream.reconfigure(errors="replace")


def open_closed_streams() -> None:
    """Open nothing, the null device, in place of each standard stream that was closed by whoever starts this.

    The next file or socket would be given the number of that stream, and would be sent what libraries print.
    """
    last_stream = 2
    while (number := os.open(os.devnull, os.O_RDWR)) <= last_stream:
        pass
    os.close(number)
