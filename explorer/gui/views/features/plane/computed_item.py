"""ComputedItem: an item of the plane that paints a layer computed in advance, possibly in a thread."""

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
    """The computation of a layer from immutable values; ``key`` is all that its result depends on."""

    key: tuple[object, ...]
    compute: Callable[[], Layer]


class ComputedItem(PixelItem, Generic[Layer]):
    """Paints the newest ``layer`` of the content, None before there is one.

    While a layer is computed, that of the previous frame stays. A layer of another loss, another number of
    classes, or of features scaled differently is not shown instead: nothing is, until the new one is ready.
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
        """Set the content, None for none; `renew` computes its layer."""
        before, self.content = self.content, content
        if content is None or before is None or content.kind != before.kind:
            self._forget()

    def renew(self) -> None:
        """Compute the layer if what it depends on has changed, at once or in a thread."""
        request = None if self.content is None else self.request(self.content)
        if request is None:
            self._forget()
        elif request.key != self._requested:
            self._requested = request.key
            self.background.request(request.compute)

    def request(self, content: Content) -> Request[Layer] | None:
        """Return the computation of the layer, None for no layer."""
        raise NotImplementedError

    def shows(self) -> tuple[object, ...]:
        """Return what the pixels depend on besides layer, theme and visible range."""
        raise NotImplementedError

    def draw(self, painter: QPainter) -> None:
        """Paint the layer, in pixels of the view box."""
        raise NotImplementedError

    @property
    def background_color(self) -> QColor:
        """The colour with which the pixels are filled first."""
        return QColor(0, 0, 0, 0)

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the cached pixels of the layer, after repainting them if it has changed."""
        if self.content is None:
            return
        if self._error is not None:
            write_fault(painter, self.boundingRect(), self._error)
            return
        shows = (self._version, self.plot.theme, self.plot.visible(), *self.shows())
        self._cache.paint(painter, self.boundingRect(), self.background_color, shows, self.draw)

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
