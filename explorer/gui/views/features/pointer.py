"""FeaturePointer: a ring around the point under the pointer, and a card with the facts of its image."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QPoint, QPointF, Signal
from PySide6.QtWidgets import QWidget

from explorer.analysis.frames.references import unit
from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.raster.splatter import EMPTY
from explorer.analysis.statistics.drawn_digit import DrawnDigit, digit_text
from explorer.analysis.statistics.samples import fact_of, image_text
from explorer.gui.plots.hover_card import HoverCard, fact_lines
from explorer.gui.session.images import ImageStore
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.content import Content
from explorer.gui.views.features.plane.plot import PlanePlot
from explorer.gui.views.features.space.canvas import SpaceCanvas


class FeaturePointer(QObject):
    """Shows a ring at once, and a card when the pointer rests.

    Parameters
    ----------
    plots : sequence of PlanePlot or SpaceCanvas
        They report the point under the pointer, and ring it; one of them shows the content.
    area : QWidget
        The card stays inside it.

    Signals
    -------
    hovered(int)
        Row of the snapshot under the pointer, -1 for none.
    """

    hovered = Signal(int)

    def __init__(
        self, plots: tuple[PlanePlot, SpaceCanvas], area: QWidget, theme: Theme, images: ImageStore
    ) -> None:
        super().__init__(area)
        self.card = HoverCard(area, theme)
        self._images = images
        self._plots = plots
        self._content: Content | None = None
        for plot in plots:
            plot.hovered.connect(self._on_plot_hovered)
        self.card.cardRequested.connect(self._on_card_requested)
        images.imagesChanged.connect(self.refresh)

    def show_content(self, content: Content) -> None:
        """Use a content; if it has other images, the ring and the card are removed."""
        before, self._content = self._content, content
        if before is None or not np.array_equal(before.rows, content.rows):
            self._on_plot_hovered(EMPTY)

    def refresh(self) -> None:
        """Update the card, if it is visible."""
        if self.card.isVisible():
            self._on_card_requested(self.card.row)

    def leave(self) -> None:
        """Hide the card."""
        self.card.follow(EMPTY, QPoint())

    def point_out(self, row: int) -> None:
        """Ring the point of an image by its row in the snapshot; none for −1 or an image not shown."""
        shown = [] if self._content is None else np.flatnonzero(self._content.rows == row).tolist()
        self._ring(shown[0] if shown else EMPTY)

    def _ring(self, place: int) -> int:
        """Ring a point by its index in the content, and return the row of its image in the snapshot."""
        content, text, image = self._content, "", EMPTY
        if content is not None and 0 <= place < len(content.rows):
            image = int(content.rows[place])
            probe = content.snapshot.probe
            text = f"{probe.name(int(probe.labels[image]))}  ·  {image_text(probe, image)}"
        for plot in self._plots:
            plot.set_hover(place, text)
        return image

    def _on_plot_hovered(self, place: int) -> None:
        content, image, at = self._content, self._ring(place), QPoint()
        if content is not None and image != EMPTY:
            plot = self._plots[content.points.shape[1] != 2]
            at = QPointF(*plot.pixels(content.points[place : place + 1])[0]).toPoint()
        self.card.follow(image, at)
        self.hovered.emit(image)

    def _on_card_requested(self, row: int) -> None:
        if self._content is None:
            return
        snapshot = self._content.snapshot
        if 0 <= row < len(snapshot.features):
            lines = fact_lines(
                fact_of(snapshot, row), snapshot.probe, has_centers=snapshot.centers is not None
            )
            self.card.show_facts(lines, self._images.image(snapshot, row), self._images.complaint)


class DigitMark:
    """Marks its feature with the prediction."""

    def __init__(self, plane: PlanePlot, space: SpaceCanvas) -> None:
        self._plots: tuple[tuple[PlanePlot | SpaceCanvas, int], ...] = ((plane, 2), (space, 3))
        self._point: Floats | None = None
        self._text = ""

    def set_digit(self, digit: DrawnDigit | None) -> None:
        """Mark this digit when a content is shown; None removes the mark."""
        self._point, self._text = (None, "") if digit is None else (digit.point, digit_text(digit))

    def show_content(self, content: Content | None) -> None:
        """Mark the digit among the points of a content."""
        for plot, dimensions in self._plots:
            plot.set_drawn_digit(shown_point(self._point, content, dimensions), self._text)


def shown_point(point: Floats | None, content: Content | None, dimensions: int) -> Floats | None:
    """Return where a feature (1, d) is drawn in a plot of so many ``dimensions``; None where it is not.

    It is not if it is not finite, or the plot shows no content or one of other features.
    """
    if point is None or content is None or content.points.shape[1] != dimensions:
        return None
    of_run = content.snapshot.features.shape[1]
    if point.shape != (1, of_run) or not np.isfinite(point).all():
        return None
    return content.shown(unit(point) if content.normalized else point)
