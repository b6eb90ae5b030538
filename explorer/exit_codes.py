"""Exit codes, and the one line on standard error that says why."""

from __future__ import annotations

import sys

DONE, FAILED, USAGE = 0, 1, 2


def complain(sentence: str, code: int) -> int:
    """Print what was wrong and what to do; return the exit code."""
    print(f"loss-explorer: {sentence}", file=sys.stderr)
    return code
