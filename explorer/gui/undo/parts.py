"""What can be undone: settings, selection, shown classes, zoom and rotation, layout."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.setting_changes import changes_between
from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.settings.config import RunConfig
from explorer.core.texts import _, ngettext
from explorer.gui.layout.arrangement import arrange, arrangement_of
from explorer.gui.state.view_state import DisplaySettings, ViewState

if TYPE_CHECKING:
    from explorer.gui.app import App

_MOST_NAMED = 2
"""Changed settings that are named when they are undone together."""


class Part(Struct, frozen=True, kw_only=True, eq=False):
    """A part of the window whose changes are undone on their own.

    Parameters
    ----------
    read : callable
        Returns its value: immutable, and equal to another one where there is nothing to undo.
    write : callable
        Takes a value that ``read`` returned.
    words : callable
        From the values before and after a change to what changed, in the language in force.
    applies : callable
        Whether a value that ``read`` returned can be taken now.
    """

    read: Callable[[], Any]
    write: Callable[[Any], object]
    words: Callable[[Any, Any], str]
    applies: Callable[[Any], bool] = lambda _value: True


class SelectedRows(Struct, frozen=True, eq=False):
    """Selected rows, packed as int32, of one probe set, which may be gone with its run."""

    probe: weakref.ref[ProbeSet] | None
    rows: bytes

    @classmethod
    def of(cls, state: ViewState) -> SelectedRows:
        """Return what is selected."""
        probe = None if state.probe is None else weakref.ref(state.probe)
        return cls(probe, state.selection.rows.astype(np.int32).tobytes())

    def are_of(self, probe: ProbeSet | None) -> bool:
        """Return whether they are rows of this probe set."""
        return probe is (None if self.probe is None else self.probe())

    def unpacked(self) -> NDArray[np.intp]:
        """Return the rows."""
        return np.frombuffer(self.rows, np.int32).astype(np.intp)

    def __eq__(self, other: object) -> bool:
        """Return whether both are the same rows of the same probe set."""
        return isinstance(other, SelectedRows) and self.probe == other.probe and self.rows == other.rows

    def __hash__(self) -> int:
        """Return a hash of the rows."""
        return hash(self.rows)


def parts_of(app: App) -> dict[str, Part]:
    """Return the parts of a window by their names."""
    run, state, features, window = app.run, app.pane.state, app.features, app.window

    def write_config(config: RunConfig) -> None:
        app.viewer.show_live()
        run.set_config(config)

    return {
        "settings": Part(read=lambda: run.config, write=write_config, words=_settings),
        "selection": Part(
            read=lambda: SelectedRows.of(state),
            write=lambda selected: state.select(selected.unpacked()),
            words=_selection,
            applies=lambda selected: selected.are_of(state.probe),
        ),
        "classes": Part(read=lambda: state.display, write=state.set_display, words=_classes),
        "framing": Part(
            read=lambda: features.framing,
            write=features.set_framing,
            words=lambda _before, _after: _("zoom and rotation"),
        ),
        "layout": Part(
            read=lambda: arrangement_of(window),
            write=lambda arrangement: arrange(window, arrangement),
            words=lambda _before, _after: _("layout of the panels"),
        ),
    }


def _settings(before: RunConfig, after: RunConfig) -> str:
    changes = [str(change.text) for change in changes_between(before, after)]
    more = len(changes) - _MOST_NAMED
    if more > 0:
        rest = ngettext("{count:,} more setting", "{count:,} more settings", more).format(count=more)
        changes = [*changes[:_MOST_NAMED], rest]
    return _(", ").join(changes)


def _selection(_before: SelectedRows, after: SelectedRows) -> str:
    count = len(after.unpacked())
    if not count:
        return _("clearing of the selection")
    return ngettext("selection of {count:,} image", "selection of {count:,} images", count).format(
        count=count
    )


def _classes(before: DisplaySettings, after: DisplaySettings) -> str:
    return _("colour of points") if before.color_mode != after.color_mode else _("shown classes")
