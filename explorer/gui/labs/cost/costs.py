"""Costs: what was measured of each loss, on which machine, and the file that keeps it."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from explorer import __version__
from explorer.core.files import read_regular, write_whole
from explorer.core.texts import TextError, text

FILE = "costs.json"
TIME, MEMORY = "scale.time", "scale.memory"
"""Figures of the benchmark, in milliseconds and in megabytes."""


class CostsError(TextError):
    """Measurements cannot be kept; the message says why."""


class Cost(Struct, frozen=True):
    """A measurement of a figure for a loss and a number of classes."""

    figure: str
    loss: str
    classes: int
    value: float

    @property
    def case(self) -> tuple[str, str, int]:
        """What was measured: figure, loss and number of classes."""
        return self.figure, self.loss, self.classes


class Costs(Struct, frozen=True):
    """All measurements on one machine.

    Parameters
    ----------
    machine : str
        Name of the machine, its system and number of cores.
    measured : str
        Time of the last measurement, ISO 8601, UTC.
    version : str
        Version of the program that measured.
    device : str
        The device that computed.
    rows : tuple of Cost
        The measurements.
    """

    machine: str
    measured: str
    version: str
    device: str = ""
    rows: tuple[Cost, ...] = ()

    @property
    def is_ours(self) -> bool:
        """Whether they were measured on this machine."""
        return self.machine == this_machine()

    def points(self, figure: str, loss: str) -> list[tuple[int, float]]:
        """Return the numbers of classes and values of a loss, ascending."""
        of_loss = (row for row in self.rows if (row.figure, row.loss) == (figure, loss))
        return sorted((row.classes, row.value) for row in of_loss)

    def with_row(self, row: Cost, device: str) -> Costs:
        """Return the same with a measurement, made now on this machine, in place of an older one.

        What another machine, another device or another version of the program measured is left out: it
        cannot be compared.
        """
        found = Costs(this_machine(), _now(), __version__, device)
        alike = (self.machine, self.version, self.device) == (found.machine, found.version, device)
        kept = (one for one in self.rows if alike and one.case != row.case)
        return replace(found, rows=(*kept, row))


def this_machine() -> str:
    """Return the name of this machine, its system and number of cores."""
    return f"{platform.node()}, {platform.system()} {platform.machine()}, {os.cpu_count()} CPU"


def no_costs() -> Costs:
    """Return the costs of this machine before anything is measured."""
    return Costs(this_machine(), _now(), __version__)


def load_costs(folder: Path) -> Costs | None:
    """Return what was measured before, None where there is nothing that can be read."""
    try:
        found = msgspec.json.decode(read_regular(folder / FILE), type=Costs)
    except (OSError, ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return None  # it can be measured again
    sound = all(row.classes > 0 and row.value > 0 for row in found.rows)
    return found if found.rows and sound else None


def save_costs(folder: Path, costs: Costs) -> None:
    """Write what was measured; an older file is replaced only by a complete one.

    Raises
    ------
    CostsError
        Where the file cannot be written.
    """
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, msgspec.json.format(msgspec.json.encode(costs)))
    except OSError as error:
        sentence = text("The measurements cannot be kept in {file}: {error}.", file=path, error=error)
        raise CostsError(sentence) from None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
