"""CommandState: what decides which commands can be used, and the conditions that commands name."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from explorer.gui.session.run_control import Phase

GuideState = Literal["", "tour", "challenge", "passed"]
"""The guide of a window: none, a tour, a challenge or the check of one, or a challenge that is passed."""


class CommandState(Struct, frozen=True):
    """What decides which commands are enabled: where the run stands, which frame is shown, and so on."""

    phase: Phase = "ready"
    has_selection: bool = False
    has_own_colors: bool = False
    recorded: bool = False
    live: bool = True
    can_look_back: bool = False
    in_space: bool = False
    guide: GuideState = ""
    can_undo: bool = False
    can_redo: bool = False


def always(_state: CommandState) -> bool:
    """Return True: the command is never greyed out."""
    return True


def can_step(state: CommandState) -> bool:
    """Return whether a single step is possible: the run is shown, is not running and has not failed."""
    return state.phase in ("ready", "paused", "finished") and not state.recorded


def is_live_run(state: CommandState) -> bool:
    """Return whether the live run is shown, at whichever frame."""
    return not state.recorded


def is_elsewhere(state: CommandState) -> bool:
    """Return whether something else than the newest frame of the live run is shown."""
    return not state.live


def can_continue(state: CommandState) -> bool:
    """Return whether there is a frame to continue from: an earlier one of the live run, or a recorded one."""
    return not state.live and state.phase != "restoring"


def can_look_back(state: CommandState) -> bool:
    """Return whether there is more than one frame to show."""
    return state.can_look_back


def is_in_space(state: CommandState) -> bool:
    """Return whether features are shown in three dimensions."""
    return state.in_space


def is_guided(state: CommandState) -> bool:
    """Return whether a guide is open in the window."""
    return state.guide != ""


def is_toured(state: CommandState) -> bool:
    """Return whether a tour is open in the window, whose steps a person can go through."""
    return state.guide == "tour"


def is_challenged(state: CommandState) -> bool:
    """Return whether a challenge, or the check of a result, is open in the window."""
    return state.guide not in ("", "tour")


def has_result(state: CommandState) -> bool:
    """Return whether the challenge in the window is passed."""
    return state.guide == "passed"


def has_selection(state: CommandState) -> bool:
    """Return whether images are selected."""
    return state.has_selection


def has_own_colors(state: CommandState) -> bool:
    """Return whether a class has a colour that is not its palette's."""
    return state.has_own_colors


def can_undo(state: CommandState) -> bool:
    """Return whether there is a change to undo."""
    return state.can_undo


def can_redo(state: CommandState) -> bool:
    """Return whether there is an undone change to make again."""
    return state.can_redo
