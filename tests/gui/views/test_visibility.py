from __future__ import annotations

import gc
import weakref

import pytest
from gui.views.seen import sentences
from gui.views.snapshots import make_history, make_snapshot

from explorer.analysis.frames.history import History
from explorer.gui.theme.theme import DARK, LIGHT
from explorer.gui.views.angles.view import AnglesView
from explorer.gui.views.curves.view import CurvesView

VIEWS = [AnglesView, CurvesView]


@pytest.fixture
def shown(qtbot):
    def build(kind):
        view = kind(LIGHT)
        qtbot.addWidget(view)
        view.resize(450, 350)
        view.show()
        return view

    return build


@pytest.mark.parametrize("kind", VIEWS)
def test_a_hidden_view_draws_nothing_until_it_is_shown(qtbot, monkeypatch, kind):
    view = kind(LIGHT)
    qtbot.addWidget(view)
    drawn, draw = [], view.draw
    monkeypatch.setattr(view, "draw", lambda: (drawn.append(1), draw()))
    view.set_snapshot(make_snapshot(), make_history())
    view.set_theme(DARK)
    assert not drawn
    view.show()
    assert drawn == [1]


@pytest.mark.parametrize("kind", VIEWS)
def test_a_view_dies_with_its_last_reference(kind):
    view = kind(LIGHT)
    view.show()
    view.set_snapshot(make_snapshot(), make_history())
    view.set_theme(DARK)
    view.grab()
    view.close()
    gone = weakref.ref(view)
    del view
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("kind", VIEWS)
def test_an_empty_view_invites(shown, kind):
    view = shown(kind)
    view.set_snapshot(None, History())
    assert "appear here when training starts" in sentences(view)
