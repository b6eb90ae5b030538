"""ScoreBars: the scores of one image, as a bar of probability for each class with its logit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.texts import _
from explorer.gui.faults import guarded
from explorer.gui.plots.style import SMALL_TYPE, color, pen, scaled_font
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.theme.tooltips import wrapped

Numbers = NDArray[np.float64]

_SIZE, _MOST = QSize(340, 78), 12
_GAP = 3.0


class ScoreBars(QWidget):
    """A bar per class from 0 to 1, its logit above and its class below; the true class is outlined.

    Of more than twelve classes, those with the largest scores are shown, and the true one.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._logits = self._shares = np.zeros(0)
        self._label = 0
        self._names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Scores of the image"))

    def sizeHint(self) -> QSize:
        """Return room for twelve bars."""
        return _SIZE

    def show_scores(
        self, logits: Numbers, shares: Numbers, label: int, probe: ProbeSet, theme: Theme
    ) -> None:
        """Show the logits (C,) of an image of class ``label``, and their softmax."""
        self._logits, self._shares, self._label, self._theme = logits, shares, label, theme
        self._names = probe.short_names()
        words = _(", ").join(
            _("class {label}: {logit:.2f}, {share:.1%}").format(
                label=probe.name(one), logit=logits[one], share=shares[one]
            )
            for one in self.shown_classes()
        )
        self.setAccessibleDescription(words)
        self.setToolTip(
            wrapped(_("Above each bar its logit, below it the class; the bar is the probability."))
        )
        self.update()

    def shown_classes(self) -> list[int]:
        """Return the classes that have a bar, in ascending order."""
        best = np.argsort(-self._logits, kind="stable")[:_MOST].tolist()
        if len(self._logits) and self._label not in best:
            best[-1] = self._label
        return sorted(int(one) for one in best)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a bar for each class."""
        classes, theme, names = self.shown_classes(), self._theme, self._names
        if not classes:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = scaled_font(self.font(), SMALL_TYPE * 0.9)
        line = QFontMetricsF(font).height()
        width = self.width() / len(classes)
        room = self.height() - 2 * line - 2
        for place, label in enumerate(classes):
            mine = label == self._label
            column = QRectF(place * width, 0, width, self.height())
            share = float(np.nan_to_num(self._shares[label]))
            bar = QRectF(column.left() + _GAP, line + 1, width - 2 * _GAP, room)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(mix(theme.panel, theme.line, 0.5)))
            painter.drawRect(bar)
            bar.setTop(bar.bottom() - max(1.0, share * room))
            painter.setBrush(color(theme.class_color(label)))
            painter.setPen(pen(theme.text, 1.4) if mine else Qt.PenStyle.NoPen)
            painter.drawRect(bar)
            painter.setFont(scaled_font(font, 1.0, bold=mine))
            painter.setPen(color(theme.text if mine else theme.muted))
            top = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            painter.drawText(column, top, f"{self._logits[label]:.1f}".replace("-", "−"))
            painter.drawText(
                column, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, names[label]
            )
        painter.end()
