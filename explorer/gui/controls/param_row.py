"""ParamRow: one setting on a panel, built from its description."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QToolTip, QVBoxLayout, QWidget

from explorer.core.params import Param, ParamError, Value
from explorer.core.texts import N_, _
from explorer.gui.controls.descriptions import advice, label_html, tooltip, value_text
from explorer.gui.controls.editors import editor_for
from explorer.gui.controls.editors.choices import SwitchEditor
from explorer.gui.controls.editors.number import NumberEditor
from explorer.gui.controls.labels import ClickableLabel, SmallLabel, set_role
from explorer.gui.controls.note import Level, Note
from explorer.gui.faults import guarded
from explorer.gui.focus import tab_through
from explorer.gui.theme.icons import icon
from explorer.gui.theme.tooltips import wrapped

_TINT = 0.18
_LABEL, _INPUT = 10, 11
"""Shares of the width that the label and the input have."""
_BADGES = {
    "live": N_("A change applies at the next step."),
    "restart": N_("A change applies after a restart."),
    "pending": N_("Restart to apply this change."),
}
_RESTART_SIGN = "↻"
_RESET_SIGN = 12
"""Pixels of the icon that resets: no more, so that the label stays in one line where it is shown."""


class ParamRow(QWidget):
    """Label, reset button, badge and editor of one setting in a line; the badge marks what needs a restart.

    It shows what a person enters at once; the owner of the setting answers with `set_value`. A value that
    differs from the default has a button that resets it, and a bar at the left edge.

    Parameters
    ----------
    name : str
        Dotted name that ``valueRequested`` carries, such as ``"loss.margin"``.
    param : Param
        Description of the setting.
    data : bool
        Whether a text names a data set, which a menu then helps to choose.

    Attributes
    ----------
    paramRequested : Signal(str, object)
        A person entered another value, already checked.
    """

    INDENT = 10
    """Pixels to the left of the text, where the bar of a changed value stands."""

    paramRequested = Signal(str, object)

    def __init__(self, name: str, param: Param, data: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.param = param
        self.value: Value = param.default
        self._default = self.value
        self.marked = False
        self._kind = ""  # of the badge
        self._unavailable: dict[str, str] = {}
        self._remedies: list[Callable[[], object]] = []
        self._label = ClickableLabel(label_html(param))
        self._label.setTextFormat(Qt.TextFormat.RichText)
        self._label.doubleClicked.connect(self.reset)
        self._badge = SmallLabel()
        self._reset = QToolButton(autoRaise=True)
        set_role(self._reset, "role", "small")
        self._reset.setIconSize(QSize(_RESET_SIGN, _RESET_SIGN))
        self._reset.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._reset.clicked.connect(self.reset)
        self.editor = editor_for(param, data)
        self.editor.valueRequested.connect(self._on_value_requested)
        self.editor.attemptEnded.connect(self._on_attempt_ended)
        self.editor.resetRequested.connect(self.reset)
        self._notes: dict[Level, Note] = {}
        self._arrange()
        self.setToolTip(tooltip(param))
        self.setAccessibleName(_(param.label))
        self.setAccessibleDescription(_(param.help))
        self.editor.setAccessibleDescription(_(param.help))
        self.set_pending(False)
        self._color_icon()
        self.editor.show_value(self.value)
        self._show_default()

    def _arrange(self) -> None:
        label = QHBoxLayout()
        label.setSpacing(0)
        label.addWidget(self._label, 1)
        label.addWidget(self._reset)
        label.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)
        line = QHBoxLayout()  # in fixed shares: the slider must not move while it is dragged
        line.setSpacing(6)
        line.addLayout(label, _LABEL)
        if isinstance(self.editor, SwitchEditor):
            line.addWidget(self.editor)
        else:
            line.addWidget(self.editor, _INPUT)
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(self.INDENT, 2, 0, 2)
        layout.setSpacing(3)
        layout.addLayout(line)

    @property
    def error(self) -> str:
        """Sentence about the last text that was refused, empty where there is none."""
        return self._notes["error"].text if "error" in self._notes else ""

    @property
    def is_changed(self) -> bool:
        """Whether the value differs from the default."""
        return self.value != self._default

    def set_value(self, value: Value) -> None:
        """Show a value; emits nothing, and leaves what is being typed where the value is the same."""
        if value != self.value:
            self._show(value)

    def set_default(self, default: Value) -> None:
        """Take another default; emits nothing."""
        if default != self._default:
            self._default = default
            self._show_default()

    def set_pending(self, pending: bool) -> None:
        """Show on the badge whether a change applies after a restart."""
        kind = "pending" if pending else self.param.effect
        if kind == self._kind:
            return
        self._kind = kind
        self._badge.setText(_RESTART_SIGN)
        self._badge.setVisible(kind != "live")
        self._badge.setToolTip(wrapped(_(_BADGES[kind])))
        self._badge.setAccessibleName(_(_BADGES[kind]))
        set_role(self._badge, "badge", kind)

    def set_marked(self, marked: bool) -> None:
        """Tint the row, as that of the symbol that is pointed at elsewhere, or leave it plain."""
        if marked != self.marked:
            self.marked = marked
            self.update()

    def set_warning(self, text: str, *remedies: tuple[str, Callable[[], object]]) -> None:
        """Show a warning below the row, with buttons: their words and what they call; hide it for no text."""
        self._remedies = [act for _words, act in remedies]
        self._note("warning", text, *(words for words, _act in remedies))

    def set_limit(self, value: float | None) -> None:
        """Show beyond which number the setting cannot work here; None for no such limit."""
        if isinstance(self.editor, NumberEditor):
            self.editor.set_limit(value)

    def set_unavailable(self, reasons: Mapping[str, str]) -> None:
        """Grey out these choices, each with the reason, and no others; emits nothing."""
        if reasons != self._unavailable:
            self._unavailable = dict(reasons)
            self.editor.set_unavailable(reasons)

    def reset(self) -> None:
        """Request the default, as if a person had typed it."""
        self._on_value_requested(self._default)

    def build_menu(self) -> QMenu:
        """Return the context menu: the text's own actions, reset, and the published values."""
        menu = self.editor.text_menu() or QMenu(self)
        menu.addSeparator()
        default = menu.addAction(_("Reset to {value}").format(value=value_text(self.param, self._default)))
        default.setEnabled(self.is_changed)
        default.triggered.connect(self.reset)
        for value in self.param.published:
            words = _("Use the published {value}").format(value=value_text(self.param, value))
            menu.addAction(words).setData(value)
        menu.triggered.connect(self._on_menu_triggered)
        return menu

    def event(self, event: QEvent) -> bool:
        """Show the tooltip beside the row: at the pointer it would cover the row's own warning."""
        if event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(self.mapToGlobal(self.rect().topRight()), self.toolTip(), self)
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu at the pointer, or at the row for the keyboard's menu key."""
        menu = self.build_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._color_icon()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the tint of a marked row, and the bar of a changed value."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.marked:
            tint = self.palette().highlight().color()
            tint.setAlphaF(_TINT)
            painter.setBrush(tint)
            painter.drawRoundedRect(self.rect(), 4, 4)
        if self.is_changed:
            painter.setBrush(self.palette().highlight())
            painter.drawRoundedRect(1, 5, 3, self.height() - 12, 1.5, 1.5)
        painter.end()

    def _show(self, value: Value) -> None:
        self.value = value
        self.editor.show_value(value)
        self._note("error", "")
        self._mark()

    def _show_default(self) -> None:
        names = {"setting": _(self.param.label), "value": value_text(self.param, self._default)}
        self._reset.setAccessibleName(_("Reset {setting} to {value}").format(**names))
        self._reset.setToolTip(_("Reset {setting} to {value} (or double-click the label)").format(**names))
        self._mark()

    def _mark(self) -> None:
        self._reset.setVisible(self.is_changed)
        self.update()

    def _note(self, level: Level, text: str, *remedies: str) -> None:
        if text and level not in self._notes:
            note = self._notes[level] = Note(level, self)
            note.remedyRequested.connect(self._on_remedy_requested)
            self._layout.addWidget(note)
        if level in self._notes:
            note = self._notes[level]
            note.show_text(text, *remedies)
            tab_through(self.editor.input, *note.buttons)

    def _color_icon(self) -> None:
        self._reset.setIcon(icon("reset", self.palette()))

    def _on_value_requested(self, entered: object) -> None:
        try:
            value = self.param.check(entered, _(self.param.label))
        except ParamError as error:
            self._note("error", advice(error))
            return
        changed = value != self.value
        self._show(value)
        if changed:
            self.paramRequested.emit(self.name, value)

    def _on_attempt_ended(self) -> None:
        self._note("error", "")

    def _on_remedy_requested(self, number: int) -> None:
        self._remedies[number]()

    def _on_menu_triggered(self, action: QAction) -> None:
        if action.data() is not None:
            self._on_value_requested(action.data())
