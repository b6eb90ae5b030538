"""Stressors: settings that make the data harder, to show what each loss is for; all off by default.

Wrong labels, damage and movement act at the next step. Few images and imbalance need a restart: they decide
how many images an epoch has, by which the schedule, the shuffling and every epoch on screen are counted.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from explorer.core.params import Param
from explorer.core.texts import N_

ANY, ALIKE = "any", "alike"
"""Values of `StressorConfig.wrong_kind`."""
DAMAGES = ("blur", "noise", "occlusion", "contrast")
"""Settings of `StressorConfig` that say how strongly images are damaged, in the order of their numbers."""

STRESSORS = (
    Param(
        name="wrong_labels",
        label=N_("Wrong labels"),
        default=0.0,
        min=0.0,
        max=0.5,
        step=0.05,
        help=N_(
            "Fraction of the training images that are given the label of another class. Where training "
            "images are shown, a cross in the colour of that class marks them. Test images keep their "
            "labels."
        ),
    ),
    Param(
        name="wrong_kind",
        label=N_("Replaced by"),
        kind="choice",
        default=ANY,
        choices=(ANY, ALIKE),
        titles=(N_("Any other class"), N_("The most similar class")),
        help=N_(
            "What a wrong label is. Any other class: each with the same probability. The most similar "
            "class: the one whose mean image differs least from that of the true class."
        ),
    ),
    Param(
        name="blur",
        label=N_("Blur"),
        default=0.0,
        min=0.0,
        max=1.0,
        step=0.05,
        help=N_(
            "Maximum strength. At 1, a Gaussian blur with a standard deviation of 0.15 times the "
            "height of the image."
        ),
    ),
    Param(
        name="noise",
        label=N_("Noise"),
        default=0.0,
        min=0.0,
        max=1.0,
        step=0.05,
        help=N_(
            "Maximum strength. At 1, Gaussian noise with a standard deviation of half the range of "
            "grey values."
        ),
    ),
    Param(
        name="occlusion",
        label=N_("Occlusion"),
        default=0.0,
        min=0.0,
        max=1.0,
        step=0.05,
        help=N_(
            "Maximum strength: the height and width of a grey patch, as a fraction of those of the image."
        ),
    ),
    Param(
        name="contrast",
        label=N_("Low contrast"),
        default=0.0,
        min=0.0,
        max=1.0,
        step=0.05,
        help=N_("Maximum strength. At 1, every pixel has the mean grey value of the image."),
    ),
    Param(
        name="damaged",
        label=N_("Damaged images"),
        default=0.5,
        min=0.0,
        max=1.0,
        step=0.05,
        help=N_(
            "Fraction of the training and test images that are damaged. Each is damaged in one of the "
            "ways above whose strength is not 0, at a random strength up to that maximum."
        ),
    ),
    Param(
        name="shift",
        label=N_("Shift"),
        default=0.0,
        min=0.0,
        max=0.3,
        step=0.02,
        help=N_(
            "Shifts each training image at random at every step, vertically and horizontally, by up to "
            "this fraction of its height and width. Images in the plots are not shifted."
        ),
    ),
    Param(
        name="rotation",
        label=N_("Rotation"),
        default=0.0,
        min=0.0,
        max=0.3,
        step=0.02,
        unit="rad",
        help=N_(
            "Rotates each training image at random at every step by up to this angle. Images in the "
            "plots are not rotated."
        ),
    ),
    Param(
        name="per_class",
        label=N_("Images per class"),
        kind="int",
        default=0,
        min=0,
        max=1_000_000,
        step=10,
        log=True,
        zero=N_("All"),
        effect="restart",
        help=N_("Train on at most this many images per class."),
    ),
    Param(
        name="imbalance",
        label=N_("Imbalance"),
        default=1.0,
        min=1.0,
        max=100.0,
        step=1.0,
        log=True,
        effect="restart",
        help=N_(
            "A long tail: the number of training images of the first class, which keeps all of them, "
            "divided by that of the last. In between the number falls exponentially."
        ),
    ),
)


def _default(name: str) -> float:
    (found,) = (param.default for param in STRESSORS if param.name == name)
    assert isinstance(found, int | float)
    return found


class StressorConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """The values of `STRESSORS`, which are part of the settings of the data."""

    wrong_labels: float = _default("wrong_labels")
    wrong_kind: str = ANY
    damaged: float = _default("damaged")
    blur: float = _default("blur")
    noise: float = _default("noise")
    occlusion: float = _default("occlusion")
    contrast: float = _default("contrast")
    shift: float = _default("shift")
    rotation: float = _default("rotation")
    per_class: int = int(_default("per_class"))
    imbalance: float = _default("imbalance")

    @property
    def in_force(self) -> tuple[str, ...]:
        """Names of the stressors that are on."""
        damages = zip(DAMAGES, self.strengths, strict=True)
        return tuple(
            name
            for name, value in (
                ("wrong_labels", self.wrong_labels),
                *damages,
                ("shift", self.shift),
                ("rotation", self.rotation),
                ("per_class", self.per_class),
                ("imbalance", self.imbalance - 1),
            )
            if value
        )

    @property
    def strengths(self) -> tuple[float, ...]:
        """Largest strength of each of `DAMAGES`; all 0 where no image is damaged."""
        return tuple(getattr(self, name) if self.damaged else 0.0 for name in DAMAGES)

    @property
    def moves(self) -> bool:
        """Whether training images are shifted or turned."""
        return bool(self.shift or self.rotation)

    @property
    def drops(self) -> bool:
        """Whether some training images are left out."""
        return bool(self.per_class) or self.imbalance > 1


def stressors_in(configs: Iterable[StressorConfig]) -> tuple[str, ...]:
    """Return the dotted names of the stressors that are on in some configurations, in the order of theirs."""
    names = {f"data.{name}": None for config in configs for name in config.in_force}
    return tuple(names)
