"""FormulaObject: the formulas in a document, and the properties of their format."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSizeF
from PySide6.QtGui import (
    QFontInfo,
    QFontMetrics,
    QFontMetricsF,
    QPainter,
    QPalette,
    QPyTextObject,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from explorer.gui.controls.formula import EM, INK, renderer_of

FORMULA = QTextFormat.ObjectTypes.UserObject + 1
"""Type of the object that is a formula."""
LATEX, DISPLAY = QTextFormat.Property.UserProperty + 1, QTextFormat.Property.UserProperty + 2
"""Its properties: its LaTeX, and whether it stands on its own line."""
_ZOOM, _DISPLAY_ZOOM = 1.1, 1.25
"""Size of a formula relative to the text: letters of the formulas are smaller at the same size."""
_SLACK = 0.12


class FormulaObject(QPyTextObject):
    """Draws the formulas of a document: on the baseline of their line, in the colour of the text."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.svgs: dict[str, str] = {}
        self._renderers: dict[tuple[str, str], QSvgRenderer] = {}
        self._view = view

    def intrinsicSize(self, document: QTextDocument, _position: int, format: QTextFormat) -> QSizeF:
        """Return the size in which Qt centres the formula about the middle of the line.

        A formula on its own line shares no baseline: it takes the height that it has.
        """
        renderer, scale = self._renderer(format), self._scale(document, format)
        if renderer is None:
            return QSizeF(len(format.property(LATEX)) * 0.4 * EM * scale, EM * scale)
        box = renderer.viewBoxF()
        above, below = -box.top() * scale, box.bottom() * scale
        if format.property(DISPLAY):
            return QSizeF(box.width() * scale, above + below)
        lift, metrics = self._lift(document), QFontMetricsF(document.defaultFont())
        slack = _SLACK * metrics.height()  # a line whose formulas are hardly higher is as high as others
        if above < metrics.ascent() + slack:
            above = 0.0
        if below < metrics.descent() + slack:
            below = 0.0
        return QSizeF(box.width() * scale, max(2 * above - lift, 2 * below + lift))

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        document: QTextDocument,
        _position: int,
        format: QTextFormat,
    ) -> None:
        """Draw the formula with its baseline on that of the text."""
        renderer, scale = self._renderer(format), self._scale(document, format)
        if renderer is None:
            return
        box = renderer.viewBoxF()
        top = float(rect.top())
        if not format.property(DISPLAY):
            top += (rect.height() + self._lift(document)) / 2 + box.top() * scale
        renderer.render(painter, QRectF(rect.left(), top, box.width() * scale, box.height() * scale))

    def _lift(self, document: QTextDocument) -> float:
        """Return how much more of an object Qt puts above the baseline than below it: half the x-height.

        Objects that are aligned in the middle are the only ones of which a part is below the baseline.
        """
        return QFontMetrics(document.defaultFont()).xHeight() / 2

    def _scale(self, document: QTextDocument, format: QTextFormat) -> float:
        """Return the pixels of one unit of a formula; a formula on its own line is shrunk to the width."""
        scale = QFontInfo(document.defaultFont()).pixelSize() / EM
        renderer = self._renderer(format)
        if not format.property(DISPLAY) or renderer is None:
            return _ZOOM * scale
        room = document.textWidth() - 2 * document.documentMargin()
        return min(_DISPLAY_ZOOM * scale, room / renderer.viewBoxF().width())

    def _renderer(self, format: QTextFormat) -> QSvgRenderer | None:
        """Return what draws a formula in the colour of the text; None while it is not rendered."""
        svg = self.svgs.get(format.property(LATEX), "")
        if not svg:
            return None
        ink = self._view.palette().color(QPalette.ColorRole.Text).name()
        key = svg, ink
        if key not in self._renderers:
            self._renderers[key] = renderer_of(svg.replace(INK, ink))
        return self._renderers[key]
