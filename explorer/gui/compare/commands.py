"""The keys of the comparison window: those of the main window, acting on all runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explorer.core.texts import N_
from explorer.gui.commands.command import Command
from explorer.gui.commands.plot_commands import plot_command
from explorer.gui.commands.timeline_commands import MOVES
from explorer.gui.timeline.state import target

if TYPE_CHECKING:
    from explorer.gui.compare.window import CompareWindow


def compare_commands() -> tuple[Command[CompareWindow], ...]:
    """Return the commands of the window."""
    return (
        Command(
            id="compare.toggle",
            text=N_("Start/Pause all"),
            tip=N_("Start or pause all runs. Where all are recordings, play or pause them."),
            shortcuts=("Space",),
            calls=lambda window: window.session.toggle(),
        ),
        Command(
            id="compare.restart",
            text=N_("Restart all"),
            tip=N_("Restart all live runs from step 0 with the same seeds."),
            shortcuts=("Ctrl+R",),
            calls=lambda window: window.session.restart(),
        ),
        Command(
            id="compare.play",
            text=N_("Play/Pause"),
            tip=N_("Play the frames of all runs, or pause."),
            shortcuts=("Shift+Space",),
            calls=lambda window: window.session.timeline.playback.toggle(),
        ),
        Command(
            id="compare.loop",
            text=N_("Loop"),
            tip=N_("Play the frames again and again."),
            calls=lambda window: window.toggle_loop(),
            checked=lambda window: window.session.timeline.playback.loop,
        ),
        Command(
            id="compare.live",
            text=N_("Newest frames"),
            tip=N_("Show the newest frame of all runs."),
            shortcuts=("Ctrl+L",),
            calls=lambda window: window.session.timeline.follow(),
        ),
        Command(
            id="compare.reset",
            text=N_("Reset all views"),
            tip=N_("Show all data in every view."),
            shortcuts=("R", "Shift+R"),
            calls=lambda window: window.panes.reset_views(),
        ),
        Command(
            id="compare.clear",
            text=N_("Clear selection"),
            tip=N_("Deselect all images, or cancel the lasso being drawn."),
            shortcuts=("Esc",),
            calls=lambda window: window.panes.clear_selection(),
        ),
        Command(
            id="compare.copy",
            text=N_("Copy table"),
            tip=N_("Copy the table of metrics as text, with tabs between the columns."),
            shortcuts=("Ctrl+C",),
            calls=lambda window: window.copy_table(),
        ),
        Command(
            id="compare.close",
            text=N_("Close"),
            tip=N_("Close the comparison. Its runs are kept in the Runs panel."),
            shortcuts=("Ctrl+W",),
            calls=lambda window: window.close(),
        ),
        *(_move(name, key) for name, _text, key, _group in MOVES),
    )


def _move(name: str, key: str) -> Command[CompareWindow]:
    command = plot_command(f"timeline.{name}")

    def move(window: CompareWindow) -> None:
        timeline = window.session.timeline
        index = target(command.id, timeline.state)
        if index is not None:
            timeline.go_to(index)

    return Command(
        id=f"compare.{name}",
        text=command.text,
        tip=command.tip,
        shortcuts=(key,),
        calls=move,
        repeats=True,
    )
