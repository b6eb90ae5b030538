"""The settings of a run as a text that pictures carry and that can be copied, pasted and opened.

It is TOML, as ``train --config`` takes it. Comments above say what it is, how many settings it has, with a
checksum of them, and the `RunOrigin`: a text that was cut off is found by them, and one that was edited is
not taken for the run that it no longer describes.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
from msgspec import Struct

from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.settings.config import ConfigError, RunConfig
from explorer.core.settings.files import from_json, from_toml, load, read_settings_file
from explorer.core.texts import Text, text
from explorer.export.origin import RunOrigin
from explorer.export.settings_head import HEAD, ORIGIN, carried_text, settings_checksum
from explorer.export.sharing import own_config
from explorer.gui.session.run_source import RunSource

SETTINGS_KEY = "loss-explorer"
"""Under which a PNG or SVG carries the text."""
MOST_BYTES = 1 << 20

_COUNT = re.compile(r"^# settings: ([0-9]{1,4}), checksum ([0-9a-f]{8})\s*$", re.MULTILINE)
_ORIGIN = re.compile(rf"^{ORIGIN}(\{{.*\}})\s*$", re.MULTILINE)
_FENCE = re.compile(r"^\s*```.*$", re.MULTILINE)
"""Around a text in Markdown, as mails and chats have it."""
_ASSIGNMENT = re.compile(r"^\s*[A-Za-z_][\w.-]*\s*=", re.MULTILINE)


class CarriedSettings(Struct, frozen=True):
    """Settings from a text, and the origin of their run where the text tells it."""

    config: RunConfig
    origin: RunOrigin | None = None


def settings_text(snapshot: Snapshot, origin: RunOrigin | None = None) -> str:
    """Return the settings of a frame as a text that `read_settings` reads; its step stands in a comment."""
    return carried_text(snapshot.config, snapshot.step, origin)


def shown_settings(source: RunSource) -> str:
    """Return the settings of the frame that a run shows, with their origin; empty before there is one."""
    shown = source.snapshot
    return "" if shown is None else settings_text(shown, source.origin(shown))


def read_settings(content: str, source: str) -> CarriedSettings:
    """Return the settings in a text: one of `settings_text`, or other TOML or JSON.

    Parameters
    ----------
    content : str
        The text; a byte order mark and the fences of Markdown around it are passed over.
    source : str
        What messages call it, such as the path of its file.

    Raises
    ------
    ConfigError
        If it is empty, has no settings in it, is cut off, or a setting is not known or not valid.
    """
    content = _FENCE.sub("", content).lstrip("\ufeff \t\r\n").replace("\r\n", "\n").replace("\r", "\n")
    if not content.strip():
        raise ConfigError("{source}: there is no text.", source=source)
    if len(content.encode("utf-8", "replace")) > MOST_BYTES:
        raise ConfigError(
            "{source}: this text is too long for settings, which have at most {count:,} bytes.",
            source=source,
            count=MOST_BYTES,
        )
    if content.startswith("{"):
        return CarriedSettings(own_config(from_json(content, source)))
    ours = content.startswith(HEAD)
    if not _ASSIGNMENT.search(content):
        if ours:
            raise _damaged(source, text("it has no settings"))
        raise ConfigError(
            "{source}: this text has no settings in it. Settings are lines such as “seed = 1”.", source=source
        )
    try:
        config = from_toml(content, source)
    except ConfigError as error:
        raise _damaged(source, error.text) if ours else error from None
    counted = _COUNT.search(content) if ours else None
    if counted is None:
        return CarriedSettings(own_config(config))
    found = len(_ASSIGNMENT.findall(content))
    if found < int(counted[1]):
        problem = text("it has {found} of {count} settings", found=found, count=int(counted[1]))
        raise _damaged(source, problem)
    if counted[2] != settings_checksum(config):
        return CarriedSettings(own_config(config))  # edited: the origin is not theirs
    return CarriedSettings(own_config(config), _origin(content))


def load_settings(path: Path) -> CarriedSettings:
    """Return the settings in a ``.toml`` or ``.json`` file; raises ConfigError as `load`."""
    content = read_settings_file(path)
    if content.startswith(HEAD):
        return read_settings(content, str(path))
    return CarriedSettings(load(path))


def _origin(content: str) -> RunOrigin | None:
    """Return the origin in a text; None where there is none that can be read, as of a newer version."""
    match = _ORIGIN.search(content)
    if match is None:
        return None
    try:
        return msgspec.json.decode(match[1], type=RunOrigin)
    except (msgspec.DecodeError, RecursionError):
        return None


def _damaged(source: str, problem: Text) -> ConfigError:
    return ConfigError(
        "{source}: these settings are damaged or cut off: {problem}. Copy all of the text again.",
        source=source,
        problem=str(problem).rstrip("."),
    )
