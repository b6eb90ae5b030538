"""Python with torch loaded beforehand: a process that a test starts by it is ready at once.

A process that trains needs two and a half seconds of a core to import torch, of three in all. So one process
imports it once and forks. What a test starts is a small client of it: the fork takes its arguments, folder,
environment and standard streams, and it ends with the fork's exit code. Where it is killed, so is the fork.
Tests whose subject is the process itself, its start, its signals or its priority, start their own.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path

_LENGTH, _CODE = struct.Struct("!Q"), struct.Struct("!i")
_STREAMS = [0, 1, 2]


@contextlib.contextmanager
def preloaded_python(folder: Path) -> Iterator[list[str]]:
    """Yield the beginning of a command to go on with ``-m`` or ``-c``, as after ``sys.executable``.

    It is ``sys.executable`` itself where processes cannot be forked. The socket is in ``folder``.
    """
    if sys.platform != "linux":
        yield [sys.executable]
        return
    place = str(folder / "socket")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(place)
        listener.listen()
        number = listener.fileno()
        server = subprocess.Popen(
            [sys.executable, __file__, "serve", str(number)], stdin=subprocess.PIPE, pass_fds=[number]
        )
        server.wait()
    try:
        yield [sys.executable, "-I", "-S", __file__, place]
    finally:
        server.stdin.close()


def _serve(listener: socket.socket) -> None:
    """Fork for each client, until the tests end, or are killed: standard input is closed then."""
    if os.fork():
        return  # it is no child of the tests, some of which count theirs
    import explorer.worker.headless
    import explorer.worker.loop  # noqa: F401  # both load torch, and all that trains

    gc.freeze()
    waking, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: dict[socket.socket, int] = {}
    while True:
        ready, _, _ = select.select([0, listener, waking, *running], [], [])
        for source in ready:
            if source == 0:
                return
            if source is listener:
                client, _address = listener.accept()
                running[client] = _fork(client, [listener, client, *running], [waking, woken])
            elif source is waking:
                os.read(waking, 1 << 10)
            elif source in running:  # it says nothing: it is gone
                os.kill(running[source], signal.SIGKILL)
        _tell_ends(running)


def _fork(client: socket.socket, connections: list[socket.socket], pipe: list[int]) -> int:
    """Fork a process that runs what a client asks for, and return its number."""
    request, streams = _request(client)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # NumPy's library has threads, which wait
        number = os.fork()
    if not number:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for connection in connections:
            connection.close()
        for end in pipe:
            os.close(end)
        _run(request, streams)
    for stream in streams:
        os.close(stream)
    return number


def _request(client: socket.socket) -> tuple[dict[str, object], list[int]]:
    """Return what a client asks for, and its standard streams."""
    head, streams, _flags, _address = socket.recv_fds(client, _LENGTH.size, len(_STREAMS))
    (length,) = _LENGTH.unpack(head)
    with client.makefile("rb", buffering=0) as source:
        content = b""
        while len(content) < length:
            content += source.read(length - len(content))
    return json.loads(content), streams


def _tell_ends(running: dict[socket.socket, int]) -> None:
    """Tell the clients whose forks have ended."""
    for client, number in list(running.items()):
        ended, status = os.waitpid(number, os.WNOHANG)
        if ended:
            del running[client]
            with contextlib.suppress(OSError):
                client.sendall(_CODE.pack(os.waitstatus_to_exitcode(status)))
            client.close()


def _run(request: dict[str, object], streams: list[int]) -> None:
    """Run what was asked for, and end this process."""
    for stream, number in zip(streams, _STREAMS, strict=True):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    kind, what, *arguments = request["arguments"]
    sys.argv = ["-c", *arguments]
    code: object = 0
    try:
        if kind == "-m":
            sys.argv[0] = what
            runpy.run_module(what, run_name="__main__", alter_sys=True)
        else:
            exec(what, {"__name__": "__main__"})
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 1)


def _ask(place: str, arguments: list[str]) -> int:
    """Have a process forked that runs this, and return its exit code."""
    request = {"arguments": arguments, "environment": dict(os.environ), "folder": os.getcwd()}
    content = json.dumps(request).encode()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(place)
        socket.send_fds(connection, [_LENGTH.pack(len(content))], _STREAMS)
        connection.sendall(content)
        for stream in _STREAMS:
            os.close(stream)  # whoever reads or writes them has to do with the fork alone
        return _CODE.unpack(connection.recv(_CODE.size))[0]


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        _serve(socket.socket(fileno=int(sys.argv[2])))
    else:
        code = _ask(sys.argv[1], sys.argv[2:])
        if code < 0:
            os.kill(os.getpid(), -code)
        os._exit(code)
