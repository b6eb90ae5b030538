"""The options of the centre lab, and its controls."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from explorer.analysis.frames.references import unit
from explorer.analysis.labs.centres import Floats, Rule, centre_path, cloud
from explorer.core.params import Param
from explorer.core.texts import N_
from explorer.gui.labs.lab import Control, fields
from explorer.gui.labs.lab_plot import Move
from explorer.gui.labs.vectors import Vector, dragged, length_control

INLIERS = 11
_CLOUD = cloud(INLIERS, (1.5, 1.0), 0.5)
_MOST_STEPS = 60


class CentreOptions(Struct, frozen=True):
    """A class of twelve features, one of which is an outlier, and its centre.

    Parameters
    ----------
    outlier, start : tuple of float
        The outlier, and the centre before the first update.
    rule : Rule
        Whether the centre moves after each batch or after each epoch.
    rate : float
        The centre rate α, for updates after each batch.
    batch, steps : int
        Features in a batch, and number of batches so far.
    normalise : bool
        Whether features have unit length.
    length, angle : float
        For the curves: ‖c‖ of a centre within the unit circle, and the angle to it in degrees.
    table : bool
        Whether the worked example is shown in place of the features.
    """

    outlier: Vector
    start: Vector
    rule: Rule
    rate: float
    batch: int
    steps: int
    normalise: bool
    length: float
    angle: float
    table: bool

    @property
    def points(self) -> Floats:
        """The features (12, 2), the outlier last."""
        points = np.vstack([_CLOUD, [self.outlier]])
        return unit(points) if self.normalise else points

    @property
    def path(self) -> Floats:
        """The centre (steps + 1, 2) before the first update and after each one."""
        return centre_path(self.points, np.array(self.start), self.rule, self.rate, self.batch, self.steps)

    def moved(self, move: Move) -> CentreOptions:
        """Return the options after a drag of the outlier or of the first centre."""
        turn_only = self.normalise and move.id == "outlier"
        return replace(self, **{move.id: dragged(getattr(self, move.id), move, turn_only)})


_STEPS = Param(
    name="steps",
    label=N_("Batches so far"),
    kind="int",
    default=0,
    min=0,
    max=_MOST_STEPS,
    step=1,
    help=N_("The centre may move after each batch; an epoch has all twelve features."),
)
_RATE = Param(
    name="rate",
    label=N_("Centre rate"),
    symbol="α",
    default=0.5,
    min=0.0,
    max=1.0,
    step=0.01,
    help=N_("Fraction of the distance to the features of a batch that the centre moves."),
)
_RULE = Param(
    name="rule",
    label=N_("Update the centre"),
    kind="choice",
    default="batch",
    choices=("batch", "epoch"),
    titles=(N_("After each batch"), N_("After each epoch")),
    help=N_("After each batch by the centre rate, as in the paper, or after each epoch to the mean."),
)
_BATCH = Param(
    name="batch",
    label=N_("Batch size"),
    kind="int",
    default=4,
    min=1,
    max=INLIERS + 1,
    step=1,
    help=N_("Features of this class in a batch."),
)
_OUTLIER = Param(
    name="outlier",
    label=N_("Distance of the outlier from the origin"),
    default=3.0,
    min=0.1,
    max=10.0,
    step=0.1,
    help=N_("You can also drag the outlier."),
)
_NORMALISE = Param(
    name="normalise",
    label=N_("Unit features"),
    kind="bool",
    default=False,
    help=N_("Divide each feature by its length. The paper uses features as they are."),
)
_LENGTH = Param(
    name="length",
    label=N_("Length of the centre in the curves"),
    symbol="‖c‖",
    default=0.9,
    min=0.0,
    max=1.0,
    step=0.01,
    help=N_("The mean of unit vectors is shorter than 1."),
)
_ANGLE = Param(
    name="angle",
    label=N_("Angle in the curves"),
    symbol="θ",
    default=60.0,
    min=0.0,
    max=180.0,
    step=1.0,
    unit="°",
    help=N_("Angle between a unit feature and the centre."),
)
_TABLE = Param(
    name="table",
    label=N_("Worked example"),
    kind="bool",
    default=False,
    help=N_("Show twelve vectors of three classes and their means in place of the features."),
)
_FIELDS = (_STEPS, _RATE, _RULE, _BATCH)
_MORE = (_NORMALISE, _LENGTH, _ANGLE, _TABLE)


def controls(_options: CentreOptions) -> Sequence[Control[CentreOptions]]:
    """Return the controls."""
    distance: Control[CentreOptions] = length_control(_OUTLIER, "outlier")
    return (*fields(_FIELDS), distance, *fields(_MORE))
