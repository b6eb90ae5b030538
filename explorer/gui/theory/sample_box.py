"""SampleBox: the formula of a loss with the numbers of one image, step by step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from html import escape

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from explorer.analysis.statistics.sample_loss import SampleLoss
from explorer.core.losses.loss_spec import LossSpec
from explorer.core.texts import N_, _
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.faults import guarded

_CELL = "<td align='right'>{}&nbsp;&nbsp;</td>"  # not shown: markup
NO_SAMPLE = N_("Point at a sample in the plot, or select one, to see its numbers here.")
_RIVALS = 3
"""How many other classes are listed, those with the largest logits."""


class SampleBox(QFrame):
    """Shows the steps from an image to its loss, or in a sentence what is missing.

    Its numbers change several times a second. Its content is in no layout of the card, which would arrange
    all that it holds each time: the card learns of another height only.

    Signals
    -------
    numbersRequested()
        The numbers are out of date, and the box is on screen.
    """

    numbersRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card", "true")
        self.setAccessibleName(_("From this sample"))
        self._is_stale = True
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        title = QLabel(_("From this sample"))
        set_role(title, "role", "title")
        self.text = WrappedLabel()
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self._content = QWidget(self)
        column = self._column = QVBoxLayout(self._content)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(4)
        column.addWidget(title)
        column.addWidget(self.text)
        self.show_sentence(_(NO_SAMPLE))

    def set_stale(self) -> None:
        """Ask for other numbers, as soon as the box is on screen."""
        self._is_stale = True
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Return True: narrow lines are more."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the content at this width."""
        frame = self.size() - self.contentsRect().size()
        return self._column.heightForWidth(width - frame.width()) + frame.height()

    def sizeHint(self) -> QSize:
        """Return the size at the present width."""
        return QSize(self.width(), self.heightForWidth(self.width()))

    def event(self, event: QEvent) -> bool:
        """Ask the card for another height where the content has another one."""
        if event.type() == QEvent.Type.LayoutRequest and self.heightForWidth(self.width()) != self.height():
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the content all room."""
        super().resizeEvent(event)
        self._content.setGeometry(self.contentsRect())

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame; nothing that hides the box, or scrolls it away, lets it come to this."""
        super().paintEvent(event)
        if self._is_stale:
            self._is_stale = False
            self.numbersRequested.emit()

    def show_sentence(self, sentence: str) -> None:
        """Show a sentence instead of numbers."""
        self.text.setText(escape(sentence))

    def show_sample(
        self, name: str, spec: LossSpec, found: SampleLoss, class_name: Callable[[int], str] = str
    ) -> None:
        """Show the numbers of an image with this name; ``class_name`` returns the name of a class."""
        head = _("{image}, class {label}").format(image=name, label=class_name(found.label))
        parts = [f"<p>{escape(head)}</p>", _table(list(steps(spec, found)))]
        if found.logits is not None and found.angles is not None:
            parts.append(_classes(found, class_name))
        if spec.geometry is not None and spec.geometry.note and found.target is not None:
            sentence = _("T(θ) is that {condition}.").format(condition=_(spec.geometry.note))
            parts.append(f"<p>{escape(sentence)}</p>")
        if found.reason is not None:
            parts.append(f"<p>{escape(str(found.reason))}</p>")
        self.text.setText("".join(parts))


def steps(spec: LossSpec, found: SampleLoss) -> Iterator[tuple[str, str]]:
    """Yield the steps as pairs (symbol or name, value), both as rich text, with signs for minus."""
    for name, value in _steps(spec, found):
        yield name, value.replace("-", "−")


def _steps(spec: LossSpec, found: SampleLoss) -> Iterator[tuple[str, str]]:
    label = found.label
    if found.angles is not None:
        angle = float(found.angles[label])
        yield (
            "<i>θ<sub>y</sub></i>",
            _("{degrees:.1f}° = {radians:.4f} rad").format(degrees=math.degrees(angle), radians=angle),
        )
    yield "‖<i>x</i>‖", f"{found.norm:.4g}"
    if found.target is not None and found.sample is not None and found.angles is not None:
        geometry = spec.geometry
        written = geometry.written if geometry is not None else None
        left = f"{escape(written(float(found.angles[label]), found.sample))} = " if written else ""
        yield "<i>T</i>(<i>θ<sub>y</sub></i>)", f"{left}{found.target:.4f}"
    if found.logits is not None:
        yield escape(_("logit")), _logit_text(found)
    if found.shares is not None and found.logits is not None:
        yield "<i>p<sub>y</sub></i>", f"{_softmax_text(found)} = {found.shares[label]:.4g}"
    for name, value in found.terms.items():
        yield escape(_(name)), f"{value:.4g}"
    if found.terms:
        yield f"<b>{escape(_('loss'))}</b>", f"<b>{found.total:.4g}</b>"


def _logit_text(found: SampleLoss) -> str:
    assert found.logits is not None
    logit = float(found.logits[found.label])
    if found.target is None:
        return f"{logit:.4g}"
    product = found.factor * found.target
    offset = logit - product
    added = f" {'+' if offset > 0 else '−'} {abs(offset):.4g}" if abs(offset) > 1e-9 else ""
    return f"{found.factor:.4g} · {found.target:.4f}{added} = {logit:.4g}"


def _softmax_text(found: SampleLoss) -> str:
    """Return the fraction of the softmax with the largest of its terms."""
    assert found.logits is not None
    own = f"e<sup>{found.logits[found.label]:.2f}</sup>"
    others = " + ".join(f"e<sup>{found.logits[j]:.2f}</sup>" for j in _rivals(found)[:2])
    dots = " + …" if np.count_nonzero(~np.isinf(found.logits)) > _RIVALS else ""
    return f"{own} / ({own} + {others}{dots})"


def _rivals(found: SampleLoss) -> list[int]:
    """Return the other classes with the largest logits, the largest first; none that is left out."""
    assert found.logits is not None
    order = np.argsort(-found.logits, kind="stable")
    return [int(j) for j in order if j != found.label and not math.isinf(found.logits[j])][:_RIVALS]


def _classes(found: SampleLoss, class_name: Callable[[int], str]) -> str:
    """Return a table of the true class and of its nearest rivals."""
    assert found.logits is not None
    assert found.angles is not None
    rows = [(_("class"), "θ", _("logit"), "p" if found.shares is not None else "")]
    for j in (found.label, *_rivals(found)):
        share = "" if found.shares is None else f"{found.shares[j]:.2%}"
        rows.append(
            (
                class_name(j),
                f"{math.degrees(found.angles[j]):.1f}°",
                f"{found.logits[j]:.2f}".replace("-", "−"),
                share,
            )
        )
    cells = ["".join(_CELL.format(escape(cell)) for cell in row) for row in rows]
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def _table(rows: list[tuple[str, str]]) -> str:
    lines = "".join(f"<tr><td>{name}&nbsp;&nbsp;</td><td>{value}</td></tr>" for name, value in rows)
    return f"<table>{lines}</table>"
