"""Someone who does anything at all: no error, no warning, no run that does not answer, nothing that grows.

The acts follow from a seed. What they do to the run depends on its speed, so a seed repeats the acts and not
every frame. A few hundred in the suite; 20,000, or LOSS_EXPLORER_SOAK_ACTS, with -m soak, which also measures
how long each holds the window up, and what is left behind in memory, handles and threads.
"""

from __future__ import annotations

import gc
import os
import random
import signal
import sys
import time
import traceback

import pytest
from end_to_end.random_acts.meters import Sizes
from end_to_end.random_acts.monkey import Monkey
from end_to_end.random_acts.place import FIRST, LESSONS, WORKER, Place, answer_for
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from explorer.core.c_memory import return_free_pages, return_large_blocks
from explorer.gui.faults import FaultLog
from explorer.gui.theme.garbage_collection import GarbageCollection

ACTS = int(os.environ.get("LOSS_EXPLORER_SOAK_ACTS", "20000"))
SHORT, ROUND, IN_A_LESSON = 200, 250, 40
ROUNDS_PER_LESSON = 10
MOST_SECONDS = int(os.environ.get("LOSS_EXPLORER_SOAK_SECONDS", "7200"))
"""After which even a soak ends, on a machine that is busy with something else."""
LIMIT = 90_000
MOST_GROWTH = 0.05
"""Share by which the memory of the last third of the rounds may be above that of the second third."""
MOST_LEFT = 4
"""Handles and threads that may be open at the end beyond those of before: a worker that is being started."""
MOST_HELD = 2.0
"""Seconds of the processor that one act may take in the thread of the window."""


@pytest.fixture
def errors(monkeypatch):
    """Return the unexpected errors of the program, as texts."""
    found: list[str] = []

    def take(_log: FaultLog | None, *error: object) -> None:
        found.append("".join(traceback.format_exception(*error)))

    monkeypatch.setattr(FaultLog, "take", take)
    monkeypatch.setattr(sys, "excepthook", lambda *error: take(None, *error))
    return found


@pytest.fixture
def make_monkey(tmp_path, qtbot, errors, monkeypatch):
    """Return what makes a monkey of a seed, which stops after the test."""
    made, locale = [], QLocale()

    def make(seed, worker=WORKER):
        place = Place(tmp_path, random.Random(seed), worker)
        answer_for(place, monkeypatch)
        made.append(Monkey(place, seed))
        qtbot.waitUntil(lambda: place.app.run.started is not None, timeout=LIMIT)
        return made[-1]

    yield make
    for monkey in made:
        monkey.meter.stop()
        monkey.place.stop()
        monkey.meter.deleteLater()
    QLocale.setDefault(locale)
    assert errors == []


def trains(qtbot, monkey):
    """Return to the first settings, and wait until they are trained with: a run always answers."""
    app = monkey.place.leave_all()
    app.viewer.show_live()
    app.run.set_config(FIRST)
    app.run.restart()
    app.run.start()
    try:
        qtbot.waitUntil(lambda: app.run.snapshot is not None and app.run.snapshot.step >= 20, timeout=LIMIT)
    except qtbot.TimeoutError:
        pytest.fail(f"{app.run.phase}, {app.run.started}, {monkey.told}\n{stack_of_worker(qtbot, app)}")
    assert app.run.phase == "running"
    return app


def stack_of_worker(qtbot, app):
    """End the worker, and return what it says of where it was."""
    if app.client.process_id:
        with qtbot.waitSignal(app.client.died, timeout=LIMIT):
            os.kill(app.client.process_id, signal.SIGABRT)
    return app.window.log.toPlainText()


def watch(qtbot, errors, monkey, acts):
    """Do so many acts."""
    monkey.meter.start()
    for _ in range(acts):
        monkey.act()
        qtbot.wait(monkey.random.choice((0, 0, 5, 30, 100)))
        assert not errors, "\n".join([*errors, monkey.told])
    monkey.meter.stop()


def use_everything(qtbot, monkey):
    """Use each command once: parts of the window are made when they are first used, and stay."""
    for command in monkey.place.app.actions.commands:
        if command.calls is not None and not command.id.startswith(("language.", "window.quit")):
            monkey.place.app.actions.action(command.id).trigger()
            qtbot.wait(20)


def with_memory_of_the_program(monkey):
    """Keep memory as the program does; here pytest has made the application."""
    return_large_blocks()
    GarbageCollection(monkey.meter)


def settle(qtbot, app):
    """Let go of what the window holds for a moment only: of its first size, without what it has copied."""
    app.window.show()
    app.window.resize(1300, 900)
    QApplication.clipboard().clear()
    qtbot.wait(500)
    gc.collect()
    return_free_pages()


def test_the_window_bears_whatever_is_done(qtbot, errors, make_monkey, worker_command):
    monkey = make_monkey(7, worker_command)
    watch(qtbot, errors, monkey, SHORT)
    trains(qtbot, monkey)


@pytest.mark.soak
@pytest.mark.timeout(MOST_SECONDS + 600)
def test_the_window_bears_whatever_is_done_for_long_and_does_not_grow(qtbot, errors, make_monkey):
    monkey = make_monkey(int(os.environ.get("LOSS_EXPLORER_SEED", "1")))
    with_memory_of_the_program(monkey)
    use_everything(qtbot, monkey)
    sizes, begun, rounds = Sizes(), time.monotonic(), 0
    while monkey.count < ACTS and time.monotonic() < begun + MOST_SECONDS:
        watch(qtbot, errors, monkey, ROUND)
        rounds += 1
        if rounds % ROUNDS_PER_LESSON == 0:
            monkey.place.open_lesson(monkey.random.choice(LESSONS))
            watch(qtbot, errors, monkey, IN_A_LESSON)
        app = trains(qtbot, monkey)
        settle(qtbot, app)
        minutes = (time.monotonic() - begun) / 60
        note = sizes.note(app.client.process_id)
        print(f"{monkey.count} acts, {minutes:.1f} min: {note}; more: {sizes.grown}", flush=True)
    print(f"opened {monkey.place.openings} times; {monkey.meter.told()}")
    print("held up longest, seconds:", *monkey.held_longest, sep="\n")
    for name in ("window", "worker"):
        before, after = sizes.growth(name)
        assert after - before <= MOST_GROWTH * before, name
    for name in ("handles", "threads", "worker handles", "worker threads"):
        before, after = sizes.growth(name)
        assert after - before <= MOST_LEFT, name
    longest = max(max(acts) for acts in monkey.held.values())
    assert longest[0] <= MOST_HELD, longest
