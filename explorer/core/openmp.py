"""How torch's threads wait for each other, which is decided before torch is loaded."""

from __future__ import annotations

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
