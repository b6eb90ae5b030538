"""What the README names is there: its links, and the folders and entry points that it tells of."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from explorer.core.losses.heads import HEADS_GROUP

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINKS = re.findall(r"\]\((?!https?://)([^)#]+)\)", README)
PROMISES = re.findall(r"`(tests/[\w./-]+\.py)::(\w+)`", README)
PLACES = re.findall(r"`((?:explorer|tests|resources|\.ci)/[\w./-]+)`", README)


@pytest.mark.parametrize("place", sorted({*LINKS, *PLACES}))
def test_a_file_or_folder_that_the_readme_names_exists(place):
    assert (ROOT / place).exists()


def test_the_readme_names_enough_to_be_checked():
    assert len(LINKS) > 5
    assert len(PLACES) > 5


def test_the_entry_point_of_a_head_is_the_one_that_the_program_reads():
    block = next(b for b in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if "my-head" in b)
    assert list(tomllib.loads(block)["project"]["entry-points"]) == [HEADS_GROUP]


@pytest.mark.parametrize(("file", "test"), PROMISES)
def test_the_test_of_a_promise_exists(file, test):
    assert f"\ndef {test}(" in (ROOT / file).read_text(encoding="utf-8")


def test_every_promise_names_its_test():
    section = README.split("\n## Promises\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
    assert len(PROMISES) == len(rows) > 10
