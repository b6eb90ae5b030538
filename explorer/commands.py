"""What the commands do but for `train`. Each imports the window or the worker only if it needs them."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from errno import ENOSPC
from types import MappingProxyType

from explorer.core.data.resources import ResourceError
from explorer.core.losses.catalog import PLUGIN_FAULTS
from explorer.core.recording.header import RecordingError
from explorer.core.settings.config import ConfigError
from explorer.core.texts import _, showable
from explorer.desktop import desktop
from explorer.exit_codes import DONE, FAILED, USAGE, complain
from explorer.export_command import export
from explorer.render_command import render
from explorer.train_command import train


def run(options: argparse.Namespace) -> int:
    """Run the command of these options and return its exit code; errors are one line on standard error."""
    for fault in PLUGIN_FAULTS:
        complain(str(fault), DONE)
    try:
        os.getcwd()
    except OSError:
        return complain(_("the current folder is not there any more: change to another one."), USAGE)
    try:
        code = _COMMANDS[options.command](options)
        if sys.stdout is not None:
            sys.stdout.flush()  # an error at the end of the process could not be told
    except (ConfigError, RecordingError) as error:
        return complain(str(error), USAGE)
    except ResourceError as error:
        return complain(str(error), FAILED)
    except KeyboardInterrupt:
        return complain(_("stopped before the first result."), FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # else Python says at the end what is said here
        return FAILED
    except OSError as error:
        if error.errno != ENOSPC:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return complain(_("the output cannot be written: {error}.").format(error=showable(error)), FAILED)
    return code


def _gui(options: argparse.Namespace) -> int:
    from explorer.gui.guides.guide import GuideError
    from explorer.gui.session.worker_client import local_worker
    from explorer.gui.starting.start import StartError, start

    if options.lesson and (options.files or options.data):
        return complain(_("--lesson opens a lesson by itself, without other files."), USAGE)
    try:
        return start(
            local_worker(), options.files, safe=options.safe, lesson=options.lesson, data=options.data or ""
        )
    except StartError as error:
        return complain(str(error), FAILED)
    except GuideError as error:
        return complain(str(error), USAGE)


def _worker(_options: argparse.Namespace) -> int:
    from explorer.worker.entry import main as serve

    return serve()


def _losses(options: argparse.Namespace) -> int:
    from explorer.core.losses.catalog import LOSSES
    from explorer.core.losses.text import as_data, as_text

    print(json.dumps(as_data(LOSSES.values()), indent=2) if options.json else as_text(LOSSES.values()))
    return DONE


def _bench(options: argparse.Namespace) -> int:
    from explorer.bench.figures import Verdict
    from explorer.bench.report import SCALE, bench, chosen_sections
    from explorer.worker.entry import spin_briefly

    spin_briefly(os.environ)  # for the processes that measure training
    sections, chart = chosen_sections(options.only), options.chart
    if chart is not None and (SCALE not in sections or chart.suffix.lower() != ".png"):
        raise ConfigError(
            "--chart {chart}: measure the section {section} as well, and use a file name ending in .png.",
            chart=chart,
            section=SCALE,
        )
    if chart is not None and not chart.absolute().parent.is_dir():
        raise ConfigError("--chart {chart}: there is no such folder.", chart=chart)

    def keep(section: str, verdicts: Sequence[Verdict]) -> None:
        if section == SCALE and chart is not None:
            from explorer.bench.cost_chart_file import write_cost_chart

            try:
                write_cost_chart(chart, verdicts)
            except OSError as error:
                complaints.append(str(error))

    complaints: list[str] = []
    complaints += bench(sections, json_lines=options.json, output=sys.stdout, keep=keep)
    for complaint in complaints:
        complain(complaint, FAILED)
    return FAILED if complaints else DONE


def _info(options: argparse.Namespace) -> int:
    from explorer.core.recording.info import as_data, as_text
    from explorer.core.recording.reader import Recording

    with Recording(options.file) as recording:
        print(json.dumps(as_data(recording), indent=2) if options.json else as_text(recording))
    return DONE


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = MappingProxyType(
    {
        "gui": _gui,
        "train": train,
        "info": _info,
        "render": render,
        "export": export,
        "losses": _losses,
        "bench": _bench,
        "desktop": desktop,
        "worker": _worker,
    }
)
