"""Globe: a sphere around the origin with decision regions, margin bands and the lines between them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.analysis.plane.geometry import FULL_TURN, UNDECIDED
from explorer.analysis.sphere.classification import (
    Segments,
    SphereClassifier,
    classify_at,
    decision_lines,
    margin_lines,
    mesh,
    typical_length,
)
from explorer.gui.plots.style import color, pen
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.views.features.content import Content, FeatureOptions
from explorer.gui.views.features.space.camera import EYE
from explorer.gui.views.features.space.depth_layers import Stage
from explorer.gui.views.features.space.globe_picture import GlobePicture, circle_of

_WIDEST = 0.75 * EYE
"""In extents: the eye stays outside of the sphere."""
_SMALLEST = 1e-9
_FINENESS = 5
_LINE_OPACITY, _BACK_LINES = 1.6, 0.6
_NO_LINES: Segments = np.zeros((0, 2, 3), dtype=np.float32)


class Globe:
    """A sphere at the typical length of the points, painted by the classifier's answers at that length."""

    def __init__(self) -> None:
        self.radius = 0.0
        self.length = 0.0
        self.opacity = 0.0
        self._of: tuple[ProbeSet, FeatureOptions] | None = None
        self._classify: SphereClassifier | None = None
        self._lines: dict[int, tuple[Segments, Segments]] = {}
        self._undecided = False
        self._paths: dict[bool, list[QPainterPath]] = {}
        self._paths_of: tuple[object, ...] = ()
        self._pictures = {front: GlobePicture(front=front) for front in (False, True)}

    @property
    def opaque(self) -> bool:
        """Whether nothing shines through."""
        return self.opacity >= 1

    @property
    def note(self) -> str:
        """What the sphere is, and what the patterns on it mean where there are any."""
        what = "sphere at" if self.radius == self.length else "unit sphere, decided at"
        parts = [f"{what} ‖x‖ = {self.length:.3g}"]
        if any(len(margins) for _, margins in self._lines.values()):
            parts.append("hatched: right, but short of the margin")
        if self._undecided:
            parts.append("hatched in grey: undecided")
        return "  ·  ".join(parts)

    def show_content(self, content: Content, options: FeatureOptions) -> None:
        """Take the classifier of what is shown; between two frames it stays that of the last whole one."""
        before, self._of = self._of, (content.snapshot.probe, options)
        kept = before is not None and before[0] is content.snapshot.probe and before[1] == options
        if kept and content.snapshot.since is not None:
            return
        self.opacity = min(max(options.sphere / 100, 0.0), 1.0)
        self._classify, self._lines, self._undecided = None, {}, False
        self.radius = typical_length(content.points) if self.opacity else 0.0
        if not self.radius > _SMALLEST:
            self.radius = 0.0
            return
        self.length = self.radius
        if content.normalized:
            self.length = typical_length(content.snapshot.features[content.rows])
        if options.regions:
            self._classify = classify_at(content.snapshot, self.length, bands=options.bands)

    def radius_within(self, extent: float) -> float:
        """Return the radius in extents, 0 where there is no sphere to be seen."""
        share = self.radius / extent if extent else 0.0
        return share if share < _WIDEST else 0.0

    def paint(
        self, painter: QPainter, stage: Stage, theme: Theme, *, front: bool, grain: int, ratio: float
    ) -> None:
        """Draw one side; ``stage`` is in units of ``ratio`` device pixels, ``grain`` of which are a pixel."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(self.opacity)
        painter.setPen(Qt.PenStyle.NoPen)
        device = Stage(
            stage.camera, stage.extent, round(stage.width * ratio), round(stage.height * ratio), stage.radius
        )
        brush = None
        if self._classify is not None:
            brush = self._pictures[front].brush(device, self._classify, theme, grain, ratio)
        painter.scale(1 / ratio, 1 / ratio)
        painter.setBrush(brush or QBrush(color(mix(theme.plot, theme.line, 0.8))))
        painter.drawEllipse(circle_of(device))
        painter.scale(ratio, ratio)
        fineness = _FINENESS if grain == 1 else _FINENESS - 1
        self._paint_lines(painter, stage, theme, fineness, front=front)
        painter.restore()

    def _paint_lines(
        self, painter: QPainter, stage: Stage, theme: Theme, fineness: int, *, front: bool
    ) -> None:
        painter.setOpacity(min(1.0, _LINE_OPACITY * self.opacity) * (1.0 if front else _BACK_LINES))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        strokes = (
            pen(mix(theme.plot, theme.muted, 0.55)),
            pen(mix(theme.plot, theme.text, 0.5)),
            pen(theme.text, 1.4 if fineness == _FINENESS else 1.0),
        )
        for stroke, path in zip(strokes, self._paths_on(stage, fineness)[front], strict=True):
            painter.setPen(stroke)
            painter.drawPath(path)
        if front:
            painter.setPen(pen(theme.muted))
            painter.drawEllipse(circle_of(stage))

    def _paths_on(self, stage: Stage, fineness: int) -> dict[bool, list[QPainterPath]]:
        """Return meridians, edges of bands and borders between decisions, of the front and of the back."""
        shows = (stage, fineness, self._classify)
        if shows != self._paths_of:
            decisions, margins = self._borders(fineness)
            halves = [_halves(arcs, stage) for arcs in (_great_arcs(), margins, decisions)]
            self._paths = {front: [half[front] for half in halves] for front in (False, True)}
            self._paths_of = shows
        return self._paths

    def _borders(self, fineness: int) -> tuple[Segments, Segments]:
        """Return the borders between decisions and the edges of bands, found once for each classifier."""
        if fineness not in self._lines:
            self._lines[fineness] = _NO_LINES, _NO_LINES
            found = self._classify(mesh(fineness)[0]) if self._classify is not None else None
            if found is not None and len(found.classes):
                self._undecided = bool((found.classes[found.answers] == UNDECIDED).any())
                self._lines[fineness] = decision_lines(found, fineness), margin_lines(found, fineness)
        return self._lines[fineness]


def _halves(arcs: Segments, stage: Stage) -> dict[bool, QPainterPath]:
    """Return what is seen of arcs (m, 2, 3) on the front of the sphere, and on its back."""
    if not len(arcs):
        return {True: QPainterPath(), False: QPainterPath()}
    pixels, depth = stage.project(arcs.reshape(-1, 3) * np.float32(stage.radius * stage.extent))
    horizon = stage.radius**2 / EYE if stage.camera.perspective else 0.0
    facing = depth[::2] + depth[1::2] > 2 * horizon
    lines = pixels.astype(np.float64).reshape(-1, 2, 2)
    return {front: _path(lines[facing == front]) for front in (False, True)}


def _path(lines: NDArray[np.float64]) -> QPainterPath:
    """Return lines (m, 2, 2) between pixels."""
    columns = np.ascontiguousarray(lines.reshape(-1, 2).T)
    path: QPainterPath = pg.arrayToQPath(columns[0], columns[1], connect="pairs")
    return path


@cache
def great_circles() -> NDArray[np.float32]:
    """Return the circles (3, n, 3) in which the planes of two axes cut the unit sphere, each closed."""
    turn = np.linspace(0, FULL_TURN, 97, dtype=np.float32)
    flat = np.stack([np.cos(turn), np.sin(turn), np.zeros_like(turn)], axis=1)
    return np.stack([np.roll(flat, around, axis=1) for around in range(3)])


@cache
def _great_arcs() -> Segments:
    circles = great_circles()
    return np.stack([circles[:, :-1], circles[:, 1:]], axis=2).reshape(-1, 2, 3)
