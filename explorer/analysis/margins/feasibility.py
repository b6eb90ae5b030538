"""Which margins and scales are feasible for C classes in d dimensions, and remedies for those that are not.

Checked are losses whose geometry names additive ``margins``. Multiplicative ones (L-Softmax, A-Softmax,
SphereFace-R) leave every class a half-width of Δ/(m + 1) > 0 and T(0) = 1, so none of them is infeasible.
SphereFace2 and Circle loss compare each logit with a bound of its own rather than with another class, and
losses on proxies and pairs have no curve: these are not checked.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from explorer.analysis.margins.margin_bounds import (
    MarginCase,
    center_probability,
    half_width,
    largest_margin,
    smallest_scale,
    turning_angle,
)
from explorer.analysis.margins.margin_texts import label, listed, rounded_down, with_features
from explorer.core.data.known import MNIST
from explorer.core.params import Value
from explorer.core.settings.config import LEAST_TRAINED, RunConfig, find_param
from explorer.core.settings.network import OFFERED_DIMENSIONS
from explorer.core.texts import N_, Text, plural, text

ENOUGH, HOPELESS = 0.9, 0.4
"""Centre probability that a remedy aims at, and the one below which a scale counts as too small.

Not half: at 0.41 (scale 3, ten classes in the plane) most seeds of CurricularFace reach 96%.
"""

COMFORTABLE, TIGHT = 0.5, 0.25
"""Fraction of the half-width without a margin that a remedy aims at, and the one below which it is tight.

Empirical, not proven. With ten classes in the plane, short runs reached 94% at a fraction of 0.68 (ArcFace,
scale 10, margin 0.2), 87% at 0.36 (ArcFace 30, 0.4), 80% at 0.22 (CosFace 30, 0.15) and 19% at 0.20 (ArcFace
64, 0.5): class weights on a circle cannot pass each other. On a sphere they can, and CosFace 10, 0.5 reached
99% at 0.18; so tightness is checked in the plane only.
"""

TURNS_LATE = math.radians(150)
"""Angle beyond which T(θ) may rise: few features start there, and most of these leave it with the others."""
_REMEMBERED = 64
"""Cases whose bounds a `Feasibility` caches, for a person who goes back and forth between settings."""
_UNREACHABLE = N_(
    "A margin of {margin} is unreachable: {classes} classes in {dim}-D are at most {apart:.1f}° from their "
    "nearest neighbours, so the margin cannot exceed {bound}."
)
_UNREACHABLE_TOGETHER = N_(
    "These margins are unreachable together ({margin}): {classes} classes in {dim}-D are at most "
    "{apart:.1f}° from their nearest neighbours. Limit: {bound}."
)
_TIGHT = N_(
    "A margin of {margin} leaves each class only ±{width:.1f}° around its weight (±{free:.1f}° without a "
    "margin), so clusters may collapse onto each other. Limit: {bound}."
)
_TIGHT_TOGETHER = N_(
    "These margins ({margin}) leave each class only ±{width:.1f}° around its weight (±{free:.1f}° without a "
    "margin), so clusters may collapse onto each other. Limit: {bound}."
)
_CROWDED = N_(
    "A margin of {margin} cannot be met by features at their class weights: {classes} classes in {dim}-D are "
    "at most {apart:.1f}° from their nearest neighbours, so clusters may collapse onto each other. Limit: "
    "{bound}."
)
_ROOMY = N_("{sentence} With {margin}, each class keeps half of its angle.")
_FOR_MANY = N_(
    "{settings}: published for hundreds of dimensions. In 3-D, classes may stay mixed: on MNIST with some "
    "seeds, on Fashion-MNIST, whose classes are more alike, with all seeds that were tried."
)
_PARTS = {
    2: N_("{sentence} With ReLU, features have only a quarter of the plane."),
    3: N_("{sentence} With ReLU, features have only an eighth of space."),
}
_PART_OF_MANY = N_("{sentence} With ReLU, features have only the part of space without negative coordinates.")


class Remedy(Struct, frozen=True):
    """What makes a setting feasible: ``changes`` for `RunConfig.replace`, and ``label`` in a few words."""

    label: Text
    changes: dict[str, Value]


class Concern(Struct, frozen=True):
    """A setting that is infeasible, or nearly so, for the classes and the dimension of a run.

    Parameters
    ----------
    name : str
        Dotted name of the setting, such as ``loss.margin``.
    text : Text
        What is wrong, with the bound.
    remedy : mapping
        Dotted names and values that make it feasible, for `RunConfig.replace`.
    remedy_label : Text
        What the remedy does, in a few words.
    alternatives : tuple of Remedy
        What makes it feasible as it is: no ReLU, more dimensions, fewer classes. All need a new run.
    """

    name: str
    text: Text
    remedy: dict[str, Value]
    remedy_label: Text
    alternatives: tuple[Remedy, ...] = ()


class Feasibility:
    """Checks configurations; bounds are cached by case."""

    def __init__(self) -> None:
        self._half_width = lru_cache(maxsize=_REMEMBERED)(half_width)
        self._largest_margin = lru_cache(maxsize=_REMEMBERED)(largest_margin)
        self._smallest_scale = lru_cache(maxsize=_REMEMBERED)(smallest_scale)
        self._turning_angle = lru_cache(maxsize=_REMEMBERED)(turning_angle)
        self._center_probability = lru_cache(maxsize=_REMEMBERED)(center_probability)

    def check(self, config: RunConfig) -> list[Concern]:
        """Return the settings that are infeasible by geometry; empty for a loss that cannot be checked."""
        case = MarginCase.of(config)
        if case is None:
            return []
        found = (
            self._margin_concern(config, case),
            self._scale_concern(config, case),
            self._turn_concern(config, case),
        )
        return list(filter(None, found)) or _published_concerns(config, case)

    def limits(self, config: RunConfig) -> dict[str, float]:
        """Return the largest feasible margin by its dotted name; none for a loss that cannot be checked.

        Margins that count together have no limit of their own.
        """
        case = MarginCase.of(config)
        if case is None or len(case.margins) != 1:
            return {}
        return {f"loss.{key}": bound for key, bound in self._largest_margin(case.of_unit_margin).items()}

    def _margin_concern(self, config: RunConfig, case: MarginCase) -> Concern | None:
        margins = case.margins
        if not margins:
            return None
        width = self._half_width(case)
        if width > 0 and width >= _enough(case):
            return None
        bound = self._largest_margin(case.of_unit_margin)
        given, allowed, apart = listed(config, margins), listed(config, bound), math.degrees(case.apart)
        if width == 0:
            reachable = _CROWDED if case.nonnegative and not case.excluded else _UNREACHABLE
            sentence = text(
                reachable if len(margins) == 1 else _UNREACHABLE_TOGETHER,
                margin=given,
                classes=case.classes,
                dim=case.dim,
                apart=apart,
                bound=allowed,
            )
        else:
            sentence = text(
                _TIGHT if len(margins) == 1 else _TIGHT_TOGETHER,
                margin=given,
                width=math.degrees(width),
                free=apart / 2,
                bound=allowed,
            )
        wanted = self._largest_margin(case.of_unit_margin, COMFORTABLE)
        sentence = text(_ROOMY, sentence=sentence, margin=listed(config, wanted))
        sentence = with_features(sentence, case.geometry)
        if case.nonnegative:
            sentence = text(_PARTS.get(case.dim, _PART_OF_MANY), sentence=sentence)
        remedy: dict[str, Value] = {f"loss.{key}": rounded_down(value) for key, value in wanted.items()}
        others = _alternatives(config, case)
        return Concern(next(iter(remedy)), sentence, remedy, label(config, remedy), others)

    def _scale_concern(self, config: RunConfig, case: MarginCase) -> Concern | None:
        """Return what is wrong with a scale that is a parameter and the only factor of a softmax over scores.

        The scale of scores that are compared with zero, or of other logits than at test time, is not checked.
        """
        loss, geometry, factors = config.loss, case.geometry, config.loss.spec.scale
        by_length = factors.feature_length or factors.weight_length
        if not factors.param or by_length or geometry.binary or geometry.other is not None:
            return None
        key, scale = factors.param, factors.factor(loss.params, case.classes)
        reached = self._center_probability(case, scale)
        if reached >= HOPELESS:
            return None
        wanted = math.ceil(10 * self._smallest_scale(case, ENOUGH)) / 10
        limit = find_param(f"loss.{key}", loss.spec).max
        remedy: dict[str, Value] = {f"loss.{key}": wanted if limit is None else min(wanted, limit)}
        sentence = text(
            "At scale {scale:g} even a perfectly aligned feature reaches only p = {reached:.2f}; "
            "p = {enough:g} needs a scale of {wanted:g}.",
            scale=scale,
            reached=reached,
            enough=ENOUGH,
            wanted=wanted,
        )
        return Concern(f"loss.{key}", sentence, remedy, label(config, remedy))

    def _turn_concern(self, config: RunConfig, case: MarginCase) -> Concern | None:
        """Return that T(θ) rises again too early, if another choice of the loss prevents that."""
        turn = self._turning_angle(case)
        if turn > TURNS_LATE:
            return None
        for param in config.loss.spec.params:
            for choice in param.choices:
                name = f"loss.{param.name}"
                other = MarginCase.of(config.replace({name: choice}))
                if other is not None and self._turning_angle(other) > TURNS_LATE:
                    sentence = text(
                        "T(θ) rises again beyond {angle:.0f}°: a feature farther than that from its "
                        "class weight is pushed away from it, and its loss can fall to 0.",
                        angle=math.degrees(turn),
                    )
                    remedy: dict[str, Value] = {name: choice}
                    return Concern(name, sentence, remedy, label(config, remedy))
        return None


def _published_concerns(config: RunConfig, case: MarginCase) -> list[Concern]:
    """Warn in 3-D of scale and margins as large as those published for many dimensions.

    On MNIST only if several are: with an angular margin it is learned to 98% and 84% (two seeds),
    Fashion-MNIST to 58% and 59%, to 77-79% with one of them, and at the defaults to 87-89%.
    """
    loss, settings, changed = config.loss, list[Text](), dict[str, Value]()
    for name in filter(None, (loss.spec.scale.param, *case.margins)):
        param, value = find_param(f"loss.{name}", loss.spec), loss.params[name]
        most = max((float(each) for each in param.published), default=0.0)
        if float(value) >= most > float(param.default):
            shown = f"{value:g} {param.unit}".strip()
            settings.append(text("{label} {value}", label=text(param.label), value=shown))
            changed[f"loss.{name}"] = param.default
    easy = config.data.source == MNIST and len(changed) == 1
    if not changed or not case.margins or case.dim != 3 or easy:
        return []
    return [Concern(next(iter(changed)), text(_FOR_MANY, settings=settings), changed, label(config, changed))]


def check(config: RunConfig) -> list[Concern]:
    """Return what `Feasibility` finds for a single configuration."""
    return Feasibility().check(config)


def _enough(case: MarginCase) -> float:
    """Return the half-width below which a margin is too tight, in radians."""
    return TIGHT * case.apart / 2 if case.dim == 2 else 0.0


def _alternatives(config: RunConfig, case: MarginCase) -> tuple[Remedy, ...]:
    """Return what else would make the margins of a case feasible, of what can be offered in a button."""

    def fits(**changes: int | bool) -> bool:
        other = replace(case, **changes)
        return other.slack(_enough(other)) > 0

    found = []
    if case.nonnegative and fits(nonnegative=False):
        found.append(Remedy(text("Restart without ReLU"), {"network.relu": False}))
    roomier = next((dim for dim in OFFERED_DIMENSIONS if dim > case.dim and fits(dim=dim)), None)
    if roomier is not None:
        found.append(Remedy(text("Restart in {dim}-D", dim=roomier), {"network.dim": roomier}))
    # Fewer classes are farther apart. Those left out could be among the ones that are gone.
    counts = range(LEAST_TRAINED, case.classes)
    most = bisect_left(counts, True, key=lambda classes: not fits(classes=classes)) - 1
    if most >= 0 and not config.data.left_out:
        count = counts[most]
        words = plural("Restart with {count} class", "Restart with {count} classes", count=count)
        found.append(Remedy(words, {"data.subset": count}))
    return tuple(found)
