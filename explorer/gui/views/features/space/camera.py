"""Camera: projection of points in space to pixels and back, perspective or orthographic."""

from __future__ import annotations

import math
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.plane.geometry import FULL_TURN
from explorer.analysis.products import product

Look = Literal["front", "top", "side"]

EYE = 4.0
"""Distance of the camera from the origin, in extents."""

_NEAREST = 0.5
FILL = 0.44
"""What an extent is of the shorter side of an unzoomed picture."""
_STEEPEST = math.pi / 2
_ZOOM_RANGE = (0.2, 40.0)
_FARTHEST_PAN = 20.0
_LOOKS: MappingProxyType[Look, tuple[float, float]] = MappingProxyType(
    {"front": (-math.pi / 2, 0.0), "top": (-math.pi / 2, math.pi / 2), "side": (0.0, 0.0)}
)


class Silhouette(Struct, frozen=True):
    """The projected circle of a sphere around the origin: centre ``x``, ``y`` and ``radius`` in pixels."""

    x: float
    y: float
    radius: float


class Camera(Struct, frozen=True):
    """Looks at the origin from ``azimuth`` and ``elevation`` (radians); ``zoom`` 1 shows everything.

    ``pan`` shifts the picture to the right and down, in units of its shorter side. It shifts the picture, not
    the camera, so that spheres around the origin remain circles.
    """

    azimuth: float = -0.9
    elevation: float = 0.4
    zoom: float = 1.0
    pan: tuple[float, float] = (0.0, 0.0)
    perspective: bool = True

    def rotation(self) -> NDArray[np.float32]:
        """Return the rotation matrix (3, 3): its rows point to the right, up, and towards the camera."""
        return _rotation(self.azimuth, self.elevation)

    def turned(self, across: float, up: float) -> Camera:
        """Return the camera rotated by two angles in radians; it stops at the poles."""
        elevation = min(max(self.elevation + up, -_STEEPEST), _STEEPEST)
        return replace(self, azimuth=math.remainder(self.azimuth - across, FULL_TURN), elevation=elevation)

    def looking(self, look: Look) -> Camera:
        """Return the camera on an axis: x₁ to the right and x₃ up from the front, x₂ up from the top.

        From the side x₂ goes to the right and x₃ up.
        """
        azimuth, elevation = _LOOKS[look]
        return replace(self, azimuth=azimuth, elevation=elevation)

    def zoomed(self, factor: float, x: float = 0.0, y: float = 0.0) -> Camera:
        """Return the camera zoomed by a factor, with the position ``x``, ``y`` fixed.

        The position is relative to the centre of the picture, to the right and down, in its shorter side.
        """
        low, high = _ZOOM_RANGE
        zoom = min(max(self.zoom * factor, low), high)
        taken = zoom / self.zoom
        at_x, at_y = self.pan
        return replace(self, zoom=zoom).panned((1 - taken) * (x - at_x), (1 - taken) * (y - at_y))

    def panned(self, right: float, down: float) -> Camera:
        """Return the camera with its picture shifted, in units of its shorter side."""
        far = _FARTHEST_PAN
        x, y = (min(max(a + b, -far), far) for a, b in zip(self.pan, (right, down), strict=True))
        return replace(self, pan=(x, y))

    def above(self, room: float, width: float, height: float) -> Camera:
        """Return the camera with the same picture in what is left above ``room`` pixels at the lower edge."""
        side, less = min(width, height), min(width, height - room)
        if room <= 0 or less <= 0:
            return self
        share, (x, y) = less / side, self.pan
        return replace(self, zoom=share * self.zoom, pan=(share * x, share * y - room / 2 / side))

    def project(
        self, points: Floats, extent: float, width: float, height: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return pixels (n, 2) and depth (n,) of ``points`` (n, 3).

        ``extent`` is the length that fills the smaller of ``width`` and ``height``; the depth is in units of
        it and increases towards the camera, which is at `EYE`.
        """
        across, up, depth = product(points, (self.rotation() * np.float32(1 / extent)).T).T
        scale = np.full_like(depth, self._scale(width, height))
        if self.perspective:
            scale *= np.float32(EYE) / np.maximum(np.float32(EYE) - depth, np.float32(_NEAREST))
        x, y = self._middle(width, height)
        pixels = np.empty((2, len(points)), dtype=np.float32)  # NumPy is slow along rows of two
        np.multiply(across, scale, out=pixels[0])
        np.multiply(up, scale, out=pixels[1])
        np.add(pixels[0], np.float32(x), out=pixels[0])
        np.subtract(np.float32(y), pixels[1], out=pixels[1])
        return pixels.T, depth

    def silhouette(self, radius: float, width: float, height: float) -> Silhouette:
        """Return the projected circle of a sphere with a ``radius`` in extents, less than `EYE`."""
        x, y = self._middle(width, height)
        shrink = EYE / math.sqrt(EYE**2 - radius**2) if self.perspective else 1.0
        return Silhouette(x, y, self._scale(width, height) * radius * shrink)

    def hits(
        self, pixels: NDArray[np.float32], radius: float, width: float, height: float, *, front: bool
    ) -> NDArray[np.float32]:
        """Return the directions (n, 3) from the origin to where rays through ``pixels`` (n, 2) meet a sphere.

        ``radius`` is in extents, less than `EYE`; ``front`` chooses the side that faces the camera. For a ray
        that misses the sphere it is the direction to the nearest point of the ray.
        """
        x, y = self._middle(width, height)
        scale = np.float32(1 / self._scale(width, height))
        across = (pixels[:, 0] - np.float32(x)) * scale
        up = (np.float32(y) - pixels[:, 1]) * scale
        aside = across * across
        aside += up * up
        sign = np.float32(-1 if front else 1)
        places = np.empty((len(pixels), 3), dtype=np.float32)
        if self.perspective:
            # At a distance τ from the eye along its axis a ray is at τ/EYE·(across, up).
            slope = aside / np.float32(EYE**2)
            slope += 1
            root = np.float32(EYE**2) - slope * np.float32(EYE**2 - radius**2)
            far = (np.float32(EYE) + sign * np.sqrt(np.maximum(root, 0))) / slope
            share = far / np.float32(EYE)
            np.multiply(across, share, out=places[:, 0])
            np.multiply(up, share, out=places[:, 1])
            np.subtract(np.float32(EYE), far, out=places[:, 2])
        else:
            places[:, 0], places[:, 1] = across, up
            places[:, 2] = -sign * np.sqrt(np.maximum(np.float32(radius**2) - aside, 0))
        places /= np.sqrt(np.einsum("nd,nd->n", places, places))[:, None]
        return product(places, self.rotation())

    def ahead(self, points: Floats, depth: NDArray[np.float32], radius: float) -> NDArray[np.bool_]:
        """Return which of ``points`` (n, 3), in extents and outside a sphere, are in front of it.

        The others are behind or beside it. By Thales' theorem, a ray is nearest to the origin where it meets
        the sphere whose diameter is from camera to origin; ``depth`` (n,) is that of `project`. A point on
        the sphere counts by the side it is on.
        """
        if not self.perspective:
            return depth > 0
        squares = np.maximum(np.einsum("nd,nd->n", points, points), np.float32(radius**2))
        result: NDArray[np.bool_] = depth * np.float32(EYE) > squares
        return result

    def _scale(self, width: float, height: float) -> float:
        """Return the pixels per extent at the depth of the origin."""
        return FILL * min(width, height) * self.zoom

    def _middle(self, width: float, height: float) -> tuple[float, float]:
        side = min(width, height)
        return width / 2 + self.pan[0] * side, height / 2 + self.pan[1] * side


@lru_cache(8)
def _rotation(azimuth: float, elevation: float) -> NDArray[np.float32]:
    """Return the matrix of `Camera.rotation`, which a frame asks for a dozen times."""
    ca, sa, ce, se = (f(v) for v in (azimuth, elevation) for f in (math.cos, math.sin))
    result = np.array([[-sa, ca, 0], [-se * ca, -se * sa, ce], [ce * ca, ce * sa, se]], dtype=np.float32)
    result.flags.writeable = False
    return result


def back_to_front(depth: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the order of ``depth`` (n,) from farthest to nearest, to a thousandth of the extent.

    Depths of sixteen bits are precise enough to draw by, and are sorted in linear time.
    """
    steps = np.clip(depth * np.float32(1000), -32_000, 32_000).astype(np.int16)
    return np.argsort(steps, kind="stable")
