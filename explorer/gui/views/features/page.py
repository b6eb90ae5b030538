"""FeaturePage: the plots of the features with a caption and switches above them, a bar below, and a start."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QMenu,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.core.settings.network import OFFERED_DIMENSIONS
from explorer.core.texts import N_, _
from explorer.gui.commands.command import key_text
from explorer.gui.commands.plot_commands import plot_command
from explorer.gui.controls.labels import set_role
from explorer.gui.faults import guarded
from explorer.gui.plots.caption import Caption
from explorer.gui.plots.style import SMALL_TYPE, color
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.theme.icons import draw_icon
from explorer.gui.theme.theme import Theme, palette
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.views.features.bar import FeatureBar
from explorer.gui.views.features.forces.bar import ForceBar
from explorer.gui.views.features.key import MOST_CLASSES, ClassKey
from explorer.gui.views.features.projection.bar import ProjectionBar

_DIMENSIONS = {2: N_("2-D"), 3: N_("3-D")}
_UNIT = {2: N_("On the circle"), 3: N_("On the sphere")}
_WIDE_FOR_KEY, _HIGH_FOR_KEY = 900, 560
"""Pixels from which the legend is a column beside the plot: it takes width, and gives height."""
_UNIT_LENGTH = N_("Unit length")
_LEAST_CAPTION = 215
"""Pixels of normal type that the caption needs for the number of images and the step."""
_MORE = [dim for dim in OFFERED_DIMENSIONS if dim not in _DIMENSIONS]
_MORE_TIP = N_(
    "Features in more dimensions, of which a projection is shown. This restarts a run that has trained; the "
    "run so far is kept."
)
_TIP = N_("Features in {dim}-D. This restarts a run that has trained; the run so far is kept.")


class FeatureSwitches(QWidget):
    """Switches that say how the features are shown, and ask for another way.

    Those of the dimension are there only where someone can change it: see `offer_dimensions`.

    Signals
    -------
    dimensionRequested(int)
        The features should have this many dimensions.
    normalizedRequested(bool)
        Features should be shown at unit length, or as they are.
    """

    dimensionRequested = Signal(int)
    normalizedRequested = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme | None = None
        self._dim = 0
        self.dimensions = {dim: QToolButton() for dim in _DIMENSIONS}
        self.more, self.normalized = QToolButton(), QToolButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 8, 1)
        row.setSpacing(0)
        row.addStretch(1)  # where they have a line of their own
        for dim, button in self.dimensions.items():
            button.setText(_(_DIMENSIONS[dim]))
            button.setToolTip(wrapped(_(_TIP).format(dim=dim)))
            button.setAccessibleName(_("Features in {dim}-D").format(dim=dim))
            set_role(button, "segment", "first" if dim == min(_DIMENSIONS) else "middle")
            button.clicked.connect(self._on_dimension_clicked)
            button.hide()
            row.addWidget(button)
        self._build_more()
        row.addWidget(self.more)
        row.addSpacing(8)
        self.normalized.setAccessibleName(_("Features at unit length"))
        set_role(self.normalized, "segment", "only")
        self.normalized.clicked.connect(self.normalizedRequested)
        row.addWidget(self.normalized)
        for button in (*self._all_dimensions, self.normalized):
            button.setCheckable(True)
            RelativeFont(button, SMALL_TYPE)
        self.setAutoFillBackground(True)
        self.show_state(2, normalized=False)

    def offer_dimensions(self, offered: bool) -> None:
        """Show the switch of the dimension, or leave it out."""
        for button in self._all_dimensions:
            button.setVisible(offered)

    def enable_dimensions(self, enabled: bool) -> None:
        """Let the dimension be changed, or not."""
        for button in self._all_dimensions:
            button.setEnabled(enabled)

    @property
    def _all_dimensions(self) -> tuple[QToolButton, ...]:
        return *self.dimensions.values(), self.more

    def _build_more(self) -> None:
        """Make the button of more than three dimensions, which opens a menu of some."""
        menu = QMenu(self.more)
        for dim in _MORE:
            menu.addAction(_("{dim}-D").format(dim=dim)).setData(dim)
        menu.triggered.connect(self._on_more_triggered)
        self.more.setMenu(menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.more.setToolTip(wrapped(_(_MORE_TIP)))
        self.more.setAccessibleName(_("Features in more dimensions"))
        set_role(self.more, "segment", "last")
        self.more.hide()

    def show_state(self, dim: int, *, normalized: bool) -> None:
        """Show how many dimensions the features have, and whether they are at unit length."""
        self._dim = dim
        for each, button in self.dimensions.items():
            button.setChecked(each == dim)
        self.more.setChecked(dim > max(_DIMENSIONS))
        self.more.setText(_("{dim}-D").format(dim=dim) if dim > max(_DIMENSIONS) else _("More"))
        self.normalized.setText(_(_UNIT.get(dim, _UNIT_LENGTH)))
        self.normalized.setChecked(normalized)

    def apply_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        if theme is not self._theme:
            self._theme = theme
            colors = palette(theme)
            colors.setColor(QPalette.ColorRole.Window, color(theme.plot))
            self.setPalette(colors)

    def _on_dimension_clicked(self) -> None:
        self._ask_for(next(dim for dim, button in self.dimensions.items() if button is self.sender()))

    def _on_more_triggered(self, action: QAction) -> None:
        self._ask_for(action.data())

    def _ask_for(self, asked: int) -> None:
        changes = self._dim != asked
        self.show_state(self._dim, normalized=self.normalized.isChecked())  # until the features have it
        if changes:
            self.dimensionRequested.emit(asked)


class StartButton(QAbstractButton):
    """A round button in the middle of the features, before a run has trained."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        text = _("Start training ({key})").format(key=key_text(plot_command("run.toggle")))
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(wrapped(text))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the first button of the run bar does the same
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("overlay", True)
        parent.installEventFilter(self)
        self.hide()

    def sizeHint(self) -> QSize:
        """Return room for the disc; words below it would cover the names of clusters."""
        side = 4 * self.fontMetrics().height() + 4
        return QSize(side, side)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.resize(self.sizeHint())
            self.move(watched.rect().center() - self.rect().center())
        return super().eventFilter(watched, event)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the disc."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        line, colors = self.fontMetrics().height(), self.palette()
        disc = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.setBrush(colors.color(QPalette.ColorRole.Highlight))
        painter.drawEllipse(disc)
        inner = disc.adjusted(line, line, -line, -line)
        draw_icon(painter, "play", colors.color(QPalette.ColorRole.HighlightedText), inner)
        painter.end()


class FeaturePage(QWidget):
    """Caption and switches, bars for projections and forces, the ``canvas`` with a plot, and the bar."""

    def __init__(self, theme: Theme, *plots: QWidget) -> None:
        super().__init__()
        self.caption, self.switches, self.bar = Caption(theme), FeatureSwitches(), FeatureBar(theme)
        self.projection, self.forces = ProjectionBar(), ForceBar()
        self.canvas, self.key = QWidget(), ClassKey()
        self.start = StartButton(self.canvas)
        self.plots = QStackedLayout(self.canvas)
        for plot in plots:
            self.plots.addWidget(plot)
        self.start.raise_()
        self._head = QHBoxLayout()
        self._head.setSpacing(0)
        self._head.addWidget(self.caption, 1)
        self._head.addWidget(self.switches)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.canvas, 1)
        middle.addWidget(self.key)
        column.addLayout(self._head)
        column.addWidget(self.projection)
        column.addWidget(self.forces)
        column.addLayout(middle, 1)
        column.addWidget(self.bar)
        self.bar.classesShown.connect(self._arrange)
        self.bar.installEventFilter(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the legend beside the plot where there is room, and the switches below a caption without."""
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the legend back where its bar is left out, and put it beside the plot again afterwards."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._place_legend()
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        least = _LEAST_CAPTION * self.bar.theme.scale + self.switches.sizeHint().width()
        across, down = QHBoxLayout.Direction.LeftToRight, QHBoxLayout.Direction.TopToBottom
        self._head.setDirection(across if self.width() >= least else down)
        self._place_legend()

    def _place_legend(self) -> None:
        legend, theme = self.bar.legend, self.bar.theme
        roomy = self.width() >= _WIDE_FOR_KEY * theme.scale and self.height() >= _HIGH_FOR_KEY * theme.scale
        if roomy and 0 < len(legend.swatches) <= MOST_CLASSES and not self.bar.isHidden():
            self.bar.lend_legend(True)
            self.key.take(legend, theme, self.bar.probe)
        elif self.key.legend is not None:
            self.key.give_back()
            self.bar.lend_legend(False)
