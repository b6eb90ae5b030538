"""FilmDialog: what a film shows and how, with a preview; and the progress while it is made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QImage, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from explorer.core.texts import _, ngettext
from explorer.export.files import ExportError, ExportUsageError
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.export.work_dialog import FileKind, WorkDialog
from explorer.gui.figures.choices import NO_VIEW
from explorer.gui.figures.figure import Figure
from explorer.gui.films.choices import FilmChoices
from explorer.gui.films.encoder import FilmOrder
from explorer.gui.films.fields import FILM_KINDS, FilmFields
from explorer.gui.films.film import Film, shots_of
from explorer.gui.films.maker import FilmMaker
from explorer.gui.films.painting import StageBuilder
from explorer.gui.films.preview import FilmPreview, waiting_picture
from explorer.gui.session.run_source import RunSource
from explorer.gui.views.registry import ViewSpec

_PREVIEW = QSize(520, 380)
"""Most logical pixels of the preview."""
_DELAY_MS = 250
_MEGABYTE = 1e6


class FilmDialog(WorkDialog):
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
    """

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
        self.maker = FilmMaker()
        super().__init__(parent, _("Save film"), self.maker, _("Save"))
        self._build, self._source, self._theme = build, source, theme
        self.form = FilmFields(specs, views, choices, source)
        self._glance, self._picture = FilmPreview(self), QImage()
        self.preview = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.preview.setFixedSize(_PREVIEW)
        self.preview.setAccessibleName(_("Preview"))
        self.facts = WrappedLabel()
        set_role(self.facts, "role", "muted")
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._lay_out()
        self._connect_signals()
        self.show_preview()

    @property
    def figure(self) -> Figure | None:
        """What each frame is a picture of; None without a view."""
        views = self.form.chosen_views
        return self.form.choices.figure(views, self._theme) if views else None

    @property
    def film(self) -> Film:
        """The stretch and how fast it passes; raises ExportUsageError where that is not possible."""
        source = self._source
        return self.form.choices.film(*self.form.ends, source.steps, source.elapsed)

    @property
    def file_kind(self) -> FileKind:
        """The film that would be saved now."""
        name = self.form.choices.format
        return FileKind(f"loss-explorer.{name}", _(FILM_KINDS[name]), f".{name}")

    def begin(self, target: Path) -> None:
        """Make the film; raises ExportError where there can be none."""
        figure = self.figure
        if figure is None:
            raise ExportUsageError(NO_VIEW)
        order = FilmOrder(figure, self.film, target, force=True)  # the dialog for the file has asked
        self._stop_preview()
        self.choicesChanged.emit(self.form.choices)
        self.maker.start(self._build, self._source, order)

    def done(self, result: int) -> None:
        """Close; nothing is left of a film that is being made."""
        self._stop_preview()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close at once."""
        self._stop_preview()
        super().closeEvent(event)

    def show_preview(self) -> None:
        """Show a frame of the film, and how long and how large it is."""
        self._timer.stop()
        figure = self.figure
        if figure is None:
            self._show_no_film(_(NO_VIEW))
            return
        try:
            film = self.film
            shots = shots_of(film, self._source.steps, self._source.elapsed)
        except ExportError as error:
            self._show_no_film(str(error))
            return
        self.show_fault("")
        width, height = figure.pixels
        frames = (
            ngettext("{count:,} picture", "{count:,} pictures", len(shots))
            if film.smooth
            else ngettext("{count:,} frame of the run", "{count:,} frames of the run", len(shots))
        )
        self.facts.setText(
            _("{frames} · {seconds:.1f} s · {width:,} × {height:,} pixels").format(
                frames=frames.format(count=len(shots)), seconds=film.seconds, width=width, height=height
            )
        )
        self._show_picture(waiting_picture(self._picture, figure, self.palette(), self.font()))
        self._glance.show(self._build, self._source, figure, film, self.form.choices.format)

    def _lay_out(self) -> None:
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(self.form)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumWidth(self.form.sizeHint().width() + scroll.verticalScrollBar().sizeHint().width())
        around = QVBoxLayout(self.fields)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll)
        right = QVBoxLayout()
        for widget in (self.preview, self.facts, self.status):
            right.addWidget(widget)
        right.addStretch(1)
        for label in (self.facts, self.message):
            label.setMinimumWidth(_PREVIEW.width())  # for which its height is then reckoned
        both = QHBoxLayout()
        both.addWidget(self.fields)
        both.addSpacing(12)
        both.addLayout(right)
        whole = QVBoxLayout(self)
        whole.addLayout(both)
        whole.addWidget(self.buttons)
        self.resize(self.sizeHint().expandedTo(QSize(0, self.form.sizeHint().height() + 70)))

    def _connect_signals(self) -> None:
        self._timer.timeout.connect(self.show_preview)
        self.form.choiceChanged.connect(self._timer.start)
        self._glance.painted.connect(self._on_preview_painted)
        self._glance.estimated.connect(self._on_size_estimated)
        self._glance.failed.connect(self._show_no_film)

    def _show_no_film(self, sentence: str) -> None:
        """Say why there can be no film."""
        self.show_fault(sentence)
        self.facts.clear()
        self.preview.clear()
        self._glance.stop()

    def _stop_preview(self) -> None:
        self._timer.stop()
        self._glance.stop()

    def _on_preview_painted(self, image: QImage) -> None:
        self._picture = image
        self._show_picture(image)

    def _show_picture(self, image: QImage) -> None:
        ratio = self.devicePixelRatioF()
        smooth, kept = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.KeepAspectRatio
        image = image.scaled(_PREVIEW * ratio, kept, smooth)
        image.setDevicePixelRatio(ratio)
        self.preview.setPixmap(QPixmap.fromImage(image))

    def _on_size_estimated(self, count: int) -> None:
        text = _("{facts} · about {size:.1f} MB")
        self.facts.setText(text.format(facts=self.facts.text(), size=count / _MEGABYTE))
