"""What part of the features is seen, as values that linked views exchange."""

from __future__ import annotations

from msgspec import Struct

from explorer.analysis.plane.geometry import Rectangle
from explorer.gui.views.features.space.camera import Camera


class Framing(Struct, frozen=True):
    """What a person chose to see.

    Parameters
    ----------
    range : Rectangle, optional
        The part of the plane; None while the axes are fitted to the data.
    camera : Camera
        The camera in space. Whether it is perspective is an option of the view, not a part of this.
    """

    range: Rectangle | None = None
    camera: Camera = Camera()


class Need(Struct, frozen=True):
    """What the data need to be seen whole: a part of the plane, and a length around the origin of space."""

    plane: Rectangle | None = None
    extent: float = 0.0

    def united(self, other: Need) -> Need:
        """Return what both need."""
        planes = [plane for plane in (self.plane, other.plane) if plane is not None]
        return Need(
            plane=planes[0].united(planes[-1]) if planes else None, extent=max(self.extent, other.extent)
        )
