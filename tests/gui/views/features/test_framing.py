"""What is seen of the features can be read from one view and given to another, without an echo."""

from __future__ import annotations

from itertools import permutations

import pytest
from analysis.snapshots import make_snapshot
from gui.views.packed_pixels import picture
from msgspec.structs import replace

from explorer.analysis.frames.history import History
from explorer.analysis.plane.geometry import Rectangle
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.features.framing import Framing, Need
from explorer.gui.views.features.view import FeaturesView


@pytest.fixture
def views(qtbot):
    """Three views of the same size: of the plane, of the plane at twice the size, and of space."""
    made = []
    for dim, size in ((2, 1.0), (2, 2.0), (3, 1.0)):
        view = FeaturesView(LIGHT)
        qtbot.addWidget(view)
        view.resize(400, 360)
        view.show()
        view.set_snapshot(make_snapshot(200, dim=dim, size=size), History())
        made.append(view)
    return made


def heard(view):
    told = []
    view.framingChanged.connect(lambda: told.append(view.framing))
    return told


def test_a_range_chosen_by_hand_is_shown_by_another_view_and_kept(views):
    first, second, _space = views
    told, echo = heard(first), heard(second)
    first.plane.box.scaleBy((0.5, 0.5))
    first.plane.box.sigRangeChangedManually.emit([True, True])
    assert told == [first.framing]
    assert first.framing.range == first.plane.visible()
    second.set_framing(first.framing)
    assert echo == []
    seen = second.plane.visible()
    assert (seen.left, seen.top) == pytest.approx((first.framing.range.left, first.framing.range.top))
    second.set_snapshot(make_snapshot(200, size=9.0, probe=second.snapshot.probe), History())
    assert second.plane.visible() == seen


def test_resetting_a_view_is_told_and_fits_the_other_to_its_data_again(views):
    first, second, _space = views
    fitted = second.plane.visible()
    second.set_framing(Framing(range=Rectangle(-1, -1, 1, 1)))
    told = heard(first)
    first.set_framing(second.framing)
    first.plane.reset_view()
    assert told[-1].range is None
    second.set_framing(first.framing)
    assert second.plane.visible() == fitted


def test_the_camera_goes_from_view_to_view_but_not_its_projection(views, qtbot):
    space, other = views[2], FeaturesView(LIGHT)
    qtbot.addWidget(other)
    other.set_options(type(other.options)(perspective=False))
    told = heard(space)
    space.space.set_camera(space.space.camera.turned(0.4, 0.1).zoomed(1.5))
    assert told == [space.framing]
    other.set_framing(space.framing)
    assert other.space.camera.azimuth == space.space.camera.azimuth
    assert other.space.camera.zoom == 1.5
    assert not other.space.camera.perspective
    assert other.framing == space.framing


def test_views_that_are_given_what_all_need_show_the_same_range(views):
    first, second, _space = views
    assert first.need.plane != second.need.plane
    both = first.need.united(second.need)
    needs = [first.need, second.need]
    for view in (first, second):
        view.set_least(both)
    assert first.plane.visible() == second.plane.visible()
    assert [first.need, second.need] == needs, "what is shown must not count as what is needed"
    for view in (first, second):
        view.set_least(Need())
    assert first.plane.visible() != second.plane.visible()


def test_the_need_is_told_when_the_data_outgrow_it(views):
    for view, grown in zip(views[1:], (2, 3), strict=True):
        told = []
        view.needChanged.connect(lambda view=view, told=told: told.append(view.need))
        view.set_snapshot(make_snapshot(200, dim=grown, size=30.0), History())
        assert told == [view.need]


def test_space_shows_at_least_the_extent_that_is_asked_for(views):
    space = views[2]
    before = picture(space)
    need = space.need
    space.set_least(Need(extent=4 * need.extent))
    assert space.space.extent.length == 4 * need.extent
    assert space.need == need
    assert (picture(space) != before).mean() > 0.01


def test_what_is_needed_together_does_not_depend_on_the_order():
    needs = Need(Rectangle(-1, -2, 3, 4)), Need(None, 5.0), Need(Rectangle(-4, 0, 1, 1), 2.0)
    for first, second, third in permutations(needs):
        assert first.united(second).united(third) == Need(Rectangle(-4, -2, 3, 4), 5.0)


def test_before_training_the_origin_is_in_the_middle_and_all_is_seen(views):
    first = views[0]
    start = make_snapshot(200, step=0)
    lump = replace(start, features=abs(start.features) + 3)
    first.set_snapshot(lump, History())
    seen = first.plane.visible()
    assert seen.left + seen.right == pytest.approx(0, abs=1e-6)
    assert seen.bottom + seen.top == pytest.approx(0, abs=1e-6)
    assert lump.features.max() < min(seen.right, seen.top)
    first.set_snapshot(replace(lump, step=10), History())
    seen = first.plane.visible()
    assert seen.right > -2 * seen.left, "training goes on where the features are"
