"""Memory: what the window saves between sessions, in a readable TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec
import tomli_w
from msgspec import Struct
from msgspec.structs import replace
from platformdirs import user_config_path

from explorer.core.files import read_regular, write_whole
from explorer.core.settings.config import ConfigError, RunConfig
from explorer.core.settings.files import from_mapping, to_mapping
from explorer.core.texts import _, showable
from explorer.gui.commands.keymap import Keys, keys_from
from explorer.gui.export.data_choices import ExportChoices
from explorer.gui.figures.choices import FigureChoices, PictureChoices
from explorer.gui.films.choices import FilmChoices
from explorer.gui.library.files import LibraryOptions
from explorer.gui.memory.merging import merged_settings
from explorer.gui.memory.window_session import Layout, set_aside
from explorer.gui.state.view_state import DisplaySettings
from explorer.gui.theme.palettes import ClassColors, colors_from_mapping, colors_to_mapping

_FILE = "window.toml"

Options = TypeVar("Options", bound=Struct)


class Memory(Struct, frozen=True):
    """The saved state of a run and its window.

    Settings, theme, layout of a new window, smooth motion, hidden classes and colour mode, the options of
    each view as a table by its id, the colours of the classes, what is recorded, the language, the kinds of
    events that are hidden, whether a prediction is offered before a run, whether type is large and whether
    controls are, how figures, pictures and films are written and data exported, the keys of commands that
    have others than the usual ones, by their ids, and how fast the machine has trained, in images a second.
    """

    config: RunConfig = RunConfig()
    theme: str = "light"
    layout: Layout = Layout()
    smooth: bool = True
    display: DisplaySettings = DisplaySettings()
    views: Mapping[str, Any] = MappingProxyType({})
    colors: ClassColors = ClassColors()
    library: LibraryOptions = LibraryOptions()
    language: str = "system"
    hidden_events: frozenset[str] = frozenset()
    predict: bool = True
    large_type: bool = False
    large_controls: bool = False
    keys: Mapping[str, Keys] = MappingProxyType({})
    speeds: Mapping[str, float] = MappingProxyType({})
    figure: FigureChoices = FigureChoices()
    picture: PictureChoices = PictureChoices()
    film: FilmChoices = FilmChoices()
    export: ExportChoices = ExportChoices()


def store_path() -> Path:
    """Return the path of the file in the configuration folder of the user."""
    return user_config_path("loss-explorer", appauthor=False) / _FILE


_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
    ConfigError,
)
"""Errors for a file that is damaged, in whatever way."""


def load_memory(path: Path) -> tuple[Memory, str]:
    """Return the saved state, and a message if the file is damaged and has been renamed."""
    try:
        return _memory_of(_table_in(path), path)
    except FileNotFoundError:
        return Memory(), ""
    except _UNREADABLE as error:
        # The limit to the library is not known any more, so nothing is deleted for its sake.
        return Memory(library=LibraryOptions(limit=0.0)), _set_aside(path, error)


def _table_in(path: Path) -> dict[str, Any]:
    return tomllib.loads(read_regular(path).decode())


def _memory_of(data: Mapping[str, Any], path: Path) -> tuple[Memory, str]:
    """Return the state in a file, and a message if its keys are damaged; raises one of `_UNREADABLE`."""
    window = data["window"]
    geometry, docks = bytes.fromhex(window["geometry"]), bytes.fromhex(window["layout"])
    layout = Layout.of(geometry, docks, int(window.get("theory_width", 0)))
    keys, complaint = _keys_in(data)
    layout = replace(layout, checksum=window.get("checksum", layout.checksum)).checked()
    return Memory(
        config=from_mapping(data["run"], str(path)),
        theme=str(window["theme"]),
        language=str(window.get("language", "system")),
        layout=layout,
        smooth=bool(window.get("smooth", True)),
        predict=bool(window.get("predict", True)),
        large_type=bool(window.get("large_type", False)),
        large_controls=bool(window.get("large_controls", False)),
        display=options_from(data.get("display"), DisplaySettings()),
        views={**_views_of_old_file(data), **data.get("views", {})},
        colors=colors_from_mapping(data.get("colors", {})),
        library=options_from(data.get("library", {}), LibraryOptions()),
        figure=options_from(data.get("figure", {}), FigureChoices()),
        picture=options_from(data.get("picture", {}), PictureChoices()),
        film=options_from(data.get("film", {}), FilmChoices()),
        export=options_from(data.get("export", {}), ExportChoices()),
        hidden_events=frozenset(map(str, window.get("hidden_events", ()))),
        keys=keys,
        speeds={str(kind): float(speed) for kind, speed in data.get("speeds", {}).items()},
    ), complaint


def save_memory(path: Path, memory: Memory, before: Memory | None = None) -> None:
    """Save the state; a crash while writing leaves the old file intact.

    Parameters
    ----------
    path : Path
        The file.
    memory : Memory
        The state of this window.
    before : Memory, optional
        What this window saved last, or began with. What it has not changed since stays as the file has it:
        another window may have saved that.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    data = _table_of(memory)
    if before is not None:
        data = merged_settings(_table_of(before), data, _valid_table_in(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, tomli_w.dumps(data).encode())


def _table_of(memory: Memory) -> dict[str, Any]:
    """Return the state as the file has it."""
    return {
        "window": {
            "theme": memory.theme,
            "language": memory.language,
            "geometry": memory.layout.geometry.hex(),
            "layout": memory.layout.docks.hex(),
            "checksum": memory.layout.checksum,
            "theory_width": memory.layout.theory_width,
            "smooth": memory.smooth,
            "hidden_events": sorted(memory.hidden_events),
            "predict": memory.predict,
            "large_type": memory.large_type,
            "large_controls": memory.large_controls,
        },
        "display": table_of(memory.display),
        "views": dict(memory.views),
        "run": to_mapping(memory.config),
        "colors": colors_to_mapping(memory.colors),
        "library": table_of(memory.library),
        "keys": {id_: list(keys) for id_, keys in memory.keys.items()},
        "speeds": dict(memory.speeds),
        "figure": table_of(memory.figure),
        "picture": table_of(memory.picture),
        "film": table_of(memory.film),
        "export": table_of(memory.export),
    }


def _valid_table_in(path: Path) -> dict[str, Any]:
    """Return what the file has; nothing where it is damaged."""
    try:
        data = _table_in(path)
        _memory_of(data, path)
    except _UNREADABLE:
        return {}
    return data


def table_of(options: Struct) -> dict[str, Any]:
    """Return options as a table for a file.

    TOML cannot represent None, so an option that is None is omitted: None must be its default.
    """
    values = msgspec.to_builtins(options, order="sorted")
    return {name: value for name, value in values.items() if value is not None}


def options_from(table: object, default: Options) -> Options:
    """Return the options in a table of a file, or ``default`` if one of its values is not valid.

    Missing options have their defaults and unknown ones are ignored: the file may be of another version.
    """
    try:
        return msgspec.convert(table, type(default))
    except msgspec.ValidationError:
        return default


def _views_of_old_file(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of views in the older file format, without a table for each view."""
    old = {"features": data.get("show"), "curves": data["window"].get("curves")}
    return {view_id: table for view_id, table in old.items() if table is not None}


def _keys_in(data: Mapping[str, Any]) -> tuple[dict[str, Keys], str]:
    """Return the keys in the file, and a message where they are damaged: none, so that all have the usual."""
    try:
        return keys_from(data.get("keys", {})), ""
    except ValueError as error:
        sentence = _("The saved keyboard shortcuts cannot be read ({error}). The usual keys are used.")
        return {}, sentence.format(error=error)


def _set_aside(path: Path, error: Exception) -> str:
    aside = set_aside(path)
    if aside is None:
        sentence = _("The saved settings in {path} cannot be read ({error}). Starting with the defaults.")
        return sentence.format(path=path, error=showable(error))
    sentence = _(
        "The saved settings cannot be read ({error}). They were renamed to {aside}. Until you set a limit in "
        "Runs, no recordings are deleted."
    )
    return sentence.format(error=showable(error), aside=aside)
