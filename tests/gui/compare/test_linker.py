"""What is chosen in one pane is chosen in all that are linked, and nothing comes back."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import make_snapshot, probe_set
from gui.session.sources import ListSource
from msgspec.structs import replace
from PySide6.QtWidgets import QHBoxLayout, QWidget

from explorer.analysis.plane.geometry import Rectangle
from explorer.gui.compare.panes.linker import PaneLinker
from explorer.gui.compare.runs.compared_run import PaneCursor
from explorer.gui.compare.state import Links
from explorer.gui.drawing.drawing_scheduler import DrawingScheduler
from explorer.gui.run_pane import RunPane
from explorer.gui.state.view_state import NO_ROW, DisplaySettings
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.features.content import FeatureOptions
from explorer.gui.views.features.framing import Framing
from explorer.gui.views.features.view import FeaturesView
from explorer.gui.views.registry import VIEWS

NOTHING = Links(timeline=False, axes=False, selection=False, classes=False, views=False)
IMAGES = probe_set(120, train=30)


@pytest.fixture
def link(qtbot):
    """Return what shows snapshots in linked panes beside each other."""
    window, scheduler, linker = QWidget(), DrawingScheduler(), PaneLinker()
    row = QHBoxLayout(window)
    window.resize(900, 320)
    qtbot.addWidget(window)
    window.show()
    panes = []

    def make(*snapshots):
        for snapshot in snapshots:
            cursor = PaneCursor(ListSource([snapshot]))
            pane = RunPane(cursor, LIGHT, VIEWS[:1], linker, scheduler=scheduler)
            row.addWidget(pane.primary, 1)
            panes.append(pane)
            linker.add(pane)
        qtbot.waitUntil(lambda: not scheduler.busy and all(pane.primary.snapshot for pane in panes))
        return linker, panes

    yield make
    linker.stop()
    for pane in panes:
        pane.close()


def features(panes):
    return [pane.view(FeaturesView) for pane in panes]


def test_options_classes_selection_and_pointer_are_shared(link):
    _linker, panes = link(*(make_snapshot(probe=IMAGES, seed=seed) for seed in range(3)))
    options = FeatureOptions(regions=False, polar=True)
    panes[1].set_options("features", options)
    panes[2].state.set_display(DisplaySettings("loss", frozenset({3})))
    panes[0].state.select(np.array([4, 5, 90]))
    panes[1].state.set_hovered(7)
    for pane in panes:
        assert pane.views["features"].options == options
        assert pane.state.display == DisplaySettings("loss", frozenset({3}))
        assert pane.state.selection.rows.tolist() == [4, 5, 90]
        assert pane.state.hovered == 7
    panes[1].state.set_hovered(NO_ROW)
    panes[1].clear_selection()
    assert [pane.state.selection.count for pane in panes] == [0, 0, 0]
    assert {pane.state.hovered for pane in panes} == {NO_ROW}


def test_each_change_reaches_each_pane_once(link):
    """An echo would be seen as a flicker, and might never end."""
    _linker, panes = link(make_snapshot(probe=IMAGES), make_snapshot(probe=IMAGES, seed=1))
    heard = []
    for pane in panes:
        pane.optionsChanged.connect(lambda _view: heard.append("options"))
        pane.state.displayChanged.connect(lambda: heard.append("classes"))
        pane.state.selectionChanged.connect(lambda: heard.append("selection"))
        pane.state.hoverChanged.connect(lambda _row: heard.append("pointer"))
    panes[0].set_options("features", FeatureOptions(circle=True))
    panes[1].state.toggle_class(2)
    panes[0].state.select(np.array([1]))
    panes[1].state.set_hovered(3)
    assert heard == ["options"] * 2 + ["classes"] * 2 + ["selection"] * 2 + ["pointer"] * 2


def sides(view):
    """Return the sides of the range that a view shows."""
    seen = view.plane.visible()
    return [seen.left, seen.bottom, seen.right, seen.top]


def test_fitted_axes_show_what_all_runs_need(link, qtbot):
    linker, panes = link(make_snapshot(probe=IMAGES), make_snapshot(probe=IMAGES, size=4.0))
    small, large = features(panes)
    # By a pixel, their widths may differ, and so their ranges.
    qtbot.waitUntil(lambda: sides(small) == pytest.approx(sides(large), rel=0.03))
    need = small.need.plane
    linker.set_links(Links(axes=False))
    qtbot.waitUntil(lambda: small.plane.visible().right < large.plane.visible().right / 2)
    assert small.need.plane == need


def test_axes_and_camera_follow_only_where_they_mean_the_same(link):
    flat, deep = make_snapshot(probe=IMAGES), make_snapshot(probe=IMAGES, dim=3)
    linker, panes = link(flat, deep, flat)
    plane, space, other = features(panes)
    assert linker.limits == ("Axes and camera are linked only between runs with the same dimension.",)
    plane.plane.hold(Rectangle(-3, -3, 3, 3))
    plane.plane.viewMoved.emit()
    assert other.framing.range == Rectangle(-3, -3, 3, 3)
    assert space.framing == Framing()
    space.space.set_camera(space.space.camera.turned(1.0, 0.2))
    assert plane.space.camera == other.space.camera != space.space.camera
    linker.set_links(replace(linker.links, axes=False))
    assert linker.limits == ()


def test_runs_of_other_images_share_everything_but_the_selection(link):
    linker, panes = link(make_snapshot(probe=IMAGES), make_snapshot(probe=probe_set(90)))
    assert "images" in linker.limits[0]
    panes[0].state.select(np.array([100]))
    panes[0].state.set_hovered(100)
    panes[0].state.toggle_class(1)
    assert panes[1].state.selection.count == 0
    assert panes[1].state.hovered == NO_ROW
    assert panes[1].state.display == panes[0].state.display


def test_what_is_let_go_stays_as_it_is_and_is_shared_again_from_the_first(link):
    linker, panes = link(make_snapshot(probe=IMAGES), make_snapshot(probe=IMAGES, seed=1))
    panes[0].state.select(np.array([3]))
    panes[0].set_options("features", FeatureOptions(polar=True))
    linker.set_links(NOTHING)
    panes[0].state.select(np.array([8]))
    panes[0].state.toggle_class(4)
    panes[0].set_options("features", FeatureOptions(density=True))
    assert panes[1].state.selection.rows.tolist() == [3]
    assert panes[1].state.display == DisplaySettings()
    assert panes[1].views["features"].options == FeatureOptions(polar=True)
    linker.set_links(Links())
    assert panes[1].state.selection.rows.tolist() == [8]
    assert panes[1].state.display == panes[0].state.display
    assert panes[1].views["features"].options == FeatureOptions(density=True)


def test_a_run_that_joins_takes_over_what_the_others_show(link):
    _linker, panes = link(make_snapshot(probe=IMAGES))
    panes[0].state.select(np.array([3, 4]))
    panes[0].state.isolate_class(6)
    panes[0].set_options("features", FeatureOptions(normalized=True))
    link(make_snapshot(probe=probe_set(120, train=30), seed=5))
    assert panes[1].state.selection.rows.tolist() == [3, 4]
    assert panes[1].state.display.isolated == 6
    assert panes[1].views["features"].options.normalized


def test_a_restarted_run_keeps_what_the_others_have_selected(link):
    """Its images are announced anew, which must not clear the selection of all."""
    _linker, panes = link(make_snapshot(probe=IMAGES), make_snapshot(probe=IMAGES, seed=1))
    panes[0].state.select(np.array([3, 4]))
    again = make_snapshot(probe=probe_set(120, train=30), seed=2, step=2_000)
    panes[1].run.source.probe = again.probe
    panes[1].run.source.append(again)
    assert panes[0].state.selection.rows.tolist() == [3, 4]
    assert panes[1].state.selection.rows.tolist() == [3, 4]
