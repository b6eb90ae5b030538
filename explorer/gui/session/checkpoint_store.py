"""CheckpointStore: the checkpoints of the live run, so that it can be continued from any of its steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from explorer.analysis.frames.history import History
from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.protocol import messages as m
from explorer.core.recording.growing import GrowingRecording
from explorer.core.recording.header import Parent, RunHeader, new_header, new_run_id
from explorer.core.settings.config import RunConfig
from explorer.export.origin import RunOrigin, losses_in, origin_of
from explorer.gui.session.continuation import Continuation, KeptState, RunPast, caution
from explorer.gui.session.process.data_digest import DataDigest

MOST_BYTES = 32 << 20
"""Of all checkpoints in memory together: 32 of the default network."""
_FEWEST = 2
"""Checkpoints that are kept however large they are: the first and the newest."""
_DIGEST_SECONDS = 0.05
"""How long the thread of the window waits for the digest of the data set."""


class _Kept(Struct, frozen=True):
    """A checkpoint in memory, or None for one that only the file has, and how to read its data."""

    step: int
    config_seq: int
    checkpoint: m.Checkpoint | None
    read: Callable[[], bytes]


class CheckpointStore:
    """Keeps the checkpoints and the changes of settings of one run.

    While the run is recorded, checkpoints are in memory until they are written, and the newest stays. Without
    a file, or once it has ended, those between the closest others are dropped where checkpoints take more
    than `MOST_BYTES`.

    Parameters
    ----------
    started : Started
        The event that announced the run.
    config : RunConfig
        The settings with which it starts.
    digest : DataDigest
        Identifies the data set that it trains on.
    parent : Parent, optional
        The run and the step that it continues.

    Attributes
    ----------
    run : str
        Unique id of the run.
    parent : Parent or None
        The run and the step that it continues.
    """

    def __init__(
        self, started: m.Started, config: RunConfig, digest: DataDigest, parent: Parent | None = None
    ) -> None:
        self.run = new_run_id()
        self.parent = parent
        self._started, self._first, self._digest = started, config, digest
        self._seq = started.config_seq
        self._changes: list[m.SettingChange] = []
        self._kept: list[_Kept] = []
        self._file: GrowingRecording | None = None
        self._written = 0  # of the checkpoints in the file, those that are known here

    def take(self, checkpoint: m.Checkpoint) -> None:
        """Keep a checkpoint, in which the last configuration that was noted is in force."""
        self._leave_to_file()
        read = partial(bytes, checkpoint.data)
        self._kept.append(_Kept(checkpoint.step, self._seq, checkpoint, read))
        while len(in_memory := self._in_memory) > _FEWEST and self._bytes > MOST_BYTES:
            del self._kept[self._closest(in_memory)]

    def read_from(self, file: GrowingRecording) -> None:
        """Read checkpoints from the file that records the run from now on, once they are in it."""
        self._file, self._written = file, 0

    def note_change(self, event: m.Configured, config: RunConfig | None) -> None:
        """Note that a configuration is in force now; None where it is not known."""
        self._seq = event.config_seq
        if config is not None:
            self._changes.append(m.SettingChange(event.config_seq, event.step, config))

    @property
    def settings(self) -> tuple[RunConfig, tuple[m.SettingChange, ...]]:
        """The settings with which it started, and all changes of them."""
        return self._first, tuple(self._changes)

    def path(self, config_seq: int) -> tuple[RunConfig | None, tuple[m.SettingChange, ...]]:
        """Return what led to the configuration of a number: the first settings, and all changes up to it.

        The first settings are None for a run that was itself continued.
        """
        changes = tuple(change for change in self._changes if change.seq <= config_seq)
        return None if self._started.step else self._first, changes

    def header(self, config: RunConfig) -> RunHeader:
        """Return the header of its recording, which starts with ``config``; waits until its data are read."""
        return self._header(config, None)

    def header_now(self, config: RunConfig) -> RunHeader:
        """Return its header; the digest of the data set is empty where it will be long in coming."""
        return self._header(config, _DIGEST_SECONDS)

    def origin(self, snapshot: Snapshot, history: History) -> RunOrigin | None:
        """Return how the run came to a frame; None for a run that was itself continued."""
        first, changes = self.path(snapshot.config_seq)
        if first is None:
            return None
        header = self.header_now(first)
        return origin_of(snapshot.config, losses_in(history), header, self._started, changes, snapshot.step)

    def continuation(self, snapshot: Snapshot) -> Continuation:
        """Return how the run can be continued from a frame; raises as `RunPast.continuation`."""
        past = RunPast(
            run=self.run,
            first=None if self._started.step else self._first,
            changes=self._changes,
            states=[KeptState(kept.step, kept.config_seq, kept.read) for kept in self._kept],
            threads=self._started.threads,
            caution=caution(self._started),
        )
        return past.continuation(snapshot)

    def from_seed(self, config: RunConfig) -> Continuation:
        """Return how a run with other settings begins from its seed, as a branch of this one."""
        return Continuation(
            parent=Parent(self.run, 0),
            elapsed=0.0,
            config=config,
            start=0,
            checkpoint=b"",
            first=config,
            changes=(),
            threads=self._started.threads,
            data_digest="",
            caution=caution(self._started),
        )

    def _header(self, config: RunConfig, seconds: float | None) -> RunHeader:
        digest = self._digest.wait(seconds)
        return new_header(config, run=self.run, parent=self.parent, data_digest=digest)

    def _leave_to_file(self) -> None:
        """Let go of the checkpoints that the file has by now."""
        if self._file is None:
            return
        for written in self._file.log.checkpoints[self._written :]:
            self._written += 1
            for index in self._in_memory:
                if self._kept[index].checkpoint is written.checkpoint():  # a step may have two
                    read = partial(self._file.checkpoint, written.offset)
                    self._kept[index] = replace(self._kept[index], checkpoint=None, read=read)

    @property
    def _in_memory(self) -> list[int]:
        """Indices of the checkpoints that are in memory."""
        return [index for index, kept in enumerate(self._kept) if kept.checkpoint is not None]

    def _closest(self, indices: list[int]) -> int:
        """Return the index of the one of these checkpoints without which the shortest gap is left."""
        steps = [kept.step for kept in self._kept]
        return min(indices[1:-1], key=lambda index: steps[index + 1] - steps[index - 1])

    @property
    def _bytes(self) -> int:
        return sum(len(kept.checkpoint.data) for kept in self._kept if kept.checkpoint is not None)
