"""Exit codes, and the one line on standard error that says why."""

from __future__ import annotations

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
