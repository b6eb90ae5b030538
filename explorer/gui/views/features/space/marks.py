"""Marks in space, fainter or hidden where the sphere covers them; and how colours fade with the depth."""

from __future__ import annotations

from functools import partial

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.raster.colouring import Colors, Rgb, faded
from explorer.gui.plots.style import pen
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.content import Content, FeatureOptions, weight_arrows
from explorer.gui.views.features.overlay import Overlay, Pixels
from explorer.gui.views.features.space.depth_layers import Stage
from explorer.gui.views.features.space.sphere_layer import great_circles
from explorer.gui.views.features.trails import draw_trails

_ARROW = 1.12
"""Length in radii of the sphere of the arrow of a class weight."""
_DIMMED = 0.7
"""How much a mark behind an almost opaque sphere fades."""
_SHALLOW = 0.5
"""Fraction of the radius below which a mean counts as inside the sphere."""
_RING, _MOST_RINGS = 3.0, 500
"""Pixels between a covered point and the ring around it, and the most points that have one."""
_SHADES = 24
_FARTHEST_FADE, _FARTHEST_FADE_OF_NUMBERS = 0.62, 0.2
_LEAST_CONTRAST = 46
"""How much of 255 a far point still differs from the background, in the channel that differs most.

Points that fade already, as those beside a selection, would else be as white as a light background.
"""
_ORIGIN: Floats = np.zeros((1, 3), dtype=np.float32)
_AXES = ("x₁", "x₂", "x₃")


def depth_shades(table: Colors, background: Rgb, *, numbers: bool) -> Colors:
    """Return the shades (m, S) of the colours of a table (m,), from farthest to nearest.

    Those that stand for ``numbers`` fade little: a number has to be read from them.
    """
    fades = np.linspace(_FARTHEST_FADE_OF_NUMBERS if numbers else _FARTHEST_FADE, 0, _SHADES)
    return np.stack([faded(table, background, fade, _LEAST_CONTRAST) for fade in fades], axis=1)


def axis_names(content: Content) -> tuple[str, ...]:
    """Return the names of the three axes; those of a projection have none."""
    return _AXES if content.projection is None else ("", "", "")


def weight_tips(content: Content, stage: Stage) -> Floats:
    """Return the tips (K, 3) of the arrows of class weights; the longest ends shortly outside the sphere.

    Without a sphere it has the length of the extent.
    """
    longest = _ARROW * stage.radius if stage.radius else 1.0
    return weight_arrows(content) * np.float32(longest * stage.extent)


def paint_marks(
    painter: QPainter,
    overlay: Overlay,
    content: Content,
    options: FeatureOptions,
    tips: Floats,
    stage: Stage,
    opacity: float,
) -> None:
    """Paint tags at ``tips`` (K, 3), centres and labels.

    First come those covered by the sphere, fainter by its ``opacity``.
    """
    x, y = _to_pixels(stage, _ORIGIN)[0].tolist()
    if len(content.wrong):
        overlay.crosses(content, partial(_to_pixels, stage))
    places = _to_pixels(stage, tips)
    of_tips, of_means, of_centers = _covered(content, tips, stage)
    for covered in (True, False) if stage.radius else (False,):
        if covered and opacity >= 1:
            continue
        painter.setOpacity(1 - _DIMMED * opacity if covered else 1.0)
        if options.weights and len(tips):
            shown = np.flatnonzero(of_tips == covered)
            labels = [content.weight_labels[number] for number in shown.tolist()]
            overlay.tags((x, y), places[shown], labels, content.snapshot.probe.short_names())
        means, centers = _only(content.means, of_means == covered), content.centers
        if centers is not None:
            centers = _only(centers, of_centers == covered)
        overlay.marks(replace(content, means=means, centers=centers), options, partial(_to_pixels, stage))
    painter.setOpacity(1.0)


def _covered(content: Content, tips: Floats, stage: Stage) -> list[NDArray[np.bool_]]:
    """Return which of ``tips`` (K, 3), class means (C,) and centres the sphere covers.

    Means label clusters: one slightly below the surface goes with the points above it.
    """
    means, centers = content.means, content.centers
    lengths = np.sqrt(np.einsum("nd,nd->n", means, means))[:, None]
    surface = np.float32(stage.radius * stage.extent)
    low = (lengths > _SHALLOW * surface) & (lengths < surface)
    lifted = means * np.divide(surface, lengths, out=np.ones_like(lengths), where=low)
    tested = np.concatenate([tips, lifted, tips[:0] if centers is None else centers])
    known = np.isfinite(tested).all(axis=1)
    hidden = stage.hidden(np.where(known[:, None], tested, np.float32(0)))
    return np.split(hidden, np.cumsum([len(tips), len(means)]))


def paint_trails(painter: QPainter, content: Content, stage: Stage, opacity: float, theme: Theme) -> None:
    """Paint the trails; a sphere that is opaque hides those of the points that it hides."""
    trail = content.trail
    if trail is None:
        return
    if stage.radius and opacity >= 1:
        seen = ~stage.hidden(trail.positions[-1])
        trail = replace(
            trail, positions=trail.positions[:, seen], colors=trail.colors[seen], whole=trail.whole[:, seen]
        )
    draw_trails(painter, trail, partial(_to_pixels, stage), theme.text)


def paint_covered(
    painter: QPainter, content: Content, stage: Stage, radius: float, opacity: float, theme: Theme
) -> None:
    """Ring the selected points that a translucent sphere covers, which would be too faint to be found."""
    if opacity >= 1 or not len(content.chosen):
        return
    points = content.points[content.chosen[:_MOST_RINGS]]
    points = points[stage.hidden(points)]
    painter.setPen(pen(theme.text, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for x, y in _to_pixels(stage, points).tolist():
        painter.drawEllipse(QPointF(x, y), radius + _RING, radius + _RING)


def _to_pixels(stage: Stage, points: Floats) -> Pixels:
    pixels, _ = stage.project(points.astype(np.float32))
    return pixels.astype(np.float64)


def _only(places: Floats, shown: NDArray[np.bool_]) -> Floats:
    """Return ``places`` (n, 3), NaN for those that are not ``shown`` (n,)."""
    return np.where(shown[:, None], places, np.float32(np.nan))


def paint_great_circles(painter: QPainter, stage: Stage, theme: Theme) -> None:
    """Draw three great circles of a sphere around the data."""
    painter.setPen(pen(theme.line))
    for circle in great_circles():
        pixels, _ = stage.project(circle * np.float32(stage.extent))
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in pixels.tolist()]))
