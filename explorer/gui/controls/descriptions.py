"""Descriptions of settings in words: names for screen readers, labels and tooltips."""

from __future__ import annotations

from html import escape

from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.params import Param, Value
from explorer.gui.controls.stops import format_number


def value_text(param: Param, value: Value) -> str:
    """Return a value as a person would write it, with its unit."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return value
    return " ".join(filter(None, (format_number(value), param.unit)))


def spoken_name(param: Param) -> str:
    """Return the accessible name, such as ``"Margin m in rad"``."""
    unit = f"in {param.unit}" if param.unit else ""
    return " ".join(filter(None, (param.label, param.symbol, unit)))


def symbol_html(param: Param) -> str:
    """Return the symbol in italics, what follows an underscore as an index, as rich text."""
    letter, _, index = escape(param.symbol).partition("_")
    return f"<i>{letter}<sub>{index}</sub></i>" if index else f"<i>{letter}</i>"


def label_html(param: Param) -> str:
    """Return the label with its symbol in italics and its unit, as rich text."""
    symbol = f"&nbsp;{symbol_html(param)}" if param.symbol else ""
    unit = f" ({escape(param.unit)})" if param.unit else ""
    return f"{escape(param.label)}{symbol}{unit}"


def tooltip(param: Param) -> str:
    """Return what the parameter does, its symbol, unit, range, default and published values, as rich text."""
    facts: list[tuple[str, str]] = []
    if param.symbol:
        facts.append(("Symbol", symbol_html(param)))
    if param.unit:
        facts.append(("Unit", escape(param.unit)))
    if param.min is not None and param.max is not None:
        facts.append(("Range", f"{format_number(param.min)} to {format_number(param.max)}"))
    elif param.choices:
        facts.append(("Choices", escape(", ".join(param.choices))))
    facts.append(("Default", escape(value_text(param, param.default))))
    if param.published:
        facts.append(("Published", escape(", ".join(value_text(param, value) for value in param.published))))
    live = param.effect == "live"
    facts.append(("Takes effect", "at the next step" if live else "when the run restarts"))
    rows = "".join(f"<tr><td>{name}:&nbsp;&nbsp;</td><td>{text}</td></tr>" for name, text in facts)
    return f"<p><b>{escape(param.label)}</b></p><p>{escape(param.help)}</p><table>{rows}</table>"


def loss_tooltip(spec: LossSpec) -> str:
    """Return a loss' summary and formula, as rich text."""
    parts = (f"<b>{escape(spec.title)}</b>", escape(spec.summary), f"<tt>{escape(spec.formula)}</tt>")
    return "".join(f"<p>{part}</p>" for part in parts)


def citation_html(paper: Paper) -> str:
    """Return authors, title, venue and year, and a link to arXiv where there is one, as rich text."""
    link = f'<a href="https://arxiv.org/abs/{paper.arxiv}">arXiv:{paper.arxiv}</a>' if paper.arxiv else ""
    parts = (escape(paper.authors), f"<i>{escape(paper.title)}</i>", escape(paper.venue), link)
    return ". ".join(filter(None, parts)) + "."
