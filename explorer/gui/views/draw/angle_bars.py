"""AngleBars: the angles from one feature to all classes, as bars."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.analysis.frames.references import ReferenceKind
from explorer.analysis.frames.snapshot import ProbeSet
from explorer.analysis.statistics.drawn_digit import DigitFacts
from explorer.core.texts import N_, _
from explorer.gui.faults import guarded
from explorer.gui.plots.hover_card import degrees
from explorer.gui.plots.style import SMALL_TYPE, color, pen, scaled_font
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.theme.tooltips import wrapped

_LEAST_HEIGHT, _MOST_HEIGHT = 12.0, 22.0
_USUAL_CLASSES = 10
_PALE = 0.45
_TIPS: Mapping[ReferenceKind, str] = MappingProxyType(
    {
        "weights": N_("Angle from 0° to 180° to each class weight (shorter = closer)"),
        "means": N_("Angle from 0° to 180° to each class mean (shorter = closer)"),
    }
)


class AngleBars(QWidget):
    """A bar per class from 0° to 180°: the shorter, the nearer the class. The nearest is highlighted.

    Where not all classes fit, the nearest ones are shown.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.facts: DigitFacts | None = None
        self._names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Angles to all classes"))

    def show_facts(self, facts: DigitFacts, probe: ProbeSet, theme: Theme) -> None:
        """Show the angles of a drawn digit."""
        self.facts, self.theme = facts, theme
        self._names = probe.short_names()
        self.setMaximumHeight(round(len(facts.angles) * _MOST_HEIGHT))
        words = ", ".join(
            f"{probe.name(label)}: {degrees(angle)}" for label, angle in enumerate(facts.angles.tolist())
        )
        self.setAccessibleDescription(words)
        self.setToolTip(wrapped(_(_TIPS[facts.kind])))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of ten bars of usual height."""
        return QSize(150, round(_USUAL_CLASSES * _MOST_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return the size of ten bars of minimum height."""
        return QSize(110, round(_USUAL_CLASSES * _LEAST_HEIGHT))

    def shown_classes(self) -> list[int]:
        """Return the classes that have a bar, in ascending order."""
        if self.facts is None:
            return []
        angles = self.facts.angles
        room = max(1, int(self.height() // _LEAST_HEIGHT))
        return sorted(np.argsort(angles, kind="stable")[:room].tolist())

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a bar for each class."""
        if self.facts is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        labels, nearest = self.shown_classes(), self.facts.nearest
        height = min(_MOST_HEIGHT, self.height() / len(labels))
        plain = scaled_font(self.font(), SMALL_TYPE)
        # Low bars get a smaller font, which stays legible.
        if QFontMetricsF(plain).height() > height + 3:
            plain = scaled_font(self.font(), 0.78)
        bold = scaled_font(plain, 1.0, bold=True)
        metrics = QFontMetricsF(bold)
        left = max(metrics.horizontalAdvance(self._names[label]) for label in labels) + 8
        right = metrics.horizontalAdvance("180.0°") + 8
        for place, label in enumerate(labels):
            row = QRectF(0, place * height, self.width(), height)
            painter.setFont(bold if label == nearest else plain)
            self._paint_row(painter, row, label, left, right)

    def _paint_row(self, painter: QPainter, row: QRectF, label: int, left: float, right: float) -> None:
        assert self.facts is not None
        theme, angle, stands_out = self.theme, float(self.facts.angles[label]), label == self.facts.nearest
        track_color, rgb = mix(theme.plot, theme.line, 0.45), theme.class_color(label)
        painter.setPen(pen(theme.text if stands_out else theme.muted))
        centred = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(row, centred | Qt.AlignmentFlag.AlignLeft, self._names[label])
        painter.drawText(row, centred | Qt.AlignmentFlag.AlignRight, degrees(angle))
        thick = min(row.height() - 4, 10.0)
        track = QRectF(left, row.center().y() - thick / 2, row.width() - left - right, thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(track_color))
        painter.drawRoundedRect(track, thick / 2, thick / 2)
        if math.isnan(angle):
            return
        track.setWidth(max(thick, track.width() * angle / math.pi))
        painter.setBrush(color(rgb if stands_out else mix(track_color, rgb, _PALE)))
        if stands_out:
            painter.setPen(pen(theme.text, 1.2))
        painter.drawRoundedRect(track, thick / 2, thick / 2)
