"""What the run bar and the status line say of a run."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from explorer.core.settings.config import RunConfig, find_param
from explorer.core.texts import N_, _, ngettext
from explorer.gui.controls.run_bar import RunBarState
from explorer.gui.session.run import Phase, Run

_WORDS: Mapping[Phase, str] = MappingProxyType(
    {
        "ready": N_("Ready. Press Space to train"),
        "running": N_("Training"),
        "paused": N_("Paused. Press Space to resume, or . to run one step"),
        "finished": N_("Finished"),
        "failed": N_("Stopped. Press Space to start again"),
    }
)


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
        return _("Loss")
    param = find_param(name, config.loss.spec)
    return f"{param.label} {param.symbol}".strip()


def status_text(run: Run) -> str:
    """Return what the run does, what the person can do, and what is trained."""
    if run.pending:
        names = _(", ").join(setting_text(name, run.config) for name in run.pending.restart)
        return _("Restart to apply: {names}.").format(names=names)
    started = run.started
    if started is None:
        return _("Starting the trainer…") if run.phase == "running" else _(_WORDS[run.phase])
    parts = (
        _(_WORDS[run.phase]),
        _(run.config.loss.spec.title),
        ngettext("{count:,} parameter", "{count:,} parameters", started.parameters).format(
            count=started.parameters
        ),
        ngettext("{count:,} training image", "{count:,} training images", started.train_size).format(
            count=started.train_size
        ),
        ngettext("{count} thread", "{count} threads", started.threads).format(count=started.threads),
    )
    return " · ".join(parts)
