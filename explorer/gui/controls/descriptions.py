"""Settings in words: accessible names, labels and tooltips."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.params import Param, ParamError, Value
from explorer.core.settings.config import RunConfig, find_param
from explorer.core.texts import N_, Text, _, in_sentence
from explorer.gui.controls.stops import format_number

_ADVICE = {
    N_("{name} = {value!r} is not a number."): N_("Enter a number."),
    N_("{name} = {value!r} must be a whole number."): N_("Enter a whole number."),
    N_("{name} = {value} is below its minimum of {limit}."): N_("The minimum is {limit}."),
    N_("{name} = {value} is above its maximum of {limit}."): N_("The maximum is {limit}."),
}
"""What to say of a refused value beside its field, where name and value are in sight."""


def advice(error: ParamError) -> str:
    """Return why a value is refused, for a place beside its field."""
    short = _ADVICE.get(error.text.message)
    return str(error) if short is None else str(Text(short, error.text.values))


def value_text(param: Param, value: Value) -> str:
    """Return a value as a person would write it, with its unit."""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, str):
        return _(param.title(value)) if value else _("none")
    if param.zero and value == 0:
        return _(param.zero)
    return " ".join(filter(None, (format_number(value), _(param.shown_unit))))


def spoken_name(param: Param) -> str:
    """Return the accessible name, such as ``"Margin m in rad"``."""
    name = f"{_(param.label)} {param.symbol}".strip()
    return _("{name} in {unit}").format(name=name, unit=_(param.shown_unit)) if param.shown_unit else name


def symbol_html(param: Param) -> str:
    """Return the symbol in italics, what follows an underscore as an index, as rich text."""
    letter, _, index = escape(param.symbol).partition("_")
    return f"<i>{letter}<sub>{index}</sub></i>" if index else f"<i>{letter}</i>"


def label_html(param: Param) -> str:
    """Return the label with its symbol in italics and its unit, as rich text."""
    symbol = f" {symbol_html(param)}" if param.symbol else ""
    unit = f" ({escape(_(param.shown_unit))})" if param.shown_unit else ""
    return f"{escape(_(param.label))}{symbol}{unit}"


def tooltip(param: Param) -> str:
    """Return what the parameter does, its symbol, unit, range, default and published values, as rich text."""
    facts: list[tuple[str, str]] = []
    if param.symbol:
        facts.append((_("Symbol"), symbol_html(param)))
    if param.unit:
        facts.append((_("Unit"), escape(_(param.unit))))
    if param.min is not None and param.max is not None:
        limits = {"least": format_number(param.min), "most": format_number(param.max)}
        facts.append((_("Range"), _("{least} to {most}").format(**limits)))
    elif param.choices:
        facts.append(
            (_("Choices"), escape(_(", ").join(value_text(param, choice) for choice in param.choices)))
        )
    defaults = _(", ").join(value_text(param, value) for value in param.defaults)
    facts.append((_("Default"), escape(defaults)))
    if param.published:
        published = _(", ").join(value_text(param, value) for value in param.published)
        facts.append((_("Published"), escape(published)))
    live = param.effect == "live"
    facts.append((_("Applies"), _("at the next step") if live else _("after a restart")))
    rows = "".join(f"<tr><td>{name}:&nbsp;&nbsp;</td><td>{text}</td></tr>" for name, text in facts)
    return f"<p><b>{escape(_(param.label))}</b></p><p>{escape(_(param.help))}</p><table>{rows}</table>"


def loss_tooltip(spec: LossSpec, formula: str) -> str:
    """Return a loss' title, its formula, which is rich text already, and its summary, as rich text."""
    shown = f"<p>{formula}</p>" if formula else ""
    return f"<p><b>{escape(_(spec.title))}</b></p>{shown}<p>{escape(_(spec.summary))}</p>"


def citation_html(paper: Paper) -> str:
    """Return authors, title, venue and year, and a link to arXiv where there is one, as rich text."""
    link = f'<a href="https://arxiv.org/abs/{paper.arxiv}">arXiv:{paper.arxiv}</a>' if paper.arxiv else ""
    parts = (escape(paper.authors), f"<i>{escape(paper.title)}</i>", escape(paper.venue), link)
    return ". ".join(filter(None, parts)) + "."


def changes_text(changes: Mapping[str, Value], before: RunConfig) -> str:
    """Return settings and their values as a list in words; of another loss, its name alone."""
    config = before.replace(changes)
    return _(", ").join(
        _("{setting} {value}").format(**setting_words(name, value, config))
        for name, value in changes.items()
        if name == "loss.name" or not ("loss.name" in changes and name.startswith("loss."))
    )


def setting_words(name: str, value: Value, config: RunConfig) -> dict[str, str]:
    """Return a setting and its value as they stand within a sentence."""
    spec = config.loss.spec
    param = None if name == "loss.name" else find_param(name, spec)
    label = N_("Loss function") if param is None else param.label
    translated = _(label)
    if translated == label:  # only English is known to write it with a small letter here
        translated = in_sentence(label)
    return {"setting": translated, "value": _(spec.title) if param is None else value_text(param, value)}
