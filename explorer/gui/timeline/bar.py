"""TimelineBar: the timeline with what plays it, says where one looks, and returns to the live run."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget
from superqt import QElidingLabel

from explorer.core.texts import N_, _
from explorer.gui.controls.labels import set_role
from explorer.gui.plots.view_bar import MenuButton
from explorer.gui.theme.icons import icon
from explorer.gui.timeline.state import TimelineState
from explorer.gui.timeline.strip import TimelineStrip

SPEED_TEXTS = {0.5: N_("½×"), 1.0: N_("1×"), 2.0: N_("2×"), 4.0: N_("4×"), 8.0: N_("8×"), 16.0: N_("16×")}
"""Seconds of training in a second, as buttons and menus write it."""
_SPACING, _GAP = 4, 6
_LABEL_SHARE, _LEAST_LABEL = 0.34, 60


class TimelineBar(QFrame):
    """Shows a `TimelineState`. Commands are bound to the buttons; signals tell what else is asked for.

    Signals
    -------
    speedRequested(float)
        Seconds of training to play in a second.

    Attributes
    ----------
    strip : TimelineStrip
        Where the frame is chosen.
    play, loop, continue_, live : button
        Play or hold; begin again at the end; continue training from the frame; return to the live run.
    """

    speedRequested = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Timeline"))
        self.strip = TimelineStrip()
        self.play, self.loop = QToolButton(autoRaise=True), QToolButton(autoRaise=True)
        self.loop.setCheckable(True)
        self.loop.setAccessibleName(_("Loop"))
        self.speed = MenuButton(_("Speed"))
        self.speed.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.speed.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the number
        choices = [(str(speed), text) for speed, text in SPEED_TEXTS.items()]
        self._speeds = self.speed.add_choices(
            _("Playback speed (1× = as fast as it trained)"), "speed", choices
        )
        self.speed.choiceRequested.connect(self._on_speed_choice_requested)
        self.continue_, self.live = QPushButton(_("Continue")), QPushButton()
        self.continue_.setAccessibleName(_("Continue from here"))
        self._label = QElidingLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        set_role(self._label, "role", "muted")
        layout = QHBoxLayout(self)
        layout.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        layout.setContentsMargins(0, 0, 0, 2)
        layout.setSpacing(_SPACING)
        for widget in (self.play, self.speed, self.loop, self.strip, self._label, self.continue_, self.live):
            layout.addWidget(widget, int(widget is self.strip))
        layout.insertSpacing(layout.indexOf(self.continue_), _GAP)
        for button in (self.play, self.loop, self.continue_, self.live):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._state: TimelineState | None = None
        self._longest = ""  # sentence of this run
        self._left_out: list[QAbstractButton] = []  # for which there is no room
        self._extra = 0  # pixels that the long text of the button takes more than the short one
        self.set_state(TimelineState())
        self.set_playback(1.0, loop=False)
        self._dress()

    @property
    def text(self) -> str:
        """The sentence that says which frame is shown."""
        return self._label.text()

    def set_state(self, state: TimelineState) -> None:
        """Show another state; emits nothing."""
        before, self._state = self._state, state
        if state == before:  # every change of a setting sets it again
            return
        self.strip.set_state(state)
        text = state.text
        if text != self._label.text():
            self._label.setText(text)
            self._label.setToolTip(text)
        longest = replace(state, steps=(state.last_step,), index=0, following=False).text
        grown, self._longest = len(longest) != len(self._longest), longest
        if before is None or before.playing != state.playing:
            self.play.setAccessibleName(_("Pause playback") if state.playing else _("Play"))
            self._dress()
        if before is None or before.recorded != state.recorded:
            self.live.setAccessibleName(_("Back to the live run") if state.recorded else _("Live"))
            grown = True
        if grown:
            self._fit_texts()

    def set_playback(self, speed: float, *, loop: bool) -> None:
        """Show how fast it plays, and whether it begins again at the end; emits nothing."""
        self.speed.setText(_(SPEED_TEXTS[speed]))
        self._speeds[str(speed)].setChecked(True)
        self.loop.setChecked(loop)

    def minimumSizeHint(self) -> QSize:
        """Room for the shortest texts, without the sentence, which a narrow window leaves out."""
        size = super().minimumSizeHint()
        sentence = 0 if self._label.isHidden() else self._label.width() + _SPACING
        left_out = sum(part.sizeHint().width() + _SPACING for part in self._left_out)
        return QSize(size.width() - sentence - self._extra + left_out, size.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the texts their part of the width."""
        super().resizeEvent(event)
        self._fit_texts()
        layout = self.layout()
        assert layout is not None, "the constructor makes it"
        layout.invalidate()  # it has its size already, and would keep the room of a sentence that is hidden
        layout.activate()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme, or another size of letters."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def _fit_texts(self) -> None:
        """Write as much on the button as there is room for, and give the rest to the sentence.

        That has the same room at every frame: the strip must not move under the pointer. It has half of it at
        most, so that the strip is wide enough to aim at.
        """
        self._extra = 0
        self.live.setText(_("Live"))
        self._leave_out()
        room = self.width() - self.minimumSizeHint().width()
        if self._state is not None and self._state.recorded:
            short = self.live.sizeHint().width()
            self.live.setText(_("Back to the live run"))
            self._extra = self.live.sizeHint().width() - short
            if self._extra > room:
                self._extra = 0
                self.live.setText(_("Live"))
            room -= self._extra
        state, metrics = self._state or TimelineState(), self._label.fontMetrics()
        wanted = metrics.horizontalAdvance(self._longest) + 8
        usual = metrics.horizontalAdvance(replace(state, following=True).text) + 8
        width = min(wanted, round(_LABEL_SHARE * self.width()), room // 2)
        self._label.setVisible(width >= max(_LEAST_LABEL, usual))
        self._label.setFixedWidth(max(width, _LEAST_LABEL))

    def _leave_out(self) -> None:
        """Hide what the menu has as well where the buttons would else be cut."""
        needed = sum(part.sizeHint().width() + _SPACING for part in (self.play, self.speed, self.live))
        room = self.width() - self.strip.minimumSizeHint().width() - _GAP - needed
        before, self._left_out = self._left_out, []
        for part in (self.continue_, self.loop):
            if part in before or not part.isHidden():
                room -= part.sizeHint().width() + _SPACING
                part.setVisible(room >= 0)
                if room < 0:
                    self._left_out.append(part)

    def _dress(self) -> None:
        line = self.fontMetrics().height()
        playing = self._state is not None and self._state.playing
        self.play.setIcon(icon("pause" if playing else "play", self.palette()))
        self.loop.setIcon(icon("loop", self.palette()))
        for button in (self.play, self.loop):
            button.setIconSize(QSize(line, line))

    def _on_speed_choice_requested(self, _option: str, value: str) -> None:
        self.speedRequested.emit(float(value))
