"""The options of the softmax lab, and its controls."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from explorer.analysis.labs.distances import norm, unit
from explorer.analysis.labs.softmax import linear_logits
from explorer.core.params import Param, Value
from explorer.core.texts import N_
from explorer.gui.labs.lab import Control, field, fields
from explorer.gui.labs.lab_plot import Move
from explorer.gui.labs.vectors import Vector, dragged, length_control

CLASSES = (0, 1, 2)
LABEL = 0
"""The true class of the feature."""
_LONGEST = 30.0


class SoftmaxOptions(Struct, frozen=True):
    """A feature and three class weights in the plane, or three logits that are set directly.

    Parameters
    ----------
    f, w1, w2, w3 : tuple of float
        Feature and class weights.
    scale : float
        The factor s of all logits.
    normalise : bool
        Whether feature and class weights have unit length.
    direct : bool
        Whether the logits are ``z1``, ``z2``, ``z3`` rather than computed.
    """

    f: Vector
    w1: Vector
    w2: Vector
    w3: Vector
    scale: float
    normalise: bool
    direct: bool
    z1: float
    z2: float
    z3: float

    @property
    def feature(self) -> Vector:
        """The feature as it is used; the zero vector has no direction and stays."""
        return unit(self.f) if self.normalise and norm(self.f) else self.f

    @property
    def weights(self) -> tuple[Vector, ...]:
        """The class weights as they are used."""
        rows = (self.w1, self.w2, self.w3)
        return tuple(unit(row) if self.normalise and norm(row) else row for row in rows)

    @property
    def unscaled(self) -> list[float]:
        """The logits (3,) without the scale."""
        return [self.z1, self.z2, self.z3] if self.direct else linear_logits(self.weights, self.feature)

    @property
    def logits(self) -> list[float]:
        """The logits (3,)."""
        return [self.scale * logit for logit in self.unscaled]

    def moved(self, move: Move) -> SoftmaxOptions:
        """Return the options after a drag of the feature or of a class weight."""
        return replace(self, **{move.id: dragged(getattr(self, move.id), move, self.normalise)})


def _length(name: str, label: str, words: str) -> Param:
    return Param(name=name, label=label, default=1.0, min=0.1, max=_LONGEST, step=0.1, log=True, help=words)


_WEIGHT_HELP = N_("A longer class weight has larger logits in its direction, and a larger region.")
_F = _length("f", N_("Feature length ‖f‖"), N_("Moves the feature along its ray: all angles stay."))
_WEIGHTS = tuple(
    _length(f"w{k}", label, _WEIGHT_HELP)
    for k, label in (
        (1, N_("Weight length ‖w₁‖")),
        (2, N_("Weight length ‖w₂‖")),
        (3, N_("Weight length ‖w₃‖")),
    )
)
_SCALE = Param(
    name="scale",
    label=N_("Scale"),
    symbol="s",
    default=1.0,
    min=0.1,
    max=64.0,
    step=0.1,
    log=True,
    help=N_("Multiplies all logits."),
)
_ANGLE = Param(
    name="angle",
    label=N_("Direction of the feature"),
    default=45.0,
    min=-180.0,
    max=180.0,
    step=1.0,
    unit="°",
    help=N_("The angle from the x₁ axis. w₁ is the weight of the true class."),
)
_NORMALISE = Param(
    name="normalise",
    label=N_("Normalise feature and weights"),
    kind="bool",
    default=False,
    help=N_("All at unit length, as in NormFace: the logits are s·cos θ."),
)
_DIRECT = Param(
    name="direct",
    label=N_("Set the logits directly"),
    kind="bool",
    default=False,
    help=N_("Take the three numbers below instead of those of feature and weights."),
)
_LOGITS = tuple(
    Param(
        name=f"z{k}",
        label=label,
        symbol=f"z_{k}",
        default=0.0,
        min=-10.0,
        max=10.0,
        step=0.1,
        help=N_("Any number: softmax makes probabilities of them."),
    )
    for k, label in ((1, N_("Logit of class 1")), (2, N_("Logit of class 2")), (3, N_("Logit of class 3")))
)


def controls(options: SoftmaxOptions) -> Sequence[Control[SoftmaxOptions]]:
    """Return the controls: of the feature and the weights, or of the logits."""
    direct: Control[SoftmaxOptions] = field(_DIRECT)
    if options.direct:
        return (*fields(_LOGITS), field(_SCALE), direct)
    first, second, third = map(_length_control, _WEIGHTS)
    return (
        length_control(_F, "f"),
        field(_SCALE),
        third,
        Control(_ANGLE, _angle_of, _turned),
        first,
        second,
        field(_NORMALISE),
        direct,
    )


def _length_control(param: Param) -> Control[SoftmaxOptions]:
    return length_control(param, param.name)


def _angle_of(options: SoftmaxOptions) -> Value:
    return float(f"{math.degrees(math.atan2(options.f[1], options.f[0])):.6g}")


def _turned(options: SoftmaxOptions, value: Value) -> SoftmaxOptions:
    turn, length = math.radians(float(value)), norm(options.f)
    return replace(options, f=(length * math.cos(turn), length * math.sin(turn)))
