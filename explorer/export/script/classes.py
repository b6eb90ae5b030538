"""What a class needs of itself and its bases: the members that some others call, found in the source."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from explorer.export.script.modules import Symbol, module, resolve

Member = tuple[Symbol, str]
"""A class, and the name of a method, property or attribute that its body defines."""


def definition(symbol: Symbol) -> ast.ClassDef | None:
    """Return the class that a symbol defines, None for anything else."""
    found = module(symbol.module).definitions[symbol.name]
    return found if isinstance(found, ast.ClassDef) else None


def members(symbol: Symbol) -> dict[str, ast.stmt]:
    """Return the statement of each member of a class."""
    found: dict[str, ast.stmt] = {}
    body = definition(symbol)
    for statement in body.body if body else ():
        match statement:
            case ast.FunctionDef():
                found[statement.name] = statement
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                found[name] = statement
    return found


def ancestry(symbol: Symbol) -> list[Symbol]:
    """Return a class and its bases that have a source, in the order in which Python looks for a member."""
    symbols: dict[type, Symbol] = {}
    made: dict[Symbol, type] = {}

    def kind(one: Symbol) -> type:
        if one not in made:
            made[one] = type(one.name, tuple(kind(base) for base in bases(one)), {})
            symbols[made[one]] = one
        return made[one]

    return [symbols[one] for one in kind(symbol).__mro__ if one in symbols]


def bases(symbol: Symbol) -> list[Symbol]:
    """Return the bases of a class that have a source."""
    body = definition(symbol)
    named = [base.id for base in body.bases if isinstance(base, ast.Name)] if body else []
    found = (resolve(Symbol(symbol.module, name)) for name in named)
    return [one for one in found if isinstance(one, Symbol) and definition(one) is not None]


def needed_members(symbol: Symbol, wanted: Iterable[str], given: Iterable[Member]) -> set[Member]:
    """Return the members of a class and its bases that ``wanted`` ones need, and these.

    What code names behind a dot may be a member. Those that are ``given`` are not looked into.
    """
    line, known = ancestry(symbol), set(given)
    found: set[Member] = set()
    open_ = [(0, name) for name in wanted]
    while open_:
        start, name = open_.pop()
        for place in range(start, len(line)):
            statement = members(line[place]).get(name)
            if statement is None:
                continue
            member = (line[place], name)
            if member not in found:
                found.add(member)
                if member not in known:
                    open_ += _named(statement, place)
            break
    return found


def _named(code: ast.AST, place: int) -> Iterator[tuple[int, str]]:
    """Yield each name behind a dot, and the number of the class from which on it is looked for."""
    for node in ast.walk(code):
        if isinstance(node, ast.Attribute):
            yield (place + 1 if _is_super(node.value) else 0), node.attr


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"
