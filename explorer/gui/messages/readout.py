"""What the run bar and the status line say of a run."""

from __future__ import annotations

from explorer.core.settings.config import RunConfig, find_param
from explorer.gui.controls.run_bar import RunBarState
from explorer.gui.session.run import Run

_WORDS = {
    "ready": "Press Space to train.",
    "running": "Training.",
    "paused": "Paused: Space goes on, a full stop trains one step.",
    "finished": "Finished.",
    "failed": "Stopped: Space begins again.",
}


def run_bar_state(run: Run) -> RunBarState:
    """Return what the run bar shows."""
    snapshot, started = run.snapshot, run.started
    return RunBarState(
        phase=run.phase,
        epoch=snapshot.epoch if snapshot else 0.0,
        step=snapshot.step if snapshot else 0,
        accuracy=snapshot.scalars.get("test_accuracy") if snapshot else None,
        probe_samples=snapshot.probe_samples if snapshot else 0,
        speed=snapshot.samples_per_second if snapshot and run.phase == "running" else None,
        device=started.device.upper() if started else "",
        seed=run.config.seed,
        pending_restart=bool(run.pending.restart),
    )


def setting_text(name: str, config: RunConfig) -> str:
    """Return a setting of a dotted name as the panel calls it: label and symbol, such as "Dimension d"."""
    if name == "loss.name":
        return "Loss"
    param = find_param(name, config.loss.spec)
    return f"{param.label} {param.symbol}".strip()


def status_text(run: Run) -> str:
    """Return what is happening, in a sentence."""
    if run.pending:
        names = ", ".join(setting_text(name, run.config) for name in run.pending.restart)
        return f"Waits for a restart: {names}."
    started = run.started
    if started is None:
        return (
            "Training begins as soon as the worker is ready." if run.phase == "running" else _WORDS["ready"]
        )
    return (
        f"{_WORDS[run.phase]} {run.config.loss.spec.title}, {started.parameters:,} weights, "
        f"{started.train_size:,} training images, {started.threads} thread{'s' * (started.threads > 1)}."
    )
