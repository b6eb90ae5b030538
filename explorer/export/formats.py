"""The formats of `loss-explorer export`, one entry each; command line, help and tests read them here.

What a format needs is imported when it writes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from explorer.core.texts import N_

if TYPE_CHECKING:
    from explorer.export.request import Request


ALL = "all"
"""What stands for every step on the command line."""


class ExportFormat(Struct, frozen=True):
    """A format to export a run in.

    Parameters
    ----------
    name : str
        Name on the command line.
    summary : str
        Message id: what is written.
    write : callable
        Writes what a `Request` asks for, and returns the paths; raises ExportError or RecordingError.
    frames : {"any", "one", "all"}
        Whether it takes one frame or all of them, only one, or always all.
    """

    name: str
    summary: str
    write: Callable[[Request], list[Path]]
    frames: Literal["any", "one", "all"] = "any"


def _write_csv(request: Request) -> list[Path]:
    from explorer.export.csv_files import write_csv

    return write_csv(request)


def _write_npz(request: Request) -> list[Path]:
    from explorer.export.npz_file import write_npz

    return write_npz(request)


def _write_script(request: Request) -> list[Path]:
    from explorer.export.script.writer import write_script

    return write_script(request)


FORMATS = (
    ExportFormat(
        name="csv",
        summary=N_("a table of the images (features, label, prediction, angles), and one of the metrics"),
        write=_write_csv,
    ),
    ExportFormat(
        name="npz",
        summary=N_("the same as arrays for NumPy, with the class weights"),
        write=_write_npz,
    ),
    ExportFormat(
        name="script",
        summary=N_("the run as a PyTorch script, which trains it again up to the step"),
        write=_write_script,
        frames="one",
    ),
)
"""All formats, in the order of the help."""
