"""Layout of the curves canvas: rectangles of panels, keys and axis in pixels."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from explorer.core.texts import _
from explorer.gui.plots.style import AXIS_WIDTH
from explorer.gui.views.curves.content import CurveContent, PanelContent

SWATCH, GAP, EDGE = 18.0, 4.0, 8.0
TICK, TICK_GAP = 3.0, 4.0
"""Pixels of a tick of the value axis, and from there to its label."""
_BETWEEN_KEYS, _BETWEEN_PANELS = 8.0, 5.0
_TICK_ROOM = 4.0
_WIDEST_VALUE = "0.00e-00"
_WIDE_TICK, _WIDE_FROM = "0.0e00", 1e10
"""Label of an axis that is wider than all others, and the numbers from which there are such."""


class PanelLayout(Struct, frozen=True, eq=False):
    """Rectangles of a panel: ``header`` with title and ``keys`` (one per curve), ``note``, curve ``area``."""

    header: QRectF
    keys: tuple[QRectF, ...]
    note: QRectF
    area: QRectF


class CurveLayout(Struct, frozen=True, eq=False):
    """The ``strip`` with changes of settings on top, the panels, and the tick labels of the X axis."""

    strip: QRectF
    panels: tuple[PanelLayout, ...]
    axis: QRectF


def layout_of(
    content: CurveContent, width: float, height: float, metrics: QFontMetricsF, left: float = AXIS_WIDTH
) -> CurveLayout:
    """Return all rectangles; what does not fit gets a height of zero. ``left`` is for the labels of axes."""
    line = metrics.height()
    if any(panel.limits[1] >= _WIDE_FROM and not panel.logarithmic for panel in content.panels):
        left = max(left, metrics.horizontalAdvance(_WIDE_TICK) + TICK + TICK_GAP)
    strip = QRectF(left, 2, width - left - EDGE, line if content.marks else 0.0)
    axis = QRectF(0, height - line - _TICK_ROOM, width, line)
    keys = [_keys(panel, width - 2 * EDGE, left - EDGE, metrics) for panel in content.panels]
    headers = [
        max((key.bottom() for key in row), default=line) + (line if row and panel.note else 0.0)
        for row, panel in zip(keys, content.panels, strict=True)
    ]
    room = axis.top() - _TICK_ROOM - strip.bottom() - sum(headers) - _BETWEEN_PANELS * len(keys)
    area_height = max(0.0, room / max(1, len(keys)))
    panels, top = [], strip.bottom()
    for row, header_height in zip(keys, headers, strict=True):
        header = QRectF(EDGE, top + _BETWEEN_PANELS, width - 2 * EDGE, header_height)
        area = QRectF(left, header.bottom(), max(1.0, width - left - EDGE), area_height)
        note = area if not row else QRectF(EDGE, header.bottom() - line, header.width(), line)
        placed = tuple(key.translated(header.topLeft()) for key in row)
        panels.append(PanelLayout(header, placed, note, area))
        top = area.bottom()
    return CurveLayout(strip, tuple(panels), axis)


def apart(places: Sequence[float], least: float) -> list[int]:
    """Return which of some places in order to write at, the first one and all that do not lie too near."""
    chosen: list[int] = []
    for at, place in enumerate(places):
        if not chosen or abs(place - places[chosen[-1]]) >= least:
            chosen.append(at)
    return chosen


def _keys(panel: PanelContent, width: float, left: float, metrics: QFontMetricsF) -> list[QRectF]:
    """Return the rectangle of each key after the title, in lines; each is wide enough for any value.

    Further lines begin at ``left``, beside the number of the axis that may reach up to them.
    """
    line = metrics.height()
    x, y = metrics.horizontalAdvance(_(panel.panel.title)) + _BETWEEN_KEYS, 0.0
    widest = metrics.horizontalAdvance(_WIDEST_VALUE + panel.panel.unit)
    places = []
    for curve in panel.curves:
        wide = SWATCH + 2 * GAP + metrics.horizontalAdvance(curve.label) + widest
        if x != left and x + wide > width:
            x, y = left, y + line
        places.append(QRectF(x, y, min(wide, width - x), line))
        x += wide + _BETWEEN_KEYS
    return places
