"""FilmChoices: what was chosen in the film dialog, remembered between sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from explorer.core.texts import N_
from explorer.gui.figures.choices import CUSTOM
from explorer.gui.figures.figure import Figure
from explorer.gui.films.film import (
    FILM_FORMATS,
    FILM_SIZE,
    LEAST_FPS,
    MOST_FPS,
    MOST_SECONDS,
    Film,
    Pace,
    at_speed,
)

Length = Literal["duration", "speed"]
LEAST_SIDE, MOST_SIDE = 64, 3_840
"""Pixels of a side."""
LEAST_TYPE, MOST_TYPE = 50, 400
"""Size of type in percent."""
FILM_SIZES: Mapping[str, tuple[str, int, int, int]] = MappingProxyType(
    {
        "hd": (N_("1280 × 720, for slides and the web"), *FILM_SIZE, 100),
        "full-hd": (N_("1920 × 1080, for a lecture hall"), 1920, 1080, 150),
        "square": (N_("1080 × 1080, square"), 1080, 1080, 150),
        "small": (N_("640 × 360, for a README or a mail"), 640, 360, 75),
    }
)
"""Name on screen, width and height in pixels, and the size of type in percent, by their keys."""


class FilmChoices(Struct, frozen=True):
    """How films are written.

    Attributes
    ----------
    format : str
        One of `FILM_FORMATS`.
    size : str
        One of `FILM_SIZES`, or `CUSTOM`.
    width, height : int
        Pixels.
    type_percent : int
        Size of type and points, in percent of that on screen.
    pace : {"steps", "seconds"}
        What passes evenly.
    length : {"duration", "speed"}
        What says how long the film is.
    seconds : float
        How long it is, where that is chosen.
    steps_speed, seconds_speed : float
        Steps, and seconds of training, in a second of the film, where that is chosen.
    fps : int
        Frames a second.
    loop : bool
        Whether it begins again at its end.
    smooth : bool
        Whether points move between the frames of the run.
    theme : str
        Name of the theme; empty for that of the window.
    caption, letters : bool
        As in `Figure`.
    """

    format: str = FILM_FORMATS[0]
    size: str = "hd"
    width: Annotated[int, Meta(ge=LEAST_SIDE, le=MOST_SIDE)] = FILM_SIZE[0]
    height: Annotated[int, Meta(ge=LEAST_SIDE, le=MOST_SIDE)] = FILM_SIZE[1]
    type_percent: Annotated[int, Meta(ge=LEAST_TYPE, le=MOST_TYPE)] = 100
    pace: Pace = "steps"
    length: Length = "duration"
    seconds: Annotated[float, Meta(gt=0, le=MOST_SECONDS)] = 10.0
    steps_speed: Annotated[float, Meta(gt=0)] = 100.0
    seconds_speed: Annotated[float, Meta(gt=0)] = 1.0
    fps: Annotated[int, Meta(ge=LEAST_FPS, le=MOST_FPS)] = 25
    loop: bool = True
    smooth: bool = False
    theme: Literal["", "light", "dark"] = ""
    caption: bool = True
    letters: bool = True

    def figure(self, views: tuple[str, ...], theme: str) -> Figure:
        """Return what each frame is a picture of."""
        across = round(100 * self.width / self.type_percent)
        return Figure(
            views=views,
            width=across,
            height=round(self.height * across / self.width),
            scale=self.width / across,
            theme=self.theme or theme,
            caption=self.caption,
            letters=self.letters,
        )

    def film(self, first: int, last: int, steps: Sequence[int], elapsed: Sequence[float]) -> Film:
        """Return the film of a stretch of a run; raises ExportUsageError as `at_speed`."""
        film = Film(
            first=first,
            last=last,
            pace=self.pace,
            seconds=self.seconds,
            fps=self.fps,
            loop=self.loop,
            smooth=self.smooth,
        )
        if self.length == "duration":
            return film
        return at_speed(film, steps, elapsed, self.speed)

    @property
    def speed(self) -> float:
        """Steps, or seconds of training, in a second of the film."""
        return self.steps_speed if self.pace == "steps" else self.seconds_speed


def of_film_size(choices: FilmChoices, size: str) -> FilmChoices:
    """Return the choices with one of `FILM_SIZES`, and the type that goes with it."""
    if size not in FILM_SIZES:
        return replace(choices, size=CUSTOM)
    _name, width, height, percent = FILM_SIZES[size]
    return replace(choices, size=size, width=width, height=height, type_percent=percent)
