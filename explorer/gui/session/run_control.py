"""RunControl: what is asked of a live run: settings, to train, to pause, to restart, to continue a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct
from PySide6.QtCore import QObject
from superqt.utils import QSignalThrottler

from explorer.core.params import Value
from explorer.core.protocol import messages as m
from explorer.core.settings.config import Diff, RunConfig, diff, live_part
from explorer.gui.session.continuation import Continuation
from explorer.gui.session.run_source import RunSource
from explorer.gui.session.sent_configs import SentConfigs
from explorer.gui.session.worker_client import WorkerClient

_CONFIGURE_INTERVAL_MS = 15
Phase = Literal["ready", "running", "paused", "finished", "failed", "restoring"]


class Restoring(Struct, frozen=True):
    """A run that the worker brings back: the number of its configuration, and the step it has come to.

    ``before`` is the phase to return to if that is cancelled or fails, and ``config`` the settings that were
    requested when it began. ``replaced`` are earlier requests that it has replaced: what they brought back
    may be on its way already.
    """

    continuation: Continuation
    seq: int
    step: int
    before: Phase
    config: RunConfig
    replaced: tuple[Restoring, ...] = ()


class RunControl(RunSource):
    """What is asked of a live run, and of the worker that trains it.

    Attributes
    ----------
    phase : Phase
        The state of the run.
    restoring : Restoring or None
        The run that is being brought back to take the place of this one.
    """

    can_train = True
    can_configure = True

    def __init__(self, client: WorkerClient, config: RunConfig, parent: QObject | None = None) -> None:
        super().__init__(config, parent)
        self.phase: Phase = "ready"
        self.restoring: Restoring | None = None
        self._client = client
        self._sent = SentConfigs(client)
        self._loss_params: dict[str, dict[str, Value]] = {}
        self._compared: tuple[RunConfig, RunConfig] | None = None
        self._difference = Diff()  # of the two in `_compared`
        self._throttler = QSignalThrottler(parent=self)  # emits the first at once, and always the last
        self._throttler.setTimeout(_CONFIGURE_INTERVAL_MS)
        self._throttler.triggered.connect(self._configure_now)

    @property
    def training(self) -> bool:
        """Whether it trains now."""
        return self.phase == "running"

    @property
    def under_way(self) -> bool:
        """Whether the run has trained or is training."""
        return self.phase == "running" or (self.snapshot is not None and self.snapshot.step > 0)

    @property
    def pending(self) -> Diff:
        """Changes of the configuration that apply after a restart."""
        running = self._sent.newest
        if running is None or not self.under_way:
            return Diff()
        pair = running, self.config
        if pair != self._compared:  # run bar, status line and panel ask for the same
            self._compared, self._difference = pair, Diff(restart=diff(*pair).restart)
        return self._difference

    def config_of(self, seq: int) -> RunConfig | None:
        """Return the configuration whose number events of this run carry; None for one that is not known."""
        return self._sent.find(seq)

    def open(self) -> None:
        """Start the worker and send the configuration, without training."""
        self._forget()
        self._client.start()
        self._configure_now()
        self._set_phase("ready")

    def start(self, until: m.Until = m.Until()) -> None:  # noqa: B008  # frozen
        """Train up to a bound, by default without end; after a failure, from the beginning."""
        self._prepare()
        self._client.send(m.Run(until))
        self._set_phase("running")

    def pause(self) -> None:
        """Pause training, or cancel the restoring of a run."""
        if self.phase == "running":
            self._client.send(m.Pause())
            self._set_phase("paused")
        elif self.phase == "restoring":
            self._client.send(m.Pause())  # the worker answers

    def toggle(self) -> None:
        """Start or pause; while a run is being restored, cancel that."""
        if self.phase in ("running", "restoring"):
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
        if not self._client.alive or self._client.stalled:
            self.open()
        else:
            self._forget()
            self._throttler.cancel()
            self._sent.restart(self.config)
        if running:
            self._client.send(m.Run())
        self._set_phase("running" if running else "ready")

    def begin_with(self, config: RunConfig) -> None:
        """Take other settings for a fresh run: the run so far trains no step with any of them."""
        if not (self.under_way or self.phase in ("failed", "restoring")):
            self.set_config(config)
            return
        old, self.config = self.config, config
        self.restart()
        if old != config:
            self.configChanged.emit(old, config)
            self.stateChanged.emit()

    def continue_from(self, continuation: Continuation) -> None:
        """Bring back a run as it was at a step. It takes the place of this one once it is there, and waits.

        Until then this run is kept, and whatever is asked of it cancels the restoring.
        """
        if not self._client.alive:
            self.open()
        elif self.phase == "failed":
            self._throttler.cancel()  # settings that have failed would fail again
        else:
            self._configure_now()
        before: Phase = "paused" if self.phase == "running" else self.phase
        config, replaced = self.config, self.restoring
        if replaced is not None:
            before, config = replaced.before, replaced.config
        seq = self._sent.reserve()
        self.restoring = Restoring(
            continuation,
            seq,
            continuation.start,
            before,
            config,
            () if replaced is None else (*replaced.replaced, replaced),
        )
        self._client.send(continuation.command(seq))
        self._set_phase("restoring")

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
        elif "failed" in (self.phase, self.restoring and self.restoring.before):
            # a run whose loss is NaN has no next step
            self.restart()
        else:
            self._configure_now()

    def _configure_now(self) -> None:
        """Send the configuration, without changes that need a restart, unless the worker has it.

        Which run it would be for is not known while one is brought back: that is cancelled, and the answer
        decides.
        """
        self._throttler.cancel()
        if self.restoring is not None:
            self._client.send(m.Pause())
            return
        running = self._sent.newest if self.under_way else None
        self._sent.configure(self.config if running is None else live_part(running, self.config))

    def _stop_sending(self) -> None:
        self._throttler.cancel()
        self._throttler.flush(restart_timer=False)  # stops its timer; nothing is pending

    def _forget(self) -> None:
        """Reset the state of the previous run."""
        raise NotImplementedError

    def _end_restoring(self) -> None:
        """Bring no run back; who is told next must not hear that one is."""
        self.restoring = None
        if self.phase == "restoring":
            self.phase = "ready"

    def _set_phase(self, phase: Phase) -> None:
        self.phase = phase
        self.stateChanged.emit()
