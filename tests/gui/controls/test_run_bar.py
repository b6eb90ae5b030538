"""The run bar asks for what its buttons say, and its read-outs keep still."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from analysis.snapshots import make_history, make_snapshot
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from superqt import QElidingLabel

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.settings.config import RunConfig
from explorer.gui.controls.run_bar import RunBar, RunBarState
from explorer.gui.export.images import picture
from explorer.gui.messages.readout import loss_text, run_bar_state

pytestmark = [pytest.mark.qt_log_ignore("propagateSizeHints"), pytest.mark.usefixtures("themed")]


@pytest.fixture
def bar(qtbot: QtBot) -> RunBar:
    result = RunBar()
    qtbot.addWidget(result)
    result.resize(1300, result.sizeHint().height())
    result.show()
    return result


def test_read_outs_say_how_far_the_run_is(bar: RunBar) -> None:
    state = RunBarState(
        phase="running",
        epoch=3.204,
        step=1200,
        accuracy=0.9741,
        probe_samples=2000,
        speed=9600.4,
        device="cpu",
        seed=7,
    )
    bar.set_state(state)
    texts = {name: readout.text for name, readout in bar.readouts.items()}
    assert texts == {
        "epoch": "3.20",
        "step": "1,200",
        "accuracy": "97.4%",
        "speed": "9,600",
        "device": "cpu",
        "seed": "7",
    }
    assert "2,000 test images" in bar.readouts["accuracy"].toolTip()
    bar.set_state(RunBarState(phase="ready"))
    assert (bar.readouts["accuracy"].text, bar.readouts["device"].text) == ("", "")
    bar.set_state(RunBarState(phase="ready", starting=True))
    assert bar.readouts["device"].text == "starting…"


def test_a_higher_accuracy_is_counted_up_to_and_a_lower_one_told_at_once(bar: RunBar, qtbot: QtBot) -> None:
    readout, seen = bar.readouts["accuracy"], []

    first, other = make_snapshot().probe, make_snapshot().probe

    def show(accuracy: float, run: ProbeSet | None = first) -> None:
        seen.clear()
        bar.set_state(RunBarState(phase="running", accuracy=accuracy, rising=run))

    show(0.2)
    assert readout.text == "20.0%"
    show(0.9)
    assert readout.accessibleName() == "Test accuracy 90.0%", "it is read out once, and as it is"
    while readout.text != "90.0%":
        seen.append(float(readout.text.rstrip("%")))
        qtbot.wait(10)
    assert seen == sorted(seen)
    assert 20.0 <= seen[0] < seen[-1] < 90.0
    show(0.5)
    assert readout.text == "50.0%"
    show(0.6)
    assert readout.text != "60.0%"
    for accuracy, run in ((0.6, None), (0.7, None), (0.75, first), (0.8, other), (0.9, None)):
        show(accuracy, run)
        assert readout.text == f"{accuracy:.1%}", "neither in another run nor at an earlier frame"


def test_an_accuracy_is_counted_up_to_only_while_training_is_followed() -> None:
    run: Any = SimpleNamespace(
        phase="running",
        config=RunConfig(),
        started=None,
        pending=SimpleNamespace(restart=()),
        starting=False,
        restoring=None,
    )
    snapshot, history = make_snapshot(), make_history(3)

    def rising(*, training: bool = True, smooth: bool = True, recording: object = None) -> ProbeSet | None:
        cursor = SimpleNamespace(
            snapshot=snapshot, history=history, training=training, config=snapshot.config
        )
        viewer: Any = SimpleNamespace(cursor=cursor, recording=recording, playback=Mock(playing=True))
        return run_bar_state(run, viewer, smooth=smooth).rising

    assert rising() is snapshot.probe
    assert rising(training=False) is rising(smooth=False) is None
    assert rising(training=False, recording=SimpleNamespace(device="cpu")) is None


def test_a_saved_picture_has_the_accuracy_of_its_step(bar: RunBar) -> None:
    run = make_snapshot().probe
    for accuracy in (0.2, 0.9):
        bar.set_state(RunBarState(phase="running", accuracy=accuracy, rising=run))
    assert bar.readouts["accuracy"].text != "90.0%"
    picture(bar)
    assert bar.readouts["accuracy"].text == "90.0%"


def test_nothing_moves_while_numbers_grow(bar: RunBar) -> None:
    def places() -> list[int]:
        QApplication.processEvents()
        widgets = (bar.toggle, bar.step, bar.restart, *bar.readouts.values())
        return [value for widget in widgets for value in (widget.x(), widget.width())]

    bar.set_state(RunBarState(phase="ready"))
    before = places()
    for phase in ("running", "paused", "failed"):
        bar.set_state(
            RunBarState(
                phase=phase,
                epoch=123.4,
                step=9_999_999,
                accuracy=1.0,
                speed=123_456.0,
                device="a very long name",
                seed=2**31 - 1,
                pending_restart=True,
            )
        )
        assert places() == before


def test_the_accuracy_is_the_largest_number_and_has_a_curve(bar: RunBar) -> None:
    bar.set_state(RunBarState(accuracy=0.9, trace=(0.2, 0.7, 0.9)))
    heights = {
        name: max(label.fontMetrics().height() for label in readout.findChildren(QElidingLabel))
        for name, readout in bar.readouts.items()
    }
    assert heights.pop("accuracy") > 1.5 * max(heights.values())
    curve = bar.readouts["accuracy"].curve
    before = curve.grab().toImage()
    bar.set_state(RunBarState(accuracy=0.9, trace=(0.2, 0.9, 0.3)))
    assert curve.isVisible()
    assert curve.grab().toImage() != before


def test_restart_says_that_changes_wait(bar: RunBar) -> None:
    bar.set_state(RunBarState(phase="paused", pending_restart=True))
    assert bar.restart.text() == "Restart to apply"
    assert bar.restart.property("role") == "attention"
    bar.set_state(RunBarState(phase="paused"))
    assert bar.restart.text() == "Restart"
    assert bar.restart.property("role") == ""


def test_the_loss_comes_with_its_margins_and_is_cut_where_it_is_long(bar: RunBar) -> None:
    assert bar.loss.isHidden(), "nothing is known of it"
    for name, words in (
        ("softmax", "Softmax"),
        ("arcface", "ArcFace · m = 0.2"),
        ("combined", "Combined margin · m₂ = 0.1 · m₃ = 0.1"),
    ):
        config = RunConfig().replace({"loss.name": name})
        if name == "combined":
            config = config.replace({"loss.m1": 1, "loss.m2": 0.1, "loss.m3": 0.1})
        bar.set_state(RunBarState(loss=loss_text(config)))
        assert bar.loss.accessibleName() == words
        assert bar.loss.isVisible()
    bar.set_state(RunBarState(loss=60 * "long"))
    assert bar.loss.text().endswith("…")
    assert bar.loss.width() < 400


@pytest.mark.parametrize("width", [1366, 1000, 760, 560])
def test_nothing_in_the_bar_covers_anything(bar: RunBar, width: int) -> None:
    bar.set_state(RunBarState(loss="Combined margin · m₂ = 0.1 · m₃ = 0.1", accuracy=0.5))
    bar.resize(max(width, bar.minimumSizeHint().width()), bar.height())
    parts = [bar.toggle, bar.step, bar.restart, bar.loss, bar.share, *bar.readouts.values()]
    places = sorted((part.geometry() for part in parts if part.isVisible()), key=lambda place: place.left())
    assert all(one.right() < other.left() for one, other in pairwise(places))
    assert places[-1].right() <= bar.width()


def test_narrow_bar_keeps_what_matters(bar: RunBar) -> None:
    bar.resize(bar.minimumSizeHint().width(), bar.height())
    QApplication.processEvents()
    visible = [name for name, readout in bar.readouts.items() if readout.isVisible()]
    assert visible == ["accuracy", "epoch", "step"]
    last = bar.readouts["step"].geometry()
    assert last.right() <= bar.width()
    bar.resize(1300, bar.height())
    QApplication.processEvents()
    assert all(readout.isVisible() for readout in bar.readouts.values())


def test_everything_has_a_name(bar: RunBar) -> None:
    for widget in (bar, *bar.findChildren(QAbstractButton), *bar.readouts.values()):
        assert widget.accessibleName()


def test_bar_dies_with_its_last_reference(
    assert_collected: Callable[[Callable[[], QWidget]], None],
) -> None:
    assert_collected(RunBar)


def test_a_value_that_is_too_long_is_cut_in_sight_and_whole_for_those_who_hear_it(bar: RunBar) -> None:
    bar.set_state(RunBarState(phase="ready", device="a device with a name that is longer than its place"))
    readout = bar.readouts["device"]
    (value,) = (label for label in readout.findChildren(QElidingLabel) if label.text() == readout.text)
    shown = QLabel.text(value)
    assert shown.endswith("…")
    assert value.fontMetrics().horizontalAdvance(shown) <= value.width()
    assert "longer than its place" in readout.accessibleName()
    bar.set_state(RunBarState(phase="ready", device="cpu"))
    assert QLabel.text(value) == "cpu"


def test_read_outs_explain_themselves_instead_of_repeating_their_value(bar: RunBar) -> None:
    bar.set_state(RunBarState(epoch=0.11, accuracy=0.97, probe_samples=2000, device="CPU"))
    tips = {name: readout.toolTip() for name, readout in bar.readouts.items()}
    assert tips["epoch"] == "Passes over the training images so far."
    assert tips["accuracy"] == "Fraction of 2,000 test images classified correctly."
    bar.set_state(RunBarState(accuracy=0.97, probe_samples=1000, left_out="5-9", device="CPU"))
    assert "1,000 test images" in bar.readouts["accuracy"].toolTip()
    assert "without the classes left out of training (5-9)" in bar.readouts["accuracy"].toolTip().replace(
        "\n", " "
    )
    for name, readout in bar.readouts.items():
        assert len(tips[name].split()) > 3
        assert readout.text not in tips[name]
