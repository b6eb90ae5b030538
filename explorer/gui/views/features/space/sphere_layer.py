"""SphereLayer: the sphere as seen by one camera, computed before it is painted."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyqtgraph as pg
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtGui import QPainterPath

from explorer.analysis.plane.geometry import FULL_TURN, UNDECIDED
from explorer.analysis.sphere.classification import (
    Segments,
    SphereClassification,
    SphereClassifier,
    decision_lines,
    margin_lines,
    mesh,
)
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.space.camera import EYE
from explorer.gui.views.features.space.depth_layers import Stage
from explorer.gui.views.features.space.sphere_picture import SideGrids, SidePicture

FINEST = 5
"""Fineness of the mesh that finds borders, where a pixel of the sphere is one of the device."""
_NO_LINES: Segments = np.zeros((0, 2, 3), dtype=np.float32)


class Look(Struct, frozen=True):
    """What a layer is computed for: a ``stage`` in logical pixels, at the device pixel ``ratio``.

    A pixel of its images is ``grain`` device pixels wide.
    """

    stage: Stage
    theme: Theme
    grain: int
    ratio: float
    both_sides: bool

    @property
    def device(self) -> Stage:
        """The stage in device pixels."""
        width, height = round(self.stage.width * self.ratio), round(self.stage.height * self.ratio)
        return replace(self.stage, width=width, height=height)

    @property
    def fineness(self) -> int:
        """The fineness of the mesh that finds borders."""
        return FINEST if self.grain == 1 else FINEST - 1


class Borders(Struct, frozen=True, eq=False):
    """Borders between ``decisions`` of a classifier and around its ``margins``, found by a mesh.

    ``undecided`` tells whether there is an area without a predicted class.
    """

    classify: SphereClassifier | None
    fineness: int
    decisions: Segments
    margins: Segments
    undecided: bool


_NO_BORDERS = Borders(None, 0, _NO_LINES, _NO_LINES, False)


class SphereLayer(Struct, frozen=True, eq=False):
    """The sphere as seen by one camera.

    ``pictures`` are the images of the front (True) and the back (False), None for a plain sphere; ``paths``
    are great circles, edges of bands, and borders between decisions, in logical pixels.
    """

    look: Look
    borders: Borders
    pictures: dict[bool, SidePicture | None]
    paths: dict[bool, list[QPainterPath]]


def sphere_layer(look: Look, classify: SphereClassifier | None, known: Borders | None) -> SphereLayer:
    """Return the layer; ``known`` borders are reused if they are of the same classifier and mesh."""
    fronts = (False, True) if look.both_sides else (True,)
    pictures, borders = _classified(look, classify, known, fronts)
    paths = _halves([_great_arcs(), borders.margins, borders.decisions], look.stage)
    return SphereLayer(
        look,
        borders,
        {front: pictures.get(front) for front in fronts},
        {front: paths[front] for front in fronts},
    )


def _classified(
    look: Look, classify: SphereClassifier | None, known: Borders | None, fronts: tuple[bool, ...]
) -> tuple[dict[bool, SidePicture], Borders]:
    """Return the pictures of the sides, and the borders.

    All directions are classified at once: for the few of a picture most of the time would go to the calls.
    """
    if classify is None:
        return {}, _NO_BORDERS
    sides = SideGrids.of(look.device, fronts, look.grain)
    parts = [] if sides is None else sides.directions()
    if known is None or known.classify is not classify or known.fineness != look.fineness:
        known, parts = None, [*parts, mesh(look.fineness)[0]]
    if not parts:
        return {}, known or _NO_BORDERS
    found = classify(np.concatenate(parts))
    start = len(found.answers) - (len(parts[-1]) if known is None else 0)
    pictures = {} if sides is None else sides.pictures(found.part(0, start), look.theme, look.ratio)
    return pictures, known or _borders(classify, found.part(start), look.fineness)


def _borders(classify: SphereClassifier, found: SphereClassification, fineness: int) -> Borders:
    """Return the borders, given the classes ``found`` on the mesh."""
    if not len(found.classes):
        return Borders(classify, fineness, _NO_LINES, _NO_LINES, False)
    undecided = bool((found.classes[found.answers] == UNDECIDED).any())
    return Borders(
        classify, fineness, decision_lines(found, fineness), margin_lines(found, fineness), undecided
    )


def _halves(kinds: list[Segments], stage: Stage) -> dict[bool, list[QPainterPath]]:
    """Return for each of some kinds of arcs (m, 2, 3) those on the front of the sphere, and on its back."""
    arcs = np.concatenate(kinds)
    pixels, depth = stage.project(arcs.reshape(-1, 3) * np.float32(stage.radius * stage.extent))
    horizon = stage.radius**2 / EYE if stage.camera.perspective else 0.0
    facing = depth[::2] + depth[1::2] > 2 * horizon
    ends = np.cumsum([len(kind) for kind in kinds])[:-1]
    lines = np.split(pixels.astype(np.float64).reshape(-1, 2, 2), ends)
    sides = np.split(facing, ends)
    return {
        front: [_path(kind[side == front]) for kind, side in zip(lines, sides, strict=True)]
        for front in (False, True)
    }


def _path(lines: NDArray[np.float64]) -> QPainterPath:
    """Return lines (m, 2, 2) between pixels."""
    columns = np.ascontiguousarray(lines.reshape(-1, 2).T)
    path: QPainterPath = pg.arrayToQPath(columns[0], columns[1], connect="pairs", finiteCheck=False)
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
