"""What can be exported of a run, and how it was exported last."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

from explorer.core.texts import Text, _, text
from explorer.export.formats import FORMATS, ExportFormat


class ExportChoices(Struct, frozen=True):
    """Format, and whether all frames are exported where the format lets one choose; remembered."""

    format: str = FORMATS[0].name
    every: bool = False


class ExportSource(Struct, frozen=True):
    """A recording to export.

    Parameters
    ----------
    path : Path
        Its file.
    title : str
        What it is called.
    frames : int
        Number of its frames.
    step : int
        Step of the frame that is shown.
    at : int, optional
        The step to export where one frame is; None for the last one, also of a run that goes on.
    """

    path: Path
    title: str
    frames: int
    step: int
    at: int | None = None


def missing_package(chosen: ExportFormat) -> Text | None:
    """Return what a package would bring that a format needs and that is not installed."""
    if not chosen.needs or find_spec(chosen.needs) is not None:
        return None
    return text("This needs a package that is not installed: pip install {package}", package=chosen.needs)


def takes_all(chosen: ExportFormat, *, every: bool) -> bool:
    """Return whether a format writes all frames, given whether the person wants them."""
    return chosen.frames == "all" or (every and chosen.frames == "any")


def kind_text(chosen: ExportFormat) -> str:
    """Return a format for the dialog of the system, such as "CSV table (*.csv)"."""
    title, pattern = _(chosen.title), f"*{chosen.suffix}" if chosen.suffix else "*"
    if chosen.suffix and chosen.suffix in title:  # in brackets, which in Chinese are wider
        return title.replace(chosen.suffix, pattern)
    return _("{format} ({pattern})").format(format=title, pattern=pattern)
