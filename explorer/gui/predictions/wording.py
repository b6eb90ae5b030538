"""What the strip of a prediction says: what to do, and how far off the guess is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from explorer.analysis.predictions.outcome import AFTER_EPOCHS, MOST_BLOBS
from explorer.core.texts import _, ngettext
from explorer.gui.predictions.state import PredictionState

_CELL = "<td>{}&nbsp;&nbsp;&nbsp;</td>"  # not shown: markup


def instruction(state: PredictionState) -> str:
    """Return what a person can do now."""
    match state.phase:
        case "offered":
            return _("Before you start: where will the classes lie, how far apart, and how accurate?")
        case "guessing":
            return _guessing(state)
        case "waiting":
            sentence = _("The run is compared with your guess after {epochs} epochs.")
            return sentence.format(epochs=AFTER_EPOCHS)
    return ""


def _guessing(state: PredictionState) -> str:
    if state.places is None:
        sentence = _(
            "Guess what the run will show after {epochs} epochs, then press Start. Classes can be placed in "
            "2-D, up to {most} of them."
        )
        return sentence.format(epochs=AFTER_EPOCHS, most=MOST_BLOBS)
    count, placed = len(state.places), state.placed
    sentence = _(
        "Drag each class to where its images will lie after {epochs} epochs, then press Start. Only the "
        "arrangement counts: not which class lies where, nor how the plane is turned."
    ).format(epochs=AFTER_EPOCHS)
    if placed == count:
        return sentence
    left = ngettext("{left} class is not placed yet.", "{left} classes are not placed yet.", count - placed)
    return _("{first} {second}").format(first=sentence, second=left.format(left=count - placed))


def result_html(state: PredictionState) -> str:
    """Return guess, measurement and difference as a table, and below it why, as rich text; at first empty."""
    if state.phase != "compared":
        return ""
    rows = list(_rows(state))
    when = "" if state.outcome is None else _("after {epochs:.1f} epochs").format(epochs=state.outcome.epoch)
    head = (when, _("your guess"), _("measured"), _("off by"))
    cells = ["".join(_CELL.format(escape(cell)) for cell in row) for row in (head, *rows)]
    table = "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"
    reasons = [] if state.outcome is None else [state.outcome.reason]
    if state.curve is not None:
        reasons.append(state.curve.reason)
    return table + "".join(f"<div>{escape(str(reason))}</div>" for reason in reasons)


def curve_text(state: PredictionState) -> str:
    """Return how far T(θ) is off, while the rest is not known yet; empty where it is not drawn."""
    if state.curve is None or state.phase == "compared":
        return ""
    sentence = _("T(θ) is off by {share:.0%} of its range. {reason}")
    return sentence.format(share=state.curve.off, reason=state.curve.reason)


def score_tip() -> str:
    """Return how the differences are defined."""
    return _(
        "Arrangement: root mean square distance of the class means to your blobs, turned, mirrored, scaled "
        "and assigned to classes as fits best, as a share of the root mean square distance of the means from "
        "the origin. Angle: from a class mean to the nearest other one, seen from the origin; the median of "
        "all classes. T(θ): root mean square difference from 0° to 180°, as a share of the range of T."
    )


def _rows(state: PredictionState) -> Iterator[tuple[str, str, str, str]]:
    found, guess = state.outcome, state.guess
    if found is not None:
        if guess.blobs is not None:
            off = "–" if found.arrangement is None else f"{found.arrangement.off:.0%}"
            yield _("arrangement"), _("rings in the plot"), _("class means"), off
        if guess.angle is not None:
            measured = math.degrees(found.measured.gap)
            yield (
                _("angle between neighbours"),
                f"{guess.angle:.4g}°",
                _degrees(measured),
                "–" if found.angle_off is None else _degrees(found.angle_off),
            )
        if guess.accuracy is not None:
            off = "–"
            if found.accuracy_off is not None:
                off = _("{points:.1f} points").format(points=found.accuracy_off)
            measured = 100 * found.measured.accuracy
            yield _("test accuracy"), f"{guess.accuracy:.4g}%", f"{measured:.1f}%", off
    if state.curve is not None:
        off = _("{share:.0%} of its range").format(share=state.curve.off)
        yield "T(θ)", _("drawn"), _("curve of the loss"), off


def _degrees(value: float) -> str:
    return f"{value:.1f}°" if math.isfinite(value) else "–"
