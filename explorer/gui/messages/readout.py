"""The texts about a run: in the run bar, the status line and the title of the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from explorer.analysis.frames.history import History
from explorer.core.settings.config import DataConfig, RunConfig, find_param
from explorer.core.texts import N_, _, ngettext
from explorer.gui.controls.run_bar import RunBarState
from explorer.gui.session.recorded_run import RecordedRun
from explorer.gui.session.run import Run
from explorer.gui.session.run_control import Phase, Restoring
from explorer.gui.timeline.run_viewer import RunViewer

_WORDS: Mapping[Phase, str] = MappingProxyType(
    {
        "ready": N_("Ready. Press {toggle} to train"),
        "running": N_("Training"),
        "paused": N_("Paused. Press {toggle} to resume, or {step} to run one step"),
        "finished": N_("Finished"),
        "failed": N_("Stopped. Press {toggle} to start again"),
    }
)
"""The state of a run; the fields are the keys of the commands "run.toggle" and "run.step"."""

_TRACE = 60
"""Most values of the small curve of the accuracy."""


def run_bar_state(run: Run, viewer: RunViewer, *, smooth: bool) -> RunBarState:
    """Return what the run bar shows: of a recording, or of the live run at the frame that is shown.

    Where motion is ``smooth``, the accuracy counts up while a run trains whose newest frame is shown: between
    frames that are looked at, the numbers would be those of none.
    """
    snapshot, started, recording = viewer.cursor.snapshot, run.started, viewer.recording
    if recording is not None and snapshot is not None:
        return RunBarState(
            phase=_phase_of_recording(run, viewer),
            loss=loss_text(snapshot.config),
            epoch=snapshot.epoch,
            step=snapshot.step,
            accuracy=snapshot.scalars.get("test_accuracy"),
            trace=_trace(viewer.cursor.history),
            probe_samples=snapshot.probe_samples,
            left_out=snapshot.probe.unseen_text,
            device=recording.device.upper(),
            seed=snapshot.config.seed,
            recorded=True,
        )
    return RunBarState(
        phase=run.phase,
        loss=loss_text(viewer.cursor.config),
        epoch=snapshot.epoch if snapshot else 0.0,
        step=snapshot.step if snapshot else 0,
        accuracy=snapshot.scalars.get("test_accuracy") if snapshot else None,
        trace=_trace(viewer.cursor.history),
        probe_samples=snapshot.probe_samples if snapshot else 0,
        left_out=snapshot.probe.unseen_text if snapshot else "",
        speed=snapshot.samples_per_second if snapshot and run.phase == "running" else None,
        device=started.device.upper() if started else "",
        seed=run.config.seed,
        pending_restart=bool(run.pending.restart),
        starting=run.starting,
        rising=snapshot.probe if snapshot and smooth and viewer.cursor.training else None,
    )


def _trace(history: History) -> tuple[float, ...]:
    """Return the accuracy so far in a few values, the newest last."""
    values = history.column("test_accuracy")
    values = values[np.isfinite(values)]
    return tuple(values[:: -(-len(values) // _TRACE) or 1].tolist())


def _phase_of_recording(run: Run, viewer: RunViewer) -> Phase:
    if run.restoring is not None:
        return "restoring"
    return "running" if viewer.playback.playing else "paused"


def loss_text(config: RunConfig) -> str:
    """Return the loss and its margins, such as "ArcFace · m = 0.5"."""
    spec, geometry = config.loss.spec, config.loss.spec.geometry
    symbols = {param.name: param.symbol.replace("_", "") for param in spec.params}
    margins = () if geometry is None else geometry.margins
    return " · ".join(
        [_(spec.title), *(f"{symbols[name]} = {config.loss.params[name]:.4g}" for name in margins)]
    )


def setting_text(name: str, config: RunConfig) -> str:
    """Return a setting of a dotted name as the panel calls it: label and symbol, such as "Dimension d"."""
    if name == "loss.name":
        return _("Loss function")
    param = find_param(name, config.loss.spec)
    return f"{_(param.label)} {param.symbol}".strip()


def window_title(
    config: RunConfig, step: int, recording: RecordedRun | None = None, *, number: int = 1
) -> str:
    """Return what tells this window from others: loss, dimension and step, of which run where it is recorded.

    So does its ``number``: see `numbered`. Qt adds the name of the program to a title that does not end with
    it.
    """
    pattern = (
        _("{loss}, {dim}-D, step {step:,} – Loss Explorer")
        if recording is None
        else _("{loss}, {dim}-D, step {step:,} – {file} – Loss Explorer")
    )
    file = "" if recording is None else recording.title
    title = pattern.format(loss=_(config.loss.spec.title), dim=config.network.dim, step=step, file=file)
    return numbered(title, number)


def numbered(title: str, number: int) -> str:
    """Return a title with the number of its window, which the first one, 1, does not show.

    It comes first: task bars cut the end off.
    """
    return title if number == 1 else f"{number}: {title}"


def lock_text(viewer: RunViewer) -> str:
    """Return why no setting can be changed now, empty where they can."""
    if viewer.recording is not None:
        return _("Settings of the recording at this step. Continue from here to change them.")
    if not viewer.cursor.following:
        return _("Settings at this step. Continue from here or return to the live run to change them.")
    return ""


def _recording_text(run: Run, recording: RecordedRun, key_of: Callable[[str], str]) -> str:
    """Return what is shown in place of the live run, what the person can do, and what that run does."""
    words = {"toggle": key_of("run.toggle"), "live": key_of("time.live")}
    parts = [
        ngettext(
            "Recording of {count:,} frame", "Recording of {count:,} frames", len(recording.frames)
        ).format(count=len(recording.frames)),
        _("Press {toggle} to play, {live} to return to the live run").format(**words),
    ]
    if run.phase == "running":
        parts.append(_("The live run continues training"))
    return " · ".join(parts)


def _restoring_text(restoring: Restoring, key_of: Callable[[str], str]) -> str:
    """Return how far a run has been brought back, and how to cancel that."""
    target = restoring.continuation.parent.step
    sentence = _("Repeating step {step:,} of {target:,} · Press {toggle} to cancel")
    return sentence.format(step=restoring.step, target=target, toggle=key_of("run.toggle"))


def status_text(run: Run, recording: RecordedRun | None, key_of: Callable[[str], str]) -> str:
    """Return what the run does, what the person can do, and what is trained; or which recording is shown.

    ``key_of`` returns the key of a command by its id, as the platform writes it.
    """
    if run.restoring is not None:
        return _restoring_text(run.restoring, key_of)
    if recording is not None:
        return _recording_text(run, recording, key_of)
    if run.pending:
        names = _(", ").join(setting_text(name, run.config) for name in run.pending.restart)
        return _("Restart to apply: {names}.").format(names=names)
    started = run.started
    if started is None and (run.starting or run.phase == "running"):
        return _("Starting the trainer…")
    state = _(_WORDS[run.phase]).format(toggle=key_of("run.toggle"), step=key_of("run.step"))
    if started is None:
        return state
    trained = started.trained_size or started.train_size
    parts = (
        state,
        _(run.config.loss.spec.title),
        *([started.data.title] if run.config.data.source != DataConfig().source else []),
        ngettext("{count:,} parameter", "{count:,} parameters", started.parameters).format(
            count=started.parameters
        ),
        ngettext("{count:,} training image", "{count:,} training images", trained).format(count=trained),
        ngettext("{count} thread", "{count} threads", started.threads).format(count=started.threads),
    )
    return " · ".join(parts)
