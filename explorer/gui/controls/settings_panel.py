"""SettingsPanel: all settings but those of the loss, in groups that fold."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.core.params import Param
from explorer.core.settings.config import RunConfig, flatten
from explorer.core.settings.settings import RUN, SECTIONS
from explorer.core.settings.stressors import DAMAGES, STRESSORS, StressorConfig
from explorer.core.texts import N_, _, ngettext
from explorer.gui.controls.collapsible import Collapsible
from explorer.gui.controls.param_form import ParamForm
from explorer.gui.controls.param_row import ParamRow

_STRESSORS = "stressors"
"""Key of the group of settings of the data that make it harder."""
_TITLES = {
    "network": N_("Network"),
    "optimizer": N_("Optimiser"),
    "data": N_("Data"),
    _STRESSORS: N_("Stressors"),
    "": N_("Run"),
}
_OPEN = ("network", "optimizer")
_DATA_SETS = ("data.source",)


class SettingsPanel(QWidget):
    """Shows network, optimiser, data and run of a configuration, and requests changes of them."""

    paramRequested = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Settings"))
        self.groups: dict[str, Collapsible] = {}
        self._forms: dict[str, ParamForm] = {}
        self._class_names: tuple[str, ...] = ()
        self._named_source = ""
        self._stressed = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for section, params in _groups():
            prefix = "data" if section == _STRESSORS else section
            form = self._forms[section] = ParamForm(prefix, params, _DATA_SETS)
            form.paramRequested.connect(self._on_form_param_requested)
            group = Collapsible(_(_TITLES[section]), form, expanded=section in _OPEN)
            self.groups[section] = group
            layout.addWidget(group)
        self._forms["data"].rows["data.classes"].setEnabled(False)  # it follows from the data set

    def set_config(self, config: RunConfig) -> None:
        """Show the values of a configuration; emits nothing."""
        values = flatten(config)
        left_out = self._forms["data"].rows["data.left_out"].editor
        names = self._class_names if config.data.source == self._named_source else ()
        left_out.set_classes(config.data.num_classes, names)
        for form in self._forms.values():
            form.set_values(values)
        self._forms["optimizer"].rows["optimizer.horizon"].setVisible(config.optimizer.schedule != "constant")
        self._show_stressors(config.data)
        self._count()

    def set_class_names(self, names: tuple[str, ...], source: str) -> None:
        """Use names for little room for the classes of this data set, from the next configuration on."""
        self._class_names, self._named_source = names, source

    def _show_stressors(self, config: StressorConfig) -> None:
        """Show what belongs to the stressors that are on, and open their group when the first one is."""
        rows = self._forms[_STRESSORS].rows
        rows["data.wrong_kind"].setVisible(config.wrong_labels > 0)
        rows["data.damaged"].setVisible(any(rows[f"data.{name}"].is_changed for name in DAMAGES))
        stressed = bool(config.in_force)
        if stressed and not self._stressed:
            self.groups[_STRESSORS].header.setChecked(True)
        self._stressed = stressed

    def set_pending(self, names: Collection[str]) -> None:
        """Mark the settings whose change applies after a restart, and no others."""
        for form in self._forms.values():
            form.set_pending(names)

    def row(self, name: str) -> ParamRow | None:
        """Return the row of a dotted name, or None."""
        return next((form.rows[name] for form in self._forms.values() if name in form.rows), None)

    def unfold(self, name: str) -> None:
        """Open the group of a dotted name."""
        section = next((section for section, form in self._forms.items() if name in form.rows), None)
        if section is not None:
            self.groups[section].header.setChecked(True)

    def _on_form_param_requested(self, name: str, value: object) -> None:
        self._count()
        self.paramRequested.emit(name, value)

    def _count(self) -> None:
        for section, form in self._forms.items():
            count = form.changed
            remark = ngettext("{count} changed", "{count} changed", count).format(count=count)
            self.groups[section].set_remark(remark if count else "")


def _groups() -> Iterator[tuple[str, tuple[Param, ...]]]:
    """Yield the key and the settings of each group; those that make the data harder are one of their own."""
    stressors = {param.name for param in STRESSORS}
    for section, params in SECTIONS.items():
        yield section, tuple(param for param in params if section != "data" or param.name not in stressors)
    yield _STRESSORS, tuple(param for param in SECTIONS["data"] if param.name in stressors)
    yield "", RUN
