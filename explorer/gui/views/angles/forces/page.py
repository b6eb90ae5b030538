"""ForcePage: asks for the forces on the images that are shown, and shows how long they are."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from explorer.analysis.forces.force_frame import ForceFrame
from explorer.analysis.forces.force_lengths import ForceLengths, force_lengths, length_wish
from explorer.analysis.frames.selection import Mask
from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.texts import _
from explorer.gui.plots.empty_state import empty_state, style_empty_state
from explorer.gui.plots.style import SMALL_TYPE, color
from explorer.gui.state.forces import DETACHED_TIP, KnownForces
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.theme.theme import Theme, palette
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.views.angles.forces.plot import ForcePlot


class ForcePage(QWidget):
    """A plot, or why there is none, above a switch.

    Signals
    -------
    wished(object)
        A `ForceWish`: the frame that is drawn needs these forces.
    detachedRequested(bool)
        The gradient should be that of a margin that has none.
    """

    wished = Signal(object)
    detachedRequested = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.known = KnownForces()
        self.plot = ForcePlot(theme)
        self.detached = QCheckBox(_("Detach the margin's gradient"))
        self.detached.setToolTip(wrapped(_(DETACHED_TIP)))
        RelativeFont(self.detached, SMALL_TYPE)
        self._nothing: QLabel = empty_state("")
        self._styled: Theme | None = None
        self._views = QStackedLayout()
        self._views.addWidget(self.plot)
        self._views.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._views, 1)
        row = QHBoxLayout()
        row.setContentsMargins(10, 0, 10, 2)
        row.addWidget(self.detached, 1)
        column.addLayout(row)
        self.setAutoFillBackground(True)
        self.detached.clicked.connect(self.detachedRequested)

    def set_forces(self, frame: ForceFrame | None, complaint: str) -> None:
        """Take an answer, or why there can be none."""
        self.known.take(frame, complaint)

    def show_snapshot(
        self, snapshot: Snapshot, shown: Mask, theme: Theme, *, detached: bool
    ) -> ForceLengths | None:
        """Show the forces on the images that are ``shown`` (n,), and return them; None while not known."""
        known = self.known
        if known.begin(snapshot):
            self.plot.reset_view()
        wish = length_wish(snapshot, shown, detached=detached)
        if known.needs(snapshot, wish):
            self.wished.emit(wish)
        self.detached.setChecked(detached)
        self.detached.setEnabled(bool(snapshot.config.loss.spec.without_margin))
        if theme is not self._styled:
            self._styled = theme
            colors = palette(theme)
            colors.setColor(QPalette.ColorRole.Window, color(theme.plot))
            self.setPalette(colors)
        if known.frame is None:
            style_empty_state(self._nothing, theme)
            self._nothing.setText(known.complaint or _("Forces are being computed…"))
            self._views.setCurrentWidget(self._nothing)
            return None
        content = force_lengths(snapshot, known.frame)
        self.plot.show_content(content, theme)
        self._views.setCurrentWidget(self.plot)
        return content


def length_texts(content: ForceLengths | None) -> tuple[str, ...]:
    """Return what is shown, from the longest wording to the shortest."""
    if content is None:
        return ("",)
    count = len(content.total)
    full = _("force −∂L/∂x on {count:,} images · lines: medians").format(count=count)
    notes = []
    if content.to_means:
        notes.append(_("angles to class means"))
    if content.wrong:
        notes.append(_("{count:,} wrong labels: θ to the label").format(count=content.wrong))
    if content.batch:
        notes.append(_("in batches of {count:,}").format(count=content.batch))
    if content.pull is None:
        notes.append(_("total only"))
    short = _("force on {count:,} images").format(count=count)
    return " · ".join([full, *notes]), " · ".join([short, *notes]), short
