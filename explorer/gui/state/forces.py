"""What views that show forces have in common: what they know and ask, colours, and a sentence."""

from __future__ import annotations

from typing import Literal

from explorer.analysis.forces.force_frame import ForceFrame, ForceWish
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.core.texts import N_
from explorer.gui.theme.theme import Rgb, Theme

Part = Literal["total", "pull", "push"]

DETACHED_TIP = N_(
    "Loss values with the margin, gradients without it, as in the ArcFace of InsightFace. This changes "
    "only what is drawn, not the training."
)


def part_color(theme: Theme, part: Part) -> Rgb:
    """Return the colour of the whole force, of what pulls, or of what pushes."""
    return {"total": theme.text, "pull": theme.accent, "push": theme.error}[part]


class KnownForces:
    """Lets a view ask once for each frame that it draws.

    Attributes
    ----------
    frame : ForceFrame or None
        The newest answer, of the images of the frame that is shown.
    complaint : str
        Why there can be none; empty while there may be one.
    """

    def __init__(self) -> None:
        self.frame: ForceFrame | None = None
        self.complaint = ""
        self._probe: ProbeSet | None = None
        self._asked: tuple[int, int, ForceWish] | None = None

    @property
    def asked(self) -> bool:
        """Whether anything has been asked since `forget`."""
        return self._asked is not None

    def take(self, frame: ForceFrame | None, complaint: str) -> None:
        """Take an answer, or why there can be none; with neither, everything is to be asked again.

        What was refused is not asked again: only another frame or another wish is. An answer about another
        class, or with another gradient, than what was asked last is too late.
        """
        if frame is not None and self._asked is not None and not frame.wish.is_about(self._asked[2]):
            return
        self.frame, self.complaint = frame, complaint
        if frame is None and not complaint:
            self._asked = None

    def begin(self, snapshot: Snapshot) -> bool:
        """Show a frame from now on; return whether it has other images, of which nothing is known."""
        if snapshot.probe is self._probe:
            return False
        self._probe, self.frame, self._asked = snapshot.probe, None, None
        return True

    def needs(self, snapshot: Snapshot, wish: ForceWish) -> bool:
        """Return whether to ask for a wish about a frame, and take that it is asked then."""
        step, seq = snapshot.step, snapshot.config_seq
        if self._asked is not None and self._asked[:2] == (step, seq) and wish.is_like(self._asked[2]):
            return False
        self._asked = step, seq, wish
        return True

    def forget(self) -> None:
        """Know nothing: forces are not shown any more."""
        self.frame = self._asked = None
