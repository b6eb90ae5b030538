"""FigureLook: what a person has chosen to see in a pane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from explorer.analysis.forces.force_frame import ForceFrame
from explorer.analysis.frames.selection import Rows
from explorer.gui.run_pane import RunPane
from explorer.gui.state.view_state import DisplaySettings


class FigureLook(Struct, frozen=True, eq=False):
    """What a person has chosen to see in a pane: it looks the same in the figure.

    Attributes
    ----------
    options : mapping of str to table
        The options of the views by their ids, as `RunPane.option_tables` returns them.
    display : DisplaySettings
        Hidden classes, and what colours stand for.
    selection : Rows
        Rows of the selected images.
    looks : mapping of str to tuple
        The zoom and the like of the views by their ids, see `View.look`.
    forces : mapping of str to ForceFrame
        The forces that the views show, by their ids: of the frame after ``step`` steps.
    """

    options: Mapping[str, dict[str, Any]] = {}
    display: DisplaySettings = DisplaySettings()
    selection: Rows | None = None
    looks: Mapping[str, tuple[Any, ...]] = {}
    forces: Mapping[str, ForceFrame] = {}
    step: int = -1

    @classmethod
    def of(cls, pane: RunPane) -> FigureLook:
        """Return what a pane shows."""
        shown = {view_id: view.forces_shown for view_id, view in pane.views.items()}
        return cls(
            pane.option_tables(),
            pane.state.display,
            pane.state.selection.rows,
            {view_id: view.look for view_id, view in pane.views.items()},
            {view_id: forces for view_id, forces in shown.items() if forces is not None},
            -1 if pane.run.snapshot is None else pane.run.snapshot.step,
        )
