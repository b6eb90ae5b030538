"""Symbols of a loss' formula: which are parameters, what the others mean, and where they stand in LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal

from msgspec import Struct

from explorer.analysis.heads.registry import find_head
from explorer.core.losses.loss_spec import LossSpec
from explorer.core.texts import N_

Place = Literal["", "feature", "angle", "weight", "class-center"]
"""What in a picture a symbol stands for: of the sample, its feature, its angle to the weight of its class,
that weight, or the centre of its class; nothing."""


class Symbol(Struct, frozen=True):
    """A symbol of a formula.

    Parameters
    ----------
    base, index : str
        Letter or command in LaTeX, and what stands below it, without braces and spaces.
    meaning : str
        Message id: what it is.
    param : str
        Name of the parameter of the loss that it is, empty for none.
    place : Place
        Its place in the pictures.
    """

    base: str
    index: str
    meaning: str
    param: str = ""
    place: Place = ""

    @property
    def html(self) -> str:
        """The symbol in italics, with its index, as rich text."""
        index = _INDEX_WORDS.get(self.index, self.index)
        return f"<i>{_LETTERS.get(self.base, self.base)}<sub>{index}</sub></i>"

    @property
    def spoken(self) -> str:
        """The symbol as plain text."""
        index = _INDEX_WORDS.get(self.index, self.index)
        return f"{_LETTERS.get(self.base, self.base)} {index}".strip()

    @property
    def latex(self) -> str:
        """The symbol in LaTeX."""
        return f"{self.base}_{{{self.index}}}" if self.index else self.base


class Atom(Struct, frozen=True):
    """A letter with its index in LaTeX, from ``start`` to ``end`` without a power."""

    base: str
    index: str
    start: int
    end: int


_COMMANDS = {
    "α": r"\alpha",
    "β": r"\beta",
    "γ": r"\gamma",
    "δ": r"\delta",
    "ε": r"\varepsilon",
    "λ": r"\lambda",
    "μ": r"\mu",
    "σ": r"\sigma",
    "τ": r"\tau",
}
_LETTER_COMMANDS = {*_COMMANDS.values(), r"\theta", r"\psi", r"\Lambda"}
_LETTERS = {command: letter for letter, command in _COMMANDS.items()}
_LETTERS |= {r"\theta": "θ", r"\psi": "ψ", r"\Lambda": "Λ"}
_INDEX_WORDS = {"y_i": "y", "iy_i": "y"}
"""Indices as they are written beside one sample, whose class is y."""
_SUBSCRIPTS = str.maketrans("₀₁₂₃", "0123")
_TOKEN = re.compile(r"\\(?:mathrm|mathcal)\{[^{}]*\}|\\[A-Za-z]+|\\.|[A-Za-z]")
_INDEX = re.compile(r"_(?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\\[A-Za-z]+|.))")
_FUNCTION = re.compile(r"([}\s]*)(\\(?:cos|sin|ln|min|max)(?![A-Za-z]))")
_POWER = re.compile(r"\^(?:\{[^{}]*\}|\\[A-Za-z]+|.)")
_ACCENT = r"\hat "
_OF_CLASSES = {"y_i", "j"}

_SHARED: tuple[Symbol, ...] = (
    Symbol("x", "i", N_("Feature of the sample"), place="feature"),
    Symbol("w", "y_i", N_("Weight of the true class"), place="weight"),
    Symbol("w", "j", N_("Weight of class j")),
    Symbol("w", "jk", N_("Weight k of class j")),
    Symbol(r"\theta", "y_i", N_("Angle between the feature and the weight of its class"), place="angle"),
    Symbol(r"\theta", "j", N_("Angle between the feature and the weight of class j")),
    Symbol("R", "", N_("Radius, learned")),
    Symbol("D", "ij", N_("Distance of two features")),
    Symbol("D", "ap", N_("Distance from the anchor to its positive")),
    Symbol("D", "an", N_("Distance from the anchor to its negative")),
    Symbol(r"\theta", "ip", N_("Angle between the anchor and a feature of its class")),
    Symbol(r"\theta", "in", N_("Angle between the anchor and a feature of another class")),
    Symbol(r"\theta", "ia", N_("Angle between the anchor and any other feature")),
    Symbol(r"\theta", "x,p", N_("Angle between a feature and a proxy")),
    Symbol("p", "y_i", N_("Proxy of the true class"), place="weight"),
    Symbol("p", "iy_i", N_("Probability of the true class")),
    Symbol("p", "ij", N_("Probability of class j")),
    Symbol(r"\mu", "j", N_("Mean of class j, learned")),
    Symbol(r"\Lambda", "j", N_("Variances of class j, learned")),
    Symbol("t", "", N_("Follows the mean cosine to the true class")),
    Symbol("a", "i", N_("Length of the feature, within its limits"), place="feature"),
    Symbol("z", "i", N_("Length of the feature, normalised and limited")),
    Symbol(r"\mu", "", N_("Mean feature length")),
    Symbol(r"\sigma", "", N_("Standard deviation of the feature lengths")),
    Symbol("m", "i", N_("Margin of the sample, drawn at random")),
    Symbol("N", "", N_("Number of samples in the batch")),
    Symbol("C", "", N_("Number of classes")),
)
"""Symbols that mean the same in every formula that has them."""
_CENTER = Symbol("c", "y_i", N_("Centre of the true class"), place="class-center")
_COSINE = Symbol("c", "y_i", N_("Cosine of the angle to the weight of the true class"), place="angle")
_ADAPTED = Symbol("s", "", N_("Scale, adapted during training"))
_BIAS = Symbol("b", "y_i", N_("Bias of the true class, learned"))


def atoms(latex: str) -> Iterator[Atom]:
    """Yield the letters of a formula with their indices, from left to right; not those of words."""
    position = 0
    while token := _TOKEN.search(latex, position):
        position = token.end()
        if token[0][0] == "\\" and token[0] not in _LETTER_COMMANDS:
            continue
        index = _INDEX.match(latex, position)
        if index is not None:
            position = index.end()
        below = "" if index is None else (index[1] or index[2]).replace(" ", "")
        yield Atom(token[0], below, token.start(), position)


def symbols_of(spec: LossSpec) -> list[Symbol]:
    """Return the symbols of a loss' formula that can be explained: parameters first, then in its order."""
    params = [
        Symbol(*_parts(param.symbol), param.label, param.name, "") for param in spec.params if param.symbol
    ]
    present = list(dict.fromkeys((atom.base, atom.index) for atom in atoms(spec.formula)))
    known = {(symbol.base, symbol.index): symbol for symbol in (*_SHARED, *_particular(spec))}
    taken = {(symbol.base, symbol.index) for symbol in params}
    others = [known[key] for key in present if key in known and key not in taken]
    return [*params, *others]


def find_symbol(symbols: list[Symbol], atom: Atom) -> Symbol | None:
    """Return the symbol that a letter of a formula is; a bias is one parameter for all classes."""
    for symbol in symbols:
        same = symbol.base == atom.base
        if same and (symbol.index == atom.index or (symbol.param == "bias" and atom.index in _OF_CLASSES)):
            return symbol
    return None


def colored(latex: str, colors: Callable[[Atom], tuple[str, str]]) -> str:
    r"""Return a formula with each letter in the first colour that ``colors`` has for it, if any.

    An accent over the letter, and a power above its index, have to be within the same group. A function that
    follows, such as \cos, has the second colour: ziamath gives its colour to the last glyph before it, too.
    """
    parts, position = [], 0
    for atom in atoms(latex):
        color, of_function = colors(atom)
        if not color:
            continue
        start = atom.start - len(_ACCENT) if latex.endswith(_ACCENT, 0, atom.start) else atom.start
        power = _POWER.match(latex, atom.end) if atom.index else None
        end = atom.end if power is None else power.end()
        parts += [latex[position:start], rf"\textcolor{{{color}}}{{{latex[start:end]}}}"]
        function = _FUNCTION.match(latex, end)
        if function is not None:
            parts.append(rf"{function[1]}\textcolor{{{of_function}}}{{{function[2]}}}")
            end = function.end()
        position = end
    return "".join((*parts, latex[position:]))


def _particular(spec: LossSpec) -> list[Symbol]:
    """Return the symbols that depend on the loss: c is a cosine where nothing else than cosines counts."""
    head = find_head(spec.head)
    center = _COSINE if head.angles_decide and not head.weight_lengths_count else _CENTER
    scale = [_ADAPTED] if spec.scale.initial is not None else []
    bias = [] if spec.param("bias") else [_BIAS]
    return [center, *scale, *bias]


def _parts(symbol: str) -> tuple[str, str]:
    """Return base and index in LaTeX of a symbol as the catalogue writes it, such as ``m₁`` or ``λ_g``."""
    plain = symbol.translate(_SUBSCRIPTS)
    base, _underscore, index = plain.partition("_") if "_" in plain else (plain[0], "", plain[1:])
    return _COMMANDS.get(base, base), index
