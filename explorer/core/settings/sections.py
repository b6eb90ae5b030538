"""The sections of a `RunConfig`: loss, network, optimiser and data."""

from __future__ import annotations

import math
from typing import Any

import msgspec
from msgspec import Struct

from explorer.core.class_sets import parse_classes
from explorer.core.losses.catalog import find_loss
from explorer.core.losses.loss_spec import LossSpec
from explorer.core.params import Param, Value
from explorer.core.settings import settings
from explorer.core.settings.network import NETWORK
from explorer.core.settings.stressors import StressorConfig


def default_of(params: tuple[Param, ...], name: str) -> Any:
    """Return the default of a setting by its name."""
    return next(param.default for param in params if param.name == name)


class LossConfig(Struct, frozen=True):
    """The chosen loss and the value of each of its parameters."""

    name: str = "softmax"
    params: dict[str, Value] = {}

    def __post_init__(self) -> None:
        """Add defaults and validate the parameters."""
        msgspec.structs.force_setattr(self, "params", self.spec.resolve(self.params))

    @property
    def spec(self) -> LossSpec:
        """Catalogue entry of this loss."""
        return find_loss(self.name)


class NetworkConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """The network from image to feature."""

    name: str = default_of(NETWORK, "name")
    dim: int = default_of(NETWORK, "dim")
    relu: bool = default_of(NETWORK, "relu")


class OptimizerConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """The optimiser and its schedule; without a rate it has the default of the optimiser."""

    name: str = default_of(settings.OPTIMIZER, "name")
    rate: float = math.nan
    momentum: float = default_of(settings.OPTIMIZER, "momentum")
    weight_decay: float = default_of(settings.OPTIMIZER, "weight_decay")
    batch: int = default_of(settings.OPTIMIZER, "batch")
    warmup: int = default_of(settings.OPTIMIZER, "warmup")
    schedule: str = default_of(settings.OPTIMIZER, "schedule")
    horizon: float = default_of(settings.OPTIMIZER, "horizon")

    def __post_init__(self) -> None:
        """Add the learning rate where none is given."""
        if math.isnan(self.rate):
            rate = next(param for param in settings.OPTIMIZER if param.name == "rate")
            msgspec.structs.force_setattr(self, "rate", rate.default_among({"name": self.name}))


class DataConfig(StressorConfig, frozen=True, forbid_unknown_fields=True):
    """The images to train on, what is done to them, and those to plot.

    ``subset`` drops classes wholly: the data set is as if it had only the first ones. Classes ``left_out``
    stay in it: their images are plotted and compared, but never trained on.
    """

    source: str = default_of(settings.DATA, "source")
    size: str = default_of(settings.DATA, "size")
    classes: int = default_of(settings.DATA, "classes")
    subset: int = default_of(settings.DATA, "subset")
    left_out: str = default_of(settings.DATA, "left_out")
    test_probe: int = default_of(settings.DATA, "test_probe")
    train_probe: int = default_of(settings.DATA, "train_probe")
    probe_every: int = default_of(settings.DATA, "probe_every")

    @property
    def side(self) -> int:
        """Height and width to which pictures in folders are resized."""
        return int(self.size)

    @property
    def num_classes(self) -> int:
        """Number of classes whose images are used, C."""
        return self.subset or self.classes

    @property
    def unseen(self) -> frozenset[int]:
        """The classes left out of training."""
        return parse_classes(self.left_out)

    @property
    def trained(self) -> tuple[int, ...]:
        """The classes trained on, in ascending order; a classifier has rows for these only."""
        return tuple(sorted(frozenset(range(self.num_classes)) - self.unseen))
