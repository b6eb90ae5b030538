"""Request: which run to export, of which frames, and where to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from explorer.core.recording.reader import Recording
from explorer.core.texts import Text
from explorer.export.tables import Frames

MOST_FRAMES, MOST_POINTS = 120, 2000
"""What a format takes by default that takes some of the frames and images."""


def _ignore(_done: int, _total: int) -> None:
    """Report nothing."""


class Request(Struct, frozen=True, eq=False):
    """What is asked of a format.

    Parameters
    ----------
    recording : Recording
        The run.
    out : Path
        The file or folder to be written.
    at : int, optional
        The step; None for the last one.
    every : bool
        Whether every frame is asked for.
    force : bool
        Whether a file of this name is replaced.
    notices : list of Text
        What the format has to say besides, such as that there are no images; it adds to this list.
    progress : callable
        Is told how many frames are done, of how many.
    most_frames, most_points : int
        Most frames and images of a format that takes some of them, at least 2.
    """

    recording: Recording
    out: Path
    at: int | None
    every: bool
    force: bool
    notices: list[Text]
    progress: Callable[[int, int], None] = _ignore
    most_frames: int = MOST_FRAMES
    most_points: int = MOST_POINTS

    def frames(self) -> Frames:
        """Return the frames that are asked for; raises as `Frames.of`."""
        return Frames.of(self.recording, self.at, every=self.every, progress=self.progress)

    def beside(self, word: str) -> Path:
        """Return the path of a second file: ``run.csv`` has ``run.metrics.csv`` beside it."""
        return self.out.with_name(f"{self.out.stem}.{word}{self.out.suffix}")
