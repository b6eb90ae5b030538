"""ParamForm: the rows of one section of the settings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QVBoxLayout, QWidget

from explorer.core.params import Param, Value
from explorer.core.settings.defaults import chooser_of
from explorer.gui.controls.param_row import ParamRow


class ParamForm(QWidget):
    """One row per parameter, under each other.

    Parameters
    ----------
    section : str
        What stands before the dot of a setting's name, empty for settings of the run itself.
    params : iterable of Param
        Descriptions, in the order of the rows.
    data_sets : collection of str
        Dotted names of texts that name a data set.
    """

    paramRequested = Signal(str, object)

    def __init__(
        self,
        section: str,
        params: Iterable[Param],
        data_sets: Collection[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.rows: dict[str, ParamRow] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for param in params:
            name = f"{section}.{param.name}" if section else param.name
            row = self.rows[name] = ParamRow(name, param, name in data_sets)
            row.paramRequested.connect(self.paramRequested)
            layout.addWidget(row)

    @property
    def changed(self) -> int:
        """How many values differ from their defaults."""
        return sum(row.is_changed for row in self.rows.values())

    def stops(self) -> list[QWidget]:
        """Return what Tab goes through, from top to bottom; not the parts of an input."""
        return [
            widget
            for widget in self.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.window() is self.window()
            and not isinstance(widget.parentWidget(), QAbstractSpinBox)
        ]

    def set_values(self, values: Mapping[str, Value]) -> None:
        """Show the values of these dotted names; emits nothing."""
        for name, row in self.rows.items():
            chooser = chooser_of(name)
            if chooser:
                row.set_default(row.param.default_among({row.param.default_by[0]: values[chooser]}))
            row.set_value(values[name])

    def set_pending(self, names: Collection[str]) -> None:
        """Mark the rows whose change applies after a restart, and no others."""
        for name, row in self.rows.items():
            row.set_pending(name in names)
