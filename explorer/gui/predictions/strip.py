"""PredictionStrip: asks for a prediction below the features, and shows what has come of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from explorer.core.params import Param, ParamError
from explorer.core.texts import N_, _
from explorer.gui.central_area import ReflowRow, row_of, strip_button
from explorer.gui.controls.fields import NumberField
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.controls.stops import format_number
from explorer.gui.predictions.state import PredictionState
from explorer.gui.predictions.wording import curve_text, instruction, result_html, score_tip
from explorer.gui.theme.tooltips import wrapped

_ANGLE = Param(name="angle", label=N_("Angle between neighbours (°)"), default=90.0, min=0.0, max=180.0)
_ACCURACY = Param(name="accuracy", label=N_("Test accuracy (%)"), default=50.0, min=0.0, max=100.0)


class GuessField(QWidget):
    """A field for a number that may be left empty.

    Signals
    -------
    guessed(object)
        The number, None for an empty field.
    """

    guessed = Signal(object)

    def __init__(self, param: Param) -> None:
        super().__init__()
        self._param = param
        self._value: float | None = None
        label = QLabel(_(param.label))
        self.field = NumberField()
        self.field.setAccessibleName(label.text())
        self.field.lineEdit().setPlaceholderText("–")
        label.setBuddy(self.field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self.field)
        self.field.textRequested.connect(self._on_entered)
        self.field.stepRequested.connect(self._on_step_requested)
        self.field.lineEdit().returnPressed.connect(self.field.clearFocus)

    def show_value(self, value: float | None) -> None:
        """Show a number, or an empty field."""
        self._value = value
        self.field.show_text("" if value is None else format_number(value))

    def _on_entered(self, typed: object) -> None:
        """Take what is typed if it is a number in range, or nothing; show the last number otherwise."""
        try:
            wanted = None if typed == "" else float(self._param.check(typed, _(self._param.label)))
        except ParamError:
            wanted = self._value
        self.show_value(wanted)
        self.guessed.emit(wanted)

    def _on_step_requested(self, steps: int) -> None:
        """Go up or down by one; from an empty field begin in the middle."""
        self._on_entered(self._param.default if self._value is None else self._bounded(self._value + steps))

    def _bounded(self, value: float) -> float:
        assert self._param.min is not None
        assert self._param.max is not None
        return min(max(value, self._param.min), self._param.max)


class PredictionStrip(QFrame):
    """Shows a `PredictionState`, and asks for what a person wants.

    Signals
    -------
    beginRequested(), skipRequested(), dismissRequested()
        A prediction should begin, not be made this time, not be offered any more.
    angleGuessed(object), accuracyGuessed(object)
        Degrees; percent; None for no guess.
    curveRequested()
        T(θ) should be drawn.
    compareRequested(), closeRequested()
        The run should be compared now; the result, or a guess that is not compared yet, should go.
    """

    beginRequested = Signal()
    skipRequested = Signal()
    dismissRequested = Signal()
    angleGuessed = Signal(object)
    accuracyGuessed = Signal(object)
    curveRequested = Signal()
    compareRequested = Signal()
    closeRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card", "true")
        self.setAccessibleName(_("Prediction"))
        self.text = WrappedLabel()
        self.result = WrappedLabel()
        self.result.setTextFormat(Qt.TextFormat.RichText)
        self.result.setToolTip(wrapped(score_tip()))
        self.curve_result = WrappedLabel()
        self.curve_result.setToolTip(wrapped(score_tip()))
        self.begin = strip_button(_("Predict"), self.beginRequested)
        set_role(self.begin, "role", "primary")
        self.skip = strip_button(_("Skip"), self.skipRequested)
        self.dismiss = strip_button(_("Don’t ask again"), self.dismissRequested)
        self.dismiss.setToolTip(_("Help › Predict first offers it again."))
        self.compare = strip_button(_("Compare now"), self.compareRequested)
        self.leave = strip_button("", self.closeRequested)
        self.angle, self.accuracy = GuessField(_ANGLE), GuessField(_ACCURACY)
        self.angle.guessed.connect(self.angleGuessed)
        self.accuracy.guessed.connect(self.accuracyGuessed)
        self.draw = strip_button(_("Draw T(θ)"), self.curveRequested)
        self._fields = ReflowRow(row_of(self.angle), row_of(self.accuracy, self.draw), spacing=12)
        buttons = row_of(self.begin, self.compare, self.skip, self.dismiss, self.leave)
        text = QWidget()
        text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        texts = QVBoxLayout(text)
        texts.setContentsMargins(0, 0, 0, 0)
        texts.addWidget(self.text)
        texts.addWidget(self.result)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.setSpacing(6)
        column.addWidget(ReflowRow(text, buttons))
        column.addWidget(self._fields)
        column.addWidget(self.curve_result)
        self._shown: tuple[PredictionState, str, bool] | None = None
        self.hide()

    def show_state(self, state: PredictionState, *, no_curve: str = "", hidden: bool = False) -> None:
        """Show a state, or nothing of it where ``hidden``.

        ``no_curve`` says why T(θ) cannot be drawn; it is empty where it can.
        """
        if (state, no_curve, hidden) == self._shown:  # every change of a setting shows it again
            return
        self._shown = state, no_curve, hidden
        phase = state.phase
        self.text.setText(instruction(state))
        self.text.setVisible(bool(self.text.text()))
        self.result.setText(result_html(state))
        self.result.setVisible(bool(self.result.text()))
        self.curve_result.setText(curve_text(state))
        self.curve_result.setVisible(bool(self.curve_result.text()))
        self.begin.setVisible(phase == "offered")
        self.dismiss.setVisible(phase == "offered")
        self.skip.setVisible(phase in ("offered", "guessing"))
        self.compare.setVisible(phase == "waiting")
        self.leave.setText(_("Discard") if phase == "waiting" else _("Close"))
        self.leave.setVisible(phase in ("waiting", "compared"))
        self._fields.setVisible(phase == "guessing")
        self.angle.show_value(state.guess.angle)
        self.accuracy.show_value(state.guess.accuracy)
        self.draw.setEnabled(not no_curve and not state.drawing)
        self.draw.setToolTip(
            wrapped(no_curve or _("Draw the curve in the Margin curve view before it is shown."))
        )
        self.setVisible(phase != "off" and not hidden)
