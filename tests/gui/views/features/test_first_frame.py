"""The first frame of many classes is drawn in several turns of the event loop, and a picture in one."""

from __future__ import annotations

import time

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from gui.views.drawn import pixels
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from explorer.analysis.frames.history import History
from explorer.gui.plots.marks import cached
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.features.content import FeatureOptions
from explorer.gui.views.features.view import FeaturesView

CLASSES = 100
TICK = 0.0005
"""Seconds between two looks at the clock."""
LABELS = FeatureOptions(regions=False, weights=False, digits=True, sphere=50)


@pytest.fixture
def view(qtbot):
    """A view whose labels have not been painted before."""
    cached.tag_image.cache_clear()
    result = FeaturesView(LIGHT)
    qtbot.addWidget(result)
    result.set_options(LABELS)
    result.resize(800, 700)
    result.show()
    QApplication.processEvents()
    return result


def painted_labels() -> int:
    return cached.tag_image.cache_info().misses


def start(view, dim=2):
    snapshot = make_snapshot(classes=CLASSES, dim=dim)
    view.state.set_probe(snapshot.probe)
    view.set_snapshot(snapshot, History())


class Paintings(QObject):
    """Notes how many labels had been painted at each painting of a widget."""

    def __init__(self, widget):
        super().__init__(widget)
        self.counts = []
        widget.installEventFilter(self)

    def eventFilter(self, _watched, event):
        if event.type() == QEvent.Type.Paint:
            self.counts.append(painted_labels())
        return False


def test_many_classes_come_into_the_legend_in_a_turn_of_their_own(view, qtbot):
    start(view)
    swatches = view.bar.legend.swatches
    assert swatches == [], "a hundred take as long as the picture of the frame"
    qtbot.waitUntil(lambda: len(swatches) == CLASSES and all(swatch.isVisible() for swatch in swatches))
    view.state.toggle_class(3)
    assert not swatches[3].shown, "what is known already changes at once"


@pytest.mark.parametrize("dim", [2, 3])
def test_labels_are_painted_as_long_as_there_is_time(view, qtbot, monkeypatch, dim):
    clock = iter(range(10**6))
    monkeypatch.setattr(time, "thread_time", lambda: TICK * next(clock))
    plot = {2: view.plane, 3: view.space}[dim]
    paintings = Paintings(view.plane.viewport() if dim == 2 else plot)
    start(view, dim)
    qtbot.waitUntil(lambda: painted_labels() == CLASSES)
    counts = [*paintings.counts, painted_labels()]
    assert 1 <= max(np.diff(counts)) < CLASSES / 3
    pieces = pixels(plot.grab().toImage())
    cached.tag_image.cache_clear()
    view.finish_content()
    np.testing.assert_array_equal(pixels(plot.grab().toImage()), pieces)
    assert painted_labels() == CLASSES


def test_a_picture_waits_for_no_turn(view):
    start(view)
    view.finish_content()
    for count, scale in enumerate((1.0, 2.0), start=1):
        image = QImage(view.size() * scale, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(scale)
        view.render(image)
        assert painted_labels() == count * CLASSES
    assert len(view.bar.legend.swatches) == CLASSES
