"""MeasuredSpeeds: how fast this machine has trained, and how long other settings will take here."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from PySide6.QtCore import QObject

from explorer.core.settings.config import RunConfig
from explorer.core.texts import ngettext
from explorer.gui.session.continuation import duration
from explorer.gui.session.run import Run

_FIRST_STEPS, _FIRST_SECONDS = 100, 10.0
"""Steps, or seconds of training, before which a speed is mostly that of starting."""


class Estimate(Struct, frozen=True):
    """How long the decay of the learning rate, ``epochs``, takes at ``speed`` images a second."""

    epochs: float
    seconds: float
    speed: float


class MeasuredSpeeds(QObject):
    """The speeds in images a second that were measured, by network, batch size and device.

    Parameters
    ----------
    run : Run
        What is measured while it trains.
    known : mapping of str to float
        Speeds that were measured in earlier sessions.
    """

    def __init__(self, run: Run, known: Mapping[str, float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.known: dict[str, float] = dict(known)
        self._run = run
        run.snapshotChanged.connect(self._on_snapshot_changed)

    def estimate(self, config: RunConfig) -> Estimate | None:
        """Return how long settings take with the data set of the run; None where their speed is not known."""
        started, probe = self._run.started, self._run.probe
        if started is None or probe is None:
            return None
        speed = self.known.get(_kind(config, started.device))
        if speed is None:
            return None
        images = started.train_size / probe.num_classes * len(config.data.trained)
        epochs = config.optimizer.horizon
        return Estimate(epochs, epochs * images / speed, speed)

    def text(self, config: RunConfig) -> str:
        """Return a sentence about how long settings take here, empty where that is not known."""
        found = self.estimate(config)
        if found is None:
            return ""
        words = ngettext(
            "{epochs:g} epoch takes about {duration} here, at {speed:,.0f} images/s.",
            "{epochs:g} epochs take about {duration} here, at {speed:,.0f} images/s.",
            1 if found.epochs == 1 else 2,
        )
        return words.format(epochs=found.epochs, duration=duration(found.seconds), speed=found.speed)

    def _on_snapshot_changed(self) -> None:
        run, snapshot = self._run, self._run.snapshot
        if run.phase != "running" or run.started is None or snapshot is None:
            return
        begun = snapshot.step >= _FIRST_STEPS or snapshot.elapsed >= _FIRST_SECONDS
        if begun and snapshot.samples_per_second > 0:
            kind = _kind(snapshot.config, run.started.device)
            self.known[kind] = round(snapshot.samples_per_second, 1)


def _kind(config: RunConfig, device: str) -> str:
    """Return what the speed depends on most."""
    return f"{config.network.name} {config.optimizer.batch} {device}"
