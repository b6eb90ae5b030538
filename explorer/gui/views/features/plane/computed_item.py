"""ComputedItem: an item of the plane that draws what is computed of a content, before it is painted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import Struct
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.gui.drawing.background import Background
from explorer.gui.faults import guarded_item, report, write_fault
from explorer.gui.plots.cached_layer import CachedLayer
from explorer.gui.plots.style import PixelItem, Plot
from explorer.gui.views.features.content import Content

Layer = TypeVar("Layer")


class Request(Struct, Generic[Layer], frozen=True, eq=False):
    """How a layer is computed, from values that nobody changes; ``key`` is what its result depends on."""

    key: tuple[object, ...]
    compute: Callable[[], Layer]


class ComputedItem(PixelItem, Generic[Layer]):
    """Draws the newest ``layer`` there is of the content, None before there is one.

    While a layer is computed, that of the frame before stays. One of another loss, another number of classes,
    or of features at another length, is never shown for this one: nothing is, until the new one is there.
    """

    def __init__(self, plot: Plot, z: float) -> None:
        super().__init__(plot, z)
        self.plot = plot
        self.content: Content | None = None
        self.layer: Layer | None = None
        self.background = Background(self._on_computed, self._on_failed, self)
        self._error: Exception | None = None
        self._requested: tuple[object, ...] | None = None
        self._version = 0
        self._cache = CachedLayer()

    def set_content(self, content: Content | None) -> None:
        """Draw of this; None for nothing. `renew` computes it."""
        before, self.content = self.content, content
        if content is None or before is None or content.kind != before.kind:
            self._forget()

    def renew(self) -> None:
        """Compute what is drawn of the content where that has changed, now or in a thread."""
        request = None if self.content is None else self.request(self.content)
        if request is None:
            self._forget()
        elif request.key != self._requested:
            self._requested = request.key
            self.background.request(request.compute)

    def request(self, content: Content) -> Request[Layer] | None:
        """Return what is to be computed, None for no layer."""
        raise NotImplementedError

    def shows(self) -> tuple[object, ...]:
        """Return what the pixels depend on beside the layer, the theme and the part of the plane in view."""
        raise NotImplementedError

    def draw(self, painter: QPainter) -> None:
        """Paint the layer, in pixels of the view box."""
        raise NotImplementedError

    @property
    def color_beneath(self) -> QColor:
        """What the pixels are filled with first."""
        return QColor(0, 0, 0, 0)

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Copy the pixels of the layer, painting them first where it has changed."""
        if self.content is None:
            return
        if self._error is not None:
            write_fault(painter, self.boundingRect(), self._error)
            return
        shows = (self._version, self.plot.theme, self.plot.visible(), *self.shows())
        self._cache.paint(painter, self.boundingRect(), self.color_beneath, shows, self.draw)

    def _forget(self) -> None:
        if self._requested is not None:
            self.background.cancel()
            self.layer = self._error = self._requested = None
            self._version += 1

    def _on_computed(self, layer: Layer) -> None:
        self.layer, self._error = layer, None
        self._version += 1
        self.update()

    def _on_failed(self, error: Exception) -> None:
        self._error = error
        report(error)
        self.update()
