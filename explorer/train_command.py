"""The command ``train``: trains without a window, and loads torch only for that."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from explorer.core.protocol import messages as m
from explorer.core.protocol.messages import Until
from explorer.core.recording.header import RecordingError
from explorer.core.settings.config import ConfigError, RunConfig
from explorer.core.texts import _
from explorer.exit_codes import DONE, FAILED, USAGE, complain
from explorer.interruptible import Interruptible

if TYPE_CHECKING:
    from explorer.analysis.frames.snapshot import ProbeSet
    from explorer.core.recording.writer import RecordingWriter


def train(options: argparse.Namespace) -> int:
    """Train as the options say, and return the exit code."""
    config = _config(options)
    epochs = options.epochs
    if epochs is None and options.seconds is None:
        epochs = config.optimizer.horizon
    from explorer.analysis.margins.feasibility import Feasibility
    from explorer.train_report import report_for

    warnings = [str(concern.text) for concern in Feasibility().check(config)]
    for warning in warnings:
        complain(warning, DONE)
    with (
        _recording(options, config) as writer,
        report_for(
            json_lines=options.json,
            epochs=epochs,
            seconds=options.seconds,
            recording=writer,
            warnings=warnings,
        ) as report,
    ):
        from explorer.worker.entry import spin_briefly

        spin_briefly(os.environ)
        from explorer.worker import headless  # loads torch

        find = None if writer is None else _EventFinder(writer, config)

        def on_event(event: m.Event) -> None:
            if find is not None:
                find.handle(event)
            report.handle(event)

        until = Until(epoch=epochs, seconds=options.seconds)
        training = Interruptible(
            lambda stopped: headless.train(config, until, on_event, stopped, writer), options.seconds
        )
        ended = training.run()
    if not ended:
        complain(_("stopped within a step: there is no result."), FAILED)
        sys.stdout.flush()
        os._exit(FAILED)  # the step cannot be ended otherwise
    report.check_recording()
    if writer is not None and writer.status.left_out:
        sentence = _("The disk is too slow. Frames missing from {file}: {count}.")
        complain(sentence.format(file=options.record, count=writer.status.left_out), DONE)
    if report.error is not None:
        return complain(str(report.error), USAGE if report.bad_input else FAILED)
    return FAILED if report.recording_lost else DONE


class _EventFinder:
    """Finds the events of a run in its frames, and adds them to its recording."""

    def __init__(self, writer: RecordingWriter, config: RunConfig) -> None:
        from explorer.analysis.events.event_log import EventLog

        self._writer, self._config = writer, config
        self._log = EventLog()
        self._probe: ProbeSet | None = None

    def handle(self, event: m.Event) -> None:
        """Find what an event of the trainer shows."""
        from explorer.analysis.frames.snapshot import ProbeSet, Snapshot

        match event:
            case m.Started():
                self._probe = ProbeSet.of(event)
            case m.Frame() if self._probe is not None:
                self._log.take(Snapshot.of(event, self._probe, self._config), event.config_step)
            case m.Notice(kind="diverged", step=step):
                self._log.take_divergence(step)
            case _:
                return
        for found in self._log.take_new():
            self._writer.write(found)


def _recording(
    options: argparse.Namespace, config: RunConfig
) -> AbstractContextManager[RecordingWriter | None]:
    """Return the writer of the requested recording, or a context manager that returns None."""
    if options.record is None:
        return nullcontext()
    from explorer.core.recording.header import new_header
    from explorer.core.recording.writer import RecordingWriter

    if options.record.exists() and not options.force:
        raise RecordingError(
            "{file} already exists. Choose another name, or overwrite it with --force.", file=options.record
        )
    return RecordingWriter(options.record, new_header(config), overwrite=options.force)


def _config(options: argparse.Namespace) -> RunConfig:
    config = _base_config(options)
    if options.loss is not None:
        config = config.replace({"loss.name": options.loss})
    changes: dict[str, object] = {}
    for entry in options.set:
        name, equals, value = entry.partition("=")
        if not equals:
            raise ConfigError(
                "--set {entry}: expected name=value, such as --set loss.margin=0.2.", entry=entry
            )
        changes[name.strip()] = value.strip()
    named = {
        "network.dim": options.dim,
        "seed": options.seed,
        "device": options.device,
        "data.source": options.data,
    }
    changes |= {name: value for name, value in named.items() if value is not None}
    return config.replace(changes | _classes_of_data(config, changes))


def _classes_of_data(config: RunConfig, changes: Mapping[str, object]) -> dict[str, object]:
    """Return the source with its full path, and the number of classes that it has; its errors come later."""
    from explorer.core.data.datasets import DatasetError, class_count, full_source
    from explorer.train_report import reading

    of_data = {name: changes[name] for name in ("data.source", "data.size") if name in changes}
    data = config.replace(of_data).data
    source = full_source(data.source)
    try:
        with reading() as progress:
            return {"data.source": source, "data.classes": class_count(source, data.side, progress)}
    except DatasetError:
        return {"data.source": source}  # training reports it, in the form that the options ask for


def _base_config(options: argparse.Namespace) -> RunConfig:
    if options.config:
        from explorer.core.settings.files import load

        return load(options.config)
    if options.preset:
        from explorer.core.settings.presets import find_preset

        return find_preset(options.preset).config
    return RunConfig()
