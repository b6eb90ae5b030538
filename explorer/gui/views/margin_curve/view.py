"""MarginCurveView: the target-logit curve T(θ) of the loss, how hard it pulls, and where the data lie."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from explorer.analysis.frames.history import History
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.margins.pull import (
    THETA,
    AngleData,
    Lengths,
    angle_data,
    assumed_lengths,
    beyond_pi,
    curve_at,
    no_curve_reason,
    pull,
)
from explorer.core.losses.catalog import LOSSES
from explorer.core.losses.margin_geometry import depends_on_length
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.settings.config import LossConfig, RunConfig
from explorer.gui.plots.caption import Caption
from explorer.gui.plots.curve_plot import Curve
from explorer.gui.plots.menu_button import MenuButton
from explorer.gui.plots.ranges import settle
from explorer.gui.plots.style import color, invitation, style_invitation
from explorer.gui.theme.theme import Rgb, Theme
from explorer.gui.views.margin_curve.caption import caption_texts
from explorer.gui.views.margin_curve.plot import MarginGround, MarginPlot, value_limits
from explorer.gui.views.view import View

_LEAST_HEIGHT = 270
_HEADROOM = 1.15
_LEAST_CHROMA = 60
_DEGREES = np.degrees(THETA)
_CURVED = {name: spec.title.split(" (")[0] for name, spec in LOSSES.items() if spec.curve}
_STROKES = (Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DashDotDotLine)
_SPLITS = ((str(TEST), "Test images"), (str(TRAIN), "Training images"))


class MarginCurveOptions(Struct, frozen=True):
    """What is shown beside the loss' own curve: losses to compare with, at their defaults, and a split."""

    compare: tuple[str, ...] = ()
    split: int = TEST


class MarginCurveView(View):
    """T(θ) and the pull |∂L/∂θ| over the angle to the own class weight, with the data underneath.

    The curves are those of the configuration that is wanted now, so that they follow a slider at once; the
    data are those of the last frame.
    """

    title = "Margin curve"
    optionsChanged = Signal(object)
    """The person has chosen other options; they are shown already."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.options = MarginCurveOptions()
        self.config: RunConfig | None = None
        self.curve = MarginPlot(theme, x="", y="T(θ) = logit ÷ scale")
        self.pull = MarginPlot(theme, x="θ to the own class (°)", y="pull |∂L/∂θ|")
        self.pull.keyed = False
        self.menu = MenuButton("Losses to compare with, and images")
        self._data: AngleData | None = None
        self._strongest = 0.0
        self._caption = Caption(theme)
        self._message = invitation("The curve of the chosen loss appears here")
        self._head, self._page = QWidget(), QWidget()
        self._ticks = {
            **self.menu.add_choices("Images", "split", _SPLITS),
            **self.menu.add_switches("Compare with", "compare", _CURVED.items()),
        }
        self.menu.chosen.connect(self._on_menu_chosen)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(0, 2, 6, 0)
        row.setSpacing(0)
        row.addWidget(self._caption, 1)
        row.addWidget(self.menu)
        self._head.setAutoFillBackground(True)
        plots = QVBoxLayout(self._page)
        plots.setContentsMargins(0, 0, 0, 0)
        plots.setSpacing(0)
        plots.addWidget(self.curve, 3)
        plots.addWidget(self.pull, 2)
        body = QWidget()
        self._pages = QStackedLayout(body)
        self._pages.addWidget(self._message)
        self._pages.addWidget(self._page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(body, 1)

    def set_config(self, config: RunConfig) -> None:
        """Show the curve of this configuration's loss at once, whether a frame has come or not."""
        if self.config != config:
            self.config = config
            self.refresh()

    def set_options(self, options: MarginCurveOptions) -> None:
        """Show other things."""
        if options.split != self.options.split:
            self._data = None
        self.options = options
        self.refresh()

    def set_snapshot(self, snapshot: Snapshot | None, history: History) -> None:
        """Put the data of this frame under the curve."""
        if snapshot is not self.snapshot:
            self._data = None
        super().set_snapshot(snapshot, history)

    def reset_view(self) -> None:
        """Show all angles, with axes that fit what is shown now."""
        self._strongest = 0.0
        for plot in (self.curve, self.pull):
            plot.tallest = 0.0
            plot.reset_view()
        self.refresh()

    def draw(self) -> None:
        """Bring the plots in line with configuration, snapshot, theme and options."""
        self._style()
        config = self.config or (None if self.snapshot is None else self.snapshot.config)
        if self._data is None and self.snapshot is not None:
            self._data = angle_data(self.snapshot, self.options.split)
        if config is None:
            self._show_message(self._message.text())
            return
        loss = config.loss
        if not loss.spec.curve and not self.options.compare:
            self._show_message(no_curve_reason(loss.name))
            return
        self._pages.setCurrentIndex(1)
        self._fit_height()
        lengths = self._lengths(loss)
        curves, pulls, ground = self._curves(config, lengths)
        strongest = max((float(curve.values.max()) for curve in pulls), default=0.0)
        self._strongest = settle(self._strongest, strongest * _HEADROOM)
        self.curve.show_over(ground, curves, self.theme, value_limits(curves))
        self.pull.show_over(MarginGround(ground.shares), pulls, self.theme, (0.0, self._strongest))
        left = caption_texts(loss, lengths, self.snapshot, self._data, self.options.split)
        right = "" if self.snapshot is None else f"step {self.snapshot.step:,}"
        self._caption.show_texts(self.theme, left, (right, ""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the pull out where there is room for one plot only."""
        super().resizeEvent(event)
        self._fit_height()

    def _lengths(self, loss: LossConfig) -> Lengths:
        if self._data is not None and self._data.count:
            return self._data.lengths
        return assumed_lengths(loss.name, loss.params)

    def _curves(self, config: RunConfig, lengths: Lengths) -> tuple[list[Curve], list[Curve], MarginGround]:
        """Return the curves T, the pulls, and what lies under T."""
        loss, theme, data = config.loss, self.theme, self._data
        shown: list[tuple[LossConfig, str, Rgb, Qt.PenStyle]] = []
        if loss.spec.curve:
            shown.append((loss, _CURVED[loss.name], theme.accent, Qt.PenStyle.SolidLine))
        colors = _vivid(theme)
        for k, name in enumerate(self.options.compare):
            text = f"{_CURVED[name]} (default)" if name == loss.name else _CURVED[name]
            shown.append((LossConfig(name), text, colors[k % len(colors)], _STROKES[k % len(_STROKES)]))
        curves, pulls = [], []
        for one, text, rgb, stroke in shown:
            curves.append(Curve(_DEGREES, curve_at(one.name, one.params, lengths), text, rgb, stroke))
            strength = pull(one.name, one.params, data, config.data.num_classes)
            if strength is not None:
                pulls.append(Curve(_DEGREES, strength, text, rgb, stroke))
        curves.append(Curve(_DEGREES, np.cos(THETA), "cos θ", theme.muted, Qt.PenStyle.DashLine))
        return curves, pulls, self._ground(loss, lengths)

    def _ground(self, loss: LossConfig, lengths: Lengths) -> MarginGround:
        shares = None if self._data is None or not self._data.count else self._data.shares
        if not loss.spec.curve:
            return MarginGround(shares)
        band: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
        if depends_on_length(loss.name):
            ends = [curve_at(loss.name, loss.params, lengths, deviations) for deviations in (-1.0, 1.0)]
            band = ends[0], ends[1]
        start = beyond_pi(loss.name, loss.params, lengths)
        degrees = None if start is None else math.degrees(start)
        return MarginGround(
            shares, band, degrees, "" if degrees is None else f"θ + m > π from {degrees:.0f}°"
        )

    def _show_message(self, text: str) -> None:
        self._message.setText(text)
        style_invitation(self._message, self.theme)
        self._message.setContentsMargins(16, 0, 16, 16)
        self._pages.setCurrentIndex(0)
        self._caption.show_texts(self.theme, ("",), ("",))

    def _fit_height(self) -> None:
        alone = self.height() < _LEAST_HEIGHT
        self.pull.setVisible(not alone)
        label = self.pull.labels["bottom"] if alone else ""
        if self.curve.labels["bottom"] != label:
            self.curve.labels["bottom"] = label
            self.curve.apply_theme(self.theme)

    def _style(self) -> None:
        ground = QPalette(self.palette())
        ground.setColor(QPalette.ColorRole.Window, color(self.theme.plot))
        self._head.setPalette(ground)
        for value in (*_CURVED, *(value for value, _ in _SPLITS)):
            on = value in self.options.compare or value == str(self.options.split)
            self._ticks[value].setChecked(on)

    def _on_menu_chosen(self, option: str, value: str) -> None:
        if option == "split":
            self._change(replace(self.options, split=int(value)))
            return
        compare = self.options.compare
        kept = tuple(name for name in compare if name != value)
        self._change(replace(self.options, compare=kept if value in compare else (*compare, value)))

    def _change(self, options: MarginCurveOptions) -> None:
        self.set_options(options)
        self.optionsChanged.emit(options)


def _vivid(theme: Theme) -> list[Rgb]:
    """Return the class colours that are neither grey, like cos θ, nor the first, near that of the loss.

    All of them where a person has made every one grey.
    """
    vivid = [rgb for rgb in theme.classes[1:] if max(rgb) - min(rgb) > _LEAST_CHROMA]
    return vivid or list(theme.classes)
