"""LabsWindow: the window of the labs, a tab for each."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QContextMenuEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from explorer.core.texts import _
from explorer.gui.commands.action_set import ActionSet
from explorer.gui.controls.labels import set_role
from explorer.gui.export.images import copy_picture
from explorer.gui.export.save_dialog import SavePictureDialog
from explorer.gui.labs.commands import labs_entries
from explorer.gui.labs.lab import LabContext
from explorer.gui.labs.page import LabPage
from explorer.gui.labs.registry import LABS
from explorer.gui.labs.titles import about_lab
from explorer.gui.layout.arrangement import frame_size
from explorer.gui.messages.readout import numbered
from explorer.gui.theme.theme import Theme

_FIRST_SIZE = QSize(1280, 760)
_EVENT_MS = 5000
_MENU = ("labs.reset", "labs.demonstrate", "labs.copy", "labs.save")
"""Commands of the menu of a right click."""


class LabsWindow(QMainWindow):
    """All labs; each is built when it is first shown.

    Parameters
    ----------
    context : LabContext
        Theme and folder.
    smooth : callable
        Returns whether demonstrations move smoothly.
    number : int
        That of the window that they belong to.
    """

    def __init__(self, context: LabContext, smooth: Callable[[], bool], number: int = 1) -> None:
        super().__init__()
        self._context, self._smooth, self._number = context, smooth, number
        self.pages: dict[str, LabPage] = {}
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(_("Labs"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        set_role(self.tabs, "role", "pages")
        self._stack = QStackedWidget()
        for lab in LABS:
            self.tabs.setTabToolTip(self.tabs.addTab(_(lab.title)), about_lab(lab.id))
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(8, 6, 8, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tabs)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(content)
        self.action_set = ActionSet[LabsWindow](self, self, {}, everywhere="labs")
        self.action_set.add(labs_entries())
        self.statusBar().setSizeGripEnabled(False)
        self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize() - frame_size(self)))
        self.tabs.currentChanged.connect(self._on_current_changed)
        self._on_current_changed()

    @property
    def current(self) -> str:
        """The id of the lab that is shown."""
        return LABS[self.tabs.currentIndex()].id

    @property
    def page(self) -> LabPage:
        """The page of the lab that is shown."""
        spec = LABS[self.tabs.currentIndex()]
        if spec.id not in self.pages:
            page = LabPage(spec, self._context, self._smooth)
            page.demonstrationChanged.connect(self._on_demonstration_changed)
            self.pages[spec.id] = page
            self._stack.addWidget(page)
        return self.pages[spec.id]

    def show_lab(self, lab: str) -> None:
        """Show a lab by its id; one that is not known changes nothing."""
        places = {spec.id: place for place, spec in enumerate(LABS)}
        self.tabs.setCurrentIndex(places.get(lab, self.tabs.currentIndex()))
        self.action_set.update_checked()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._context = replace(self._context, theme=theme)
        for page in self.pages.values():
            page.set_theme(theme)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs in any lab."""
        for page in self.pages.values():
            page.stop()
        super().closeEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the lab that is shown."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self.action_set.action(id_) for id_ in _MENU])
        menu.popup(event.globalPos())

    def copy_picture(self) -> None:
        """Copy picture and numbers of the lab to the clipboard."""
        copy_picture(self.page.sheet)
        self._tell(_("Copied “{view}” to the clipboard.").format(view=_(self.page.spec.title)))

    def save_picture(self) -> None:
        """Ask how large the picture should be, and where to save it."""
        dialog = SavePictureDialog(self, [self.page.sheet, self], self.page.sheet)
        dialog.saved.connect(self._on_picture_saved)
        dialog.open()

    def _on_picture_saved(self, path: object) -> None:
        self._tell(_("Saved as {path}.").format(path=path))

    def _on_current_changed(self) -> None:
        self._stack.setCurrentWidget(self.page)
        title = _("{lab} – Labs – Loss Explorer").format(lab=_(self.page.spec.title))
        self.setWindowTitle(numbered(title, self._number))
        self.action_set.update_checked()

    def _on_demonstration_changed(self, playing: bool) -> None:
        action = self.action_set.action("labs.demonstrate")
        action.setText(_("&Stop") if playing else _("&Show me"))

    def _tell(self, sentence: str) -> None:
        self.statusBar().showMessage(sentence, _EVENT_MS)
