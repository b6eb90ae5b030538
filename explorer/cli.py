"""The command line. It imports the window or the worker only for commands that need them."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from explorer import __version__
from explorer.core.data.resources import ResourceError
from explorer.core.losses.catalog import PLUGIN_FAULTS
from explorer.core.protocol.messages import Until
from explorer.core.recording.header import SUFFIX, RecordingError
from explorer.core.settings.config import ConfigError, RunConfig
from explorer.core.texts import _

if TYPE_CHECKING:
    from explorer.core.recording.writer import RecordingWriter

DONE, FAILED, USAGE = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    """Prints usage errors in one line, with a reference to the help."""

    def error(self, message: str) -> None:  # type: ignore[override]  # argparse declares NoReturn; exit() never returns
        sentence = _("{program}: {problem}; see: {program} --help")
        self.exit(USAGE, sentence.format(program=self.prog, problem=message) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 the work failed, 2 wrong usage or bad input."""
    options = _parser().parse_args(_with_command(sys.argv[1:] if arguments is None else arguments))
    for fault in PLUGIN_FAULTS:
        _complain(str(fault), DONE)
    try:
        code: int = options.act(options)
    except (ConfigError, RecordingError) as error:
        return _complain(str(error), USAGE)
    except ResourceError as error:
        return _complain(str(error), FAILED)
    except KeyboardInterrupt:
        return _complain(_("stopped before the first result."), FAILED)
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    return code


def _with_command(arguments: Sequence[str]) -> Sequence[str]:
    """Return the arguments, with ``gui`` before the name of a recording that stands in place of a command."""
    return ["gui", *arguments] if arguments and arguments[0].endswith(SUFFIX) else arguments


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="loss-explorer",
        description=_("Watch a loss function shape the feature space of MNIST while the network trains."),
    )
    parser.add_argument("--version", action="version", version=f"loss-explorer {__version__}")
    parser.set_defaults(act=_gui, file=None)
    commands = parser.add_subparsers(title=_("commands"), metavar="COMMAND")

    gui = commands.add_parser("gui", help=_("open the window (default)"))
    gui.add_argument("file", nargs="?", type=Path, metavar="F.lossrun", help=_("recording to show"))
    gui.set_defaults(act=_gui)

    train = commands.add_parser("train", help=_("train without a window"))
    base = train.add_mutually_exclusive_group()
    base.add_argument("--config", type=Path, metavar="FILE", help=_("settings from a .toml or .json file"))
    base.add_argument("--preset", metavar="NAME", help=_("preset that ships with the program"))
    train.add_argument("--loss", metavar="NAME", help=_("loss function; see: loss-explorer losses"))
    train.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help=_(
            "set any setting by its dotted name, such as loss.margin=0.2 or optimizer.rate=0.05; repeatable"
        ),
    )
    train.add_argument("--dim", metavar="2|3", help=_("number of feature dimensions"))
    train.add_argument("--seed", metavar="N", help=_("random seed"))
    train.add_argument("--device", metavar="NAME", help=_("device to train on: auto, cpu, cuda or mps"))
    train.add_argument("--epochs", type=_positive, metavar="N", help=_("stop after N epochs"))
    train.add_argument("--seconds", type=_positive, metavar="S", help=_("stop after S seconds of training"))
    train.add_argument(
        "--record",
        type=Path,
        metavar="F.lossrun",
        help=_("record the run to this file; it must not exist"),
    )
    train.add_argument("--force", action="store_true", help=_("overwrite the file of --record"))
    train.add_argument("--json", action="store_true", help=_("print one JSON object per frame"))
    train.set_defaults(act=_train)

    info = commands.add_parser("info", help=_("show the contents of a recording, and check it for damage"))
    info.add_argument("file", type=Path, metavar="F.lossrun", help=_("recording to read"))
    info.add_argument("--json", action="store_true", help=_("print JSON"))
    info.set_defaults(act=_info)

    losses = commands.add_parser("losses", help=_("list the losses and their parameters"))
    losses.add_argument("--json", action="store_true", help=_("print JSON"))
    losses.set_defaults(act=_losses)

    bench = commands.add_parser("bench", help=_("measure this machine against the performance budgets"))
    bench.add_argument("--only", metavar="SECTIONS", help=_("comma-separated sections to measure"))
    bench.add_argument("--json", action="store_true", help=_("print one JSON object per figure"))
    bench.add_argument(
        "--chart", type=Path, metavar="F.png", help=_("save a chart of the section scale to this file")
    )
    bench.set_defaults(act=_bench)

    worker = commands.add_parser("worker", help=_("run a worker on standard input and output, for ssh"))
    worker.set_defaults(act=_worker)
    return parser


def _positive(written: str) -> float:
    number = float(written)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(_("{value} is not a positive number").format(value=written))
    return number


def _gui(options: argparse.Namespace) -> int:
    from explorer.gui.start import StartError, start

    if options.file is not None:
        from explorer.core.recording.reader import Recording

        Recording(options.file).close()  # a file that is no recording is reported here, not in a window
    try:
        return start([sys.executable, "-m", "explorer.worker"], options.file)
    except StartError as error:
        return _complain(str(error), FAILED)


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
        _complain(complaint, FAILED)
    return FAILED if complaints else DONE


def _train(options: argparse.Namespace) -> int:
    config = _config(options)
    epochs = options.epochs
    if epochs is None and options.seconds is None:
        epochs = config.optimizer.horizon
    stopped = False

    def stop(*_: object) -> None:
        nonlocal stopped
        stopped = True

    from explorer.train_report import report_for

    with (
        _recording(options, config) as writer,
        report_for(
            json_lines=options.json, epochs=epochs, seconds=options.seconds, recording=writer
        ) as report,
    ):
        from explorer.worker.entry import spin_briefly

        spin_briefly(os.environ)
        from explorer.worker.headless import train  # loads torch

        signal.signal(signal.SIGINT, stop)
        train(config, Until(epoch=epochs, seconds=options.seconds), report.handle, lambda: stopped, writer)
    report.check_recording()
    if writer is not None and writer.status.left_out:
        sentence = _("The disk is too slow. Frames missing from {file}: {count}.")
        _complain(sentence.format(file=options.record, count=writer.status.left_out), DONE)
    if report.error is not None:
        return _complain(str(report.error), FAILED)
    return FAILED if report.recording_lost else DONE


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


def _info(options: argparse.Namespace) -> int:
    from explorer.core.recording.info import as_data, as_text
    from explorer.core.recording.reader import Recording

    with Recording(options.file) as recording:
        print(json.dumps(as_data(recording), indent=2) if options.json else as_text(recording))
    return DONE


def _config(options: argparse.Namespace) -> RunConfig:
    config = _base_config(options)
    if options.loss:
        config = config.replace({"loss.name": options.loss})
    changes: dict[str, object] = {}
    for entry in options.set:
        name, equals, value = entry.partition("=")
        if not equals:
            raise ConfigError(
                "--set {entry}: expected name=value, such as --set loss.margin=0.2.", entry=entry
            )
        changes[name.strip()] = value.strip()
    named = {"network.dim": options.dim, "seed": options.seed, "device": options.device}
    return config.replace(changes | {name: value for name, value in named.items() if value is not None})


def _base_config(options: argparse.Namespace) -> RunConfig:
    if options.config:
        from explorer.core.settings.files import load

        return load(options.config)
    if options.preset:
        from explorer.core.settings.presets import find_preset

        return find_preset(options.preset).config
    return RunConfig()


def _complain(sentence: str, code: int) -> int:
    print(f"loss-explorer: {sentence}", file=sys.stderr)
    return code
