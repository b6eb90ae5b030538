"""MistakeStrips: pictures of the most misleading pairs, of each kind in a row."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from explorer.analysis.frames.selection import Mask
from explorer.core.data.datasets import Bytes
from explorer.core.texts import _
from explorer.gui.plots.gallery import GalleryStrip
from explorer.gui.plots.style import SMALL_TYPE, color
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.theme.theme import Theme
from explorer.gui.views.verification.content import VerificationContent, pair_tiles


class PairStrip(GalleryStrip):
    """Pairs of thumbnails in a row."""

    caption_room = "0 · 0  0.0000"
    per_tile = 2
    fitting = 4


class MistakeStrips(QWidget):
    """The nearest different pairs, and the farthest same pairs; those that are decided wrongly are marked.

    Signals
    -------
    imagesRequested(object, str)
        Rows of both images of a pair, and `SelectionMode`.
    hoverRequested(int)
        Row of the first image of the pair under the pointer, −1 for none.
    """

    imagesRequested = Signal(object, str)
    hoverRequested = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._styled = ""
        self._shown: VerificationContent | None = None
        self._waiting: tuple[VerificationContent, float, Bytes | None, Theme] | None = None
        self.different, self.same = PairStrip(theme), PairStrip(theme)
        self.setAutoFillBackground(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 4, 2)
        column.setSpacing(0)
        for strip, text in (
            (self.different, _("Nearest different pairs (red: accepted)")),
            (self.same, _("Farthest same pairs (red: rejected)")),
        ):
            heading = QLabel(text)
            RelativeFont(heading, SMALL_TYPE)
            heading.setContentsMargins(6, 1, 6, 0)
            RelativeFont(strip, SMALL_TYPE)
            strip.setAccessibleName(text)
            strip.imagesRequested.connect(self.imagesRequested)
            strip.hoverRequested.connect(self.hoverRequested)
            column.addWidget(heading)
            column.addWidget(strip)

    def show_content(
        self, content: VerificationContent, threshold: float, pixels: Bytes | None, theme: Theme
    ) -> None:
        """Show the pairs of a content; ``pixels`` are by row of its snapshot, None until they are read.

        While the pointer is over them, pairs of other frames wait: one may be about to be clicked.
        """
        if self._styled != theme.look:
            self._style(theme)
        before = self._shown
        if (
            before is not None
            and before is not content
            and before.snapshot.probe is content.snapshot.probe
            and self.underMouse()
        ):
            self._waiting = content, threshold, pixels, theme
            return
        self._shown, self._waiting = content, None
        found = content.found
        for strip, part, places in (
            (self.different, found.different, found.nearest_different),
            (self.same, found.same, found.farthest_same),
        ):
            strip.show_tiles(pair_tiles(content, part, places, threshold), pixels, theme)

    def show_chosen(self, chosen: Mask) -> None:
        """Highlight the pairs both of whose images are among those ``chosen`` (n,)."""
        self.different.show_chosen(chosen)
        self.same.show_chosen(chosen)

    def leaveEvent(self, event: QEvent) -> None:
        """Show what has waited."""
        super().leaveEvent(event)
        if self._waiting is not None:
            self.show_content(*self._waiting)

    def _style(self, theme: Theme) -> None:
        self._styled = theme.look
        colors = QPalette(self.palette())
        colors.setColor(QPalette.ColorRole.Window, color(theme.plot))
        colors.setColor(QPalette.ColorRole.WindowText, color(theme.muted))
        self.setPalette(colors)
