"""The labs by their ids, with their names on screen; light, for what only leads to them."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import asdict

from explorer.core.texts import N_, _


class LabTitles(Struct, frozen=True):
    """The name of each lab on screen, as a message id, by the id of the lab."""

    distance: str = N_("Distance")
    softmax: str = N_("Softmax")
    margin: str = N_("Margin")
    centre: str = N_("Centre")
    cost: str = N_("Cost")


TITLES = LabTitles()


def lab_titles() -> dict[str, str]:
    """Return the names of the labs by their ids, in the language in force."""
    return {lab_id: _(title) for lab_id, title in asdict(TITLES).items()}
