"""Films of a recording, made without a window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Event

from msgspec.structs import replace

from explorer.core.texts import Text
from explorer.export.files import ExportUsageError
from explorer.gui.figures.figure import Figure
from explorer.gui.figures.look import FigureLook
from explorer.gui.figures.rendering import recorded_run
from explorer.gui.figures.stage import FigureStage
from explorer.gui.figures.view_options import set_view_options
from explorer.gui.films.encoder import FilmOrder
from explorer.gui.films.film import VIDEO_HINT, at_speed, available_formats
from explorer.gui.films.painting import film_turns
from explorer.gui.session.run_source import RunSource
from explorer.gui.theme.theme import THEMES

_PATIENCE = 0.2


def render_film(
    file: Path,
    order: FilmOrder,
    speed: float | None,
    options: Sequence[str],
    progress: Callable[[float, float], None],
) -> Text | None:
    """Write a film of a recording, and return what is damaged in it.

    Parameters
    ----------
    file : Path
        The recording.
    order : FilmOrder
        What to make.
    speed : float, optional
        Steps, or seconds of training, in a second of the film; None where the film says how long it is.
    options : sequence of str
        Display options of the views, such as ``features.weights=false``.
    progress : callable
        Told how much is done, of how much.

    Raises
    ------
    RecordingError
        If the recording cannot be read.
    ExportError
        If there is no such view or stretch, or the film cannot be written.
    """
    if order.path.suffix.lower().removeprefix(".") not in available_formats():
        raise ExportUsageError(VIDEO_HINT)
    with recorded_run(file, order.figure.views) as run:
        if speed is not None:
            order = replace(order, film=at_speed(order.film, run.steps, run.elapsed, speed))
        for turn in film_turns(partial(_stage, options), run, order, Event(), _PATIENCE):
            progress(turn.share, 1.0)
        return run.damage


def _stage(options: Sequence[str], source: RunSource, figure: Figure) -> FigureStage:
    stage = FigureStage(source, figure, THEMES[figure.theme], FigureLook())
    try:
        set_view_options(stage, options)
    except ExportUsageError:
        stage.end()
        raise
    return stage
