"""The commands that move along the frames of a run, play them, and return to the live run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from explorer.core.texts import N_
from explorer.gui.commands.command import Command, Menu
from explorer.gui.commands.command_state import can_look_back, is_elsewhere
from explorer.gui.commands.plot_commands import plot_command
from explorer.gui.timeline.bar import SPEED_TEXTS

if TYPE_CHECKING:
    from explorer.gui.app import App

MOVES = (
    ("back", N_("P&revious frame"), "Alt+Left", "frame"),
    ("forward", N_("&Next frame"), "Alt+Right", "frame"),
    ("previous-mark", N_("Previous &change or event"), "Alt+PgUp", "change"),
    ("next-mark", N_("Next change or &event"), "Alt+PgDown", "change"),
    ("first", N_("&First frame"), "Alt+Home", "end"),
    ("last", N_("Ne&west frame"), "Alt+End", "end"),
)
"""Name of the command of the timeline that does the same, text, key in the whole window, and group."""


def timeline() -> Iterator[Menu | Command[App]]:
    """Yield the menu of time and its commands."""
    yield Menu("time", N_("&Time"))
    yield Command(
        id="time.play",
        text=N_("&Play/Pause"),
        tip=N_("Play the frames of the run, or pause at one."),
        shortcuts=("Shift+Space",),
        menu="time",
        group="play",
        enabled=can_look_back,
        calls=lambda app: app.viewer.playback.toggle(),
    )
    yield Command(
        id="time.loop",
        text=N_("&Loop"),
        tip=N_("Play the frames again and again."),
        menu="time",
        group="play",
        calls=lambda app: app.viewer.playback.set_loop(not app.viewer.playback.loop),
        checked=lambda app: app.viewer.playback.loop,
    )
    yield Menu("speed", N_("&Speed"), parent="time", group="play")
    yield from (_speed(speed, text) for speed, text in SPEED_TEXTS.items())
    yield from (_move(*row) for row in MOVES)
    yield Command(
        id="time.live",
        text=N_("&Back to the live run"),
        tip=N_("Show the newest frame of the live run."),
        shortcuts=("Ctrl+L",),
        menu="time",
        group="live",
        enabled=is_elsewhere,
        calls=lambda app: app.viewer.show_live(),
    )


def _speed(speed: float, text: str) -> Command[App]:
    return Command(
        id=f"time.speed-{speed:g}",
        text=text,
        tip=N_("Play the frames at this speed; at 1× they come as they were trained."),
        menu="speed",
        choice="speed",
        calls=lambda app: app.viewer.playback.set_speed(speed),
        checked=lambda app: app.viewer.playback.speed == speed,
    )


def _move(name: str, text: str, key: str, group: str) -> Command[App]:
    command = f"timeline.{name}"
    return Command(
        id=f"time.{name}",
        text=text,
        tip=plot_command(command).tip,
        shortcuts=(key,),
        menu="time",
        group=group,
        enabled=can_look_back,
        calls=lambda app: app.viewer.go(command),
        repeats=True,
    )
