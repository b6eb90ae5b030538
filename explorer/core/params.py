"""Param: the description of a setting, for widgets, tooltips, command line and validation."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from explorer.core.class_sets import classes_text, parse_classes
from explorer.core.texts import N_, Text, TextError, _, text

Value = bool | int | float | str
Kind = Literal["float", "int", "bool", "choice", "text", "classes"]
Effect = Literal["live", "restart"]

_QUANTITY = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([^\s\d.,+-].*?)?\s*")
_COMMA = re.compile(r"\s*[-+]?\d*,\d+(?![\d.,]).*")
_DEGREES = {"deg", "degree", "degrees", "°"}


class ParamError(TextError, ValueError):
    """A value is not valid for its parameter; the message says why."""


class Param(Struct, frozen=True, kw_only=True):
    """Description of one setting.

    Parameters
    ----------
    name : str
        Name in files, on the command line and as a keyword of ``forward`` of a loss.
    label, symbol, help : str
        Message ids of the name on screen and of the explanation, and the symbol in formulas.
    kind : {"float", "int", "bool", "choice", "text", "classes"}
        Type of the value; that of classes is a text, see `explorer.core.class_sets`.
    default : bool, int, float or str
        Value in a new run.
    default_by : tuple of str and of pairs of str and value
        Name of a choice of the same section, and the default beside each of its values that has another one.
    min, max, step : float, optional
        Inclusive limits, and the step of a slider; None where there is none.
    unit : str
        ``"rad"`` for angles, ``""`` for pure numbers. Values are never converted between units.
    log : bool
        Whether a slider is logarithmic.
    effect : {"live", "restart"}
        Whether a change applies at the next step of a run, or only after a restart.
    choices, titles : tuple of str
        Allowed values of a choice, and their names on screen in the same order; without titles the values are
        shown.
    published : tuple of values
        Values in the paper, if known.
    zero : str
        What a number of 0 stands for, as a message id, such as ``"Automatic"``; empty where it is a number.
    offered : tuple of int
        A few whole numbers to choose from with one click, besides typing any other within the limits.
    aliases : tuple of str
        What else a person may type to find it, in English.
    """

    name: str
    label: str
    default: Value
    kind: Kind = "float"
    symbol: str = ""
    help: str = ""
    min: float | None = None
    max: float | None = None
    step: float | None = None
    unit: str = ""
    log: bool = False
    effect: Effect = "live"
    choices: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    published: tuple[Value, ...] = ()
    zero: str = ""
    default_by: tuple[str, tuple[tuple[str, Value], ...]] = ("", ())
    offered: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def defaults(self) -> tuple[Value, ...]:
        """All defaults, the usual one first."""
        return (self.default, *dict(self.default_by[1]).values())

    @property
    def shown_unit(self) -> str:
        """The unit beside the label or a value; empty where the label names it: "Steps between frames 20"."""
        return "" if self.unit in self.label.lower().split() else self.unit

    def default_among(self, values: Mapping[str, object]) -> Value:
        """Return the default beside the settings of the same section, by their names."""
        chooser, defaults = self.default_by
        return dict(defaults).get(str(values.get(chooser)), self.default)

    def title(self, choice: str) -> str:
        """Return the name of a choice on screen, as a message id."""
        return dict(zip(self.choices, self.titles, strict=False)).get(choice, choice)

    def check(self, value: object, where: str = "") -> Value:
        """Validate ``value`` and return it in the type of this parameter.

        Text is parsed (``"0.2"``, ``"0.2 rad"``, ``"on"``), so that files and the command line follow the
        same rules.

        Raises
        ------
        ParamError
            If the value has the wrong type or unit, or is outside the limits.
        """
        name = where or self.name
        if self.kind == "bool":
            return self._check_bool(value, name)
        if self.kind == "choice":
            if value not in self.choices:
                sentence = text(
                    "{name} = {value!r} is not one of {choices}.",
                    name=name,
                    value=value,
                    choices=self.choices,
                )
                raise ParamError(with_suggestion(sentence, str(value), self.choices))
            return str(value)
        if self.kind == "text":
            if not isinstance(value, str):
                raise ParamError("{name} = {value!r} is not text.", name=name, value=value)
            return value.strip() or str(self.default)
        if self.kind == "classes":
            return _check_classes(value, name)
        return self._check_number(value, name)

    def _check_bool(self, value: object, name: str) -> bool:
        if isinstance(value, bool):
            return value
        words = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}
        if isinstance(value, str) and value.lower() in words:
            return words[value.lower()]
        raise ParamError(
            "{name} = {value!r} is a switch: use on or off (true or false in a file).",
            name=name,
            value=value,
        )

    def _check_number(self, value: object, name: str) -> int | float:
        number = self._parse(value, name) if isinstance(value, str) else value
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise ParamError("{name} = {value!r} is not a number.", name=name, value=value)
        try:
            finite = math.isfinite(number)
        except OverflowError:  # a whole number beyond all floating-point ones
            finite = False
        if not finite:
            raise ParamError("{name} = {value!r} is not a finite number.", name=name, value=value)
        if self.kind == "int":
            if number != int(number):
                raise ParamError("{name} = {value!r} must be a whole number.", name=name, value=value)
            number = int(number)
        else:
            number = float(number)
        self._check_limits(number, value, name)
        return number

    def _check_limits(self, number: float, value: object, name: str) -> None:
        below = self.min is not None and number < self.min
        if below or (self.max is not None and number > self.max):
            sentence = (
                N_("{name} = {value} is below its minimum of {limit}.")
                if below
                else N_("{name} = {value} is above its maximum of {limit}.")
            )
            limit = f"{self.min if below else self.max:g} {self.unit}".rstrip()
            raise ParamError(sentence, name=name, value=value, limit=limit)

    def _parse(self, written: str, name: str) -> float:
        if self.zero and written.strip().casefold() in {self.zero.casefold(), _(self.zero).casefold()}:
            return 0.0
        match = _QUANTITY.fullmatch(written)
        if (pointed := with_point(written)) != written:
            raise ParamError(
                "{name} = {value!r} has a comma: write {pointed}.", name=name, value=written, pointed=pointed
            )
        if match is None:
            raise ParamError("{name} = {value!r} is not a number.", name=name, value=written)
        number, unit = float(match[1]), match[2] or ""
        if not unit or unit == self.unit:
            return number
        if self.unit == "rad" and unit in _DEGREES:
            sentence = N_("{name} is in radians: {value} is {radians:.4f}, so write {name} = {radians:.4f}.")
            radians = math.radians(number)
            raise ParamError(sentence, name=name, value=written.strip(), radians=radians)
        sentence = (
            N_("{name} is in {unit}, but {value!r} gives it in {given!r}.")
            if self.unit
            else N_("{name} has no unit, but {value!r} gives it in {given!r}.")
        )
        raise ParamError(sentence, name=name, unit=self.unit, value=written.strip(), given=unit)


def _check_classes(value: object, name: str) -> str:
    try:
        return classes_text(parse_classes(value))
    except ValueError:
        raise ParamError(
            "{name} = {value!r} is not a list of classes: write numbers and ranges, such as 3,5-9.",
            name=name,
            value=value,
        ) from None


def with_point(written: str) -> str:
    """Return a number with a point in place of its decimal comma; other text as it is."""
    return written.replace(",", ".") if _COMMA.fullmatch(written) else written


def check_all(params: Iterable[Param], values: Mapping[str, object], where: str) -> dict[str, Value]:
    """Return the value of every parameter, the default beside the others where ``values`` has none.

    Raises
    ------
    ParamError
        For an invalid value, or a name that is not in ``params``.
    """
    table = {param.name: param for param in params}
    for name in values:
        if name not in table:
            sentence = (
                text(
                    "{section} has no setting {name!r}; it has: {known}.",
                    section=where,
                    name=name,
                    known=table,
                )
                if table
                else text("{section} has no settings, so {name!r} is unknown.", section=where, name=name)
            )
            raise ParamError(with_suggestion(sentence, name, table))
    return {
        name: param.check(values[name], f"{where}.{name}") if name in values else param.default_among(values)
        for name, param in table.items()
    }


def with_suggestion(sentence: Text, word: str, known: Iterable[str]) -> Text:
    """Return the sentence, with a suggestion if ``word`` is similar to one of ``known``."""
    import difflib

    close = difflib.get_close_matches(word, list(known), n=1)
    if not close:
        return sentence
    return text("{sentence} Did you mean {word!r}?", sentence=sentence, word=close[0])
