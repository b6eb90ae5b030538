"""Arrows are the forces on the points, and cost nothing where nobody sees them."""

from __future__ import annotations

from unittest.mock import MagicMock

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from gui.session.fake_client import FakeClient, announce, frame
from gui.session.sources import ListSource
from gui.views.packed_pixels import picture
from msgspec.structs import replace
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPainter

from explorer.analysis.forces.force_frame import ForceFrame
from explorer.analysis.frames.history import History
from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text
from explorer.gui.figures.figure import Figure
from explorer.gui.figures.look import FigureLook
from explorer.gui.figures.stage import FigureStage
from explorer.gui.run_pane import RunPane
from explorer.gui.session.run import Run
from explorer.gui.session.run_cursor import RunCursor
from explorer.gui.theme.theme import DARK, LIGHT
from explorer.gui.views.angles.content import AngleOptions
from explorer.gui.views.angles.view import AnglesView
from explorer.gui.views.features.content import FeatureOptions
from explorer.gui.views.features.forces.content import ForceArrows, ForceScale
from explorer.gui.views.features.forces.painting import ForceItem, paint_forces
from explorer.gui.views.features.view import FeaturesView

SHOWN = FeatureOptions(forces=True, regions=False, weights=False, centers=False, digits=False)


@pytest.fixture
def wishes(view):
    found = []
    view.forcesRequested.connect(found.append)
    return found


def answer(wish, snapshot, **changes):
    count, dim = len(wish.rows), snapshot.features.shape[1]

    def each(vector):
        return np.tile(np.float32([*vector, 0.0][:dim]), (count, 1))

    field = None if wish.points is None else np.ones_like(wish.points)
    frame = ForceFrame(
        wish,
        snapshot.step,
        wish.rows,
        snapshot.features[wish.rows],
        each((1.0, 0.0)),
        each((0.0, 0.5)),
        field,
    )
    return replace(frame, **changes)


def items(view):
    return [item for item in view.plane.box.childItems() if isinstance(item, ForceItem)]


def show(view, snapshot, options=SHOWN):
    view.set_options(options)
    view.set_snapshot(snapshot, History())


def test_where_the_option_is_off_nothing_is_asked_and_nothing_painted(view, wishes):
    snapshot = make_snapshot(count=200)
    show(view, snapshot, replace(SHOWN, forces=False))
    before = picture(view)
    view.state.set_hovered(3)
    view.state.set_hovered(-1)
    assert wishes == []
    assert not items(view)
    show(view, snapshot)
    view.set_forces(answer(wishes[-1], snapshot))
    assert (picture(view) != before).any()
    show(view, snapshot, replace(SHOWN, forces=False))
    assert [item.arrows for item in items(view)] == [None]
    assert view.force_bar.isHidden()


def test_a_hidden_view_asks_nothing_and_asks_when_it_is_shown(view, wishes):
    view.hide()
    show(view, make_snapshot(count=200))
    show(view, make_snapshot(count=200, step=1_300))
    assert wishes == []
    view.show()
    assert len(wishes) == 1


def test_each_frame_is_asked_for_once_whatever_is_drawn_of_it(view, wishes):
    snapshot = make_snapshot(count=2_000)
    show(view, snapshot)
    view.refresh()
    view.set_theme(DARK)
    assert len(wishes) == 1
    assert len(wishes[0].rows) == 150
    assert np.bincount(snapshot.probe.labels[wishes[0].rows]).tolist() == [15] * 10
    view.set_snapshot(replace(snapshot, step=snapshot.step + 1), History())
    assert len(wishes) == 2


def test_a_point_that_is_pointed_at_is_asked_for_too(view, wishes):
    show(view, make_snapshot(count=2_000))
    view.state.set_hovered(1_777)
    assert 1_777 in wishes[-1].rows


def test_the_field_is_asked_for_in_the_plane_and_not_at_unit_length(view, wishes):
    snapshot = make_snapshot(count=200)
    show(view, snapshot, replace(SHOWN, force_class=3))
    points, visible = wishes[-1].points, view.plane.visible()
    assert wishes[-1].label == 3
    assert 150 < len(points) < 400
    assert (points > [visible.left, visible.bottom]).all()
    assert (points < [visible.right, visible.top]).all()
    show(view, snapshot, replace(SHOWN, force_class=3, normalized=True))
    assert wishes[-1].points is None
    show(view, make_snapshot(count=200, dim=3), replace(SHOWN, force_class=3))
    assert wishes[-1].points is None


@pytest.mark.parametrize("options", [SHOWN, replace(SHOWN, force_detached=True)])
def test_the_switch_asks_for_the_gradient_without_the_margin(view, wishes, options):
    show(view, make_snapshot(count=20, loss="arcface"), options)
    assert wishes[-1].detached == options.force_detached
    assert view.force_bar.detached.isEnabled()
    show(view, make_snapshot(count=20), options)
    assert not view.force_bar.detached.isEnabled()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("dim", [2, 3])
def test_pull_push_and_total_are_arrows_of_their_colours(view, wishes, dim, theme):
    view.set_theme(theme)
    snapshot = make_snapshot(count=200, dim=dim)
    show(view, snapshot, replace(SHOWN, sphere=0))
    view.state.set_probe(snapshot.probe)
    view.state.select(np.array([7]))
    view.set_forces(answer(wishes[-1], snapshot))
    colors = set(picture(view).ravel().tolist())
    for red, green, blue in (theme.accent, theme.error, theme.text):
        assert red << 16 | green << 8 | blue in {rgb & 0xFFFFFF for rgb in colors}


def test_why_there_are_no_forces_is_said(view):
    show(view, make_snapshot(count=20))
    view.set_forces(None, "No <network>.")
    assert view.force_bar.note.text() == "No &lt;network&gt;."
    assert view.force_bar.isVisible()


def test_after_the_network_is_there_again_the_frame_is_asked_for_again(view, wishes):
    show(view, make_snapshot(count=20))
    view.set_forces(None, "No network.")
    view.refresh()
    assert len(wishes) == 1, "what was refused is not asked again"
    view.set_forces(None)
    assert len(wishes) == 2


def test_forces_that_are_not_finite_have_no_arrow(view, wishes):
    snapshot = make_snapshot(count=20)
    show(view, snapshot, replace(SHOWN, force_class=1))
    view.state.set_hovered(3)
    without = picture(view.plane)
    broken = np.full((len(wishes[-1].rows), 2), np.nan, np.float32)
    lost = np.full_like(wishes[-1].points, np.inf)
    view.set_forces(answer(wishes[-1], snapshot, total=broken, push=broken, field=lost))
    np.testing.assert_array_equal(picture(view.plane), without)
    view.set_forces(answer(wishes[-1], snapshot))
    assert (picture(view.plane) != without).any()


def test_an_answer_about_the_gradient_that_was_wanted_before_is_not_drawn(view, wishes):
    snapshot = make_snapshot(count=20, loss="arcface")
    show(view, snapshot)
    show(view, snapshot, replace(SHOWN, force_detached=True))
    view.set_forces(answer(wishes[0], snapshot))
    assert view.forces_shown is None
    view.set_forces(answer(wishes[1], snapshot))
    assert view.forces_shown.wish.detached


def test_arrows_keep_their_scale_while_they_can_be_read():
    first = ForceScale().fitted(2.0)
    assert first.fitted(3.0) is first
    assert first.fitted(1.0) is first
    assert first.fitted(0.0) is first
    larger = first.fitted(1e-3)
    assert larger.pixels == pytest.approx(2_000 * first.pixels)
    assert first.key * first.pixels == pytest.approx(36.0, rel=0.4)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("longest", "focus"), [(1.0, []), (90.0, []), (1.0, [3]), (900.0, [3])])
def test_an_arrow_that_is_cut_has_two_heads_and_the_key_says_what_they_mean(longest, focus):
    points = np.stack([np.arange(5.0), np.ones(5)], axis=1).astype(np.float32)
    total = np.tile(np.float32([0, 1]), (5, 1))
    total[3] *= longest
    pull = total[focus] if focus else None
    arrows = ForceArrows(points, total, np.array(focus, np.intp), pull, pull, ForceScale(20.0))
    painter = MagicMock(spec=QPainter)
    paint_forces(painter, lambda at: 30.0 * at, arrows, LIGHT, QFont(), QRectF(0, 0, 300, 300))
    words = [call.args[1] for call in painter.drawText.call_args_list]
    cut = longest > 1
    assert ("too long to draw in full" in words) == cut
    heads = 5 + 2 * len(focus) + 1  # of the points, of pull and push, of the key
    more = cut * (3 if focus else 1) + 2 * cut  # of the arrows that are cut, and of that in the key
    assert painter.drawPolygon.call_count == heads + more


def test_the_recorded_run_of_a_pane_says_so(qtbot):
    pane = RunPane(ListSource([make_snapshot(count=20)]), LIGHT)
    features = pane.view(FeaturesView)
    qtbot.addWidget(features)
    for each in pane.views.values():
        qtbot.addWidget(each)
    pane.set_options("features", SHOWN)
    features.show()
    assert "only for the newest frame of a live run" in features.force_bar.note.text()
    pane.close()


class TestPane:
    """A pane of a live run: what the views ask reaches the worker, and the answer the view that asked."""

    @pytest.fixture
    def client(self):
        return FakeClient()

    @pytest.fixture
    def run(self, client):
        run = Run(client, RunConfig())
        run.open()
        seq = announce(client)
        for step in (3, 6):
            client.eventReceived.emit(frame(seq, step))
        yield run
        run.close()

    @pytest.fixture
    def cursor(self, run):
        return RunCursor(run)

    @pytest.fixture
    def pane(self, cursor, qtbot):
        pane = RunPane(cursor, LIGHT)
        for each in pane.views.values():
            qtbot.addWidget(each)
        pane.set_options("features", SHOWN)
        yield pane
        pane.close()

    @pytest.fixture
    def features(self, pane):
        features = pane.view(FeaturesView)
        features.resize(600, 500)
        return features

    def answer(self, client, seconds=0.0):
        question = client.of(m.ExamineForces)[-1]
        values = Array.of(np.ones((len(question.rows.numpy()), 2), np.float32))
        client.eventReceived.emit(
            m.ForcesExamined(1, question.request, 7, question.rows, values, values, seconds=seconds)
        )

    def test_a_hidden_view_asks_the_worker_nothing(self, features, client):
        assert client.of(m.ExamineForces) == []
        features.show()
        assert len(client.of(m.ExamineForces)) == 1
        self.answer(client)
        assert features.forces_shown.step == 7
        features.hide()
        client.eventReceived.emit(frame(client.configurations[-1].seq, 9))
        features.state.set_hovered(2)
        features.set_forces(None)
        assert len(client.of(m.ExamineForces)) == 1
        features.show()
        assert len(client.of(m.ExamineForces)) == 2

    def test_of_an_earlier_frame_there_are_none_and_of_the_newest_there_are_again(
        self, features, cursor, client
    ):
        features.show()
        self.answer(client)
        cursor.go_to(0)
        assert features.forces_shown is None
        assert "newest frame" in features.force_bar.note.text()
        asked = len(client.of(m.ExamineForces))
        cursor.follow()
        assert len(client.of(m.ExamineForces)) == asked + 1

    def test_a_refused_question_is_not_asked_again_until_there_is_another_frame(
        self, pane, features, cursor, client
    ):
        angles = pane.view(AnglesView)
        pane.set_options("angles", AngleOptions(page="forces"))
        features.show()
        angles.show()
        for _time in range(20):
            client.eventReceived.emit(m.Failed(run=1, what=text("Out of memory."), where="ExamineForces"))
        assert len(client.of(m.ExamineForces)) == 2, "one of each view"
        assert features.force_bar.note.text() == "Out of memory."
        assert angles.forces.known.complaint == "Out of memory."
        client.eventReceived.emit(frame(client.configurations[-1].seq, 9))
        features.set_snapshot(cursor.snapshot, cursor.history)
        assert len(client.of(m.ExamineForces)) == 3

    def test_each_of_two_panes_of_a_run_has_the_answers_to_its_own_wishes(
        self, features, cursor, client, qtbot
    ):
        other = RunPane(cursor, LIGHT)
        for each in other.views.values():
            qtbot.addWidget(each)
        other.set_options("features", replace(SHOWN, force_class=3))
        second = other.view(FeaturesView)
        features.show()
        second.show()
        self.answer(client)
        assert features.forces_shown.step == 7
        assert second.forces_shown is None
        assert client.of(m.ExamineForces)[-1].label == 3
        client.eventReceived.emit(m.Failed(run=1, what=text("No such class."), where="ExamineForces"))
        assert second.force_overlay.known.complaint == "No such class."
        assert features.forces_shown.step == 7
        other.close()

    def test_a_figure_of_the_frame_has_the_forces_that_are_seen(self, pane, features, cursor, client):
        features.show()
        self.answer(client)
        look = FigureLook.of(pane)
        stage = FigureStage(cursor, Figure(views=("features",)), LIGHT, look)
        drawn = stage.pane.view(FeaturesView)
        assert drawn.forces_shown is features.forces_shown
        stage.show_frame(cursor.frame(0))
        assert drawn.forces_shown is None, "a film goes over frames whose forces are not known"
        assert drawn.force_bar.note.text() == "Forces are available for step 6 only."
        stage.show_frame(cursor.frame(1))
        assert drawn.forces_shown is features.forces_shown
        stage.end()
