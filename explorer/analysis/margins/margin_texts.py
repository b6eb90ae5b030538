"""Margins and remedies in words, for what `feasibility` finds."""

from __future__ import annotations

import math
from collections.abc import Mapping

from explorer.core.losses.margin_geometry import MarginGeometry
from explorer.core.params import Value
from explorer.core.settings.config import RunConfig, find_param
from explorer.core.texts import Text, text


def with_features(sentence: Text, geometry: MarginGeometry) -> Text:
    """Return the sentence, followed by the features it holds for where the margin depends on their length."""
    if not geometry.by_length:
        return sentence
    if geometry.follows_lengths:
        return text("{sentence} This holds for features of average length.", sentence=sentence)
    return text("{sentence} This holds for features with the largest margin.", sentence=sentence)


def listed(config: RunConfig, values: Mapping[str, float]) -> str | list[Text]:
    """Return the value of a margin, rounded down, with its unit; of several margins with their labels."""
    found = []
    for key, value in values.items():
        param = find_param(f"loss.{key}", config.loss.spec)
        found.append((param.label, f"{rounded_down(value):g} {param.unit}".strip()))
    if len(found) == 1:
        return found[0][1]
    return [text("{label} {value}", label=text(label), value=value) for label, value in found]


def label(config: RunConfig, remedy: Mapping[str, Value]) -> Text:
    """Return what a remedy does, in a few words."""
    parts = []
    for name, value in remedy.items():
        param = find_param(name, config.loss.spec)
        name_shown = text(param.label)
        if param.choices:
            title = text(param.title(str(value)))
            parts.append(text("{label!l} to {value}", label=name_shown, value=title))
        else:
            parts.append(text("{label!l} to {value:g}", label=name_shown, value=value))
    return text("Set {settings}", settings=parts)


def rounded_down(value: float) -> float:
    """Return ``value`` > 0 with three significant digits, never rounded up beyond a bound."""
    if value <= 0:
        return 0.0
    digits = 2 - math.floor(math.log10(value))
    return math.floor(value * 10.0**digits * (1 + 1e-12)) / 10.0**digits
