"""MarginGeometry: the logits of a loss as functions of the angle between a feature and a class weight.

Every curve is a logit divided by its scale (`LogitScale`), so that losses can be compared and a plain cosine
is cos θ. Angles are in radians on [0, π]; computation is in float64.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from msgspec import Struct

from explorer.core.losses.curve_shapes import Floats, Line, cosine
from explorer.core.params import Value

Values = Mapping[str, Value]

_PROBED = np.linspace(0.0, np.pi, 19)
"""Angles at which curves are compared: every 10°."""
_SAME = 1e-12


class Sample(Struct, frozen=True):
    """What a curve may depend on besides the angle.

    Parameters
    ----------
    params : mapping
        All parameters of the loss, as in `LossConfig.params`.
    norm : float or array
        Length ‖x‖ of the feature, or lengths that broadcast with θ.
    norm_mean, norm_std : float
        Running mean and standard deviation of the feature lengths, for a loss that follows them.
    """

    params: Values
    norm: float | Floats = 1.0
    norm_mean: float = 1.0
    norm_std: float = 1.0

    def number(self, name: str) -> float:
        """Return a parameter as a float."""
        return float(self.params[name])


Shape = Callable[[Floats, Sample], Line]
"""Maps angles θ in radians and a sample to a curve and its slope, of the (broadcast) shape of θ."""


def plain_cosine(theta: Floats, _sample: Sample) -> Line:
    """Return cos θ, whatever the sample."""
    return cosine(theta)


class LogitScale(Struct, frozen=True):
    """The factor between cosines, or T(θ), and logits: the product of the parts below.

    Parameters
    ----------
    param : str
        Name of the parameter that is a factor, such as ``scale``; empty where none is.
    constant : float
        A fixed factor.
    initial : callable, optional
        For a loss that adapts the factor during training: maps the number of classes C to the initial value.
        Frames carry the value in force (`messages.SCALE`).
    feature_length, weight_length : bool
        Whether the length of the feature, or of the class weight, is a factor.
    """

    param: str = ""
    constant: float = 1.0
    initial: Callable[[int], float] | None = None
    feature_length: bool = False
    weight_length: bool = False

    def factor(self, params: Values, num_classes: int) -> float:
        """Return the factor of a loss with these parameters, without lengths.

        For a factor that adapts during training this is the initial value.
        """
        chosen = float(params[self.param]) if self.param else 1.0
        return self.constant * chosen * (self.initial(num_classes) if self.initial else 1.0)


class MarginGeometry(Struct, frozen=True, kw_only=True):
    """The margin of a loss, as a function of angles to class weights and of feature lengths.

    The curve T(θ), margin bands, the boundary between two classes and the feasibility of a margin are all
    computed from this description.

    Parameters
    ----------
    target : callable
        T(θ), the logit of the true class over the scale, for the angle to its weight (see `Shape`).
    score : callable
        The test-time score of a class over the scale; it must decrease with θ. By default cos θ.
    score_of_cosine : callable, optional
        ``score`` as a function of cos θ, from (cosines, sample) to an array of their shape, if that saves an
        arccosine for every image.
    other : callable, optional
        The logit of any other class over the scale in training, where it differs from ``score``.
    gradient : callable, optional
        dT/dθ as used in training, from (θ, sample) to an array of the shape of θ, if the loss treats a part
        of T as constant; by default the slope of ``target``.
    margins : tuple of str
        Parameters that form an additive margin between two classes (zero means none); warnings appear at the
        first. Empty for a margin that is always feasible or that is not relative to another class.
    lengths : callable, optional
        From a `Sample` to the two feature lengths between which the margin changes with ‖x‖; None for a
        margin that is the same at every length.
    follows_lengths : bool
        Whether those two depend on ``norm_mean`` and ``norm_std``, which the loss updates during training.
    beyond_pi : callable, optional
        From a `Sample` to the angle in radians beyond which the argument of the cosine in T exceeds π, so
        that T is continued by another formula; π or more if that never happens.
    argument : str
        That argument as text, in the symbols of the parameters.
    binary : bool
        Whether each class is decided independently, by the sign of its logit.
    true_class_weight : str
        Parameter that weights the term of the true class if ``binary``; empty for a weight of one.
    written : callable, optional
        Maps θ in radians and a `Sample` to T(θ) as text, with numbers in place of the symbols.
    note : str
        Message id: what the curve represents if that is not obvious, such as "at the mean margin".
    """

    target: Shape
    score: Shape = plain_cosine
    score_of_cosine: Callable[[Floats, Sample], Floats] | None = None
    other: Shape | None = None
    gradient: Callable[[Floats, Sample], Floats] | None = None
    margins: tuple[str, ...] = ()
    lengths: Callable[[Sample], tuple[float, float]] | None = None
    follows_lengths: bool = False
    beyond_pi: Callable[[Sample], float] | None = None
    argument: str = "θ + m"
    binary: bool = False
    true_class_weight: str = ""
    written: Callable[[float, Sample], str] | None = None
    note: str = ""

    @property
    def by_length(self) -> bool:
        """Whether T(θ) depends on the length of the feature."""
        return self.lengths is not None

    @property
    def rival(self) -> Shape:
        """The logit of another class over the scale in training."""
        return self.other or self.score

    @property
    def cosine_rivals(self) -> bool:
        """Whether the logits of the other classes in training are plain cosines."""
        return self.rival is plain_cosine

    @property
    def stricter(self) -> bool:
        """Whether the logit of the true class in training is another function than those of the others."""
        return self.target is not self.rival

    def cosine_scores(self, cosines: Floats, sample: Sample) -> Floats:
        """Return the test-time scores over the scale for cosines cos θ of any shape."""
        if self.score is plain_cosine:
            return cosines
        if self.score_of_cosine is not None:
            return self.score_of_cosine(cosines, sample)
        return self.score(np.arccos(np.clip(cosines, -1.0, 1.0)), sample).value

    def has_margin(self, sample: Sample) -> bool:
        """Return whether training is stricter than the test with these parameters."""
        if self.by_length:
            return True
        target, rival = self.target(_PROBED, sample).value, self.rival(_PROBED, sample).value
        return not (np.abs(target - rival) <= _SAME).all()

    def slack(self, own: Floats, other: Floats) -> Floats:
        """Return by how much a sample meets the margin; negative where it misses it.

        ``own`` and ``other`` are the logits of its class and of another one, or the largest of all others; if
        ``binary``, each is compared with zero: the own one has to be above, the other one below.
        """
        result: Floats = np.minimum(own, -other) if self.binary else own - other
        return result

    def training_slope(self, theta: Floats, sample: Sample) -> Floats:
        """Return dT/dθ as used in training."""
        return self.gradient(theta, sample) if self.gradient else self.target(theta, sample).slope
