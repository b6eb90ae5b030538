"""How fast the window opens a recording, and how fluently its views follow the timeline."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from explorer.bench.figures import Measurement
from explorer.bench.measuring import BenchError
from explorer.bench.stage import PROBE, Paints, Stage, pass_time, set_stage, wait
from explorer.core.texts import Text, text
from explorer.gui.views.angles.view import AnglesView
from explorer.gui.views.curves.view import CurvesView

_OPENS = 5
_DRAG_MS = 8
"""Between two frames that are asked for: as often as a mouse moves."""
_WARM_UP = 1.0
_ENOUGH_FRAMES, _FEWEST_FRAMES = 200, 10
"""Of a run that trains, before it is scrubbed: the first ends the wait, the second there must be."""
_GATHERING = 45.0
"""Seconds after which the run is scrubbed over fewer frames than enough."""
_PATIENCE = 240.0
"""Seconds for the fewest, on a machine that is busy with other work."""
_PACE, _EVERY_STEP, _AUTOMATIC = "data.probe_every", 1, 0


class Scrubbing(Struct, frozen=True):
    """Drawings per second: of the features, and of whichever other view in sight is drawn least often."""

    features: float
    others: float


def first_picture(path: Path) -> Measurement:
    """Return the seconds from opening a recording in a window until its newest frame is painted.

    Raises
    ------
    BenchError
        Where no window can open, or the recording cannot be read.
    """
    place = set_stage()
    with Stage({}) as stage:
        found = [_opening(stage, path) for _ in range(_OPENS + 1)][1:]
        frames = len(stage.app.viewer.cursor.frames)
    note = text("median of {count}, {frames:,} frames; {place}", count=_OPENS, frames=frames, place=place)
    return Measurement(figure="time.first_picture", value=statistics.median(found), note=note)


def scrubbing(path: Path, kind: Literal["plane", "space"], seconds: float = 5.0) -> Iterator[Measurement]:
    """Yield how often views are drawn while every frame of a recording is asked for.

    Parameters
    ----------
    path : Path
        The recording.
    kind : {"plane", "space"}
        Whether its features have two or three dimensions.
    seconds : float
        Duration of the measurement.

    Raises
    ------
    BenchError
        As `first_picture`.
    """
    place = set_stage()
    with Stage({}) as stage:
        _open(stage, path)
        found = _scrub(stage, seconds)
        note = _note(stage, place)
    yield Measurement(figure=f"time.scrub_{kind}", value=found.features, note=note)
    yield Measurement(figure=f"time.scrub_{kind}_others", value=found.others)


def scrubbing_while_training(
    changes: Mapping[str, object] | None = None,
    rounds: int = 4,
    seconds: float = 3.0,
    gathering: float = _GATHERING,
) -> Iterator[Measurement]:
    """Yield the same for the past of a run that trains, and what is left of its speed, in turns.

    The past is made first, with a frame at every step: at its own pace a run on two cores takes minutes for
    200 frames of 10,000 points. The turns are at that pace. The note says how many frames there were at the
    first turn; more come meanwhile.

    Parameters
    ----------
    changes : mapping, optional
        Settings by their dotted names, where they differ from the defaults.
    rounds : int
        Number of pairs of turns: following the newest frame, and looking back.
    seconds : float
        Duration of a turn.
    gathering : float
        Most seconds of training before the first turn, if they bring a few frames.

    Raises
    ------
    BenchError
        If the run fails, or hardly sends frames.
    """
    place = set_stage()
    turns: list[Scrubbing] = []

    def look_back() -> None:
        turns.append(_scrub(stage, seconds))

    with Stage({**PROBE, _PACE: _EVERY_STEP, **(changes or {})}) as stage:
        run = stage.app.run
        wait(lambda: run.started is not None, text("the first run"))
        stage.train(1)
        deadline = time.perf_counter() + gathering

        def gathered() -> bool:
            late = time.perf_counter() >= deadline
            return len(run.frames) >= (_FEWEST_FRAMES if late else _ENOUGH_FRAMES)

        wait(gathered, text("the first frames"), _PATIENCE)
        run.set_param(_PACE, _AUTOMATIC)
        note = _note(stage, place)
        shares = []
        for _ in range(rounds):
            stage.app.viewer.show_live()
            pass_time(_WARM_UP)
            followed = stage.speed(lambda: pass_time(seconds))
            shares.append(stage.speed(look_back) / followed)
    features = statistics.median(turn.features for turn in turns)
    yield Measurement(figure="time.scrub_live", value=features, note=note)
    others = statistics.median(turn.others for turn in turns)
    yield Measurement(figure="time.scrub_live_others", value=others)
    yield Measurement(figure="time.scrub_live_share", value=100 * statistics.median(shares))


def _open(stage: Stage, path: Path) -> None:
    """Show a recording, and wait until its history is read."""
    app = stage.app
    app.opener.open_recording(path)
    recording = app.viewer.recording
    if recording is None:
        raise BenchError(app.window.banner.message)
    wait(lambda: recording.complete, text("the history of a recording"))


def _opening(stage: Stage, path: Path) -> float:
    """Return the seconds until the newest frame of a recording is painted, then go back to the live run."""
    app, painted = stage.app, list[float]()
    app.viewer.show_live()
    pass_time(_WARM_UP)
    cursor, features = app.viewer.cursor, app.features
    paints = Paints(features.plane.viewport())

    def note_end() -> None:  # `painted` comes before the paint event, this after it
        if app.viewer.recording is not None and features.snapshot is cursor.snapshot:
            painted.append(time.perf_counter())

    paints.painted.connect(lambda: QTimer.singleShot(0, note_end))
    began = time.perf_counter()
    app.opener.open_recording(path)
    if app.viewer.recording is None:
        raise BenchError(app.window.banner.message)
    wait(lambda: bool(painted), text("the first picture of a recording"))
    paints.stop()
    return painted[0] - began


def _scrub(stage: Stage, seconds: float) -> Scrubbing:
    """Ask for one frame after another of the run that is shown, and count what is drawn."""
    app = stage.app
    cursor, asked = app.viewer.cursor, 0

    def ask() -> None:
        nonlocal asked
        cursor.go_to(asked % (len(cursor.frames) - 1))
        asked += 1

    timer = QTimer(interval=_DRAG_MS)
    timer.timeout.connect(ask)
    timer.start()
    pass_time(_WARM_UP)
    surfaces = [surface for surface in _surfaces(stage) if surface.isVisible()]
    counts = dict.fromkeys(range(len(surfaces)), 0)
    watching = [Paints(surface) for surface in surfaces]

    def count(number: int) -> None:
        counts[number] += 1

    for number, paints in enumerate(watching):
        paints.painted.connect(lambda number=number: count(number))
    before, began = app.pane.clock.drawings, time.perf_counter()
    pass_time(seconds)
    wait(
        lambda: app.pane.clock.drawings > before and all(counts.values()),
        text("a picture of every view"),
    )
    passed = time.perf_counter() - began
    timer.stop()
    for paints in watching:
        paints.stop()
    others = min(counts.values(), default=0)
    return Scrubbing((app.pane.clock.drawings - before) / passed, others / passed)


def _surfaces(stage: Stage) -> list[QWidget]:
    """Return where the views are painted that a fresh window shows beside the features."""
    pane = stage.app.pane
    return [pane.view(AnglesView).plot.viewport(), pane.view(CurvesView).canvas]


def _note(stage: Stage, place: Text) -> Text:
    cursor = stage.app.viewer.cursor
    assert cursor.snapshot is not None, "a run with frames is shown"
    return text(
        "{frames:,} frames of {points:,} points, views: {count}; {place}",
        frames=len(cursor.frames),
        points=len(cursor.snapshot.features),
        count=stage.views_in_sight,
        place=place,
    )
