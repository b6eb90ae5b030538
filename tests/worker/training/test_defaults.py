"""A loss that does not learn at its defaults looks wrong to whoever tries it, unless its card says why.

The table is that of ``tests/benchmarks/defaults.py``. With ``-m soak`` the seed in which each loss was worst
is trained again, for two epochs in each dimension.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from math import floor
from pathlib import Path

import pytest
import torch

from explorer.core.losses.catalog import LOSSES
from tests.benchmarks import defaults
from tests.benchmarks.defaults import Row, store, stored, train

ROOT = Path(__file__).parents[3]
BOUNDS = {2: 0.85, 3: 0.9}
TABLE = stored()
each_row = pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.loss}-{row.dim}d")


@each_row
def test_defaults_serve_every_seed_or_the_loss_says_how_far_it_falls(row: Row) -> None:
    said = LOSSES[row.loss].least_accuracy
    assert (row.dim in said) == (row.worst < BOUNDS[row.dim])
    assert said.get(row.dim, 0.0) in (0.0, floor(100 * row.worst) / 100)


def test_table_has_every_loss_in_both_dimensions_over_as_many_seeds() -> None:
    assert [row[:2] for row in TABLE] == sorted(product(LOSSES, BOUNDS))
    assert {row.seeds for row in TABLE} == {defaults.SEEDS}
    assert f"over {defaults.SEEDS} seeds" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_card_that_gives_accuracies_in_the_plane_gives_the_worst_of_the_table(language: str) -> None:
    worst = next(row.worst for row in TABLE if row[:2] == ("arcface", 2))
    card = ROOT / "resources" / "theory" / language / "arcface.md"
    assert f"{worst:.1%}" in card.read_text(encoding="utf-8")


@pytest.fixture
def sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a table of two losses, where a run is as good as its seed and images held out."""
    monkeypatch.setattr(defaults, "TABLE", tmp_path / "table.csv")
    monkeypatch.setattr(
        defaults, "train", lambda _loss, _dim, seed, held_out, _changes: (seed + held_out) / 100
    )
    store([Row("arcface", 2, 0.5, 3, 0.6, 4), Row("softmax", 3, 0.9, 1, 0.9, 2)], defaults.TABLE)
    return tmp_path


def test_results_of_several_files_take_the_place_of_their_rows_alone(sweep: Path) -> None:
    files = [str(sweep / name) for name in ("a.jsonl", "b.jsonl", "c.jsonl")]
    only = ["--losses", "arcface", "--dims", "2"]
    defaults.main([files[0], "--seeds", "1", *only])
    defaults.main([files[1], "--first", "1", "--seeds", "3", *only])
    defaults.main([files[2], "--more", *files[:2], "--seeds", "0", "--store"])
    assert stored(defaults.TABLE) == [
        Row("arcface", 2, 0.0, 0, 0.01, 3),
        Row("softmax", 3, 0.9, 1, 0.9, 2),
    ]


def test_results_count_only_under_the_conditions_of_their_runs(sweep: Path) -> None:
    file = sweep / "a.jsonl"
    for options in (["--held-out", "9"], ["--set", "loss.scale=2"], [], ["--held-out", "9"]):
        defaults.main([str(file), "--seeds", "1", "--losses", "arcface", "--dims", "2", *options])
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line["accuracy"] for line in lines] == [0.09, 0, 0], "the second time it is known"
    before = defaults.TABLE.read_bytes()
    for options in (["--held-out", "9"], ["--set", "loss.scale=2"]):
        with pytest.raises(SystemExit):
            defaults.main([str(file), "--seeds", "0", "--store", *options])
    assert defaults.TABLE.read_bytes() == before


def test_results_that_contradict_each_other_are_refused(sweep: Path) -> None:
    file = sweep / "a.jsonl"
    line = {"loss": "arcface", "dim": 2, "seed": 0}
    file.write_text("".join(f"{json.dumps({**line, 'accuracy': each})}\n" for each in (0.5, 0.6)))
    with pytest.raises(SystemExit, match="contradicts"):
        defaults.main([str(file), "--seeds", "0", "--store"])


@pytest.fixture
def _one_thread() -> Iterator[None]:
    """Round sums in the same order on each machine, so that the worst seed stays the worst."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.soak
@pytest.mark.usefixtures("_one_thread")
@each_row
def test_worst_seed_learns_again(row: Row) -> None:
    bound = LOSSES[row.loss].least_accuracy.get(row.dim, BOUNDS[row.dim])
    assert train(row.loss, row.dim, row.seed, held_out=0, changes={}) >= bound
