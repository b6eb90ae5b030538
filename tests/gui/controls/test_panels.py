"""The panels show any configuration silently, and every act of a person reaches the owner of the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from explorer.core.losses.catalog import LOSSES
from explorer.core.settings import settings
from explorer.core.settings.config import RunConfig, flatten
from explorer.gui.controls import settings_panel
from explorer.gui.controls.editors.number import NumberEditor
from explorer.gui.controls.loss_panel import LossPanel
from explorer.gui.controls.param_form import ParamForm
from explorer.gui.controls.param_row import ParamRow
from explorer.gui.controls.settings_panel import SettingsPanel
from explorer.gui.controls.side_panel import SidePanel

pytestmark = [pytest.mark.qt_log_ignore("propagateSizeHints"), pytest.mark.usefixtures("themed")]

ODD = {
    "loss.name": "arcface",
    "loss.margin": 0.3333333333333333,
    "loss.scale": 17.123,
    "optimizer.rate": 0.0123456789,
    "optimizer.batch": 777,
    "optimizer.warmup": 12345,
    "network.dim": 3,
    "network.relu": True,
    "data.source": "/data/mnist",
    "seed": 2**31 - 1,
    "device": "cpu",
}


def test_stressors_are_a_folded_group_that_opens_with_the_first_one(panel: SidePanel) -> None:
    """And shows what a wrong label is, and how many images are damaged, only where some are."""
    group = panel.settings.groups["stressors"]
    kind, share = row_of(panel, "data.wrong_kind"), row_of(panel, "data.damaged")
    panel.set_config(RunConfig())
    assert not group.header.isChecked()
    panel.set_config(RunConfig().replace({"data.wrong_labels": 0.3}))
    assert group.header.isChecked()
    assert (kind.isVisible(), share.isVisible()) == (True, False)
    panel.set_config(RunConfig().replace({"data.blur": 0.3}))
    assert (kind.isVisible(), share.isVisible()) == (False, True)
    panel.set_config(RunConfig())
    assert group.header.isChecked(), "what a person looks at does not fold under the pointer"


class Owner:
    """Holds a configuration and answers a panel's wishes, as a run does."""

    def __init__(self, panel: SidePanel) -> None:
        self.config = RunConfig()
        self.panel = panel
        self.acts: list[Any] = []
        panel.paramRequested.connect(self._on_param_requested)
        panel.lossRequested.connect(self._on_loss_requested)
        panel.set_config(self.config)

    def change(self, name: str, value: object) -> None:
        self.config = self.config.replace({name: value})
        self.panel.set_config(self.config)

    def _on_param_requested(self, name: str, value: object) -> None:
        self.acts.append(name)
        self.change(name, value)

    def _on_loss_requested(self, name: str) -> None:
        self.acts.append(name)
        self.change("loss.name", name)


def row_of(panel: SidePanel, name: str) -> ParamRow:
    row = panel.row(name)
    assert row is not None
    return row


@pytest.fixture
def panel(qtbot: QtBot) -> SidePanel:
    result = SidePanel()
    qtbot.addWidget(result)
    result.resize(300, 700)
    result.show()
    qtbot.waitExposed(result)
    return result


def test_configuration_is_shown_exactly_and_silently(panel: SidePanel) -> None:
    owner = Owner(panel)
    config = RunConfig().replace(ODD)
    panel.set_config(config)
    values = {name: value for name, value in flatten(config).items() if name != "loss.name"}
    assert {name: row_of(panel, name).value for name in values} == values
    for name, value in values.items():
        editor = row_of(panel, name).editor
        if isinstance(editor, NumberEditor):
            word = editor.param.zero if value == 0 else ""
            assert editor.field.text() == word if word else float(editor.field.text()) == value
    assert owner.acts == []


def test_choosing_a_loss_shows_its_parameters_with_its_defaults(panel: SidePanel, qtbot: QtBot) -> None:
    owner = Owner(panel)
    choice = panel.loss.choice
    choice.setFocus()
    for _ in range(len(LOSSES)):
        qtbot.keyClick(choice, Qt.Key.Key_Down)
    assert set(owner.acts) <= set(LOSSES)
    assert len(owner.acts) == len(LOSSES) - 1
    for name, spec in LOSSES.items():
        owner.change("loss.name", name)
        assert choice.currentText() == spec.title
        assert list(panel.loss.form.rows) == [f"loss.{param.name}" for param in spec.params]
        texts = " ".join(label.text() for label in panel.loss.findChildren(QLabel) if label.isVisible())
        assert spec.summary in texts
        assert spec.paper is None or spec.paper.venue in texts


def test_picking_the_same_loss_again_is_no_act(panel: SidePanel) -> None:
    owner = Owner(panel)
    panel.loss.choice.activated.emit(panel.loss.choice.currentIndex())
    assert owner.acts == []


def test_drag_is_one_edit_even_if_the_loss_changes_meanwhile(panel: SidePanel, qtbot: QtBot) -> None:
    owner = Owner(panel)
    owner.change("loss.name", "arcface")
    QApplication.processEvents()
    editor = row_of(panel, "loss.margin").editor
    assert isinstance(editor, NumberEditor)
    qtbot.mousePress(editor.slider, Qt.MouseButton.LeftButton, pos=QPoint(editor.slider.width() - 9, 8))
    owner.change("loss.name", "cosface")
    assert owner.acts == ["loss.margin"]


def test_refused_change_is_taken_back(panel: SidePanel) -> None:
    row = panel.row("data.subset")
    assert row is not None
    config = RunConfig()
    panel.set_config(config)
    row.editor.valueRequested.emit("900")  # more than there are classes, which only the configuration knows
    panel.set_config(config)
    assert row.value == 0


def test_pending_marks_those_rows_only(panel: SidePanel) -> None:
    Owner(panel)
    panel.set_pending(["network.dim", "optimizer.batch"])
    waiting = {
        name
        for name in flatten(RunConfig())
        if (row := panel.row(name))
        and any(label.property("badge") == "pending" for label in row.findChildren(QLabel))
    }
    assert waiting == {"network.dim", "optimizer.batch"}


def test_the_length_of_a_decay_is_not_shown_where_nothing_decays(panel: SidePanel) -> None:
    row = row_of(panel, "optimizer.horizon")
    for schedule in ("constant", "cosine"):
        panel.set_config(RunConfig().replace({"optimizer.schedule": schedule}))
        assert row.isHidden() == (schedule == "constant")


def test_folded_group_says_how_many_settings_differ(panel: SidePanel) -> None:
    panel.set_config(RunConfig().replace({"data.classes": 12, "data.test_probe": 500}))
    data = panel.settings.groups["data"]
    assert not row_of(panel, "data.classes").isVisible()
    assert "2 changed" in [label.text() for label in data.findChildren(QLabel)]
    data.header.click()
    assert row_of(panel, "data.classes").isVisible()


def test_the_rate_is_that_of_the_optimiser_and_is_reset_to_it(panel: SidePanel) -> None:
    owner = Owner(panel)
    row = row_of(panel, "optimizer.rate")
    owner.change("optimizer.name", "adamw")
    assert (row.value, row.is_changed) == (0.01, False)
    owner.change("optimizer.rate", 0.05)
    assert row.is_changed
    row.reset()
    assert owner.config.optimizer.rate == 0.01
    owner.change("optimizer.name", "sgd")
    assert (row.value, row.is_changed) == (0.1, False)


def test_every_widget_that_takes_focus_has_a_name(panel: SidePanel) -> None:
    Owner(panel)
    for group in panel.settings.groups.values():
        group.header.setChecked(True)
    for loss in LOSSES:
        panel.set_config(RunConfig().replace({"loss.name": loss}))
        visible = [widget for widget in panel.findChildren(QWidget) if widget.isVisible()]
        assert len(visible) > 100
        for widget in visible:
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                named = widget.accessibleName() or (isinstance(widget, QLabel) and widget.text())
                assert named, widget
            if isinstance(widget, QAbstractButton):
                assert widget.accessibleName() or widget.text(), widget


@pytest.mark.parametrize("longer", [False, True])
@pytest.mark.parametrize("scale", [1.0, 1.4])
def test_nothing_is_cut_off_at_the_side(
    qtbot: QtBot, themed: QApplication, monkeypatch: pytest.MonkeyPatch, longer: bool, scale: float
) -> None:
    if longer:
        stretched = {
            section: tuple(
                msgspec.structs.replace(p, label=p.label + " " + "x" * round(0.4 * len(p.label)))
                for p in params
            )
            for section, params in settings.SECTIONS.items()
        }
        monkeypatch.setattr(settings_panel, "SECTIONS", stretched)
    font = themed.font()
    font.setPointSizeF(font.pointSizeF() * scale)
    themed.setFont(font)
    panel = SidePanel()
    qtbot.addWidget(panel)
    for group in panel.settings.groups.values():
        group.header.setChecked(True)
    panel.resize(round(260 * scale), 700)
    for loss in LOSSES:
        panel.set_config(RunConfig().replace({"loss.name": loss, "optimizer.rate": 0.03}))
        panel.show()
        QApplication.processEvents()
        assert panel.horizontalScrollBar().maximum() == 0
        assert panel.minimumSizeHint().width() <= round(260 * scale)
        for row in panel.findChildren(NumberEditor):
            field = row.field
            assert field.lineEdit().width() >= field.fontMetrics().horizontalAdvance("0.0005")


@pytest.mark.parametrize("make", [LossPanel, SettingsPanel, SidePanel])
def test_panel_dies_with_its_last_reference(
    make: Callable[[], LossPanel | SettingsPanel | SidePanel],
    assert_collected: Callable[[Callable[[], QWidget]], None],
) -> None:
    def used() -> QWidget:
        panel = make()
        for loss in ("arcface", "center"):
            panel.set_config(RunConfig().replace({"loss.name": loss}))
        return panel

    assert_collected(used)


def test_old_rows_die_when_the_loss_changes(
    panel: SidePanel, assert_collected: Callable[[Callable[[], QWidget]], None]
) -> None:
    Owner(panel)

    def old_form() -> ParamForm:
        panel.set_config(RunConfig().replace({"loss.name": "arcface"}))
        form = panel.loss.form
        panel.set_config(RunConfig().replace({"loss.name": "softmax"}))
        return form

    assert_collected(old_form)
