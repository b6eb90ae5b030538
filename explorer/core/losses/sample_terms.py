"""SampleTerms: what one sample contributes to a loss, from its logits and what else the loss compares.

The module of a loss (`explorer.worker.losses`) computes the mean over a batch. Where that is a mean of
something for each sample, a description says here what: in NumPy and float64, for the window to show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.core.params import Value
from explorer.core.texts import N_

Numbers = NDArray[np.float64]

CROSS_ENTROPY = N_("cross-entropy")


class TrainedSample(Struct, frozen=True, eq=False):
    """One sample as a loss sees it in training.

    Parameters
    ----------
    params : mapping
        The parameters in force.
    feature : (d,)
        x.
    label : int
        y.
    logits : (C,)
        Those that the loss compares in training, with its margin.
    centers, log_variance : (C, d), optional
        Centres, and logarithms of variances, where the loss has them.
    radius : float, optional
        The learned radius, where the loss has one.
    """

    params: Mapping[str, Value]
    feature: Numbers
    label: int
    logits: Numbers
    centers: Numbers | None = None
    log_variance: Numbers | None = None
    radius: float | None = None

    def number(self, name: str) -> float:
        """Return a parameter as a float."""
        return float(self.params[name])

    @property
    def log_shares(self) -> Numbers:
        """The logarithm of the probability (C,) of each class."""
        shifted = self.logits - self.logits.max()
        result: Numbers = shifted - np.log(np.exp(shifted).sum())
        return result

    @property
    def cross_entropy(self) -> float:
        """−ln p of the true class."""
        return float(-self.log_shares[self.label])


SampleTerms = Callable[[TrainedSample], dict[str, float]]
"""Maps a sample to the terms of its loss, named as the module names them; their sum is its loss.

A loss whose sample lacks an array that it needs raises LookupError.
"""


def only_cross_entropy(sample: TrainedSample) -> dict[str, float]:
    """Return the cross-entropy of the logits."""
    return {CROSS_ENTROPY: sample.cross_entropy}


def present(array: Numbers | None) -> Numbers:
    """Return an array that a loss needs.

    Raises
    ------
    LookupError
        If there is none.
    """
    if array is None:
        raise LookupError
    return array
