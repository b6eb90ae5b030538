"""CompareState: what a comparison shows, as plain values that can be kept and restored."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

LEAST_RUNS, MOST_RUNS = 2, 4
"""How many runs can be looked at side by side."""

LinkUnit = Literal["step", "epoch", "images"]
"""By what two moments of different runs count as the same."""
Link = Literal["timeline", "axes", "selection", "classes", "views"]


class Links(Struct, frozen=True, omit_defaults=True):
    """What the runs of a comparison share.

    ``timeline``: the moment that is shown; ``axes``: the axes in the plane, the camera in space;
    ``selection``: selected images and the one under the pointer; ``classes``: hidden classes and the meaning
    of the colours; ``views``: what the views show besides.
    """

    timeline: bool = True
    axes: bool = True
    selection: bool = True
    classes: bool = True
    views: bool = True


class RunState(Struct, frozen=True, omit_defaults=True):
    """A run of a comparison.

    Parameters
    ----------
    file : str
        Path of its recording, empty where there is none yet.
    config : mapping, optional
        Its settings by section, as `explorer.core.settings.files.to_mapping` returns them; None for a
        recording, which has its own.
    window : bool
        Whether it is the run of the main window, which is kept with that window.
    """

    file: str = ""
    config: dict[str, Any] | None = None
    window: bool = False


class CompareState(Struct, frozen=True, omit_defaults=True):
    """A comparison.

    Parameters
    ----------
    runs : tuple of RunState
        From left to right, and from top to bottom.
    links : Links
        What they share.
    unit : LinkUnit
        By what their timelines are linked.
    second : str
        Id of the view below the features, empty for none.
    position : float, optional
        The moment that is shown, in ``unit``; None for the newest.
    table : bool
        Whether the table of figures is open.
    """

    runs: tuple[RunState, ...] = ()
    links: Links = Links()
    unit: LinkUnit = "step"
    second: str = ""
    position: float | None = None
    table: bool = True
