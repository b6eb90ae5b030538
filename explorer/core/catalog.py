"""LOSSES: the one table of losses, by name. Further ones come from installed packages.

A package adds a loss through two entry points of the same name: in the group ``explorer.catalog`` a
`LossSpec`, which the window reads without torch, and in the group ``explorer.losses`` the module that
computes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from types import MappingProxyType

from explorer.core.entries import (
    adaptive,
    angular,
    centers,
    multiplicative,
    normalized,
    one_vs_all,
    pairs,
    proxies,
    softmax,
)
from explorer.core.loss_spec import LossSpec
from explorer.core.params import ParamError, suggestion

PLUGIN_GROUP = "explorer.catalog"


class PluginError(RuntimeError):
    """An installed package offers a loss that cannot be used; the message names package and reason."""


def _collect() -> Mapping[str, LossSpec]:
    families = (
        softmax,
        centers,
        normalized,
        multiplicative,
        angular,
        adaptive,
        one_vs_all,
        proxies,
        pairs,
    )
    table = {spec.name: spec for family in families for spec in family.ENTRIES}
    for point in entry_points(group=PLUGIN_GROUP):
        spec = point.load()
        if not isinstance(spec, LossSpec):
            raise PluginError(f"The entry point {point.value!r} of group {PLUGIN_GROUP} is not a LossSpec.")
        if spec.name != point.name or spec.name in table:
            raise PluginError(
                f"The entry point {point.value!r} offers {spec.name!r}, a name taken or misspelt."
            )
        table[spec.name] = spec
    return MappingProxyType(table)


LOSSES = _collect()


def find_loss(name: str) -> LossSpec:
    """Return the loss of that name.

    Raises
    ------
    ParamError
        Where there is none; the message offers the nearest name.
    """
    if name not in LOSSES:
        raise ParamError(f"There is no loss {name!r}{suggestion(name, LOSSES)}; see: loss-explorer losses.")
    return LOSSES[name]
