"""The output of ``loss-explorer info``: a table for people, or an object for JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypedDict

from rich.cells import cell_len

from explorer.core.params import Value
from explorer.core.protocol import messages as m
from explorer.core.recording.header import FORMAT, RecordingError
from explorer.core.recording.reader import Recording
from explorer.core.settings.config import RunConfig, flatten
from explorer.core.settings.defaults import dependent_defaults
from explorer.core.settings.files import to_mapping
from explorer.core.texts import _

_GAP = 2
"""Spaces between the columns of the table."""


class EventInfo(TypedDict):
    """An event in a recording: ``text`` says what happened, ``cause`` what happened just before."""

    step: int
    kind: str
    text: str
    cause: str | None


class RecordingInfo(TypedDict):
    """The contents of a recording.

    ``config`` is the configuration at the start, by section. ``steps`` is the step of the last frame.
    ``test_accuracy`` is over all test images if the run was finished, else that of the last frame, or None.
    ``damage`` is a message, None if the file is ``complete``. ``events`` are those found while it was
    recorded; ``checkpoints`` are the steps of checkpoints; ``parent`` is the run and step from which the run
    was continued.
    """

    format: int
    version: str
    config: dict[str, object]
    frames: int
    steps: int
    test_accuracy: float | None
    complete: bool
    damage: str | None
    events: list[EventInfo]
    checkpoints: list[int]
    parent: dict[str, str | int] | None
    notes: str


def as_data(recording: Recording) -> RecordingInfo:
    """Return the contents of a recording, after reading and verifying all of it."""
    header, damage = recording.header, recording.verify()
    parent = header.parent
    return {
        "format": FORMAT,
        "version": header.version,
        "config": to_mapping(header.config),
        "frames": recording.frames,
        "steps": recording.steps[-1] if recording.steps else 0,
        "test_accuracy": test_accuracy(recording),
        "complete": damage is None,
        "damage": None if damage is None else str(damage),
        "events": [
            {
                "step": event.step,
                "kind": event.kind,
                "text": str(event.text),
                "cause": None if event.cause is None else str(event.cause),
            }
            for event in recording.events
        ],
        "checkpoints": list(recording.checkpoints),
        "parent": None if parent is None else {"run": parent.run, "step": parent.step},
        "notes": header.notes,
    }


def as_text(recording: Recording) -> str:
    """Return the contents of a recording as a table of two columns."""
    header, info = recording.header, as_data(recording)
    changes = [
        _("from step {step}: {settings}").format(
            step=f"{after.step:,}", settings=_differing(after.config, flatten(before.config))
        )
        for before, after in zip(recording.settings, recording.settings[1:], strict=False)
    ]
    accuracy = info["test_accuracy"]
    rows = [
        (_("File"), str(recording.path)),
        (_("Name"), header.name),
        (_("Notes"), header.notes),
        (
            _("Recorded"),
            _("{time} by Loss Explorer {version}, format {format}").format(
                time=header.created, version=header.version, format=FORMAT
            ),
        ),
        (_("Machine"), header.machine),
        (_("Loss function"), header.config.loss.spec.title),
        (_("Settings"), _differing(header.config, _defaults(header.config)) or _("all defaults")),
        (_("Changes"), "\n".join(changes)),
        (_("Frames"), f"{info['frames']:,}"),
        (_("Last step"), f"{info['steps']:,}"),
        (_("Test accuracy"), "" if accuracy is None else f"{accuracy:.2%}"),
        (_("Events"), f"{len(info['events']):,}" if info["events"] else ""),
        (_("Checkpoints"), ", ".join(f"{step:,}" for step in info["checkpoints"])),
        (
            _("Continued from"),
            _("run {run}, step {step}").format(run=header.parent.run, step=f"{header.parent.step:,}")
            if header.parent
            else "",
        ),
        (_("State"), info["damage"] or _("complete")),
    ]
    width = max(cell_len(label) for label, _value in rows) + _GAP
    return "\n".join(
        f"{label}{' ' * (width - cell_len(label))}{line}" if first else f"{'':{width}}{line}"
        for label, value in rows
        if value
        for first, line in ((number == 0, line) for number, line in enumerate(value.splitlines()))
    )


def _defaults(config: RunConfig) -> dict[str, Value]:
    """Return the default settings with the default loss, beside the others of a configuration."""
    return flatten(RunConfig()) | dependent_defaults(flatten(config))


def _differing(config: RunConfig, known: Mapping[str, Value]) -> str:
    """Return the settings that differ from others, in the form of ``--set``."""
    return " ".join(f"{name}={value}" for name, value in flatten(config).items() if known.get(name) != value)


def test_accuracy(recording: Recording) -> float | None:
    """Return the accuracy over all test images where the run was finished, else that of the last frame."""
    ends = [message.test_accuracy for message in recording.notices if isinstance(message, m.Finished)]
    value = ends[-1] if ends else _last_frame_accuracy(recording)
    return value if value is not None and math.isfinite(value) else None


def _last_frame_accuracy(recording: Recording) -> float | None:
    for index in reversed(range(recording.frames)):
        try:
            return recording.frame(index).scalars.get("test_accuracy")
        except RecordingError:
            continue
    return None
