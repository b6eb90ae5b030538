"""Film: which frames of a run a film shows, how fast, and for how long each. Without Qt."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import accumulate, groupby
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from explorer.core.texts import N_
from explorer.export.files import ExportUsageError

Pace = Literal["steps", "seconds"]
FILM_FORMATS = ("gif", "webp", "mp4")
"""What a film can be written as, by the ends of file names."""
FILM_PACES: tuple[Pace, ...] = ("steps", "seconds")
LEAST_FPS, MOST_FPS = 1, 50
"""Frames a second. Players show a frame of a GIF for a tenth of a second where it says less than 20 ms."""
FILM_SIZE = (1280, 720)
"""Usual width and height in pixels."""
MOST_SECONDS = 3_600.0
MOST_SHOTS = 20_000
VIDEO_PACKAGE = "av"
VIDEO_HINT = N_(
    "MP4 is the smallest format, and plays in slides and browsers. It needs a package: "
    "pip install 'loss-explorer[video]'"
)


class Film(Struct, frozen=True, kw_only=True):
    """A stretch of a run, played evenly in steps or in seconds of training.

    Attributes
    ----------
    first, last : int, optional
        The steps at its ends; None for those of the run.
    pace : {"steps", "seconds"}
        What passes evenly: steps, or seconds of training.
    seconds : float
        How long the film is.
    fps : int
        Frames a second.
    loop : bool
        Whether GIF and WebP begin again at their end.
    smooth : bool
        Whether points move between the frames of the run, which a film otherwise shows as they are.
    """

    first: int | None = None
    last: int | None = None
    pace: Pace = "steps"
    seconds: float = 10.0
    fps: int = 25
    loop: bool = True
    smooth: bool = False


class Shot(Struct, frozen=True):
    """A frame of the run: its step, and for how many frames of the film it is shown.

    With a ``share`` above 0, it is that much of the way from this frame to the next one.
    """

    step: int
    ticks: int
    share: float = 0.0


def available_formats() -> tuple[str, ...]:
    """Return those of `FILM_FORMATS` that can be written with what is installed."""
    return tuple(name for name in FILM_FORMATS if name != "mp4" or find_spec(VIDEO_PACKAGE) is not None)


def at_speed(film: Film, steps: Sequence[int], elapsed: Sequence[float], speed: float) -> Film:
    """Return the film at a speed: so many steps, or seconds of training, in a second."""
    places = _places(film, steps, elapsed)
    first, last = _ends(film, steps)
    return replace(film, seconds=max((places[last] - places[first]) / speed, 1 / film.fps))


def shots_of(film: Film, steps: Sequence[int], elapsed: Sequence[float]) -> tuple[Shot, ...]:
    """Return what a film shows of a run, given the step and the seconds of training of each of its frames.

    Each frame of the film shows the last one of the run up to its moment: nothing is made up in between,
    unless the film is smooth.

    Raises
    ------
    ExportUsageError
        If its ends are not in the run, or it would have too many frames.
    """
    first, last = _ends(film, steps)
    if not 0 < film.seconds <= MOST_SECONDS or round(film.seconds * film.fps) > MOST_SHOTS:
        raise ExportUsageError(
            "A film has at most {most:,} frames and lasts at most {seconds:,} seconds. "
            "Choose a shorter time or fewer frames per second.",
            most=MOST_SHOTS,
            seconds=round(MOST_SECONDS),
        )
    places = _places(film, steps, elapsed)[first : last + 1]
    count = max(1, round(film.seconds * film.fps))
    moments = np.linspace(places[0], places[-1], count).tolist() if count > 1 else [places[0]]
    shown = [(bisect_right(places, moment) - 1, moment) for moment in moments]
    parts = [(index, _share(places, index, moment) if film.smooth else 0.0) for index, moment in shown]
    return tuple(
        Shot(steps[first + index], len(list(same)), share) for (index, share), same in groupby(parts)
    )


def durations_of(shots: Sequence[Shot], fps: int, grid: int = 1) -> list[int]:
    """Return for how many milliseconds each is shown, in multiples of ``grid``: in sum they are right."""
    ends = [grid * round(1000 * ticks / fps / grid) for ticks in accumulate(shot.ticks for shot in shots)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _share(places: Sequence[float], index: int, moment: float) -> float:
    """Return how much of the way from one place to the next is covered at a moment; none after the last."""
    if index + 1 >= len(places):
        return 0.0
    return (moment - places[index]) / (places[index + 1] - places[index])


def _ends(film: Film, steps: Sequence[int]) -> tuple[int, int]:
    """Return the indices of the first and the last frame of the run that are shown."""
    if not steps:
        raise ExportUsageError("The run has no frame yet.")
    first = steps[0] if film.first is None else film.first
    last = steps[-1] if film.last is None else film.last
    if not steps[0] <= first <= last <= steps[-1]:
        raise ExportUsageError(
            "There is no stretch from step {first:,} to {last:,}: "
            "the frames are of steps {least:,} to {most:,}.",
            first=first,
            last=last,
            least=steps[0],
            most=steps[-1],
        )
    return bisect_right(steps, first) - 1, bisect_right(steps, last) - 1


def _places(film: Film, steps: Sequence[int], elapsed: Sequence[float]) -> Sequence[float]:
    """Return the place of each frame of the run on what passes evenly, rising."""
    return list(accumulate(elapsed, max)) if film.pace == "seconds" else steps
