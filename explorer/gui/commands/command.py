"""Command: an entry of the command table, with its texts, its shortcuts and what it calls."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Generic, Literal, TypeVar

from msgspec import Struct
from PySide6.QtGui import QKeySequence

from explorer.core.texts import _
from explorer.gui.commands.command_state import CommandState, always
from explorer.gui.commands.keymap import Keys, keymap
from explorer.gui.theme.icon_shapes import IconName
from explorer.gui.theme.tooltips import wrapped

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
    "table",
    "pad",
    "legend",
    "button",
    "tick-menu",
    "number-field",
    "labs",
    "lab-point",
    "drawn-curve",
    "palette",
]
"""Where a shortcut acts: in the whole window, or in one kind of widget while that has the focus."""

_MNEMONIC = re.compile(r"\(&\w\)")
"""A mnemonic that is no letter of the text."""

T_contra = TypeVar("T_contra", contravariant=True)


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
        Portable names of `QKeySequence`; the first one is shown. A person can give it other ``keys``.
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
    aliases : tuple of str
        What else a person may type to find it, in English.
    repeats : bool
        Whether it goes on while its key is held, as a step does; what is switched would flicker.
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
    aliases: tuple[str, ...] = ()
    repeats: bool = False

    @property
    def keys(self) -> Keys:
        """The keys that it has: ``shortcuts``, or those that a person has given to it."""
        return keymap().keys_of(self.id, self.shortcuts)

    @property
    def name(self) -> str:
        """Translated text without mnemonic and ellipsis, as a button or a list shows it."""
        return plain(_(self.text)).removesuffix("…")


def command_at(
    context: Context,
    name: str,
    text: str,
    tip: str,
    *shortcuts: str,
    group: str = "",
    overrides: tuple[str, ...] = (),
) -> Command[object]:
    """Return a command of a plot or control; neighbours of one ``group`` share a line in the list of keys."""
    return Command(
        id=f"{context}.{name}",
        text=text,
        tip=tip,
        shortcuts=shortcuts,
        context=context,
        group=group or name,
        overrides=overrides,
    )


def plain(text: str) -> str:
    """Return the text of a menu entry without its mnemonic, as in "&Open…" and "打开(&O)…"."""
    return _MNEMONIC.sub("", text).replace("&&", "\0").replace("&", "").replace("\0", "&")


def tip_with_key(command: Command[T_contra]) -> str:
    """Return the tooltip of a button, with the key that does the same: "Train one step (.)"."""
    tip = _(command.tip).rstrip(".。")
    with_key = _("{tip} ({key})").format(tip=tip, key=key_text(command)) if command.keys else tip
    return wrapped(with_key)


def key_text(command: Command[T_contra]) -> str:
    """Return the first key of a command as the platform writes it, its name where it has none."""
    return native(command.keys[0]) if command.keys else command.name


def native(key: str) -> str:
    """Return a key as the platform writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
