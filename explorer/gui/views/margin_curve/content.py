"""What the margin curve view draws of a loss: curves T(θ), pulls, and what lies beneath them."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from PySide6.QtCore import Qt

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.margins.pull import pull
from explorer.analysis.margins.target_curve import THETA, AngleData, Lengths, TargetCurve
from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import LossConfig, RunConfig
from explorer.gui.plots.curve_plot import Curve
from explorer.gui.theme.theme import Rgb, Theme
from explorer.gui.views.margin_curve.plot import MarginGround

CURVED = {name: spec.title.split(" (")[0] for name, spec in LOSSES.items() if spec.curve}
"""The losses that have a curve, with the title that fits a key."""

_LEAST_CHROMA = 60
_DEGREES = np.degrees(THETA)
_STROKES = (Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DashDotDotLine)


class MarginContent(Struct, frozen=True, eq=False):
    """Curves T over θ, the pulls of the same losses, what lies beneath T, and the lengths they are drawn for.

    ``own`` is the curve of the loss that is chosen, None where it has none.
    """

    own: TargetCurve | None
    lengths: Lengths
    curves: list[Curve]
    pulls: list[Curve]
    ground: MarginGround


def margin_content(
    config: RunConfig,
    compare: tuple[str, ...],
    snapshot: Snapshot | None,
    data: AngleData | None,
    theme: Theme,
) -> MarginContent:
    """Return what to draw for the loss of ``config`` and, at their defaults, those to ``compare`` with."""
    classes = config.data.num_classes
    own = TargetCurve.of(config.loss, snapshot, classes)
    lengths = _lengths(own, data)
    curves, pulls = [], []

    def add(curve: TargetCurve, text: str, rgb: Rgb, stroke: Qt.PenStyle) -> None:
        curves.append(Curve(_DEGREES, curve.values(lengths), text, rgb, stroke))
        strength = pull(curve, data)
        if strength is not None:
            pulls.append(Curve(_DEGREES, strength, text, rgb, stroke))

    if own is not None:
        add(own, CURVED[config.loss.name], theme.accent, Qt.PenStyle.SolidLine)
        final = own.annealed
        if final is not None:
            values = final.values(lengths)
            text = f"λ = {own.final_annealing:g} (final)"
            curves.append(Curve(_DEGREES, values, text, theme.accent, Qt.PenStyle.DashLine))
    colors = _vivid(theme)
    for k, name in enumerate(compare):
        other = TargetCurve.of(LossConfig(name), None, classes)
        if other is not None:
            text = f"{CURVED[name]} (default)" if name == config.loss.name else CURVED[name]
            add(other.annealed or other, text, colors[k % len(colors)], _STROKES[k % len(_STROKES)])
    curves.append(Curve(_DEGREES, np.cos(THETA), "cos θ", theme.muted, Qt.PenStyle.DashLine))
    return MarginContent(own, lengths, curves, pulls, _ground(own, lengths, data))


def _lengths(own: TargetCurve | None, data: AngleData | None) -> Lengths:
    if data is not None and data.count:
        return data.lengths
    return own.assumed_lengths if own is not None else Lengths()


def _ground(own: TargetCurve | None, lengths: Lengths, data: AngleData | None) -> MarginGround:
    shares = None if data is None or not data.count else data.shares
    if own is None:
        return MarginGround(shares)
    band = None
    if own.geometry.by_length:
        band = own.values(lengths, -1.0), own.values(lengths, 1.0)
    start = own.beyond_pi(lengths)
    degrees = None if start is None else math.degrees(start)
    return MarginGround(shares, band, degrees, "" if degrees is None else f"θ + m > π from {degrees:.0f}°")


def _vivid(theme: Theme) -> list[Rgb]:
    """Return the class colours that are neither grey, like cos θ, nor the first, near that of the loss.

    All of them where a person has made every one grey.
    """
    vivid = [rgb for rgb in theme.classes[1:] if max(rgb) - min(rgb) > _LEAST_CHROMA]
    return vivid or list(theme.classes)
