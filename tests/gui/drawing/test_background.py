"""What takes long must not hold up the window, and what is shown must be of the newest request."""

from __future__ import annotations

import gc
import sys
import threading
import weakref

import pytest
from PySide6.QtCore import QObject

from explorer.core.recording.header import new_header
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import RunConfig
from explorer.gui.data_sets.reading import Reading
from explorer.gui.drawing.background import Background
from explorer.gui.session.process.data_digest import DataDigest

pytestmark = pytest.mark.usefixtures("qapp")

LIMIT = 5.0


class Owner(QObject):
    """Keeps what is delivered, and what failed."""

    def __init__(self, at_once: float = 0.0) -> None:
        super().__init__()
        self.results: list[int] = []
        self.errors: list[Exception] = []
        self.background = Background(self.results.append, self.errors.append, self, at_once)


class Gate:
    """A computation that goes on only when it is let."""

    def __init__(self, result: int) -> None:
        self.result = result
        self.begun, self.open = threading.Event(), threading.Event()
        self.thread: threading.Thread | None = None

    def __call__(self) -> int:
        self.thread = threading.current_thread()
        self.begun.set()
        assert self.open.wait(LIMIT)
        return self.result


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "drawing"]


def test_a_request_returns_before_its_result_is_there(qtbot):
    owner, gate = Owner(), Gate(1)
    owner.background.request(gate)
    assert gate.begun.wait(LIMIT)
    assert owner.results == []
    assert gate.thread is not threading.current_thread()
    gate.open.set()
    qtbot.waitUntil(lambda: owner.results == [1])


@pytest.fixture
def no_threads(monkeypatch):
    """A process that may have no more of them."""
    monkeypatch.setattr(threading.Thread, "start", refuse)


def refuse(_thread):
    raise RuntimeError("can't start new thread")


@pytest.mark.usefixtures("no_threads")
def test_without_threads_everything_is_done_at_once(tiny_data, tmp_path, qtbot):
    owner = Owner()
    owner.background.request(lambda: 3)
    assert owner.results == [3]
    assert len(DataDigest(str(tiny_data)).wait()) == 64
    writer = RecordingWriter(tmp_path / "a.lossrun", new_header(RunConfig()))
    assert "can't start new thread" in str(writer.close().error)
    reading = Reading()
    with qtbot.waitSignal(reading.loaded):
        reading.start(str(tiny_data), 12)


def test_a_thread_that_computes_keeps_the_interpreter_only_shortly(qtbot):
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    try:
        owner = Owner()
        owner.background.request(lambda: round(1e6 * sys.getswitchinterval()))
        qtbot.waitUntil(lambda: bool(owner.results))
        assert owner.results[0] <= 1000
    finally:
        sys.setswitchinterval(before)


def test_of_requests_that_wait_only_the_newest_is_computed(qtbot):
    owner, gate, skipped = Owner(), Gate(1), []
    owner.background.request(gate)
    assert gate.begun.wait(LIMIT)
    for number in range(2, 6):
        owner.background.request(lambda number=number: skipped.append(number) or number)
    gate.open.set()
    qtbot.waitUntil(lambda: owner.results[-1:] == [5])
    assert skipped == [5]


def test_what_was_cancelled_is_never_delivered(qtbot):
    owner, gate = Owner(), Gate(1)
    owner.background.request(gate)
    assert gate.begun.wait(LIMIT)
    owner.background.cancel()
    owner.background.request(lambda: 2)
    gate.open.set()
    owner.background.finish()
    qtbot.wait(20)
    assert owner.results == [2]


def test_finishing_waits_for_the_newest_result(qtbot):
    owner = Owner()
    for number in range(3):
        owner.background.request(lambda number=number: number)
    owner.background.finish()
    assert owner.results[-1] == 2
    qtbot.wait(20)
    assert owner.results[-1] == 2


def test_an_error_is_handed_over_and_the_next_request_is_computed():
    owner = Owner()
    owner.background.request(lambda: 1 // 0)
    owner.background.finish()
    assert [type(error) for error in owner.errors] == [ZeroDivisionError]
    owner.background.request(lambda: 1)
    owner.background.finish()
    assert owner.results == [1]


def test_what_was_cheap_is_computed_at_once_the_next_time():
    owner = Owner(at_once=LIMIT)
    owner.background.request(lambda: 1)
    owner.background.finish()
    owner.background.request(lambda: 2)
    assert owner.results == [1, 2]
    owner.background.cancel()
    gate = Gate(3)
    owner.background.request(gate)
    assert gate.begun.wait(LIMIT), "after a change of kind the cost is not known"
    assert gate.thread is not threading.current_thread()
    gate.open.set()
    owner.background.finish()
    assert owner.results == [1, 2, 3]


def test_a_result_at_once_is_not_replaced_by_an_older_one_on_its_way(qtbot):
    owner = Owner(at_once=LIMIT)
    owner.background.request(lambda: 1)
    owner.background.finish()
    gate = Gate(2)
    owner.background.cancel()
    owner.background.request(gate)
    gate.open.set()
    qtbot.waitUntil(lambda: not threads())
    owner.background.request(lambda: 3)
    owner.background.finish()
    qtbot.wait(20)
    assert owner.results[-1] == 3


def test_an_owner_may_go_while_a_thread_computes(qtbot):
    owner, gate, later = Owner(), Gate(1), []
    owner.background.request(gate)
    assert gate.begun.wait(LIMIT)
    owner.background.request(lambda: later.append(2) or 2)
    alive = weakref.ref(owner)
    del owner
    gc.collect()
    assert alive() is None
    gate.open.set()
    for thread in threads():
        thread.join(LIMIT)
    qtbot.wait(20)
    assert not later, "nobody waits for it"


def test_the_processor_time_of_threads_is_told():
    owner = Owner()
    owner.background.request(lambda: sum(range(200_000)))
    owner.background.finish()
    assert owner.background.seconds > 0


def test_the_cost_of_one_kind_says_nothing_of_another(qtbot):
    owner, gate = Owner(at_once=LIMIT), Gate(2)
    owner.background.request(lambda: 1, kind="coarse")
    owner.background.finish()
    owner.background.request(gate, kind="fine")
    assert gate.begun.wait(LIMIT)
    assert gate.thread is not threading.current_thread()
    owner.background.request(lambda: 3, kind="coarse")
    assert owner.results == [1, 3], "what is cheap does not wait for the thread"
    gate.open.set()
    owner.background.finish()
    qtbot.wait(20)
    assert owner.results == [1, 3], "and is newer than what the thread computes"
