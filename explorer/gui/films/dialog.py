"""FilmDialog: what a film shows and how, with a preview; and the progress while it is made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from explorer.core.texts import _, ngettext
from explorer.export.files import ExportError
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.export.target import ask_for_file, with_ending
from explorer.gui.figures.figure import Figure
from explorer.gui.films.choices import FilmChoices
from explorer.gui.films.encoder import FilmOrder
from explorer.gui.films.fields import FILM_KINDS, FilmFields
from explorer.gui.films.film import Film, shots_of
from explorer.gui.films.maker import FilmMaker
from explorer.gui.films.painting import StageBuilder
from explorer.gui.films.preview import FilmPreview
from explorer.gui.session.run_source import RunSource
from explorer.gui.views.registry import ViewSpec

_PREVIEW = QSize(520, 380)
"""Most logical pixels of the preview."""
_DELAY_MS = 250
_STEPS = 1_000
"""Steps of the progress bar."""
_MEGABYTE = 1e6


class FilmDialog(QDialog):
    """Shows a frame of the film that is chosen, and writes it while the window goes on.

    Parameters
    ----------
    parent : QWidget
        Window that it belongs to.
    build : callable
        Returns the stage of a figure of a run.
    source : RunSource
        The run, which has a frame.
    specs : sequence of ViewSpec
        The views to choose from.
    views : sequence of str
        Ids of those to begin with.
    choices : FilmChoices
        How films were written last.
    theme : str
        Name of the theme of the window.

    Signals
    -------
    saved(object)
        The film is written: its `Path`.
    choicesChanged(object)
        A film is made with these `FilmChoices`.
    """

    saved = Signal(object)
    choicesChanged = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        build: StageBuilder,
        source: RunSource,
        specs: Sequence[ViewSpec],
        views: Sequence[str],
        choices: FilmChoices,
        theme: str,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Save film"))
        self._build, self._source, self._theme = build, source, theme
        self._path = Path()
        self.fields = FilmFields(specs, views, choices, source)
        self.maker = FilmMaker(self)
        self._glance = FilmPreview(self)
        self.preview = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.preview.setFixedSize(_PREVIEW)
        self.preview.setAccessibleName(_("Preview"))
        self.facts, self.fault, self.left = WrappedLabel(), WrappedLabel(), QLabel()
        set_role(self.facts, "role", "muted")
        set_role(self.fault, "role", "error")
        set_role(self.left, "role", "muted")
        self.bar = QProgressBar(maximum=_STEPS, textVisible=False)
        self.bar.setAccessibleName(_("Progress"))
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Save | standard.Cancel)
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._lay_out()
        self._show_working(working=False)
        self._connect_signals()
        self.show_preview()

    @property
    def figure(self) -> Figure | None:
        """What each frame is a picture of; None without a view."""
        views = self.fields.chosen_views
        return self.fields.choices.figure(views, self._theme) if views else None

    @property
    def film(self) -> Film:
        """The stretch and how fast it passes; raises ExportUsageError where that is not possible."""
        source = self._source
        return self.fields.choices.film(*self.fields.ends, source.steps, source.elapsed)

    def accept(self) -> None:
        """Ask for the file and make the film; stay open where that fails or is cancelled."""
        name = self.fields.choices.format
        path = ask_for_file(self, _("Save film"), f"loss-explorer.{name}", _(FILM_KINDS[name]), f".{name}")
        if path is not None:
            self.save(path)

    def save(self, path: Path) -> None:
        """Make the film in the chosen format, and close once it is there; show why where that fails."""
        figure = self.figure
        if figure is None:
            return
        choices = self.fields.choices
        self._path = with_ending(path, f".{choices.format}")
        try:
            order = FilmOrder(figure, self.film, self._path, force=True)  # the dialog for the file has asked
        except ExportError as error:
            self.fault.setText(str(error))
            return
        self._timer.stop()
        self._glance.stop()
        self.fault.clear()
        self._show_working(working=True)
        self.choicesChanged.emit(choices)
        self.maker.start(self._build, self._source, order)

    def reject(self) -> None:
        """Cancel the film that is being made, or close."""
        if self.maker.working:
            self.maker.cancel()
            return
        self._stop()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave nothing of a film that is being made."""
        self._stop()
        super().closeEvent(event)

    def show_preview(self) -> None:
        """Show a frame of the film, and how long and how large it is."""
        self._timer.stop()
        self.fault.clear()
        figure = self.figure
        if figure is None:
            self._show_fault(_("Choose at least one view."))
            return
        try:
            film = self.film
            shots = shots_of(film, self._source.steps, self._source.elapsed)
        except ExportError as error:
            self._show_fault(str(error))
            return
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(True)
        width, height = figure.pixels
        frames = ngettext("{count:,} frame of the run", "{count:,} frames of the run", len(shots))
        self.facts.setText(
            _("{frames} · {seconds:.1f} s · {width:,} × {height:,} pixels").format(
                frames=frames.format(count=len(shots)), seconds=film.seconds, width=width, height=height
            )
        )
        self._glance.show(self._build, self._source, figure, film, self.fields.choices.format)

    def _lay_out(self) -> None:
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(self.fields)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumWidth(self.fields.sizeHint().width() + scroll.verticalScrollBar().sizeHint().width())
        right = QVBoxLayout()
        for widget in (self.preview, self.facts, self.fault, self.bar, self.left):
            right.addWidget(widget)
        right.addStretch(1)
        both = QHBoxLayout()
        both.addWidget(scroll)
        both.addSpacing(12)
        both.addLayout(right)
        whole = QVBoxLayout(self)
        whole.addLayout(both)
        whole.addWidget(self.buttons)
        self.resize(self.sizeHint().expandedTo(QSize(0, self.fields.sizeHint().height() + 70)))

    def _connect_signals(self) -> None:
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._timer.timeout.connect(self.show_preview)
        self.fields.choiceChanged.connect(self._timer.start)
        self._glance.painted.connect(self._on_preview_painted)
        self._glance.estimated.connect(self._on_size_estimated)
        self._glance.failed.connect(self._show_fault)
        self.maker.progressed.connect(self._on_progressed)
        self.maker.ended.connect(self._on_ended)
        self.maker.failed.connect(self._on_failed)

    def _show_working(self, *, working: bool) -> None:
        self.fields.setEnabled(not working)
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(not working)
        self.bar.setVisible(working)
        self.left.setVisible(working)
        self.bar.setValue(0)
        self.left.clear()

    def _show_fault(self, sentence: str) -> None:
        """Say why there can be no film."""
        self.fault.setText(sentence)
        self.facts.clear()
        self.preview.clear()
        self._glance.stop()
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(False)

    def _stop(self) -> None:
        self._timer.stop()
        self._glance.stop()
        self.maker.abandon()

    def _on_preview_painted(self, image: QImage) -> None:
        ratio = self.devicePixelRatioF()
        smooth, kept = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.KeepAspectRatio
        image = image.scaled(_PREVIEW * ratio, kept, smooth)
        image.setDevicePixelRatio(ratio)
        self.preview.setPixmap(QPixmap.fromImage(image))

    def _on_size_estimated(self, count: int) -> None:
        text = _("{facts} · about {size:.1f} MB")
        self.facts.setText(text.format(facts=self.facts.text(), size=count / _MEGABYTE))

    def _on_progressed(self, share: float) -> None:
        self.bar.setValue(round(_STEPS * share))
        self.left.setText(self.maker.time_left(share))

    def _on_ended(self, written: bool) -> None:
        self._show_working(working=False)
        if written:
            self.saved.emit(self._path)
            super().accept()
        else:
            self.fault.setText(_("Cancelled: nothing was written."))

    def _on_failed(self, sentence: str) -> None:
        self._show_working(working=False)
        self.fault.setText(sentence)
