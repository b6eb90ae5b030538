"""The options of the distance lab, and its controls."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from explorer.analysis.labs.distances import unit
from explorer.core.params import Param, ParamError, Value
from explorer.core.texts import N_
from explorer.gui.controls.stops import format_number
from explorer.gui.labs.lab import Control, field
from explorer.gui.labs.lab_plot import Move
from explorer.gui.labs.vectors import Vector, dragged, length_control

NAMES = (N_("A"), N_("B"), N_("C"))
UNITS = {"cm": 1.0, "m": 0.01, "mm": 10.0}
"""Units of the first component, and the factor from centimetres to them."""
_LARGEST, _LONGEST = 1e6, 20.0
_SIZES = (2, 3, 4)


class DistanceOptions(Struct, frozen=True):
    """Vectors and how they are compared.

    Parameters
    ----------
    a, b, c : tuple of float
        Two to four components each; ``c`` may be empty for no third vector.
    normalise : bool
        Whether the vectors are compared at unit length.
    assumed_mean : float
        What adjusted cosine subtracts from every component, beside each vector's own mean.
    unit : str
        Unit of the first component if that is a length; empty where all components are of one kind.
    """

    a: Vector
    b: Vector
    c: Vector
    normalise: bool
    assumed_mean: float
    unit: str

    @property
    def vectors(self) -> tuple[Vector, ...]:
        """The vectors as they are compared: in the chosen unit and, where asked, at unit length."""
        factor = UNITS.get(self.unit, 1.0)
        scaled = [(factor * one[0], *one[1:]) for one in (self.a, self.b, self.c) if one]
        return tuple(unit(one) if self.normalise else one for one in scaled)

    @property
    def flat(self) -> bool:
        """Whether the vectors have two components and are drawn as they are."""
        return len(self.a) == 2

    def moved(self, move: Move) -> DistanceOptions:
        """Return the options after a drag of a vector; at unit length a drag changes the direction only."""
        at = move.at[0] / UNITS.get(self.unit, 1.0), move.at[1]
        after = dragged(getattr(self, move.id), replace(move, at=at), self.normalise)
        return replace(self, **{move.id: after})


_NORMALISE = Param(
    name="normalise",
    label=N_("Normalise"),
    kind="bool",
    default=False,
    help=N_("Divide each vector by its length, so that all lie on the unit circle."),
)
_LENGTH = Param(
    name="length",
    label=N_("Length ‖B‖"),
    default=1.0,
    min=0.05,
    max=_LONGEST,
    step=0.05,
    help=N_("Move B along its own ray: the direction stays."),
)
_MEAN = Param(
    name="assumed_mean",
    label=N_("Assumed mean"),
    symbol="μ",
    default=3.0,
    min=-10.0,
    max=10.0,
    step=0.5,
    help=N_("The mean that adjusted cosine subtracts from all components of both vectors."),
)
_UNIT = Param(
    name="unit",
    label=N_("Unit of the first component"),
    kind="choice",
    default="",
    choices=("", *UNITS),
    titles=(N_("As the others"), N_("cm"), N_("m"), N_("mm")),
    help=N_("Convert the first component, a length given in cm, before comparing."),
)
_VECTORS = (
    Param(name="a", label=N_("A"), kind="text", default="", help=N_("Two to four numbers, with commas.")),
    Param(name="b", label=N_("B"), kind="text", default="", help=N_("Two to four numbers, with commas.")),
    Param(
        name="c",
        label=N_("C"),
        kind="text",
        default="",
        help=N_("As many numbers as in A, or nothing for only two vectors."),
    ),
)


def controls(_options: DistanceOptions) -> Sequence[Control[DistanceOptions]]:
    """Return the controls; those of the vectors take and show their components as text."""
    return (
        field(_NORMALISE),
        length_control(_LENGTH, "b"),
        field(_MEAN),
        *(_vector(param) for param in _VECTORS),
        field(_UNIT),
    )


def _vector(param: Param) -> Control[DistanceOptions]:
    def read(options: DistanceOptions) -> Value:
        return ", ".join(format_number(float(f"{part:.6g}")) for part in getattr(options, param.name))

    def write(options: DistanceOptions, value: Value) -> DistanceOptions:
        parts = parse(str(value), param.label)
        if param.name == "a" and parts and len(parts) != len(options.a):
            others = {name: _resized(getattr(options, name), len(parts)) for name in ("b", "c")}
            return replace(options, a=parts, **others)
        if not parts and param.name == "c":
            return replace(options, c=())
        if len(parts) != len(options.a):
            raise ParamError(
                "{name} needs {count} numbers, as many as A has.", name=param.label, count=len(options.a)
            )
        return replace(options, **{param.name: parts})

    return Control(param, read, write)


def parse(written: str, name: str) -> Vector:
    """Return the components in a text such as "2, 3, 5"; empty for an empty text.

    Raises
    ------
    ParamError
        Where it is not two to four numbers of at most a million.
    """
    try:
        parts = tuple(float(part) for part in written.replace(",", " ").replace("−", "-").split())
    except ValueError:
        parts = (0.0,)
    if parts and (len(parts) not in _SIZES or not all(abs(part) <= _LARGEST for part in parts)):
        raise ParamError(
            "{name}: write two to four numbers with commas between them, such as 2, 3, none above a million.",
            name=name,
        )
    return parts


def _resized(vector: Vector, size: int) -> Vector:
    return (*vector, *(0.0,) * size)[:size] if vector else ()
