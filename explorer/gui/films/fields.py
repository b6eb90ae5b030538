"""FilmFields: what a film shows, how large and how fast."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QWidget

from explorer.core.texts import N_, _
from explorer.gui.controls.fields import SpinBox
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.figures.choices import (
    CUSTOM,
    THEME_WORDS,
    checked_views,
    choice_box,
    number_box,
    view_list,
)
from explorer.gui.films.choices import (
    FILM_SIZES,
    LEAST_SIDE,
    LEAST_TYPE,
    MOST_SIDE,
    MOST_TYPE,
    FilmChoices,
    of_film_size,
)
from explorer.gui.films.film import LEAST_FPS, MOST_FPS, MOST_SECONDS, VIDEO_HINT, available_formats
from explorer.gui.session.run_source import RunSource
from explorer.gui.views.registry import ViewSpec

FILM_KINDS = {
    "gif": N_("GIF, plays everywhere (*.gif)"),
    "webp": N_("WebP, every pixel exact (*.webp)"),
    "mp4": N_("MP4 video (*.mp4)"),
}
SMOOTH_HINT = N_(
    "Between frames, points and class weights move in straight lines, and the caption names both steps. "
    "Accuracy and curves are those of the frame before."
)
_NOTE = 240
"""Width of a note in pixels, for which its height is reckoned."""
_WHOLE, _OTHER = "whole", "other"


class FilmFields(QWidget):
    """The fields of the film dialog.

    Parameters
    ----------
    specs : sequence of ViewSpec
        The views to choose from.
    views : sequence of str
        Ids of those to begin with.
    choices : FilmChoices
        How films were written last.
    source : RunSource
        The run, which has a frame.

    Signals
    -------
    choiceChanged()
        Something else is chosen.

    Attributes
    ----------
    choices : FilmChoices
        What is chosen, beside the views and the stretch.
    """

    choiceChanged = Signal()

    def __init__(
        self, specs: Sequence[ViewSpec], views: Sequence[str], choices: FilmChoices, source: RunSource
    ) -> None:
        super().__init__()
        formats = available_formats()
        self.choices = choices if choices.format in formats else replace(choices, format=formats[0])
        self._showing = False
        self.views = view_list(specs, views)
        self.format = choice_box(_("Format"), [(name, _(FILM_KINDS[name])) for name in formats])
        sizes = [*((key, _(name)) for key, (name, *_rest) in FILM_SIZES.items()), (CUSTOM, _("Other size"))]
        self.size_box = choice_box(_("Size"), sizes)
        self.width_field = _pixels(_("Width"))
        self.height_field = _pixels(_("Height"))
        self.type_field = SpinBox(minimum=LEAST_TYPE, maximum=MOST_TYPE, singleStep=25, suffix="%")
        self.type_field.setAccessibleName(_("Text size"))
        self.stretch = choice_box(_("Part of the run"), _stretches(source))
        steps = source.steps
        self.first_field = _step(_("From step"), steps[0], steps[-1], steps[0])
        self.last_field = _step(_("To step"), steps[0], steps[-1], steps[-1])
        paces = [("steps", _("Even in steps")), ("seconds", _("Even in seconds of training"))]
        self.pace = choice_box(_("Pace"), paces)
        lengths = [("duration", _("Seconds")), ("speed", _("Speed"))]
        self.length = choice_box(_("Duration"), lengths)
        self.seconds_field = number_box(_("Seconds"), 0.1, MOST_SECONDS, " s")
        self.speed_field = number_box(_("Speed"), 0.1, 100_000, "")
        self.fps_field = SpinBox(minimum=LEAST_FPS, maximum=MOST_FPS, suffix=" " + _("frames per second"))
        self.fps_field.setAccessibleName(_("Frames per second"))
        self.theme = choice_box(_("Theme"), [(key, _(name)) for key, name in THEME_WORDS.items()])
        self.loop = QCheckBox(_("Loop"))
        self.smooth = QCheckBox(_("Smooth motion"))
        self.caption = QCheckBox(_("Loss, settings and accuracy above"))
        self.letters = QCheckBox(_("Letters a, b, c for several views"))
        self.hint = WrappedLabel("" if "mp4" in formats else _(VIDEO_HINT))
        self.hint.setVisible("mp4" not in formats)
        self.smooth_note = WrappedLabel(_(SMOOTH_HINT))
        for note in (self.hint, self.smooth_note):
            set_role(note, "role", "muted")
            note.setMinimumWidth(_NOTE)
        self._lay_out()
        self._show_choices()
        self._connect_signals()

    @property
    def chosen_views(self) -> tuple[str, ...]:
        """Ids of the views that are chosen."""
        return checked_views(self.views)

    @property
    def ends(self) -> tuple[int, int]:
        """The steps at which the film begins and ends."""
        return self.first_field.value(), self.last_field.value()

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(_("Views"), self.views)
        form.addRow(_("Format"), self.format)
        form.addRow("", self.hint)
        form.addRow(_("Size"), self.size_box)
        form.addRow("", _side_by_side(self.width_field, self.height_field))
        form.addRow(_("Text size"), self.type_field)
        form.addRow(_("Part of the run"), self.stretch)
        form.addRow("", _side_by_side(self.first_field, self.last_field))
        form.addRow(_("Pace"), self.pace)
        form.addRow(_("Duration"), _side_by_side(self.length, self.seconds_field, self.speed_field))
        form.addRow(_("Rate"), self.fps_field)
        form.addRow(_("Theme"), self.theme)
        for box in (self.loop, self.smooth):
            form.addRow("", box)
        form.addRow("", self.smooth_note)
        for box in (self.caption, self.letters):
            form.addRow("", box)

    def _connect_signals(self) -> None:
        self.views.itemChanged.connect(self.choiceChanged)
        self.size_box.activated.connect(self._on_size_activated)
        self.stretch.activated.connect(self._on_stretch_activated)
        for end in (self.first_field, self.last_field):
            end.valueChanged.connect(self._on_end_changed)
        for box in (self.format, self.pace, self.length, self.theme):
            box.activated.connect(self._on_field_changed)
        for whole in (self.width_field, self.height_field, self.type_field, self.fps_field):
            whole.valueChanged.connect(self._on_field_changed)
        for number in (self.seconds_field, self.speed_field):
            number.valueChanged.connect(self._on_field_changed)
        for check in (self.loop, self.smooth, self.caption, self.letters):
            check.clicked.connect(self._on_field_changed)

    def _show_choices(self) -> None:
        """Show the choices; fields that take them over say nothing of it meanwhile."""
        choices, self._showing = self.choices, True
        for box, key in (
            (self.format, choices.format),
            (self.size_box, choices.size),
            (self.pace, choices.pace),
            (self.length, choices.length),
            (self.theme, choices.theme),
        ):
            box.setCurrentIndex(max(0, box.findData(key)))
        self.width_field.setValue(choices.width)
        self.height_field.setValue(choices.height)
        self.type_field.setValue(choices.type_percent)
        self.seconds_field.setValue(choices.seconds)
        self.seconds_field.setVisible(choices.length == "duration")
        steps = choices.pace == "steps"
        unit = _("steps per second") if steps else _("× the speed of training")
        self.speed_field.setSuffix(f" {unit}")
        self.speed_field.setValue(choices.speed)
        self.speed_field.setVisible(choices.length == "speed")
        self.fps_field.setValue(choices.fps)
        self.loop.setChecked(choices.loop)
        self.loop.setEnabled(choices.format != "mp4")
        self.smooth.setChecked(choices.smooth)
        self.smooth_note.setVisible(choices.smooth)
        self.caption.setChecked(choices.caption)
        self.letters.setChecked(choices.letters)
        self._showing = False

    def _on_size_activated(self) -> None:
        self.choices = of_film_size(self.choices, self.size_box.currentData())
        self._show_choices()
        self.choiceChanged.emit()

    def _on_stretch_activated(self) -> None:
        """Show the ends of the stretch that is chosen."""
        ends = self.stretch.currentData()
        if ends == _OTHER:
            return
        self._showing = True
        first, last = (
            (self.first_field.minimum(), self.last_field.maximum()) if ends == _WHOLE else ends.split("-")
        )
        self.first_field.setValue(int(first))
        self.last_field.setValue(int(last))
        self._showing = False
        self.choiceChanged.emit()

    def _on_end_changed(self) -> None:
        if not self._showing:
            self.stretch.setCurrentIndex(self.stretch.findData(_OTHER))
            self.choiceChanged.emit()

    def _on_field_changed(self) -> None:
        """Take what the fields show; another width or height is a size of its own."""
        if self._showing:
            return
        before = self.choices
        width, height = self.width_field.value(), self.height_field.value()
        same = (width, height) == (before.width, before.height)
        speed = "steps_speed" if before.pace == "steps" else "seconds_speed"
        self.choices = replace(
            before,
            format=self.format.currentData(),
            size=before.size if same else CUSTOM,
            width=width,
            height=height,
            type_percent=self.type_field.value(),
            pace=self.pace.currentData(),
            length=self.length.currentData(),
            seconds=self.seconds_field.value(),
            fps=self.fps_field.value(),
            loop=self.loop.isChecked(),
            smooth=self.smooth.isChecked(),
            theme=self.theme.currentData(),
            caption=self.caption.isChecked(),
            letters=self.letters.isChecked(),
            **{speed: self.speed_field.value()},
        )
        self._show_choices()
        self.choiceChanged.emit()


def _stretches(source: RunSource) -> list[tuple[str, str]]:
    """Return keys and names of the whole run, of its parts between changes of settings, and of any other."""
    steps = source.steps
    marks = sorted({round(mark.step) for mark in source.history.marks if steps[0] < mark.step < steps[-1]})
    parts = list(pairwise([steps[0], *marks, steps[-1]])) if marks else []
    between = _("Steps {first:,} to {last:,}, between changes of settings")
    return [
        (_WHOLE, _("Whole run")),
        *((f"{first}-{last}", between.format(first=first, last=last)) for first, last in parts),
        (_OTHER, _("Other steps")),
    ]


def _pixels(name: str) -> SpinBox:
    field = SpinBox(minimum=LEAST_SIDE, maximum=MOST_SIDE, suffix=" " + _("pixels"))
    field.setAccessibleName(name)
    return field


def _step(name: str, least: int, most: int, value: int) -> SpinBox:
    field = SpinBox(minimum=least, maximum=most, value=value, prefix=f"{name} ")
    field.setAccessibleName(name)
    return field


def _side_by_side(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    return row
