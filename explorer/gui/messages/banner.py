"""Banner: a message above the views, with buttons for what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QSize, Qt, SignalInstance
from PySide6.QtGui import QFont, QFontDatabase, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.core.texts import N_, _, ngettext
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.controls.note import Level
from explorer.gui.theme.icon_shapes import IconName
from explorer.gui.theme.icons import icon

Action = tuple[str, Callable[[], object]]
_MOST_ACTIONS = 2
_MOST_WAITING = 8
_MOST_BESIDE, _LEAST_TEXT = 36, 24
"""Letters of all buttons up to which they stand beside the message, and those in a line of it that need room
there; else they stand below it."""
_LONGEST_TEXT, _LONGEST_DETAILS = 600, 50_000
"""Maximum characters: an error from a library can be longer than the window is high."""
_ICONS: dict[Level, tuple[IconName, str]] = {
    "info": ("info", N_("Information")),
    "warning": ("warning", N_("Warning")),
    "error": ("error", N_("Error")),
}
"""Icon and its accessible name."""


class _Message(Struct, frozen=True):
    """What `Banner.show_message` was given."""

    level: Level
    text: str
    details: str
    actions: tuple[Action, ...]

    @property
    def kept(self) -> bool:
        """Whether it comes back once what has been shown over it is gone."""
        return bool(self.actions) and self.level != "info"

    def stays_before(self, other: _Message) -> bool:
        """Return whether another message waits for this one, an error that can be remedied."""
        return self.kept and self.level == "error" and other.level != "error"


class Banner(QFrame):
    """A message with up to two buttons, expandable details and a close button; initially hidden.

    An error with buttons is shown until it is closed or withdrawn: only another error is shown over it, and
    other messages wait. A warning with buttons comes back once what has been shown over it is gone. Other
    messages are replaced by the next one.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages: list[_Message] = []  # the first is shown, the others wait
        self._icon = QLabel()
        self._text = WrappedLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._more = QPushButton(_("Details"))
        self._more.setCheckable(True)
        self._more.toggled.connect(self._on_more_toggled)
        self._group = QButtonGroup(self)
        self.buttons = [QPushButton() for _ in range(_MOST_ACTIONS)]
        for index, button in enumerate(self.buttons):
            self._group.addButton(button, index)
        self._group.idClicked.connect(self._on_action_clicked)
        self._waiting = QLabel()
        set_role(self._waiting, "role", "muted")
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setAccessibleName(_("Close the message"))
        self.close_button.setToolTip(_("Close the message"))
        self.close_button.clicked.connect(self.dismiss)
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setAccessibleName(_("Details of the message"))
        fixed = QFont()  # of the size of other texts
        fixed.setFamilies(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).families())
        self._details.setFont(fixed)
        self._details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._details.setTabChangesFocus(True)
        self._arrange()
        self.hide()

    def _arrange(self) -> None:
        self._row, self._beside, self._below = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._more)
        self._row.addLayout(self._beside)
        self._row.addWidget(self._waiting)
        self._row.addWidget(self.close_button)
        for widget in (self._more, *self.buttons, self.close_button):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.addLayout(self._row)
        layout.addLayout(self._below)
        layout.addWidget(self._details)
        self._placed_in: QHBoxLayout | None = None
        self._place_buttons()

    def _place_buttons(self) -> None:
        """Put the buttons beside the message where that leaves it room, else below it."""
        words = [button.text() for button in self.buttons]
        needed = min(len(self._text.text()), _LEAST_TEXT) * self.fontMetrics().averageCharWidth()
        others = (self._icon, self._more, self._waiting, self.close_button, *self.buttons)
        taken = sum(one.sizeHint().width() + self._row.spacing() for one in others if not one.isHidden())
        roomy = sum(map(len, words)) <= _MOST_BESIDE and self.contentsRect().width() - taken >= needed
        layout = self._beside if roomy else self._below
        if layout is self._placed_in:
            return
        self._placed_in = layout
        for place, button in enumerate(self.buttons):
            shown = not button.isHidden()
            button.setParent(self)  # leaves the other layout
            layout.insertWidget(place, button)
            button.setVisible(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the buttons anew: a panel beside the plot may have taken the room."""
        super().resizeEvent(event)
        self._place_buttons()

    @property
    def message(self) -> str:
        """The message that is shown; empty if hidden."""
        return "" if self.isHidden() else self._text.text()

    def show_message(
        self, level: Level, text: str, details: str = "", actions: Sequence[Action] = ()
    ) -> None:
        """Show a message, or let it wait behind an error that can be remedied.

        Parameters
        ----------
        level : {"info", "warning", "error"}
            Severity.
        text : str
            What happened, and what can be done.
        details : str
            Text shown on demand, such as a traceback.
        actions : sequence of (str, callable)
            At most two buttons: label and callback. The message is dismissed before the call.
        """
        if len(actions) > _MOST_ACTIONS:
            raise ValueError(f"A banner has room for {_MOST_ACTIONS} actions, not {len(actions)}.")
        new = _Message(level, text, details, tuple(actions))
        shown = self._messages[0] if self._messages else None
        waiting = [message for message in self._messages[1:] if message.text != text]
        if shown is None or shown.text == text:
            self._messages = [new, *waiting]
        elif shown.stays_before(new):
            self._messages = [shown, *waiting[: _MOST_WAITING - 1], new]
        else:
            self._messages = [new, *([shown] if shown.kept else []), *waiting][: _MOST_WAITING + 1]
        self._show_first()

    def dismiss(self) -> None:
        """Show the next message that waits; without one, hide."""
        del self._messages[:1]
        self._show_first()

    def withdraw(self, text: str) -> None:
        """Show this message no more, and do not let it wait either."""
        left = [message for message in self._messages if message.text != text]
        if len(left) < len(self._messages):
            self._messages = left
            self._show_first()

    def warn_while(self, failed: SignalInstance, recovered: SignalInstance) -> None:
        """Show each sentence that ``failed`` gives as a warning, until ``recovered`` gives it."""
        failed.connect(self._warn)
        recovered.connect(self.withdraw)

    def _warn(self, sentence: str) -> None:
        self.show_message("warning", sentence)

    def set_actions(self, text: str, actions: Sequence[Action]) -> None:
        """Offer other actions with this message, also where it waits."""
        before = self._messages
        self._messages = [
            replace(message, actions=tuple(actions)) if message.text == text else message
            for message in before
        ]
        if self._messages[:1] != before[:1]:
            self._show_first()

    def _show_first(self) -> None:
        if not self._messages:
            self.hide()
            return
        first = self._messages[0]
        text, details = first.text, first.details
        words = [label for label, _call in first.actions] + [""] * (_MOST_ACTIONS - len(first.actions))
        for button, label in zip(self.buttons, words, strict=True):
            button.setText(label)
            button.setAccessibleName(label)
            button.setVisible(bool(label))
        if len(text) > _LONGEST_TEXT:
            details = f"{text}\n{details}"
            text = f"{text[:_LONGEST_TEXT]}…"
        self._text.setText(text)
        self.setAccessibleName(text)
        self._details.setPlainText(details[-_LONGEST_DETAILS:])
        self._details.setFixedHeight(self._details.fontMetrics().lineSpacing() * 9)
        self._details.moveCursor(self._details.textCursor().MoveOperation.End)
        self._more.setVisible(bool(details))
        self._more.setChecked(False)
        self._on_more_toggled(False)
        waiting = len(self._messages) - 1
        words_waiting = ngettext("{count} more message", "{count} more messages", waiting)
        self._waiting.setText(words_waiting.format(count=waiting))
        self._waiting.setVisible(bool(waiting))
        set_role(self, "banner", first.level)
        self._update_icons()
        self._place_buttons()
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        """Update the icons when the theme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._update_icons()

    def _update_icons(self) -> None:
        side = round(self.fontMetrics().height() * 1.2)
        name, words = _ICONS[self._messages[0].level if self._messages else "info"]
        self._icon.setPixmap(icon(name, self.palette()).pixmap(QSize(side, side), self.devicePixelRatioF()))
        self._icon.setAccessibleName(_(words))
        self.close_button.setIcon(icon("close", self.palette()))

    def _on_more_toggled(self, shown: bool) -> None:
        self._details.setVisible(shown)
        self._more.setText(_("Hide details") if shown else _("Details"))

    def _on_action_clicked(self, index: int) -> None:
        _label, callback = self._messages[0].actions[index]
        self.dismiss()
        callback()
