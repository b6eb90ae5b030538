"""A window that is stopped reads nothing: its worker must end all the same, when told to or left alone."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from explorer.core.protocol import messages as m
from explorer.core.protocol.framing import encode
from explorer.core.settings.config import RunConfig

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
LIMIT = 60
PIPE = 60_000
"""Bytes that wait in a pipe of which nothing is read once it is nearly full; Linux has room for 65,536."""


def waiting_in(pipe) -> int:
    """Return how many bytes can be read from a pipe."""
    import array
    import fcntl
    import termios

    count = array.array("i", [0])
    fcntl.ioctl(pipe.fileno(), termios.FIONREAD, count)
    return count[0]


@pytest.fixture
def blocked(worker_command, tiny_data):
    """A worker that trains, and cannot write its checkpoints."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(worker_command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, bufsize=0)
    config = RunConfig().replace({"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu"})
    commands = (m.SendCheckpoints(0.01), m.Configure(1, config), m.Run())
    process.stdin.write(b"".join(encode(command) for command in commands))
    end = time.monotonic() + LIMIT
    while waiting_in(process.stdout) < PIPE:
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)
    yield process
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        stream.close()


def test_a_worker_that_is_told_to_end_does_so_though_nobody_reads_what_it_says(blocked):
    blocked.stdin.write(encode(m.Shutdown()))
    assert blocked.wait(LIMIT) is not None


def test_a_worker_that_is_left_alone_ends_though_nobody_reads_what_it_says(blocked):
    blocked.stdin.close()
    assert blocked.wait(LIMIT) is not None


def test_a_worker_is_ended_by_the_system_though_nobody_reads_what_it_says(blocked):
    blocked.terminate()
    assert blocked.wait(LIMIT) is not None
