"""HoverCard: what is known of the image under the pointer, an eighth of a second after it got there."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

from explorer.analysis.raster.splatter import EMPTY
from explorer.analysis.statistics.angles import ABSENT
from explorer.analysis.statistics.samples import SampleFact
from explorer.core.protocol.messages import TEST
from explorer.gui.plots.style import color
from explorer.gui.theme.theme import Theme

DELAY_MS = 125
_IMAGE_SIDE = 84
_AWAY = 18


def fact_lines(fact: SampleFact, *, has_centers: bool) -> list[tuple[str, str]]:
    """Return what to say of an image, as pairs of a name and a value."""
    split = "test" if fact.split == TEST else "training"
    other = "–" if fact.other_class == ABSENT else f"{fact.other_class}, at {degrees(fact.other_angle)}"
    predicted = "–" if fact.prediction == ABSENT else f"{fact.prediction}, {fact.confidence:.1%} sure"
    return [
        ("label", f"{fact.label}"),
        ("predicted", predicted),
        ("θ_y", degrees(fact.own_angle)),
        ("nearest other", other),
        ("cross-entropy", f"{fact.loss:.3g}"),
        (f"to its {'centre' if has_centers else 'mean'}", f"{fact.distance:.3g}"),
        (split, f"image {fact.index:,}"),
    ]


def degrees(angle: float) -> str:
    """Return an angle in radians as text in degrees, a dash for none."""
    return "–" if math.isnan(angle) else f"{math.degrees(angle):.1f}°"


class HoverCard(QFrame):
    """A card beside a point; it lets the mouse through.

    Signals
    -------
    due(int)
        The pointer has rested on the image in this row: show its facts.
    """

    due = Signal(int)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.row = EMPTY
        self._ground = parent
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
        self.setAccessibleName("Image under the pointer")
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        css = {name: color(getattr(theme, name)).name() for name in ("panel", "line", "text", "muted")}
        self.setStyleSheet(
            f"HoverCard {{ background: {css['panel']}; border: 1px solid {css['line']}; }}"
            "HoverCard { border-radius: 8px; }"
            f"HoverCard QLabel {{ color: {css['text']}; background: transparent; }}"
            f'HoverCard QLabel[part="name"] {{ color: {css["muted"]}; }}'
        )

    def follow(self, row: int, at: QPoint) -> None:
        """Wait for the pointer to rest on another image, near ``at`` in the parent's pixels."""
        if row != self.row:
            self.row, self._at = row, at
            self.hide()
            self._timer.stop()
            if row != EMPTY:
                self._timer.start()

    def show_facts(self, lines: list[tuple[str, str]], image: QImage | None, complaint: str = "") -> None:
        """Show names and values, and the image or why there is none."""
        while len(self._names) < len(lines):
            self._add_line()
        for name, value, (left, right) in zip(self._names, self._values, lines, strict=True):
            name.setText(left)
            value.setText(right)
        if image is None:
            self.picture.setText(complaint or "reading …")
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
        """Stand to the lower right of the point, or on its other side where there is no room."""
        room, size = self._ground.size(), self.size()
        x, y = self._at.x() + _AWAY, self._at.y() + _AWAY
        if x + size.width() > room.width():
            x = self._at.x() - _AWAY - size.width()
        if y + size.height() > room.height():
            y = self._at.y() - 2 * _AWAY - size.height()
        self.move(max(0, x), max(0, y))

    def _on_timer_timeout(self) -> None:
        self.due.emit(self.row)


def enlarged(image: QImage, side: int, ratio: float) -> QPixmap:
    """Return an image at most ``side`` pixels wide and high, sharp on a screen of ``ratio``."""
    pixels = round(side * ratio)
    scaled = image.scaled(
        pixels, pixels, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    result = QPixmap.fromImage(scaled)
    result.setDevicePixelRatio(ratio)
    return result
