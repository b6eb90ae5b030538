"""Every signal of the window is heard by someone in the program.

What nothing is connected to is either a wish that is lost or code that nobody needs. The test reads the
source: it collects the classes that declare signals, and every ``owner.signal.connect(…)`` with the classes
that its ``owner`` can be of, from assignments, annotations and loops. An owner that it cannot make out counts
for all classes that have such a signal, so the test can miss an unheard signal but not accuse one that is
heard.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "explorer"
Signal = tuple[str, str]
"""Class and name."""
Connection = tuple[set[str], str, set[Signal]]
"""The classes that the owner can be of, the name of its signal, and the signals that it is connected to."""


def last_name(node: ast.AST | None) -> str:
    """Return the last part of a dotted name, that of what is called or subscripted; empty for all else."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
            return name
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return last_name(inner)
    return ""


class Program:
    """What the source says of classes, signals, and of the classes that names stand for."""

    def __init__(self, sources: list[str]) -> None:
        self.trees = [ast.parse(source) for source in sources]
        self.bases: dict[str, set[str]] = {}
        self.signals: set[Signal] = set()
        self.kinds: dict[str, set[str]] = defaultdict(set)
        for tree in self.trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    self._note_class(node)
        for tree in self.trees:
            for node in ast.walk(tree):
                self._note_kinds(node)
        for tree in self.trees:  # once the names are known that loops go through
            for node in ast.walk(tree):
                if isinstance(node, ast.For | ast.comprehension):
                    self._note_loop(node.target, node.iter)

    def _note_class(self, node: ast.ClassDef) -> None:
        self.bases[node.name] = {last_name(base) for base in node.bases}
        for line in node.body:
            if isinstance(line, ast.Assign) and last_name(line.value) == "Signal":
                self.signals |= {(node.name, last_name(target)) for target in line.targets}

    def _note_kinds(self, node: ast.AST) -> None:
        """Note what class a name is given: by an assignment, an annotation, or what a function returns."""
        match node:
            case ast.Assign(targets=targets, value=ast.Call() as value) if last_name(value) in self.bases:
                for target in targets:
                    self.kinds[last_name(target)].add(last_name(value))
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                for target, value in zip(targets, values, strict=False):
                    if isinstance(value, ast.Call) and last_name(value) in self.bases:
                        self.kinds[last_name(target)].add(last_name(value))
            case ast.AnnAssign(target=target, annotation=kind):
                self._note_annotation(last_name(target), kind)
            case ast.arg(arg=name, annotation=kind) if kind is not None:
                self._note_annotation(name, kind)
            case ast.FunctionDef(name=name, returns=kind) if kind is not None:
                self._note_annotation(name, kind)

    def _note_annotation(self, name: str, kind: ast.expr) -> None:
        named = {last_name(part) for part in ast.walk(kind)}
        self.kinds[name] |= named & self.bases.keys()

    def _note_loop(self, target: ast.expr, through: ast.expr) -> None:
        if isinstance(through, ast.Tuple | ast.List):
            for item in through.elts:
                self.kinds[last_name(target)] |= self.kinds.get(last_name(item), set(self.bases))
        else:
            self.kinds[last_name(target)] |= self.kinds.get(last_name(through), set(self.bases))

    def family(self, name: str) -> set[str]:
        """Return a class and all that it is derived from."""
        return {name}.union(*(self.family(base) for base in self.bases.get(name, ())))

    def connections(self) -> Iterator[Connection]:
        """Return all connections in the source."""
        for tree in self.trees:
            for scope in ast.walk(tree):
                if isinstance(scope, ast.ClassDef | ast.Module):
                    yield from self._connections_of(scope)

    def _connections_of(
        self, scope: ast.ClassDef | ast.Module
    ) -> Iterator[tuple[set[str], str, set[Signal]]]:
        own = {scope.name} if isinstance(scope, ast.ClassDef) else set()
        for node in _inside(scope):
            match node:
                case ast.Call(func=ast.Attribute(attr="connect", value=signal), args=[act, *_]):
                    while isinstance(signal, ast.Subscript):
                        signal = signal.value
                    if isinstance(signal, ast.Attribute):
                        yield self._owners(signal.value, own), signal.attr, self._fed(act, own)

                case ast.Call(func=func, args=args) if last_name(func) not in ("connect", "disconnect"):
                    for signal in args:  # one that is handed to a function is heard there
                        if isinstance(signal, ast.Attribute) and signal.attr in self._names:
                            yield self._owners(signal.value, own), signal.attr, set()

    @property
    def _names(self) -> set[str]:
        return {name for _kind, name in self.signals}

    def _fed(self, act: ast.expr, own: set[str]) -> set[Signal]:
        if not isinstance(act, ast.Attribute):
            return set()
        return {(kind, act.attr) for kind in self._owners(act.value, own)} & self.signals

    def _owners(self, node: ast.expr, own: set[str]) -> set[str]:
        if isinstance(node, ast.Name) and node.id == "self":
            return own
        return self.kinds.get(last_name(node)) or set(self.bases)

    def unheard(self) -> set[Signal]:
        """Return the signals that nothing is connected to, nor to what they feed."""
        family = {name: self.family(name) for name in self.bases}
        heard: set[Signal] = set()
        links = [(self._named(owners, name, family), feeds) for owners, name, feeds in self.connections()]
        while True:
            more = {one for ones, feeds in links if not feeds or feeds & heard for one in ones}
            if more == heard:
                return self.signals - heard
            heard = more

    def _named(self, owners: set[str], name: str, family: dict[str, set[str]]) -> set[Signal]:
        """Return the signals of a name that these classes have, or classes derived from them."""
        return {
            (kind, signal)
            for kind, signal in self.signals
            if signal == name and any(kind in family[owner] or owner in family[kind] for owner in owners)
        }


def _inside(scope: ast.AST) -> Iterator[ast.AST]:
    """Return all nodes of a scope that are not in a class of their own."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, ast.ClassDef):
            yield child
            yield from _inside(child)


@pytest.fixture(scope="module")
def program() -> Program:
    return Program([path.read_text("utf-8") for path in sorted(PROGRAM.rglob("*.py"))])


def test_every_signal_is_heard(program):
    assert len(program.signals) > 50
    assert program.unheard() == set()


def test_a_signal_asks_tells_a_state_or_tells_an_event(program):
    """As `explorer.gui` has it: ``…Requested``, ``…Changed``, or a past participle."""
    rule = re.compile(r"\w+(Requested|Changed)|\w*(ed|wn|gun)")
    assert [(kind, name) for kind, name in sorted(program.signals) if not rule.fullmatch(name)] == []
    bare = {"changed", "requested"}
    assert [(kind, name) for kind, name in program.signals if name in bare] == [], "of what?"


def test_a_signal_that_only_feeds_one_that_nobody_hears_is_found():
    source = """
class Row:
    moved = Signal()
    edited = Signal()

class Panel:
    moved = Signal()
    edited = Signal()

    def __init__(self):
        self.row = Row()
        self.row.moved.connect(self.moved)
        self.row.edited.connect(self.edited)

class Other:
    moved = Signal()

class Window:
    def __init__(self):
        self.panel = Panel()
        self.other = Other()
        self.panel.edited.connect(self.show)
        for part in (self.other,):
            part.moved.connect(self.show)
"""
    assert Program([source]).unheard() == {("Row", "moved"), ("Panel", "moved")}
