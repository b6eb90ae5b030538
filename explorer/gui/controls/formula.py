"""FormulaLabel: a formula in LaTeX, drawn as vectors in the theme's colour."""

from __future__ import annotations

import warnings
from functools import lru_cache

from PySide6.QtCore import QByteArray, QEvent, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.gui.faults import guarded

_EM = 24.0
_INK = "#010203"
_ZOOM = 1.25
_WRAP = Qt.TextFlag.TextWrapAnywhere | Qt.AlignmentFlag.AlignVCenter


@lru_cache(maxsize=256)
def render_svg(latex: str) -> str:
    """Return the formula as SVG with an em of 24 units, or an empty text where it cannot be set.

    It takes a tenth of a second, and the first one a quarter more to load the library.
    """
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # ziamath 0.11 to 0.13 use importlib.resources.path
        from ziamath.config import config
        from ziamath.zmath import Latex

    config.svg2 = False  # QtSvg drops the glyphs of SVG 2
    try:
        return str(Latex(latex, size=_EM, color=_INK).svg())
    except Exception:  # the parser raises errors of every kind, many without a common base
        return ""


class FormulaLabel(QWidget):
    """Draws a formula as wide as it is or as there is room; the LaTeX itself where it has an error.

    The formula is set only once the widget is on screen and events are dealt with, so that a window opens
    without waiting for it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.latex = ""
        self._renderer: QSvgRenderer | None = None
        self._svg = ""
        self._is_set = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.setAccessibleName("Formula")
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def is_drawn(self) -> bool:
        """Whether a formula is shown as such, rather than awaited or shown as its LaTeX."""
        return self._renderer is not None

    def set_formula(self, latex: str) -> None:
        """Show another formula."""
        if latex == self.latex:
            return
        self.latex = latex
        self.setAccessibleDescription(latex)
        self._renderer, self._svg, self._is_set = None, "", False
        self._schedule()
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        """Set the formula as soon as the window is there."""
        super().showEvent(event)
        self._schedule()

    def changeEvent(self, event: QEvent) -> None:
        """Take another theme's colour, or another size of letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._color()
        elif event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Keep the formula's proportions."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height in which the formula is drawn at this width."""
        line = QFontMetricsF(self.font()).height()
        if self._renderer is not None:
            return round(self._drawn(width).height()) + 2
        if self._is_set:
            box = self.fontMetrics().boundingRect(QRect(0, 0, max(width, 1), 10_000), int(_WRAP), self.latex)
            return box.height() + 2
        return round(3.2 * line)

    def sizeHint(self) -> QSize:
        """Return the formula's natural size."""
        width = round(self._drawn(10_000).width()) if self._renderer is not None else 200
        return QSize(width, self.heightForWidth(width))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the vectors, sharp on any screen."""
        painter = QPainter(self)
        if self._renderer is not None:
            target = self._drawn(self.width(), self.height())
            target.moveCenter(QRectF(self.rect()).center())
            self._renderer.render(painter, target)
        elif self._is_set:
            painter.drawText(self.rect(), int(_WRAP), self.latex)
        painter.end()

    def _drawn(self, width: int, height: int = 10_000) -> QRectF:
        assert self._renderer is not None
        size = self._renderer.defaultSize()
        scale = QFontMetricsF(self.font()).height() * 0.8 * _ZOOM / _EM
        scale = min(scale, width / size.width(), height / size.height())
        return QRectF(0, 0, size.width() * scale, size.height() * scale)

    def _schedule(self) -> None:
        if not self._is_set and self.isVisible():
            self._timer.start()

    def _on_timer_timeout(self) -> None:
        self._svg = render_svg(self.latex) if self.latex else ""
        self._is_set = True
        self._color()
        self.updateGeometry()

    def _color(self) -> None:
        if self._svg:
            ink = self.palette().color(QPalette.ColorRole.WindowText).name()
            self._renderer = QSvgRenderer(QByteArray(self._svg.replace(_INK, ink).encode()))
        self.update()
