"""DrawView: draw a digit, and see how the network classifies it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from explorer.analysis.frames.history import History
from explorer.analysis.frames.references import ReferenceKind
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.statistics.drawn_digit import NEAREST, DrawnDigit, digit_facts, nearest_images
from explorer.core.data.datasets import Bytes
from explorer.core.protocol.messages import TEST
from explorer.core.texts import N_, _
from explorer.gui.controls.labels import SmallLabel, WrappedLabel, set_role
from explorer.gui.controls.note import Note
from explorer.gui.plots.caption import Caption, step_text
from explorer.gui.plots.style import color
from explorer.gui.session.images import ImageStore
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.theme import Theme, palette
from explorer.gui.views.draw.angle_bars import AngleBars
from explorer.gui.views.draw.buttons import PadButtons
from explorer.gui.views.draw.digit_finder import DigitFinder, fitted
from explorer.gui.views.draw.drawing import in_channels, network_image
from explorer.gui.views.draw.neighbours import NeighbourStrip, nearest_texts
from explorer.gui.views.draw.pad import DrawingPad
from explorer.gui.views.draw.picture_reader import ask_for_picture
from explorer.gui.views.draw.scrolled import Scrolled
from explorer.gui.views.draw.verdict import Verdict
from explorer.gui.views.draw.words import words_for
from explorer.gui.views.view import NoOptions, View

_ALL_ROOM = 100
"""Stretch of widgets that grow before any empty space does."""
_WAITING = N_("Evaluating…")
_HEADINGS: Mapping[ReferenceKind, str] = MappingProxyType(
    {"weights": N_("Angle to each class weight"), "means": N_("Angle to each class mean")}
)


class DrawView(View[NoOptions]):
    """A pad, the network input made of the drawing, its angles to all classes, and its nearest images.

    The view requests the embedding of the drawing, at the size of the data set's images.
    """

    title = N_("Draw")

    def __init__(
        self,
        theme: Theme,
        state: ViewState | None = None,
        images: ImageStore | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, NoOptions(), parent)
        self.state = state or ViewState(self)
        self.images = images or ImageStore(self)
        self.digit: DrawnDigit | None = None
        self._complaint = ""
        self._image: Bytes | None = None
        self._styled = ""
        self._shape_known = self._in_colour = False
        self.finder = DigitFinder(self)
        self.pad = DrawingPad(theme)
        self.verdict = Verdict()
        self.message = WrappedLabel(_(self.pad.words.invitation))
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop)
        set_role(self.message, "role", "muted")
        self.heading = SmallLabel()
        set_role(self.heading, "role", "muted")
        self.bars = AngleBars(theme)
        self.note = Note("warning")
        self.caption = Caption(theme)
        self.neighbours = NeighbourStrip(theme, self.state)
        self.buttons = PadButtons()
        self.framed = (self.pad,)
        self.setAutoFillBackground(True)
        self._arrange()
        self._wire()

    def set_snapshot(self, snapshot: Snapshot | None, history: History) -> None:
        """Show a frame; for another run the embedding of the drawing is requested again."""
        before = self.snapshot.probe if self.snapshot is not None else None
        super().set_snapshot(snapshot, history)
        if snapshot is None or snapshot.probe is not before:
            self._shape_known = False
            self._settle_shape()

    def set_drawn_digit(self, digit: DrawnDigit | None, complaint: str = "") -> None:
        """Show the embedding of the drawing, None until it is known, or a message where that failed."""
        self.digit, self._complaint = digit, complaint
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of another theme."""
        self.pad.set_theme(theme)
        super().set_theme(theme)

    def draw(self) -> None:
        """Show the drawing's network input and embedding, in the colours of the theme."""
        if self._styled != self.theme.look:
            self._styled = self.theme.look
            colors = palette(self.theme)
            colors.setColor(QPalette.ColorRole.Window, color(self.theme.plot))
            self.setPalette(colors)
        if self.snapshot is not None and not self._shape_known:
            self._settle_shape()
        self.pad.set_words(words_for(self.snapshot.probe if self.snapshot is not None else None))
        image, digit = self._image, self.digit
        self.verdict.setVisible(image is not None)
        if image is not None:
            self.verdict.show_image(image, self.theme)
        if image is None or digit is None:
            self._show_nothing(self._message())
            return
        facts = digit_facts(digit)
        self.verdict.show_facts(facts, digit.snapshot.probe.name(facts.prediction))
        self.heading.setText(_(_HEADINGS[facts.kind]))
        self.bars.show_facts(facts, digit.snapshot.probe, self.theme)
        self._show_results(True)
        self._show_neighbours(digit)

    def _arrange(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(3)
        right.addWidget(self.verdict)
        right.addWidget(self.message, _ALL_ROOM)
        right.addWidget(self.heading)
        right.addWidget(self.bars, _ALL_ROOM)
        right.addStretch(1)
        upper = QHBoxLayout()
        upper.setSpacing(12)
        upper.addWidget(self.pad, 1)
        upper.addLayout(right, 1)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(8, 8, 8, 6)
        column.setSpacing(6)
        column.addLayout(upper)
        column.insertWidget(0, self.buttons)  # above what grows with a drawing: they stay in place
        column.addWidget(self.caption)
        column.addWidget(self.neighbours)
        column.addStretch(1)
        self._show_results(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scrolled(content, _("Drawing")), 1)
        whole.addWidget(self.note)

    def _wire(self) -> None:
        self.pad.drawingChanged.connect(self._on_drawing_changed)
        self.pad.pictureRequested.connect(self._on_picture_requested)
        self.finder.finished.connect(self._on_digit_found)
        self.finder.noted.connect(self.note.show_text)
        self.buttons.undo.clicked.connect(self.pad.undo)
        self.buttons.clear.clicked.connect(self.pad.clear)
        self.buttons.open.clicked.connect(self.open_picture)
        self.buttons.paste.clicked.connect(self.pad.paste)
        self.buttons.sample.clicked.connect(self.load_test_image)
        self.neighbours.imagesRequested.connect(self._on_images_requested)
        self.neighbours.hoverRequested.connect(self.hoverRequested)
        self.images.imagesChanged.connect(self._on_images_changed)
        self._show_buttons()

    def _settle_shape(self) -> None:
        """Request the embedding of the drawing once the size of the data set's images is known."""
        snapshot = self.snapshot
        if snapshot is None or not (self.drawable or self._image is not None):
            return
        pixels = self.images.pixels(snapshot)
        self._shape_known = pixels is not None or bool(self.images.complaint)
        if pixels is not None:
            self.pad.set_shape((pixels.shape[1], pixels.shape[2]))
            self._in_colour = pixels.ndim == 4
        if self._shape_known:
            self.embeddingRequested.emit(in_channels(self._image, self._in_colour))
        self._show_buttons()

    def _on_images_changed(self) -> None:
        self._settle_shape()
        self.refresh()

    def _on_drawing_changed(self) -> None:
        self.note.show_text("")
        self._image = network_image(self.pad.drawing, self.pad.shape, self.pad.ink)
        if self._shape_known or self._image is None:
            self.embeddingRequested.emit(in_channels(self._image, self._in_colour))
        self._show_buttons()
        self.refresh()

    def open_picture(self) -> None:
        """Open a file dialog, and put the chosen picture on the pad."""
        if path := ask_for_picture(self):
            self.load_picture(path)

    def load_picture(self, path: Path) -> None:
        """Put the digit in the picture of a file on the pad, or show why that is not possible."""
        self.finder.find_in(path, self.pad.shape)

    def _on_picture_requested(self, mime: QMimeData) -> None:
        self.finder.find_in(mime, self.pad.shape)

    def _on_digit_found(self, image: Bytes, note: str) -> None:
        self.pad.set_base(fitted(image, self.pad.shape))
        self.note.show_text(note)

    def load_test_image(self) -> None:
        """Put the first selected image on the pad; without a selection a random test image, or any image."""
        snapshot = self.snapshot
        if snapshot is not None and (pixels := self.images.pixels(snapshot)) is not None:
            chosen = np.flatnonzero(self.state.selection.mask_of(len(pixels)))[:1]
            tested = np.flatnonzero(snapshot.probe.split == TEST)
            rows = next((rows for rows in (chosen, tested) if len(rows)), np.arange(len(pixels)))
            self.pad.set_base(pixels[random.choice(rows.tolist())])

    def _on_images_requested(self, rows: tuple[int, ...], mode: str) -> None:
        self.selectionRequested.emit(np.array(rows, dtype=np.intp), mode)

    def _message(self) -> str:
        if self._complaint:
            return self._complaint
        if self.snapshot is None:
            return _(self.pad.words.not_ready)
        return _(self.pad.words.invitation) if self._image is None else _(_WAITING)

    def _show_nothing(self, words: str) -> None:
        self.message.setText(words)
        self.verdict.show_facts(None)
        self._show_results(False)

    def _show_results(self, shown: bool) -> None:
        self.message.setVisible(not shown)
        for part in (self.heading, self.bars, self.caption, self.neighbours):
            part.setVisible(shown)

    def _show_neighbours(self, digit: DrawnDigit) -> None:
        nearest = nearest_images(digit, NEAREST)
        self.neighbours.show_nearest(digit, nearest, self.images.pixels(digit.snapshot), self.theme)
        self.caption.show_texts(self.theme, nearest_texts(nearest), (step_text(digit.step),))

    def _show_buttons(self) -> None:
        self.buttons.show_possible(
            undo=self.pad.can_undo,
            clear=not self.pad.drawing.empty,
            sample=self._shape_known and not self.images.complaint,
        )
