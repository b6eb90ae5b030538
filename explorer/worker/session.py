"""Session: carries out commands on a run and emits events; independent of how they are transported."""

from __future__ import annotations

from collections.abc import Callable

from explorer.core.c_memory import return_free_pages
from explorer.core.protocol import messages as m
from explorer.core.protocol.queries import Query
from explorer.core.settings.config import RunConfig, diff
from explorer.core.texts import TextError
from explorer.worker.active_run import ActiveRun
from explorer.worker.checkpoints import CheckpointSender
from explorer.worker.device.devices import set_threads
from explorer.worker.device.thread_trial import set_useful_threads
from explorer.worker.failures import failed_with
from explorer.worker.frames.stopwatch import Stopwatch
from explorer.worker.preparation import Preparation
from explorer.worker.queries import answer
from explorer.worker.restorer import Restorer
from explorer.worker.training.trainer import Trainer


class NoRunError(TextError, RuntimeError):
    """A command needs a run, and none exists."""


class Session:
    """The worker's side of the protocol.

    Parameters
    ----------
    emit : callable
        Sends an event. It may call `handle` right away.
    spared_cores : int
        Cores left to the window if the configuration does not set the number of training threads.
    """

    def __init__(self, emit: Callable[[m.Event], None], spared_cores: int = 0) -> None:
        self._emit = emit
        self._spared_cores = spared_cores
        self._wanted: tuple[int, RunConfig] | None = None
        self._restart_requested = False
        self._running = False
        self._until = m.Until()
        self._advance: int | None = None
        self._watch = Stopwatch()
        self._runs = 0
        self._run: ActiveRun | None = None
        self._prepares = Preparation(emit)
        self._restorer = Restorer(emit, spared_cores)
        self._checkpoints = CheckpointSender(emit)

    @property
    def busy(self) -> bool:
        """Whether `tick` has something to do before the next command."""
        waiting = self._run is not None and self._run.frame_waiting
        return self._running or waiting or self._outdated or self._restorer.command is not None

    @property
    def _outdated(self) -> bool:
        """Whether the requested configuration is not in force yet."""
        return self._wanted is not None and (
            self._restart_requested or self._run is None or self._run.seq != self._wanted[0]
        )

    def handle(self, command: m.Command) -> None:
        """Handle a command, without training."""
        if not isinstance(command, m.Ack | Query | m.SendCheckpoints):
            self._restorer.cancel()
        seq = command.seq if isinstance(command, m.Restore) else None
        self._guard(lambda: self._handle(command), type(command).__name__, seq)

    def tick(self) -> None:
        """Apply the requested configuration, train a step if running, and send a frame if one is due.

        While a run is being restored, repeat one of its steps instead.
        """
        restore = self._restorer.command
        if restore is not None:
            self._guard(lambda: self._restore(restore), "Restore", restore.seq)
        elif not self._guard(self._tick, "training"):
            self._give_up()

    def _guard(self, act: Callable[[], None], where: str, seq: int | None = None) -> bool:
        """Call ``act`` and report an error; return whether there was none."""
        try:
            act()
        except (Exception, SystemExit) as error:  # a loss of another package may raise that, too
            wanted, config = self._wanted or (0, None)
            self._emit(failed_with(error, self._runs, where, wanted if seq is None else seq, config))
            return False
        return True

    def _give_up(self) -> None:
        """Stop after a failure, and drop a configuration that could not be applied."""
        self._hold()
        if self._outdated:
            self._wanted, self._restart_requested, self._run = None, False, None
        if self._run is not None:
            self._run.frame_forced = False

    def _handle(self, command: m.Command) -> None:
        match command:
            case m.Run() | m.Advance() | m.Pause() | m.Shutdown():
                self._set_pace(command)
            case m.Configure(seq, config):
                self._wanted = (seq, config)
            case m.Restart(seq, config):
                self._wanted, self._restart_requested = (seq, config), True
            case m.Ack(frame):
                if self._run is not None:
                    self._run.acknowledge(frame)
            case m.Embed() | m.ExamineBatch() | m.ExamineForces():
                self._emit(answer(self._current(), command))
            case m.Restore():
                self._begin_restore(command)
            case m.SendCheckpoints(every):
                # The state of a run that is kept meanwhile is not complete.
                self._checkpoints.send_every(every, None if self._restorer.command else self._run)

    def _set_pace(self, command: m.Run | m.Advance | m.Pause | m.Shutdown) -> None:
        """Train without end, train a number of steps, or stop."""
        match command:
            case m.Run(until):
                self._advance = None
                self._go(until)
            case m.Advance(steps):
                self._advance = steps
                self._go(m.Until())
            case m.Pause():
                self._hold()
            case m.Shutdown():
                self._running = False

    def _go(self, until: m.Until) -> None:
        run = self._run
        if run is not None and not self._restart_requested and run.trainer.meters.diverged_at is not None:
            self._emit(run.diverged())
            return
        self._until = until
        self._running = True
        self._watch.start()

    def _hold(self) -> None:
        if self._running and self._run is not None:
            self._run.frame_forced = self._run.trainer.meters.diverged_at is None
        self._running = False
        self._watch.stop()

    def _tick(self) -> None:
        self._reconcile()
        run = self._run
        if run is None:
            self._hold()
            return
        if run.frame_forced and run.trainer.step_count == 0:
            run.take_frame()
            self._send_frame(run)
            return_free_pages()  # the network of the run before may have been far larger
        self._checkpoints.send_due(run)
        if self._running and not run.frame_comes_first():
            self._step(run)
        if self._running and self._advance is not None and self._advance <= 0:
            self._hold()
        if self._running and self._bound_reached(run):
            self._finish(run)
        elif run.frame_due(running=self._running):
            if self._diverged(run, wait=not self._running):
                run.frame_forced = False  # none is shown: waiting for it would keep the session busy
            else:
                run.begin_frame(wait=not self._running)
        self._send_frame(run)

    def _step(self, run: ActiveRun) -> None:
        if not self._bound_reached(run) and (self._advance is None or self._advance > 0):
            run.trainer.step()
            notice = run.slow()
            if notice is not None:
                self._emit(notice)
            if self._advance is not None:
                self._advance -= 1
            self._diverged(run, wait=False)

    def _send_frame(self, run: ActiveRun) -> None:
        frame = run.release()
        if frame is not None:
            self._emit(frame)

    def _diverged(self, run: ActiveRun, *, wait: bool) -> bool:
        """Whether the loss is known not to be finite any more; then stop the run and send a notice."""
        if run.diverged_at(wait=wait) is None:
            return False
        if self._running:
            self._hold()
            self._emit(run.diverged())
        return True

    def _bound_reached(self, run: ActiveRun) -> bool:
        steps = run.trainer.step_count
        bounds = (
            (self._until.step, steps),
            (self._until.epoch, run.trainer.epoch),
            (self._until.seconds, self._watch.elapsed if steps else 0.0),  # reading the data may take longer
        )
        return any(bound is not None and value >= bound for bound, value in bounds)

    def finish(self) -> None:
        """End a training run as if its bound were reached."""
        if self._running and self._run is not None:
            self._finish(self._run)

    def _finish(self, run: ActiveRun) -> None:
        if self._diverged(run, wait=True):
            return
        frame = run.last_frame()
        self._running = False
        self._send_frame(run)
        self._checkpoints.send_last(run)
        self._emit(run.finished(frame))

    def _reconcile(self) -> None:
        """Apply the difference between the requested configuration and the one in force."""
        if self._wanted is None or not self._outdated:
            return
        seq, config = self._wanted
        run = self._run
        changes = diff(run.trainer.config, config) if run is not None else None
        if run is None or self._restart_requested or changes is None or changes.restart:
            set_threads(config.threads, self._spared_cores)
            trainer = Trainer(config, self._prepares)
            set_useful_threads(trainer, self._spared_cores, self._prepares)
            self._start(trainer, seq, Stopwatch() if self._runs else self._watch)
        else:
            if changes:
                run.trainer.reconfigure(config)
            run.reconfigured(seq)
            self._emit(m.Configured(run=run.number, config_seq=seq, step=run.trainer.step_count))
            self._checkpoints.schedule.settings_changed()

    def _start(self, trainer: Trainer, seq: int, watch: Stopwatch, probe_images: int = 0) -> None:
        self._restart_requested = False
        self._runs += 1
        self._watch = watch
        if self._running:
            watch.start()
        self._run = ActiveRun(self._runs, trainer, seq, watch, probe_images)
        self._emit(self._run.started())
        self._checkpoints.schedule.begin()

    def _current(self) -> ActiveRun:
        self._reconcile()
        if self._run is None:
            raise NoRunError("No run exists yet: send Configure first.")
        return self._run

    def _begin_restore(self, command: m.Restore) -> None:
        if self._outdated:
            self.tick()  # the run that is kept for now has all its settings
        self._hold()
        self._restorer.begin(command)

    def _restore(self, command: m.Restore) -> None:
        """Repeat a step of the run that is being restored; at the last one it becomes the current run."""
        restored = self._restorer.advance()
        if restored is not None:
            trainer = restored.trainer
            self._wanted = (command.seq, trainer.config)
            self._start(trainer, command.seq, Stopwatch(command.elapsed), restored.probe_images)
