"""The parts of the window that a lesson can hide: a closed set, without Qt."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

PANELS = (
    "settings",
    "angles",
    "margin-curve",
    "two-classes",
    "verification",
    "curves",
    "classes",
    "samples",
    "quality",
    "draw",
    "log",
    "theory",
    "runs",
    "events",
)
"""Ids of all panels that can be closed, in the order of the menu."""
GROUPS: Mapping[str, str] = MappingProxyType(
    {"network": "network", "optimizer": "optimizer", "data": "data", "stressors": "stressors", "run": ""}
)
"""Groups of settings, and their section; that of the loss is a part, too."""


class Part(Struct, frozen=True):
    """What goes with a part, besides what `hiding` does to widgets: ids of menus and of commands."""

    menus: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


PARTS: Mapping[str, Part] = MappingProxyType(
    {
        **{panel: Part(commands=(f"panel.{panel}",)) for panel in PANELS},
        "theory": Part(commands=("panel.theory", "help.search", "help.loss", "help.contents")),
        **{f"menu:{menu}": Part(menus=(menu,)) for menu in ("file", "edit", "run", "time", "view", "help")},
        "settings:loss": Part(commands=("run.loss",)),
        **{f"settings:{group}": Part() for group in GROUPS},
        "presets": Part(menus=("presets",)),
        "compare": Part(menus=("compare",)),
        "timeline": Part(menus=("time",)),
        "language": Part(menus=("language",)),
        "labs": Part(commands=("labs.open",)),
        "predictions": Part(commands=("help.predict",)),
        "batch": Part(commands=("run.batch",)),
        "files": Part(commands=("recording.open", "pad.open")),
        "images": Part(commands=("image.copy-view", "image.copy-window", "image.save")),
    }
)
"""All that can be hidden, by the name in a lesson."""
ALWAYS = Part(
    menus=("tours", "challenges"),
    commands=("guide.leave", "lesson.save", "lesson.copy-link", "window.palette"),
)
"""What no lesson shows: what opens or makes another one or a tour, leaves it, or finds what is hidden."""
KEPT = ("window.quit", "guide.next", "guide.back")
"""Commands whose keys act even where their menu is hidden."""
