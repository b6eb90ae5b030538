"""Problem: why a run failed, for people, and how it can go on."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from explorer.core.params import Value
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text
from explorer.gui.session.continuation import Continuation


class WayBack(Struct, frozen=True):
    """A step before a run went wrong, and the settings to go on with from there, by their dotted names.

    ``undoes`` tells whether they take back what was changed last; else a restart with them is surer.
    """

    continuation: Continuation
    changes: Mapping[str, Value]
    undoes: bool

    @property
    def step(self) -> int:
        """The step."""
        return self.continuation.parent.step


class Branch(Struct, frozen=True):
    """A run that may go better: the settings to train with, from a step that is well or from the seed."""

    continuation: Continuation
    config: RunConfig


class Problem(Struct, frozen=True):
    """Why a run failed.

    ``details`` are such as a traceback, ``remedy`` maps dotted names to values with which a restart helps,
    from a ``way_back`` the run can go on, and ``branches`` can be compared, each with another remedy.
    """

    text: Text
    details: str = ""
    remedy: Mapping[str, Value] = field(default_factory=dict)
    way_back: WayBack | None = None
    branches: tuple[Branch, ...] = ()
