"""Command: an entry of the command table, with its texts, its shortcuts and what it calls."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Generic, Literal, TypeVar

from msgspec import Struct
from PySide6.QtGui import QKeySequence

from explorer.core.texts import _
from explorer.gui.session.run_control import Phase
from explorer.gui.theme.icons import IconName

Context = Literal[
    "window",
    "features",
    "axes",
    "space",
    "curves",
    "timeline",
    "histogram",
    "threshold",
    "matrix",
    "gallery",
    "class-table",
    "pad",
    "legend",
    "button",
    "tick-menu",
    "number-field",
    "labs",
    "lab-point",
    "drawn-curve",
]
"""Where a shortcut acts: in the whole window, or in one kind of widget while that has the focus."""

_MNEMONIC = re.compile(r"\(&\w\)")
"""A mnemonic that is no letter of the text."""

T_contra = TypeVar("T_contra", contravariant=True)


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
    guide: GuideState = ""


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


class Menu(Struct, frozen=True):
    """A menu or submenu. ``parent`` is the id of the menu that holds it, empty for the menu bar.

    ``group``: a separator stands between entries of different groups.
    """

    id: str
    text: str
    parent: str = ""
    group: str = ""


class Command(Struct, Generic[T_contra], frozen=True, kw_only=True):
    """One entry of the command table. The texts are message ids: they are translated when they are shown.

    Parameters
    ----------
    id : str
        Unique name with dots, such as "run.step".
    text : str
        Text of the menu entry, with ``&`` before its mnemonic.
    tip : str
        One sentence for the tooltip.
    shortcuts : tuple of str
        Portable names of `QKeySequence`; the first one is shown.
    context : Context
        Where the shortcuts act.
    overrides : tuple of str
        Ids of commands of the window that lose their key to this one while its widget has the focus.
    icon : IconName, optional
        Icon of its button.
    menu : str
        Id of its `Menu`, empty for none.
    group : str
        Neighbours of another group are separated in the menu; neighbours of one group share a line in the
        list of keys.
    choice : str
        Name of the set of commands of which exactly one is checked; empty for none.
    enabled : callable
        When the command can be used.
    calls : callable, optional
        What it does; None where the widget of the context handles the key itself.
    checked : callable, optional
        Whether it is checked; None for a command that is not checkable.
    """

    id: str
    text: str
    tip: str
    shortcuts: tuple[str, ...] = ()
    context: Context = "window"
    overrides: tuple[str, ...] = ()
    icon: IconName | None = None
    menu: str = ""
    group: str = ""
    choice: str = ""
    enabled: Callable[[CommandState], bool] = always
    calls: Callable[[T_contra], object] | None = None
    checked: Callable[[T_contra], bool] | None = None

    @property
    def name(self) -> str:
        """Translated text without mnemonic and ellipsis, as a button or a list shows it."""
        return plain(_(self.text)).removesuffix("…")


def plain(text: str) -> str:
    """Return the text of a menu entry without its mnemonic, as in "&Open…" and "打开(&O)…"."""
    return _MNEMONIC.sub("", text).replace("&&", "\0").replace("&", "").replace("\0", "&")


def tip_with_key(command: Command[T_contra]) -> str:
    """Return the tooltip of a button, with the key that does the same: "Train one step (.)"."""
    tip = _(command.tip).rstrip(".。")
    return _("{tip} ({key})").format(tip=tip, key=key_text(command)) if command.shortcuts else tip


def key_text(command: Command[T_contra]) -> str:
    """Return the first key of a command as the platform writes it."""
    return QKeySequence(command.shortcuts[0]).toString(QKeySequence.SequenceFormat.NativeText)
