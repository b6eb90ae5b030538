"""Figures of a recording, drawn without a window."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
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
    known = [spec.id for spec in VIEWS]
    unknown = [name for name in figure.views if name not in known]
    if unknown:
        raise ExportUsageError(
            "There is no view {name}. Choose from: {names}.", name=unknown[0], names=", ".join(known)
        )
    before = qInstallMessageHandler(_on_message)
    try:
        return _render(file, figure, at, out, force=force, options=options)
    finally:
        qInstallMessageHandler(before)


def _render(
    file: Path, figure: Figure, at: int | None, out: Path, *, force: bool, options: Sequence[str]
) -> Text | None:
    make_application()
    application_font()
    interface_language()
    with _recorded(file) as run:
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


def _on_message(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Pass on what Qt says, but for what a platform without a screen says of every window."""
    if "propagateSizeHints" not in message:
        print(message, file=sys.stderr)


@contextmanager
def _recorded(file: Path) -> Iterator[RecordedRun]:
    run = RecordedRun(file)
    try:
        run.finish_reading()
        yield run
    finally:
        run.close()
