"""LossPictures: a small picture of each loss, drawn in another thread and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from explorer.analysis.pauses import pause_point
from explorer.core.settings.config import RunConfig
from explorer.gui.drawing.background import Background
from explorer.gui.faults import report
from explorer.gui.presets.picture import classes_picture
from explorer.gui.theme.theme import Theme


class _Drawn(Struct, frozen=True, eq=False):
    """The pictures by loss, and for which theme and how many device pixels per pixel they are."""

    theme: Theme
    ratio: float
    images: Mapping[str, QImage]


class LossPictures(QObject):
    """Draws the classes of each loss with its defaults, in the plane.

    Parameters
    ----------
    names : iterable of str
        The losses to draw, by name.
    side : int
        Width and height of a picture, in pixels independent of the device.

    Signals
    -------
    drawn(object)
        The pictures that were requested last, a mapping of str to QImage.
    """

    drawn = Signal(object)

    def __init__(self, names: Iterable[str], side: int, parent: QObject) -> None:
        super().__init__(parent)
        self._names, self._side = tuple(names), side
        self._last: _Drawn | None = None
        # However fast: the list opens first, and has its pictures a moment later.
        self._background: Background[_Drawn] = Background(self._take, report, self, at_once=-1.0)

    def request(self, theme: Theme, ratio: float) -> None:
        """Draw the pictures for a theme, ``ratio`` device pixels per pixel, unless they are drawn already."""
        last = self._last
        if last is not None and (last.theme, last.ratio) == (theme, ratio):
            self.drawn.emit(last.images)
        else:
            self._background.request(partial(_draw, self._names, theme, self._side, ratio))

    def _take(self, found: _Drawn) -> None:
        self._last = found
        self.drawn.emit(found.images)


def _draw(names: Iterable[str], theme: Theme, side: int, ratio: float) -> _Drawn:
    images = {}
    for name in names:
        pause_point()
        images[name] = classes_picture(RunConfig().replace({"loss.name": name}), theme, side, ratio)
    return _Drawn(theme, ratio, MappingProxyType(images))
