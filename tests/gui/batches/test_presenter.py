"""One batch in four beats: what each shows, and how the walk ends when the run goes on by itself."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.batches.test_moment import examined
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.core.protocol.arrays import Array
from explorer.core.protocol.messages import ExamineBatch
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.batches.state import Beat
from explorer.gui.memory.window_memory import Memory, save_memory

FEATURES = np.array([[30.0, 5.0], [-10.0, 20.0], [5.0, -25.0]])
GRADIENT = np.array([[0.1, 0.0], [-0.2, -0.4], [0.0, 0.05]])


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    path = tmp_path_factory.mktemp("batches") / "window.toml"
    save_memory(path, Memory(RunConfig(), smooth=False, predict=False))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.resize(1366, 768)
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()


@pytest.fixture
def sent(opened, monkeypatch):
    found = []
    monkeypatch.setattr(opened.client, "send", found.append)
    monkeypatch.setattr(opened.run, "step", lambda: found.append("step"))
    return found


@pytest.fixture
def told(opened, monkeypatch):
    found = []
    monkeypatch.setattr(opened.window.status, "show_event", lambda sentence: found.append(str(sentence)))
    return found


@pytest.fixture
def app(opened, sent, told):  # noqa: ARG001  # nothing is sent to a worker, or stays in the status line
    """A window in which a run is paused at step 1200."""
    show(opened, 1_200)
    yield opened
    opened.batches.leave()
    opened.run.probe = opened.run.snapshot = None
    opened.run.snapshotChanged.emit()
    opened.autosave.save()  # features of another dimension have other options


def show(app, step: int, phase: str = "paused", **kwargs) -> None:
    snapshot = make_snapshot(60, train=50, step=step, **kwargs)
    before = app.run.probe
    snapshot = snapshot if before is None else replace(snapshot, probe=before)
    app.run.probe, app.run.snapshot, app.run.phase = snapshot.probe, snapshot, phase
    app.run.snapshotChanged.emit()
    app.run.stateChanged.emit()
    app.features.set_snapshot(snapshot, app.run.history)  # the schedule may still leave it some time


def answer(app, step: int, features=FEATURES, **kwargs) -> None:
    app.run.batch_queries.examined.emit(examined(features, GRADIENT, step=step, **kwargs))


def words(app) -> str:
    return app.batches.strip.text.text()


def test_the_beats_follow_each_other_with_the_numbers_of_the_image_that_is_pulled_most(app, sent):
    app.actions.action("run.batch").trigger()
    assert [type(command) for command in sent] == [ExamineBatch]
    assert not app.batches.strip.forth.isEnabled()
    answer(app, 1_200)
    assert "1 of 4" in app.batches.strip.title.text()
    assert app.batches.state.row == 1
    assert "x = (−10, 20), ‖x‖ = 22.36" in words(app)
    app.batches.strip.forth.click()
    assert app.batches.strip.bars.isVisible()
    assert "class 1" in app.batches.strip.bars.accessibleDescription()
    app.batches.strip.forth.click()
    assert not app.batches.strip.bars.isVisible()
    assert "cross-entropy" in words(app)
    assert "Loss of the whole batch: 2.5." in words(app)
    app.batches.strip.forth.click()
    assert "−3·∂L/∂x = (0.6, 1.2)" in words(app)
    marks = app.batches._item.marks  # noqa: SLF001  # what it paints
    assert marks.ends - marks.points == pytest.approx(scaled_forces(), rel=1e-4, abs=1e-4)
    app.batches.strip.back.click()
    assert app.batches.state.beat is Beat.LOSS


def scaled_forces() -> np.ndarray:
    """Return the forces in the scale in which the largest is 0.3 of the root mean square length."""
    forces = -3 * GRADIENT
    size = np.sqrt((FEATURES**2).sum(axis=1).mean())
    return forces * 0.3 * size / np.linalg.norm(forces, axis=1).max()


def test_after_the_force_the_step_is_made_and_shown(app, sent):
    app.batches.go_on()
    answer(app, 1_200)
    for _beat in range(4):
        app.batches.go_on()
    assert sent[1:] == ["step"]
    assert "Making the step" in words(app)
    show(app, 1_201)
    question = sent[-1]
    assert question.indices.numpy().tolist() == [40, 41, 42]
    answer(app, 1_201, FEATURES + np.array([[0, 0], [3, 4], [0, 0]]), scalars={"loss": 2.0})
    assert "x moved by (3, 4), length 5." in words(app)
    assert "Loss of the batch: 2.5, now 2." in words(app)
    marks = app.batches._item.marks  # noqa: SLF001  # what it paints
    assert (marks.ends - marks.points).tolist() == [[0, 0], [3, 4], [0, 0]]
    assert not app.batches.strip.back.isEnabled()
    app.actions.action("run.batch").trigger()
    assert app.batches.state.before is None
    assert sent[-1].indices is None


def test_a_change_of_settings_shows_the_batch_anew(app, sent):
    app.batches.go_on()
    answer(app, 1_200)
    app.batches.go_on()
    app.batches.focus_image(1)
    show(app, 1_200)
    assert len(sent) == 2
    answer(app, 1_200, 2 * FEATURES)
    assert app.batches.state.beat is Beat.SCORES
    assert app.batches.state.row == 2
    assert app.batches.state.before.snapshot.features[0].tolist() == [60, 10]


def test_an_answer_for_a_step_whose_frame_is_on_its_way_is_asked_for_again(app, sent):
    app.batches.go_on()
    answer(app, 1_203)
    assert app.batches.state.before is None
    show(app, 1_203)
    assert len(sent) == 2
    answer(app, 1_203)
    assert app.batches.state.before is not None


@pytest.mark.parametrize(
    "end",
    [
        lambda app: show(app, 1_200, "running"),
        lambda app: show(app, 1_205),
        lambda app: app.batches.strip.leave.click(),
        lambda app: app.run.batch_queries.refused.emit("No."),
    ],
    ids=["the run goes on", "another step is made", "it is left", "the worker refuses"],
)
def test_the_walk_ends_and_takes_its_marks_along(app, end):
    app.batches.go_on()
    answer(app, 1_200)
    assert app.batches.strip.isVisible()
    end(app)
    assert app.batches.state is None
    assert not app.batches.strip.isVisible()
    assert app.batches._item.marks is None  # noqa: SLF001  # what it paints


def test_all_of_the_batch_is_in_sight_and_the_view_comes_back(app):
    app.batches.go_on()
    answer(app, 1_200, 10 * FEATURES)
    seen = app.features.plane.visible()
    assert seen.right > 300
    assert seen.top > 200
    assert "lies elsewhere" in words(app)
    app.batches.leave()
    assert app.features.plane.visible().right < 100


def test_the_image_in_focus_is_selected_where_it_is_plotted(app):
    app.batches.go_on()
    answer(app, 1_200, indices=Array.of(np.array([60, 70, 3], np.int32)))
    assert app.pane.state.selection.rows.tolist() == [70]
    app.batches.strip.previous.click()
    assert app.pane.state.selection.rows.tolist() == [60]


def test_in_space_the_batch_is_painted_too(app):
    app.run.probe = None  # another run
    show(app, 1_200, dim=3)
    app.batches.go_on()
    gradient = np.column_stack([GRADIENT, GRADIENT[:, 0]])
    features = np.column_stack([FEATURES, FEATURES[:, 1]])
    app.run.batch_queries.examined.emit(examined(features, gradient, step=1_200))
    app.batches.go_on()
    before = app.features.space.grab().toImage()
    assert app.batches.state.marks(normalized=False).need.extent > 30
    app.batches.leave()
    assert app.features.space.grab().toImage() != before


def test_without_a_frame_there_is_no_batch(app, sent, told):
    app.run.snapshot = None
    app.batches.go_on()
    assert app.batches.state is None
    assert sent == []
    assert "newest frame" in told[0]
