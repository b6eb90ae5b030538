"""RunConfig: all settings of a run, frozen and validated on construction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct, field

from explorer.core.losses.catalog import find_loss
from explorer.core.losses.loss_spec import LossSpec
from explorer.core.params import Param, ParamError, Value, check_all, with_suggestion
from explorer.core.settings import settings
from explorer.core.settings.defaults import chooser_of, dependent_defaults, following
from explorer.core.settings.sections import DataConfig as DataConfig
from explorer.core.settings.sections import LossConfig as LossConfig
from explorer.core.settings.sections import NetworkConfig as NetworkConfig
from explorer.core.settings.sections import OptimizerConfig as OptimizerConfig
from explorer.core.settings.sections import default_of
from explorer.core.texts import TextError, plural, text

LEAST_TRAINED = 2
"""Classes that must be trained on, at least."""


class ConfigError(TextError, ValueError):
    """A configuration cannot be read or is not valid; the message says why."""


class RunConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """All settings of a run.

    Raises
    ------
    ConfigError
        If a value is not valid, so that every existing RunConfig is.
    """

    loss: LossConfig = field(default_factory=LossConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    data: DataConfig = field(default_factory=DataConfig)
    seed: int = default_of(settings.RUN, "seed")
    device: str = default_of(settings.RUN, "device")
    threads: int = default_of(settings.RUN, "threads")

    def __post_init__(self) -> None:
        """Validate every value."""
        for section, params in settings.SECTIONS.items():
            values = getattr(self, section)
            for param in params:
                param.check(getattr(values, param.name), f"{section}.{param.name}")
        for param in settings.RUN:
            param.check(getattr(self, param.name), param.name)
        if self.data.subset == 1 or self.data.subset > self.data.classes:
            raise ConfigError(
                "data.subset = {subset} must be 0 for all classes, or 2 to {classes} (data.classes).",
                subset=self.data.subset,
                classes=self.data.classes,
            )
        self._check_classes_left_out()

    def _check_classes_left_out(self) -> None:
        data = self.data
        beyond = [label for label in data.unseen if label >= data.num_classes]
        if beyond:
            raise ConfigError(
                "data.left_out = {classes}: there is no class {label}; the classes are 0 to {last}.",
                classes=data.left_out,
                label=min(beyond),
                last=data.num_classes - 1,
            )
        if len(data.trained) < LEAST_TRAINED:
            raise ConfigError(
                plural(
                    "data.left_out = {classes} leaves {count} class to train on; {least} are needed.",
                    "data.left_out = {classes} leaves {count} classes to train on; {least} are needed.",
                    count=len(data.trained),
                    classes=data.left_out,
                    least=LEAST_TRAINED,
                )
            )

    def get(self, name: str) -> Value:
        """Return the value of a dotted name such as ``loss.margin``."""
        values = flatten(self)
        if name not in values:
            raise _unknown_setting(name, values)
        return values[name]

    def replace(self, changes: Mapping[str, object]) -> RunConfig:
        """Return a configuration with some dotted names changed.

        A change of ``loss.name`` resets the parameters of the loss to defaults unless ``changes`` sets them:
        the same margin means something else in another loss. A setting whose default depends on another one
        follows that as long as it has its default.

        Raises
        ------
        ConfigError
            For an unknown name or an invalid value.
        """
        values: dict[str, object] = dict(flatten(self))
        if "loss.name" in changes and changes["loss.name"] != self.loss.name:
            values = {name: value for name, value in values.items() if not name.startswith("loss.")}
        return unflatten({**values, **following(values, changes), **changes})


def find_param(name: str, loss: LossSpec | None = None) -> Param:
    """Return the description of a dotted name; ``loss`` is needed for the parameters of a loss.

    Raises
    ------
    ConfigError
        If there is no such setting.
    """
    section, _, key = name.rpartition(".")
    table = loss.params if section == "loss" and loss is not None else settings.SECTIONS.get(section, ())
    table = settings.RUN if not section else table
    for param in table:
        if param.name == key:
            return param
    known = ["loss.name", *(param.name for param in settings.RUN)]
    known += [f"{section}.{param.name}" for section, params in settings.SECTIONS.items() for param in params]
    known += [f"loss.{param.name}" for param in (loss.params if loss else ())]
    raise _unknown_setting(name, known)


def _unknown_setting(name: str, known: Iterable[str]) -> ConfigError:
    sentence = text("There is no setting {name!r}.", name=name)
    return ConfigError(with_suggestion(sentence, name, known))


def flatten(config: RunConfig) -> dict[str, Value]:
    """Return every setting by its dotted name, ``loss.name`` first."""
    values: dict[str, Value] = {"loss.name": config.loss.name}
    values |= {f"loss.{name}": value for name, value in config.loss.params.items()}
    for section, params in settings.SECTIONS.items():
        group = getattr(config, section)
        values |= {f"{section}.{param.name}": getattr(group, param.name) for param in params}
    return values | {param.name: getattr(config, param.name) for param in settings.RUN}


def usual_values(config: RunConfig) -> dict[str, Value]:
    """Return the default of every setting by its dotted name: with the same loss, and beside the others."""
    plain = flatten(RunConfig(loss=LossConfig(config.loss.name)))
    return plain | dependent_defaults(flatten(config))


def lower_rate(config: RunConfig) -> float:
    """Return a quarter of the learning rate, or the default where that is lower: it is far too high then."""
    lower = min(config.optimizer.rate / 4, float(usual_values(config)["optimizer.rate"]))
    return float(f"{lower:.2g}")


def unflatten(values: Mapping[str, object]) -> RunConfig:
    """Return the configuration of dotted names, with defaults for missing ones; the inverse of `flatten`.

    Raises
    ------
    ConfigError
        For an unknown name or an invalid value.
    """
    sections: dict[str, dict[str, object]] = {"": {}, "loss": {}, "network": {}, "optimizer": {}, "data": {}}
    for name, value in values.items():
        section, _, key = name.rpartition(".")
        if section not in sections:
            find_param(name)
        sections[section][key] = value
    loss = sections["loss"]
    try:
        name = str(loss.pop("name", LossConfig().name))
        top = check_all(settings.RUN, sections[""], "run")
        checked = {key: check_all(table, sections[key], key) for key, table in settings.SECTIONS.items()}
        return RunConfig(
            loss=LossConfig(name, find_loss(name).resolve(loss)),
            network=msgspec.convert(checked["network"], NetworkConfig),
            optimizer=msgspec.convert(checked["optimizer"], OptimizerConfig),
            data=msgspec.convert(checked["data"], DataConfig),
            **msgspec.convert(top, dict[str, Any]),
        )
    except ParamError as error:
        raise ConfigError(error.text) from None


class Diff(Struct, frozen=True):
    """Dotted names of settings that differ, by whether a change applies live or after a restart."""

    live: tuple[str, ...] = ()
    restart: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        return bool(self.live or self.restart)


def diff(old: RunConfig, new: RunConfig) -> Diff:
    """Return the differences; another loss is a live change, whatever its parameters.

    A setting whose default depends on another one that differs, too, waits for a restart with it.
    """
    before, after = flatten(old), flatten(new)
    same_loss = old.loss.name == new.loss.name
    live: list[str] = []
    restart: list[str] = []
    for name, value in after.items():
        if before.get(name) == value:
            continue
        other_loss = name == "loss.name" or (name.startswith("loss.") and not same_loss)
        effect = "live" if other_loss else find_param(name, new.loss.spec).effect
        chooser = chooser_of(name)
        if chooser and before[chooser] != after[chooser]:
            effect = "restart"  # it is meant for the choice that waits
        (live if effect == "live" else restart).append(name)
    return Diff(tuple(live), tuple(restart))


def live_part(running: RunConfig, wanted: RunConfig) -> RunConfig:
    """Return ``running`` with those changes of ``wanted`` that need no restart."""
    held = {name: running.get(name) for name in diff(running, wanted).restart}
    return wanted.replace(held) if held else wanted
