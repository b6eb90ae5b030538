"""No sentence for a person bypasses the seam of translation: found in the source, without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent / "explorer"
SEAM = {"_", "N_", "ngettext", "text", "plural"}
"""Functions of `explorer.core.texts` that take a message id."""
PROPER_NAMES = {"Paper", "KnownSet"}
"""What holds names that are the same in all languages."""
NOT_FOR_PEOPLE = {"ValueError", "TypeError", "IndexError", "KeyError", "RuntimeError", "AssertionError"}
"""Errors that a programmer reads, in a traceback."""
PROSE = re.compile(r"[^\W\d_]{2,},? [^\W\d_]{2,}")
"""Two words in a row: what a sentence has, and an identifier, a style sheet rule or a format has not."""
DERIVED = re.compile(r"class \w+\([^)]*Error")
"""A class of errors; all others are not worth parsing their modules."""
STYLE = re.compile(r"\{ [\w-]+:|[\w-]+: \d+px")
"""A rule of a style sheet, or a part of one."""


def errors_of_texts() -> set[str]:
    """Names of the classes that derive from `TextError`, whose first argument is a message id."""
    names = {"TextError"}
    paths = [path for path in ROOT.rglob("*.py") if DERIVED.search(path.read_text(encoding="utf-8"))]
    classes = [node for path in paths for node in ast.walk(tree(path)) if is_class(node)]
    while found := {
        node.name
        for node in classes
        if node.name not in names and any(isinstance(b, ast.Name) and b.id in names for b in node.bases)
    }:
        names |= found
    return names


def is_class(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def sentences(node: ast.AST, accepted: set[str]) -> Iterator[ast.Constant]:
    """Yield the constants of prose that no accepted call takes; docstrings and annotations are none."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Call) and called(node) in accepted:
        taken = 2 if called(node) in ("ngettext", "plural") else 1
        for child in (*node.args[taken:], *(keyword.value for keyword in node.keywords)):
            yield from sentences(child, accepted)
        return
    if isinstance(node, ast.Call) and called(node) in PROPER_NAMES:
        return
    if isinstance(node, ast.keyword) and node.arg == "aliases":  # names that are typed, not shown
        return
    if isinstance(node, ast.Assert):
        node = node.test
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and is_prose(node.value):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from sentences(child, accepted)


def is_prose(value: str) -> bool:
    return PROSE.search(value) is not None and STYLE.search(value) is None


def bypassing(paths: list[Path]) -> list[str]:
    accepted = SEAM | NOT_FOR_PEOPLE | errors_of_texts()
    found = []
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines()
        found += [
            f"{path.relative_to(ROOT)}:{node.lineno}: {node.value!r}"
            for node in sentences(tree(path), accepted)
            if "# not shown" not in lines[node.end_lineno - 1]
        ]
    return found


def test_every_sentence_goes_through_the_seam_of_translation():
    paths = sorted(ROOT.rglob("*.py"))
    assert len(paths) > 300
    assert bypassing(paths) == []


def test_the_finder_finds_what_bypasses_the_seam(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    path = tmp_path / "module.py"
    path.write_text(
        '"""A docstring of words."""\n'
        'label = _("two words")\n'
        'raise ValueError("for a programmer")\n'
        'style = "QLabel { color: red }"\n'
        'button.setText("Press me now")\n'
        'status = f"{count} images left"\n',
        encoding="utf-8",
    )
    assert [line.partition(" ")[2] for line in bypassing([path])] == ["'Press me now'", "' images left'"]
