"""What the card of a challenge says."""

from __future__ import annotations

import math
from typing import cast, get_args

from explorer.core.settings.config import ConfigError, RunConfig, find_param
from explorer.core.texts import _
from explorer.gui.challenges.judging import Judgement, Phase
from explorer.gui.challenges.panel import Tone
from explorer.gui.guides.condition import Figure
from explorer.gui.guides.figures import figure_name, unit_of
from explorer.gui.guides.table import Rules

FIGURES = frozenset(get_args(Figure))
"""Names of figures."""


def part_count(done: int, parts: int) -> str:
    """Return which part of a challenge comes next; empty for one that has a single part, and at the end."""
    if parts == 1 or done == parts:
        return ""
    return _("Part {part} of {count}").format(part=done + 1, count=parts)


def tone_of(phase: Phase) -> Tone:
    """Return how a card shows a phase."""
    return "good" if phase == "passed" else "plain" if phase == "going" else "bad"


def progress_lines(judgement: Judgement, rules: Rules, config: RunConfig) -> list[str]:
    """Return what is missing, or what came of the attempt, and the images used of the limit."""
    images = {"images": judgement.images, "limit": rules.limit}
    missing = [str(progress.text) for progress in judgement.found if not progress.met]
    match judgement.phase:
        case "passed":
            return [_("Passed with {images:,} of {limit:,} images.").format(**images)]
        case "over":
            words = _(", ").join(missing) or _("too late")
            sentence = _("Not passed: {missing}. All {limit:,} images are used up.")
            return [sentence.format(missing=words, **images)]
        case "barred" if judgement.barred:
            names = _(", ").join(_label(name, config) for name in judgement.barred)
            return [_("This does not count: {names} may not be changed here.").format(names=names)]
        case "barred":
            return [_("This does not count: the run was restarted.")]
    parts = [f"{'✓' if progress.met else '○'} {progress.text}" for progress in judgement.found]
    return [*parts, _("{images:,} of {limit:,} images").format(**images)]


def figure_text(key: str) -> str:
    """Return what a figure is called, by the name that it has in a result; that name where it is unknown."""
    figure, label = _figure(key)
    return key if figure is None else str(figure_name(figure, str(label)))


def precise(key: str, value: float) -> str:
    """Return a figure of a result with four digits."""
    figure, _label = _figure(key)
    if math.isnan(value):
        return "–"
    unit = "" if figure is None else unit_of(figure)
    return f"{100 * value:.4g}%" if unit == "percent" else f"{value:.4g}{'°' if unit == 'degrees' else ''}"


def _figure(key: str) -> tuple[Figure | None, int]:
    """Return the figure and the class that a name in a result stands for; None where it is unknown."""
    figure, _hyphen, label = key.rpartition("-")
    for name, number in ((key, "0"), (figure, label)):
        if name in FIGURES and number.isdecimal():
            return cast("Figure", name), int(number)
    return None, 0


def _label(name: str, config: RunConfig) -> str:
    if name == "loss.name":
        return _("Loss function")
    try:
        return _(find_param(name, config.loss.spec).label)
    except ConfigError:  # a parameter of a loss that was tried
        return name.rpartition(".")[2]
