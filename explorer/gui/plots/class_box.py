"""ClassBox: a combo box of classes with their colours."""

from __future__ import annotations

from PySide6.QtGui import QColor, QIcon, QPixmap, QStandardItemModel

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.texts import _
from explorer.gui.controls.inputs import ChoiceBox
from explorer.gui.theme.theme import Rgb, Theme

_SWATCH = 12


class ClassBox(ChoiceBox):
    """Lists all classes, after an entry for all of them if ``every`` names it."""

    def __init__(self, name: str, every: str = "") -> None:
        super().__init__()
        self._every = every
        self._filled: tuple[tuple[Rgb, ...], tuple[str, ...], frozenset[int]] = ((), (), frozenset())
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setMinimumContentsLength(2)

    def show_class(
        self, theme: Theme, probe: ProbeSet, label: int | None, unseen: frozenset[int] = frozenset()
    ) -> None:
        """List the classes of a probe set, and show one of them, or None for all.

        Those ``unseen``, left out of training, are greyed out.
        """
        names = probe.names
        wanted = theme.classes, names, unseen
        if self._filled != wanted:
            self._filled = wanted
            self.clear()
            if self._every:
                self.addItem(self._every)
            for each, name in enumerate(names):
                self.addItem(_swatch(theme, each), name)
                if each in unseen:
                    self._grey_out(self.count() - 1)
        self.setCurrentIndex(0 if label is None else label + bool(self._every))

    def _grey_out(self, index: int) -> None:
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        item = model.item(index)
        item.setEnabled(False)
        item.setToolTip(_("Left out of training"))

    def label_at(self, index: int) -> int | None:
        """Return the class of an entry, None for all."""
        return index - 1 if self._every and index else None if self._every else index


def _swatch(theme: Theme, label: int) -> QIcon:
    pixmap = QPixmap(_SWATCH, _SWATCH)
    pixmap.fill(QColor(*theme.class_color(label)))
    return QIcon(pixmap)
