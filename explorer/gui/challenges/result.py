"""The result of a challenge as a text: what a teacher needs to run it again.

It is TOML below a line that says what it is. Settings that belong to the machine are not in it. The checksum
finds a text that was cut off or changed on its way; what shows that a result is true is running it again.
"""

from __future__ import annotations

import math
import re
import tomllib
import zlib
from typing import Annotated, Any

import msgspec
import tomli_w
from msgspec import Meta, Struct

from explorer.core.params import Value
from explorer.core.protocol.messages import SettingChange
from explorer.core.settings.config import ConfigError, RunConfig, diff, flatten, unflatten
from explorer.core.texts import Text, TextError, _, text, verbatim
from explorer.gui.data_sets.fitting import OF_THIS_MACHINE

FIRST_LINE = "# loss-explorer/challenge-result"
MOST_BYTES = 1 << 18
FORMAT = 1
"""Version of the format, raised when older programs would misread a text."""

_MOST_STEPS, _MOST_PARTS, _MOST_CHANGES, _MOST_ROWS, _MOST_FIGURES = 10_000_000, 8, 4000, 200, 16
OF_ONE_MACHINE = tuple(name for name in OF_THIS_MACHINE if not name.startswith("data."))
"""Settings that a challenge leaves as they are, and that no result has: all must train on the same images."""
_FENCE = re.compile(r"^\s*```.*$", re.MULTILINE)
"""Around a text in Markdown, as mails and chats have it."""

_Name = Annotated[str, Meta(max_length=80)]
_Step = Annotated[int, Meta(ge=0, le=_MOST_STEPS)]
_Row = Annotated[int, Meta(ge=0, le=_MOST_STEPS)]
_Settings = Annotated[dict[_Name, Value], Meta(max_length=200)]


class ResultError(TextError):
    """A text is no result of a challenge, or it is damaged; the message says what is wrong with it."""


class ResultChange(Struct, frozen=True, forbid_unknown_fields=True):
    """Settings that were changed after a step, by their dotted names."""

    step: _Step
    set: _Settings


class ResultPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The frame in which the conditions of one step of the challenge were met.

    Parameters
    ----------
    step : int
        Its step.
    settings : mapping of str to Value, optional
        The settings with which its run began, all but those of the machine; None where it is a later frame of
        the run of the part before.
    changes : sequence of ResultChange
        The changes since then, or since the part before.
    selected : sequence of int
        The selected images, as rows of the frame.
    figures : mapping of str to float
        What was measured, by the names of figures.
    """

    step: _Step
    settings: _Settings | None = None
    changes: Annotated[tuple[ResultChange, ...], Meta(max_length=_MOST_CHANGES)] = ()
    selected: Annotated[tuple[_Row, ...], Meta(max_length=_MOST_ROWS)] = ()
    figures: Annotated[dict[_Name, float], Meta(max_length=_MOST_FIGURES)] = {}


class ChallengeResult(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A challenge that was passed.

    Parameters
    ----------
    format : int
        Version of the format.
    challenge, title : str
        Id and title of the challenge.
    images, limit : int
        Images that the run had seen at the end, and those that it might see.
    version, torch, machine, device, threads
        Of the program, of PyTorch; and what the run was trained on.
    data_digest : str
        SHA-256 of the data set.
    parts : sequence of ResultPart
        One for each step of the challenge that has conditions.
    """

    format: Annotated[int, Meta(ge=1)] = FORMAT
    challenge: _Name
    title: Annotated[str, Meta(max_length=200)]
    images: Annotated[int, Meta(ge=0)]
    limit: Annotated[int, Meta(ge=0)]
    version: _Name
    torch: _Name
    machine: Annotated[str, Meta(max_length=200)]
    device: _Name
    threads: Annotated[int, Meta(ge=0, le=256)]
    data_digest: _Name
    parts: Annotated[tuple[ResultPart, ...], Meta(min_length=1, max_length=_MOST_PARTS)]


class RepeatedPart(Struct, frozen=True):
    """How a part is repeated: from these settings, with these changes, and the settings at the end."""

    first: RunConfig
    changes: tuple[SettingChange, ...]
    config: RunConfig


def settings_of(config: RunConfig) -> dict[str, Value]:
    """Return all settings by their dotted names, without those that belong to the machine."""
    return {name: value for name, value in flatten(config).items() if name not in OF_ONE_MACHINE}


def change_between(step: int, before: RunConfig, after: RunConfig) -> ResultChange:
    """Return the change of settings that was made after a step."""
    found = diff(before, after)
    values = flatten(after)
    return ResultChange(step, {name: values[name] for name in (*found.live, *found.restart)})


def repeated_parts(result: ChallengeResult, own: dict[str, Value]) -> tuple[RepeatedPart, ...]:
    """Return how each part of a result is repeated, with one's ``own`` settings of the machine.

    Raises
    ------
    ResultError
        If a setting is not known or not valid, or the steps are not in order.
    """
    found: list[RepeatedPart] = []
    first = config = RunConfig()
    changes: list[SettingChange] = []
    step, seq = 0, 0
    for number, part in enumerate(result.parts, 1):
        try:
            if part.settings is not None:
                first = config = unflatten({**part.settings, **own})
                changes, step = [], 0
            elif number == 1:
                raise _invalid(text("its first part has no settings"))
            for change in part.changes:
                after = config.replace(change.set)
                if not step <= change.step <= part.step or diff(config, after).restart:
                    raise _invalid(text("part {number} has a change that cannot be made", number=number))
                seq, step, config = seq + 1, change.step, after
                changes.append(SettingChange(seq, step, config))
        except ConfigError as error:
            problem = str(error).rstrip(".")
            raise _invalid(text("part {number}: {problem}", number=number, problem=problem)) from None
        if part.step < step:
            raise _invalid(text("the steps of its parts are not in order"))
        step = part.step
        found.append(RepeatedPart(first, tuple(changes), config))
    return tuple(found)


def to_text(result: ChallengeResult) -> str:
    """Return a result as a text that `parse_result` reads."""
    table: dict[str, Any] = {"checksum": _checksum(result), **msgspec.to_builtins(result)}
    parts = [{k: v for k, v in part.items() if v is not None} for part in table["parts"]]
    hint = _("Result of a challenge in Loss Explorer. Help › Challenges › Check a result runs it again.")
    return f"{FIRST_LINE}\n# {hint}\n\n{tomli_w.dumps({**table, 'parts': parts})}"


def is_result(content: str) -> bool:
    """Return whether a text says of itself that it is the result of a challenge."""
    return _FENCE.sub("", content).lstrip("\ufeff \t\r\n").startswith(FIRST_LINE)


def parse_result(content: str) -> ChallengeResult:
    """Return the result in a text.

    Raises
    ------
    ResultError
        If it is too long, something else, damaged, or of a newer format.
    """
    if len(content.encode("utf-8", "replace")) > MOST_BYTES:
        raise ResultError("This text is too long: a result has at most {count:,} bytes.", count=MOST_BYTES)
    if not is_result(content):
        raise ResultError("This is not the result of a challenge: one begins with “{line}”.", line=FIRST_LINE)
    try:
        table = tomllib.loads(_FENCE.sub("", content).lstrip("\ufeff \t\r\n"))
        checksum = table.pop("checksum", "")
        if isinstance(table.get("format"), int) and table["format"] > FORMAT:
            raise ResultError("This result was written by a newer version of Loss Explorer.")
        result = msgspec.convert(table, ChallengeResult)
    except (ValueError, RecursionError) as error:
        # tomllib's and msgspec's errors are ValueErrors, as is a number with thousands of digits
        raise _invalid(verbatim(str(error).rstrip("."))) from None
    figures = [value for part in result.parts for value in part.figures.values()]
    if not all(map(math.isfinite, figures)):
        raise _invalid(text("a figure is not finite"))
    if checksum != _checksum(result):
        raise ResultError("This result was changed or cut off: its checksum is wrong. Copy all of it again.")
    return result


def _invalid(problem: Text) -> ResultError:
    return ResultError("This result is damaged: {problem}.", problem=problem)


def _checksum(result: ChallengeResult) -> str:
    """Return a checksum of what a result says, whatever its line ends and spaces."""
    return f"{zlib.crc32(msgspec.json.encode(result, order='sorted')):08x}"
