"""Continuation: what leads to a step of a run, so that the run can be continued from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from explorer import __version__
from explorer.analysis.frames.setting_changes import without_superseded
from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.protocol import messages as m
from explorer.core.recording.header import Parent, RecordingError, RunHeader, is_this_machine, torch_version
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text, TextError, plural, text

_SOON = 15.0
"""Seconds of training that are repeated without asking; checkpoints are ten seconds apart."""
_MINUTE = 60.0


class Continuation(Struct, frozen=True, kw_only=True):
    """A step from which a run can be continued.

    Parameters
    ----------
    parent : Parent
        The run and the step.
    elapsed : float
        Seconds of training up to this step.
    config : RunConfig
        The settings in force at this step.
    start : int
        The step from which the run is repeated.
    checkpoint, first, changes, threads, data_digest
        As ``checkpoint``, ``config``, ``changes``, ``threads`` and ``data_digest`` of `Restore`.
    caution : Text, optional
        Why figures can differ from those of the run.
    """

    parent: Parent
    elapsed: float
    config: RunConfig
    start: int
    checkpoint: bytes
    first: RunConfig | None
    changes: tuple[m.SettingChange, ...]
    threads: int
    data_digest: str
    caution: Text | None

    def command(self, seq: int) -> m.Restore:
        """Return the command that brings the run back, with a number for its configuration."""
        return m.Restore(
            seq=seq,
            step=self.parent.step,
            elapsed=self.elapsed,
            checkpoint=self.checkpoint,
            config=self.first,
            changes=self.changes,
            threads=self.threads,
            data_digest=self.data_digest,
        )


class ContinuationError(TextError):
    """A run cannot be continued from a step in the usual way; the message says why.

    Attributes
    ----------
    from_start : Continuation or None
        How it can be all the same, if it is repeated from its start; None where it cannot.
    """

    from_start: Continuation | None = None


class KeptState(Struct, frozen=True):
    """A checkpoint: its step, the number of the configuration in force in it, and how to read its data.

    ``read`` raises RecordingError where the data are damaged.
    """

    step: int
    config_seq: int
    read: Callable[[], bytes]


class RunPast(Struct, frozen=True, kw_only=True):
    """What is known of a run besides its frames.

    Parameters
    ----------
    run : str
        Unique id of the run.
    first : RunConfig, optional
        The settings with which it began from its seed; None for a run that is itself continued.
    changes : sequence of SettingChange
        All changes of its settings, in order.
    states : sequence of KeptState
        Its checkpoints, in order.
    threads : int
        Number of CPU threads that trained it.
    data_digest : str
        SHA-256 of its data set; empty if the data set need not be compared.
    caution : Text, optional
        Why figures of this run cannot be repeated exactly.
    """

    run: str
    first: RunConfig | None
    changes: Sequence[m.SettingChange]
    states: Sequence[KeptState]
    threads: int
    data_digest: str = ""
    caution: Text | None = None

    def continuation(self, snapshot: Snapshot) -> Continuation:
        """Return how the run can be continued from a frame: from the last checkpoint before it.

        Raises
        ------
        ContinuationError
            If no checkpoint can be used.
        """
        problem: Text | None = None
        for state in reversed(self.states):
            if state.step <= snapshot.step and state.config_seq <= snapshot.config_seq:
                try:
                    return self._from(snapshot, state.step, state.config_seq, state.read())
                except RecordingError as error:
                    problem = problem or error.text
        from_start = self._from(snapshot, 0, -1, b"") if self.first is not None else None
        if from_start is not None and problem is None and snapshot.elapsed <= _SOON:
            return from_start
        reason = problem or text("There is no checkpoint at or before step {step:,}.", step=snapshot.step)
        if from_start is None:
            sentence = text("{reason} The run cannot be continued from here.", reason=reason)
        else:
            sentence = text(
                "{reason} The run can be repeated from its start, which takes about {time}.",
                reason=reason,
                time=duration(snapshot.elapsed),
            )
        refusal = ContinuationError(sentence)
        refusal.from_start = from_start
        raise refusal

    def _from(self, snapshot: Snapshot, start: int, known: int, checkpoint: bytes) -> Continuation:
        """Return a continuation from a step at which the configuration of a number is in force."""
        changes = (change for change in self.changes if known < change.seq <= snapshot.config_seq)
        return Continuation(
            parent=Parent(self.run, snapshot.step),
            elapsed=snapshot.elapsed,
            config=snapshot.config,
            start=start,
            checkpoint=checkpoint,
            first=None if checkpoint else self.first,
            changes=without_superseded(changes),
            threads=self.threads,
            data_digest=self.data_digest,
            caution=self.caution,
        )


def caution(started: m.Started, header: RunHeader | None = None) -> Text | None:
    """Return why figures of a run can differ if it is repeated here; None where they are the same.

    ``header`` is that of its recording, where it was opened from a file.
    """
    if header is not None and header.version != __version__:
        return text(
            "This run was recorded with Loss Explorer {version}: the figures of this version can differ.",
            version=header.version,
        )
    if header is not None and header.torch not in ("", torch_version()):
        return text(
            "This run was trained with PyTorch {version}: the figures of {installed} can differ.",
            version=header.torch,
            installed=torch_version(),
        )
    if header is not None and not is_this_machine(header.machine):
        return text("This run was recorded on another machine: figures can differ in the last digits.")
    if started.device != "cpu":
        return text("This run was trained on a GPU: repeated figures can differ in the last digits.")
    return None


def duration(seconds: float) -> Text:
    """Return a time in words, in seconds up to a minute and a half and in minutes beyond."""
    if seconds < 1.5 * _MINUTE:
        return plural("{count} second", "{count} seconds", count=max(1, round(seconds)))
    return plural("{count} minute", "{count} minutes", count=round(seconds / _MINUTE))
