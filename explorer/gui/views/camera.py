"""Camera: from points in space to pixels, with a mild perspective."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from explorer.core.snapshot import Floats

_EYE = 4.0
_NEAREST = 0.5
_FILL = 0.44
_STEEPEST = math.radians(89)
_ZOOM_RANGE = (0.2, 40.0)


class Camera(Struct, frozen=True):
    """Looks at the origin from ``azimuth`` and ``elevation`` (radians); ``zoom`` 1 shows everything."""

    azimuth: float = -0.9
    elevation: float = 0.4
    zoom: float = 1.0

    def rotation(self) -> NDArray[np.float32]:
        """Return (3, 3): the directions to the right, up, and towards the eye, in rows."""
        ca, sa, ce, se = (f(v) for v in (self.azimuth, self.elevation) for f in (math.cos, math.sin))
        return np.array([[-sa, ca, 0], [-se * ca, -se * sa, ce], [ce * ca, ce * sa, se]], dtype=np.float32)

    def turned(self, across: float, up: float) -> Camera:
        """Return the camera after a drag by these angles in radians; it does not tip over the poles."""
        elevation = min(max(self.elevation + up, -_STEEPEST), _STEEPEST)
        return replace(self, azimuth=math.remainder(self.azimuth - across, 2 * math.pi), elevation=elevation)

    def zoomed(self, factor: float) -> Camera:
        """Return the camera nearer by a factor."""
        low, high = _ZOOM_RANGE
        return replace(self, zoom=min(max(self.zoom * factor, low), high))

    def project(
        self, points: Floats, extent: float, width: float, height: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return pixels (n, 2) and depth (n,) of ``points`` (n, 3).

        ``extent`` is the length that fills the smaller of ``width`` and ``height``; the depth is in units of
        it, growing towards the eye, which stands at 4.
        """
        across, up, depth = self.rotation() @ (points * np.float32(1 / extent)).T
        scale = _FILL * min(width, height) * self.zoom * _EYE
        shrink = np.float32(scale) / np.maximum(np.float32(_EYE) - depth, np.float32(_NEAREST))
        pixels = np.empty((len(points), 2), dtype=np.float32)
        np.multiply(across, shrink, out=pixels[:, 0])
        np.multiply(up, -shrink, out=pixels[:, 1])
        pixels += np.array([width / 2, height / 2], dtype=np.float32)
        return pixels, depth


def back_to_front(depth: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the order of ``depth`` (n,) from the farthest to the nearest, to a thousandth of the extent.

    Sixteen bits are enough to draw by, and sort in linear time.
    """
    steps = np.clip(depth * np.float32(1000), -32_000, 32_000).astype(np.int16)
    return np.argsort(steps, kind="stable")
