"""Keymap: the keys that a person has given to commands in place of the usual ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from weakref import WeakMethod

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence

from explorer.gui.theme.application import make_application

Keys = tuple[str, ...]
"""Keys of a command, as portable names of `QKeySequence`; the first one is shown."""


class Keymap(QObject):
    """The keys that differ from the table of commands, for all windows of the process.

    Signals
    -------
    keysChanged()
        Commands have other keys.
    """

    keysChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.own: Mapping[str, Keys] = MappingProxyType({})

    def use(self, own: Mapping[str, Keys]) -> None:
        """Use these keys, by the ids of commands; all other commands have those of the table."""
        if own != self.own:
            self.own = MappingProxyType(dict(own))
            self.keysChanged.emit()

    def keys_of(self, id_: str, usual: Keys) -> Keys:
        """Return the keys of a command, which has the keys ``usual`` in the table."""
        return self.own.get(id_, usual)


class KeyListener(QObject):
    """Calls a method once commands have other keys, without keeping its object alive."""

    def __init__(self, act: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._act = WeakMethod(act)
        keymap().keysChanged.connect(self._on_keys_changed)

    def _on_keys_changed(self) -> None:
        act = self._act()
        if act is not None:
            act()


def keymap() -> Keymap:
    """Return the one keymap of the process, made with the first window."""
    application = make_application()
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    found: Keymap | None = application.findChild(Keymap, options=direct)  # the stubs leave out None
    return Keymap(application) if found is None else found


def keys_from(table: object) -> dict[str, Keys]:
    """Return the keys in a table of a file, by the ids of commands.

    Raises
    ------
    ValueError
        If the table is not one of lists of keys, with what is wrong in it.
    """
    if not isinstance(table, dict):
        raise ValueError(repr(table))
    own: dict[str, Keys] = {}
    for id_, names in table.items():
        if not isinstance(names, list):
            raise ValueError(f"{id_} = {names!r}")
        own[id_] = tuple(_key(id_, name) for name in names)
    return own


def _key(id_: str, name: object) -> str:
    """Return the name of a key as Qt writes it."""
    written = QKeySequence(name).toString(_PORTABLE) if isinstance(name, str) else ""
    if not written:
        raise ValueError(f"{id_} = {name!r}")
    return written


_PORTABLE = QKeySequence.SequenceFormat.PortableText
