"""What views that show forces have in common: the colours of pull and push, and a sentence."""

from __future__ import annotations

from typing import Literal

from explorer.core.texts import N_
from explorer.gui.theme.theme import Rgb, Theme

Part = Literal["total", "pull", "push"]

DETACHED_TIP = N_(
    "Values with the margin, gradient without, as in the ArcFace of InsightFace. "
    "Only what is drawn changes, not the training."
)


def part_color(theme: Theme, part: Part) -> Rgb:
    """Return the colour of the whole force, of what pulls, or of what pushes."""
    return {"total": theme.text, "pull": theme.accent, "push": theme.error}[part]
