"""What differs between the settings of several runs, and what they have in common from the start."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from explorer.core.settings.config import RunConfig, find_param, flatten
from explorer.core.texts import _
from explorer.gui.controls.descriptions import value_text

_NOT_TRAINED_WITH = frozenset(
    {"loss.name", "device", "threads", "data.test_probe", "data.train_probe", "data.probe_every"}
)
"""The loss, which is the title of its run; then where a run was trained and how it was watched."""
_DOT = " · "


class RunNames(Struct, frozen=True):
    """What tells compared runs apart, in the language in force.

    Parameters
    ----------
    titles, settings : tuple of str
        Of each run, as `titles` and `settings_texts` return them.
    start : str
        What they have in common at their start, see `start_text`; empty for less than two.
    """

    titles: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    start: str = ""


class NameMemory:
    """Remembers the names of runs until a setting changes: they are asked for at every refresh.

    Each user has one, which lives no longer than the window: names are in the language of that.
    """

    def __init__(self) -> None:
        self._configs: tuple[RunConfig, ...] = ()
        self._names = RunNames()

    def names(self, configs: Iterable[RunConfig]) -> RunNames:
        """Return the names of runs with these settings."""
        configs = tuple(configs)
        if configs != self._configs:
            start = start_text(configs) if len(configs) > 1 else ""
            self._names = RunNames(tuple(titles(configs)), tuple(settings_texts(configs)), start)
            self._configs = configs
        return self._names


def differing(configs: Sequence[RunConfig]) -> list[tuple[str, ...]]:
    """Return the dotted names of the settings of each run that are not the same in all runs.

    A setting that a loss has and another has not is one of them. Machine and frames do not count.
    """
    values = [flatten(config) for config in configs]
    names = list(dict.fromkeys(name for known in values for name in known))
    other = {
        name
        for name in names
        if name not in _NOT_TRAINED_WITH
        and not all(name in known and known[name] == values[0].get(name) for known in values)
    }
    return [tuple(name for name in known if name in other) for known in values]


def titles(configs: Sequence[RunConfig]) -> list[str]:
    """Return the name of each run: its loss, and where several have it, what differs between those."""
    losses = [_(config.loss.spec.title) for config in configs]
    names = list(losses)
    for loss in dict.fromkeys(losses):
        same = [place for place, other in enumerate(losses) if other == loss]
        for place, text in zip(same, settings_texts([configs[place] for place in same]), strict=True):
            if text:
                names[place] = f"{loss}, {text}"
    return names


def settings_texts(configs: Sequence[RunConfig]) -> list[str]:
    """Return the settings of each run that differ, in words, such as "Margin 0.3 · Scale 30"."""
    return [
        _DOT.join(_setting(config, name) for name in names)
        for config, names in zip(configs, differing(configs), strict=True)
    ]


def start_text(configs: Sequence[RunConfig]) -> str:
    """Return what the runs have in common at their start, in a sentence or two."""
    same_network = len({(config.seed, config.network, config.data.source) for config in configs}) == 1
    same_order = len({_order(config) for config in configs}) == 1
    if same_network and same_order:
        return _("All runs start from the same network and train on the same batches.")
    if same_network:
        return _("All runs start from the same network. Their batches differ.")
    if same_order:
        return _("All runs train on the same batches. Their initial networks differ.")
    return _("The runs start from different networks and train on different batches.")


def _order(config: RunConfig) -> tuple[object, ...]:
    """Return all that decides which images are in which batch."""
    data = config.data
    return (
        config.seed,
        data.source,
        data.classes,
        data.subset,
        data.left_out,
        config.optimizer.batch,
        config.loss.spec.balanced,
    )


def _setting(config: RunConfig, name: str) -> str:
    param = find_param(name, config.loss.spec)
    return f"{_(param.label)} {value_text(param, config.get(name))}"
