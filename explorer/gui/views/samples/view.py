"""SamplesView: thumbnails of the selected images, or of the hardest ones."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np
from msgspec import Struct
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from explorer.analysis.frames.history import History
from explorer.analysis.frames.selection import Mask, Rows, SelectionMode
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.analysis.quality.stress import Stress, stress_of
from explorer.analysis.statistics.angles import ABSENT
from explorer.analysis.statistics.samples import (
    Measure,
    SampleFacts,
    facts_of,
    hardest,
    image_text,
    measured,
)
from explorer.core.protocol.messages import TEST
from explorer.core.texts import N_, _
from explorer.gui.controls.inputs import ChoiceBox
from explorer.gui.plots.caption import Caption, step_text
from explorer.gui.plots.empty_state import StartHint, empty_state, style_empty_state
from explorer.gui.plots.gallery import Gallery, Tile
from explorer.gui.plots.hover_card import angle_lines
from explorer.gui.session.images import ImageStore
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.theme import Theme
from explorer.gui.views.view import View

MOST = 200
"""Most thumbnails shown at a time."""
SampleKind = Literal["selected", "loss", "angle", "distance"]
_KINDS: Mapping[SampleKind, tuple[str, Measure | None]] = MappingProxyType(
    {
        "selected": (N_("Selected"), None),
        "loss": (N_("Hardest: highest loss"), "loss"),
        "angle": (N_("Hardest: largest angle to true class"), "angle"),
        "distance": (N_("Hardest: farthest from class centre"), "distance"),
    }
)
_WIDE = str.maketrans("123456789", "000000000")
"""No digit is wider than 0, so that captions with other numbers fit as well."""
_EMPTY_SELECTION = N_(
    "Click a point in the feature plot, or Shift-drag around several, to see their images here"
)


class SampleOptions(Struct, frozen=True):
    """Which images are shown: the selected ones, or the hardest by a measure."""

    images: SampleKind = "loss"


class SamplesView(View[SampleOptions]):
    """A gallery of images with true and predicted class; a click selects an image in all views.

    While the pointer is over the gallery, new frames do not reorder the images.
    """

    title = N_("Samples")

    def __init__(
        self,
        theme: Theme,
        state: ViewState | None = None,
        images: ImageStore | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, SampleOptions(), parent)
        self.state = state or ViewState(self)
        self.images = images or ImageStore(self)
        self.kinds = ChoiceBox()
        self.kinds.setAccessibleName(_("Images shown"))
        self.kinds.addItems([_(name) for name, _measure in _KINDS.values()])
        self.kinds.setCurrentIndex(list(_KINDS).index(self.options.images))
        self.message = empty_state("")
        self._hint = StartHint(_("Start training to see images"))
        self._caption = Caption(theme)
        self._rows: Rows = np.zeros(0, dtype=np.intp)
        inner = QWidget()
        self.gallery = Gallery(theme)
        self._pages = QStackedLayout(inner)
        self._pages.addWidget(self.message)
        self._pages.addWidget(self._hint)
        self._pages.addWidget(self.gallery)
        top = QHBoxLayout()
        top.setContentsMargins(8, 4, 8, 4)
        top.addWidget(self.kinds)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._caption)
        column.addWidget(inner, 1)
        self.kinds.activated.connect(self._on_kind_activated)
        self.gallery.imagesRequested.connect(self._on_images_requested)
        self.gallery.hoverRequested.connect(self.hoverRequested)
        self.state.selectionChanged.connect(self.refresh)
        self.state.displayChanged.connect(self._rank_again)
        self.images.imagesChanged.connect(self.refresh)

    @property
    def measure(self) -> Measure | None:
        """What ranks the hardest images; None where the selected images are shown."""
        return _KINDS[self.options.images][1]

    def set_options(self, options: SampleOptions) -> None:
        """Show other images, in a new order."""
        self.kinds.setCurrentIndex(list(_KINDS).index(options.images))
        self._rows = np.zeros(0, dtype=np.intp)
        super().set_options(options)

    def set_snapshot(self, snapshot: Snapshot | None, history: History) -> None:
        """Show this frame; another probe set has other images."""
        if snapshot is None or self.snapshot is None or snapshot.probe is not self.snapshot.probe:
            self._rows = np.zeros(0, dtype=np.intp)
        if snapshot is not None and self.snapshot is None:
            # A view behind others is not drawn until the focus enters it: then Shift+Tab has passed what the
            # drawing brings.
            self._pages.setCurrentWidget(self.gallery)
        super().set_snapshot(snapshot, history)

    def draw(self) -> None:
        """Show the images that options, snapshot and selection give, in the colours of the theme."""
        snapshot = self.snapshot
        if snapshot is None:
            style_empty_state(self._hint, self.theme)
            self._caption.show_texts(self.theme, ("",), ("",))
            self._pages.setCurrentWidget(self._hint)
            return
        if not (self.gallery.underMouse() and self.measure is not None and len(self._rows)):
            self._rows = self._wanted(snapshot)
        left, right = self._captions(snapshot)
        pixels = self.images.pixels(snapshot)
        if not len(self._rows):
            nothing = _(_EMPTY_SELECTION) if self.measure is None else _("No images of the classes shown")
            self._say(nothing, left, right)
        elif pixels is None and self.images.complaint:
            self._say(self.images.complaint, left, right)
        else:
            self._caption.show_texts(self.theme, (left,), (right,))
            self.gallery.show_chosen(self._highlighted(snapshot))
            tiles = tiles_of(snapshot, self._rows, self.measure or "loss")
            self.gallery.make_room({tile.caption.translate(_WIDE) for tile in tiles})
            self.gallery.show_tiles(tiles, pixels, self.theme)
            self._pages.setCurrentWidget(self.gallery)

    def _wanted(self, snapshot: Snapshot) -> Rows:
        if self.measure is None:
            selection = self.state.selection
            if len(selection.mask) != len(snapshot.probe.labels):  # it is of a run that is not shown here yet
                return np.zeros(0, dtype=np.intp)
            return selection.rows[:MOST]
        left_out = self.state.display.left_out(snapshot.probe.num_classes)
        return hardest(snapshot, self.measure, TEST, left_out, MOST)

    def _highlighted(self, snapshot: Snapshot) -> Mask:
        """Return which images are highlighted (n,): the selected ones, where others are shown beside them."""
        chosen = self.state.selection.mask_of(len(snapshot.probe.labels))
        return np.zeros_like(chosen) if self.measure is None else chosen

    def _captions(self, snapshot: Snapshot) -> tuple[str, str]:
        shown, step = len(self._rows), step_text(snapshot.step)
        if self.measure is None:
            count = self.state.selection.count
            pattern = _("{count:,} selected") if count <= MOST else _("{shown:,} of {count:,} selected")
            return pattern.format(shown=shown, count=count), step
        labels = snapshot.probe.labels[snapshot.probe.split == TEST]
        left_out = self.state.display.left_out(snapshot.probe.num_classes)
        count = int(np.count_nonzero(~np.isin(labels, list(left_out))))
        return _("{shown:,} of {count:,} test images").format(shown=shown, count=count), step

    def _say(self, text: str, left: str, right: str) -> None:
        """Show a message in place of the gallery, and both texts of the caption."""
        style_empty_state(self.message, self.theme)
        self.message.setText(text)
        self._caption.show_texts(self.theme, (left,), (right,))
        self._pages.setCurrentWidget(self.message)

    def _on_kind_activated(self, index: int) -> None:
        self.optionsRequested.emit(SampleOptions(list(_KINDS)[index]))

    def _rank_again(self) -> None:
        """Rank the images again, even while the pointer is over the gallery."""
        self._rows = np.zeros(0, dtype=np.intp)
        self.refresh()

    def _on_images_requested(self, rows: tuple[int, ...], mode: SelectionMode) -> None:
        """Select an image; among the selected ones a plain click does not drop the others."""
        if self.measure is not None or mode == "remove":
            self.selectionRequested.emit(np.array(rows, dtype=np.intp), mode)


def tiles_of(snapshot: Snapshot, rows: Rows, measure: Measure) -> list[Tile]:
    """Return the tiles of images; their tooltips give the value of ``measure``, and the angles behind it."""
    facts, probe, stress = facts_of(snapshot), snapshot.probe, stress_of(snapshot)
    values, short = measured(snapshot, measure), probe.short_names()
    tiles = []
    for row in rows.tolist():
        label, prediction = int(probe.labels[row]), int(facts.prediction[row])
        unseen = label in probe.unseen
        pattern = (
            _("{image}: class {label}, left out of training, classified as {prediction} ({measured})")
            if unseen
            else _("{image}: class {label}, classified as {prediction} ({measured})")
        )
        words = pattern.format(
            image=image_text(probe, row),
            label=probe.name(label),
            prediction=probe.name(prediction),
            measured=_measured_text(measure, float(values[row])),
        )
        wrong = label != prediction and not unseen
        caption = f"{short[label]} → {'–' if prediction == ABSENT else short[prediction]}"
        if stress is not None:
            done = _stress_texts(stress, probe, row)
            words = "\n".join([words, *done])
            caption = "\n".join([caption, ", ".join(done)])
        words = "\n".join([words, *_angle_texts(facts, probe, row)])
        tiles.append(Tile((row,), caption, words, wrong, (label,)))
    return tiles


def _angle_texts(facts: SampleFacts, probe: ProbeSet, row: int) -> list[str]:
    """Return why an image is hard: how far it is from its class, and how near to another one."""
    own, other = float(facts.own_angle[row]), float(facts.other_angle[row])
    return list(map(" ".join, angle_lines(own, other, int(facts.other_class[row]), probe)))


def _stress_texts(stress: Stress, probe: ProbeSet, row: int) -> list[str]:
    """Return what was done to an image and its label."""
    label = [_("label {label}").format(label=probe.name(int(stress.given[row])))] if stress.wrong[row] else []
    damage = stress.damage_text(row)
    return [*label, *([damage] if damage else [])]


def _measured_text(measure: Measure, value: float) -> str:
    if math.isnan(value):
        return "–"
    if measure == "angle":
        return _("angle to true class {angle:.1f}°").format(angle=math.degrees(value))
    if measure == "loss":
        return _("cross-entropy {loss:.3g}").format(loss=value)
    return _("distance to class centre {distance:.3g}").format(distance=value)
