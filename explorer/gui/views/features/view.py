"""FeaturesView: the features of the images in the plane or in space."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from explorer.analysis.forces.force_frame import ForceFrame
from explorer.analysis.frames.history import History
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.statistics.drawn_digit import DrawnDigit
from explorer.core.texts import N_
from explorer.gui.commands.keys import pressed
from explorer.gui.plots.empty_state import StartHint, style_empty_state
from explorer.gui.session.images import ImageStore
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.content import Content, FeatureOptions, FeatureTool
from explorer.gui.views.features.forces.presenter import ForceOverlay
from explorer.gui.views.features.framing import Framing, Need
from explorer.gui.views.features.page import FeaturePage
from explorer.gui.views.features.plane.plot import PlanePlot
from explorer.gui.views.features.pointer import DigitMark, FeaturePointer
from explorer.gui.views.features.projection.presenter import ProjectionPresenter
from explorer.gui.views.features.selecting import FeatureSelecting
from explorer.gui.views.features.source import FeatureSource
from explorer.gui.views.features.space.canvas import SpaceCanvas
from explorer.gui.views.features.texts import content_texts, moment_texts, start_text
from explorer.gui.views.view import SymbolMark, View


class FeaturesView(View[FeatureOptions]):
    """Points over decision regions, with class weights, centres and labels; coloured as `ViewState` says.

    Without a state or images it makes its own. ``canvas`` is the part with the plots, for what covers them.

    Signals
    -------
    framingChanged()
        The person has moved or reset the view: see `framing`.
    needChanged()
        The data need other axes: see `need`.
    dimensionRequested(int)
        The features should have this many dimensions.
    """

    title = N_("Features")
    framingChanged = Signal()
    needChanged = Signal()
    dimensionRequested = Signal(int)

    def __init__(
        self,
        theme: Theme,
        state: ViewState | None = None,
        images: ImageStore | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, FeatureOptions(), parent)
        self.state, self.images = state or ViewState(self), images or ImageStore(self)
        self.plane, self.space = PlanePlot(theme), SpaceCanvas(theme)
        self._empty_state, self._source = StartHint(start_text()), FeatureSource(self.state)
        self._content: Content | None = None
        self._told_seconds, self._told_need = 0.0, Need()
        self._page = page = FeaturePage(theme, self.plane, self.space)
        self.canvas, self.switches, self.bar, self.start = page.canvas, page.switches, page.bar, page.start
        self.pointer = FeaturePointer((self.plane, self.space), page.canvas, theme, self.images)
        self.selecting = FeatureSelecting((self.plane.viewport(), self.space), theme, self)
        self.projections = ProjectionPresenter(self, self.plane, page.projection, self._source.projector)
        self.framed = (self.plane, self.space, self.projections)
        self.force_bar, self._digit = page.forces, DigitMark(self.plane, self.space)
        self.force_overlay = ForceOverlay(self.plane, self.space, page.forces, self.state)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty_state)
        self._pages.addWidget(page)
        self._wire()

    def set_options(self, options: FeatureOptions) -> None:
        """Use these options."""
        before = self.options
        self.space.set_perspective(options.perspective)
        if options.turntable != before.turntable:
            self.space.turntable.set_on(options.turntable)
        if options.tool != before.tool:
            self.selecting.set_tool(options.tool)
        super().set_options(options)

    def set_snapshot(self, snapshot: Snapshot | None, history: History) -> None:
        """Show a frame; for another set of images, or no run, the view is reset."""
        before = self.snapshot
        if snapshot is None or before is None or before.probe is not snapshot.probe:
            self._content = None
            self.selecting.forget()
            self.projections.forget()
        self.pass_over(snapshot)
        super().set_snapshot(snapshot, history)

    def pass_over(self, snapshot: Snapshot | None) -> None:
        """Take a frame that is passed over into the trails."""
        self._source.note(snapshot)
        self.projections.note_frame(snapshot)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of another theme."""
        self.pointer.card.set_theme(theme)
        self.selecting.set_theme(theme)
        super().set_theme(theme)

    def set_smooth(self, smooth: bool) -> None:
        """Animate changes, or show them at once: then nothing turns by itself until that is asked."""
        super().set_smooth(smooth)
        if not smooth and (self.options.turntable or self.options.touring):
            self.optionsRequested.emit(replace(self.options, turntable=False, touring=False))

    def set_drawn_digit(
        self,
        digit: DrawnDigit | None,
        complaint: str = "",  # noqa: ARG002  # for the view that shows the drawing
    ) -> None:
        """Mark the feature of the drawn digit with its prediction; None removes the mark."""
        self._digit.set_digit(digit)
        self._digit.show_content(self._content)

    def set_forces(self, forces: ForceFrame | None, complaint: str = "") -> None:
        """Draw forces over the points, where the option is on; or say why there are none."""
        self.force_overlay.set_forces(forces, complaint)
        self._stale |= not self.drawable

    @property
    def forces_shown(self) -> ForceFrame | None:
        """The forces that are drawn as arrows."""
        return self.force_overlay.known.frame

    def reset_view(self) -> None:
        """Fit the view to all points, and arrows to the forces on them."""
        self.plane.reset_view()
        self.space.reset_view()
        self.force_overlay.rescale()
        self._on_plot_moved()

    @property
    def framing(self) -> Framing:
        """What the person chose to see."""
        return Framing(self.plane.held, replace(self.space.camera, perspective=True))

    def set_framing(self, framing: Framing) -> None:
        """See what was chosen in another view."""
        self.plane.hold(framing.range)
        self.space.set_camera(replace(framing.camera, perspective=self.options.perspective))
        self._show_caption()

    @property
    def need(self) -> Need:
        """What the data need to be seen whole, in the plot that is shown."""
        return Need(self.plane.need) if self._plot is self.plane else Need(extent=self.space.extent.need)

    def set_least(self, least: Need) -> None:
        """See at least this much, while the axes are fitted to the data."""
        self.plane.set_least_range(least.plane)
        self.space.set_least_extent(least.extent)

    def mark(self, mark: SymbolMark) -> None:
        """Emphasise the feature of a sample, its angle, or the weight or centre of its class."""
        self.plane.set_mark(mark)
        self.pointer.point_out(mark.row if mark.place else self.state.hovered)

    def cancel_gesture(self) -> bool:
        """Cancel the lasso or rectangle being drawn; return whether there was one."""
        return self.selecting.cancel()

    def draw(self) -> None:
        """Show snapshot, options and shared state, in the colours of the theme."""
        snapshot = self.snapshot
        if snapshot is None:
            style_empty_state(self._empty_state, self.theme)
            self._pages.setCurrentIndex(0)
            return
        before = self._content
        self._content = content = self._source.content(snapshot, self.theme, self.options)
        plot, probe = self._plot, snapshot.probe
        if before is None or before.normalized != content.normalized:
            plot.forget()
        self._show(content, plot)
        self.projections.show_content(content, self.options, self.theme)
        self._page.plots.setCurrentWidget(plot)
        self._pages.setCurrentIndex(1)
        self.switches.apply_theme(self.theme)
        self.switches.show_state(snapshot.features.shape[1], normalized=self.options.normalized)
        self.bar.show_state(self.state, self.options, self.theme, probe.num_classes, probe.unseen, probe)
        self._show_caption()
        self._tell_need()
        self.pointer.refresh()
        self.force_overlay.show_content(content, self.theme, self.options)

    def finish_content(self) -> None:
        """Wait for regions and density, or for the sphere, and complete the legend."""
        self.bar.finish_classes()
        self._plot.finish_content()

    def take_background_seconds(self) -> float:
        """Return the CPU time in seconds of background threads since the last call."""
        before = self._told_seconds
        self._told_seconds = self.plane.background_seconds + self.space.sphere.background.seconds
        return self._told_seconds - before

    def focusInEvent(self, _event: QFocusEvent) -> None:
        """Give the focus to the plot, which is there once there is a frame."""
        if self._plot.isVisible():
            self._plot.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cancel the lasso, or clear the selection."""
        if pressed(event, "features") != "features.cancel":
            super().keyPressEvent(event)
        elif not self.cancel_gesture():
            self.selecting.request_none()

    def _wire(self) -> None:
        self.selecting.selectionRequested.connect(self.selectionRequested)
        self.selecting.begun.connect(self.pointer.leave)
        self.projections.turned.connect(self._on_projection_turned)
        self._page.projection.optionsRequested.connect(self.optionsRequested)
        self.force_overlay.wished.connect(self.forcesRequested)
        self.force_bar.optionsRequested.connect(self.optionsRequested)
        self.pointer.hovered.connect(self.hoverRequested)
        self.plane.viewMoved.connect(self._on_plot_moved)
        self.space.cameraChanged.connect(self._on_plot_moved)
        self.bar.toolRequested.connect(self._on_tool_requested)
        self.switches.dimensionRequested.connect(self.dimensionRequested)
        self.switches.normalizedRequested.connect(self._on_normalized_requested)
        self.bar.selectionClearRequested.connect(self.selecting.request_none)
        self.bar.request_through(self)
        self.state.selectionChanged.connect(self.refresh)
        self.state.displayChanged.connect(self.refresh)
        self.state.hoverChanged.connect(self.pointer.point_out)

    def _show(self, content: Content, plot: PlanePlot | SpaceCanvas) -> None:
        self.pointer.show_content(content)
        self.selecting.show_content(content, plot)
        plot.show_content(content, self.theme, self.options)
        self._digit.show_content(content)

    @property
    def _plot(self) -> PlanePlot | SpaceCanvas:
        """The plot with as many dimensions as the content."""
        content = self._content
        return self.plane if content is None or content.points.shape[1] == 2 else self.space

    def _show_caption(self) -> None:
        if self._content is not None:
            held = self.plane.holds(self.options) if self._plot is self.plane else not self.options.follow
            moment = moment_texts(self._content.snapshot, held=held)
            self._page.caption.show_texts(self.theme, content_texts(self._content, self.options), moment)

    def _on_plot_moved(self) -> None:
        self._show_caption()
        self._tell_need()
        self.force_overlay.refresh()
        self.framingChanged.emit()

    def _tell_need(self) -> None:
        before, self._told_need = self._told_need, self.need
        if self._told_need != before:
            self.needChanged.emit()

    def _on_projection_turned(self, content: Content) -> None:
        """Paint the content in another projection at once, so that its cost is known."""
        self._content = content
        self._show(content, self._plot)
        self.force_overlay.show_content(content, self.theme, self.options)
        self._show_caption()
        self._plot.paint_now()

    def _on_tool_requested(self, tool: FeatureTool) -> None:
        self.optionsRequested.emit(replace(self.options, tool=tool))

    def _on_normalized_requested(self, normalized: bool) -> None:
        self.optionsRequested.emit(replace(self.options, normalized=normalized))
