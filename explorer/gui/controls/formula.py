"""FormulaLabel: a LaTeX formula, drawn as vectors in the theme's colour."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from PySide6.QtCore import QByteArray, QEvent, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPalette, QShowEvent, QTransform
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.core.texts import _
from explorer.gui.controls.formula_lines import Lines, Piece, arrange, pieces
from explorer.gui.faults import guarded

EM = 24.0
"""Units of an em in the SVG of a formula."""
INK = "#010203"
"""Colour in the SVG of a formula that stands for that of the text."""
_UNSTROKED = 'stroke-opacity="0"'
"""Qt gives a form without a stroke a black one in vector pictures, unless it is fully transparent."""
_ZOOM = 1.25
_WRAP = Qt.TextFlag.TextWrapAnywhere | Qt.AlignmentFlag.AlignVCenter


@lru_cache(maxsize=1024)
def render_svg(latex: str) -> str:
    """Return the formula as SVG with an em of 24 units, or an empty text where it cannot be set.

    It takes hundredths of a second, and the first one a quarter of a second more to load the library.
    """
    try:
        return str(_library()(latex, size=EM, color=INK).svg())
    except Exception:  # the parser raises errors of every kind, many without a common base
        return ""


def renderer_of(svg: str) -> QSvgRenderer:
    """Return what draws a formula; the ink is in its colour already."""
    return QSvgRenderer(QByteArray(svg.replace("<svg", f"<svg {_UNSTROKED}", 1).encode()))


@lru_cache(maxsize=1)
def _library() -> Callable[..., Any]:
    """Load ziamath, and return what sets a formula.

    The library sets the parts of each row twice, first to find how high brackets in it have to be, and so
    those of a row in a row four times, and so on. Here it does so only where a part can grow. And it copied
    each style in depth to read a few of its fields. Formulas come out the same.
    """
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # ziamath 0.11 to 0.13 use importlib.resources.path
        from ziamath import operators, styles
        from ziamath.config import config
        from ziamath.nodes.mrow import Mrow
        from ziamath.zmath import Latex

    config.svg2 = False  # QtSvg drops the glyphs of SVG 2
    growing = {name for (name, _form), params in operators.operators.items() if "stretchy" in params}
    find = getattr(Mrow, "_get_height_nostretch", None)

    def find_where_it_matters(row: Any, line: list[Element], **options: object) -> object:
        parts = [node for part in line for node in part.iter() if node.tag in ("mo", "mfenced")]
        grows = any(
            part.tag == "mfenced" or "stretchy" in part.attrib or (part.text or "").strip() in growing
            for part in parts
        )
        return find(row, line, **options) if find is not None and grows else (0.0, 0.0)

    if find is not None:
        for owner, name, quick in (
            (Mrow, find.__name__, find_where_it_matters),
            (styles, "asdict", vars),
        ):
            setattr(owner, name, quick)
    return Latex


class FormulaLabel(QWidget):
    r"""Draws a formula; where the LaTeX has an error, the LaTeX itself.

    A formula that is too wide is broken at each ``\quad``, and shrunk only where that is not enough. It is
    rendered once the widget is visible, one piece per turn of the event loop, so that neither the window's
    start nor training waits for it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.latex = ""
        self._renderers: list[QSvgRenderer] = []
        self.svgs: list[str] = []
        self._is_set = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.setAccessibleName(_("Formula"))
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_formula(self, latex: str) -> None:
        """Show another formula."""
        if latex == self.latex:
            return
        self.latex = latex
        self.setAccessibleDescription(latex)
        self._renderers, self.svgs, self._is_set = [], [], False
        self._schedule()
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        """Render the formula once it is visible."""
        super().showEvent(event)
        self._schedule()

    def changeEvent(self, event: QEvent) -> None:
        """Follow another theme or font size, and the ink of what can or cannot be changed now."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self.recolor()
        elif event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Return True: a narrow formula is broken into more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height in which the formula is drawn at this width."""
        line = QFontMetricsF(self.font()).height()
        if self._renderers:
            lines, scale = self._arranged(width)
            return round(lines.height * scale) + 2
        if self._is_set:
            box = self.fontMetrics().boundingRect(QRect(0, 0, max(width, 1), 10_000), int(_WRAP), self.latex)
            return box.height() + 2
        return round(3.2 * line)

    def sizeHint(self) -> QSize:
        """Return the formula's natural size."""
        width = 200
        if self._renderers:
            lines, scale = self._arranged(10_000)
            width = math.ceil(lines.width * scale)
        return QSize(width, self.heightForWidth(width))

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the vectors, sharp on any screen."""
        painter = QPainter(self)
        if self._renderers:
            self._draw(painter)
        elif self._is_set:
            painter.drawText(self.rect(), int(_WRAP), self.latex)
        painter.end()

    def _draw(self, painter: QPainter) -> None:
        for renderer, place in zip(self._renderers, self.places(), strict=True):
            painter.setTransform(place)
            renderer.render(painter, renderer.viewBoxF())

    def places(self) -> list[QTransform]:
        """Return for each piece what maps units of its drawing to pixels; none before the formula is set."""
        if not self._renderers:
            return []
        lines, scale = self._arranged(self.width(), self.height())
        found = []
        for renderer, (left, baseline) in zip(self._renderers, lines.places, strict=True):
            place = QTransform()
            place.translate(
                (self.width() - lines.width * scale) / 2, (self.height() - lines.height * scale) / 2
            )
            place.scale(scale, scale)
            place.translate(left - renderer.viewBoxF().left(), baseline)
            found.append(place)
        return found

    def written(self, part: str) -> str:
        """Return the LaTeX that is rendered for a piece of the formula."""
        return part

    def inked(self, svg: str) -> str:
        """Return the drawing of a piece in the colours of the palette."""
        return svg.replace(INK, self.palette().color(QPalette.ColorRole.WindowText).name())

    def recolor(self) -> None:
        """Draw the formula in the colours of the palette."""
        if self._is_set and all(self.svgs):
            self._renderers = [renderer_of(self.inked(svg)) for svg in self.svgs]
        self.update()

    def _arranged(self, width: int, height: int = 10_000) -> tuple[Lines, float]:
        """Return the lines of the formula in its own units, and how many pixels a unit has."""
        natural = QFontMetricsF(self.font()).height() * 0.7 * _ZOOM / EM
        boxes = [renderer.viewBoxF() for renderer in self._renderers]
        extents = [Piece(box.width(), -box.top(), box.bottom()) for box in boxes]
        lines = arrange(extents, width / natural, EM)
        return lines, min(natural, width / lines.width, height / lines.height)

    def _schedule(self) -> None:
        if not self._is_set and self.isVisible():
            self._timer.start()

    def _on_timer_timeout(self) -> None:
        parts = pieces(self.latex)
        if len(self.svgs) < len(parts):
            self.svgs.append(render_svg(self.written(parts[len(self.svgs)])))
        if len(self.svgs) < len(parts) and all(self.svgs):
            self._schedule()
            return
        self._is_set = True
        self.recolor()
        self.updateGeometry()
