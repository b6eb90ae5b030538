"""PaneHeader: which run a pane shows, and how far it is."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QToolButton, QWidget
from superqt import QElidingLabel

from explorer.core.texts import _
from explorer.gui.controls.labels import set_role
from explorer.gui.theme.icons import icon
from explorer.gui.theme.tooltips import wrapped

_ROOM = 6
"""Pixels behind the title."""
_TITLE_SHARE = 0.6
_WIDE = 480
"""Pixels from which two lines are enough."""


class HeaderState(Struct, frozen=True, kw_only=True):
    """What a header shows.

    Parameters
    ----------
    title, settings : str
        The loss, and the settings that are not the same in all runs.
    reading, share : str
        Where the run is, and what it gets of the machine.
    can_train, training : bool
        Whether it can be started, and whether it trains now.
    """

    title: str = ""
    settings: str = ""
    reading: str = ""
    share: str = ""
    can_train: bool = False
    training: bool = False


class PaneHeader(QWidget):
    """Two lines above the views of a run, with buttons that start or pause it and take it away.

    Signals
    -------
    toggleRequested()
        The run should start or pause.
    removalRequested()
        The run should be shown no more.
    """

    toggleRequested = Signal()
    removalRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = HeaderState()
        self._title, self._settings = _line(bold=True), _line()
        self._reading, self._share = _line(), _line("muted")
        self._share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.toggle, self.remove = QToolButton(autoRaise=True), QToolButton(autoRaise=True)
        for button in (self.toggle, self.remove):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.remove.setAccessibleName(_("Remove this run from the comparison"))
        self.remove.setToolTip(_("Remove this run from the comparison"))
        self.toggle.clicked.connect(self.toggleRequested)
        self.remove.clicked.connect(self.removalRequested)
        self._arrange()
        self._dress()

    def set_state(self, state: HeaderState) -> None:
        """Show another state; emits nothing."""
        if state == self.state:
            return
        self.state = state
        for label, text in (
            (self._title, state.title),
            (self._settings, state.settings),
            (self._reading, state.reading),
            (self._share, state.share),
        ):
            label.setText(text)
            label.setToolTip(wrapped(text))
        self._fit_title()
        self.setAccessibleName(", ".join(filter(None, (state.title, state.settings, state.reading))))
        words = _("Pause this run") if state.training else _("Start this run")
        self.toggle.setVisible(state.can_train)
        self.toggle.setAccessibleName(words)
        self.toggle.setToolTip(words)
        self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the title its part of the width."""
        super().resizeEvent(event)
        self._fit_title()
        self._place_share()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def _arrange(self) -> None:
        first, self._second, self._third = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        first.setSpacing(6)
        first.addWidget(self._title)
        first.addWidget(self._settings, 1)
        self._second.addWidget(self._reading, 3)
        self._second.addWidget(self._share, 4)
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 4, 4, 4)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(0)
        grid.addLayout(first, 0, 0)
        grid.addLayout(self._second, 1, 0)
        grid.addLayout(self._third, 2, 0)
        grid.addWidget(self.toggle, 0, 1, 3, 1)
        grid.addWidget(self.remove, 0, 2, 3, 1)
        grid.setColumnStretch(0, 1)

    def _place_share(self) -> None:
        """Give what the run gets of the machine a line of its own where the header is narrow."""
        row = self._second if self.width() >= _WIDE else self._third
        if row.indexOf(self._share) < 0:
            row.addWidget(self._share, 4)
            beside = row is self._second
            side = Qt.AlignmentFlag.AlignRight if beside else Qt.AlignmentFlag.AlignLeft
            self._share.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def _fit_title(self) -> None:
        wanted = self._title.fontMetrics().horizontalAdvance(self.state.title) + _ROOM
        self._title.setFixedWidth(min(wanted, round(_TITLE_SHARE * self.width())))

    def _dress(self) -> None:
        side = round(0.9 * self.fontMetrics().height())
        self.toggle.setIcon(icon("pause" if self.state.training else "play", self.palette()))
        self.remove.setIcon(icon("close", self.palette()))
        for button in (self.toggle, self.remove):
            button.setIconSize(QSize(side, side))


def _line(role: str = "", *, bold: bool = False) -> QElidingLabel:
    label = QElidingLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        set_role(label, "role", role)
    font = QFont()
    font.setBold(bold)
    font.setFeature(QFont.Tag("tnum"), 1)  # digits of one width
    label.setFont(font)
    return label
