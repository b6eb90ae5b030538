"""Paints arrows of forces, in the plane and in space."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.frames.snapshot import Floats
from explorer.core.texts import _
from explorer.gui.faults import guarded_item
from explorer.gui.plots.marks.marks import draw_arrow
from explorer.gui.plots.style import SMALL_TYPE, PixelItem, Plot, color, pen, scaled_font
from explorer.gui.state.forces import part_color
from explorer.gui.theme.theme import Rgb, Theme, mix
from explorer.gui.views.features.forces.content import ForceArrows

Pixels = NDArray[np.float64]
ToPixels = Callable[[Floats], Pixels]

_LONGEST = 130.0
"""Pixels after which an arrow is cut, and has two heads: one far longer than the others."""
_HEAD, _HALF_HEAD = 6.0, 2.6
_SHORTEST = 1.5
_OF_CELL = 0.9


def paint_forces(
    painter: QPainter,
    to_pixels: ToPixels,
    arrows: ForceArrows,
    theme: Theme,
    font: QFont,
    area: QRectF,
    seen: NDArray[np.bool_] | None = None,
) -> None:
    """Paint a field, the arrows of points, those in focus on top, and how long an arrow is.

    An arrow that would be far longer than the others is cut, and has two heads.
    ``to_pixels`` maps points (m, d) to pixels (m, 2); ``seen`` (k,) are the points that nothing hides.
    """
    if not arrows.scale.pixels:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    unit, cut = arrows.scale.pixels / _pixels_per_unit(to_pixels, arrows.points), False
    if arrows.nodes is not None and arrows.field is not None:
        length = _OF_CELL * arrows.cell / unit
        vectors, whole = _cut(arrows.field, length)
        ends = to_pixels(arrows.nodes + unit * vectors)
        rgb = mix(theme.class_color(arrows.label), theme.text, 0.25)
        cut |= _paint_arrows(painter, to_pixels(arrows.nodes), ends, rgb, theme.plot, whole)
    others = np.arange(len(arrows.points)) if seen is None else np.flatnonzero(seen)
    others = np.setdiff1d(others, arrows.focused)
    vectors, whole = _cut(arrows.total[others], _LONGEST / arrows.scale.pixels)
    starts = to_pixels(arrows.points[others])
    ends = to_pixels(arrows.points[others] + unit * vectors)
    cut |= _paint_arrows(painter, starts, ends, theme.text, theme.plot, whole)
    cut |= _paint_focused(painter, to_pixels, arrows, unit, theme)
    _paint_key(painter, arrows, theme, font, area, cut=cut)
    painter.restore()


class ForceItem(PixelItem):
    """Paints forces in the plane, above the points and below what names them."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=9)
        self.plot = plot
        self.arrows: ForceArrows | None = None

    def show_arrows(self, arrows: ForceArrows | None) -> None:
        """Show arrows, None for none."""
        if arrows is not None or self.arrows is not None:
            self.arrows = arrows
            self.update()

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the arrows."""
        if self.arrows is None:
            return
        across, right, up, down = self.scale_and_shift()
        scale, shift = np.array([across, up]), np.array([right, down])
        area = self.boundingRect()
        painter.setClipRect(area)
        theme, font = self.plot.theme, self.plot.font()
        paint_forces(painter, lambda points: points * scale + shift, self.arrows, theme, font, area)


def _paint_focused(
    painter: QPainter, to_pixels: ToPixels, arrows: ForceArrows, unit: float, theme: Theme
) -> bool:
    """Paint total, pull and push of each point in focus; pull and push add up to the total.

    Return whether one is cut.
    """
    points = arrows.points[arrows.focused]
    parts = (
        (arrows.total[arrows.focused], part_color(theme, "total")),
        (arrows.pull, part_color(theme, "pull")),
        (arrows.push, part_color(theme, "push")),
    )
    starts, any_cut = to_pixels(points), False
    for vectors, rgb in parts:
        if vectors is None:
            continue
        shown, whole = _cut(vectors, 2 * _LONGEST / arrows.scale.pixels)
        for start, end, is_whole in zip(starts, to_pixels(points + unit * shown), whole, strict=True):
            if np.isfinite(start).all() and np.isfinite(end).all():
                draw_arrow(painter, QPointF(*start), QPointF(*end), rgb, theme.plot, heads=2 - is_whole)
                any_cut |= not is_whole
    return any_cut


def _paint_arrows(
    painter: QPainter,
    starts: Pixels,
    ends: Pixels,
    rgb: Rgb,
    halo: Rgb,
    whole: NDArray[np.bool_],
) -> bool:
    """Paint thin arrows with a halo; those that are not ``whole`` have two heads. Return whether one has."""
    seen = np.isfinite(starts).all(axis=1) & np.isfinite(ends).all(axis=1)
    away = ends - starts
    lengths = np.hypot(*away.T)
    seen &= lengths >= _SHORTEST
    lines = [QLineF(*line) for line in np.concatenate([starts[seen], ends[seen]], axis=1).tolist()]
    painter.setPen(pen(halo, 3.0))
    painter.drawLines(lines)
    painter.setPen(pen(rgb, 1.2))
    painter.drawLines(lines)
    painter.setBrush(color(rgb))
    along = away[seen] / lengths[seen, None]
    head = np.minimum(_HEAD, 0.6 * lengths[seen])[:, None]
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) * head * (_HALF_HEAD / _HEAD)
    feet = ends[seen] - along * head
    corners = np.stack([ends[seen], feet + across, feet - across], axis=1)
    cut = ~whole[seen]
    behind = corners[cut] - (along[cut] * head[cut])[:, None]
    for corner in np.concatenate([corners, behind]).tolist():
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corner]))
    return bool(cut.any())


def _paint_key(
    painter: QPainter, arrows: ForceArrows, theme: Theme, font: QFont, area: QRectF, *, cut: bool
) -> None:
    """Paint an arrow at the upper left, with the force that it stands for; below, what two heads mean."""
    length = arrows.scale.key * arrows.scale.pixels
    painter.setFont(scaled_font(font, SMALL_TYPE))
    metrics = QFontMetricsF(painter.font())
    words = [_("force {value:g}").format(value=arrows.scale.key)]
    if cut:
        words.append(_("too long to draw in full"))
    width = length + max(map(metrics.horizontalAdvance, words)) + 24
    patch = QRectF(0, 0, width, len(words) * metrics.height() + 8)
    patch.moveTopLeft(area.topLeft() + QPointF(8, 8))
    painter.setPen(pen(theme.line))
    painter.setBrush(color(theme.plot))
    painter.drawRoundedRect(patch, 4, 4)
    middles = patch.top() + 4 + metrics.height() * (np.arange(len(words)) + 0.5)
    starts = np.stack([np.full(len(words), patch.left() + 8), middles], axis=1)
    ends = starts + np.array([length, 0.0])
    _paint_arrows(painter, starts, ends, theme.text, theme.plot, np.arange(len(words)) == 0)
    painter.setPen(pen(theme.text))
    for (left, middle), line in zip(ends.tolist(), words, strict=True):
        painter.drawText(QPointF(left + 8, middle + metrics.ascent() / 2 - 1), line)


def _cut(vectors: Floats, longest: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Return vectors (k, d) of at most this length, and which of them are whole."""
    lengths = np.linalg.norm(vectors, axis=1)
    whole = lengths <= longest
    factor = np.divide(longest, lengths, out=np.ones_like(lengths), where=~whole)
    return (vectors * factor[:, None]).astype(np.float32), whole


def _pixels_per_unit(to_pixels: ToPixels, points: Floats) -> float:
    """Return how many pixels a length of one across the line of sight has, at the origin.

    Of three axes turned in any way, the squares of what is seen of them add up to two.
    """
    reach = float(np.abs(points).max(initial=0.0)) or 1.0
    step = np.float32(1e-2 * reach)
    dim = points.shape[1]
    origin, *tips = to_pixels(np.concatenate([np.zeros((1, dim)), step * np.eye(dim)]).astype(np.float32))
    return float(np.sqrt(sum(((tip - origin) ** 2).sum() for tip in tips) / 2)) / float(step)
