"""Writes the profile of a release, as its window saves it: ``python tests/profiles/make_profile.py``.

Run it once for each release, before its version is raised, and commit what it writes.
"""

from __future__ import annotations

from pathlib import Path

from explorer import __version__
from explorer.analysis.plane.geometry import Rectangle
from explorer.core.settings.config import RunConfig
from explorer.gui.compare.state import CompareState, Links, RunState
from explorer.gui.figures.choices import FigureChoices
from explorer.gui.library.files import LibraryOptions, RunNotes, write_notes
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.memory.window_session import Layout, WindowSession, save_session
from explorer.gui.state.view_state import DisplaySettings
from explorer.gui.theme.palettes import ClassColors
from explorer.gui.views.features.framing import Framing
from explorer.gui.views.features.space.camera import Camera

LAYOUT = Layout.of(bytes(range(40)), bytes(range(200, 256)), 410)
MEMORY = Memory(
    config=RunConfig().replace({"seed": 7, "loss.name": "arcface"}).replace({"loss.margin": 0.25}),
    theme="dark",
    layout=LAYOUT,
    smooth=False,
    display=DisplaySettings("loss", frozenset({2, 7}), 4),
    views={"features": {"normalized": True}, "curves": {"axis": "time"}},
    colors=ClassColors("tol").with_color(4, (1, 2, 3)),
    library=LibraryOptions(limit=5.0),
    language="zh_CN",
    hidden_events=frozenset({"jump"}),
    predict=False,
    large_type=True,
    figure=FigureChoices(height=66.0),
    keys={"run.step": ("Ctrl+J",)},
    speeds={"softmax": 12_000.0},
)
SESSION = WindowSession(
    recording="/runs/a.lossrun",
    step=1200,
    selection=(3, 77),
    framing=Framing(Rectangle(-1.5, -2.0, 3.0, 4.25), Camera(azimuth=0.5, zoom=2.0)),
    compare=CompareState(
        (RunState("/runs/a.lossrun"), RunState("", {"seed": 4})), Links(axes=False), "epoch", position=2.5
    ),
    layout=LAYOUT,
    closed=True,
)
NOTES = RunNotes("Sample", "two\nlines", ("thesis",), pinned=True)


def write(folder: Path) -> None:
    """Write settings, session and the notes on a run into a folder."""
    save_memory(folder / "window.toml", MEMORY)
    save_session(folder / "session-1.json", SESSION)
    write_notes(folder / "a.lossrun", NOTES)


if __name__ == "__main__":
    write(Path(__file__).parent / __version__)
