"""Settings that a file carries, and the comments above them: what they are, how many, a checksum, the origin.

A text that was cut off is found by them, and one that was edited is not taken for the run that it no longer
describes.
"""

from __future__ import annotations

import zlib

import msgspec

from explorer import __version__
from explorer.core.settings.config import RunConfig, flatten
from explorer.core.settings.files import to_toml
from explorer.export.origin import RunOrigin
from explorer.export.sharing import shared_config

HEAD = "# loss-explorer "
"""How the text begins."""
ORIGIN = "# origin: "
"""How the line with the `RunOrigin` begins, which is JSON."""


def carried_text(config: RunConfig, step: int, origin: RunOrigin | None) -> str:
    """Return the settings of a run at a step as TOML, with all comments above; ``origin`` where known.

    Whoever gets the text does not learn the name of the person's folder.
    """
    config = shared_config(config)
    lines = [
        f"{HEAD}{__version__}, step {step}",
        f"# settings: {len(flatten(config))}, checksum {settings_checksum(config)}",
    ]
    if origin is not None:
        lines.append(f"{ORIGIN}{msgspec.json.encode(origin).decode()}")
    return "\n".join([*lines, to_toml(config)])


def settings_checksum(config: RunConfig) -> str:
    """Return a checksum of all settings, whatever the order and layout of their text."""
    content = msgspec.json.encode(flatten(config), order="sorted")
    return f"{zlib.crc32(content):08x}"
