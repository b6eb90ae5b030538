"""Whatever can be read as a run is shown as one, whether or not a worker stands behind it."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from gui.session.sources import ListSource
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.gui.run_pane import RunPane
from explorer.gui.session.images import ImageStore
from explorer.gui.theme.theme import LIGHT

FIRST = make_snapshot(300, step=100)
SECOND = make_snapshot(300, step=200, seed=1, probe=FIRST.probe)
THIRD = make_snapshot(300, step=300, seed=2, probe=FIRST.probe, loss="arcface")


@pytest.fixture
def show(monkeypatch):
    """Return what shows all views of a source under each other, and returns their pane."""
    monkeypatch.setattr(
        ImageStore,
        "pixels",
        lambda _store, snapshot: np.zeros((len(snapshot.probe.labels), 28, 28), np.uint8),
    )
    shown = []

    def make(source):
        pane, window = RunPane(source, LIGHT), QWidget()
        shown.append((pane, window))
        layout = QVBoxLayout(window)
        for view in pane.views.values():
            layout.addWidget(view)
        pane.primary.setFixedHeight(300)  # others grow with their content
        window.resize(500, 2_000)
        window.show()
        return pane

    yield make
    for pane, window in shown:
        pane.close()
        window.close()
        window.deleteLater()


def picture(view):
    image = view.grab().toImage()
    return np.frombuffer(image.constBits(), np.uint8).copy()


def test_every_view_draws_the_frames_of_a_run_that_has_no_worker(show, qtbot):
    source = ListSource([FIRST, SECOND])
    pane = show(source)
    qtbot.waitUntil(lambda: all(view.snapshot is SECOND for view in pane.views.values()))
    assert all(view.history is source.history for view in pane.views.values())
    before = picture(pane.primary)
    source.append(THIRD)
    qtbot.waitUntil(lambda: all(view.snapshot is THIRD for view in pane.views.values()))
    assert (picture(pane.primary) != before).any()
    assert len(source.history.marks) == 1, "the change of the loss"


def test_a_run_without_a_worker_can_be_asked_for_its_frames_and_nothing_else():
    source = ListSource([FIRST, THIRD])
    assert [source.frame(index).config.loss.name for index in source.frames] == ["softmax", "arcface"]
    assert source.snapshot is source.frame(1)
    assert source.config == THIRD.config
    assert source.embed_queries is None
    assert not any((source.can_train, source.can_configure, source.training, source.threads))
