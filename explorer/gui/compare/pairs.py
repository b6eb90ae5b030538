"""Presets of comparisons: settings that are worth looking at side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from explorer.core.data.resources import resource
from explorer.core.settings.config import RunConfig
from explorer.core.settings.presets import find_preset
from explorer.gui.data_sets.fitting import on_this_machine


class Member(Struct, frozen=True, forbid_unknown_fields=True):
    """One run of a preset: ``changes`` by dotted names of the preset of that name, or of the defaults."""

    changes: Mapping[str, Any] = {}
    preset: str = ""

    @property
    def config(self) -> RunConfig:
        """The settings before the changes; raises ConfigError where the preset cannot be read."""
        return find_preset(self.preset).config if self.preset else RunConfig()


class Pair(Struct, frozen=True, forbid_unknown_fields=True):
    """Two to four runs; ``title`` and ``description`` are message ids."""

    name: str
    title: str
    description: str
    runs: tuple[Member, ...]

    def configs(self, base: RunConfig) -> list[RunConfig]:
        """Return the settings of the runs, on the machine and with the seed of ``base``.

        Raises
        ------
        ConfigError
            Where a preset cannot be read.
        """
        return [
            on_this_machine(member.config, base).replace({"seed": base.seed, **member.changes})
            for member in self.runs
        ]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    comparison: tuple[Pair, ...]


@cache
def list_pairs() -> tuple[Pair, ...]:
    """Return the presets in ``resources/comparisons.toml``, in the order of the menu."""
    return msgspec.toml.decode(resource("comparisons.toml").read_bytes(), type=_File).comparison


def extract_messages(
    file: BinaryIO,
    _keywords: object,
    _comment_tags: object,
    options: object,  # noqa: ARG001  # Babel passes it by name
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield titles and descriptions for Babel: tuples of line number, function, message id and comments."""
    for pair in msgspec.toml.decode(file.read(), type=_File).comparison:
        for message in (pair.title, pair.description):
            yield 1, "_", message, []
