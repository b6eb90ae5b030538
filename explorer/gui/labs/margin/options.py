"""The options of the margin lab, and its controls."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from explorer.analysis.labs.margins import angles_on_circle
from explorer.core.losses.catalog import LOSSES
from explorer.core.params import Param, Value
from explorer.core.settings.config import LossConfig
from explorer.core.texts import N_, _
from explorer.gui.labs.lab import Control, field
from explorer.gui.labs.lab_plot import Move

NO_LOSS = ""
CURVED = tuple(name for name, spec in LOSSES.items() if spec.curve)
"""Names of the losses that have a curve, in the order of the catalogue."""
_SECOND = "second."
_HALF_TURN = 180.0


class MarginOptions(Struct, frozen=True):
    """Two losses and a sample between two classes.

    Parameters
    ----------
    first : LossConfig
        The loss, with its parameters.
    second : LossConfig, optional
        The loss to compare it with.
    theta1, theta2 : float
        Angles of the sample to the weight of its class and to that of the other one, in degrees.
    apart : float
        Angle between both class weights on the circle, in degrees.
    classes : int
        Number of classes, for the pull.
    every : bool
        Whether the curves of all losses are drawn behind.
    """

    first: LossConfig
    second: LossConfig | None
    theta1: float
    theta2: float
    apart: float
    classes: int
    every: bool

    @property
    def angles(self) -> tuple[float, float]:
        """θ₁ and θ₂ in radians."""
        return math.radians(self.theta1), math.radians(self.theta2)

    @property
    def losses(self) -> tuple[LossConfig, ...]:
        """The losses to compare: one or two."""
        return (self.first,) if self.second is None else (self.first, self.second)

    def moved(self, move: Move) -> MarginOptions:
        """Return the options after a drag of the sample in the plane of both angles."""
        theta1, theta2 = (min(max(angle, 0.0), _HALF_TURN) for angle in move.at)
        return replace(self, theta1=theta1, theta2=theta2)

    def turned(self, direction: float) -> MarginOptions:
        """Return the options after a drag on the circle, to a direction in radians from w₁."""
        angles = angles_on_circle(direction, math.radians(self.apart))
        theta1, theta2 = (round(math.degrees(angle), 1) for angle in angles)
        return replace(self, theta1=theta1, theta2=theta2)


def _choice(name: str, label: str, words: str, optional: bool) -> Param:
    names = ((NO_LOSS,) if optional else ()) + CURVED
    titles = ((N_("None"),) if optional else ()) + tuple(LOSSES[one].title for one in CURVED)
    return Param(
        name=name, label=label, kind="choice", default=names[0], choices=names, titles=titles, help=words
    )


def _angle(name: str, label: str, symbol: str, default: float, least: float = 0.0) -> Param:
    return Param(
        name=name,
        label=label,
        symbol=symbol,
        default=default,
        min=least,
        max=_HALF_TURN,
        step=0.5,
        unit="°",
        help=N_("You can also drag the sample in the plane of both angles or on the circle."),
    )


_FIRST = _choice("first", N_("Loss"), N_("The loss whose margin is drawn."), optional=False)
_OTHER = _choice("second", N_("Compare with"), N_("A second loss."), optional=True)
_OWN = (
    _angle("theta1", N_("Angle to the true class"), "θ_1", 40.0),
    _angle("theta2", N_("Angle to the other class"), "θ_2", 50.0),
)
_APART = _angle("apart", N_("Angle between the class weights"), "θ_12", 90.0, least=5.0)
_CLASSES = Param(
    name="classes",
    label=N_("Number of classes"),
    symbol="C",
    kind="int",
    default=10,
    min=2,
    max=100_000,
    step=1,
    log=True,
    help=N_("More classes pull longer, since their logits add up."),
)
_EVERY = Param(
    name="every",
    label=N_("All losses"),
    kind="bool",
    default=False,
    help=N_("Draw the curves of all losses with their default parameters behind."),
)


def controls(options: MarginOptions) -> Sequence[Control[MarginOptions]]:
    """Return the controls: losses, the parameters of both, the sample and the classes."""
    own = _sorted_params(options.first)
    lead, *others = [_parameter(param, "first", param) for param in own] or [_sample(_OWN[0])]
    second = [] if options.second is None else _sorted_params(options.second)
    return (
        Control(_FIRST, lambda shown: shown.first.name, _with_first),
        lead,
        Control(_OTHER, _second_name, _with_second),
        *others,
        *(_parameter(_renamed(param), "second", param) for param in second),
        *(_sample(param) for param in _OWN if own or param is not _OWN[0]),
        _sample(_APART),
        _sample(_CLASSES),
        _sample(_EVERY),
    )


def _sorted_params(loss: LossConfig) -> list[Param]:
    """Return the parameters of a loss, its margins first."""
    geometry = loss.spec.geometry
    margins = geometry.margins if geometry else ()
    return sorted(loss.spec.params, key=lambda param: param.name not in margins)


def _renamed(param: Param) -> Param:
    """Return a parameter of the second loss, told apart from that of the first."""
    label = _("Second loss: {name}").format(name=_(param.label))
    return replace(param, name=_SECOND + param.name, label=label)


def _parameter(shown: Param, loss: str, param: Param) -> Control[MarginOptions]:
    def read(options: MarginOptions) -> Value:
        config: LossConfig = getattr(options, loss)
        return config.params[param.name]

    def write(options: MarginOptions, value: Value) -> MarginOptions:
        config: LossConfig = getattr(options, loss)
        return replace(options, **{loss: LossConfig(config.name, {**config.params, param.name: value})})

    return Control(shown, read, write)


def _sample(param: Param) -> Control[MarginOptions]:
    return field(param)


def _with_first(options: MarginOptions, name: Value) -> MarginOptions:
    return replace(options, first=LossConfig(str(name)))


def _second_name(options: MarginOptions) -> Value:
    return NO_LOSS if options.second is None else options.second.name


def _with_second(options: MarginOptions, name: Value) -> MarginOptions:
    return replace(options, second=LossConfig(str(name)) if name else None)
