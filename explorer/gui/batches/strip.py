"""BatchStrip: the beats of one batch below the features, with buttons that go on and back."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from explorer.analysis.statistics.samples import image_text
from explorer.core.texts import _, capitalised
from explorer.gui.batches.bars import ScoreBars
from explorer.gui.batches.state import BatchState, Beat
from explorer.gui.batches.wording import html, next_words, title
from explorer.gui.central_area import ReflowRow, row_of, strip_button
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.session.images import as_image
from explorer.gui.theme.theme import Theme
from explorer.gui.theme.tooltips import wrapped

_PICTURE = QSize(56, 56)
_LINES = 6
"""Lines that any beat may need."""


class BatchStrip(QFrame):
    """Shows a `BatchState`, and asks for the next beat.

    Signals
    -------
    nextRequested(), backRequested(), leaveRequested()
        The next beat, the one before, or none should be shown.
    imageRequested(int)
        The next image (1) or the previous one (−1) should be in focus.
    """

    nextRequested = Signal()
    backRequested = Signal()
    leaveRequested = Signal()
    imageRequested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card", "true")
        self.setAccessibleName(_("One batch"))
        self.title = QLabel()
        set_role(self.title, "role", "title")
        self.image = QLabel()
        self.picture = QLabel()
        self.picture.setFixedSize(_PICTURE)
        self.text = WrappedLabel()
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.text.setMinimumHeight(_LINES * self.text.fontMetrics().lineSpacing())  # or the plot would jump
        self.bars = ScoreBars(theme)
        self.previous = QPushButton("◀")
        self.following = QPushButton("▶")
        for button, words, way in (
            (self.previous, _("Previous image of the batch"), -1),
            (self.following, _("Next image of the batch"), 1),
        ):
            button.setAccessibleName(words)
            button.setToolTip(wrapped(words))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, way=way: self.imageRequested.emit(way))
        self.back = strip_button(_("Back"), self.backRequested)
        self.forth = strip_button(_("Next"), self.nextRequested)
        set_role(self.forth, "role", "primary")
        self.leave = strip_button(_("Leave"), self.leaveRequested)
        chooser = row_of(self.title, self.previous, self.image, self.following)
        head = ReflowRow(chooser, row_of(self.back, self.forth, self.leave))
        told = QWidget()
        told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        beside = QHBoxLayout(told)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(10)
        beside.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        beside.addWidget(self.text, 1)
        body = ReflowRow(told, self.bars)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.setSpacing(4)
        column.addWidget(head)
        column.addWidget(body)
        self.hide()

    def show_state(self, state: BatchState, theme: Theme) -> None:
        """Show a beat of a batch."""
        before, row = state.before, state.row
        self.title.setText(title(state))
        self.text.setText(html(state))
        self.forth.setText(next_words(state))
        self.back.setEnabled(Beat.FEATURES < state.beat < Beat.STEP)
        ready = before is not None and (state.beat is not Beat.STEP or state.after is not None)
        for button in (self.forth, self.previous, self.following):
            button.setEnabled(ready)
        self.bars.setVisible(before is not None and state.beat is Beat.SCORES)
        self.picture.setVisible(before is not None)
        self.image.setText("")
        if before is not None:
            probe = before.snapshot.probe
            label = int(probe.labels[row])
            words = _("{image}, class {label}").format(image=image_text(probe, row), label=probe.name(label))
            self.image.setText(capitalised(words))
            pixels = QPixmap.fromImage(as_image(before.images[row]))
            self.picture.setPixmap(pixels.scaled(_PICTURE, Qt.AspectRatioMode.KeepAspectRatio))
            self.picture.setAccessibleName(words)
            self.bars.show_scores(*before.scores(row), label, probe, theme)
        self.show()
