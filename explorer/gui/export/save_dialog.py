"""SavePictureDialog: which picture, in which format, how large, and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout, QWidget

from explorer.core.texts import _
from explorer.export.files import check_files
from explorer.gui.controls.fields import SpinBox
from explorer.gui.export.images import MOST_PIXELS, picture_encoder, too_many_pixels
from explorer.gui.export.work import PictureWriting
from explorer.gui.export.work_dialog import FileKind, WorkDialog
from explorer.gui.figures.choices import FORMAT_WORDS, MOST_PICTURE_SCALE, PictureChoices, choice_box
from explorer.gui.figures.figure import FIGURE_FORMATS

_MESSAGE_WIDTH = 300
_LEAST_WIDTH = 340
"""In which the bar of the system has room for the title."""


class SavePictureDialog(WorkDialog):
    """Saves the picture of a view or of the window.

    Parameters
    ----------
    parent : QWidget
        Window that it belongs to.
    widgets : sequence of QWidget
        What can be saved; their accessible names, or window titles, are shown.
    chosen : QWidget
        The one to begin with.
    settings : callable
        Returns the settings that the picture carries, as a text; empty for none.
    choices : PictureChoices
        How pictures were written last.
    """

    def __init__(
        self,
        parent: QWidget | None,
        widgets: Sequence[QWidget],
        chosen: QWidget,
        settings: Callable[[], str] = str,
        choices: PictureChoices = PictureChoices(),  # noqa: B008  # frozen
    ) -> None:
        self.writing = PictureWriting()
        super().__init__(parent, _("Save as image"), self.writing, _("Save"))
        self.setMinimumWidth(_LEAST_WIDTH)
        self._widgets, self._settings = list(widgets), settings
        self.what = choice_box(
            _("Image of"), [("", widget.accessibleName() or _("Whole window")) for widget in widgets]
        )
        self.what.setCurrentIndex(self._widgets.index(chosen))
        self.format = choice_box(_("Format"), [(name, _(FORMAT_WORDS[name])) for name in FIGURE_FORMATS])
        self.format.setCurrentIndex(max(0, self.format.findData(choices.format)))
        self.scale = SpinBox(minimum=1, maximum=MOST_PICTURE_SCALE, value=choices.scale, suffix="×")
        self.scale.setAccessibleName(_("Scale"))
        self.size_label = QLabel()
        form = QFormLayout(self.fields)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(_("Image of"), self.what)
        form.addRow(_("Format"), self.format)
        form.addRow(_("Scale"), self.scale)
        form.addRow(_("Size"), self.size_label)
        self.message.setMinimumWidth(_MESSAGE_WIDTH)  # for which its height is then reckoned
        column = QVBoxLayout(self)
        for part in (self.fields, self.status, self.buttons):
            column.addWidget(part)
        self.what.currentIndexChanged.connect(self._show_size)
        self.format.currentIndexChanged.connect(self._show_size)
        self.scale.valueChanged.connect(self._show_size)
        self._show_size()

    @property
    def choices(self) -> PictureChoices:
        """What is chosen now."""
        return PictureChoices(self.format.currentData(), self.scale.value())

    @property
    def file_kind(self) -> FileKind:
        """The picture that would be saved now."""
        name = self.choices.format
        return FileKind(f"loss-explorer.{name}", _(FORMAT_WORDS[name]), f".{name}")

    def begin(self, target: Path) -> None:
        """Paint the picture, and write it in the background; raises ExportError."""
        choices = self.choices
        check_files([target], force=True)
        encoder = picture_encoder(self._widget, choices.format, choices.scale, self._settings())
        self.choicesChanged.emit(choices)
        self.writing.start(encoder, target)

    @property
    def _widget(self) -> QWidget:
        return self._widgets[self.what.currentIndex()]

    def _show_size(self) -> None:
        """Say how many pixels an image has; text and lines of other pictures have none."""
        size, image = self._widget.size() * self.scale.value(), self.choices.format == "png"
        too_large = image and size.width() * size.height() > MOST_PIXELS
        if image:
            words = _("{width:,} × {height:,} pixels").format(width=size.width(), height=size.height())
        else:
            words = _("text and lines as vectors, images at {scale}×").format(scale=self.scale.value())
        self.size_label.setText(words)
        self.show_fault(str(too_many_pixels(size.width(), size.height())) if too_large else "")
