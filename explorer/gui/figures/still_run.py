"""StillRun: one frame of a run, for a picture of it; and what stands above the picture."""

from __future__ import annotations

from PySide6.QtCore import QObject

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.frames.trail import FRAMES
from explorer.core.settings.config import RunConfig
from explorer.core.texts import _
from explorer.export.origin import RunOrigin
from explorer.gui.controls.descriptions import symbol_html
from explorer.gui.session.run_source import RunSource
from explorer.gui.views.features.texts import short_step_text

_DOT = " · "


class StillRun(RunSource):
    """Shows the frame that another source shows now, and never another one.

    Parameters
    ----------
    source : RunSource
        Where the frame, its images and its history are taken from. The history is shared: views show of it
        what lies before their frame.
    """

    def __init__(self, source: RunSource, parent: QObject | None = None) -> None:
        snapshot = source.snapshot
        super().__init__(source.config if snapshot is None else snapshot.config, parent)
        self.snapshot, self.probe, self.history = snapshot, source.probe, source.history
        self.steps, self.elapsed = tuple(source.steps), tuple(source.elapsed)
        self._source = source

    def origin(self, snapshot: Snapshot) -> RunOrigin | None:
        """Return how the run came to a frame, as its source tells it."""
        return self._source.origin(snapshot)


def figure_caption(snapshot: Snapshot) -> str:
    """Return loss, parameters, step and accuracy of a frame as one line of rich text.

    Between two frames of a film it names both steps.
    """
    config = snapshot.config
    parts = [f"<b>{_(config.loss.spec.title)}</b>", *_parameters(config)]
    parts.append(_("{dim}-D").format(dim=config.network.dim))
    parts.append(short_step_text(snapshot))
    accuracy = snapshot.scalars.get("test_accuracy")
    if accuracy is not None:
        parts.append(_("test accuracy {value:.1%}").format(value=accuracy))
    return _DOT.join(parts)


def _parameters(config: RunConfig) -> list[str]:
    """Return the numbers of the loss that have a symbol, such as *m* = 0.5."""
    return [
        f"{symbol_html(param)} = {config.loss.params[param.name]:.4g}"
        for param in config.loss.spec.params
        if param.symbol and param.kind in ("float", "int")
    ]


def frames_before(source: RunSource) -> list[Snapshot]:
    """Return the frames before the present one that trails show, as far as they can be read."""
    present, found = source.snapshot, []
    if present is None:
        return []
    before = [index for index in source.frames if source.steps[index] < present.step]
    for index in before[-FRAMES:]:
        try:
            found.append(source.frame(index))
        except LookupError:
            continue
    return found
