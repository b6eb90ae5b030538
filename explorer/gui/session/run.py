"""Run: owns the configuration, state and history of a live run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal
from superqt.utils import QSignalThrottler

from explorer.analysis.frames.history import History
from explorer.analysis.frames.run_columns import keep_frame
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.core.params import Value
from explorer.core.protocol import messages as m
from explorer.core.settings.config import Diff, RunConfig, diff, live_part
from explorer.core.texts import Text, text
from explorer.gui.session.embedding import EmbedQueries
from explorer.gui.session.frame_store import FrameStore
from explorer.gui.session.problem import Problem
from explorer.gui.session.run_source import RunSource
from explorer.gui.session.sent_configs import SentConfigs
from explorer.gui.session.worker_client import WorkerClient

Phase = Literal["ready", "running", "paused", "finished", "failed"]
_CONFIGURE_INTERVAL_MS = 15


class Run(RunSource):
    """A live run: its requested settings, its state, and the worker that trains it.

    Signals
    -------
    problemOccurred(object)
        A `Problem`.
    noticed(Text)
        A message for the status line.

    Attributes
    ----------
    phase : Phase
        The state of the run.
    started : Started or None
        The event that announced the run; None before it.
    devices : tuple of Device
        Devices of the worker; empty before it has sent them.
    store : FrameStore
        Its frames.
    """

    can_train = True
    can_configure = True

    problemOccurred = Signal(object)
    noticed = Signal(object)

    def __init__(self, client: WorkerClient, config: RunConfig, parent: QObject | None = None) -> None:
        super().__init__(config, parent)
        self.phase: Phase = "ready"
        self.started: m.Started | None = None
        self.devices: tuple[m.Device, ...] = ()
        self.embed_queries: EmbedQueries = EmbedQueries(client, self)
        self._client = client
        self._number = 0  # of the run, as its events carry it
        self.store = FrameStore(self.noticed.emit)
        self.steps, self.elapsed = self.store.steps, self.store.elapsed
        self._sent = SentConfigs(client)
        self._loss_params: dict[str, dict[str, Value]] = {}
        self._throttler = QSignalThrottler(parent=self)  # emits the first at once, and always the last
        self._throttler.setTimeout(_CONFIGURE_INTERVAL_MS)
        self._throttler.triggered.connect(self._configure_now)
        client.eventReceived.connect(self._on_event)
        client.died.connect(self._on_client_died)

    @property
    def training(self) -> bool:
        """Whether it trains now."""
        return self.phase == "running"

    @property
    def threads(self) -> int:
        """Number of CPU threads that train it; 0 on a GPU, and before the run starts."""
        return self.started.threads if self.started is not None and self.started.device == "cpu" else 0

    def frame(self, index: int) -> Snapshot:
        """Return a frame; raises LookupError for one that is not kept, or cannot be read from its file."""
        return self.store.frame(index)

    def config_of(self, seq: int) -> RunConfig | None:
        """Return the configuration whose number events of this run carry; None for one that is not known."""
        return self._sent.find(seq)

    @property
    def pending(self) -> Diff:
        """Changes of the configuration that apply after a restart."""
        running = self._sent.newest
        if running is None or not self._under_way:
            return Diff()
        return Diff(restart=diff(running, self.config).restart)

    @property
    def _under_way(self) -> bool:
        """Whether the run has trained or is training."""
        return self.phase == "running" or (self.snapshot is not None and self.snapshot.step > 0)

    def open(self) -> None:
        """Start the worker and send the configuration, without training."""
        self._forget()
        self._client.start()
        self._configure_now()
        self._set_phase("ready")

    def close(self) -> None:
        """End the worker."""
        self._throttler.cancel()
        self._throttler.flush(restart_timer=False)  # stops its timer; nothing is pending
        self.embed_queries.stop()
        self._client.stop()
        self.store.close()

    def start(self) -> None:
        """Train without end; after a failure, from the beginning."""
        self._prepare()
        self._client.send(m.Run())
        self._set_phase("running")

    def pause(self) -> None:
        """Pause training."""
        if self.phase == "running":
            self._client.send(m.Pause())
            self._set_phase("paused")

    def toggle(self) -> None:
        """Start or pause."""
        if self.phase == "running":
            self.pause()
        else:
            self.start()

    def step(self) -> None:
        """Train one step, then pause; after a failure, the first step of a new run."""
        self._prepare()
        self._client.send(m.Advance(1))
        self._set_phase("paused")

    def restart(self) -> None:
        """Restart from the seed with all pending changes, and keep training if it was."""
        running = self.phase == "running"
        if not self._client.alive:
            self.open()
        else:
            self._forget()
            self._throttler.cancel()
            self._sent.restart(self.config)
        if running:
            self._client.send(m.Run())
        self._set_phase("running" if running else "ready")

    def set_param(self, name: str, value: object) -> None:
        """Change one setting by its dotted name; raises ConfigError for an invalid value."""
        self.set_config(self.config.replace({name: value}))

    def change(self, changes: Mapping[str, Value]) -> None:
        """Change several settings by their dotted names."""
        self.set_config(self.config.replace(changes))

    def set_loss(self, name: str) -> None:
        """Choose a loss, with the parameters that it last had in this session."""
        self._loss_params[self.config.loss.name] = self.config.loss.params
        params = {f"loss.{key}": value for key, value in self._loss_params.get(name, {}).items()}
        self.set_config(self.config.replace({"loss.name": name, **params}))

    def set_config(self, config: RunConfig) -> None:
        """Request a configuration; settings that cannot change during the run wait for a restart."""
        old = self.config
        if config == old:
            return
        self.config = config
        self._throttler.throttle()  # before anything is redrawn: the worker comes first
        self.configChanged.emit(old, config)
        self.stateChanged.emit()

    def _prepare(self) -> None:
        """Ensure that a worker runs, has the configuration, and has a run that can go on."""
        if not self._client.alive:
            self.open()
        elif self.phase == "failed":  # a run whose loss is NaN has no next step
            self.restart()
        else:
            self._configure_now()

    def _configure_now(self) -> None:
        """Send the configuration, without changes that need a restart, unless the worker has it."""
        self._throttler.cancel()
        running = self._sent.newest if self._under_way else None
        self._sent.configure(self.config if running is None else live_part(running, self.config))

    def _forget(self) -> None:
        """Reset the state of the previous run."""
        self._sent.forget()
        self.probe = None
        self.started, self._number = None, 0
        self.snapshot = None
        self.store.clear()
        self.history = History()
        self.embed_queries.set_run(None)
        self.snapshotChanged.emit()

    def _set_phase(self, phase: Phase) -> None:
        self.phase = phase
        self.stateChanged.emit()

    def _on_event(self, event: m.Event) -> None:
        """Handle an event, unless the run that it is of has been restarted since the worker sent it."""
        match event:
            case m.Hello(devices=devices):
                self.devices = devices
                self.stateChanged.emit()
            case m.Started() if event.config_seq in self._sent:
                self._on_started(event)
            case m.Frame():
                self._on_frame(event)
            case m.Notice(kind="diverged") if event.run == self._number:
                self.history.events.take_divergence(event.step)
                self._stop_with(Problem(event.text, remedy=event.remedy))
            case m.Notice() if event.run == self._number:
                self.noticed.emit(event.text)
            case m.Failed():
                self._on_failed(event)
            case m.Finished() if event.run == self._number:
                self._set_phase("finished")
            case m.Embedded():
                self.embed_queries.take(event)

    def _on_failed(self, failed: m.Failed) -> None:
        if failed.where == "Embed":
            self.embed_queries.refused(str(failed.what))
        elif failed.where != "training":
            self.problemOccurred.emit(Problem(failed.what, failed.traceback))
        elif failed.config_seq in self._sent:  # not of a run that has been restarted since
            self._sent.forget_before(failed.config_seq + 1)  # the worker still tries those on their way
            self._stop_with(Problem(failed.what, failed.traceback))

    def _on_started(self, started: m.Started) -> None:
        self.started, self._number = started, started.run
        self.probe = ProbeSet.of(started)
        self.history = History()
        self.store.clear()
        self.embed_queries.set_run(started.run)
        self._set_phase("ready" if self.phase == "failed" else self.phase)

    def _on_frame(self, frame: m.Frame) -> None:
        """Show a frame of this run; acknowledge it after the event loop has painted it."""
        try:
            if frame.run == self._number and frame.config_seq in self._sent:
                self._show(frame)
        finally:  # acknowledge also if it fails: otherwise no further frame would come
            QTimer.singleShot(0, self, lambda: self._client.send(m.Ack(frame.index)))

    def _show(self, frame: m.Frame) -> None:
        assert self.probe is not None, "a run that was announced has a probe set"
        before = self.snapshot if len(self.history) else None
        snapshot = Snapshot.of(frame, self.probe, self._sent[frame.config_seq])
        keep_frame(self.history, before, snapshot, frame.config_step)
        self.snapshot = snapshot
        self.store.add(frame.index, snapshot)
        self._sent.forget_before(frame.config_seq)
        self.embed_queries.set_snapshot(self.snapshot)
        self.snapshotChanged.emit()

    def _stop_with(self, problem: Problem) -> None:
        self._set_phase("failed")
        self.problemOccurred.emit(problem)

    def _on_client_died(self, reason: Text, tail: str) -> None:
        self.embed_queries.set_run(None)
        self._stop_with(Problem(text("{reason} Your settings are kept.", reason=reason), tail))
