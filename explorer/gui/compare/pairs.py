"""Presets of comparisons: settings that are worth looking at side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from explorer.core.settings.config import RunConfig
from explorer.core.settings.presets import find_preset
from explorer.core.texts import N_

_OF_THIS_MACHINE = ("device", "data.source", "seed")
"""Settings that a preset takes from the main window."""


class Member(Struct, frozen=True):
    """One run of a preset: ``changes`` by dotted names of the preset of that name, or of the defaults."""

    changes: Mapping[str, Any] = {}
    preset: str = ""


class Pair(Struct, frozen=True):
    """Two to four runs; ``title`` and ``description`` are message ids."""

    name: str
    title: str
    description: str
    members: tuple[Member, ...]

    def configs(self, base: RunConfig) -> list[RunConfig]:
        """Return the settings of the runs, on the machine and with the seed of ``base``.

        Raises
        ------
        ConfigError
            Where a preset cannot be read.
        """
        own = {name: base.get(name) for name in _OF_THIS_MACHINE}
        return [
            (find_preset(member.preset).config if member.preset else RunConfig()).replace(
                {**own, **member.changes}
            )
            for member in self.members
        ]


def _losses(*names: str, **changes: Any) -> tuple[Member, ...]:
    return tuple(Member({"loss.name": name, **changes}) for name in names)


PAIRS: tuple[Pair, ...] = (
    Pair(
        "softmax-centre",
        N_("Softmax | Centre loss"),
        N_("Softmax separates the classes; the centre term pulls each class together."),
        _losses("softmax", "center"),
    ),
    Pair(
        "normface-cosface-arcface",
        N_("NormFace | CosFace | ArcFace"),
        N_("The same scaled cosines without a margin, with one on the cosine, and with one on the angle."),
        _losses("normface", "cosface", "arcface"),
    ),
    Pair(
        "margin-1-to-4",
        N_("L-Softmax, m = 1 | 2 | 3 | 4"),
        N_("The angle to the true class counts m times: the wedges become thinner. m = 1 is softmax."),
        tuple(Member(preset=f"liu-2016-l-softmax-m-{margin}") for margin in range(1, 5)),
    ),
    Pair(
        "bias",
        N_("Bias on | off"),
        N_("Without a bias, the borders between the classes of softmax all go through the origin."),
        (Member({"loss.bias": True}), Member({"loss.bias": False})),
    ),
    Pair(
        "feature-length",
        N_("Features as they are | of one length"),
        N_("Softmax on features of any length, and on features scaled to one length (L2-softmax)."),
        _losses("softmax", "l2-softmax"),
    ),
)
