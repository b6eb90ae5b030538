"""The main loop of the worker: handle commands, train, send events."""

from __future__ import annotations

import sys

import torch

from explorer import __version__
from explorer.core.protocol import messages as m
from explorer.core.protocol.framing import ProtocolError
from explorer.worker.device.devices import available_devices
from explorer.worker.session import Session
from explorer.worker.transport import Transport

_WATCHER_CORES = 1


def serve(transport: Transport) -> int:
    """Serve the protocol until `Shutdown`; return the exit code."""
    transport.listen()
    torch.set_flush_denormal(True)
    transport.send(m.Hello(m.PROTOCOL_VERSION, __version__, str(torch.__version__), available_devices()))
    code = _run(Session(transport.send, _WATCHER_CORES), transport)
    transport.close()
    return code


def _run(session: Session, transport: Transport) -> int:
    inbox = transport.inbox
    while True:
        while not (session.busy and inbox.empty()):
            command = inbox.get()
            if isinstance(command, m.Shutdown):
                return 0
            if isinstance(command, ProtocolError):
                print(f"loss-explorer: {command}", file=sys.stderr)
                transport.send(m.Failed(run=0, what=command.text, where="stdin"))
                return 1
            session.handle(command)
        session.tick()
