"""What the tests of released recordings share."""

from leaks import nothing_left_running

__all__ = ["nothing_left_running"]
