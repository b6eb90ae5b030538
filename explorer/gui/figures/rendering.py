"""Figures of a recording, drawn without a window."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from explorer.core.texts import Text
from explorer.export.files import ExportUsageError
from explorer.export.tables import frame_at
from explorer.gui.figures.figure import Figure
from explorer.gui.figures.look import FigureLook
from explorer.gui.figures.pictures import write_figure
from explorer.gui.figures.stage import FigureStage
from explorer.gui.figures.view_options import set_view_options
from explorer.gui.language.interface_language import interface_language
from explorer.gui.session.recorded_run import RecordedRun
from explorer.gui.session.run_cursor import RunCursor
from explorer.gui.theme.application import make_application
from explorer.gui.theme.application_font import application_font
from explorer.gui.theme.theme import THEMES
from explorer.gui.views.registry import VIEWS


def render(
    file: Path, figure: Figure, at: int | None, out: Path, *, force: bool, options: Sequence[str] = ()
) -> Text | None:
    """Write a figure of a recording at a step, and return what is damaged in it.

    Parameters
    ----------
    file : Path
        The recording.
    figure : Figure
        What to show.
    at : int, optional
        The step; the last one where it is None.
    out : Path
        The picture; the end of its name says its format.
    force : bool
        Whether a file of this name is replaced.
    options : sequence of str
        Display options of the views, such as ``features.weights=false``.

    Raises
    ------
    RecordingError
        If the recording cannot be read.
    ExportError
        If there is no such view, option or step, or the picture cannot be written.
    """
    with recorded_run(file, figure.views) as run:
        cursor = RunCursor(run)
        number = frame_at(run.steps, at, file)
        if number < len(run.steps) - 1:
            cursor.go_to(number)
        stage = FigureStage(cursor, figure, THEMES[figure.theme], FigureLook())
        try:
            set_view_options(stage, options)
            write_figure(stage, out, force=force)
        finally:
            stage.end()
        return run.damage


@contextmanager
def recorded_run(file: Path, views: Iterable[str]) -> Iterator[RecordedRun]:
    """Yield a recording, read to its end, whose views can be drawn without a window; it is closed afterwards.

    Raises
    ------
    RecordingError
        If it cannot be read.
    ExportUsageError
        If there is no such view.
    """
    _check_views(views)
    before = qInstallMessageHandler(_on_message)
    try:
        make_application()
        application_font()
        interface_language()
        run = RecordedRun(file)
        try:
            run.finish_reading()
            yield run
        finally:
            run.close()
    finally:
        qInstallMessageHandler(before)


def _on_message(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Pass on what Qt says, but for what a platform without a screen says of every window."""
    if "propagateSizeHints" not in message:
        print(message, file=sys.stderr)


def _check_views(names: Iterable[str]) -> None:
    known = [spec.id for spec in VIEWS]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ExportUsageError(
            "There is no view {name}. Choose from: {names}.", name=unknown[0], names=", ".join(known)
        )
