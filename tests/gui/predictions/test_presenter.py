"""Predict, then see: offered before a run, compared with it at the stated point, never in the way."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import class_directions, make_snapshot
from msgspec.structs import replace
from PySide6.QtCore import Qt

from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.labs.lab_plot import Move
from explorer.gui.memory.window_memory import Memory, load_memory, save_memory
from explorer.gui.predictions.state import PredictionState

CONFIG = RunConfig().replace({"loss.name": "arcface"})
RING = 0.8 * class_directions(10, 2)


def open_app(folder):
    path = folder / "window.toml"
    save_memory(path, Memory(CONFIG, smooth=False))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.resize(1366, 768)
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    yield from open_app(tmp_path_factory.mktemp("predictions"))


@pytest.fixture
def own_app(tmp_path):
    """A window of which the settings may change."""
    for app in open_app(tmp_path):
        run(app, "ready", 0)
        yield app


@pytest.fixture
def app(opened):
    """A window in which a run waits at its first frame."""
    yield opened
    opened.predictions.set_enabled(True)
    run(opened, "ready", None)
    opened.autosave.save()  # it would do so a moment later


@pytest.fixture
def fresh(app):
    run(app, "ready", 0)
    return app


def run(app, phase: str, step: int | None, loss: str = "arcface", **kwargs) -> None:
    """Bring the run to a phase with a frame, as its worker would."""
    snapshot = None
    if step is not None:
        snapshot = make_snapshot(400, loss=loss, step=step, **kwargs)
        snapshot = replace(snapshot, scalars={"loss": 0.3, "test_accuracy": 0.972})
        app.run.probe = snapshot.probe
    app.run.phase, app.run.snapshot = phase, snapshot
    app.run.snapshotChanged.emit()
    app.run.stateChanged.emit()
    app.features.set_snapshot(snapshot, app.run.history)  # the schedule may still leave it some time


def shown(app) -> set[str]:
    strip = app.predictions.strip
    buttons = (strip.begin, strip.skip, strip.dismiss, strip.compare, strip.leave, strip.draw)
    return {button.text() for button in buttons if button.isVisible()}


def place_all(app, places=RING) -> None:
    for label, at in enumerate(places.tolist()):
        app.predictions.boards.blobs.moveRequested.emit(Move(str(label), tuple(at)))


def test_it_is_offered_before_a_run_and_starting_needs_no_answer(fresh):
    assert shown(fresh) == {"Predict", "Skip", "Don’t ask again"}
    run(fresh, "running", 0)
    assert not fresh.predictions.strip.isVisible()
    run(fresh, "running", 1_000)
    assert fresh.predictions.state.phase == "off"


def test_skipping_holds_for_one_run(fresh):
    fresh.predictions.strip.skip.click()
    run(fresh, "ready", 0)
    assert fresh.predictions.state.phase == "off"
    run(fresh, "running", 100)
    run(fresh, "ready", 0)
    assert fresh.predictions.state.phase == "offered"


def test_dismissed_it_stays_away_until_the_menu_brings_it_back(fresh):
    fresh.predictions.strip.dismiss.click()
    fresh.autosave.save()
    assert load_memory(fresh.autosave.path)[0].predict is False
    action = fresh.actions.action("help.predict")
    assert not action.isChecked()
    run(fresh, "running", 100)
    run(fresh, "ready", 0)
    assert fresh.predictions.state.phase == "off"
    action.trigger()
    assert action.isChecked()
    assert fresh.predictions.state.phase == "offered"


def test_a_guess_is_compared_at_the_first_frame_after_two_epochs(fresh):
    predictions = fresh.predictions
    predictions.strip.begin.click()
    place_all(fresh)
    for field, typed in ((predictions.strip.angle, "30"), (predictions.strip.accuracy, "95")):
        field.field.lineEdit().setText(typed)
        field.field.editingFinished.emit()
    run(fresh, "running", 0)
    assert "after 2 epochs" in predictions.strip.text.text()
    run(fresh, "running", 450)  # epoch 1.9
    assert predictions.state.phase == "waiting"
    run(fresh, "running", 470)
    outcome = predictions.state.outcome
    assert outcome.step == 470
    assert outcome.arrangement.off < 0.1
    assert outcome.accuracy_off == pytest.approx(2.2)
    table = predictions.strip.result.text()
    assert "97.2%" in table
    assert "2.2 points" in table
    assert str(outcome.reason) in table


def test_a_run_that_ends_earlier_is_compared_at_its_end_and_at_any_time_on_request(fresh):
    predictions = fresh.predictions
    for end in (lambda: run(fresh, "finished", 100), lambda: predictions.strip.compare.click()):
        run(fresh, "ready", 0)
        predictions.begin()
        predictions.strip.angle.guessed.emit(30.0)
        run(fresh, "running", 100)
        assert predictions.state.phase == "waiting"
        end()
        assert predictions.state.outcome.step == 100


def test_before_the_first_step_there_is_nothing_to_compare(fresh):
    fresh.predictions.begin()
    fresh.predictions.strip.angle.guessed.emit(30.0)
    run(fresh, "running", 0)
    fresh.predictions.strip.compare.click()
    assert fresh.predictions.state.phase == "waiting"


def test_blobs_that_were_not_all_placed_do_not_count(fresh):
    predictions = fresh.predictions
    predictions.begin()
    place_all(fresh, RING[:9])
    assert predictions.state.guess.blobs is None
    assert "1 class is not placed yet" in predictions.strip.text.text()
    place_all(fresh, RING)
    assert predictions.state.guess.blobs == pytest.approx(RING)
    assert "not placed" not in predictions.strip.text.text()


def test_blobs_are_reached_and_moved_by_keys(fresh, qtbot):
    fresh.predictions.begin()
    board = fresh.predictions.boards.blobs
    before = fresh.predictions.state.places.copy()
    qtbot.keyClick(board, Qt.Key.Key_PageDown)
    qtbot.keyClick(board, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    moved = fresh.predictions.state.places - before
    assert np.flatnonzero(moved.any(axis=1)).tolist() == [1]
    assert moved[1, 1] > 0


def test_the_board_is_as_large_as_the_plot_and_leaves_with_the_guess(fresh):
    fresh.predictions.begin()
    board = fresh.predictions.boards.blobs
    assert board.isVisible()
    assert board.size() == fresh.features.canvas.size()
    fresh.window.resize(1300, 800)
    assert board.size() == fresh.features.canvas.size()
    run(fresh, "running", 0)
    assert not board.isVisible()


def test_rings_lie_over_the_class_means_as_the_features_are_drawn(fresh):
    predictions = fresh.predictions
    predictions.begin()
    place_all(fresh)
    run(fresh, "running", 600)
    rings = predictions.boards.rings
    lengths = np.linalg.norm(rings._laid, axis=1)  # noqa: SLF001  # what it paints
    assert lengths == pytest.approx(np.full(10, 24), rel=0.2)
    fresh.set_feature_options(replace(fresh.features.options, normalized=True))
    assert np.linalg.norm(rings._laid, axis=1) == pytest.approx(np.ones(10), rel=0.05)  # noqa: SLF001  # as above
    fresh.set_feature_options(replace(fresh.features.options, normalized=False))
    predictions.strip.leave.click()
    assert len(rings._laid) == 0  # noqa: SLF001  # as above


def test_other_settings_make_another_board_or_none(own_app):
    predictions = own_app.predictions
    predictions.begin()
    place_all(own_app)
    own_app.run.change({"data.subset": 3})
    assert len(predictions.state.places) == 3
    assert predictions.state.guess.blobs is None
    for changes in ({"data.subset": 0, "data.classes": 26}, {"data.classes": 10, "network.dim": 3}):
        own_app.run.change(changes)
        assert predictions.state.places is None
        assert not predictions.boards.blobs.isVisible()
        assert "2-D" in predictions.strip.text.text()


def test_the_curve_is_hidden_while_it_is_drawn_and_then_compared(fresh, qtbot):
    predictions, view = fresh.predictions, fresh.pane.views["margin-curve"]
    predictions.begin()
    predictions.strip.draw.click()
    board = predictions.boards.curve
    assert [curve.text for curve in view.curve.curves][-1:] == ["cos θ"]
    assert "ArcFace" not in [curve.text for curve in view.curve.curves]
    start, end = (board.pixel(type(board.cursor_at)(*at)).toPoint() for at in ((0, 0.8), (180, -0.9)))
    qtbot.mousePress(board, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(board, end)
    qtbot.mouseRelease(board, Qt.MouseButton.LeftButton, pos=end)
    drawn = predictions.state.guess.curve.curve
    assert (drawn[0], drawn[-1]) == pytest.approx((0.8, -0.9), abs=0.05)
    board.compare.click()
    assert {"your guess", "ArcFace"} <= {curve.text for curve in view.curve.curves}
    truth = np.cos(np.minimum(np.linspace(0, np.pi, 721) + 0.2, np.pi))  # but for the last 11°
    off = np.sqrt(np.mean((drawn - truth) ** 2)) / 1.98
    assert predictions.state.curve.off == pytest.approx(off, abs=0.01)
    assert f"{predictions.state.curve.off:.0%} of its range" in predictions.strip.curve_result.text()
    assert not board.isVisible()


def test_the_curve_is_drawn_by_keys_and_starting_compares_it(fresh, qtbot):
    predictions = fresh.predictions
    predictions.begin()
    predictions.draw_curve()
    board = predictions.boards.curve
    qtbot.keyClick(board, Qt.Key.Key_Down)
    qtbot.keyClick(board, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(board, Qt.Key.Key_Down)
    qtbot.keyClick(board, Qt.Key.Key_Left)
    curve = predictions.state.guess.curve
    assert (curve.value_at(0), curve.value_at(20)) == pytest.approx((0.95, 0.9))
    assert board.cursor_at == pytest.approx((17.5, 0.95))
    run(fresh, "running", 0)
    assert predictions.state.phase == "compared"
    assert "T(θ)" in predictions.strip.result.text()


def test_a_blank_curve_is_no_guess_and_is_shown_again(fresh):
    predictions, view = fresh.predictions, fresh.pane.views["margin-curve"]
    predictions.begin()
    predictions.draw_curve()
    predictions.boards.curve.clear.click()
    run(fresh, "running", 0)
    assert predictions.state.phase == "off"
    assert "ArcFace" in {curve.text for curve in view.curve.curves}


def test_a_loss_without_a_curve_says_why_none_can_be_drawn(own_app):
    own_app.predictions.begin()
    own_app.run.set_loss("softmax")
    assert not own_app.predictions.strip.draw.isEnabled()
    assert "Softmax" in own_app.predictions.strip.draw.toolTip()


def test_another_run_drops_what_was_guessed_of_this_one(fresh):
    predictions = fresh.predictions
    for phase in ("waiting", "compared"):
        run(fresh, "ready", 0)
        predictions.begin()
        predictions.strip.angle.guessed.emit(30.0)
        run(fresh, "running", 0)
        if phase == "compared":
            run(fresh, "running", 600)
        assert predictions.state.phase == phase
        run(fresh, "ready", None)
        assert predictions.state.outcome is None
        assert predictions.state.guess.angle is None


@pytest.mark.parametrize(("typed", "kept"), [("abc", None), ("200", None), ("-1", None), ("36.5", 36.5)])
def test_a_field_takes_only_numbers_in_range(fresh, typed, kept):
    predictions = fresh.predictions
    predictions.begin()
    field = predictions.strip.angle.field
    field.lineEdit().setText(typed)
    field.editingFinished.emit()
    assert predictions.state.guess.angle == kept
    assert field.text() == ("" if kept is None else "36.5")


def test_an_emptied_field_is_no_guess_and_steps_begin_in_the_middle(fresh):
    predictions = fresh.predictions
    predictions.begin()
    field = predictions.strip.accuracy.field
    field.stepBy(1)
    assert predictions.state.guess.accuracy == 50
    field.stepBy(1)
    assert predictions.state.guess.accuracy == 51
    field.lineEdit().setText("")
    field.editingFinished.emit()
    assert predictions.state.guess.accuracy is None


def test_a_window_in_another_language_goes_on_with_the_guess(fresh):
    predictions = fresh.predictions
    predictions.begin()
    predictions.strip.angle.guessed.emit(30.0)
    state = predictions.state
    predictions.restore(PredictionState())
    predictions.restore(state)
    assert predictions.strip.angle.field.text() == "30"
    assert predictions.boards.blobs.isVisible()
