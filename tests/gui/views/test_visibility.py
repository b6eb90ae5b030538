"""What cannot be seen is not drawn, and what has nothing to show says what to do."""

from __future__ import annotations

import pytest
from analysis.snapshots import make_history, make_snapshot
from gui.views.drawn import VIEWS, build
from gui.views.seen import sentences

from explorer.analysis.frames.history import History
from explorer.gui.session.images import ImageStore
from explorer.gui.theme.theme import DARK, LIGHT


@pytest.fixture(autouse=True)
def _no_images(monkeypatch):
    monkeypatch.setattr(ImageStore, "pixels", lambda _store, _snapshot: None)


@pytest.mark.parametrize("view_id", VIEWS)
def test_a_hidden_view_draws_nothing_until_it_is_shown(qtbot, monkeypatch, view_id):
    view = build(view_id, LIGHT)
    qtbot.addWidget(view)
    drawn, draw = [], view.draw
    monkeypatch.setattr(view, "draw", lambda: (drawn.append(1), draw()))
    view.set_snapshot(make_snapshot(), make_history())
    view.set_theme(DARK)
    assert not drawn
    view.show()
    assert drawn == [1]


@pytest.mark.parametrize("view_id", VIEWS)
def test_an_empty_view_invites(qtbot, view_id):
    view = build(view_id, LIGHT)
    qtbot.addWidget(view)
    view.resize(450, 350)
    view.show()
    view.set_snapshot(None, History())
    assert max(map(len, sentences(view).splitlines())) > 20
