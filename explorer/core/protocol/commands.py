"""Commands: what the window wants of the worker."""

from __future__ import annotations

from msgspec import Struct

from explorer.core.protocol.queries import Query
from explorer.core.settings.config import RunConfig

CHECKPOINT_SECONDS = 10.0
"""Usual interval of `SendCheckpoints`."""


class SettingChange(Struct, frozen=True):
    """A change of the configuration: in force from ``step`` on, with the number that frames carry."""

    seq: int
    step: int
    config: RunConfig


class Until(Struct, frozen=True):
    """Where a run stops by itself: at the first of these bounds; None is no bound."""

    step: int | None = None
    epoch: float | None = None
    seconds: float | None = None


class Configure(Struct, frozen=True, tag=True):
    """The requested configuration: live settings apply at the next step, others restart the run."""

    seq: int
    config: RunConfig


class Restart(Struct, frozen=True, tag=True):
    """Restart from the seed with this configuration, even if it has not changed.

    It is one message, because between two the worker could build a trainer with the old configuration.
    """

    seq: int
    config: RunConfig


class Run(Struct, frozen=True, tag=True):
    """Train until another command, or until a bound is reached."""

    until: Until = Until()


class Pause(Struct, frozen=True, tag=True):
    """Pause after the current step and send a frame of it."""


class Advance(Struct, frozen=True, tag=True):
    """Train this many steps, then pause."""

    steps: int = 1


class Ack(Struct, frozen=True, tag=True):
    """The window has drawn the frame of this number: another may be sent."""

    frame: int


class Restore(Struct, frozen=True, tag=True):
    """Bring back a run as it was after ``step``, as a new run that waits there.

    The run begins from ``checkpoint``, the data of a `Checkpoint` of that step or an earlier one; without one
    from its seed with ``config``, on ``threads`` CPU threads. Then the steps up to ``step`` are repeated,
    with ``changes`` in force from their steps on: on the same CPU bit for bit. ``seq`` is the number of the
    configuration that is in force then, and ``elapsed`` the seconds of training up to that step. With a
    ``data_digest`` (SHA-256), the files of the data set must still have it.

    `Restoring` reports progress, `Started` the end, and `Failed` with ``seq`` an error. Until then the run
    before is kept; a command that changes, trains or pauses it cancels this one: see `RestoreCancelled`.
    """

    seq: int
    step: int
    elapsed: float
    checkpoint: bytes = b""
    config: RunConfig | None = None
    changes: tuple[SettingChange, ...] = ()
    threads: int = 0
    data_digest: str = ""


class SendCheckpoints(Struct, frozen=True, tag=True):
    """Send a `Checkpoint` now, at the start and end of a run, after changes of settings, and regularly.

    ``every`` is the interval in seconds of training, which grows in a long run; None stops sending.
    """

    every: float | None = None


class Shutdown(Struct, frozen=True, tag=True):
    """End the process."""


Command = Configure | Restart | Run | Pause | Advance | Ack | Query | Restore | SendCheckpoints | Shutdown
