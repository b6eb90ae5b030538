"""Measures training as the worker trains: time from the command to an accuracy, and speed."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

import torch

from explorer.bench.figures import Measurement
from explorer.bench.measuring import BenchError, print_measurements
from explorer.core.protocol import messages as m
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text, text, verbatim
from explorer.worker.device.devices import find_device
from explorer.worker.session import Session

_RUNS = 3
_LIMIT = 30.0
"""Seconds after which a run counts as failed."""
_ROUNDS = 3
_SECONDS, _WARM_UP = 2.0, 1.0
_SAMPLES = {"data.test_probe": 1000, "data.train_probe": 100, "data.probe_every": 25}
_ARCFACE = {"network.dim": 3, "loss.name": "arcface", "loss.scale": 30.0, "loss.margin": 0.5}
_LENET = {"network.name": "lenet++", "optimizer.batch": 512}
Changes = Mapping[str, object]
_Result = TypeVar("_Result")


class Driver:
    """Runs a worker session in this process, as the main loop of the worker does.

    Parameters
    ----------
    changes : mapping
        Settings that differ from the defaults, by dotted name.
    framed : bool
        Whether every frame is acknowledged at once, as by a fast window; otherwise no frame is taken during
        training.
    record : RecordingWriter, optional
        Records the run, with its checkpoints.
    """

    def __init__(self, changes: Changes, *, framed: bool, record: RecordingWriter | None = None) -> None:
        torch.set_flush_denormal(True)
        self._framed, self._record = framed, record
        self._frame: m.Frame | None = None
        self._rest: m.Frame | None = None
        self._last = 0
        self._test_accuracy = 0.0
        self._failure: Text | None = None
        self._config = RunConfig().replace(changes)
        self._session = Session(self._take)
        if record is not None:
            self._session.handle(m.SendCheckpoints(m.CHECKPOINT_SECONDS))
        self._session.handle(m.Run())
        self._session.handle(m.Configure(1, self._config))

    def reach(self, accuracy: float, limit: float = _LIMIT) -> bool:
        """Train to this accuracy on all test images; return whether it was reached within ``limit`` seconds.

        All images are evaluated once the probe images have this accuracy.

        Raises
        ------
        BenchError
            If the run fails.
        """
        end = time.perf_counter() + limit
        while time.perf_counter() < end:
            frame = self._tick()
            if frame is not None and frame.scalars["test_accuracy"] >= accuracy:
                self._tick()  # the last frame averages over steps since the one before: one at least
                self._session.finish()
                if self._test_accuracy >= accuracy:
                    return True
                self._session.handle(m.Run())
        return False

    def speed(self, seconds: float) -> float:
        """Train for this time, and return the images per second.

        Raises
        ------
        BenchError
            If the run fails.
        """
        first = self._rest or self._held()
        self._session.handle(m.Run())
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self._tick()
        last = self._rest = self._held()
        return (last.step - first.step) * self._config.optimizer.batch / (last.elapsed - first.elapsed)

    def _held(self) -> m.Frame:
        """Pause training and return a frame, after waiting for the device."""
        self._session.handle(m.Pause())
        self._session.handle(m.Ack(self._last))
        while True:
            frame = self._tick()
            if frame is not None:
                return frame

    def _tick(self) -> m.Frame | None:
        """Run one turn of the session, and return the frame that it sends, if any."""
        self._frame = None
        self._session.tick()
        if self._failure is not None:
            raise BenchError(self._failure)
        return self._frame

    def _take(self, event: m.Event) -> None:
        if self._record is not None:
            self._record.write(event)
        match event:
            case m.Failed(what=reason) | m.Notice(kind="diverged", text=reason):
                self._failure = reason
            case m.Frame():
                self._frame, self._last = event, event.index
                if self._framed:
                    self._session.handle(m.Ack(event.index))
            case m.Finished(test_accuracy=accuracy):
                self._test_accuracy = accuracy
            case _:
                pass


def measure() -> Iterator[Measurement]:
    """Yield the figures of this section."""
    device = find_device("auto").type
    where = text("{device}, threads: {count}", device=device, count=torch.get_num_threads())
    for figure, accuracy, changes in (
        ("training.softmax_97", 0.97, {}),
        ("training.arcface_98", 0.98, _ARCFACE),
    ):
        runs: list[tuple[float, bool]] = []
        while len(runs) < _RUNS and all(reached for _, reached in runs):
            runs.append(_in_new_process(time_to_accuracy, changes, accuracy, len(runs)))
        seconds = sorted(taken for taken, _ in runs)
        reached = all(reached for _, reached in runs)
        listed = ", ".join(f"{taken:.1f}" for taken in seconds)
        yield Measurement(
            figure=figure,
            value=statistics.median(seconds) if reached else seconds[-1],
            device=device,
            note=text("median of {values} s; {place}", values=listed, place=where)
            if reached
            else text("accuracy not reached in this time; {place}", place=where),
        )
    speed, _ = speeds({})
    yield Measurement(figure="training.images_per_second", value=speed, device=device, note=where)
    if device == "cuda":
        speed, share = speeds(_LENET)
        name = verbatim(torch.cuda.get_device_name())
        yield Measurement(
            figure="training.lenet_images_per_second", value=speed * share, device=device, note=name
        )
        yield Measurement(figure="training.lenet_framed_share", value=100 * share, device=device, note=name)


def time_to_accuracy(changes: Changes, accuracy: float, seed: int) -> tuple[float, bool]:
    """Return the seconds from the command until this accuracy is measured, and whether it was reached."""
    start = time.perf_counter()
    reached = Driver({**_SAMPLES, **changes, "seed": seed}, framed=True).reach(accuracy)
    return time.perf_counter() - start, reached


def speeds(changes: Changes) -> tuple[float, float]:
    """Return images per second without frames, and the relative speed with frames."""
    return compare(Driver(changes, framed=False), Driver(changes, framed=True))


def compare(
    one: Driver, other: Driver, rounds: int = _ROUNDS, seconds: float = _SECONDS
) -> tuple[float, float]:
    """Return the images per second of one run, and the relative speed of the other.

    The two runs train in turn, for ``seconds`` each.
    """
    for driver in (one, other):
        driver.speed(_WARM_UP)
    pairs = [(one.speed(seconds), other.speed(seconds)) for _ in range(rounds)]
    return statistics.median(first for first, _ in pairs), statistics.median(
        second / first for first, second in pairs
    )


def _in_new_process(function: Callable[..., _Result], *arguments: object) -> _Result:
    """Call a function in a new process, without cached data."""
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawning) as pool:
        return pool.submit(function, *arguments).result()


if __name__ == "__main__":
    print_measurements(measure)
