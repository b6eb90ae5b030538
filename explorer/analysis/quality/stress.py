"""What stressors did to the label and to the image of each row of a snapshot."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.given import given_of
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.frames.weak_cache import weakly_cached
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.settings.stressors import DAMAGES
from explorer.core.stressors.damage import NONE, fate_of, limits_of
from explorer.core.texts import N_, _

DAMAGE_TEXTS = {
    "blur": N_("blur {strength:.2f}"),
    "noise": N_("noise {strength:.2f}"),
    "occlusion": N_("occlusion {strength:.2f}"),
    "contrast": N_("low contrast {strength:.2f}"),
}
"""What is said of an image that is damaged in one of `DAMAGES`, as message ids."""


class Stress(Struct, frozen=True, eq=False):
    """One entry for each of the n images of a snapshot.

    ``given`` (n,) is the label that an image is trained with, and ``wrong`` (n,) whether it is not the true
    one. ``kind`` (n,) is the place of its damage in `DAMAGES`, `NONE` for none, and ``strength`` (n,) is from
    0 to 1.
    """

    given: NDArray[np.int64]
    wrong: NDArray[np.bool_]
    kind: NDArray[np.int64]
    strength: NDArray[np.float64]

    def damage_text(self, row: int) -> str:
        """Return the damage of an image in words, such as "blur 0.60"; empty for none."""
        kind = int(self.kind[row])
        return "" if kind == NONE else _(DAMAGE_TEXTS[DAMAGES[kind]]).format(strength=self.strength[row])


@weakly_cached
def stress_of(snapshot: Snapshot) -> Stress | None:
    """Return what stressors did to the images; None where none of them touches labels or images."""
    data, probe = snapshot.config.data, snapshot.probe
    if not (data.wrong_labels or any(data.strengths)):
        return None
    given = given_of(snapshot).astype(np.int64)
    kind, strength = np.full(len(given), NONE), np.zeros(len(given))
    limits = limits_of(data)
    for split in (TEST, TRAIN) if limits.active else ():
        rows = np.flatnonzero(probe.split == split)
        fate = fate_of(np, snapshot.config.seed, split, probe.indices[rows].astype(np.int64), limits)
        kind[rows], strength[rows] = fate.kind, fate.strength
    return Stress(given, given != probe.labels, kind, strength)
