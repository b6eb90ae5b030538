"""The length of forces against the angle, with the margin marked, and nothing while hidden."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from analysis.snapshots import make_history, make_snapshot
from gui.views.packed_pixels import picture
from gui.views.seen import caption
from msgspec.structs import replace
from PySide6.QtCore import QPointF

from explorer.analysis.forces.force_frame import ForceFrame
from explorer.analysis.forces.force_lengths import MOST_IMAGES, force_lengths, margin_span, medians
from explorer.analysis.quality.stress import stress_of
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.angles.content import AngleOptions
from explorer.gui.views.angles.view import AnglesView

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none, and says so


@pytest.fixture
def view(qtbot):
    result = AnglesView(LIGHT)
    qtbot.addWidget(result)
    result.optionsRequested.connect(result.set_options)
    result.resize(420, 330)
    result.show()
    return result


@pytest.fixture
def wishes(view):
    found = []
    view.forcesRequested.connect(found.append)
    return found


def show(view, snapshot, **options):
    view.state.set_probe(snapshot.probe)
    view.set_options(AngleOptions(**options))
    view.set_snapshot(snapshot, make_history(3))


def answer(wish, snapshot, **changes):
    total = np.tile(np.float32([3, 4]), (len(wish.rows), 1))
    push = np.tile(np.float32([3, 0]), (len(wish.rows), 1))
    features = snapshot.features[wish.rows]
    return replace(ForceFrame(wish, snapshot.step + 2, wish.rows, features, total, push), **changes)


def test_forces_are_asked_for_on_their_page_only(view, wishes):
    snapshot = make_snapshot(count=3_000, train=500)
    show(view, snapshot)
    assert wishes == []
    show(view, snapshot, page="forces", images="train")
    (wish,) = wishes
    assert (snapshot.probe.split[wish.rows] == 1).all()
    assert len(wish.rows) == 500
    view.hide()
    view.set_snapshot(replace(snapshot, step=snapshot.step + 1), make_history(3))
    assert len(wishes) == 1


def test_lengths_and_angles_are_those_of_the_answer(view, wishes):
    snapshot = make_snapshot(count=3_000)
    show(view, snapshot, page="forces")
    assert len(wishes[-1].rows) == MOST_IMAGES
    content = force_lengths(snapshot, answer(wishes[-1], snapshot))
    assert set(content.total.tolist()) == {5.0}
    assert set(content.push.tolist()) == {3.0}
    assert set(content.pull.tolist()) == {4.0}
    feature, weight = snapshot.features[wishes[-1].rows[7]], snapshot.weight[7]
    cosine = feature @ weight / np.linalg.norm(feature) / np.linalg.norm(weight)
    assert content.degrees[7] == pytest.approx(math.degrees(math.acos(cosine)), abs=1e-2)
    blank = picture(view)
    view.set_forces(answer(wishes[-1], snapshot))
    assert (picture(view) != blank).any()
    assert "1,000 images" in caption(view)
    assert f"{snapshot.step + 2:,}" in caption(view)


def test_the_angle_of_a_wrong_label_is_to_the_class_that_is_trained_with(view, wishes):
    """Its force pulls towards that class, not towards the true one."""
    snapshot = make_snapshot(count=50, train=400)
    snapshot = replace(snapshot, config=snapshot.config.replace({"data.wrong_labels": 0.4}))
    show(view, snapshot, page="forces", images="train")
    content = force_lengths(snapshot, answer(wishes[-1], snapshot))
    given, rows = stress_of(snapshot).given, wishes[-1].rows
    features, weights = snapshot.features[rows], snapshot.weight[given[rows]]
    cosines = (features * weights).sum(axis=1)
    cosines /= np.linalg.norm(features, axis=1) * np.linalg.norm(weights, axis=1)
    assert content.degrees == pytest.approx(np.degrees(np.arccos(cosines.clip(-1, 1))), abs=0.1)
    assert content.wrong == (given != snapshot.probe.labels)[rows].sum() > 100
    view.set_forces(answer(wishes[-1], snapshot))
    assert f"{content.wrong} wrong labels" in caption(view)


def test_without_class_weights_the_angles_are_to_class_means(view, wishes):
    snapshot = make_snapshot(count=300, loss="supcon")
    show(view, snapshot, page="forces")
    view.set_forces(answer(wishes[-1], snapshot, push=None, batch=125))
    assert "class means" in caption(view)
    assert "125" in caption(view)
    assert "total only" in caption(view)


def test_a_hidden_or_missing_answer_says_why(view):
    show(view, make_snapshot(count=30), page="forces")
    view.set_forces(None, "No network.")
    assert view.forces.known.complaint == "No network."
    view.set_forces(None)
    assert not view.forces.known.complaint


def test_the_switch_asks_for_the_gradient_without_the_margin(view, wishes):
    snapshot = make_snapshot(count=30, loss="arcface")
    show(view, snapshot, page="forces")
    view.forces.detached.click()
    assert view.options.detached
    assert wishes[-1].detached
    show(view, make_snapshot(count=30), page="forces")
    assert not view.forces.detached.isEnabled()


def test_a_median_needs_a_few_images():
    middles, values = medians(np.array([1.0, 1, 1, 1, 2, 40]), np.array([1.0, 2, 3, 4, 50, 7]))
    assert middles.tolist() == [1.5]
    assert values.tolist() == [3.0]


@pytest.mark.parametrize("margin", [0.0, 0.2])
def test_the_margin_of_arcface_ends_half_of_it_before_the_boundary(margin):
    """θ + m = β − θ, where β is the angle to the neighbour: 36° for ten classes in the plane."""
    snapshot = make_snapshot(count=50, loss="arcface", params={"margin": margin})
    span = margin_span(snapshot)
    if margin:
        half = math.radians(18)
        assert span == pytest.approx((half - margin / 2, half), abs=1e-3)
    else:
        assert span is None


def test_a_loss_without_margin_or_weights_has_none_to_mark():
    assert margin_span(make_snapshot(count=50)) is None
    assert margin_span(make_snapshot(count=50, loss="supcon")) is None


@pytest.mark.parametrize(
    ("strength", "push"),
    [
        (lambda degrees: degrees, 0.5),
        (lambda degrees: 180 - degrees, 0.5),
        (lambda degrees: 50 + 0 * degrees, 0.02),  # along both edges: only the middle is free
    ],
)
def test_the_key_is_where_no_line_crosses_it(view, wishes, strength, push):
    """Forces rise to the right where features miss by far, and to the left where all are pushed."""
    snapshot = make_snapshot(count=3_000, loss="arcface")
    show(view, snapshot, page="forces")
    degrees = force_lengths(snapshot, answer(wishes[-1], snapshot)).degrees
    lengths = strength(degrees)
    total = np.stack([lengths, np.ones_like(lengths)], axis=1).astype(np.float32)
    view.set_forces(answer(wishes[-1], snapshot, total=total, push=push * total))
    plot = view.forces.plot
    key = plot.key_room(plot.curves_item.boundingRect())
    assert all(
        not key.contains(QPointF(start + share * (end - start)))
        for curve in plot.curves
        for start, end in pairwise(plot.curves_item.line(curve))
        for share in np.linspace(0, 1, 50).tolist()
    )
    area = plot.curves_item.boundingRect()
    assert area.contains(key)
    assert plot.content.span is not None
    at_right = key.left() > area.center().x()
    assert at_right or key.left() >= plot.margin.words_end() > 0, "nor is the word at the margin under it"
