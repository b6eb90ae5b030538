"""Store: what the window remembers between two starts, in a file that a person can read."""

from __future__ import annotations

import os
import tomllib
from datetime import datetime
from pathlib import Path

import msgspec
import tomli_w
from msgspec import Struct
from platformdirs import user_config_path

from explorer.core.settings.config import ConfigError, RunConfig
from explorer.core.settings.files import from_mapping, to_mapping
from explorer.gui.theme.palettes import ClassColors, colors_from_mapping, colors_to_mapping
from explorer.gui.views.curves.options import CurveOptions
from explorer.gui.views.features.content import FeatureOptions

_FILE = "window.toml"


class Memory(Struct, frozen=True):
    """What is remembered of a run and its window.

    Settings, theme, size and layout as Qt describes them, smooth motion, what the features and the curves
    show, and the colours of the classes.
    """

    config: RunConfig = RunConfig()
    theme: str = "light"
    geometry: bytes = b""
    layout: bytes = b""
    smooth: bool = True
    curves: CurveOptions = CurveOptions()
    options: FeatureOptions = FeatureOptions()
    colors: ClassColors = ClassColors()


def store_path() -> Path:
    """Return the file in this person's configuration folder."""
    return user_config_path("loss-explorer", appauthor=False) / _FILE


def load_memory(path: Path) -> tuple[Memory, str]:
    """Return what is remembered, and a sentence where the file was damaged and has been set aside."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        window = data["window"]
        return Memory(
            config=from_mapping(data["run"], str(path)),
            theme=str(window["theme"]),
            geometry=bytes.fromhex(window["geometry"]),
            layout=bytes.fromhex(window["layout"]),
            smooth=bool(window.get("smooth", True)),
            curves=_curve_options(window.get("curves")),
            options=msgspec.convert(data.get("show", {}), FeatureOptions),
            colors=colors_from_mapping(data.get("colors", {})),
        ), ""
    except FileNotFoundError:
        return Memory(), ""
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ConfigError) as error:
        return Memory(), _set_aside(path, error)


def save_memory(path: Path, memory: Memory) -> None:
    """Write what is to be remembered; a crash in between leaves the old file.

    Raises
    ------
    OSError
        Where the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    window = {
        "theme": memory.theme,
        "geometry": memory.geometry.hex(),
        "layout": memory.layout.hex(),
        "smooth": memory.smooth,
        "curves": msgspec.to_builtins(memory.curves),
    }
    data = {
        "window": window,
        "run": to_mapping(memory.config),
        "show": msgspec.to_builtins(memory.options),
        "colors": colors_to_mapping(memory.colors),
    }
    partial.write_text(tomli_w.dumps(data), encoding="utf-8")
    os.replace(partial, path)


def _curve_options(data: object) -> CurveOptions:
    """Return the options in a file, the defaults where it has none that this version knows."""
    try:
        return msgspec.convert(data, CurveOptions)
    except msgspec.ValidationError:
        return CurveOptions()


def _set_aside(path: Path, error: Exception) -> str:
    aside = path.with_name(f"{path.stem}-damaged-{datetime.now():%Y%m%d-%H%M%S}{path.suffix}")
    try:
        path.rename(aside)
    except OSError:
        return f"The remembered settings in {path} cannot be used ({error}); starting with the defaults."
    return f"The remembered settings could not be used ({error}); they are set aside as {aside}."
