"""What is remembered of a window, and what it shows beyond that, for one that takes its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from explorer.analysis.frames.selection import Rows
from explorer.gui.commands.keymap import keymap
from explorer.gui.memory.window_memory import Memory
from explorer.gui.messages.announcements import Subject

if TYPE_CHECKING:
    from explorer.gui.app import App
    from explorer.gui.compare.state import CompareState
    from explorer.gui.guides.session import GuidePlace
    from explorer.gui.predictions.state import PredictionState


def memory_of(app: App) -> Memory:
    """Return what is remembered of the window of an app."""
    return Memory(
        config=app.run.config,
        theme=app.appearance.name,
        language=app.language.name,
        predict=app.predictions.enabled,
        large_type=app.appearance.large,
        large_controls=app.appearance.large_controls,
        layout=app.window.saved_layout,
        smooth=app.pane.clock.smooth,
        display=app.pane.state.display,
        views=app.pane.option_tables(),
        colors=app.appearance.colors,
        library=app.recorder.options,
        figure=app.pictures.choices,
        picture=app.pictures.picture_choices,
        film=app.pictures.film_choices,
        export=app.data.choices,
        hidden_events=app.viewer.hidden_events,
        keys=keymap().own,
        speeds=app.host.speeds.known,
    )


class WindowLook(Struct, frozen=True, eq=False):
    """What a person has chosen, opened and typed in a window.

    Parameters
    ----------
    views : mapping of str to tuple
        The `View.look` of each view by its id.
    selection : Rows
        The selected rows of the probe set.
    log : str
        Output of the trainer.
    subject : Subject, optional
        What the banner is about.
    expanded : mapping of str to bool
        Which groups of settings are open.
    scrolled : int
        How far the panel of settings is scrolled.
    search : str
        What is searched for among the runs.
    lab : int, optional
        Id of the lab that is shown; None where the labs are closed.
    comparison : CompareState, optional
        What the comparison window shows; None where it is closed.
    prediction : PredictionState
        What is predicted.
    guide : GuidePlace, optional
        The guide that is open, and its step; None where there is none.
    """

    views: Mapping[str, tuple[Any, ...]]
    selection: Rows
    log: str
    subject: Subject | None
    expanded: Mapping[str, bool]
    scrolled: int
    search: str
    lab: str | None
    comparison: CompareState | None
    prediction: PredictionState
    guide: GuidePlace | None

    @classmethod
    def of(cls, app: App) -> WindowLook:
        """Return what the window of an app shows."""
        window, labs = app.window, app.labs.window
        return cls(
            views={view_id: view.look for view_id, view in app.pane.views.items()},
            selection=app.pane.state.selection.rows,
            log=window.log.toPlainText(),
            subject=app.announcements.subject,
            expanded={
                name: group.header.isChecked() for name, group in window.side_panel.settings.groups.items()
            },
            scrolled=window.side_panel.verticalScrollBar().value(),
            search=window.runs.search.text(),
            lab=None if labs is None or not labs.isVisible() else labs.current,
            comparison=app.comparing.state,
            prediction=app.predictions.state,
            guide=app.guides.place,
        )

    def show(self, app: App) -> None:
        """Show it in the window of another app, which shows the same frame."""
        window = app.window
        app.pane.state.select(self.selection)
        for view_id, look in self.views.items():
            app.pane.views[view_id].restore_look(look)
        window.log.setPlainText(self.log)
        app.announcements.show_subject(self.subject)
        for name, expanded in self.expanded.items():
            window.side_panel.settings.groups[name].header.setChecked(expanded)
        window.side_panel.verticalScrollBar().setValue(self.scrolled)
        window.runs.search.setText(self.search)
        if self.lab is not None:
            app.labs.open(self.lab)
        app.predictions.restore(self.prediction)
        if self.comparison is not None:
            app.comparing.restore(self.comparison)
        if self.guide is not None:
            app.guides.resume(self.guide)
