"""The catalogue of losses as text for people, and as data for programs."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from explorer.core.losses.loss_spec import LossSpec
from explorer.core.params import Param, Value
from explorer.core.texts import _


def as_data(specs: Iterable[LossSpec]) -> list[dict[str, object]]:
    """Return the descriptions of all losses, ready for JSON."""
    return [_facts(spec) for spec in specs]


def as_text(specs: Iterable[LossSpec]) -> str:
    """Return a paragraph for each loss and its parameters."""
    return "\n\n".join(_paragraph(spec) for spec in specs)


def _facts(spec: LossSpec) -> dict[str, object]:
    """Return a description without its functions, which JSON cannot hold."""
    functions = ("scale", "geometry", "sample_terms", "sample_logits", "unit_features")
    facts = {name: value for name, value in msgspec.structs.asdict(spec).items() if name not in functions}
    return {**msgspec.to_builtins(facts), "curve": spec.curve}


def _paragraph(spec: LossSpec) -> str:
    titles = _("; ").join((_(spec.title), _(spec.family)))
    lines = [f"{spec.name}  ({titles})", f"    {_(spec.summary)}"]
    if spec.paper is not None:
        arxiv = f", arXiv {spec.paper.arxiv}" if spec.paper.arxiv else ""
        lines.append(f"    {spec.paper.authors}: {spec.paper.title}, {spec.paper.venue}{arxiv}")
    lines += [f"    {_line(param)}" for param in spec.params]
    return "\n".join(lines)


def _line(param: Param) -> str:
    facts = [_("default {value}").format(value=_word(param.default))]
    if param.published:
        published = _(", ").join(_word(value) for value in param.published)
        facts.append(_("published {values}").format(values=published))
    if param.choices:
        facts.append(_("one of {choices}").format(choices=_(", ").join(param.choices)))
    elif param.min is not None and param.max is not None:
        facts.append(_("{least:g} to {most:g}").format(least=param.min, most=param.max))
    if param.unit:
        facts.append(_(param.unit))
    if param.effect == "restart":
        facts.append(_("needs a restart"))
    return f"{param.name:<12} " + _("; ").join(facts)


def _word(value: Value) -> str:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return value if isinstance(value, str) else f"{value:g}"
