"""Whatever the worker does, the window learns of it, says so, and leaves no process behind."""

import sys

import psutil
import pytest

from explorer.core.protocol import messages as m
from explorer.gui.session.worker_client import WorkerClient

LIMIT = 30_000
GREET = (
    "import sys, time\n"
    "from explorer.core.protocol import messages as m\n"
    "from explorer.core.protocol.framing import encode\n"
    "out = sys.stdout.buffer\n"
    "out.write(encode(m.Hello(1, 'x', 'y', ()))); out.flush()\n"
)


@pytest.fixture
def client_of(qapp):
    clients = []

    def make(code):
        client = WorkerClient([sys.executable, "-c", code])
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.stop()


def test_a_worker_that_cannot_start_shows_its_last_words(client_of, qtbot):
    client = client_of("import sys; print('one', file=sys.stderr); raise ImportError('libtorch is broken')")
    with qtbot.waitSignal(client.died, timeout=LIMIT) as died:
        client.start()
    sentence, tail = died.args
    assert "could not start" in sentence
    assert "libtorch is broken" in tail
    assert tail.startswith("one")
    assert not client.alive


def test_a_program_that_is_not_there_is_named(qtbot):
    client = WorkerClient(["/nowhere/python"])
    with qtbot.waitSignal(client.died, timeout=LIMIT) as died:
        client.start()
    assert "/nowhere/python" in died.args[0]


def test_a_killed_worker_is_told(client_of, qtbot):
    client = client_of(GREET + "time.sleep(600)")
    with qtbot.waitSignal(client.eventReceived, timeout=LIMIT):
        client.start()
    with qtbot.waitSignal(client.died, timeout=LIMIT) as died:
        psutil.Process(client.process_id).kill()
    assert "was killed" in died.args[0]


def test_garbage_on_the_pipe_ends_the_worker(client_of, qtbot):
    client = client_of(GREET + "out.write(b'Hello, I am not a message'); out.flush(); time.sleep(600)")
    with qtbot.waitSignal(client.died, timeout=LIMIT) as died:
        client.start()
    assert "not the protocol" in died.args[0]
    assert not client.alive
    assert not psutil.Process().children(recursive=True)


def test_a_worker_that_does_not_listen_is_ended_all_the_same(client_of, qtbot):
    client = client_of(
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + GREET + "time.sleep(600)"
    )
    with qtbot.waitSignal(client.eventReceived, timeout=LIMIT) as received:
        client.start()
    assert isinstance(received.args[0], m.Hello)
    process = psutil.Process(client.process_id)
    client.stop()
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    assert not client.alive


@pytest.mark.parametrize(("own", "expected"), [(None, "10000"), ("7", "7")])
def test_threads_of_a_worker_soon_sleep_while_they_wait_unless_the_person_has_said_otherwise(
    client_of, qtbot, monkeypatch, own, expected
):
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)
    if own is not None:
        monkeypatch.setenv("GOMP_SPINCOUNT", own)
    client = client_of("import os, sys; sys.exit(os.environ['GOMP_SPINCOUNT'])")
    with qtbot.waitSignal(client.died, timeout=LIMIT) as died:
        client.start()
    assert died.args[1].strip() == expected
