"""Every view draws every frame that the protocol admits, whatever a person has chosen, without a warning."""

from __future__ import annotations

import gc
import weakref
from types import SimpleNamespace

import numpy as np
import pytest
from analysis.snapshots import make_history, make_snapshot
from gui.views.admissible import histories, probe_sets, snapshots, wishes
from gui.views.calm import calm
from gui.views.drawn import VIEWS, build, dressed
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, Qt, qWarning
from PySide6.QtWidgets import QWidget

from explorer.analysis.frames.history import History
from explorer.gui.export.images import picture
from explorer.gui.faults import guarded
from explorer.gui.session.images import ImageStore
from explorer.gui.state.view_state import DisplaySettings, ViewState
from explorer.gui.theme.theme import DARK, LIGHT
from explorer.gui.views.view import NoOptions, View

EXAMPLES = 30
pytestmark = pytest.mark.usefixtures("images")


@pytest.fixture
def images(monkeypatch):
    """Return whether pixels are there at once, or not yet; nothing is read."""
    there = SimpleNamespace(now=True)

    def pixels(_store, snapshot):
        return np.zeros((len(snapshot.probe.labels), 28, 28), np.uint8) if there.now else None

    monkeypatch.setattr(ImageStore, "pixels", pixels)
    return there


@pytest.fixture
def state():
    return ViewState()


@pytest.fixture
def view(request, qtbot, state):
    result = build(request.param, LIGHT, state)
    qtbot.addWidget(result)
    result.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    result.show()
    return result


def draw_anew(view, state, snapshot, history, wish):
    """Give a view all that it can be given, and draw it twice: on a screen of its own and for a file."""
    view.resize(wish.width, wish.height)
    view.set_theme(wish.theme)
    view.set_options(replace(view.options, **wish.options))
    count, rng = len(snapshot.probe.labels), np.random.default_rng(wish.seed)
    state.set_probe(snapshot.probe)
    state.set_display(DisplaySettings(wish.color_mode, frozenset(wish.hidden), wish.isolated))
    state.select(np.flatnonzero(rng.random(count) < wish.selected))
    view.set_config(snapshot.config)
    view.set_snapshot(snapshot, history)
    if wish.seed % 3 == 0:
        view.reset_view()
    state.set_hovered(wish.seed % count)
    QCoreApplication.sendPostedEvents()
    view.grab()
    picture(view, wish.ratio)


def each_view(test):
    return pytest.mark.parametrize("view", VIEWS, indirect=True)(test)


def drawing(view, state, images, frames, examples):
    """Draw frames with any history and wishes; one view after the other's frames, as in a window."""
    options = type(view.options)

    @settings(deadline=None, derandomize=True, max_examples=examples, database=None)
    @given(frames, histories(), wishes(options))
    def check(snapshot, history, wish):
        images.now = wish.images
        with calm(), dressed(wish.theme):
            draw_anew(view, state, snapshot, history, wish)

    check()


@each_view
def test_a_view_draws_any_frame(view, state, images):
    drawing(view, state, images, snapshots(), EXAMPLES)


@each_view
def test_a_view_draws_a_frame_of_all_images(view, state, images):
    drawing(view, state, images, snapshots(probe_sets(st.just(70_000))), 3)


@each_view
def test_a_view_returns_from_any_frame_to_none(view):
    with calm():
        for snapshot in (make_snapshot(50), None, make_snapshot(50, dim=3), None):
            view.set_snapshot(snapshot, make_history(3) if snapshot is not None else History())
            view.grab()


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_dies_with_its_last_reference(name):
    view = build(name, LIGHT)
    view.resize(500, 400)
    view.show()
    for dim, theme in ((2, LIGHT), (3, DARK)):
        view.set_theme(theme)
        view.set_snapshot(make_snapshot(200, dim=dim, train=50), make_history(20))
        view.grab()
    view.close()
    gone = weakref.ref(view)
    del view
    gc.collect()
    assert gone() is None


class Faulty(QWidget):
    @guarded
    def paintEvent(self, _event):
        raise ZeroDivisionError


class FaultyView(View):
    def draw(self):
        raise ZeroDivisionError


def test_a_fault_that_the_program_would_survive_fails_here(qtbot):
    widget, view = Faulty(), FaultyView(LIGHT, NoOptions())
    qtbot.addWidget(widget)
    qtbot.addWidget(view)
    with pytest.raises(ZeroDivisionError), calm():
        widget.grab()
    with pytest.raises(ZeroDivisionError), calm():
        view.show()


def test_a_warning_of_qt_or_numpy_fails_here():
    with pytest.raises(AssertionError, match="a warning"), calm():
        qWarning("a warning")
    with pytest.raises(RuntimeWarning), calm():
        np.log(np.zeros(1))
