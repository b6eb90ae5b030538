"""Legend: the colours of the classes, with controls to hide them."""

from __future__ import annotations

import time
from collections import deque
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QMenu, QSizePolicy, QToolButton, QWidget

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.texts import _
from explorer.gui.commands.keys import pressed
from explorer.gui.controls.labels import set_role
from explorer.gui.faults import guarded
from explorer.gui.layout.kept_flow import KeptFlowLayout
from explorer.gui.plots.style import color, ink_on, pen
from explorer.gui.theme.style_sheet import FINGER
from explorer.gui.theme.theme import Rgb, Theme
from explorer.gui.theme.tooltips import wrapped

_RIM = 2.5
"""Width of the rim of a class left out of training, in pixels."""


class Swatch(QAbstractButton):
    """A patch with a class label: filled while the class is shown, an outline while it is hidden.

    That of a class left out of training has a rim in its colour instead, as its points are rings.

    A click or Space requests to hide or show the class, a double click or Enter to show only this class, or
    all where it is alone. The signals are those of the ``legend``: a hundred swatches with their own take
    twice as long to make.
    """

    def __init__(self, label: int, legend: Legend) -> None:
        super().__init__(legend)
        self._legend = legend
        self._fill: Rgb = (0, 0, 0)
        self._outline = self._muted = self._fill
        self._look: tuple[Theme, bool, bool, bool] | None = None
        self._least = 0
        self.label, self.name = label, str(label)
        self.shown, self.unseen = True, False
        self.alone = self._was_alone = False  # now, and when the mouse was pressed
        self.setText(str(label))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_name(self, name: str, text: str) -> None:
        """Use the name of the class, and what of it the patch has room for."""
        if (name, text) != (self.name, self.text()):
            self.name, self._look = name, None
            self.setText(text)
            self.updateGeometry()

    def set_look(self, theme: Theme, *, shown: bool, colored: bool, unseen: bool = False) -> None:
        """Use the colours of a theme, neutral ones unless ``colored``.

        ``unseen`` tells whether the class is left out of training.
        """
        if self._look == (theme, shown, colored, unseen):
            return
        self._look = theme, shown, colored, unseen
        least, self._least = self._least, FINGER if theme.large_controls else 0
        if least != self._least:
            self.updateGeometry()
        self._fill = theme.class_color(self.label) if colored else theme.line
        self._outline, self._muted = theme.text, theme.muted
        self.shown, self.unseen = shown, unseen
        names = (
            (
                _("Class {label}, left out of training, hidden"),
                _("Class {label}, left out of training, shown"),
            )
            if unseen
            else (_("Class {label}, hidden"), _("Class {label}, shown"))
        )
        self.setAccessibleName(names[shown].format(label=self.name))
        tip = (
            _(
                "Class {label}, left out of training — click: hide/show · "
                "double-click: only this, or all again · right-click: more"
            )
            if unseen
            else _(
                "Class {label} — click: hide/show · double-click: only this, or all again · right-click: more"
            )
        )
        self.setToolTip(wrapped(tip).format(label=self.name))  # of a hundred swatches one is wrapped
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of a patch around the label."""
        metrics = self.fontMetrics()
        height = max(metrics.height() + 6, self._least)
        return QSize(max(height, metrics.horizontalAdvance(self.text()) + 12), height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Notice whether a double-click, whose first click shows or hides the class, begins with it alone."""
        self._was_alone = self.alone
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Request to show only this class, or all where it was alone."""
        if event.button() == Qt.MouseButton.LeftButton:
            if self._was_alone:
                self._legend.allClassesRequested.emit()
            else:
                self._legend.classIsolationRequested.emit(self.label)
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Request to show only this class, or all where it is alone, or move the focus along the row."""
        match pressed(event, "legend"):
            case "legend.isolate":
                self._legend.classIsolationRequested.emit(self.label)
            case "legend.previous":
                self.focusNextPrevChild(False)
            case "legend.next":
                self.focusNextPrevChild(True)
            case _:
                super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the class."""
        self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """Return the menu of the class; it is deleted when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        legend = self._legend
        for text, signal in (
            (_("Change colour of class {label}…").format(label=self.name), legend.colorRequested),
            (_("Use palette colour"), legend.colorResetRequested),
            (_("Hide") if self.shown else _("Show"), legend.classToggleRequested),
            (
                _("Show all classes") if self.alone else _("Show only this class"),
                legend.classIsolationRequested,
            ),
        ):
            menu.addAction(text).triggered.connect(partial(signal.emit, self.label))
        return menu

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the patch."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        patch = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        filled = self.shown and not self.unseen
        painter.setBrush(color(self._fill) if filled else Qt.BrushStyle.NoBrush)
        if self.shown:
            painter.setPen(pen(self._fill, _RIM) if self.unseen else Qt.PenStyle.NoPen)
        else:
            painter.setPen(pen(self._muted, 1.0, Qt.PenStyle.DashLine))
        inset = _RIM / 2 if self.unseen else 0.0
        painter.drawRoundedRect(patch.adjusted(inset, inset, -inset, -inset), 5, 5)
        painter.setPen(pen(ink_on(self._fill) if filled else self._outline if self.shown else self._muted))
        painter.drawText(patch, Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen(self._outline, 2.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)


class Legend(QWidget):
    """A row of swatches, one per class, and a button to show all while one is hidden.

    Signals
    -------
    classToggleRequested(int), classIsolationRequested(int)
        A class should be hidden or shown again; it should be shown alone.
    allClassesRequested()
        All classes should be shown again.
    colorRequested(int), colorResetRequested(int)
        A class should have another colour, or that of the palette again.
    """

    classToggleRequested = Signal(int)
    classIsolationRequested = Signal(int)
    allClassesRequested = Signal()
    colorRequested = Signal(int)
    colorResetRequested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.swatches: list[Swatch] = []
        self._made: deque[Swatch] = deque()
        self._clicks = QButtonGroup(self, exclusive=False)
        self._clicks.idClicked.connect(self.classToggleRequested)
        self.show_all = QToolButton(self)  # it is placed after the first swatch, and there may be none
        self.show_all.setText(_("Show all"))
        self.show_all.setToolTip(_("Show all classes"))
        self.show_all.setAccessibleName(_("Show all classes"))
        self.show_all.setAutoRaise(True)
        set_role(self.show_all, "role", "small")
        self.show_all.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_all.clicked.connect(self.allClassesRequested)
        stable = self.show_all.sizePolicy()
        stable.setRetainSizeWhenHidden(True)  # or swatches and plot would move once a class is hidden
        self.show_all.setSizePolicy(stable)
        self.show_all.hide()
        self._flow = KeptFlowLayout(self)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self._flow.setHorizontalSpacing(1)
        self._flow.setVerticalSpacing(1)
        self.setAccessibleName(_("Classes"))

    def show_classes(
        self,
        theme: Theme,
        num_classes: int,
        left_out: frozenset[int],
        *,
        colored: bool,
        unseen: frozenset[int] = frozenset(),
        probe: ProbeSet | None = None,
    ) -> None:
        """Show a swatch per class, those ``left_out`` as hidden, those ``unseen`` as left out of training.

        ``probe`` has the names of the classes; without it they are numbers.
        """
        if num_classes != len(self.swatches):
            self._set_count(num_classes)
        texts = tuple(map(str, range(num_classes))) if probe is None else probe.short_names()
        for swatch in self.swatches:
            label = swatch.label
            swatch.set_name(texts[label] if probe is None else probe.name(label), texts[label])
            swatch.set_look(theme, shown=label not in left_out, colored=colored, unseen=label in unseen)
            swatch.alone = len(left_out) == num_classes - 1 and swatch.shown
        self.show_all.setVisible(bool(left_out))

    def prepare(self, num_classes: int, seconds: float) -> bool:
        """Make swatches that `show_classes` will show, for so long; return whether it can show all.

        Where the legend is not in sight nobody waits for it.
        """
        if not self.isVisible():
            return True
        end = time.thread_time() + seconds
        for label in range(len(self.swatches) + len(self._made), num_classes):
            self._made.append(self._make(label))
            self._made[-1].ensurePolished()
            if time.thread_time() > end:
                break
        return len(self.swatches) + len(self._made) >= num_classes

    def take_back(self) -> None:
        """Have the button that shows all classes behind them again."""
        self._flow.addWidget(self.show_all)

    def _set_count(self, num_classes: int) -> None:
        if num_classes < len(self.swatches):  # those made would not come next any more
            while self._made:
                self._made.pop().deleteLater()
        while len(self.swatches) > num_classes:
            swatch = self.swatches.pop()
            self._flow.removeWidget(swatch)
            swatch.deleteLater()
        # Each swatch that comes into sight lays out the whole window, unless this layout is off. Qt shows the
        # last one once it has placed what is around the legend: that lays out everything, with all swatches.
        self._flow.setEnabled(False)
        self._flow.removeWidget(self.show_all)
        for label in range(len(self.swatches), num_classes):
            if self.swatches:
                self.swatches[-1].show()
            swatch = self._made.popleft() if self._made else self._make(label)
            self.swatches.append(swatch)
            self._flow.addWidget(swatch)
        self._flow.addWidget(self.show_all)
        self._flow.setEnabled(True)

    def _make(self, label: int) -> Swatch:
        swatch = Swatch(label, self)
        self._clicks.addButton(swatch, label)
        return swatch
