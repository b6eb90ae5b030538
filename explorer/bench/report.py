"""``loss-explorer bench``: measures each section in a process of its own and prints the figures."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import IO

import msgspec
import psutil
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text as RichText

from explorer.bench.budgets import FIGURES, SECTIONS, judge
from explorer.bench.figures import Measurement, Verdict
from explorer.bench.measuring import BenchError, core_count, parse_measurements
from explorer.core.params import with_suggestion
from explorer.core.settings.config import ConfigError
from explorer.core.texts import _, text, verbatim

MODULES = {
    "training": "explorer.bench.training",
    "render": "explorer.bench.render",
    "latency": "explorer.bench.latency",
    "startup": "explorer.bench.startup",
    "memory": "explorer.bench.memory",
    "time": "explorer.bench.time",
    "scale": "explorer.bench.scale",
}
"""The module that is run to measure each section."""
SCALE = "scale"
"""The section whose figures are a table of losses and numbers of classes."""


def chosen_sections(listed: str | None) -> tuple[str, ...]:
    """Return the sections of a comma-separated list in the order of the table; all for None.

    Raises
    ------
    ConfigError
        For an unknown section.
    """
    if listed is None:
        return SECTIONS
    names = [name.strip() for name in listed.split(",")]
    for name in names:
        if name not in SECTIONS:
            sentence = text(
                "--only: there is no section {name!r}. Sections: {known}.", name=name, known=SECTIONS
            )
            raise ConfigError(with_suggestion(sentence, name, SECTIONS))
    return tuple(section for section in SECTIONS if section in names)


def bench(
    sections: Sequence[str],
    *,
    json_lines: bool,
    output: IO[str],
    measure: Callable[[str], Iterator[Measurement]] | None = None,
    keep: Callable[[str, Sequence[Verdict]], None] | None = None,
) -> list[str]:
    """Measure sections and print the figures, as JSON lines or as tables; return a message for each failure.

    Parameters
    ----------
    sections : sequence of str
        Some of `SECTIONS`.
    json_lines : bool
        Whether each figure is printed as a JSON object when it is known, instead of tables at the end of a
        section.
    output : text file
        Where the figures go; progress goes to standard error.
    measure : callable, optional
        Yields the measurements of a section; by default `measured`.
    keep : callable, optional
        Called with a section and its figures when all are known.
    """
    failures = []
    cores = core_count()
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(_("starting"), total=len(sections))
        for section in sections:
            verdicts = []
            progress.update(task, description=section)
            try:
                for measurement in (measure or measured)(section):
                    verdict = judge(measurement, cores)
                    verdicts.append(verdict)
                    progress.update(task, description=verdict.name)
                    if json_lines:
                        print(as_json(verdict), file=output, flush=True)
            except BenchError as error:
                failures.append(_("bench {section}: {error}").format(section=section, error=error))
            progress.advance(task)
            if verdicts and keep is not None:
                keep(section, verdicts)
            if verdicts and not json_lines:
                console = Console(file=output)
                console.print(scale_table(verdicts) if section == SCALE else table(verdicts))
    return failures


def measured(section: str) -> Iterator[Measurement]:
    """Yield the measurements of a section, from the process that takes them.

    Raises
    ------
    BenchError
        Where that process fails.
    """
    command = [sys.executable, "-m", MODULES[section]]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            assert process.stdout is not None, "a pipe was asked for"
            yield from parse_measurements(process.stdout)
            code = process.wait()
        except msgspec.DecodeError as error:
            raise BenchError(
                "Its process printed something other than measurements ({error}).", error=error
            ) from None
        finally:
            _end(process)
        if code:
            errors.seek(0)
            last = errors.read().strip().rpartition("\n")[2]
            if last:
                raise BenchError(verbatim(last))
            raise BenchError("Its process ended with exit code {code}.", code=code)


def as_json(verdict: Verdict) -> str:
    """Return a figure as a line of JSON: name, value, unit, budget, ok, note."""
    return json.dumps(msgspec.structs.asdict(verdict), ensure_ascii=False)


def table(verdicts: Sequence[Verdict]) -> Table:
    """Return the figures of a section with their budgets, and how each was measured."""
    result = Table(box=None, pad_edge=False, title_justify="left")
    result.add_column(_("figure"), no_wrap=True)
    for heading in (_("measured"), _("budget"), _("verdict")):
        result.add_column(heading, justify="right", no_wrap=True)
    result.add_column(_("description"), overflow="fold")
    for verdict in verdicts:
        figure = FIGURES[verdict.name]
        budget = (
            "–" if verdict.budget is None else f"{'≥' if figure.at_least else '≤'} {number(verdict.budget)}"
        )
        word = {True: _("kept"), False: _("missed"), None: "–"}[verdict.ok]
        result.add_row(
            figure.name,
            f"{number(verdict.value)} {verdict.unit}",
            budget,
            word,
            _described(_(figure.text), verdict.note),
            style="red" if verdict.ok is False else None,
        )
    return result


def scale_table(verdicts: Sequence[Verdict]) -> Table:
    """Return time and memory of each loss by number of classes; empty where a step takes too long."""
    cells = {verdict.name: number(verdict.value) for verdict in verdicts}
    cases = [verdict.name.split(".")[2:] for verdict in verdicts]
    counts = sorted({int(count) for _loss, count in cases})
    result = Table(
        box=None,
        pad_edge=False,
        title=_("Forward and backward pass, batch of 128, 64-D, one CPU thread: ms / MB"),
        title_justify="left",
    )
    result.add_column(_("loss \\ number of classes"), no_wrap=True)
    for count in counts:
        result.add_column(f"{count:,}", justify="right", no_wrap=True)
    for loss in dict.fromkeys(loss for loss, _count in cases):
        row = [
            f"{cells[f'scale.time.{loss}.{count}']} / {cells[f'scale.memory.{loss}.{count}']}"
            if f"scale.time.{loss}.{count}" in cells
            else ""
            for count in counts
        ]
        result.add_row(loss, *row)
    return result


def _described(description: str, note: str) -> RichText:
    """Return a description with its note dimmed; brackets in them are not markup."""
    return RichText.assemble(description, (f" ({note})", "dim")) if note else RichText(description)


def number(value: float) -> str:
    """Return a number with three significant digits, or whole with thousands separators from 100 on."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _end(process: subprocess.Popen[str]) -> None:
    """Kill a process and its children, if it still runs."""
    if process.poll() is None:
        family = psutil.Process(process.pid)
        for member in [*family.children(recursive=True), family]:
            member.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
