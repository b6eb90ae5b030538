"""How a process that trains begins: what OpenMP reads once, when torch is loaded, is set before."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

_SPINS = {"GOMP_SPINCOUNT": "10000"}
"""How often a training thread that waits for the others looks before it sleeps.

Two threads on two idle cores trained 23,000 images/s with the library's own count, 26,000 with this one and
11,000 without spinning; beside other work 2,400, 7,200 and 7,800, because one that spins takes the core that
another needs.
"""


def spin_briefly(environment: MutableMapping[str, str]) -> None:
    """Set the variables of an environment in which torch is to be loaded, where the person has not."""
    for name, value in _SPINS.items():
        environment.setdefault(name, value)


def main() -> int:
    """Serve the protocol on standard input and output until told to stop; return the exit code."""
    spin_briefly(os.environ)
    from explorer.worker.loop import serve  # loads torch

    return serve()
