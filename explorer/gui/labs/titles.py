"""The labs by their ids, with their names on screen and subjects; light, for what only leads to them."""

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
ABOUT = LabTitles(
    distance=N_("Euclidean, Manhattan and cosine distance of points that you drag"),
    softmax=N_("What lengths and the scale do to probabilities and the loss"),
    margin=N_("The margin functions of losses, their pull, and the boundary of two classes"),
    centre=N_("An outlier's share of centre loss, and how centres follow their class"),
    cost=N_("Time and memory of a training step by number of classes"),
)
"""What each lab is about, as message ids: tips of the tabs, and words that a search finds."""


def about_lab(lab_id: str) -> str:
    """Return what a lab is about, in the language in force; empty for none of these."""
    text: str = getattr(ABOUT, lab_id, "")
    return text and _(text)


def lab_titles() -> dict[str, str]:
    """Return the names of the labs by their ids, in the language in force."""
    return {lab_id: _(title) for lab_id, title in asdict(TITLES).items()}
