"""Run: owns the configuration, state and history of a live run."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from explorer.analysis.frames.history import History
from explorer.analysis.frames.run_columns import keep_frame
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.core.params import Value
from explorer.core.protocol import messages as m
from explorer.core.recording.header import Parent
from explorer.core.settings.config import ConfigError, RunConfig
from explorer.core.texts import Text, text
from explorer.export.origin import RunOrigin
from explorer.gui.drawing.later import call_later
from explorer.gui.session.checkpoint_store import CheckpointStore
from explorer.gui.session.continuation import Continuation, ContinuationError
from explorer.gui.session.embedding import EmbedQueries
from explorer.gui.session.frame_store import FrameStore
from explorer.gui.session.problem import Problem
from explorer.gui.session.process.data_digest import DataDigest
from explorer.gui.session.process.divergence import divergence, failure, is_failure
from explorer.gui.session.queries.force_queries import ForceQueries
from explorer.gui.session.queries.run_queries import RunQueries
from explorer.gui.session.run_control import Restoring, RunControl
from explorer.gui.session.worker_client import WorkerClient


class Run(RunControl):
    """A live run: what is asked of it, what its worker reports, and its frames.

    Signals
    -------
    problemOccurred(object)
        A `Problem`.
    noticed(Text)
        A message for the status line.
    continued(object)
        The first frame of a continued run is there, by this `Continuation`.
    restoreFailed(object)
        A `Problem`: a run could not be brought back, and this one is as it was.
    failureNoticed(object)
        A `Problem`: the run goes on, but comes to nothing.
    stalledChanged(bool)
        The worker does not respond any more, or it does again.

    Attributes
    ----------
    started : Started or None
        The event that announced the run; None before it.
    devices : tuple of Device
        Devices of the worker; empty before it has sent them.
    batch_queries : BatchQueries
        Looks at the batch of the next step.
    store : FrameStore
        Its frames.
    checkpoints : CheckpointStore or None
        Its checkpoints, its id and its parent; None before it starts.
    """

    problemOccurred = Signal(object)
    noticed = Signal(object)
    continued = Signal(object)
    restoreFailed = Signal(object)
    stalledChanged = Signal(bool)
    failureNoticed = Signal(object)

    def __init__(self, client: WorkerClient, config: RunConfig, parent: QObject | None = None) -> None:
        super().__init__(client, config, parent)
        self.started: m.Started | None = None
        self.devices: tuple[m.Device, ...] = ()
        self._queries = queries = RunQueries(client, lambda: self.training, self)
        self.embed_queries: EmbedQueries = queries.embed
        self.batch_queries = queries.batch
        self.force_queries: ForceQueries = queries.force
        self._number = 0  # of the run, as its events carry it
        self.store = FrameStore(self.noticed.emit)
        self.steps, self.elapsed = self.store.steps, self.store.elapsed
        self.checkpoints: CheckpointStore | None = None
        self._digest: DataDigest | None = None
        self._continued: Continuation | None = None  # until its first frame
        client.eventReceived.connect(self._on_event)
        client.died.connect(self._on_client_died)
        client.stalledChanged.connect(self.stalledChanged)

    @property
    def starting(self) -> bool:
        """Whether the worker is there, and its first frame is not."""
        return self._client.alive and self.snapshot is None and self.phase != "failed"

    @property
    def threads(self) -> int:
        """Number of CPU threads that train it; 0 on a GPU, and before the run starts."""
        return self.started.threads if self.started is not None and self.started.device == "cpu" else 0

    def frame(self, index: int) -> Snapshot:
        """Return a frame; raises LookupError for one that is not kept, or cannot be read from its file."""
        return self.store.frame(index)

    def continuation(self, snapshot: Snapshot) -> Continuation:
        """Return how this run can be continued from one of its frames; raises ContinuationError."""
        if self.checkpoints is None:
            raise ContinuationError("This run has not started, so it cannot be continued.")
        return self.checkpoints.continuation(snapshot)

    def origin(self, snapshot: Snapshot) -> RunOrigin | None:
        """Return how this run came to one of its frames; None for one that was continued."""
        kept = self.checkpoints
        return kept.origin(snapshot, self.history) if kept is not None and len(self.history) else None

    def close(self) -> None:
        """End the worker."""
        self._stop_sending()
        self._queries.stop()
        self._client.stop()
        self.store.close()

    def _forget(self) -> None:
        """Reset the state of the previous run."""
        self._sent.forget()
        self.probe = None
        self.started, self._number, self.checkpoints = None, 0, None
        self._continued = None
        self._end_restoring()
        self.snapshot = None
        self.store.clear()
        self.history = History()
        self._queries.set_run(None)
        self.snapshotChanged.emit()

    def _on_event(self, event: m.Event) -> None:
        """Handle an event, unless the run that it is of has been restarted since the worker sent it."""
        match event:
            case m.Hello(devices=devices):
                self.devices = devices
                self._client.send(m.SendCheckpoints(m.CHECKPOINT_SECONDS))
                self.stateChanged.emit()
            case m.Started() | m.Restoring() | m.RestoreCancelled():
                self._on_beginning(event)
            case m.Frame():
                self._on_frame(event)
            case m.Notice() | m.Finished() | m.Configured() | m.Checkpoint() if event.run == self._number:
                self._on_progress(event)
            case m.Failed():
                self._on_failed(event)
            case m.Embedded() | m.BatchExamined() | m.ForcesExamined():
                self._queries.take(event, self._number)

    def _on_beginning(self, event: m.Started | m.Restoring | m.RestoreCancelled) -> None:
        """Handle what concerns the beginning of a run, the one that is requested or one that is restored."""
        restoring = self.restoring
        if restoring is not None and event.config_seq == restoring.seq:
            match event:
                case m.Restoring(step=step):
                    self.restoring = replace(restoring, step=step)
                    self.stateChanged.emit()
                case m.RestoreCancelled():
                    self._give_up_restoring(restoring)
                case m.Started():
                    self.restoring = None
                    self._take_restored(event, restoring.continuation)
        elif isinstance(event, m.Started) and event.config_seq in self._sent:
            self._on_started(event)
        elif isinstance(event, m.Started) and restoring is not None:
            for replaced in restoring.replaced:
                if event.config_seq == replaced.seq:  # it came just before it was replaced
                    config = replaced.continuation.config
                    self.restoring = replace(restoring, before="paused", config=config)
                    self._take_restored(event, replaced.continuation)

    def _on_progress(self, event: m.Notice | m.Finished | m.Configured | m.Checkpoint) -> None:
        assert self.checkpoints is not None, "the run has been announced"
        match event:
            case m.Notice(kind="diverged"):
                self.history.events.take_divergence(event.step)
                remedy = self.applicable(event.remedy)
                self._stop_with(divergence(event, remedy, self.checkpoints, self.store, self.history))
            case m.Notice():
                self.noticed.emit(event.text)
            case m.Finished():
                self._set_phase("finished")
            case m.Configured():
                self.checkpoints.note_change(event, self._sent.find(event.config_seq))
            case m.Checkpoint():
                self.checkpoints.take(event)

    def _on_failed(self, failed: m.Failed) -> None:
        restoring = self.restoring
        if failed.where == "Restore":
            if restoring is not None and failed.config_seq == restoring.seq:  # else another has replaced it
                self._give_up_restoring(restoring)
                self.restoreFailed.emit(Problem(failed.what, failed.traceback))
        elif failed.where != "training":
            if not self._queries.refuse(failed):
                self.problemOccurred.emit(Problem(failed.what, failed.traceback))
        elif failed.config_seq in self._sent:  # not of a run that has been restarted since
            self._sent.forget_before(failed.config_seq + 1)  # the worker still tries those on their way
            self._stop_with(Problem(failed.what, failed.traceback, self.applicable(failed.remedy)))

    def _on_started(self, started: m.Started, parent: Parent | None = None) -> None:
        self.started, self._number = started, started.run
        config = self._sent[started.config_seq]
        self._digest = DataDigest(config.data.source, self._digest)
        self.checkpoints = CheckpointStore(started, config, self._digest, parent)
        self.probe = ProbeSet.of(started)
        self.history = History()
        self.store.clear()
        self._queries.set_run(started.run)
        self._set_phase("ready" if self.phase == "failed" else self.phase)

    def _take_restored(self, started: m.Started, continuation: Continuation) -> None:
        """Take the run that was brought back in place of the one before; show its settings."""
        old, self._continued = self.config, continuation
        self._sent.adopt(started.config_seq, continuation.config)
        self._throttler.cancel()
        self.config = continuation.config
        if self.phase != "running" and self.restoring is None:
            self.phase = "paused"
        self._on_started(started, continuation.parent)
        if self.config != old:
            self.configChanged.emit(old, self.config)

    def _give_up_restoring(self, restoring: Restoring) -> None:
        """Return to the run before, with the settings that have been requested meanwhile."""
        self.restoring = None
        if self.phase == "restoring":
            self._set_phase(restoring.before)
        if self.config != restoring.config:
            self._configure_now()

    def _on_frame(self, frame: m.Frame) -> None:
        """Show a frame of this run; acknowledge it after the event loop has painted it."""
        try:
            if frame.run == self._number and frame.config_seq in self._sent:
                self._show(frame)
        finally:  # acknowledge also if it fails: otherwise no further frame would come
            call_later(self, lambda: self._client.send(m.Ack(frame.index)))

    def _show(self, frame: m.Frame) -> None:
        assert self.probe is not None, "a run that was announced has a probe set"
        before = self.snapshot if len(self.history) else None
        snapshot = Snapshot.of(frame, self.probe, self._sent[frame.config_seq])
        known = len(self.history.events.found)
        keep_frame(self.history, before, snapshot, frame.config_step)
        self.snapshot = snapshot
        self.store.add(frame.index, snapshot)
        self._sent.forget_before(frame.config_seq)
        self.embed_queries.set_snapshot(self.snapshot)
        self.snapshotChanged.emit()
        for event in self.history.events.found[known:]:
            if is_failure(event) and self.checkpoints is not None:
                self.failureNoticed.emit(failure(event, self.checkpoints, self.store, self.history))
        continued, self._continued = self._continued, None
        if continued is not None:
            self.continued.emit(continued)

    def applicable(self, remedy: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return a remedy, or none where it does not fit the settings that are wanted now."""
        try:
            self.config.replace(remedy)
        except ConfigError:
            return {}
        return remedy

    def _stop_with(self, problem: Problem) -> None:
        self._set_phase("failed")
        self.problemOccurred.emit(problem)

    def _on_client_died(self, reason: Text, tail: str) -> None:
        self._end_restoring()
        self._queries.set_run(None)
        self._stop_with(Problem(text("{reason} Your settings are kept.", reason=reason), tail))
