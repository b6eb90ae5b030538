"""What the Margin curve view draws of a loss, as plain values: curves T(θ), pulls and background."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.margins.pull import pull
from explorer.analysis.margins.target_curve import THETA, AngleData, Lengths, TargetCurve
from explorer.analysis.statistics.samples import facts_of
from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import LossConfig, RunConfig
from explorer.core.texts import _
from explorer.gui.plots.curve_plot import Curve
from explorer.gui.theme.theme import Rgb, Theme
from explorer.gui.views.margin_curve.plot import MarginBackground, value_limits
from explorer.gui.views.view import SymbolMark

CURVED = {name: spec.title for name, spec in LOSSES.items() if spec.curve}
"""The losses that have a curve, with their titles (message ids)."""

_LEAST_CHROMA = 60
_DEGREES = np.degrees(THETA)
_STROKES = (Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DashDotDotLine)


class DrawnGuess(Struct, frozen=True, eq=False):
    """T(θ) as a person draws it: ``values`` at `THETA`, NaN where nothing is drawn, None for no curve.

    The curve of the loss is hidden until it is ``revealed``.
    """

    values: NDArray[np.float64] | None = None
    revealed: bool = False


class MarginContent(Struct, frozen=True, eq=False):
    """Curves T over θ, the pulls of the same losses, the background of T, and the lengths they hold for.

    ``own`` is the curve of the chosen loss, None where it has none, or where it is hidden; ``limits`` of the
    values contain it in any case.
    """

    own: TargetCurve | None
    lengths: Lengths
    curves: list[Curve]
    pulls: list[Curve]
    background: MarginBackground
    limits: tuple[float, float]


def margin_content(
    config: RunConfig,
    compare: tuple[str, ...],
    snapshot: Snapshot | None,
    data: AngleData | None,
    theme: Theme,
    guess: DrawnGuess | None = None,
) -> MarginContent:
    """Return what to draw for the loss of ``config`` and, at their defaults, for those to ``compare``."""
    classes = len(config.data.trained)
    own = TargetCurve.of(config.loss, snapshot, classes)
    lengths = _lengths(own, data)
    hidden = own_values(config, snapshot, data)
    if guess is not None and not guess.revealed:
        own, compare = None, tuple(name for name in compare if name != config.loss.name)
    curves, pulls = [], []

    def add(curve: TargetCurve, text: str, rgb: Rgb, stroke: Qt.PenStyle) -> None:
        curves.append(Curve(_DEGREES, curve.values(lengths), text, rgb, stroke))
        strength = pull(curve, data)
        if strength is not None:
            pulls.append(Curve(_DEGREES, strength, text, rgb, stroke))

    if own is not None:
        add(own, curve_label(config.loss.name), theme.accent, Qt.PenStyle.SolidLine)
        final = own.annealed
        if final is not None:
            values = final.values(lengths)
            text = _("λ = {final:g} (final)").format(final=own.final_annealing)
            curves.append(Curve(_DEGREES, values, text, theme.accent, Qt.PenStyle.DashLine))
    colors = _vivid(theme)
    for k, name in enumerate(compare):
        other = TargetCurve.of(LossConfig(name), None, classes)
        if other is not None:
            text = curve_label(name)
            if name == config.loss.name:
                text = _("{loss} (default)").format(loss=text)
            add(other.annealed or other, text, colors[k % len(colors)], _STROKES[k % len(_STROKES)])
    curves.append(Curve(_DEGREES, np.cos(THETA), "cos θ", theme.muted, Qt.PenStyle.DashLine))
    limits = value_limits([*(curve.values for curve in curves), *([] if hidden is None else [hidden])])
    if guess is not None and guess.values is not None:
        curves.insert(0, Curve(_DEGREES, guess.values, _("your guess"), theme.warning, Qt.PenStyle.SolidLine))
    return MarginContent(own, lengths, curves, pulls, _background(own, lengths, data), limits)


def own_values(
    config: RunConfig, snapshot: Snapshot | None, data: AngleData | None
) -> NDArray[np.float64] | None:
    """Return T at `THETA` of the loss of ``config``, as it is drawn or hidden; None where it has none."""
    own = TargetCurve.of(config.loss, snapshot, len(config.data.trained))
    return None if own is None else own.values(_lengths(own, data))


def with_mark(content: MarginContent, mark: SymbolMark, snapshot: Snapshot | None) -> MarginBackground:
    """Return the background with what a symbol stands for.

    A parameter of the curve: the area between T(θ) and the cosine, which is what it makes of the cosine. An
    angle: a line at that of the sample.
    """
    background = content.background
    if mark.curve and content.own is not None:
        values, cosines = content.own.values(content.lengths), np.cos(THETA)
        background = replace(background, band=(np.minimum(values, cosines), np.maximum(values, cosines)))
    if mark.place == "angle" and snapshot is not None and 0 <= mark.row < len(snapshot.features):
        angle = float(facts_of(snapshot).own_angle[mark.row])
        background = replace(background, angle=math.degrees(angle) if math.isfinite(angle) else None)
    return background


def _lengths(own: TargetCurve | None, data: AngleData | None) -> Lengths:
    if data is not None and data.count:
        return data.lengths
    return own.assumed_lengths if own is not None else Lengths()


def _background(own: TargetCurve | None, lengths: Lengths, data: AngleData | None) -> MarginBackground:
    shares = None if data is None or not data.count else data.shares
    if own is None:
        return MarginBackground(shares)
    band = None
    if own.geometry.by_length:
        band = own.values(lengths, -1.0), own.values(lengths, 1.0)
    start = own.beyond_pi(lengths)
    if start is None:
        return MarginBackground(shares, band)
    degrees = math.degrees(start)
    beyond = f"{own.geometry.argument} > π"
    texts = _("{beyond} from {degrees:.0f}°").format(beyond=beyond, degrees=degrees), beyond
    return MarginBackground(shares, band, degrees, texts)


def curve_label(name: str) -> str:
    """Return the label of a loss in a key: its title without what stands in parentheses."""
    return _(CURVED[name]).partition(" (")[0]


def _vivid(theme: Theme) -> list[Rgb]:
    """Return the class colours that are neither grey, like cos θ, nor the first, which resembles the loss.

    All class colours where every one is grey.
    """
    vivid = [rgb for rgb in theme.classes[1:] if max(rgb) - min(rgb) > _LEAST_CHROMA]
    return vivid or list(theme.classes)
