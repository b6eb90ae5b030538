"""The command line: what it understands. What the commands do is in `commands`, imported after parsing."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Container, Sequence
from pathlib import Path

from explorer import __version__
from explorer.arguments import positive, step_or_all
from explorer.core.data.resources import ResourceError
from explorer.core.languages import follow_environment, stay_untranslated
from explorer.core.plugins import PLUGINS
from explorer.core.texts import _
from explorer.exit_codes import DONE, USAGE, complain, open_closed_streams, replace_unencodable
from explorer.export.formats import FORMATS
from explorer.render_command import add_render_options

_OF_WINDOW = _SAFE, _LESSON, _DATA = "--safe", "--lesson", "--data"


class _Parser(argparse.ArgumentParser):
    """Prints usage errors in one line, with a reference to the help."""

    def error(self, message: str) -> None:  # type: ignore[override]  # argparse declares NoReturn; exit() never returns
        sentence = _("{program}: {problem}; see: {program} --help")
        self.exit(USAGE, sentence.format(program=self.prog, problem=message) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 the work failed, 2 wrong usage or bad input."""
    open_closed_streams()
    replace_unencodable()
    try:
        follow_environment()
    except ResourceError as error:
        complain(str(error), DONE)
    parser, commands = _parser()
    options = parser.parse_args(_with_command(sys.argv[1:] if arguments is None else arguments, commands))
    if options.safe:
        os.environ[PLUGINS] = "off"  # before the import that loads them
    if getattr(options, "json", False):
        stay_untranslated()
    from explorer.commands import run

    return run(options)


def _with_command(arguments: Sequence[str], commands: Container[str]) -> Sequence[str]:
    """Return the arguments, with ``gui`` before its options and files where no command is named."""
    first = arguments[0] if arguments else ""
    if first and first not in commands and (first.partition("=")[0] in _OF_WINDOW or _is_file(first)):
        return ["gui", *arguments]
    return arguments


def _is_file(word: str) -> bool:
    """Return whether a word looks like the name of a file, rather than a misspelt command or an option."""
    path = Path(word)
    return not word.startswith("-") and (bool(path.suffix) or len(path.parts) > 1 or path.exists())


def _parser() -> tuple[argparse.ArgumentParser, Container[str]]:
    """Return the parser, and the names of the commands."""
    parser = _Parser(
        prog="loss-explorer",
        description=_("Watch a loss function shape the feature space while the network trains."),
    )
    version = f"%(prog)s {__version__}"
    parser.add_argument("--version", action="version", version=version, help=_("show the version"))
    parser.set_defaults(command="gui", files=[], safe=False, lesson="", data=None)
    commands = parser.add_subparsers(title=_("commands"), metavar="COMMAND")

    gui = commands.add_parser("gui", help=_("open the window (default)"))
    gui.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help=_("recordings (.lossrun), settings (.toml, .json), data sets or pictures to open"),
    )
    gui.add_argument(
        _SAFE,
        action="store_true",
        help=_("default settings and layout, nothing restored, nothing saved, no plug-ins"),
    )
    gui.add_argument(
        _LESSON,
        default="",
        metavar="FILE",
        help=_("lesson for a classroom, a file or a link; starts again after two idle minutes"),
    )
    gui.set_defaults(command="gui")

    train = commands.add_parser("train", help=_("train without a window"))
    for each in (gui, train):
        each.add_argument(_DATA, metavar="PATH", help=_("data set: a name, a file or a folder"))
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
    train.add_argument("--dim", metavar="N", help=_("number of feature dimensions, 2 to 512"))
    train.add_argument("--seed", metavar="N", help=_("random seed"))
    train.add_argument("--device", metavar="NAME", help=_("device to train on: auto, cpu, cuda or mps"))
    train.add_argument("--epochs", type=positive, metavar="N", help=_("stop after N epochs"))
    train.add_argument(
        "--seconds",
        type=positive,
        metavar="S",
        help=_("stop after S seconds, including the time to read the data, but not before the first step"),
    )
    train.add_argument(
        "--record",
        type=Path,
        metavar="F.lossrun",
        help=_("record the run to this file; it must not exist"),
    )
    train.add_argument("--force", action="store_true", help=_("overwrite the file of --record"))
    train.add_argument("--json", action="store_true", help=_("print one JSON object per frame"))
    train.set_defaults(command="train")

    info = commands.add_parser("info", help=_("show the contents of a recording, and check it for damage"))
    info.add_argument("file", type=Path, metavar="F.lossrun", help=_("recording to read"))
    info.add_argument("--json", action="store_true", help=_("print JSON"))
    info.set_defaults(command="info")

    drawing = _("draw views of a recording as a picture or a film")
    add_render_options(commands.add_parser("render", help=drawing))
    _add_export(commands.add_parser("export", help=_("write the data of a recording, or the run as code")))

    losses = commands.add_parser("losses", help=_("list the losses and their parameters"))
    losses.add_argument("--json", action="store_true", help=_("print JSON"))
    losses.set_defaults(command="losses")

    bench = commands.add_parser("bench", help=_("measure this machine against the performance budgets"))
    bench.add_argument("--only", metavar="SECTIONS", help=_("comma-separated sections to measure"))
    bench.add_argument("--json", action="store_true", help=_("print one JSON object per figure"))
    bench.add_argument(
        "--chart", type=Path, metavar="F.png", help=_("save a chart of the section scale to this file")
    )
    bench.set_defaults(command="bench")

    desktop = commands.add_parser(
        "desktop", help=_("add the program and its recordings to the desktop of Linux, or remove them")
    )
    desktop.add_argument("action", choices=("install", "uninstall"), help=_("what to do"))
    desktop.set_defaults(command="desktop")

    worker = commands.add_parser("worker", help=_("run a worker on standard input and output, for ssh"))
    worker.set_defaults(command="worker")
    return parser, commands.choices


def _add_export(export: argparse.ArgumentParser) -> None:
    export.add_argument("file", type=Path, metavar="F.lossrun", help=_("recording to read"))
    kinds = _("{name}: {summary}")
    export.add_argument(
        "--format",
        required=True,
        choices=[one.name for one in FORMATS],
        help="; ".join(kinds.format(name=one.name, summary=_(one.summary)) for one in FORMATS),
    )
    export.add_argument(
        "--at",
        type=step_or_all,
        metavar="STEP|all",
        help=_("step to export, or all of them; without it the last one"),
    )
    export.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="PATH",
        help=_("file or folder to write"),
    )
    export.add_argument("--frames", type=int, metavar="N", help=_("html: most frames; 120 without it"))
    export.add_argument("--points", type=int, metavar="N", help=_("html: most images; 2,000 without it"))
    export.add_argument("--force", action="store_true", help=_("overwrite what is there"))
    export.set_defaults(command="export")
