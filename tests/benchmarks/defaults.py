"""How well does each loss train at its defaults? Run by: python tests/benchmarks/defaults.py F.jsonl

Every loss is trained for two epochs of MNIST on the CPU, in 3-D and in 2-D, from seeds 0 to 19, with one
thread each, and tested on all 10,000 test images. A run takes about seven seconds, and all of them 2.5 hours
on a core. Each result is a line of the file at once; what the file already has is not trained again, so that
the command can be stopped and goes on where it was. In the end it prints the table: the worst and the median
accuracy of each loss, the seed of the worst, and how many seeds there are. With --store its rows take the
place of those in defaults.csv beside this file; rows of other losses and dimensions stay. Results in several
files are put together by: defaults.py A.jsonl --more B.jsonl C.jsonl --seeds 0 --store

With --held-out N the last N training images are left out of training and tested on in place of the test
images: that is how defaults are chosen. --set changes a setting for all runs, to try another default. Both
stand in the lines of their results, which count only where the command has the same; none is for the table.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

import torch

from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import RunConfig
from explorer.worker.device.data import Split
from explorer.worker.frames.probe import evaluate
from explorer.worker.training.trainer import Trainer

SEEDS = 20
EPOCHS = 2
TABLE = Path(__file__).with_suffix(".csv")
Key = tuple[str, int, int]
Conditions = dict[str, object]
"""What a run has that is not the default: ``held_out`` images, and settings that were ``set``."""


class Row(NamedTuple):
    """Of a loss in a dimension: worst accuracy with its seed, median, and number of seeds."""

    loss: str
    dim: int
    worst: float
    seed: int
    median: float
    seeds: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Train what the file lacks, and print the table."""
    options = _options(arguments)
    changes = dict(options.set)
    conditions = {"held_out": options.held_out} if options.held_out else {}
    conditions |= {"set": changes} if changes else {}
    files = [options.file] if options.file.exists() else []
    known = results([*files, *options.more], conditions)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    names = options.losses.split(",") if options.losses else list(LOSSES)
    dims = [int(text) for text in options.dims.split(",")]
    for seed, name, dim in product(range(options.first, options.seeds), names, dims):
        if (name, dim, seed) in known:
            continue
        accuracy = known[name, dim, seed] = train(name, dim, seed, options.held_out, changes)
        line = json.dumps({"loss": name, "dim": dim, "seed": seed, "accuracy": accuracy, **conditions})
        with options.file.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        print(line, flush=True)
    rows = list(rows_of(known))
    for row in rows:
        print(
            f"{row.loss:20} {row.dim}-D  worst {row.worst:.3f} (seed {row.seed:2})"
            f"  median {row.median:.3f}  of {row.seeds}"
        )
    if options.store:
        store(rows, TABLE)


def train(name: str, dim: int, seed: int, held_out: int, changes: dict[str, object]) -> float:
    """Return the accuracy after two epochs: on all test images, or on the last training images held out."""
    values = {"loss.name": name, "network.dim": dim, "seed": seed, "device": "cpu"}
    trainer = Trainer(RunConfig().replace(values | changes))
    if held_out:
        _hold_out(trainer, held_out)
    for _ in range(EPOCHS * trainer.steps_per_epoch):
        trainer.step()
    train = trainer.data.train
    some = torch.arange(len(train))[:5000]
    trainer.loss.set_means(trainer.embed(train.images[some]), train.targets[some], **trainer.live)
    return round(evaluate(trainer), 4)


def results(files: Iterable[Path], conditions: Conditions) -> dict[Key, float]:
    """Return the accuracies in files of results that were found under some conditions.

    Raises
    ------
    SystemExit
        If two lines contradict each other: some are of other defaults, and the table would be of neither.
    """
    found: dict[Key, float] = {}
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            key, accuracy = (row.pop("loss"), row.pop("dim"), row.pop("seed")), row.pop("accuracy")
            if row == conditions and found.setdefault(key, accuracy) != accuracy:
                sys.exit(f"{file}: {line} contradicts the accuracy {found[key]} of an earlier line.")
    return found


def rows_of(results: dict[Key, float]) -> Iterator[Row]:
    """Yield a row for each loss and dimension, by name."""
    for name, dim in sorted({key[:2] for key in results}):
        found = {key[2]: value for key, value in results.items() if key[:2] == (name, dim)}
        worst = min(found, key=found.__getitem__)
        yield Row(name, dim, found[worst], worst, round(statistics.median(found.values()), 4), len(found))


def stored(file: Path = TABLE) -> list[Row]:
    """Return the rows of a table that `store` wrote."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            Row(
                row["loss"],
                int(row["dim"]),
                float(row["worst"]),
                int(row["seed"]),
                float(row["median"]),
                int(row["seeds"]),
            )
            for row in csv.DictReader(lines)
        ]


def store(rows: Iterable[Row], file: Path) -> None:
    """Write rows to a table in place of those of the same losses and dimensions."""
    table = {row[:2]: row for row in (*(stored(file) if file.exists() else ()), *rows)}
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows(table[pair] for pair in sorted(table))


def _hold_out(trainer: Trainer, count: int) -> None:
    """Train without the last images, and test on these."""
    train = trainer.data.train
    kept = torch.arange(len(train))
    kept, held = kept[:-count], kept[-count:]
    trainer.data = trainer.data._replace(
        train=Split(train.images, train.labels, train.targets, kept),
        test=Split(train.images[held], train.labels[held], train.targets[held]),
    )
    trainer.steps_per_epoch = trainer.data.train.trained_count // trainer.batch


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    add = parser.add_argument
    add("file", type=Path, help="results, one JSON object a line; made if it does not exist")
    add("--more", type=Path, nargs="*", default=[], metavar="FILE", help="files with results to be added")
    add(
        "--seeds",
        type=int,
        default=SEEDS,
        help="seeds below this one (default %(default)s); 0 trains nothing",
    )
    add("--first", type=int, default=0, help="first seed")
    add("--losses", default="", help="names, with commas between them (default: all)")
    add("--dims", default="3,2", help="dimensions, with commas between them")
    add("--held-out", type=int, default=0, metavar="N", help="test on the last N training images")
    add("--store", action="store_true", help=f"write the table to {TABLE.name}")
    add("--set", action="append", default=[], type=_setting, metavar="KEY=VALUE")
    options = parser.parse_args(arguments)
    if options.store and (options.held_out or options.set):
        parser.error("--store is for runs at the defaults on the test images: leave out --held-out and --set")
    return options


def _setting(text: str) -> tuple[str, object]:
    name, value = text.split("=", 1)
    return name, json.loads(value)


if __name__ == "__main__":
    main()
