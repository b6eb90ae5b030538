"""What the arrows of forces mean, in a few sentences."""

from __future__ import annotations

from html import escape

from explorer.analysis.forces.force_frame import ForceFrame
from explorer.core.texts import _
from explorer.gui.plots.style import color
from explorer.gui.state.forces import KnownForces, part_color
from explorer.gui.theme.theme import Rgb, Theme
from explorer.gui.views.features.content import Content


def force_note(content: Content, known: KnownForces, theme: Theme) -> str:
    """Return as rich text which forces are drawn, of which step, or why none are."""
    forces = known.frame
    if known.complaint:
        return escape(known.complaint)
    if forces is None:
        return escape(_("Forces are being computed…"))
    parts = [_what(content, forces)]
    if forces.batch:
        words = _("The loss compares images: here in batches of {count:,}, drawn evenly from the classes.")
        parts.append(escape(words.format(count=forces.batch)))
    if forces.push is None:
        parts.append(
            escape(_("The force of this loss cannot be split into pull and push: only totals are drawn."))
        )
    else:
        words = escape(_("Pointed at or selected: {pull}, {push}."))
        pull = _colored(_("pull"), part_color(theme, "pull"))
        parts.append(words.format(pull=pull, push=_colored(_("push"), part_color(theme, "push"))))
    return " ".join(parts)


def _what(content: Content, forces: ForceFrame) -> str:
    count, step = len(forces.rows), forces.step
    words = (
        _("Component of −∂L/∂x perpendicular to x, divided by ‖x‖, on {count:,} points, step {step:,}.")
        if content.normalized
        else _("Force −∂L/∂x on {count:,} points, step {step:,}.")
    )
    return escape(words.format(count=count, step=step))


def _colored(word: str, rgb: Rgb) -> str:
    style = f"color:{color(rgb).name()};font-weight:bold"
    return f'<span style="{style}">{escape(word)}</span>'  # not shown
