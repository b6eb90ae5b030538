"""Verdict: the network input, and the prediction for it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from explorer.analysis.statistics.angles import ABSENT
from explorer.analysis.statistics.drawn_digit import DigitFacts
from explorer.core.data.datasets import Bytes
from explorer.core.texts import _
from explorer.gui.controls.labels import SmallLabel, set_role
from explorer.gui.plots.hover_card import enlarged
from explorer.gui.plots.style import color, restyle
from explorer.gui.session.images import as_image
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.theme.theme import Theme

_SIDE = 56
_LARGE_TYPE = 2.1


class Verdict(QWidget):
    """A thumbnail of the network input, and beside it the prediction with its confidence."""

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
        """Show the network input (height, width)."""
        self.picture.setPixmap(enlarged(as_image(image), _SIDE - 2, self.devicePixelRatioF()))
        restyle(self.picture, f"background: black; border: 1px solid {color(theme.line).name()}; padding: 0;")
        height, width = image.shape[:2]
        words = _("Network input: {width}×{height} pixels").format(width=width, height=height)
        self.size_seen.setText(_("input {width}×{height}").format(width=width, height=height))
        self.picture.setToolTip(words)
        self.picture.setAccessibleName(words)

    def show_facts(self, facts: DigitFacts | None, name: str = "") -> None:
        """Show the prediction, a class of this name; None until it is known."""
        RelativeFont(self.prediction, _LARGE_TYPE, bold=True)
        if facts is None:
            prediction, confidence, name = "", "", _("No prediction yet")
        elif facts.prediction == ABSENT:
            prediction, confidence = "–", _("feature is not finite")
            name = _("No prediction: the feature is not finite")
        else:
            prediction = name
            confidence = _("{confidence:.1%} confidence").format(confidence=facts.confidence)
            name = _("Prediction: {digit}, {confidence:.1%} confidence").format(
                digit=name, confidence=facts.confidence
            )
        self.prediction.setText(prediction)
        self.confidence.setText(confidence)
        self.prediction.setAccessibleName(name)
