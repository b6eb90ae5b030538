"""A process that has been told to end by signals behaves as before once it no longer listens to them."""

from __future__ import annotations

import os
import signal

import pytest

from explorer.gui.starting.termination import TerminationSignals


@pytest.mark.skipif(not hasattr(os, "kill"), reason="no signals")
def test_a_signal_is_told_in_the_event_loop_until_the_signals_are_let_go(qtbot):
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    told = []
    signals = TerminationSignals(lambda: told.append(1))
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        qtbot.waitUntil(lambda: told == [1])
        ends = [*signals.sockets]
    finally:
        signals.close()
    assert {name: signal.getsignal(name) for name in before} == before
    assert signal.set_wakeup_fd(-1) == -1
    assert [end.fileno() for end in ends] == [-1, -1]
