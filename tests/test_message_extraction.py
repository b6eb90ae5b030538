"""Babel, as pyproject.toml configures it, finds every message id, and each can be formatted."""

from __future__ import annotations

import ast
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from test_texts_on_screen import ROOT, SEAM, called, errors_of_texts, tree

from explorer.core.settings.presets import list_presets
from explorer.core.texts import text

REPOSITORY = ROOT.parent
COUNTED = {"ngettext", "plural"}
"""Functions whose first two arguments are message ids; others take one."""


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the message ids that the documented command writes."""
    path: Path = tmp_path_factory.mktemp("texts") / "loss-explorer.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-o", str(path)]
    subprocess.run(command, cwd=REPOSITORY, check=True, timeout=120)
    with path.open("rb") as file:
        return {id_ for message in read_po(file) if message.id for id_ in each_form(message.id)}


def each_form(message: str | tuple[str, ...]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else message


def written() -> Iterator[str]:
    """Yield the message ids in the source, found without Babel."""
    accepted = SEAM | errors_of_texts()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and called(node) in accepted:
                for argument in node.args[: 2 if called(node) in COUNTED else 1]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value


def test_every_message_id_of_the_program_is_extracted(extracted):
    found = set(written())
    assert len(found) > 500
    assert found <= extracted


def test_titles_and_descriptions_of_presets_are_extracted(extracted):
    assert {words for preset in list_presets() for words in (preset.title, preset.description)} <= extracted


def test_the_keywords_are_the_functions_and_errors_that_take_a_message_id():
    """A new subclass of TextError has to be listed: Babel does not know what derives from what."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    keywords = settings["tool"]["babel"]["extract_messages"]["keywords"]
    expected = SEAM | errors_of_texts()
    assert set(keywords) == {f"{name}:1,2" if name in COUNTED else name for name in expected}


def test_every_message_id_has_named_fields_and_a_format_that_numbers_have(extracted):
    for message in extracted:
        fields = {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}
        assert all(name.isidentifier() for name in fields), message
        assert str(text(message, **dict.fromkeys(fields, 1)))


def test_the_readme_has_the_command():
    assert ".venv/bin/pybabel extract " in (REPOSITORY / "README.md").read_text("utf-8")
