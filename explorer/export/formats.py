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
LEAST = 2
"""Frames and images that a format which takes some of them can be limited to, at least."""


class ExportFormat(Struct, frozen=True):
    """A format to export a run in.

    Parameters
    ----------
    name : str
        Name on the command line.
    title, summary : str
        Message ids: its name on screen, and what is written.
    write : callable
        Writes what a `Request` asks for, and returns the paths; raises ExportError or RecordingError.
    frames : {"any", "one", "all"}
        Whether it takes one frame or all of them, only one, or always all.
    needs : str
        Package that it writes with, where that is not among those of the program.
    ending : str, optional
        End of the name of what it writes, empty for a folder; where left out, a point and ``name``.
    some : bool
        Whether it takes some of the frames and images, as many as the request says.
    """

    name: str
    title: str
    summary: str
    write: Callable[[Request], list[Path]]
    frames: Literal["any", "one", "all"] = "any"
    needs: str = ""
    ending: str | None = None
    some: bool = False

    @property
    def suffix(self) -> str:
        """The end of the name of what it writes; empty for a folder."""
        return f".{self.name}" if self.ending is None else self.ending


def _write_csv(request: Request) -> list[Path]:
    from explorer.export.csv_files import write_csv

    return write_csv(request)


def _write_npz(request: Request) -> list[Path]:
    from explorer.export.npz_file import write_npz

    return write_npz(request)


def _write_parquet(request: Request) -> list[Path]:
    from explorer.export.parquet_files import write_parquet

    return write_parquet(request)


def _write_projector(request: Request) -> list[Path]:
    from explorer.export.projector_folder import write_projector

    return write_projector(request)


def _write_tensorboard(request: Request) -> list[Path]:
    from explorer.export.tensorboard_folder import write_tensorboard

    return write_tensorboard(request)


def _write_script(request: Request) -> list[Path]:
    from explorer.export.script.writer import write_script

    return write_script(request)


def _write_html(request: Request) -> list[Path]:
    from explorer.export.page.writer import write_page

    return write_page(request)


FORMATS = (
    ExportFormat(
        name="csv",
        title=N_("CSV table"),
        summary=N_("a table of the images (features, label, prediction, angles), and one of the metrics"),
        write=_write_csv,
    ),
    ExportFormat(
        name="npz",
        title=N_("NumPy arrays (.npz)"),
        summary=N_("the same as arrays for NumPy, with the class weights"),
        write=_write_npz,
    ),
    ExportFormat(
        name="parquet",
        title=N_("Parquet table"),
        summary=N_("the same tables for pandas, Polars or DuckDB, with the images"),
        write=_write_parquet,
        needs="pyarrow",
    ),
    ExportFormat(
        name="projector",
        title=N_("Embedding Projector"),
        ending="",
        summary=N_("a folder for the Embedding Projector, with labels and images"),
        write=_write_projector,
        frames="one",
    ),
    ExportFormat(
        name="tensorboard",
        title=N_("TensorBoard"),
        ending="",
        summary=N_("a folder for TensorBoard, with the metrics of all frames"),
        write=_write_tensorboard,
        frames="all",
        needs="tensorboard",
    ),
    ExportFormat(
        name="script",
        title=N_("PyTorch script"),
        ending=".py",
        summary=N_("the run as a PyTorch script, which trains it again up to the step"),
        write=_write_script,
        frames="one",
    ),
    ExportFormat(
        name="html",
        title=N_("Web page"),
        ending=".html",
        summary=N_("a page that plays the run in a browser, without a network, up to the step"),
        write=_write_html,
        some=True,
    ),
)
"""All formats, in the order of the help."""


def format_of(name: str) -> ExportFormat:
    """Return the format with a name; the first one for any other."""
    return next((one for one in FORMATS if one.name == name), FORMATS[0])
