"""No view and no computation knows a loss by its name: one from another package is treated like ours.

What they need to know of a loss stands in its `LossSpec`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.core.losses.catalog import LOSSES

ROOT = Path(__file__).parent.parent / "explorer"
NAMED = re.compile("|".join(map(re.escape, LOSSES)))
"""Where none of them stands anywhere, there is no literal with one."""
MODULES = sorted(path for room in ("analysis", "gui") for path in (ROOT / room).rglob("*.py"))


def field_names(tree: ast.Module) -> set[str]:
    """Return the names of all fields that classes of a module declare."""
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    fields = [node.target for one in classes for node in one.body if isinstance(node, ast.AnnAssign)]
    return {target.id for target in fields if isinstance(target, ast.Name)}


def loss_names(tree: ast.Module, fields: set[str]) -> Iterator[ast.Constant]:
    """Yield the string literals that name a loss.

    A word that is also the name of a field, such as the option ``circle``, may stand in a table of options;
    it names a loss where it is compared, or is the key of a set or a mapping.
    """
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in LOSSES:
            parent = parents[node]
            if isinstance(parent, ast.Tuple | ast.List):
                parent = parents[parent]
            decides = isinstance(parent, ast.Compare | ast.Set | ast.Dict | ast.Subscript | ast.match_case)
            if decides or node.value not in fields:
                yield node


def test_no_module_of_analysis_or_gui_names_a_loss() -> None:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
    fields = set[str]().union(*map(field_names, trees.values()))
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value!r}"
        for path, tree in trees.items()
        if NAMED.search(path.read_text(encoding="utf-8"))
        for node in loss_names(tree, fields)
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "x = name == 'adaface'",
        "x = name in ('circle', 'center')",
        "CURVES = {'circle': 1}",
        "NAMES = {'circle'}",
        "NAMES = frozenset(['arcface'])",
        "x = LOSSES['circle']",
        "choose('normface')",
    ],
)
def test_a_name_is_found_wherever_it_decides(code: str) -> None:
    assert list(loss_names(ast.parse(code), {"circle"}))


@pytest.mark.parametrize(
    "code", ["OPTIONS = (('circle', 'Unit circle'),)", "align = 'centre'", "'''Circle.'''"]
)
def test_ordinary_words_are_let_alone(code: str) -> None:
    assert not list(loss_names(ast.parse(code), {"circle"}))
