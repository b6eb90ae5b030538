"""What can help a run that comes to nothing: settings that act against the cause, the most likely first."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from explorer.analysis.margins.feasibility import Feasibility
from explorer.core.params import Value
from explorer.core.settings.config import ConfigError, RunConfig, find_param, lower_rate

MOST = 3
"""Remedies for one failure: as many as can be tried side by side and looked at."""
_LOWER, _SMALLER_TERM, _LONGER, _MORE_DECAY = 4.0, 10.0, 4, 10.0
"""Factors between a setting and its remedy: learning rate, weight of a term, warm-up, weight decay."""
_LEAST_DECAY = 5e-3

Changes = Mapping[str, Value]
"""Dotted names and values, for `RunConfig.replace`; empty for a remedy that does not apply."""
_Rule = Callable[[RunConfig, int], Changes]


def remedies(
    kind: str, config: RunConfig, step: int, known: Changes = MappingProxyType({})
) -> tuple[Changes, ...]:
    """Return up to `MOST` different settings that may help, the most likely first.

    Parameters
    ----------
    kind : str
        Kind of the event, as a `RunEvent` has it.
    config : RunConfig
        The settings in force.
    step : int
        When it happened.
    known : Changes
        What is known otherwise, such as what takes back the change that it came just after. It comes first;
        then the likeliest rule without it, and the likeliest with it.
    """
    found: list[Changes] = []
    configs = [config]
    likeliest, *others = (*_RULES.get(kind, ()), *_ALWAYS)
    taken_back = _replaced(config, known)
    with_known = {} if taken_back is None else {**known, **likeliest(taken_back, step)}
    more = [_at_usual_rate(config, rule(config, step)) for rule in others]
    for changes in (known, likeliest(config, step), with_known, *more):
        helped = _replaced(config, changes)
        if helped is not None and helped not in configs:
            configs.append(helped)
            found.append(changes)
    return tuple(found[:MOST])


def _replaced(config: RunConfig, changes: Changes) -> RunConfig | None:
    """Return the settings with some changed, or None for changes beyond a limit or of another loss."""
    try:
        return config.replace(changes)
    except ConfigError:
        return None


def _at_usual_rate(config: RunConfig, changes: Changes) -> Changes:
    """Return a remedy with the usual rate where the rate is far too high: alone it would not help."""
    rate = lower_rate(config)
    if not changes or "optimizer.rate" in changes or rate >= config.optimizer.rate / _LOWER:
        return changes
    return {**changes, "optimizer.rate": rate}


def _lower_rate(config: RunConfig, _step: int) -> Changes:
    return {"optimizer.rate": lower_rate(config)}


def _much_lower_rate(config: RunConfig, _step: int) -> Changes:
    return {"optimizer.rate": _rounded(lower_rate(config) / _LOWER)}


def _higher_rate(config: RunConfig, _step: int) -> Changes:
    return {"optimizer.rate": _rounded(config.optimizer.rate * _LOWER)}


def _longer_warmup(config: RunConfig, step: int) -> Changes:
    """Return a longer warm-up where it would not have been over when it happened."""
    longer = _LONGER * max(config.optimizer.warmup, 25)
    return {"optimizer.warmup": longer} if step < longer else {}


def _more_decay(config: RunConfig, _step: int) -> Changes:
    """Return a stronger pull of the weights towards zero, against features that only grow."""
    return {
        "optimizer.weight_decay": _rounded(max(_LEAST_DECAY, _MORE_DECAY * config.optimizer.weight_decay))
    }


def _smaller_term(config: RunConfig, _step: int) -> Changes:
    key = config.loss.spec.term_weight
    weight = float(config.loss.params[key]) if key else 0.0
    return {f"loss.{key}": _rounded(weight / _SMALLER_TERM)} if weight else {}


def _smaller_term_if_large(config: RunConfig, step: int) -> Changes:
    """Return a smaller weight of the terms beside the main one where it is above the default.

    Most of these terms keep features short: only a weight that is too large makes them overshoot.
    """
    key = config.loss.spec.term_weight
    default = float(find_param(f"loss.{key}", config.loss.spec).default) if key else 0.0
    return _smaller_term(config, step) if key and float(config.loss.params[key]) > default else {}


def _smaller_scale(config: RunConfig, _step: int) -> Changes:
    """Return the default scale where it is larger, else half of it."""
    key = config.loss.spec.scale.param
    if not key:
        return {}
    default = float(find_param(f"loss.{key}", config.loss.spec).default)
    scale = float(config.loss.params[key])
    return {f"loss.{key}": default if scale > default else _rounded(scale / 2)}


def _smaller_margin(config: RunConfig, _step: int) -> Changes:
    """Return all margins halfway to none."""
    spec, params = config.loss.spec, config.loss.params
    kinds = {param.name: param.kind for param in spec.params}
    return {
        f"loss.{key}": _halfway(params[key], none) if kinds[key] in ("int", "float") else none
        for key, none in spec.without_margin.items()
    }


def _halfway(value: Value, none: Value) -> Value:
    """Return what is between a margin and the value of none, rounded down for a whole number."""
    half = (float(value) + float(none)) / 2
    return math.floor(half) if isinstance(value, int) else _rounded(half)


def _feasible(config: RunConfig, _step: int) -> Changes:
    """Return what sets right the settings that cannot work for these classes and dimensions."""
    return {name: value for one in Feasibility().check(config) for name, value in one.remedy.items()}


def _usual_loss(config: RunConfig, _step: int) -> Changes:
    """Return the defaults of all parameters of the loss that can change while it trains."""
    live = (param for param in config.loss.spec.params if param.effect == "live")
    return {f"loss.{param.name}": param.default for param in live}


def _third_dimension(config: RunConfig, _step: int) -> Changes:
    return {"network.dim": 3} if config.network.dim == 2 else {}


def _without_relu(config: RunConfig, _step: int) -> Changes:
    return {"network.relu": False} if config.network.relu else {}


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")


_RULES: Mapping[str, tuple[_Rule, ...]] = MappingProxyType(
    {
        "diverged": (_lower_rate, _smaller_term, _smaller_scale, _longer_warmup, _usual_loss),
        "exploded": (_lower_rate, _more_decay, _smaller_term_if_large, _usual_loss),
        "one-point": (_smaller_term, _feasible, _lower_rate, _usual_loss, _without_relu),
        "no-loss": (_usual_loss, _feasible, _lower_rate, _third_dimension),
        "at-chance": (_feasible, _smaller_term, _without_relu, _lower_rate, _usual_loss, _higher_rate),
    }
)
_ALWAYS: tuple[_Rule, ...] = (
    _lower_rate,
    _longer_warmup,
    _smaller_margin,
    _third_dimension,
    _much_lower_rate,
)
