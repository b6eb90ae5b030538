"""RunPane: one run with its views, and what these share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from explorer.analysis.forces.force_frame import ForceFrame, ForceWish
from explorer.analysis.frames.selection import Rows, SelectionMode
from explorer.core.texts import N_, _
from explorer.gui.drawing.display_clock import DisplayClock
from explorer.gui.drawing.drawing_scheduler import DrawingScheduler
from explorer.gui.drawing.last_pictures import LastPictures
from explorer.gui.memory.window_memory import options_from, table_of
from explorer.gui.session.images import ImageStore
from explorer.gui.session.run_source import RunSource
from explorer.gui.state.view_state import NO_ROW, ViewState
from explorer.gui.theme.theme import Theme
from explorer.gui.views.registry import VIEWS, ViewContext, ViewSpec
from explorer.gui.views.view import View

_NO_NETWORK = N_("Drawings can be evaluated only on the newest frame of a live run.")
_NO_FORCES = N_(
    "Forces are computed by the network, so only for the newest frame of a live run. Continue from here "
    "to make this frame the newest."
)
AnyView = TypeVar("AnyView", bound=View[Any])


class RunPane(QObject):
    """Builds the views of a run, hands its frames to them, and answers what they request.

    Nothing here or in a view belongs to a module, so that a process may have several panes.

    Parameters
    ----------
    run : RunSource
        The run that is shown, live or recorded.
    theme : Theme
        The colours to begin with.
    specs : sequence of ViewSpec
        The views to build, exactly one of them in the group "central".
    scheduler : DrawingScheduler, optional
        Draws the views; the panes of a window share one, and with it the allowance of processor time.

    Signals
    -------
    optionsChanged(str)
        The view of this id has other options.

    Attributes
    ----------
    views : mapping of str to View
        The views by their ids, in the order of ``specs``.
    primary : View
        The one in the middle of the window.
    """

    optionsChanged = Signal(str)

    def __init__(
        self,
        run: RunSource,
        theme: Theme,
        specs: Sequence[ViewSpec] = VIEWS,
        parent: QObject | None = None,
        *,
        scheduler: DrawingScheduler | None = None,
    ) -> None:
        super().__init__(parent)
        self.run = run
        self.specs = tuple(specs)
        self.state = ViewState(self)
        self.images = ImageStore(self)
        self._theme = theme
        self._views = {spec.id: self._build(spec) for spec in specs}
        self.views: Mapping[str, View[Any]] = MappingProxyType(self._views)
        (primary,) = (spec.id for spec in specs if spec.group == "central")
        self.primary = self.views[primary]
        others = [view for view in self.views.values() if view is not self.primary]
        self.clock = DisplayClock(self.primary, others, self, scheduler=scheduler)
        self.last_pictures = LastPictures()
        self._can_embed = run.can_embed
        self._asker = object()  # several panes of one run share its queries
        self._foreign_options: dict[str, dict[str, Any]] = {}
        self._connect_signals()
        self._on_config_changed()
        self._on_run_state_changed()
        self._on_snapshot_changed()  # a recording has all its frames already
        for view in self.views.values():
            self._show_network_in(view)

    def view(self, kind: type[AnyView]) -> AnyView:
        """Return the view of this class.

        Raises
        ------
        LookupError
            Where the pane has none.
        """
        for view in self.views.values():
            if isinstance(view, kind):
                return view
        raise LookupError(kind.__name__)

    def add_view(self, spec: ViewSpec) -> View[Any]:
        """Build one more view, and return it; it shows the frame at once, or when it is shown."""
        view = self._views[spec.id] = self._build(spec)
        self.specs = (*self.specs, spec)
        self._connect_view(spec.id, view)
        view.set_config(self.run.config)
        self._show_network_in(view)
        self.clock.add(view)
        return view

    def remove_view(self, view_id: str) -> None:
        """Delete a view other than the primary one; `option_tables` still has its options."""
        view = self._views.pop(view_id)
        self._foreign_options[view_id] = table_of(view.options)
        self.specs = tuple(spec for spec in self.specs if spec.id != view_id)
        self.clock.remove(view)
        self.last_pictures.forget(view)
        view.hide()
        view.deleteLater()

    def set_options(self, view_id: str, options: Struct) -> None:
        """Give the view of this id other options."""
        view = self.views[view_id]
        if options != view.options:
            view.set_options(options)
            self.optionsChanged.emit(view_id)

    def option_tables(self) -> dict[str, dict[str, Any]]:
        """Return the options of every view by its id, as tables for a file; also those of views it lacks."""
        own = {view_id: table_of(view.options) for view_id, view in self.views.items()}
        return {**self._foreign_options, **own}

    def restore_options(self, tables: Mapping[str, dict[str, Any]]) -> None:
        """Take what `option_tables` returned; a table that does not fit gives its view the defaults."""
        self._foreign_options = dict(tables)
        for view_id, view in self.views.items():
            if view_id in tables:
                self.set_options(view_id, options_from(tables[view_id], type(view.options)()))

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of another theme in every view."""
        self._theme = theme
        for view in self.views.values():
            view.set_theme(theme)

    def clear_selection(self) -> None:
        """Cancel what is being drawn to select images, or else select none."""
        if not any(view.cancel_gesture() for view in self.views.values()):
            self.state.clear_selection()

    def reset_views(self) -> None:
        """Return every view to where looking at a run begins."""
        for view in self.views.values():
            view.reset_view()

    def close(self) -> None:
        """Draw nothing more, and wait for nothing."""
        self.clock.stop()
        self.images.stop()

    def _build(self, spec: ViewSpec) -> View[Any]:
        return spec.build(ViewContext(self._theme, self.state, self.images))

    def _connect_view(self, view_id: str, view: View[Any]) -> None:
        state = self.state
        view.optionsRequested.connect(partial(self.set_options, view_id))
        view.selectionRequested.connect(partial(self._on_selection_requested, view_id))
        view.hoverRequested.connect(partial(self._on_hover_requested, view_id))
        view.classToggleRequested.connect(state.toggle_class)
        view.classIsolationRequested.connect(state.isolate_class)
        view.allClassesRequested.connect(state.show_all_classes)
        view.colorModeRequested.connect(state.set_color_mode)
        view.pairRequested.connect(self._on_pair_requested)
        if self.run.embed_queries is not None:
            view.embeddingRequested.connect(self.run.embed_queries.set_image)
        view.forcesRequested.connect(partial(self._on_forces_requested, view_id))

    def _connect_signals(self) -> None:
        run = self.run
        for view_id, view in self.views.items():
            self._connect_view(view_id, view)
        self.clock.newestShown.connect(self.last_pictures.drop_drawn)
        run.configChanged.connect(self._on_config_changed)
        run.snapshotChanged.connect(self._on_snapshot_changed)
        run.stateChanged.connect(self._on_run_state_changed)
        if run.embed_queries is not None:
            run.embed_queries.digitChanged.connect(self._show_digit)
        if run.force_queries is not None:
            run.force_queries.answered.connect(self._on_forces_answered)
            run.force_queries.refused.connect(self._on_forces_refused)

    def _on_config_changed(self) -> None:
        for view in self.views.values():
            view.set_config(self.run.config)

    def _on_snapshot_changed(self) -> None:
        snapshot = self.run.snapshot
        if snapshot is None and self.run.starting:
            self.last_pictures.keep(self.views.values())
        self.state.set_probe(None if snapshot is None else snapshot.probe)
        self.clock.show(snapshot, self.run.history)
        self.last_pictures.drop_drawn()

    def _on_run_state_changed(self) -> None:
        run = self.run
        if not run.starting:
            self.last_pictures.drop()
        for view in self.views.values():
            view.set_starting(run.starting)
        self.clock.set_training(run.training, run.threads, browsing=not (run.training or run.can_train))
        if self._can_embed != run.can_embed:
            self._can_embed = run.can_embed
            for view in self.views.values():
                self._show_network_in(view)

    def _show_digit(self) -> None:
        """Show where the drawn digit lands, or why that is not known."""
        for view in self.views.values():
            self._show_digit_in(view)

    def _show_digit_in(self, view: View[Any]) -> None:
        queries = self.run.embed_queries
        if queries is not None and self._can_embed:
            view.set_drawn_digit(queries.digit, queries.complaint)
        else:
            view.set_drawn_digit(None, _(_NO_NETWORK))

    def _on_selection_requested(self, view_id: str, rows: Rows, mode: SelectionMode) -> None:
        if self._shows_current_images(view_id):
            self.state.select(rows, mode)

    def _on_hover_requested(self, view_id: str, row: int) -> None:
        if row == NO_ROW or self._shows_current_images(view_id):
            self.state.set_hovered(row)

    def _shows_current_images(self, view_id: str) -> bool:
        """Return whether rows of a view are those of the run: it is drawn a moment after a new run begins."""
        snapshot = self.views[view_id].snapshot
        return snapshot is not None and snapshot.probe is self.state.probe

    def _show_network_in(self, view: View[Any]) -> None:
        """Show the drawn digit, and let forces be asked for, or say why there are none."""
        self._show_digit_in(view)
        view.set_forces(None, "" if self._can_embed else _(_NO_FORCES))

    def _on_forces_requested(self, view_id: str, wish: ForceWish) -> None:
        """Ask the network, where there is one behind the frame."""
        if self.run.force_queries is not None and self._can_embed:
            self.run.force_queries.ask((self._asker, view_id), wish)

    def _on_forces_answered(self, key: tuple[object, str], forces: ForceFrame) -> None:
        asker, view_id = key
        if asker is self._asker and view_id in self.views and self._can_embed:
            self.views[view_id].set_forces(forces)

    def _on_forces_refused(self, key: tuple[object, str], complaint: str) -> None:
        asker, view_id = key
        if asker is self._asker and view_id in self.views:
            self.views[view_id].set_forces(None, complaint)

    def _on_pair_requested(self, first: int, second: int) -> None:
        for view in self.views.values():
            view.compare(first, second)
