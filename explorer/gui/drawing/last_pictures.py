"""LastPictures: the last picture of each view, dimmed, while a run begins anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from explorer.gui.faults import guarded
from explorer.gui.plots.style import color
from explorer.gui.theme.theme import Theme
from explorer.gui.views.view import View

_OPACITY = 0.35


class LastPictures:
    """Covers views with what they showed, from the end of a run to the first frame of the next."""

    def __init__(self) -> None:
        self._covers: dict[View[Any], _Cover] = {}

    def keep(self, views: Iterable[View[Any]]) -> None:
        """Cover the views in sight that show a frame; they may show nothing from now on."""
        for view in views:
            if view.drawable and view.snapshot is not None and view not in self._covers:
                self._covers[view] = _Cover(view, view.theme)

    def drop(self) -> None:
        """Uncover all views."""
        for view in list(self._covers):
            self._uncover(view)

    def drop_drawn(self) -> None:
        """Uncover the views that show a frame again, and those out of sight."""
        for view in list(self._covers):
            if view.snapshot is not None or not view.drawable:
                self._uncover(view)

    def forget(self, view: View[Any]) -> None:
        """Uncover a view that is about to be deleted."""
        if view in self._covers:
            self._uncover(view)

    def __contains__(self, view: View[Any]) -> bool:
        """Return whether a view is covered."""
        return view in self._covers

    def _uncover(self, view: View[Any]) -> None:
        cover = self._covers.pop(view)
        cover.hide()
        cover.deleteLater()


class _Cover(QWidget):
    """A dimmed picture over a view, which takes no click and no key."""

    def __init__(self, view: QWidget, theme: Theme) -> None:
        super().__init__(view)
        self._view = view
        self._picture: QPixmap = view.grab()
        self._ground = color(theme.plot)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setGeometry(view.rect())
        for widget in (view, *view.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)):
            if not isinstance(widget, _Cover):  # nor one that waits for its deletion
                widget.installEventFilter(self)
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the view, and above its pages, of which the one that is shown comes to the front.

        A cover that waits for its deletion does nothing: covers that raise each other double the work.
        """
        if self.isHidden():
            return False
        if event.type() == QEvent.Type.ZOrderChange:
            self.raise_()
        elif event.type() == QEvent.Type.Resize and watched is self._view:
            self.setGeometry(self._view.rect())
        return False

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture over the background of a plot."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._ground)
        painter.setOpacity(_OPACITY)
        painter.drawPixmap(0, 0, self._picture)
        painter.end()
