"""Bundle: the definitions that some names need, from all modules in which they are, as one text.

Their sources are copied with docstrings and comments, so that a script shows what this program computes.
Three things change: a name that two modules define differently gets another one, members of a class that
nothing calls are left out, and calls that only mark a text or values are replaced by these.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from explorer.export.script.classes import Member, ancestry, bases, definition, members, needed_members
from explorer.export.script.modules import Imported, Module, Symbol, module, resolve

_DIRECTIVE = re.compile(r"  # (?:noqa|type: ignore)\b.*$")
_SECTIONS = re.compile(r"\n+(?P<indent> +)[A-Z]\w+\n +-{4,}\n.*", re.DOTALL)
"""What follows the text of a docstring in NumPy style: lists of parameters and attributes."""
_ATTRIBUTION = "explorer.worker.losses.attribution"
_MARKS = {
    Symbol("explorer.core.texts", "N_"),
    Symbol(_ATTRIBUTION, "by_class"),
    Symbol(_ATTRIBUTION, "by_pair"),
}
"""Functions that return their first argument, as far as a script is concerned."""


class Part(NamedTuple):
    """The text of the definitions from one module, and the docstring of that; empty for constants alone."""

    summary: str
    text: str


class Bundle:
    """Definitions, and everything that they need.

    Parameters
    ----------
    given : iterable of Symbol
        What the script defines itself.
    replaced : mapping
        Text of members of classes in place of their source.
    """

    def __init__(self, given: Iterable[Symbol] = (), replaced: Mapping[Member, str] | None = None) -> None:
        self._given = set(given)
        self._replaced = dict(replaced or {})
        self._kept: dict[Symbol, set[str] | None] = {}
        self._names: dict[Symbol, str] = {}
        self._order: list[str] = []
        self._imports: set[str] = set()

    @property
    def imports(self) -> list[str]:
        """The import statements, sorted."""
        return sorted(self._imports)

    def name(self, symbol: Symbol) -> str:
        """Return the name of a definition in the text."""
        return self._names.get(symbol, symbol.name)

    def add_class(self, symbol: Symbol, wanted: Iterable[str]) -> None:
        """Add those members of a class and its bases that are ``wanted`` or needed by these."""
        needed = needed_members(symbol, wanted, self._replaced)
        line = ancestry(symbol)
        fresh = [(one, name) for one, name in needed if name not in (self._kept.get(one) or ())]
        for one in line:
            names = self._kept.setdefault(one, set())
            if names is not None:
                names |= {name for owner, name in needed if owner == one}
        for one, name in fresh:
            if (one, name) not in self._replaced:
                self._follow(one.module, members(one)[name])
        for one in line:
            self._follow_bases(one)

    def add(self, symbol: Symbol) -> None:
        """Add a function, a constant or a whole class."""
        if self._kept.get(symbol, set()) is None:
            return
        self._kept[symbol] = None
        self._follow(symbol.module, module(symbol.module).definitions[symbol.name])

    def parts(self) -> list[Part]:
        """Return the text by module, each after those that it imports."""
        self._rename()
        order: list[str] = []
        for symbol in self._kept:
            self._visit(symbol.module, order, set())
        return [self._part(module(name)) for name in order]

    def _follow(self, holder: str, code: ast.AST) -> None:
        """Add what some code of a module names."""
        for name in dict.fromkeys(node.id for node in ast.walk(code) if isinstance(node, ast.Name)):
            found = resolve(Symbol(holder, name))
            if isinstance(found, Imported):
                self._imports.add(found.statement(name))
            elif found is not None and found not in self._given | _MARKS and found not in self._kept:
                self.add(found)

    def _follow_bases(self, symbol: Symbol) -> None:
        """Add the imports of bases that have no source here, such as those of torch."""
        body, own = definition(symbol), {base.name for base in bases(symbol)}
        for base in body.bases if body else ():
            if not (isinstance(base, ast.Name) and base.id in own):
                self._follow(symbol.module, base)

    def _rename(self) -> None:
        """Give definitions that have the same name the names of their modules as well."""
        taken: dict[str, Symbol] = {}
        for symbol in self._kept:
            if taken.setdefault(symbol.name, symbol) != symbol:
                stem = symbol.module.rpartition(".")[2]
                self._names[symbol] = f"_{stem}_{symbol.name.lstrip('_')}"

    def _visit(self, name: str, order: list[str], open_: set[str]) -> None:
        """Append a module after those of the definitions that it imports."""
        if name in order or name in open_:
            return
        open_.add(name)
        for local in module(name).imports:
            found = resolve(Symbol(name, local))
            if isinstance(found, Symbol) and found in self._kept:
                self._visit(found.module, order, open_)
        order.append(name)

    def _part(self, holder: Module) -> Part:
        """Return the definitions of a module, in the order in which they stand there."""
        symbols = [symbol for symbol in self._kept if symbol.module == holder.name]
        statements = {id(holder.definitions[one.name]): one for one in symbols}
        ordered = sorted(statements.values(), key=lambda one: holder.definitions[one.name].lineno)
        lines = self._edited(holder)
        text, is_constant, only_constants = "", False, True
        for symbol in ordered:
            statement, kept = holder.definitions[symbol.name], self._kept[symbol]
            was_constant = is_constant
            is_constant = isinstance(statement, ast.Assign | ast.AnnAssign)
            only_constants &= is_constant
            if text:
                text += "\n" if was_constant and is_constant else "\n\n\n"
            source = "\n".join(lines[slice(*holder.span(statement))])
            text += source if kept is None else self._class_text(symbol, kept, lines)
        return Part("" if only_constants else holder.summary, text)

    def _class_text(self, symbol: Symbol, kept: set[str], lines: list[str]) -> str:
        """Return a class with the text of its docstring and the members that are kept."""
        body = definition(symbol)
        assert body is not None
        start = body.lineno - 1
        head = next(one for one in body.body)
        is_docstring = isinstance(head, ast.Expr)
        end = (head.end_lineno or head.lineno) if is_docstring else head.lineno - 1
        text = _without_sections("\n".join(lines[start:end]))
        after_attribute = False
        for name, statement in members(symbol).items():
            if name in kept:
                is_attribute = not isinstance(statement, ast.FunctionDef)
                own = "\n".join(lines[slice(*module(symbol.module).span(statement))])
                text += "\n" if is_attribute and after_attribute else "\n\n"
                text += self._replaced.get((symbol, name), own)
                after_attribute = is_attribute
        return text if kept or is_docstring else f"{text}\n    pass"

    def _edited(self, holder: Module) -> list[str]:
        """Return the lines of a module with names changed and marks removed."""
        lines = list(holder.lines)
        for line, start, end, text in sorted(self._edits(holder), reverse=True):
            raw = lines[line].encode()  # positions are those of bytes
            lines[line] = (raw[:start] + text.encode() + raw[end:]).decode()
        return [_DIRECTIVE.sub("", line) for line in lines]

    def _edits(self, holder: Module) -> Iterator[tuple[int, int, int, str]]:
        """Yield line, first and last byte, and new text of what changes."""
        for node in ast.walk(holder.tree):
            if isinstance(node, ast.Name):
                found = resolve(Symbol(holder.name, node.id))
                if isinstance(found, Symbol) and self.name(found) != node.id and found in self._kept:
                    yield node.lineno - 1, node.col_offset, node.end_col_offset or 0, self.name(found)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if resolve(Symbol(holder.name, node.func.id)) in _MARKS and node.lineno == node.end_lineno:
                    yield node.lineno - 1, node.func.col_offset, node.args[0].col_offset, ""
                    yield node.lineno - 1, node.args[0].end_col_offset or 0, node.end_col_offset or 0, ""
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                symbol = Symbol(holder.name, node.name)
                if symbol in self._names and holder.definitions.get(node.name) is node:
                    start = len("def ") if isinstance(node, ast.FunctionDef) else len("class ")
                    start += node.col_offset
                    yield node.lineno - 1, start, start + len(node.name), self.name(symbol)


def _without_sections(head: str) -> str:
    """Return the head of a class without lists in its docstring: of what they name, much is left out."""
    return _SECTIONS.sub(lambda found: f'\n{found["indent"]}"""', head)
