"""Measures drawing while a worker trains, what views compute, and the CPU use of a paused window."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psutil
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from explorer.analysis.frames.references import class_means
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.classifier import reference_rows
from explorer.analysis.plane.geometry import Rectangle
from explorer.analysis.plane.regions import division
from explorer.analysis.statistics.angles import (
    angle_histogram,
    class_spreads,
    own_and_other_angles,
    summarize,
)
from explorer.bench.figures import Measurement
from explorer.bench.measuring import BenchError, median_ms, parse_measurements, print_measurements, times
from explorer.bench.scene import history, scene
from explorer.bench.stage import POINTS, PROBE, WORKER, Stage, pass_time, set_stage, show, wait
from explorer.core.protocol.messages import TEST, Configure, Frame
from explorer.core.protocol.messages import Run as StartRun
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text, text
from explorer.gui.main_window import MainWindow
from explorer.gui.run_pane import RunPane
from explorer.gui.session.run import Run
from explorer.gui.session.worker_client import WorkerClient, workers_ending
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.features.view import FeaturesView
from explorer.gui.views.view import View

SIDE = 900
_SIZES = {"10k": 10_000, "60k": 60_000, "1m": 1_000_000}
_DENSE_SIZES = {"10k": 10_000, "60k": 60_000}
_MOVING = ("10k", "60k")
_DIMS = {"plane": 2, "space": 3}
_MANY, _MANY_FRAMES, _MANY_WARM_UP = 1_000_000, 30, 2
_DENSE = "dense"
_REST, _SETTLE = 5.0, 1.0


def measure() -> Iterator[Measurement]:
    """Yield the figures of this section."""
    place = set_stage()
    with _training():
        yield from drawing(_SIZES, "", place)
        yield from _dense()
        yield all_views(place)
        yield from computing()
    yield rest(place)


def drawing(sizes: dict[str, int], suffix: str, place: Text) -> Iterator[Measurement]:
    """Yield the time to draw a new frame in the Features view, by number of points and dimension."""
    for size, points in sizes.items():
        for kind, dim in _DIMS.items():
            view = FeaturesView(LIGHT)
            view.resize(SIDE, SIDE)
            show(view)
            note = text(
                "{size}×{size}, pixel ratio {ratio:g}; while a worker trains; {place}",
                size=SIDE,
                ratio=view.devicePixelRatioF(),
                place=place,
            )
            moments = scene(points, dim)
            yield median_ms(f"render.{kind}_{size}{suffix}", _frames([view], moments), note)
            if size in _MOVING and not suffix:
                between = [replace(moment, since=moment.step - 1) for moment in moments]
                yield median_ms(f"render.{kind}_{size}_moving", _frames([view], between), note)
            view.close()
            view.deleteLater()


def all_views(place: Text) -> Measurement:
    """Return the time to draw a new frame in all views of a fresh window."""
    pane = RunPane(Run(WorkerClient(WORKER), RunConfig()), LIGHT)
    window = MainWindow(pane)
    show(window)
    views = [view for view in pane.views.values() if view.drawable]
    note = text(
        "views: {count}, window {width}×{height}; while a worker trains; {place}",
        count=len(views),
        width=window.width(),
        height=window.height(),
        place=place,
    )
    result = median_ms("render.all_views", _frames(views, scene(POINTS, 2)), note)
    window.close()
    window.deleteLater()
    return result


def computing() -> Iterator[Measurement]:
    """Yield the time of the computations of views for a frame."""
    moments = scene(POINTS, 2)
    first = moments[0]
    extent = float(abs(first.features).max())
    view = Rectangle(-extent, -extent, extent, extent)
    angles = own_and_other_angles(first.features, first.probe.labels, reference_rows(first, TEST))

    def regions(i: int) -> None:
        division(moments[i % len(moments)], view, 2 * extent / SIDE)

    def histograms(_i: int) -> None:
        for values in angles:
            angle_histogram(values)

    def statistics(i: int) -> None:
        moment = moments[i % len(moments)]
        features, labels = moment.features, moment.probe.labels
        class_spreads(features, labels, class_means(features, labels, moment.probe.num_classes))
        for values in own_and_other_angles(features, labels, reference_rows(moment, TEST)):
            summarize(values)

    for act in (regions, histograms, statistics):
        yield median_ms(f"render.{act.__name__}", times(act), text("while a worker trains"))


def rest(place: Text) -> Measurement:
    """Return the CPU use of a paused window and its worker, as a fraction of one core."""
    with Stage(PROBE) as stage:
        stage.train(step=1)
        stage.app.run.pause()
        pass_time(_SETTLE)
        processes = [psutil.Process(), psutil.Process(stage.app.client.process_id)]
        before = _cpu_seconds(processes)
        pass_time(_REST)
        share = (_cpu_seconds(processes) - before) / _REST
    note = text("over {seconds:.0f} s; {place}", seconds=_REST, place=place)
    return Measurement(figure="render.rest", value=100 * share, note=note)


def _frames(views: Sequence[View[Any]], moments: Sequence[Snapshot]) -> list[float]:
    """Return the seconds to draw each of many frames."""
    past = history()

    def draw(i: int) -> None:
        for view in views:
            view.set_snapshot(moments[i % len(moments)], past)
        QApplication.processEvents()  # paints them: repaint() would omit updates that a plot has scheduled

    if len(moments[0].features) >= _MANY:
        return times(draw, _MANY_FRAMES, _MANY_WARM_UP)
    return times(draw)


@contextmanager
def _training() -> Iterator[None]:
    """Run a worker that trains and sends only its first frame."""
    client = WorkerClient(WORKER)
    seen: list[object] = []
    client.eventReceived.connect(seen.append)
    client.start()
    client.send(StartRun())
    client.send(Configure(1, RunConfig()))
    try:
        wait(lambda: any(isinstance(event, Frame) for event in seen), text("a frame of the worker"))
        yield
    finally:
        client.stop()
        wait(lambda: not workers_ending(), text("the worker to end"))


def _dense() -> Iterator[Measurement]:
    """Yield the measurements of a process with a pixel ratio of 2, which Qt reads once per process."""
    environment = {**os.environ, "QT_SCALE_FACTOR": "2"}
    command = [sys.executable, "-m", "explorer.bench.render", _DENSE]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None, "a pipe was asked for"
        yield from parse_measurements(process.stdout)
    if process.returncode:
        raise BenchError("Drawing at a pixel ratio of 2 failed.")


def _dense_drawing() -> Iterator[Measurement]:
    yield from drawing(_DENSE_SIZES, "_dense", set_stage())


def _cpu_seconds(processes: Sequence[psutil.Process]) -> float:
    used = [process.cpu_times() for process in processes]
    return float(sum(each.user + each.system for each in used))


if __name__ == "__main__":
    print_measurements(_dense_drawing if _DENSE in sys.argv else measure)
