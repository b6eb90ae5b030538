"""FilmPreview: a frame of the film that is chosen, and how large its file may become."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from inspect import GEN_RUNNING, getgeneratorstate
from io import BytesIO

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QImage, QPainter, QPalette

from explorer.core.texts import _
from explorer.export.files import ExportError
from explorer.gui.drawing.background import Background
from explorer.gui.faults import report
from explorer.gui.figures.figure import Figure
from explorer.gui.figures.pictures import image_of
from explorer.gui.films.film import Film, Shot, shots_of
from explorer.gui.films.film_run import FilmRun
from explorer.gui.films.formats import FilmContent, write_film
from explorer.gui.films.gif import Pixels
from explorer.gui.films.painting import StageBuilder, pixels_of
from explorer.gui.plots.style import scaled_font
from explorer.gui.session.run_source import RunSource

_FITTED = 6
"""Frames for which the preview makes room: all would take as long as half of the film."""
_WAITING, _WAITING_TYPE = QSize(1_040, 760), 2.0
"""Pixels of what is shown meanwhile, twice as many as it is shown with, and its type, twice as large."""
_DIMMED = 0.4
"""Opacity of the frame before."""


def waiting_picture(before: QImage, figure: Figure, palette: QPalette, font: QFont) -> QImage:
    """Return what stands for a frame until it is painted: the one before, dimmed, or its outline."""
    width, height = figure.pixels
    size = QSize(width, height).scaled(_WAITING, Qt.AspectRatioMode.KeepAspectRatio)
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(palette.color(QPalette.ColorRole.Base))
    painter = QPainter(image)
    painter.setOpacity(_DIMMED)
    if not before.isNull():
        mode = Qt.TransformationMode.SmoothTransformation
        painter.drawImage(image.rect(), before.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, mode))
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    painter.drawRect(image.rect().adjusted(0, 0, -1, -1))
    painter.setOpacity(1.0)
    painter.setFont(scaled_font(font, _WAITING_TYPE))
    painter.drawText(image.rect(), Qt.AlignmentFlag.AlignCenter, _("Preparing the preview…"))
    painter.end()
    return image


class _Glance(Struct, frozen=True, eq=False):
    """The last frame, two frames one after the other, and what is shown."""

    image: QImage
    pictures: tuple[Pixels, ...]
    shots: tuple[Shot, ...]


class FilmPreview(QObject):
    """Paints in turns of the event loop; a newer request replaces an earlier one.

    Signals
    -------
    painted(object)
        The last frame as a `QImage`.
    estimated(int)
        About how many bytes the film will have.
    failed(str)
        It cannot be made, and why.
    """

    painted = Signal(object)
    estimated = Signal(int)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._turns: Generator[None, None, _Glance] | None = None
        self._request: tuple[str, Film] = ("", Film())
        self._sizes = Background(self.estimated.emit, report, self, at_once=0.0)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_timer_timeout)

    def show(self, build: StageBuilder, source: RunSource, figure: Figure, film: Film, name: str) -> None:
        """Show a film in one of `FILM_FORMATS`."""
        self.stop()
        self._request = name, film
        self._turns = _glance_turns(build, source, figure, film)
        self._timer.start()

    def stop(self) -> None:
        """Paint nothing."""
        self._timer.stop()
        self._sizes.cancel()
        turns, self._turns = self._turns, None
        # A turn handles events while images are read.
        if turns is not None and getgeneratorstate(turns) != GEN_RUNNING:
            turns.close()

    def _on_timer_timeout(self) -> None:
        turns = self._turns
        assert turns is not None, "the timer runs while there are turns"
        try:
            next(turns)
        except StopIteration as end:
            if turns is self._turns:
                self.stop()
                self._show(end.value)
        except ExportError as error:
            if turns is self._turns:
                self.stop()
                self.failed.emit(str(error))
        else:
            if turns is not self._turns:  # stopped within its own turn
                turns.close()

    def _show(self, glance: _Glance) -> None:
        self.painted.emit(glance.image)
        name, film = self._request
        self._sizes.request(partial(_estimated_bytes, name, film, glance.pictures, len(glance.shots)))


def _glance_turns(
    build: StageBuilder, source: RunSource, figure: Figure, film: Film
) -> Generator[None, None, _Glance]:
    """Return, after some turns, what is seen of a film; raises ExportError where it cannot be made."""
    shots = shots_of(film, source.steps, source.elapsed)
    run = FilmRun(source, shots[0].step)
    stage = build(run, figure)
    try:
        yield
        for number in np.linspace(0, len(shots) - 1, _FITTED).round().astype(int).tolist():
            snapshot = run.shown(shots[number])
            if snapshot is not None:
                stage.make_room(snapshot)
            yield
        pictures = []
        middle = len(shots) // 2
        for shot in shots[max(0, middle - 1) : middle + 1]:
            stage.show_frame(run.shown(shot) or run.snapshot)
            yield
            pictures.append(pixels_of(stage))
            yield
        stage.show_frame(run.shown(shots[-1]) or run.snapshot)
        yield
        return _Glance(image_of(stage), tuple(pictures), shots)
    finally:
        stage.end()


def _estimated_bytes(name: str, film: Film, pictures: tuple[Pixels, ...], count: int) -> int:
    """Return the size of a film whose frames differ as much as these two."""
    sizes = []
    for shown in range(1, len(pictures) + 1):
        file = BytesIO()
        content = FilmContent([Shot(0, 1)] * shown, film.fps, film.loop, "", pictures)
        write_film(file, name, iter(pictures[:shown]), content)
        sizes.append(len(file.getvalue()))
    return sizes[0] + (sizes[-1] - sizes[0]) * (count - 1)
