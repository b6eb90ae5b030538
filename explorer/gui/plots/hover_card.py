"""HoverCard: the facts of the image under the pointer, shown once the pointer has rested on it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPixmap, QPolygonF
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.analysis.raster.splatter import EMPTY
from explorer.analysis.statistics.angles import ABSENT
from explorer.analysis.statistics.samples import SampleFact
from explorer.core.protocol.messages import TEST
from explorer.core.texts import _
from explorer.gui.plots.style import color
from explorer.gui.theme.theme import Rgb, Theme

DELAY_MS = 125
_IMAGE_SIDE = 84
_AWAY = 18
_ROUND, _CORNER = 4.0, 0.22
"""Radius of the corners of a thumbnail in pixels, and the side of the coloured one as a fraction of it."""
_GROUND = QColor(46, 49, 55)


def fact_lines(fact: SampleFact, probe: ProbeSet, *, has_centers: bool) -> list[tuple[str, str]]:
    """Return the facts of an image of a probe set as pairs (name, value), both in words."""
    predicted = "–" if fact.prediction == ABSENT else f"{probe.name(fact.prediction)} ({fact.confidence:.1%})"
    distance = _("Distance to class centre") if has_centers else _("Distance to class mean")
    return [
        _label_line(fact, probe),
        *([(_("Damage"), fact.damage)] if fact.damage else []),
        (_("Predicted"), predicted),
        *angle_lines(fact.own_angle, fact.other_angle, fact.other_class, probe),
        (_("Cross-entropy"), "–" if math.isnan(fact.loss) else f"{fact.loss:.3g}"),
        (distance, f"{fact.distance:.3g}"),
        (_("Test image") if fact.split == TEST else _("Training image"), f"{fact.index:,}"),
    ]


def angle_lines(own: float, other: float, nearest: int, probe: ProbeSet) -> list[tuple[str, str]]:
    """Return the angles of an image to its class and to the nearest other one, as in `fact_lines`."""
    name = "–" if nearest == ABSENT else f"{probe.name(nearest)} ({degrees(other)})"
    return [(_("Angle to true class"), degrees(own)), (_("Nearest other class"), name)]


def _label_line(fact: SampleFact, probe: ProbeSet) -> tuple[str, str]:
    """Return the true class; of a wrong label, that label and the true class."""
    true = probe.name(fact.label)
    if fact.given != ABSENT:
        wrong = _("{label} (wrong; true class {true})")
        return _("Label"), wrong.format(label=probe.name(fact.given), true=true)
    label = _("{label}, left out of training") if fact.unseen else "{label}"
    return _("True class"), label.format(label=true)


def degrees(angle: float) -> str:
    """Return an angle in radians as text in degrees; a dash for NaN."""
    return "–" if math.isnan(angle) else f"{math.degrees(angle):.1f}°"


class HoverCard(QFrame):
    """A card beside a point; it is transparent for the mouse.

    Signals
    -------
    cardRequested(int)
        The pointer has rested for `DELAY_MS` on the image in this row, and its facts should be shown.
    """

    cardRequested = Signal(int)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.row = EMPTY
        self._plot = parent
        self._at = QPoint()
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.picture = QLabel()
        self.picture.setFixedSize(_IMAGE_SIDE, _IMAGE_SIDE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setWordWrap(True)
        self._names: list[QLabel] = []
        self._values: list[QLabel] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 10, 8)
        row.setSpacing(10)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(1)
        row.addLayout(self._grid)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(_("Image under the pointer"))
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        css = {name: color(getattr(theme, name)).name() for name in ("panel", "line", "text", "muted")}
        self.setStyleSheet(
            f"HoverCard {{ background: {css['panel']}; border: 1px solid {css['line']}; }}"
            "HoverCard { border-radius: 8px; }"
            f"HoverCard QLabel {{ color: {css['text']}; background: transparent; }}"
            f'HoverCard QLabel[part="name"] {{ color: {css["muted"]}; }}'
        )

    def follow(self, row: int, at: QPoint) -> None:
        """Hide until the pointer rests on the image in ``row``; ``at`` is in pixels of the parent."""
        if row != self.row:
            self.row, self._at = row, at
            self.hide()
            self._timer.stop()
            if row != EMPTY:
                self._timer.start()

    def show_facts(self, lines: list[tuple[str, str]], image: QImage | None, complaint: str = "") -> None:
        """Show pairs (name, value), and the image, or the reason why it could not be read."""
        while len(self._names) < len(lines):
            self._add_line()
        missing = [("", "")] * (len(self._names) - len(lines))
        for name, value, (left, right) in zip(self._names, self._values, [*lines, *missing], strict=True):
            name.setText(left)
            value.setText(right)
            name.setVisible(bool(left))
            value.setVisible(bool(left))
        if image is None:
            self.picture.setText(complaint or _("Reading…"))
        else:
            self.picture.setPixmap(enlarged(image, _IMAGE_SIDE, self.devicePixelRatioF()))
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()

    def _add_line(self) -> None:
        name, value = QLabel(), QLabel()
        name.setProperty("part", "name")
        line = len(self._names)
        self._grid.addWidget(name, line, 0)
        self._grid.addWidget(value, line, 1)
        self._names.append(name)
        self._values.append(value)

    def _place(self) -> None:
        """Move to the lower right of the point, or to its other side where the card would not fit."""
        room, size = self._plot.size(), self.size()
        x, y = self._at.x() + _AWAY, self._at.y() + _AWAY
        if x + size.width() > room.width():
            x = self._at.x() - _AWAY - size.width()
        if y + size.height() > room.height():
            y = self._at.y() - 2 * _AWAY - size.height()
        self.move(max(0, x), max(0, y))

    def _on_timer_timeout(self) -> None:
        self.cardRequested.emit(self.row)


def enlarged(image: QImage, side: int, ratio: float) -> QPixmap:
    """Return an image scaled to fit ``side`` × ``side`` logical pixels, at the device pixel ``ratio``."""
    pixels = round(side * ratio)
    scaled = image.scaled(
        pixels, pixels, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    result = QPixmap.fromImage(scaled)
    result.setDevicePixelRatio(ratio)
    return result


def thumbnail(image: QImage, side: int, ratio: float, corner: Rgb | None = None) -> QPixmap:
    """Return an image with round corners as wide and high as ``side``, one of them in a colour.

    Black becomes dark grey, and levels above it as much lighter: else the background of digits would be the
    heaviest of all on a page.
    """
    picture = enlarged(image, side, ratio)
    result = QPixmap(round(side * ratio), round(side * ratio))
    result.setDevicePixelRatio(ratio)
    result.fill(Qt.GlobalColor.transparent)
    outline, triangle = QPainterPath(), QPainterPath()
    outline.addRoundedRect(QRectF(0, 0, side, side), _ROUND, _ROUND)
    triangle.addPolygon(QPolygonF([QPointF(0, 0), QPointF(_CORNER * side, 0), QPointF(0, _CORNER * side)]))
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(outline, _GROUND)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Screen)
    painter.setClipPath(outline)
    width, height = picture.deviceIndependentSize().toTuple()
    painter.drawPixmap(QPointF((side - width) / 2, (side - height) / 2), picture)
    painter.setClipping(False)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    if corner is not None:
        painter.fillPath(outline.intersected(triangle), color(corner))
    painter.end()
    return result
