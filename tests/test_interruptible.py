"""Ctrl+C acts although a step does not end: a step of a large network takes minutes."""

from __future__ import annotations

import os
import signal
import sys
from threading import Event, Timer

import pytest

from explorer import interruptible
from explorer.interruptible import Interruptible

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


def press_after(*seconds: float) -> None:
    for delay in seconds:
        Timer(delay, lambda: os.kill(os.getpid(), signal.SIGINT)).start()


def test_the_second_control_c_does_not_wait_for_a_step(monkeypatch, capsys):
    monkeypatch.setattr(interruptible, "_PATIENCE", 0.2)
    step = Event()
    press_after(0.1, 0.8)
    assert not Interruptible(lambda _stopped: step.wait(30) and None).run()
    step.set()
    assert capsys.readouterr().err == (
        "loss-explorer: stopping after the current step or test. Press Ctrl+C again to stop at once.\n"
    )


def test_work_that_listens_ends_quietly_and_what_it_raises_is_raised(capsys):
    press_after(0.1)
    pause = Event()

    def work(stopped) -> None:
        while not stopped():
            pause.wait(0.01)

    assert Interruptible(work).run()
    assert capsys.readouterr().err == ""
    with pytest.raises(ZeroDivisionError):
        Interruptible(lambda _stopped: 1 // 0).run()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_step_beyond_the_limit_is_said(monkeypatch, capsys):
    monkeypatch.setattr(interruptible, "_LIMIT_PATIENCE", 0.1)
    assert Interruptible(lambda _stopped: Event().wait(0.6) and None, seconds=0.1).run()
    assert capsys.readouterr().err.startswith(
        "loss-explorer: the time is up: stopping after the current step or test."
    )
