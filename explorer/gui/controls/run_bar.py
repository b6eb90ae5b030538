"""RunBar: the buttons that start, pause, step and restart a run, and its read-outs."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.texts import N_, _
from explorer.gui.controls.labels import ReadOut, bold_width, set_role
from explorer.gui.session.run_control import Phase
from explorer.gui.theme.icon_shapes import IconName
from explorer.gui.theme.icons import icon
from explorer.gui.theme.tooltips import wrapped


class RunBarState(Struct, frozen=True, kw_only=True):
    """What the bar shows.

    Parameters
    ----------
    phase : Phase
        Where the run stands.
    loss : str
        What it trains with: the loss and its margins.
    epoch, step : float, int
        Passes over the training images, and steps, done so far.
    accuracy : float, optional
        Fraction of the probed test images classified correctly, 0 to 1; None before the first frame.
    trace : tuple of float
        The accuracy so far, thinned out, for a small curve.
    probe_samples : int
        Number of test images behind ``accuracy``.
    left_out : str
        The names of the classes left out of training; empty for none.
    speed : float, optional
        Training images a second; None where it is not known.
    device, seed : str, int
        Where the run trains, and its seed.
    pending_restart : bool
        Whether a changed setting applies after a restart.
    recorded : bool
        Whether the run is a recording, which plays instead of training.
    starting : bool
        Whether the trainer is starting: nothing is known of the run yet.
    rising : ProbeSet, optional
        That of the run, within which a higher accuracy is counted up to; None where it is told at once.
    """

    phase: Phase = "ready"
    loss: str = ""
    epoch: float = 0.0
    step: int = 0
    accuracy: float | None = None
    trace: tuple[float, ...] = ()
    probe_samples: int = 0
    left_out: str = ""
    speed: float | None = None
    device: str = ""
    seed: int = 0
    pending_restart: bool = False
    recorded: bool = False
    starting: bool = False
    rising: ProbeSet | None = None


_TOGGLE: dict[Phase, tuple[IconName, str]] = {
    "ready": ("play", N_("Start")),
    "running": ("pause", N_("Pause")),
    "paused": ("play", N_("Resume")),
    "failed": ("play", N_("Start again")),
    "finished": ("play", N_("Continue")),
    "restoring": ("close", N_("Cancel")),
}
_PLAY = N_("Play")
"""Words of the first button while a recording is shown that does not play."""
_STARTING = N_("starting…")
_GAP = 18
_MOST_LETTERS = 34
"""Width of the loss in letters."""
_RESTART = (N_("Restart"), N_("Restart to apply"))
_MAIN = "accuracy"
"""The number of the show."""
_READOUTS = {
    _MAIN: (N_("Test accuracy"), ("100.0%",), N_("Fraction of the test images classified correctly.")),
    "epoch": (N_("Epoch"), ("1,000.00",), N_("Passes over the training images so far.")),
    "step": (N_("Step"), ("10,000,000",), N_("Number of weight updates so far.")),
    "speed": (N_("Images/s"), ("1,000,000",), N_("Training images per second.")),
    "device": (N_("Device"), ("cuda:00", _STARTING), N_("Device used for training.")),
    "seed": (
        N_("Seed"),
        ("2147483647",),
        N_("The same seed and settings give the same run on the same CPU."),
    ),
}
"""Caption, longest values and tooltip of each read-out, in the order of the bar."""
_PERCENT = ".1%"
_QUIET = ("speed", "device", "seed")
"""What matters less, at the other end of the bar; what comes last is hidden first where there is no room."""


def readings(state: RunBarState) -> dict[str, str]:
    """Return the text of each read-out: a dash where nothing is trained now, empty before the first frame."""
    device = state.device or (_(_STARTING) if state.starting else "")
    return {
        "epoch": f"{state.epoch:,.2f}",
        "step": f"{state.step:,}",
        "accuracy": "" if state.accuracy is None else format(state.accuracy, _PERCENT),
        "speed": "–" if state.speed is None else f"{state.speed:,.0f}",
        "device": device,
        "seed": str(state.seed),
    }


class RunBar(QFrame):
    """Buttons and read-outs of a run, as `set_state` gives it. Commands are bound to the buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card", "true")
        self.setAccessibleName(_("Run"))
        self.state = RunBarState()
        self._readings: dict[str, str] = {}
        self.toggle = QPushButton()
        set_role(self.toggle, "role", "primary")
        self.step = QPushButton(flat=True)
        self.step.setAccessibleName(_("Single step"))
        self.restart = QPushButton(flat=True)
        self.readouts = {
            name: ReadOut(
                _(caption), [_(text) for text in widest], _(tip), main=name == _MAIN, quiet=name in _QUIET
            )
            for name, (caption, widest, tip) in _READOUTS.items()
        }
        self.loss = QPushButton()
        self.loss.setAccessibleName(_("Loss function"))
        self.loss.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.share = _share_button()
        self._optional = (self.loss, self.share, *(self.readouts[name] for name in _QUIET))
        layout = QHBoxLayout(self)
        layout.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        layout.setContentsMargins(10, 7, 14, 7)
        layout.setSpacing(8)
        for button in (self.toggle, self.step, self.restart):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            layout.addWidget(button)
        self._row = readouts = QHBoxLayout()
        readouts.setContentsMargins(12, 0, 0, 0)
        readouts.setSpacing(_GAP)
        for name, readout in self.readouts.items():
            if name == _QUIET[0]:
                readouts.addWidget(self.loss)
                readouts.addStretch(1)
            readouts.addWidget(readout)
        readouts.addWidget(self.share)
        layout.addLayout(readouts, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._show_state(self.state)
        self._update_buttons()

    def set_state(self, state: RunBarState) -> None:
        """Show this state; emits nothing."""
        old, self.state = self.state, state
        if state == old:  # every change of a setting sets it again
            return
        self._show_state(old)
        if (old.phase, old.pending_restart) != (state.phase, state.pending_restart):
            self._update_buttons()

    def _show_state(self, old: RunBarState) -> None:
        state = self.state
        if state.loss != old.loss:
            self._show_loss()
        before, self._readings = self._readings, readings(state)
        for name, text in self._readings.items():
            if text != before.get(name):
                self.readouts[name].show_text(text)
        main, accuracy = self.readouts[_MAIN], state.accuracy or 0.0
        if (
            state.rising is None or state.rising is not old.rising
        ):  # another run, or another frame is looked at
            main.finish_rising()
        elif self.isVisible() and old.accuracy is not None and accuracy > old.accuracy:
            main.rise(old.accuracy, accuracy, _PERCENT)
        main.curve.show_values(state.trace)
        if state.accuracy is not None:
            about = _("Fraction of {count:,} test images classified correctly.")
            if state.left_out:
                about = _(
                    "Fraction of {count:,} test images classified correctly, without the classes left out of "
                    "training ({classes})."
                )
            words = about.format(count=state.probe_samples, classes=state.left_out)
            main.setToolTip(wrapped(words))
        words = _PLAY if state.recorded and state.phase == "paused" else _TOGGLE[state.phase][1]
        toggle, restart = _(words), _(_RESTART[state.pending_restart])
        self.toggle.setText(toggle)
        self.toggle.setAccessibleName(toggle)
        self.restart.setText(restart)
        self.restart.setAccessibleName(restart)

    def _show_loss(self) -> None:
        """Write the loss, cut where it is very long."""
        room = _MOST_LETTERS * self.loss.fontMetrics().averageCharWidth()
        elided = self.loss.fontMetrics().elidedText(self.state.loss, Qt.TextElideMode.ElideRight, room)
        self.loss.setText(elided.replace("&", "&&"))
        self.loss.setAccessibleName(self.state.loss or _("Loss function"))
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Return room for the buttons, accuracy, epoch and step."""
        hidden = sum(part.sizeHint().width() + _GAP for part in self._optional if not part.isHidden())
        size = super().minimumSizeHint()
        return QSize(size.width() - hidden, size.height())

    def sizeHint(self) -> QSize:
        """Return room for everything."""
        hidden = sum(part.sizeHint().width() + _GAP for part in self._optional if part.isHidden())
        size = super().sizeHint()
        return QSize(size.width() + hidden, size.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide what matters least where there is no room for it."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - self.minimumSizeHint().width()
        for part in self._optional:
            room -= part.sizeHint().width() + _GAP
            part.setVisible(room >= 0 and (part is not self.loss or bool(self.state.loss)))
        self._row.invalidate()  # Qt invalidates the outer row alone, and would keep room for what is hidden

    def changeEvent(self, event: QEvent) -> None:
        """Follow another theme or font size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._update_buttons()

    def _update_buttons(self) -> None:
        """Draw the icons, and fix widths that fit every text a button may have."""
        palette, role = self.palette(), QPalette.ColorRole
        highlight = self.state.pending_restart or self.state.phase == "failed"
        set_role(self.restart, "role", "attention" if highlight else "")
        self.toggle.setIcon(icon(_TOGGLE[self.state.phase][0], palette, role.HighlightedText))
        self.step.setIcon(icon("step", palette))
        self.share.setIcon(icon("down", palette))
        self.restart.setIcon(icon("restart", palette, role.HighlightedText if highlight else role.ButtonText))
        line = self.fontMetrics().height()
        texts = (
            (self.toggle, [_(_PLAY), *(_(text) for _icon, text in _TOGGLE.values())]),
            (self.restart, [_(text) for text in _RESTART]),
        )
        for button, words in texts:
            widest = max(bold_width(button, text) for text in words)
            button.setIconSize(QSize(line, line))
            button.setFixedWidth(widest + line + 34)
            button.setMinimumHeight(round(line * 2.1))


def _share_button() -> QToolButton:
    """Return a button whose menu is to be filled."""
    button = QToolButton()
    button.setText(_("Share"))
    button.setAccessibleName(_("Share"))
    button.setToolTip(_("Copy or save what is shown"))
    set_role(button, "role", "menu")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the word
    menu = QMenu(button)
    menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # it would take that of the button
    menu.setToolTipsVisible(True)
    button.setMenu(menu)
    return button
