"""The comments above settings that a file carries: what they are, how many there are, and a checksum.

A text that was cut off is found by them, and one that was edited is not taken for the run that it no longer
describes.
"""

from __future__ import annotations

import zlib

import msgspec

from explorer import __version__
from explorer.core.settings.config import RunConfig, flatten

HEAD = "# loss-explorer "
"""How the text begins."""


def settings_head(config: RunConfig, step: int) -> list[str]:
    """Return the lines above the settings of a run at a step."""
    return [
        f"{HEAD}{__version__}, step {step}",
        f"# settings: {len(flatten(config))}, checksum {settings_checksum(config)}",
    ]


def settings_checksum(config: RunConfig) -> str:
    """Return a checksum of all settings, whatever the order and layout of their text."""
    content = msgspec.json.encode(flatten(config), order="sorted")
    return f"{zlib.crc32(content):08x}"
