"""Verdict: the image that the network sees, and what it takes it for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from explorer.analysis.statistics.angles import ABSENT
from explorer.analysis.statistics.drawn_digit import DigitFacts
from explorer.core.data.datasets import Bytes
from explorer.gui.controls.labels import SmallLabel, set_role
from explorer.gui.plots.hover_card import enlarged
from explorer.gui.plots.style import color, restyle, scaled_font
from explorer.gui.session.images import as_image
from explorer.gui.theme.theme import Theme

_SIDE = 56
_LARGE_TYPE = 2.1


class Verdict(QWidget):
    """A small picture, and beside it the prediction with its confidence."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = QLabel()
        self.picture.setFixedSize(_SIDE, _SIDE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.prediction = QLabel()
        self.confidence = SmallLabel()
        self.size_seen = SmallLabel()
        for label in (self.confidence, self.size_seen):
            set_role(label, "role", "muted")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.prediction)
        words.addWidget(self.confidence)
        words.addWidget(self.size_seen)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.picture)
        row.addLayout(words, 1)

    def show_image(self, image: Bytes, theme: Theme) -> None:
        """Show what the network sees (height, width)."""
        self.picture.setPixmap(enlarged(as_image(image), _SIDE - 2, self.devicePixelRatioF()))
        restyle(self.picture, f"background: black; border: 1px solid {color(theme.line).name()}; padding: 0;")
        height, width = image.shape
        words = f"What the network sees: {width}×{height} pixels"
        self.size_seen.setText(f"seen at {width}×{height}")
        self.picture.setToolTip(words)
        self.picture.setAccessibleName(words)

    def show_facts(self, facts: DigitFacts | None) -> None:
        """Show what the network takes the image for; None where that is not known yet."""
        self.prediction.setFont(scaled_font(self.font(), _LARGE_TYPE, bold=True))
        if facts is None:
            texts = "", ""
        elif facts.prediction == ABSENT:
            texts = "–", "not a finite feature"
        else:
            texts = str(facts.prediction), f"{facts.confidence:.1%} sure"
        for label, text in zip((self.prediction, self.confidence), texts, strict=True):
            label.setText(text)
        self.prediction.setAccessibleName(f"Prediction: {', '.join(filter(None, texts))}")
