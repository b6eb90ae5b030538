"""TwoClassesView: the samples of two classes, with the boundary and the margin between them."""

from __future__ import annotations

import math

import msgspec
import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from explorer.core.class_pairs import Choice, PairSamples, find_pair, pair_samples
from explorer.core.coloring import class_table
from explorer.core.snapshot import TEST, TRAIN, Snapshot
from explorer.core.splatter import EMPTY
from explorer.core.two_class import Boundaries, Contenders, Plane, boundaries, reachable_edge
from explorer.gui.controls.inputs import ChoiceBox
from explorer.gui.theme import Theme
from explorer.gui.views.caption import Caption
from explorer.gui.views.legend import palette_of
from explorer.gui.views.menu_button import MenuButton
from explorer.gui.views.plot_style import SMALL_TYPE, color, invitation, scaled_font, style_invitation
from explorer.gui.views.two_class_plot import PairContent, TwoClassPlot
from explorer.gui.views.view import View

_CHOICES: tuple[tuple[Choice, str], ...] = (
    ("closest", "Closest pair"),
    ("confused", "Most confused pair"),
    ("chosen", "Chosen above"),
)
_PLANES: tuple[tuple[Plane, str], ...] = (
    ("angles", "Angles"),
    ("cosines", "Cosines"),
    ("logits", "Scores of the classifier"),
)
_SPLITS = ((str(TEST), "Test images"), (str(TRAIN), "Training images"))
_POINTERS: dict[Choice, tuple[str, ...]] = {
    "closest": ("closest pair", "closest"),
    "confused": ("most confused pair", "most confused"),
    "chosen": ("",),
}


class TwoClassesOptions(Struct, frozen=True):
    """What is shown; ``first`` and ``second`` are the pair if chosen, ``point_size`` is in pixels."""

    choice: Choice = "closest"
    first: int = 0
    second: int = 1
    plane: Plane = "angles"
    split: int = TEST
    point_size: float = 2.0


class TwoClassesView(View):
    """The figure of the ArcFace paper with live data: class i against class j, boundaries and margins.

    The margin, hatched, lies between the test boundary and the training boundary of each class: a sample
    there is right at test time, and still counts as wrong in training.
    """

    title = "Two classes"
    hovered = Signal(int)
    """Row of the snapshot under the pointer, -1 for none."""
    optionsChanged = Signal(object)
    """The person has chosen other options; they are shown already."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.options = TwoClassesOptions()
        self.pair = (0, 1)
        self.plot = TwoClassPlot(theme)
        self.boxes = (ChoiceBox(), ChoiceBox())
        self.menu = MenuButton("Pair, axes and images of the two classes")
        self.note = QLabel()
        self._head = QWidget()
        self._styled = ""
        self._samples: PairSamples | None = None
        self._bounds: tuple[Contenders, Boundaries] | None = None
        self._filled: tuple[str, int] = ("", 0)
        self._found = False
        self._caption = Caption(theme)
        self._invitation = invitation("Two classes are set against each other here when training starts")
        self._ticks = {
            **self.menu.add_choices("Pair", "choice", _CHOICES),
            **self.menu.add_choices("Axes", "plane", _PLANES),
            **self.menu.add_choices("Images", "split", _SPLITS),
        }
        self._build()
        self.boxes[0].activated.connect(self._on_first_activated)
        self.boxes[1].activated.connect(self._on_second_activated)
        self.menu.chosen.connect(self._on_menu_chosen)
        self.plot.hovered.connect(self._on_plot_hovered)

    def set_options(self, options: TwoClassesOptions) -> None:
        """Show other things."""
        if options.choice != self.options.choice or options.split != self.options.split:
            self._found = False
        self.options = options
        self.refresh()

    def reset_view(self) -> None:
        """Show nearly all the data again."""
        self.plot.reset_view()

    def draw(self) -> None:
        """Bring the plot in line with snapshot, theme and options."""
        snapshot, theme, options = self.snapshot, self.theme, self.options
        usable = snapshot is not None and _comparable(snapshot)
        self._pages.setCurrentIndex(1 if usable else 0)
        if snapshot is None or not usable:
            style_invitation(self._invitation, theme)
            return
        self._style(theme)
        self.pair = self._find_pair(snapshot)
        samples = pair_samples(snapshot, options.split, self.pair, options.plane)
        self._samples = samples
        if self._bounds is None or self._bounds[0] != samples.contenders:
            self._bounds = samples.contenders, boundaries(samples.contenders)
        bounds = self._bounds[1]
        outline = math.isfinite(samples.apart) and (
            options.plane != "logits" or not _free_scores(samples.contenders)
        )
        self.plot.show_content(
            PairContent(
                pair=self.pair,
                plane=options.plane,
                points=samples.points,
                colors=class_table(palette_of(theme), snapshot.probe.num_classes)[samples.labels],
                boundaries=bounds,
                reachable=reachable_edge(samples.apart, samples.contenders) if outline else None,
                point_size=options.point_size,
            ),
            theme,
        )
        self._show_controls(snapshot)
        self.note.setText(bounds.note)
        self.note.setVisible(bool(bounds.note))
        self._show_caption(snapshot, samples)

    def _build(self) -> None:
        for box, name in zip(self.boxes, ("First class", "Second class"), strict=True):
            box.setAccessibleName(name)
            box.setToolTip(name)
            box.setMinimumContentsLength(2)
        self.note.setWordWrap(True)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.note.setIndent(10)
        self.note.setFont(scaled_font(self.font(), SMALL_TYPE))
        page = QWidget()
        for widget in (self._head, self.note):
            widget.setAutoFillBackground(True)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(6, 3, 6, 0)
        row.setSpacing(6)
        row.addWidget(self.boxes[0], 1)
        row.addWidget(QLabel("and"))
        row.addWidget(self.boxes[1], 1)
        row.addStretch(2)
        row.addWidget(self.menu)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._head, self._caption, self.note):
            column.addWidget(widget)
        column.addWidget(self.plot, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._invitation)
        self._pages.addWidget(page)

    def _style(self, theme: Theme) -> None:
        if self._styled != theme.name:
            self._styled = theme.name
            ground = QPalette(self.palette())
            ground.setColor(QPalette.ColorRole.Window, color(theme.plot))
            ground.setColor(QPalette.ColorRole.WindowText, color(theme.muted))
            for widget in (self._head, self.note):
                widget.setPalette(ground)

    def _find_pair(self, snapshot: Snapshot) -> tuple[int, int]:
        options, classes = self.options, snapshot.probe.num_classes
        if options.choice == "chosen":
            first, second = options.first % classes, options.second % classes
            return first, second if second != first else (first + 1) % classes
        present = self.pair if self._found and max(self.pair) < classes else None
        self._found = True
        return find_pair(snapshot, options.split, options.choice, present)

    def _show_controls(self, snapshot: Snapshot) -> None:
        classes = snapshot.probe.num_classes
        if self._filled != (self.theme.name, classes):
            self._filled = self.theme.name, classes
            for box in self.boxes:
                box.clear()
                for label in range(classes):
                    box.addItem(_swatch(self.theme, label), str(label))
        for box, label in zip(self.boxes, self.pair, strict=True):
            box.setCurrentIndex(label)
        options = self.options
        for value in (options.choice, options.plane, str(options.split)):
            self._ticks[value].setChecked(True)

    def _show_caption(self, snapshot: Snapshot, samples: PairSamples) -> None:
        probe, test = snapshot.probe, self.options.split == TEST
        size, name = (probe.test_size, "test") if test else (probe.train_size, "training")
        apart = math.degrees(samples.apart)
        singular = samples.kind.removeprefix("class ")
        angle = "" if math.isnan(apart) else f"{apart:.1f}° between their {singular}"
        count = f"{len(samples.rows):,} of {size:,} {name} images"
        pointer = _POINTERS[self.options.choice]
        texts = [(pointer[0], angle, count), (pointer[-1], f"{apart:.1f}°" if angle else "", count)]
        left = tuple("  ·  ".join(filter(None, parts)) for parts in texts)
        self._caption.show_texts(
            self.theme, (*left, count), (f"step {snapshot.step:,}", f"{snapshot.step:,}")
        )

    def _on_menu_chosen(self, option: str, value: str) -> None:
        first, second = self.pair
        settings = msgspec.structs.asdict(replace(self.options, first=first, second=second))
        self._change(msgspec.convert({**settings, option: value}, TwoClassesOptions, strict=False))

    def _on_first_activated(self, label: int) -> None:
        self._choose(0, label)

    def _on_second_activated(self, label: int) -> None:
        self._choose(1, label)

    def _choose(self, which: int, label: int) -> None:
        """Look at another class; picking the one of the other box swaps the two."""
        pair = [*self.pair]
        if pair[1 - which] == label:
            pair[1 - which] = pair[which]
        pair[which] = label
        self._change(replace(self.options, choice="chosen", first=pair[0], second=pair[1]))

    def _change(self, options: TwoClassesOptions) -> None:
        self.set_options(options)
        self.optionsChanged.emit(options)

    def _on_plot_hovered(self, row: int) -> None:
        samples = self._samples
        known = samples is not None and 0 <= row < len(samples.rows)
        self.hovered.emit(int(samples.rows[row]) if samples is not None and known else EMPTY)


def _comparable(snapshot: Snapshot) -> bool:
    """Return whether there are two classes, and class weights that are numbers where there are any."""
    weight = snapshot.weight
    return snapshot.probe.num_classes > 1 and (weight is None or bool(np.isfinite(weight).all()))


def _free_scores(pair: Contenders) -> bool:
    """Return whether the scores say more than the angles do."""
    return pair.by_length or pair.head in ("gaussian", "nearest-mean")


def _swatch(theme: Theme, label: int) -> QIcon:
    pixmap = QPixmap(12, 12)
    pixmap.fill(QColor(*theme.class_color(label)))
    return QIcon(pixmap)
