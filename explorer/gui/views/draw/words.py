"""What the drawing pad says of itself: of digits only where the data set is of digits."""

from __future__ import annotations

from msgspec import Struct

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.data.known import shows_digits
from explorer.core.texts import N_


class PadWords(Struct, frozen=True):
    """Message ids: what the empty pad says, its accessible name and tooltip, and what is said beside it."""

    placeholder: str
    name: str
    tip: str
    invitation: str
    not_ready: str


DIGITS = PadWords(
    placeholder=N_("Draw a digit"),
    name=N_("Pad to draw a digit on"),
    tip=N_(
        "Draw a digit, or drop or paste ({paste}) a picture. {undo} undoes the last stroke, "
        "{clear} clears the pad."
    ),
    invitation=N_("See where your digit lands, its angle to every class, and the most similar images."),
    not_ready=N_("The network is still loading. Go ahead and draw; your digit will appear when it is ready."),
)
IMAGES = PadWords(
    placeholder=N_("Draw here"),
    name=N_("Pad to draw on"),
    tip=N_(
        "Draw, or drop or paste ({paste}) a picture. {undo} undoes the last stroke, {clear} clears the pad."
    ),
    invitation=N_("See where your image lands, its angle to every class, and the most similar images."),
    not_ready=N_("The network is still loading. Go ahead and draw; your image will appear when it is ready."),
)


def words_for(probe: ProbeSet | None) -> PadWords:
    """Return the words for the data set of a probe set; before it is known, those for images of any kind.

    Classes that are called 0, 1, … may be of anything.
    """
    return DIGITS if probe is not None and shows_digits(probe.title) else IMAGES
