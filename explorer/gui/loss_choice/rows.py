"""The rows of the list of losses: families as headings, and below each its losses, the best known starred."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QIcon,
    QImage,
    QPainter,
    QPalette,
    QPixmap,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from explorer.core.losses.loss_spec import LossSpec
from explorer.core.texts import _
from explorer.gui.theme.icons import draw_icon

NAME = Qt.ItemDataRole.UserRole
"""The role under which a row has the name of its loss; headings have none."""
_STARRED = Qt.ItemDataRole.UserRole + 1
_PADDING, _STAR = 6, 14


def loss_rows(losses: Mapping[str, LossSpec]) -> QStandardItemModel:
    """Return the losses under the names of their families, which cannot be chosen."""
    model = QStandardItemModel()
    for family in dict.fromkeys(spec.family for spec in losses.values()):
        heading = QStandardItem(_(family))
        heading.setFlags(Qt.ItemFlag.NoItemFlags)
        font = QFont()  # bold, and in size as the list
        font.setBold(True)
        heading.setFont(font)
        model.appendRow(heading)
        for spec in losses.values():
            if spec.family == family:
                model.appendRow(_row(spec))
    return model


def show_pictures(model: QStandardItemModel, images: Mapping[str, QImage]) -> None:
    """Give the rows the pictures of their losses."""
    for item in _items(model):
        image = images.get(item.data(NAME))
        if image is not None:
            picture = QPixmap.fromImage(image)
            drawn = QIcon(picture)
            drawn.addPixmap(picture, QIcon.Mode.Selected)  # else Qt tints it
            item.setIcon(drawn)


def row_of(model: QStandardItemModel, name: str) -> int:
    """Return the row of a loss, -1 where it has none."""
    return next((item.row() for item in _items(model) if item.data(NAME) == name), -1)


def _items(model: QStandardItemModel) -> Iterable[QStandardItem]:
    return (model.item(row) for row in range(model.rowCount()))


def _row(spec: LossSpec) -> QStandardItem:
    item = QStandardItem(_(spec.title))
    item.setData(spec.name, NAME)
    item.setData(spec.well_known, _STARRED)
    said = [item.text(), _("well known")] if spec.well_known else [item.text()]
    item.setData(_(", ").join(said), Qt.ItemDataRole.AccessibleTextRole)
    return item


class LossDelegate(QStyledItemDelegate):
    """Paints a star at the right of the best known losses, and gives rows room for their pictures."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self._side = side

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the height of a picture with room around it; that of a line of text for a heading."""
        line = option.fontMetrics.height() + 2 * _PADDING
        height = line if index.data(NAME) is None else max(line, self._side + _PADDING)
        return QSize(super().sizeHint(option, index).width(), height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint a row."""
        super().paint(painter, option, index)
        if index.data(_STARRED):
            current = bool(option.state & QStyle.StateFlag.State_Selected)
            role = QPalette.ColorRole.HighlightedText if current else QPalette.ColorRole.PlaceholderText
            left = option.rect.right() - _STAR - _PADDING
            top = option.rect.center().y() - _STAR / 2
            draw_icon(painter, "star", option.palette.color(role), QRectF(left, top, _STAR, _STAR))
