"""A long computation waits where it is told to, in its own thread only."""

from __future__ import annotations

import threading

from explorer.analysis.pauses import pause_point, pausing
from explorer.analysis.plane.geometry import Rectangle
from explorer.analysis.plane.regions import division
from explorer.bench.scene import gaussian_scene


def test_nothing_waits_by_itself():
    pause_point()


def test_a_point_waits_while_it_is_asked_to():
    waited = []
    with pausing(lambda: waited.append(1)):
        pause_point()
    pause_point()
    assert waited == [1]


def test_other_threads_do_not_wait():
    waited = []
    with pausing(lambda: waited.append(1)):
        thread = threading.Thread(target=pause_point)
        thread.start()
        thread.join()
    assert waited == []


def test_the_regions_of_many_classes_can_be_made_to_wait():
    (snapshot, *_), waited = gaussian_scene(1000, 2, 100), []
    with pausing(lambda: waited.append(1)):
        division(snapshot, Rectangle(-40.0, -30.0, 40.0, 30.0), 0.1, bands=True)
    assert len(waited) > 100
