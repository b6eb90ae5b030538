"""Modules as text: where their source is, what they define, and what they import. None of them is run."""

from __future__ import annotations

import ast
import importlib.util
from functools import cache
from pathlib import Path
from typing import NamedTuple

from explorer.export.files import ExportError


class Symbol(NamedTuple):
    """A name at the top level of a module."""

    module: str
    name: str


class Imported(NamedTuple):
    """What a name was imported from: a name of a module, or a module itself where that is empty."""

    module: str
    name: str

    def statement(self, local: str) -> str:
        """Return the import of it under a local name."""
        what = self.name or self.module
        renamed = "" if local == what or (not self.name and "." in what) else f" as {local}"
        return f"from {self.module} import {what}{renamed}" if self.name else f"import {what}{renamed}"


class Module:
    """The source of a module.

    Attributes
    ----------
    name, source : str
        Its dotted name, and its text.
    lines : list of str
        The text by lines.
    tree : ast.Module
        The text parsed.
    definitions : dict
        Statement that defines each name at the top level.
    imports : dict
        What each imported name stands for.

    Raises
    ------
    ExportError
        If there is no source.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        path = _path_of(name)
        try:
            self.source = path.read_text("utf-8") if path is not None else ""
        except OSError:
            path = None
        if path is None or path.suffix != ".py":
            raise ExportError("The source of the module {module} is not installed.", module=name)
        self._package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        self.lines = self.source.splitlines()
        self.tree = ast.parse(self.source)
        self.definitions: dict[str, ast.stmt] = {}
        self.imports: dict[str, Imported] = {}
        for statement in self.tree.body:
            self._take(statement)

    @property
    def summary(self) -> str:
        """The docstring."""
        return ast.get_docstring(self.tree) or ""

    def value(self, name: str) -> ast.expr | None:
        """Return the value that is assigned to a name at the top level."""
        statement = self.definitions.get(name)
        return statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None

    def span(self, statement: ast.stmt) -> tuple[int, int]:
        """Return the first line of a statement and that after its last, counted from 0.

        With its decorators, comments directly above, and a docstring below an assignment.
        """
        decorators = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(one.lineno for one in decorators)]) - 1
        while first and self.lines[first - 1].lstrip().startswith("#"):
            first -= 1
        last = statement.end_lineno or statement.lineno
        following = next((one for one in self.tree.body if one.lineno == last + 1), None)
        if isinstance(statement, ast.Assign | ast.AnnAssign) and _is_text(following):
            last = following.end_lineno or last  # type: ignore[union-attr]  # a text is not None
        return first, last

    def _take(self, statement: ast.stmt) -> None:
        match statement:
            case ast.FunctionDef() | ast.ClassDef():
                self.definitions[statement.name] = statement
            case ast.Assign(targets=[*targets]):
                names = (
                    node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)
                )
                self.definitions |= dict.fromkeys(names, statement)
            case ast.AnnAssign(target=ast.Name(id=name)):
                self.definitions[name] = statement
            case ast.Import():
                for alias in statement.names:
                    local = alias.asname or alias.name.partition(".")[0]
                    self.imports[local] = Imported(alias.name, "")
            case ast.ImportFrom() if statement.module != "__future__":
                for alias in statement.names:
                    self.imports[alias.asname or alias.name] = Imported(self._origin(statement), alias.name)
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                for inner in statement.body:
                    self._take(inner)

    def _origin(self, statement: ast.ImportFrom) -> str:
        """Return the name of the module that an import names, perhaps relative to this one."""
        if not statement.level:
            return statement.module or ""
        parts = self._package.split(".")
        parts = parts[: len(parts) - statement.level + 1]
        return ".".join([*parts, *([statement.module] if statement.module else [])])


@cache
def module(name: str) -> Module:
    """Return the source of a module; raises as `Module`."""
    return Module(name)


def resolve(start: Symbol) -> Symbol | Imported | None:
    """Return where a name is defined, or the import of it where that is in no module that has a source.

    None for a name that the module neither defines nor imports, such as a built-in.
    """
    seen = set()
    while start not in seen:
        seen.add(start)
        holder = module(start.module)
        if start.name in holder.definitions:
            return start
        found = holder.imports.get(start.name)
        if found is None or not found.name or not is_bundled(found.module, start.module):
            return found
        start = Symbol(*found)
    return None


def is_bundled(name: str, beside: str) -> bool:
    """Return whether a module belongs to this program, or to the package of the module that imports it."""
    top = name.partition(".")[0]
    return top in (__name__.partition(".")[0], beside.partition(".")[0])


def _path_of(name: str) -> Path | None:
    """Return the file of a module; only its outermost package is looked for, which does not import it."""
    top, *rest = name.split(".")
    spec = importlib.util.find_spec(top)
    if spec is None:
        return None
    if not rest:
        return Path(spec.origin) if spec.origin else None
    for root in spec.submodule_search_locations or ():
        base = Path(root, *rest)
        for path in (base.with_suffix(".py"), base / "__init__.py"):
            if path.is_file():
                return path
    return None


def _is_text(statement: ast.stmt | None) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
