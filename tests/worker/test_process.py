"""A real worker process: what it must do whatever happens at the other end of the pipe."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from explorer.core.protocol import messages as m
from explorer.core.protocol.framing import KEEP_ALIVE, encode, event_decoder
from explorer.core.settings.config import RunConfig

LIMIT = 60


class Worker:
    """A worker process and its events."""

    def __init__(self, *command):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0)
        self.decoder = event_decoder()
        self.queue = []

    def end(self):
        """Kill the process and close the pipes."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()

    def send(self, *commands):
        self.process.stdin.write(b"".join(encode(command) for command in commands))

    def receive(self, kind):
        """Return the next event of a kind, acknowledging the frames on the way."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            while self.queue:
                event = self.queue.pop(0)
                if isinstance(event, m.Frame):
                    self.send(m.Ack(event.index))
                if isinstance(event, kind):
                    return event
            data = os.read(self.process.stdout.fileno(), 1 << 16)
            assert data, self.process.stderr.read().decode()
            self.queue.extend(self.decoder.feed(data))
        raise AssertionError(f"no {kind.__name__} within {LIMIT} s")


@pytest.fixture
def worker():
    """A process of its own, as the program starts one."""
    worker = Worker(sys.executable, "-m", "explorer.worker")
    yield worker
    worker.end()


@pytest.fixture
def ready_worker(worker_command):
    worker = Worker(*worker_command)
    yield worker
    worker.end()


@pytest.fixture
def config(tiny_data):
    return RunConfig().replace({"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu"})


def test_it_trains_follows_a_change_and_ends_with_its_input(worker, config):
    hello = worker.receive(m.Hello)
    assert hello.protocol == m.PROTOCOL_VERSION
    assert "cpu" in {device.name for device in hello.devices}
    worker.send(m.Configure(1, config), m.Run())
    worker.receive(m.Started)
    while worker.receive(m.Frame).step < 5:
        pass
    worker.send(m.Configure(2, config.replace({"loss.name": "arcface"})))
    while (frame := worker.receive(m.Frame)).config_seq != 2:
        pass
    assert frame.step - frame.config_step <= 2
    worker.process.stdin.close()
    assert worker.process.wait(10) == 0


def test_all_its_threads_step_back_behind_the_window(worker, config):
    worker.send(m.Configure(1, config.replace({"threads": 2})), m.Run())
    while worker.receive(m.Frame).step < 5:
        pass
    process = psutil.Process(worker.process.pid)
    if sys.platform == "win32":
        assert process.nice() == psutil.BELOW_NORMAL_PRIORITY_CLASS
        return
    ours = psutil.Process().nice()
    threads = process.threads() if sys.platform == "linux" else []
    assert {os.getpriority(os.PRIO_PROCESS, thread.id) for thread in threads} <= {ours + 5}
    assert process.nice() == ours + 5


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_in_a_terminal_reaches_the_window_only(worker):
    """A terminal sends it to all processes of its group; the window ends the worker itself.

    In a session of its own, the priority of the worker would not count beside that of the window.
    """
    own, end = worker.process.pid, time.monotonic() + LIMIT
    while os.getpgid(own) != own:  # at its start, before it loads torch
        assert time.monotonic() < end
        time.sleep(0.01)
    assert os.getsid(own) == os.getsid(0)


def test_it_ends_when_told(ready_worker):
    ready_worker.send(m.Shutdown())
    assert ready_worker.process.wait(LIMIT) == 0


def test_garbage_on_its_input_is_answered_and_ends_it(ready_worker):
    ready_worker.process.stdin.write(b"GET / HTTP/1.1\r\n\r\n")
    failed = ready_worker.receive(m.Failed)
    assert failed.where == "stdin"
    assert "limit" in str(failed.what)
    assert ready_worker.process.wait(10) == 1


def test_what_libraries_print_cannot_reach_the_protocol(python):
    worker = Worker(
        *python,
        "-c",
        "import explorer.worker.session as s, os, sys\n"
        "old = s.Session.tick\n"
        "def noisy(self):\n"
        "    print('a library prints'); os.write(1, b'and so does C'); sys.stdout.flush(); old(self)\n"
        "s.Session.tick = noisy\n"
        "from explorer.worker.entry import main\n"
        "sys.exit(main())",
    )
    worker.send(m.Configure(1, RunConfig().replace({"data.source": "/nowhere"})))
    assert "nowhere" in str(worker.receive(m.Failed).what)
    worker.process.stdin.close()
    error = worker.process.stderr.read().decode()
    assert worker.process.wait(10) == 0
    assert "a library prints" in error
    assert "and so does C" in error
    worker.end()


def test_a_long_step_is_told_from_one_that_hangs(python):
    """By what is written while nothing can be said."""
    worker = Worker(
        *python,
        "-c",
        "import explorer.worker.session as s, sys, time\n"
        "def long(self):\n"
        "    end = time.process_time() + 600\n"
        "    while time.process_time() < end: pass\n"
        "s.Session.tick = long\n"
        "from explorer.worker.entry import main\n"
        "sys.exit(main())",
    )
    worker.receive(m.Hello)
    worker.send(m.Configure(1, RunConfig()))
    assert os.read(worker.process.stdout.fileno(), 1 << 16) == KEEP_ALIVE
    worker.end()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_worker_whose_owner_is_killed_does_not_stay_behind():
    owner = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys, time\n"
            "p = subprocess.Popen([sys.executable, '-m', 'explorer.worker'], stdin=subprocess.PIPE, "
            "stdout=subprocess.PIPE)\n"
            "print(p.pid, flush=True); p.stdout.read(1); print('up', flush=True); time.sleep(600)",
        ],
        stdout=subprocess.PIPE,
    )
    pid = int(owner.stdout.readline())
    assert owner.stdout.readline() == b"up\n"
    orphan = psutil.Process(pid)
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    assert psutil.wait_procs([orphan], timeout=15)[0]


ENTRIES = {
    "python -m explorer.worker": ("explorer.worker",),
    "loss-explorer worker": ("explorer", "worker"),
    "loss-explorer train": ("explorer", "train", "--seconds", "0.01", "--json"),
}
UP_TO_TORCH = """
import os, runpy, sys

class Finder:
    def find_spec(self, name, *_):
        if name == "torch":
            print(name, os.environ.get("GOMP_SPINCOUNT"), file=sys.stderr, flush=True)
            os._exit(0)

sys.meta_path.insert(0, Finder())
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
"""Runs a module up to where it loads torch, and prints the setting as it is then."""


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
@pytest.mark.parametrize(("own", "expected"), [(None, "10000"), ("7", "7")])
def test_threads_that_train_soon_sleep_while_they_wait_unless_the_person_has_said_otherwise(
    monkeypatch, entry, own, expected
):
    """OpenMP reads it once, when torch is loaded: it must be set before, whichever way training begins."""
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)
    if own is not None:
        monkeypatch.setenv("GOMP_SPINCOUNT", own)
    command = [sys.executable, "-c", UP_TO_TORCH, *entry]
    result = subprocess.run(command, input=b"", capture_output=True, check=True)
    assert result.stderr.decode() == f"torch {expected}\n"


@pytest.mark.skipif(sys.platform != "linux", reason="GNU's OpenMP, which says how it is set")
def test_openmp_takes_the_setting_that_is_there_when_torch_is_loaded():
    command = [sys.executable, "-m", "explorer.worker"]
    environment = {**os.environ, "OMP_DISPLAY_ENV": "verbose"}
    environment.pop("GOMP_SPINCOUNT", None)
    result = subprocess.run(command, env=environment, input=b"", capture_output=True, check=True)
    assert "GOMP_SPINCOUNT = '10000'" in result.stderr.decode()
