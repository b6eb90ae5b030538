"""Writes the file of a lesson that begins with what a window shows, with remarks on what to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec
import tomli_w

from explorer.core.params import Value
from explorer.core.settings.config import RunConfig, flatten, usual_values
from explorer.core.texts import _
from explorer.gui.data_sets.fitting import OF_THIS_MACHINE
from explorer.gui.lessons.lesson import VERSION
from explorer.gui.lessons.parts import PANELS, PARTS

if TYPE_CHECKING:
    from explorer.gui.app import App


def lesson_document(app: App) -> str:
    """Return the file of a lesson: settings and options that are no defaults, and panels, as they are now."""
    window = app.window
    known = [panel for panel in PANELS if panel in {panel.id for panel in window.panels}]
    front = [panel for panel in known if window.is_panel_open(panel) and window.is_in_front(panel)]
    closed = [panel for panel in known if not window.is_panel_open(panel)]
    parts = (
        "+++",
        *_remark(_("A lesson for Loss Explorer. Change what you like, and open it with:")),
        *_remark("    loss-explorer gui --lesson FILE"),  # not shown: a command
        _line("version", VERSION),
        _line("title", _("My lesson")),
        _line("about", _("What it is about, in one sentence.")),
        "",
        *_remark(_("Language of the window; without this line, that of the computer.")),
        _line("language", app.language.code),
        *_remark(_("Whether everything is written larger, for a projector.")),
        _line("large_type", True),
        *_remark(_("Seconds without a key or the mouse after which it starts again; 0 for never.")),
        _line("idle", 120),
        "",
        *_remark(_("What students do not see. All that can be hidden:")),
        *_remark(", ".join(PARTS)),
        _line("hidden", closed),
        *_remark(_("What is in front at the start.")),
        _line("show", front),
        "",
        *_remark(_("Settings at the start; the others are defaults.")),
        "[settings]",
        *_lines(_changed_settings(app.run.config)),
        "",
        *_remark(_("Display options at the start.")),
        "[options]",
        *_lines(_changed_options(app)),
        "",
        *_remark(_("The steps. Each has a section of this name below, with its text.")),
        "[[steps]]",
        _line("id", "look"),
        *_remark(_("What must happen before “Next” lights up, for example:")),
        '# until = [{ figure = "accuracy", at_least = 0.95 }]',
        "",
        "[[steps]]",
        _line("id", "try"),
        *_remark(_("What the program does when the step begins, for example:")),
        '# set = { "loss.margin" = 0.3 }',
        '# run = ["restart", "start"]',
        "+++",
        "",
        "<!--",
        _("The texts, in Markdown, with formulas as in $a^2+b^2$. Remarks like this are left out."),
        "-->",
        "",
        "## look",
        "",
        _("What do you see? What will happen if you press Start?"),
        "",
        "## try",
        "",
        _("Change something, and watch."),
        "",
    )
    return "\n".join(parts)


def _changed_settings(config: RunConfig) -> dict[str, Value]:
    """Return the settings that are no defaults, but for those of this machine; the loss in any case."""
    usual = usual_values(config)
    found = {name: value for name, value in flatten(config).items() if usual[name] != value}
    found = {"loss.name": config.loss.name, **found}
    return {name: value for name, value in found.items() if name not in OF_THIS_MACHINE}


def _changed_options(app: App) -> dict[str, Value]:
    """Return the display options that are no defaults and can be written in one line."""
    found: dict[str, Value] = {}
    for view_id, view in app.pane.views.items():
        before = msgspec.to_builtins(type(view.options)())
        for name, value in msgspec.to_builtins(view.options).items():
            if value != before[name] and isinstance(value, bool | int | float | str):
                found[f"{view_id}.{name}"] = value
    return found


def _lines(values: Mapping[str, Value]) -> Iterator[str]:
    return (_line(name, value) for name, value in values.items())


def _line(name: str, value: Value | list[str]) -> str:
    """Return a line of TOML; a name with a dot is that of a value in a table."""
    if isinstance(value, list):
        return f"{name} = [{', '.join(map(_written, value))}]"
    return f"{name} = {_written(value)}"


def _written(value: object) -> str:
    return tomli_w.dumps({"value": value}).strip().removeprefix("value = ")


def _remark(words: str) -> Iterator[str]:
    """Yield lines of a remark in TOML, as wide as the file."""
    line = "#"
    for word in words.split(" "):
        if len(line) + len(word) > 100:
            yield line
            line = "#"
        line += f" {word}"
    yield line
