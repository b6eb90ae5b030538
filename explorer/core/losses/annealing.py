"""Annealing: the schedule of λ for L-Softmax and A-Softmax."""

from __future__ import annotations

import math

BASE = 1000.0
GAMMA = 0.0125
POWER = 5.0


def annealing(step: int, floor: float) -> float:
    """Return λ = max(floor, 1000·(1 + step/80)^−5), the weight of cos θ relative to ψ(θ) at a step.

    ψ is flat around 90°, where the angles are after initialisation, so training must begin close to cos
    θ. The form is that of the papers; the constants are for runs of a few epochs: λ passes 5 at step 151 and
    0.1 at step 425, which is within two epochs of 60,000 images in batches of 256. Published for much longer
    runs: base 1000, γ 2.5e-5, power 35, floor 0 (L-Softmax on MNIST); base 1000, γ 0.12, power 1, floor 5
    (SphereFace).

    Parameters
    ----------
    step : int
        Steps taken so far.
    floor : float
        Minimum of λ.
    """
    return max(floor, BASE / math.pow(1.0 + GAMMA * step, POWER))
