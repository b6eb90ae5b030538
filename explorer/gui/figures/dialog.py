"""FigureDialog: which views a figure shows, how large and in which format, with a preview."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from explorer.core.texts import _
from explorer.export.files import ExportUsageError, check_files
from explorer.gui.controls.fields import SpinBox
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.export.work import PictureWriting
from explorer.gui.export.work_dialog import FileKind, WorkDialog
from explorer.gui.figures.choices import (
    CUSTOM,
    FORMAT_WORDS,
    NO_VIEW,
    POINT_WORDS,
    SIZES,
    THEME_WORDS,
    FigureChoices,
    checked_views,
    choice_box,
    facts_text,
    number_box,
    of_size,
    size_fault,
    view_list,
)
from explorer.gui.figures.figure import (
    FIGURE_FORMATS,
    FIGURE_POINTS,
    FIGURE_THEMES,
    MOST_VECTOR_POINTS,
    Figure,
)
from explorer.gui.figures.pictures import figure_encoder, image_of
from explorer.gui.figures.stage import FigureStage
from explorer.gui.views.registry import ViewSpec

_PREVIEW = QSize(460, 380)
"""Most logical pixels of the preview."""
_FINER = 2
"""How many times finer the preview is painted than it is shown, as thin lines would vanish."""
_DELAY_MS = 150


class FigureDialog(WorkDialog):
    """Shows a figure as it will be written, and writes it.

    Parameters
    ----------
    parent : QWidget
        Window that it belongs to.
    build : callable
        Returns the stage of a figure.
    specs : sequence of ViewSpec
        The views to choose from.
    views : sequence of str
        Ids of those to begin with.
    choices : FigureChoices
        How figures were written last.
    theme : str
        Name of the theme of the window.
    """

    def __init__(
        self,
        parent: QWidget,
        build: Callable[[Figure], FigureStage],
        specs: Sequence[ViewSpec],
        views: Sequence[str],
        choices: FigureChoices,
        theme: str,
    ) -> None:
        self.writing = PictureWriting()
        super().__init__(parent, _("Save figure"), self.writing, _("Save"))
        self.choices = choices
        self._build, self._theme, self._showing = build, theme, False
        self.views = view_list(specs, views)
        self.format = choice_box(_("Format"), [(name, _(FORMAT_WORDS[name])) for name in FIGURE_FORMATS])
        sizes = [*((key, _(name)) for key, (name, *_rest) in SIZES.items()), (CUSTOM, _("Other size"))]
        self.size_box = choice_box(_("Size"), sizes)
        self.width_field = number_box(_("Width"), 20, 500, _(" mm"))
        self.height_field = number_box(_("Height"), 20, 500, _(" mm"))
        self.type_field = number_box(_("Text size"), 4, 40, _(" pt"))
        self.dpi = SpinBox(minimum=72, maximum=1_200, singleStep=50, suffix=_(" pixels per inch"))
        self.dpi.setAccessibleName(_("Resolution"))
        points = [(name, _(POINT_WORDS[name]).format(count=MOST_VECTOR_POINTS)) for name in FIGURE_POINTS]
        self.points = choice_box(_("Points"), points)
        self.theme = choice_box(_("Theme"), [(name, _(THEME_WORDS[name])) for name in ("", *FIGURE_THEMES)])
        self.transparent = QCheckBox(_("Transparent background"))
        self.caption = QCheckBox(_("Loss, settings and accuracy above"))
        self.letters = QCheckBox(_("Letters a, b, c for several views"))
        self.preview = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.preview.setFixedSize(_PREVIEW)
        self.preview.setAccessibleName(_("Preview"))
        self.facts = WrappedLabel()
        set_role(self.facts, "role", "muted")
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._timer.timeout.connect(self.show_preview)
        self._lay_out()
        self._show_choices()
        self._connect_signals()
        self.show_preview()

    @property
    def figure(self) -> Figure | None:
        """What is chosen now; None without a view."""
        views = checked_views(self.views)
        type_pixels = self.fontInfo().pixelSize()
        return self.choices.figure(views, self._theme, type_pixels) if views else None

    @property
    def file_kind(self) -> FileKind:
        """The file that would be saved now."""
        name = self.choices.format
        return FileKind(f"loss-explorer.{name}", _(FORMAT_WORDS[name]), f".{name}")

    def begin(self, target: Path) -> None:
        """Paint the figure, and write it in the background; raises ExportError."""
        figure = self.figure
        if figure is None:
            raise ExportUsageError(NO_VIEW)
        check_files([target], force=True)
        self._timer.stop()
        stage = self._build(figure)
        try:
            encoder = figure_encoder(stage, self.choices.format)
        finally:
            stage.end()
        if not isValid(self):  # closed and gone while images were read
            return
        self.choicesChanged.emit(self.choices)
        self.writing.start(encoder, target)

    def show_preview(self) -> None:
        """Draw the figure, as large as there is room."""
        self._timer.stop()
        figure = self.figure
        self.show_fault(_(NO_VIEW) if figure is None else size_fault(self.choices, figure))
        if figure is None:
            self.preview.clear()
            self.facts.clear()
            return
        ratio = self.devicePixelRatioF()
        scale = ratio * min(_PREVIEW.width() / figure.width, _PREVIEW.height() / figure.height)
        stage = self._build(replace(figure, scale=_FINER * scale))
        image = image_of(stage)
        stage.end()
        if not isValid(self):  # closed and gone while images were read
            return
        smooth = Qt.TransformationMode.SmoothTransformation
        image = image.scaledToWidth(round(scale * figure.width), smooth)
        image.setDevicePixelRatio(ratio)
        self.preview.setPixmap(QPixmap.fromImage(image))
        self.facts.setText(facts_text(self.choices, figure))

    def _lay_out(self) -> None:
        form = QFormLayout(self.fields)
        form.setContentsMargins(0, 0, 0, 0)
        sizes = self.size_box, self.width_field, self.height_field, self.type_field, self.dpi
        for field in (self.views, self.format, *sizes, self.points, self.theme):
            form.addRow(field.accessibleName(), field)
        for box in (self.transparent, self.caption, self.letters):
            form.addRow("", box)
        right = QVBoxLayout()
        right.addWidget(self.preview)
        right.addWidget(self.facts)
        right.addWidget(self.status)
        right.addStretch(1)
        for label in (self.facts, self.message):
            label.setMinimumWidth(_PREVIEW.width())  # for which its height is then reckoned
        left = QVBoxLayout()
        left.addWidget(self.fields)
        left.addStretch(1)
        both = QHBoxLayout()
        both.addLayout(left)
        both.addSpacing(12)
        both.addLayout(right)
        whole = QVBoxLayout(self)
        whole.addLayout(both)
        whole.addWidget(self.buttons)

    def _connect_signals(self) -> None:
        self.views.itemChanged.connect(self._on_view_changed)
        for box in (self.format, self.points, self.theme):
            box.activated.connect(self._on_field_changed)
        for field in (self.width_field, self.height_field, self.type_field, self.dpi):
            field.valueChanged.connect(self._on_field_changed)
        for check in (self.transparent, self.caption, self.letters):
            check.clicked.connect(self._on_field_changed)
        self.size_box.activated.connect(self._on_size_activated)

    def _show_choices(self) -> None:
        """Show the choices; fields that take them over say nothing of it meanwhile."""
        choices, self._showing = self.choices, True
        for box, key in (
            (self.format, choices.format),
            (self.size_box, choices.size),
            (self.points, choices.points),
            (self.theme, choices.theme),
        ):
            box.setCurrentIndex(max(0, box.findData(key)))
        self.width_field.setValue(choices.width)
        self.height_field.setValue(choices.height)
        self.type_field.setValue(choices.type_points)
        self.dpi.setValue(choices.dpi)
        self.transparent.setChecked(choices.transparent)
        self.points.setEnabled(choices.format != "png")
        self.transparent.setEnabled(choices.format == "png")
        self.caption.setChecked(choices.caption)
        self.letters.setChecked(choices.letters)
        self._showing = False

    def _on_view_changed(self) -> None:
        self._timer.start()

    def _on_size_activated(self) -> None:
        self.choices = of_size(self.choices, self.size_box.currentData())
        self._show_choices()
        self._timer.start()

    def _on_field_changed(self) -> None:
        """Take what the fields show; another width or height is a size of its own."""
        if self._showing:
            return
        width, height = self.width_field.value(), self.height_field.value()
        same = (width, height) == (self.choices.width, self.choices.height)
        self.choices = FigureChoices(
            format=self.format.currentData(),
            size=self.choices.size if same else CUSTOM,
            width=width,
            height=height,
            type_points=self.type_field.value(),
            dpi=self.dpi.value(),
            points=self.points.currentData(),
            theme=self.theme.currentData(),
            transparent=self.transparent.isChecked(),
            caption=self.caption.isChecked(),
            letters=self.letters.isChecked(),
        )
        self._show_choices()
        self._timer.start()
