"""FigureStage: the views of a figure, built anew and laid out at its size."""

from __future__ import annotations

import string
import time
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPoint, Qt
from PySide6.QtGui import QPainter, QTextDocumentFragment
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.texts import _
from explorer.gui.controls.labels import WrappedLabel
from explorer.gui.export.vectors import Drawing
from explorer.gui.figures.figure import Figure
from explorer.gui.figures.left_out import LeftOut
from explorer.gui.figures.look import FigureLook
from explorer.gui.figures.plain_view import Cell, Words, hide_controls, without_lists
from explorer.gui.figures.still_run import StillRun, figure_caption, frames_before
from explorer.gui.plots.ranges import only_wider
from explorer.gui.reproduction.settings_text import settings_text
from explorer.gui.run_pane import RunPane
from explorer.gui.session.run_source import RunSource
from explorer.gui.theme.style_sheet import style_sheet
from explorer.gui.theme.theme import Theme, palette
from explorer.gui.views.registry import VIEWS, ViewSpec
from explorer.gui.views.view import View

_MARGIN, _GAP = 8, 6
_SHEET = (
    "FigureStage, QHeaderView, QHeaderView::section"
    "{{ background: rgb{plot}; color: rgb{text}; border: none; }}"
    "QHeaderView::section {{ border-bottom: 1px solid rgb{line}; }}"
    "QSplitter::handle {{ image: none; background: transparent; }}"
)
"""The ground of the figure; and headers of tables without a gradient, which a PDF cannot have."""
_LAYOUTS = 4
"""Most layouts within each other that a change goes through."""
_WAIT = 0.005
_IMAGES_SECONDS = 20.0
"""Longest wait in seconds for the images of a data set."""


class FigureStage(QWidget):
    """Lays out the views of a figure, without what a person operates; it is never on the screen.

    The window and the command line draw a figure with it, so that both give the same picture.

    Parameters
    ----------
    source : RunSource
        The run; its present frame is shown.
    figure : Figure
        What to show, and how large.
    theme : Theme
        The colours, with those of the classes.
    look : FigureLook
        What was chosen in the views.
    specs : tuple of ViewSpec
        The views that there are.

    Attributes
    ----------
    title : str
        What the figure shows, as one line.
    """

    def __init__(
        self,
        source: RunSource,
        figure: Figure,
        theme: Theme,
        look: FigureLook,
        specs: tuple[ViewSpec, ...] = VIEWS,
    ) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.figure, self.theme = figure, theme
        self.title = ""
        self._shown: Snapshot | None = None
        self._look = look
        self._still = StillRun(source, self)
        chosen = tuple(spec for spec in specs if spec.group == "central" or spec.id in figure.views)
        self.pane = RunPane(self._still, theme, chosen, self)
        self.pane.clock.set_smooth(False)
        self.pane.clock.stop()  # the views are drawn here, at once
        self.pane.restore_options(look.options)
        self.pane.state.set_display(look.display)
        if look.selection is not None:
            self.pane.state.select(look.selection)
        self._caption = WrappedLabel()
        self._caption.setTextFormat(Qt.TextFormat.RichText)
        self._words: list[Words] = []
        self._left_out: list[LeftOut] = []
        self._lay_out()
        for view_id in figure.views:
            self.pane.views[view_id].restore_look(look.looks.get(view_id, ()))
        self.set_theme(theme)
        self.resize(figure.width, figure.height)
        if self.has_trails:
            self.pass_over(frames_before(source))
        self.show()
        self.show_frame(self._still.snapshot)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of another theme, whatever that of the application is."""
        self.theme = theme
        self.setStyleSheet(
            style_sheet(theme) + _SHEET.format(plot=theme.plot, text=theme.text, line=theme.line)
        )
        colors = palette(theme)
        for widget in (self, *self.findChildren(QWidget)):
            widget.setPalette(colors)  # under a style sheet, none comes from the widget around it
        self.pane.set_theme(theme)
        self.settle()

    def show_frame(self, snapshot: Snapshot | None) -> None:
        """Show a frame of the same run, and wait until the views have drawn all of it.

        Axes that do not have to become wider keep still.
        """
        self._shown = snapshot
        if snapshot is not None:
            words = figure_caption(snapshot)
            self._caption.setText(words)
            self.title = QTextDocumentFragment.fromHtml(words).toPlainText()
        with only_wider():
            self._draw(snapshot)
            self.settle()

    def make_room(self, snapshot: Snapshot) -> None:
        """Make axes and caption large enough for a frame that is shown later."""
        self._caption.setText(figure_caption(snapshot))
        needed = self._caption.heightForWidth(self.figure.width)
        self._caption.setMinimumHeight(max(self._caption.minimumHeight(), needed))
        with only_wider():
            self._draw(snapshot)

    @property
    def has_trails(self) -> bool:
        """Whether it shows where images came from."""
        return self.pane.state.selection.count > 0

    def pass_over(self, snapshots: Iterable[Snapshot]) -> None:
        """Take frames that are passed over, the oldest first, for trails."""
        for snapshot in snapshots:
            self.pane.primary.pass_over(snapshot)

    def paint_on(self, painter: QPainter) -> None:
        """Paint the figure at the origin, in logical pixels."""
        self.render(painter, QPoint())

    @property
    def drawing(self) -> Drawing:
        """The figure for a vector picture."""
        figure = self.figure
        return Drawing(
            paint=self.paint_on,
            width=figure.width,
            height=figure.height,
            dpi=figure.dpi,
            scale=figure.scale,
            most_discs=figure.most_discs,
            title=self.title,
            settings=self.settings,
        )

    def end(self) -> None:
        """Let go of the views, also of one that the figure does not show."""
        self.pane.close()
        self.hide()
        self.deleteLater()
        self.pane.primary.deleteLater()

    def _draw(self, snapshot: Snapshot | None) -> None:
        for view in self._views:
            view.set_snapshot(snapshot, self._still.history)
        step = self._look.step
        known = snapshot is not None and not snapshot.partway and snapshot.step == step
        other = _("Forces are available for step {step:,} only.").format(step=step)
        for view_id, forces in self._look.forces.items():
            if view_id in self.pane.views:
                self.pane.views[view_id].set_forces(forces if known else None, "" if known else other)

    @property
    def settings(self) -> str:
        """The settings of the run as a text that can be opened; empty without a frame."""
        shown = self._shown
        return "" if shown is None else settings_text(shown, self._still.origin(shown))

    @property
    def _views(self) -> list[View[Any]]:
        return [self.pane.views[view_id] for view_id in self.figure.views]

    def _lay_out(self) -> None:
        whole, grid = QVBoxLayout(self), QGridLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)  # the figure says how large it is
        grid.setSpacing(_GAP)
        if self.figure.caption:
            self._caption.setContentsMargins(_MARGIN, _GAP, _MARGIN, 0)
            whole.addWidget(self._caption)
        whole.addLayout(grid, 1)
        lettered = self.figure.letters and len(self._views) > 1
        for number, view in enumerate(self._views):
            row, column = divmod(number, self.figure.columns)
            grid.addWidget(self._cell(view, string.ascii_lowercase[number] if lettered else ""), row, column)
            grid.setRowStretch(row, 1)
            grid.setColumnStretch(column, 1)

    def _cell(self, view: View[Any], letter: str) -> QWidget:
        self._words += without_lists(view)
        cell = Cell()
        layout = QVBoxLayout(cell)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        if letter:
            label = QLabel(f"<b>{letter}</b>")
            label.setContentsMargins(_MARGIN, 0, 0, 0)
            layout.addWidget(label)
        layout.addWidget(view, 1)
        self._left_out.append(LeftOut(view))
        layout.addWidget(self._left_out[-1])
        return cell

    def settle(self) -> None:
        """Let Qt lay out and the views compute what they need, images of the data set included."""
        until = time.monotonic() + _IMAGES_SECONDS
        self._place()
        while self.pane.images.reading and time.monotonic() < until:
            time.sleep(_WAIT)
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        self._place()

    def _place(self) -> None:
        """Lay out anew: what is hidden leaves its room to the rest, which is computed for that."""
        for words in self._words:
            words.renew()
        for view in self._views:
            hide_controls(view)
        self._lay_out_again()
        for note in self._left_out:
            note.give_room()
        for _time in range(2):  # the words about rows that are left out take room themselves
            self._lay_out_again()
            for note in self._left_out:
                note.renew()
        for view in self._views:
            view.finish_content()

    def _lay_out_again(self) -> None:
        for _time in range(_LAYOUTS):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall)  # new parts are shown by one
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
