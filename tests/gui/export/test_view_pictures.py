"""Pictures of views are for others to look at: no controls in them, and no focus frame."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from gui.views.drawn import pixels
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from explorer.analysis.frames.history import History
from explorer.gui.export.images import picture, picture_of
from explorer.gui.theme.theme import DARK, LIGHT
from explorer.gui.views.features.view import FeaturesView


@pytest.fixture
def view(qtbot):
    result = FeaturesView(LIGHT)
    qtbot.addWidget(result)
    result.resize(700, 560)
    result.show()
    result.activateWindow()
    snapshot = make_snapshot(count=200)
    result.state.set_probe(snapshot.probe)
    result.set_snapshot(snapshot, History())
    qtbot.waitUntil(lambda: all(swatch.isVisible() for swatch in result.bar.legend.swatches))
    return result


def part(image, view, widget: QWidget):
    corner = widget.mapTo(view, QPoint(0, 0))
    return pixels(image)[corner.y() : corner.y() + widget.height(), corner.x() : corner.x() + widget.width()]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_controls_are_left_out_and_what_they_say_stays(view, theme):
    view.set_theme(theme)
    image = picture_of(view)
    for tool in (*view.bar.tools.values(), view.switches.normalized):
        assert (
            np.ptp(part(image, view, tool).reshape(-1, part(image, view, tool).shape[2]), axis=0).max() == 0
        )
    box = view.bar.modes
    assert (part(image, view, box) != part(picture(view), view, box)).any()
    assert np.ptp(part(image, view, box)[..., 0]) > 40, "the words of what is chosen"
    swatch = view.bar.legend.swatches[3]
    np.testing.assert_array_equal(part(image, view, swatch), part(picture(view), view, swatch))


def test_the_focus_frame_is_left_out_and_the_keyboard_stays_where_it_was(view, qtbot):
    without = pixels(picture_of(view))
    view.plane.setFocus()
    qtbot.waitUntil(view.plane.hasFocus)
    assert (part(picture(view), view, view.plane) != part(picture_of(view), view, view.plane)).any()
    np.testing.assert_array_equal(pixels(picture_of(view)), without)
    assert view.plane.hasFocus()
