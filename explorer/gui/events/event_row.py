"""EventDelegate: a row of the list of events, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QPixmap, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from explorer.core.recording.header import RunEvent
from explorer.core.texts import N_, _

AnyIndex = QModelIndex | QPersistentModelIndex

EVENT, PICTURE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.DecorationRole
"""Roles of the model: the event of a row, and a picture of the features at its step."""
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "learnt": N_("Class learned"),
        "merged": N_("Classes merge"),
        "parted": N_("Classes part"),
        "collapsed": N_("Class collapses"),
        "flipped": N_("Images flip for good"),
        "unstable": N_("Images keep flipping"),
        "jump": N_("Sudden jump"),
        "rule": N_("Prediction rule changes"),
        "drift": N_("Accuracy changes"),
        "stuck": N_("Loss is stuck"),
        "diverged": N_("Training diverges"),
        "exploded": N_("Features explode"),
        "one-point": N_("All features in one point"),
        "no-loss": N_("Nothing left to learn"),
        "at-chance": N_("Stuck at chance"),
    }
)
"""Message ids of the titles by the kinds of events, in the order in which a filter lists them."""
_OTHER = N_("Event")
_PADDING = 6
_LINES, _PICTURE_LINES = 6, 4
"""Lines of a row, and of the height of its picture."""
_LEAST_WIDTH = 220


def title_of(event: RunEvent) -> str:
    """Return what kind of event it is, in words."""
    return _(TITLES.get(event.kind, _OTHER))


def step_text(event: RunEvent) -> str:
    """Return when it happened."""
    return _("Step {step:,}").format(step=event.step)


def cause_text(event: RunEvent) -> str:
    """Return what happened just before."""
    if event.cause is None:
        return _("Just before: nothing changed")
    return _("Just before: {cause}").format(cause=event.cause)


def spoken_text(event: RunEvent) -> str:
    """Return all that is known of an event, a fact on each line."""
    return "\n".join((f"{title_of(event)}, {step_text(event)}", str(event.text), cause_text(event)))


class EventDelegate(QStyledItemDelegate):
    """Draws a row: the picture, title and step, the sentence, and the cause below it.

    The step stands beside the title, or where there is no room for both, on a line of its own.
    """

    def sizeHint(self, option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        """Return room for all lines, at whatever size the font has."""
        return QSize(_LEAST_WIDTH, _LINES * option.fontMetrics.lineSpacing() + 2 * _PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw the row of an event."""
        event: RunEvent = index.data(EVENT)
        picture: QPixmap | None = index.data(PICTURE)
        palette: QPalette = option.palette
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        line = option.fontMetrics.lineSpacing()
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if selected:
            painter.fillRect(rect, palette.highlight())
        strong = palette.highlightedText() if selected else palette.text()
        faint = palette.highlightedText() if selected else palette.placeholderText()
        inside = rect.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        place = QRect(inside.topLeft(), QSize(_PICTURE_LINES * line, _PICTURE_LINES * line))
        painter.fillRect(place, palette.base())
        if picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, picture)
        lines = inside.adjusted(place.width() + 2 * _PADDING, 0, 0, 0)
        font = QFont(painter.font())
        painter.setPen(strong.color())
        painter.setFont(_bold(font))
        _write(painter, lines, title_of(event), 1)
        painter.setFont(font)
        beside = head_lines(event, font, lines.width()) == 1
        step_line = lines if beside else lines.translated(0, line)
        side = Qt.AlignmentFlag.AlignRight if beside else Qt.AlignmentFlag.AlignLeft
        painter.setPen(faint.color())
        painter.drawText(step_line, side | Qt.AlignmentFlag.AlignTop, step_text(event))
        below = step_line.translated(0, line)
        left = _LINES - (1 if beside else 2)
        painter.setPen(strong.color())
        used = _write(painter, below, str(event.text), left - 1)
        painter.setPen(faint.color())
        _write(painter, below.translated(0, used * line), cause_text(event), left - used)
        painter.restore()


def head_lines(event: RunEvent, font: QFont, width: int) -> int:
    """Return how many lines the title, in bold, and the step take in a font and a width in pixels."""
    title = QFontMetrics(_bold(font)).horizontalAdvance(title_of(event))
    step = QFontMetrics(font).horizontalAdvance(step_text(event))
    return 1 if title + _PADDING + step <= width else 2


def _bold(font: QFont) -> QFont:
    result = QFont(font)
    result.setBold(True)
    return result


def _write(painter: QPainter, place: QRect, text: str, most: int) -> int:
    """Write a text at the top of a place, and return the number of lines, of which ``most`` are written.

    The last one is elided if there are more.
    """
    metrics = painter.fontMetrics()
    layout = QTextLayout(text, painter.font())
    starts = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(place.width())
        starts.append(line.textStart())
    layout.endLayout()
    parts = [text[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)]
    if len(parts) > most:
        parts[most - 1 :] = [text[starts[most - 1] :]]
    for number, part in enumerate(parts):
        shown = metrics.elidedText(part, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(
            place.translated(0, number * metrics.lineSpacing()),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop,
            shown,
        )
    return len(parts)
