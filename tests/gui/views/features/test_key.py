"""Where there is room the legend is a column beside the plot, with the number of images of each class."""

import numpy as np
from analysis.snapshots import make_snapshot

from explorer.analysis.frames.history import History
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.features.key import ClassKey
from explorer.gui.views.features.view import FeaturesView


def test_the_legend_goes_beside_the_plot_where_there_is_room_and_back(qtbot):
    view = FeaturesView(LIGHT)
    qtbot.addWidget(view)
    snapshot = make_snapshot(count=200)
    view.resize(1200, 800)
    view.show()
    view.set_snapshot(snapshot, History())
    view.catch_up()
    legend, key = view.bar.legend, view.findChild(ClassKey)

    def tops():
        return [swatch.mapTo(view, swatch.rect().topLeft()).y() for swatch in legend.swatches]

    qtbot.waitUntil(lambda: key.legend is legend and legend.isVisible())
    qtbot.waitUntil(lambda: (np.diff(tops()) > 0).all())
    before = tops()
    plot = view.plane
    assert legend.mapTo(view, legend.rect().topLeft()).x() >= plot.mapTo(view, plot.rect().topRight()).x()
    counts = np.bincount(snapshot.probe.labels[snapshot.probe.split == 0], minlength=10)
    assert key.counts.accessibleDescription() == ", ".join(map(str, counts))
    view.state.toggle_class(3)
    qtbot.waitUntil(legend.show_all.isVisible)
    assert tops() == before, "it takes no room beside a class"
    view.bar.hide()
    assert key.legend is None, "a comparison has one legend for all runs"
    assert key.isHidden()
    view.bar.show()
    assert key.legend is legend
    view.resize(700, 500)
    qtbot.waitUntil(lambda: key.legend is None)
    assert view.bar.isAncestorOf(legend.show_all)
    assert key.isHidden()
    view.state.show_all_classes()
    view.resize(680, 500)  # too narrow for the legend with its button beside the tools
    qtbot.waitUntil(lambda: legend.show_all.isHidden() and len(set(tops())) == 1)
    before = tops()
    view.state.toggle_class(3)
    qtbot.waitUntil(legend.show_all.isVisible)
    qtbot.wait(0)
    assert tops() == before, "or the second half of a double-click would miss it"
