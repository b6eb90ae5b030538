"""Whatever the worker does, the window learns of it, says so, and leaves no process behind."""

import os
import signal
import struct
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest
from PySide6.QtCore import QProcess

from explorer.bench.stage import Heartbeat
from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.settings.config import RunConfig
from explorer.gui.session.run import Run
from explorer.gui.session.worker_client import WorkerClient, local_worker

LIMIT = 30_000
SPEAK = (
    "import sys, time\n"
    "from explorer import __version__\n"
    "from explorer.core.protocol import messages as m\n"
    "from explorer.core.protocol.framing import encode\n"
    "from explorer.core.texts import text\n"
    "out = sys.stdout.buffer\n"
)
GREET = SPEAK + "out.write(encode(m.Hello(m.PROTOCOL_VERSION, __version__, 'y', ()))); out.flush()\n"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + GREET + "time.sleep(600)"


def children():
    return psutil.Process().children(recursive=True)


@pytest.fixture
def client_of(qtbot):
    clients = []

    def make(code, python=(sys.executable,)):
        client = WorkerClient([*python, "-c", code])
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.stop()
    qtbot.waitUntil(lambda: not children(), timeout=LIMIT)


def test_a_worker_that_cannot_start_shows_its_last_words(client_of, qtbot):
    client = client_of("import sys; print('one', file=sys.stderr); raise ImportError('libtorch is broken')")
    with qtbot.waitSignal(client.died, timeout=LIMIT) as died:
        client.start()
    sentence, tail = died.args
    assert "could not start" in str(sentence)
    assert "libtorch is broken" in tail
    assert tail.startswith("one")
    assert not client.alive


def test_a_program_that_is_not_there_is_named(qtbot):
    client = WorkerClient(["/nowhere/python"])
    with qtbot.waitSignal(client.died, timeout=LIMIT) as died:
        client.start()
    assert "/nowhere/python" in str(died.args[0])


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGKILL, "was killed (SIGKILL)"),
        (signal.SIGSEGV, "crashed in native code (SIGSEGV)"),
        (signal.SIGABRT, "crashed in native code (SIGABRT)"),
        (signal.SIGTERM, "ended by the system"),
    ],
)
def test_what_ended_a_worker_is_told(client_of, qtbot, number, words):
    client = client_of(GREET + "time.sleep(600)")
    with qtbot.waitSignal(client.eventReceived, timeout=LIMIT):
        client.start()
    with qtbot.waitSignal(client.died, timeout=LIMIT) as died:
        os.kill(client.process_id, number)
    assert words in str(died.args[0])


KILL = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
MOMENTS = {
    "at its start": (KILL, "could not start. The trainer was killed"),
    "while sending": (
        f"{GREET}out.write(encode(m.Configured(1, 1, 0))[:9]); out.flush(); {KILL}",
        "The trainer was killed",
    ),
}


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize(("code", "words"), MOMENTS.values(), ids=MOMENTS)
def test_a_worker_that_is_killed_at_any_moment_is_told(client_of, qtbot, code, words):
    client = client_of(code)
    with qtbot.waitSignal(client.died, timeout=LIMIT) as died:
        client.start()
    assert words in str(died.args[0])
    assert not client.alive


def test_a_flood_of_messages_leaves_the_window_its_turns(client_of, qtbot):
    flood = "one = encode(m.Failed(0, text('Again.'), 'Embed')) * 1000\nwhile True: out.write(one)"
    client, events = client_of(GREET + flood), []
    client.eventReceived.connect(events.append)
    client.start()
    qtbot.waitUntil(lambda: len(events) > 5_000, timeout=LIMIT)
    heartbeat = Heartbeat()
    before = len(events)
    qtbot.waitUntil(lambda: len(events) > before + 20_000, timeout=LIMIT)
    heartbeat.stop()
    assert heartbeat.busy < 0.1, "seconds of this thread between two turns of the event loop"


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files in /proc")
@pytest.mark.qt_log_ignore("Cannot create pipe")
def test_a_worker_for_which_no_pipe_is_left_is_told_and_starts_later(client_of, qtbot):
    """Qt says so while it is still being started: what followed took the message back."""
    import resource

    client = client_of(GREET + "time.sleep(600)")
    run = Run(client, RunConfig())
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with qtbot.waitSignal(run.problemOccurred, timeout=LIMIT) as told:
        resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")), before[1]))
        run.open()
        run.start()
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert "could not start" in str(told.args[0].text)
    assert run.phase == "failed"
    with qtbot.waitSignal(client.eventReceived, timeout=LIMIT):
        run.restart()
    run.close()


BROKEN = {
    "missing": ("", "raise ModuleNotFoundError('No module', name='torch')", "is not installed in"),
    "of another build": ("", "raise OSError('libcudart.so.12: cannot open')", "libcudart.so.12"),
    "an empty package": ("", "pass", "is not PyTorch"),
    "talkative": ("import os; os.write(1, b'Welcome to torch')", "raise ImportError('half')", "(half)"),
}


@pytest.mark.parametrize(("first", "then", "words"), BROKEN.values(), ids=BROKEN)
def test_a_torch_that_cannot_be_loaded_is_told_with_what_to_do(
    qtbot, tmp_path, monkeypatch, first, then, words
):
    """Whatever it writes to standard output meanwhile."""
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "__init__.py").write_text(f"{first}\n{then}\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    client = WorkerClient(local_worker())
    with qtbot.waitSignal(client.died, timeout=LIMIT) as died:
        client.start()
    assert words in str(died.args[0])
    assert "pip install" in str(died.args[0])
    qtbot.waitUntil(lambda: not children(), timeout=LIMIT)


def test_files_in_the_current_folder_are_not_taken_for_libraries(qtbot, tmp_path, monkeypatch):
    for name in ("random", "numpy", "torch", "explorer/__init__"):
        file = tmp_path / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text("raise RuntimeError('not this one')")
    monkeypatch.chdir(tmp_path)
    client = WorkerClient(local_worker())
    with qtbot.waitSignal(client.eventReceived, timeout=LIMIT) as greeted:
        client.start()
    assert isinstance(greeted.args[0], m.Hello)
    client.stop()
    qtbot.waitUntil(lambda: not children(), timeout=LIMIT)


@pytest.fixture
def soon(monkeypatch):
    """Look at the process five times as often, and await an answer for a second."""
    monkeypatch.setattr("explorer.gui.session.process.watchdog._TICK_MS", 200)
    monkeypatch.setattr("explorer.gui.session.process.watchdog._ANSWER_TICKS", 5)


BEATS = (
    "from explorer.core.protocol.framing import KEEP_ALIVE\n"
    "while True: out.write(KEEP_ALIVE); out.flush(); time.sleep(0.2)"
)
HANGING = {
    "no greeting": "import time; time.sleep(600)",
    "half a message": GREET + "out.write(encode(m.Configured(1, 1, 0))[:9]); out.flush(); time.sleep(600)",
    "no answer": GREET + "time.sleep(600)",
    "at work for ever": GREET + BEATS,
    "closed output": GREET + "import os; os.close(1); time.sleep(600)",
}


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("code", HANGING.values(), ids=HANGING)
def test_a_worker_that_hangs_is_told(client_of, qtbot, code):
    client = client_of(code)
    with qtbot.waitSignal(client.stalledChanged, timeout=LIMIT) as stalled:
        client.start()
        client.send(m.Advance())
    assert stalled.args == [True]
    assert client.stalled
    client.start()
    assert not client.stalled, "it is another process"


@pytest.mark.usefixtures("soon")
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_worker_that_was_stopped_is_told_until_it_goes_on(client_of, qtbot):
    events = (
        "while True: out.write(encode(m.Failed(0, text('Again.'), 'Pause'))); out.flush(); time.sleep(0.1)"
    )
    client = client_of(GREET + events)
    with qtbot.waitSignal(client.eventReceived, timeout=LIMIT):
        client.start()
    client.send(m.Run())
    process = psutil.Process(client.process_id)
    with qtbot.waitSignal(client.stalledChanged, timeout=LIMIT):
        process.suspend()
    with qtbot.waitSignal(client.stalledChanged, timeout=LIMIT) as stalled:
        process.resume()
    assert stalled.args == [False]


QUIET = {
    "nothing is asked": ("m.Pause()", "time.sleep(600)"),
    "with beats": ("m.Run()", BEATS),
}


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(("command", "code"), QUIET.values(), ids=QUIET)
def test_no_alarm_is_raised_for_a_worker(client_of, qtbot, command, code):
    client = client_of(GREET + code)
    with qtbot.waitSignal(client.eventReceived, timeout=LIMIT):
        client.start()
    client.send(eval(command))
    with qtbot.assertNotEmitted(client.stalledChanged, wait=2_000):
        pass


SLOW_DISK = """
import io, pathlib, sys, time
from explorer.worker.entry import main

class Slow(io.FileIO):
    reads = 0

    def readinto(self, place):
        Slow.reads += 1
        {wait}
        return super().readinto(place)

plain = pathlib.Path.open

def open_slowly(path, mode="r", *others, **more):
    if path.name == "train-images-idx3-ubyte":
        return io.BufferedReader(Slow(path))
    return plain(path, mode, *others, **more)

pathlib.Path.open = open_slowly
sys.exit(main())
"""
"""The real worker, whose disk keeps it waiting."""


@pytest.fixture(scope="module")
def large_data(tmp_path_factory):
    """A data set whose training images are read in sixteen parts."""
    folder = tmp_path_factory.mktemp("large")
    for split, count in (("train", 5_000), ("t10k", 100)):
        pixels = np.random.default_rng(0).integers(0, 256, (count, 28, 28), np.uint8)
        labels = np.arange(count, dtype=np.uint8) % 10
        for name, kind, array in (("images-idx3", 3, pixels), ("labels-idx1", 1, labels)):
            header = struct.pack(f">HBB{kind}I", 0, 8, kind, *array.shape)
            (folder / f"{split}-{name}-ubyte").write_bytes(header + array.tobytes())
    return folder


@pytest.fixture
def slow_reader(client_of, python, large_data, qtbot):
    """Return a function that starts a real worker on a slow disk, with a run to prepare."""

    def start(wait):
        client = client_of(SLOW_DISK.format(wait=wait), python)
        with qtbot.waitSignal(client.eventReceived, timeout=LIMIT):
            client.start()
        config = RunConfig().replace({"data.source": str(large_data), "device": "cpu", "threads": 1})
        client.send(m.Configure(1, config))
        return client

    return start


@pytest.mark.usefixtures("soon")
def test_a_worker_whose_disk_is_slow_is_not_accused_while_it_reads(slow_reader, qtbot):
    """In all it takes four times as long as one that works without an answer may."""
    client, stalled, events = slow_reader("time.sleep(0.25)"), [], []
    client.stalledChanged.connect(stalled.append)
    client.eventReceived.connect(events.append)
    began = time.monotonic()
    qtbot.waitUntil(lambda: any(isinstance(event, m.Started) for event in events), timeout=LIMIT)
    assert (stalled, time.monotonic() - began > 4.0) == ([], True)


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    "wait",
    ["time.sleep(600 if Slow.reads > 4 else 0.25)", "while Slow.reads > 4: pass"],
    ids=["stops", "loops"],
)
def test_one_that_reads_no_further_is_told(slow_reader, qtbot, wait):
    client, events = slow_reader(wait), []
    client.eventReceived.connect(events.append)
    qtbot.waitUntil(lambda: client.stalled, timeout=LIMIT)
    assert not any(isinstance(event, m.Started) for event in events)


@pytest.mark.usefixtures("soon")
def test_no_alarm_is_raised_after_this_machine_has_slept(client_of, qtbot, monkeypatch):
    client = client_of(GREET + "time.sleep(600)")
    with qtbot.waitSignal(client.eventReceived, timeout=LIMIT):
        client.start()
    client.send(m.Configure(1, RunConfig()))
    now = iter(range(0, 100_000, 10))
    monkeypatch.setattr("explorer.gui.session.process.watchdog.time.monotonic", lambda: float(next(now)))
    with qtbot.assertNotEmitted(client.stalledChanged, wait=1_500):
        pass


@pytest.mark.parametrize(
    "said",
    ["b'Hello, I am not a message'", "(2**32 - 1).to_bytes(4, 'little')", "encode(m.Configured(1, 1, 0))"],
    ids=["no message", "of 4 GiB", "of a run that is not there"],
)
def test_garbage_on_the_pipe_ends_the_worker(client_of, qtbot, said):
    client = client_of(GREET + f"out.write({said}); out.flush(); time.sleep(600)")
    with qtbot.waitSignal(client.died, timeout=LIMIT) as died:
        client.start()
    assert "violated the protocol" in str(died.args[0])
    assert not client.alive
    qtbot.waitUntil(lambda: not children(), timeout=LIMIT)


@pytest.mark.parametrize("hello", ["0, __version__", "2**63, __version__", "m.PROTOCOL_VERSION, '0.0.9'"])
def test_a_worker_of_another_version_is_ended_before_it_is_listened_to(client_of, qtbot, hello):
    client = client_of(SPEAK + f"out.write(encode(m.Hello({hello}, 'y', ()))); out.flush(); time.sleep(600)")
    events = []
    client.eventReceived.connect(events.append)
    with qtbot.waitSignal(client.died, timeout=LIMIT) as died:
        client.start()
    assert "update Loss Explorer on" in str(died.args[0])
    assert not events
    assert not client.alive
    qtbot.waitUntil(lambda: not children(), timeout=LIMIT)


def test_what_a_library_writes_without_measure_fills_no_memory(client_of, qtbot):
    flood = "for _ in range(400): print('x' * 100_000, file=sys.stderr)"
    client = client_of(f"{GREET}{flood}\nraise SystemExit(3)")
    logged = []
    client.logged.connect(logged.append)
    with qtbot.waitSignal(client.died, timeout=LIMIT) as died:
        client.start()
    assert sum(map(len, logged)) < 2_000_000
    assert died.args[1].startswith("xxx")
    assert len(died.args[1]) <= 40 * 1_001


@pytest.fixture
def stop_at_once(monkeypatch):
    """Stop a client in less than what it gives its worker to end, and without waiting for that."""

    def stop(client):
        before = time.perf_counter()
        with monkeypatch.context() as patch:
            patch.setattr(QProcess, "waitForFinished", lambda *_: pytest.fail("the window waits"))
            client.stop()
        assert time.perf_counter() - before < 1.5, "what a worker is given to end"

    return stop


def test_a_worker_that_does_not_listen_is_killed_and_nobody_waits_for_it(client_of, stop_at_once, qtbot):
    client = client_of(DEAF)
    with qtbot.waitSignal(client.eventReceived, timeout=LIMIT) as received:
        client.start()
    assert isinstance(received.args[0], m.Hello)
    stop_at_once(client)
    assert not client.alive
    assert children(), "it is still on its way out"
    qtbot.waitUntil(lambda: not children(), timeout=LIMIT)


def test_a_real_worker_that_trains_is_gone_soon_after_nobody_has_waited_for_it(
    stop_at_once, qtbot, tiny_data
):
    client = WorkerClient([sys.executable, "-m", "explorer.worker"])
    with qtbot.waitSignal(client.eventReceived, timeout=LIMIT):
        client.start()
    settings = {"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu", "threads": 1}
    with qtbot.waitSignal(
        client.eventReceived, timeout=LIMIT, check_params_cb=lambda event: isinstance(event, m.Frame)
    ):
        client.send(m.Configure(1, RunConfig().replace(settings)))
        client.send(m.Run())
    stop_at_once(client)
    qtbot.waitUntil(lambda: not children(), timeout=LIMIT)


def test_an_application_that_quits_right_away_leaves_no_worker_behind():
    code = (
        "import sys\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from explorer.gui.session.worker_client import WorkerClient\n"
        "application = QCoreApplication([])\n"
        f"client = WorkerClient([sys.executable, '-c', {DEAF!r}])\n"
        "def end(event):\n"
        "    print(client.process_id, flush=True)\n"
        "    client.stop()\n"
        "    application.quit()\n"
        "client.eventReceived.connect(end)\n"
        "client.start()\n"
        "application.exec()\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert not psutil.pid_exists(int(result.stdout))
    assert result.stderr == ""


def test_a_command_is_on_its_way_before_the_event_loop_runs_again(client_of, qtbot, tmp_path):
    """Whoever sends draws afterwards, and only then does Qt's event loop write what is waiting."""
    arrived = tmp_path / "arrived"
    client = client_of(GREET + f"sys.stdin.buffer.read(1); open({str(arrived)!r}, 'w'); time.sleep(600)")
    with qtbot.waitSignal(client.eventReceived, timeout=LIMIT):
        client.start()
    client.send(m.Pause())
    end = time.monotonic() + 10
    while not arrived.exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert arrived.exists()


def test_no_event_is_handled_in_the_middle_of_a_command(client_of, qtbot):
    """A worker that is slow to read lets Qt read what it says while a command is written."""
    events = "for _ in range(2000): out.write(encode(m.Failed(0, text('It failed.'), 'stdin')))"
    client = client_of(f"{GREET}time.sleep(0.3)\n{events}\nout.flush(); time.sleep(600)")
    with qtbot.waitSignal(client.eventReceived, timeout=LIMIT):
        client.start()
    nested, sending = [], False
    client.eventReceived.connect(lambda _event: nested.append(sending))
    time.sleep(0.6)
    sending = True
    for request in range(200):
        client.send(m.Embed(request, Array.of(np.zeros((1, 28, 28), np.uint8))))
    sending = False
    assert nested == []
    qtbot.waitUntil(lambda: len(nested) > 0, timeout=LIMIT)
