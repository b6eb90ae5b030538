"""Vectors among the options of a lab: controls of their lengths, and what a drag makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from explorer.analysis.labs.distances import norm, unit
from explorer.core.params import Param, Value
from explorer.gui.labs.lab import Control
from explorer.gui.labs.lab_plot import Move

Options = TypeVar("Options", bound=Struct)
Vector = tuple[float, ...]


def stretched(vector: Sequence[float], length: float) -> Vector:
    """Return a vector of this length in the same direction; the zero vector gets that of the first axis."""
    direction = unit(vector) if norm(vector) else (1.0,) + (0.0,) * (len(vector) - 1)
    return tuple(length * part for part in direction)


def length_control(param: Param, name: str) -> Control[Options]:
    """Return the control of the length of a vector among the options, which keeps its direction."""

    def read(options: Options) -> Value:
        return float(f"{norm(getattr(options, name)):.6g}")

    def write(options: Options, value: Value) -> Options:
        return replace(options, **{name: stretched(getattr(options, name), float(value))})

    return Control(param, read, write)


def dragged(before: Vector, move: Move, turn_only: bool = False) -> Vector:
    """Return a vector after a drag: along its ray where asked, and at its length with ``turn_only``."""
    if move.along and norm(before):
        direction = unit(before)
        return stretched(direction, max(0.0, direction[0] * move.at[0] + direction[1] * move.at[1]))
    if turn_only:
        return stretched(move.at, norm(before)) if norm(move.at) else before
    return move.at
