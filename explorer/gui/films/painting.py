"""The pictures of a film, painted in turns between which other things can happen."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from threading import Event

import numpy as np
from msgspec import Struct
from PySide6.QtGui import QImage

from explorer.analysis.frames.snapshot import Snapshot
from explorer.export.files import check_files
from explorer.gui.figures.figure import Figure
from explorer.gui.figures.pictures import image_of
from explorer.gui.figures.stage import FigureStage
from explorer.gui.films.encoder import FilmEncoder, FilmOrder
from explorer.gui.films.film import Shot, shots_of
from explorer.gui.films.film_run import FilmRun
from explorer.gui.films.formats import FilmContent
from explorer.gui.films.gif import Pixels
from explorer.gui.reproduction.settings_text import settings_text
from explorer.gui.session.run_source import RunSource

StageBuilder = Callable[[RunSource, Figure], FigureStage]
_SAMPLES = 9
"""Pictures from which the palette of a GIF is chosen."""
FITTING = 0.15
"""Share of the time in which limits of the axes are found, for the progress."""


class Turn(Struct, frozen=True):
    """What a turn has brought: how much of the film is done, 0 to 1, and whether it waits for the encoder."""

    share: float
    waits: bool = False


def film_turns(
    build: StageBuilder, source: RunSource, order: FilmOrder, stop: Event, patience: float = 0.0
) -> Generator[Turn, None, bool]:
    """Make a film; each step of the iterator does a part of the work. It returns whether there is one.

    The frames are gone through twice: first to find limits of the axes that suit all of them.

    Parameters
    ----------
    build : callable
        Returns the stage of a figure of a run.
    source : RunSource
        The run.
    order : FilmOrder
        What to make.
    stop : Event
        Set where the film is not wanted any more: nothing is changed then.
    patience : float
        For how many seconds a turn may wait for the encoder.

    Raises
    ------
    ExportError
        If the film cannot be written: nothing is changed.
    """
    check_files([order.path], force=order.force)
    shots = shots_of(order.film, source.steps, source.elapsed)
    run = FilmRun(source, shots[0].step)
    stage = build(run, order.figure)
    try:
        yield Turn(0.0)
        samples: list[Pixels] = []
        sampled = _sampled(shots) if order.path.suffix.lower() == ".gif" else frozenset()
        for number, snapshot in _frames(run, shots):
            if number in sampled:
                stage.show_frame(snapshot)
                samples.append(pixels_of(stage))
            else:
                stage.make_room(snapshot)
            yield Turn(FITTING * (number + 1) / len(shots))
            if stop.is_set():
                return False
        content = FilmContent(
            shots,
            order.film.fps,
            order.film.loop,
            settings_text(snapshot, run.origin(snapshot)),
            tuple(samples),
        )
        return (yield from _painted(stage, run, FilmEncoder(order, content, stop), shots, patience))
    finally:
        stage.end()


def pixels_of(stage: FigureStage) -> Pixels:
    """Return the picture (height, width, 3) that the stage shows: the same as of a figure."""
    image = image_of(stage).convertToFormat(QImage.Format.Format_RGB888)
    shape = image.height(), image.width(), 3
    strides = image.bytesPerLine(), 3, 1
    return np.ndarray(shape, np.uint8, image.constBits(), strides=strides).copy()


def _painted(
    stage: FigureStage, run: FilmRun, encoder: FilmEncoder, shots: Sequence[Shot], patience: float
) -> Generator[Turn, None, bool]:
    """Paint the frames and hand them to the encoder; return whether the film is there."""
    before = -1
    try:
        for number, snapshot in _frames(run, shots):
            share = FITTING + (1 - FITTING) * number / len(shots)
            if stage.has_trails:
                stage.pass_over(run.between(before, snapshot.step))
                if shots[number].share:  # else the state in between would be taken for this frame
                    stage.pass_over(filter(None, [run.at(snapshot.step)]))
            before = snapshot.step
            stage.show_frame(snapshot)
            yield Turn(share)
            picture = pixels_of(stage)
            while not encoder.take(picture, patience):
                yield Turn(share, waits=True)
            if encoder.cancelled:
                break
        while not encoder.done(patience):
            yield Turn(1.0, waits=True)
        encoder.check()
        return encoder.written
    finally:
        encoder.cancel()
        encoder.done(None)


def _frames(run: FilmRun, shots: Sequence[Shot]) -> Iterator[tuple[int, Snapshot]]:
    """Yield number and frame of each shot; one that cannot be read is that before it."""
    snapshot = run.snapshot
    for number, shot in enumerate(shots):
        snapshot = run.shown(shot) or snapshot
        if snapshot is not None:
            yield number, snapshot


def _sampled(shots: Sequence[Shot]) -> frozenset[int]:
    """Return the numbers of the shots from which the palette is chosen."""
    return frozenset(np.linspace(0, len(shots) - 1, _SAMPLES).round().astype(int).tolist())
