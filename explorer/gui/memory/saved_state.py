"""What a window restores when it starts, and what it does where that failed before."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct

from explorer.core.settings.config import RunConfig
from explorer.gui.data_sets.fitting import on_this_machine
from explorer.gui.library.files import LibraryOptions
from explorer.gui.memory.session_slot import SessionSlot
from explorer.gui.memory.window_memory import Memory, load_memory
from explorer.gui.memory.window_session import Layout, WindowSession, load_session, set_aside

StartMode = Literal["restore", "beside", "retry", "safe", "apart"]
"""Restore what was saved, unless that failed twice in a row; the same for the settings alone, and leave the
last session as it is; restore all in any case; restore nothing; take the look alone and save nothing, as the
window of a guide does."""

MOST_FAILED_STARTS = 2


class SavedState(Struct, frozen=True, eq=False):
    """What was saved, or the defaults.

    Parameters
    ----------
    path : Path
        File of the settings.
    memory : Memory
        Settings, display and layout.
    session : WindowSession
        What the window showed.
    slot : SessionSlot or None
        Where the session is saved; None in safe mode, which saves nothing.
    complaints : tuple of str
        Sentences: which files are damaged.
    offered : bool
        Whether safe mode was chosen because the last starts failed.
    apart : bool
        Whether it is for the window of a guide, of which nothing is remembered.
    """

    path: Path
    memory: Memory
    session: WindowSession = WindowSession()
    slot: SessionSlot | None = None
    complaints: tuple[str, ...] = ()
    offered: bool = False
    apart: bool = False

    def handed_over(self, memory: Memory) -> SavedState:
        """Return the state for a window that takes the place of the one that started with this."""
        return SavedState(self.path, memory, slot=self.slot, apart=self.apart)

    @property
    def layout(self) -> Layout:
        """The layout of the session, or else that of the window that was saved last."""
        return self.session.layout if self.session.layout.docks else self.memory.layout

    @property
    def window_number(self) -> int:
        """What tells the window from others that are open: 1 for the first."""
        return 1 if self.slot is None else self.slot.window_number

    @property
    def safe(self) -> bool:
        """Whether this is safe mode: nothing is restored, and nothing is saved."""
        return not (self.saves or self.apart)

    @property
    def saves(self) -> bool:
        """Whether settings and session of the window are saved."""
        return self.slot is not None


def read_saved_state(memory_path: Path, mode: StartMode) -> SavedState:
    """Read what was saved, count the start, and claim the session for this window.

    Parameters
    ----------
    memory_path : Path
        File of the settings; the sessions are beside it.
    mode : StartMode
        What to restore.
    """
    if mode == "safe":
        return SavedState(memory_path, _SAFE)
    if mode == "apart":
        memory, complaint = load_memory(memory_path)
        return SavedState(
            memory_path, _look_of(memory), complaints=(complaint,) if complaint else (), apart=True
        )
    slot = SessionSlot.claim(memory_path.parent, beside=mode == "beside")
    if mode != "retry" and slot.failed_starts >= MOST_FAILED_STARTS:
        slot.note_offered()
        slot.release()
        return SavedState(memory_path, _SAFE, offered=True)
    slot.note_start()
    memory, settings_complaint = load_memory(memory_path)
    session, session_complaint = load_session(slot.path)
    complaints = tuple(filter(None, (settings_complaint, session_complaint)))
    return SavedState(memory_path, memory, session, slot, complaints)


def discard_saved_state(memory_path: Path) -> None:
    """Rename the settings and the newest session, so that the next start is like the first."""
    slot = SessionSlot.claim(memory_path.parent)
    for path in (memory_path, slot.path):
        set_aside(path)
    slot.note_opened()
    slot.release()


def _look_of(memory: Memory) -> Memory:
    """Return the defaults with the look that a person has chosen, and with what depends on the machine."""
    return Memory(
        config=on_this_machine(RunConfig(), memory.config),
        theme=memory.theme,
        smooth=memory.smooth,
        colors=memory.colors,
        library=memory.library,
        language=memory.language,
        large_type=memory.large_type,
        large_controls=memory.large_controls,
        keys=memory.keys,
        speeds=memory.speeds,
        predict=False,  # a guide asks its own questions
    )


_SAFE = Memory(library=LibraryOptions(limit=0.0))
"""The defaults, without a limit to the library: the person may have chosen a larger one than the default."""
