"""Where the class of a loss is: read from the table of the trainer, or from the entry point of a package."""

from __future__ import annotations

import ast

from explorer.core.losses.loss_spec import LossSpec
from explorer.core.plugins import plugins
from explorer.export.files import ExportError
from explorer.export.script.classes import ancestry, definition, members
from explorer.export.script.modules import Symbol, module, resolve

BASE = Symbol("explorer.worker.losses.base", "Loss")
_REGISTRY = "explorer.worker.losses.registry"
_TABLE, _GROUP = "BUILDERS", "PLUGIN_GROUP"


def loss_class(spec: LossSpec) -> Symbol:
    """Return the class that computes a loss.

    Raises
    ------
    ExportError
        If it is not a class whose source is installed, derived from the base of all losses.
    """
    found = resolve(_named(spec.name))
    if not isinstance(found, Symbol) or definition(found) is None or BASE not in ancestry(found):
        raise ExportError(
            "{loss} cannot be exported as code: what computes it is not a class derived from {base}.",
            loss=spec.title,
            base=BASE.name,
        )
    return found


def overrides(symbol: Symbol, name: str) -> bool:
    """Return whether a loss defines a method that the base of all losses leaves without effect."""
    return any(name in members(one) for one in ancestry(symbol) if one != BASE)


def _named(loss: str) -> Symbol:
    registry = module(_REGISTRY)
    table = registry.value(_TABLE)
    if isinstance(table, ast.Dict):
        for key, value in zip(table.keys, table.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == loss and isinstance(value, ast.Name):
                return Symbol(_REGISTRY, value.id)
    group = registry.value(_GROUP)
    for point in plugins(str(group.value)) if isinstance(group, ast.Constant) else ():
        if point.name == loss:
            return Symbol(point.module, point.attr)
    raise ExportError("There is no entry point that computes the loss {loss}.", loss=loss)
