"""The labs by their ids, with their names on screen; light, for what only leads to them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from explorer.core.texts import N_, _

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "distance": N_("Distance"),
        "softmax": N_("Softmax"),
        "margin": N_("Margin"),
        "centre": N_("Centre"),
        "cost": N_("Cost"),
    }
)
"""The name of each lab on screen, as a message id, by the id of the lab."""


def lab_titles() -> dict[str, str]:
    """Return the names of the labs by their ids, in the language in force."""
    return {id_: _(title) for id_, title in TITLES.items()}
