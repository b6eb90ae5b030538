"""Measures how fast a recording is drawn while a person drags along its timeline."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QTimer

from explorer.bench.figures import Measurement
from explorer.bench.measuring import BenchError
from explorer.bench.stage import Stage, pass_time, set_stage, wait
from explorer.core.texts import text

_INTERVAL_MS = 8
"""Between two frames that are asked for: as often as a mouse moves."""
_WARM_UP, _SECONDS = 1.0, 5.0


def scrub_rate(path: Path, seconds: float = _SECONDS) -> Measurement:
    """Return how many frames a second the features are drawn while every frame of a recording is asked for.

    Raises
    ------
    BenchError
        Where no window can open, or the recording cannot be read.
    """
    place = set_stage()
    with Stage({}) as stage:
        app = stage.app
        app.open_recording(path)
        recording, cursor = app.viewer.recording, app.viewer.cursor
        if recording is None:
            raise BenchError(app.window.banner.message)
        wait(lambda: recording.complete, text("the history of a recording"))
        frames = len(cursor.frames)
        asked = 0

        def ask() -> None:
            nonlocal asked
            cursor.go_to(asked % (frames - 1))
            asked += 1

        timer = QTimer(interval=_INTERVAL_MS)
        timer.timeout.connect(ask)
        timer.start()
        pass_time(_WARM_UP)
        before, began = app.pane.clock.drawings, time.perf_counter()
        pass_time(seconds)
        rate = (app.pane.clock.drawings - before) / (time.perf_counter() - began)
        timer.stop()
        note = text(
            "{frames:,} frames of {points:,} points, views: {count}; {place}",
            frames=frames,
            points=len(cursor.frame(0).features),
            count=stage.views_in_sight,
            place=place,
        )
    return Measurement(figure="time.scrub_rate", value=rate, note=note)
