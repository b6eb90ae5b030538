"""What is shown of a run has one owner, and tells of every change once."""

from __future__ import annotations

import numpy as np
import pytest
from gui.views.snapshots import probe_set

from explorer.gui.state.display import Display


@pytest.fixture
def told():
    display = Display()
    heard = []
    display.selectionChanged.connect(lambda: heard.append("selection"))
    display.displayChanged.connect(lambda: heard.append("display"))
    display.set_probe(probe_set(20))
    heard.clear()
    return display, heard


def test_a_selection_lasts_as_long_as_its_run(told):
    display, _ = told
    probe = probe_set(30)
    display.set_probe(probe)
    display.select(np.array([3, 29]))
    display.select(np.array([4]), "add")
    display.set_probe(probe)
    assert display.selection.rows.tolist() == [3, 4, 29]
    display.set_probe(probe_set(30))
    assert display.selection.count == 0
    display.set_probe(None)
    assert len(display.selection.mask) == 0


def test_only_changes_are_told(told):
    display, heard = told
    display.select(np.array([2]))
    display.select(np.array([2]), "add")
    display.clear_selection()
    display.clear_selection()
    display.set_color_mode("class")
    display.set_color_mode("loss")
    display.show_all_classes()
    assert heard == ["selection", "selection", "display"]


def test_a_click_hides_a_class_and_a_second_shows_it(told):
    display, heard = told
    display.toggle_class(3)
    display.toggle_class(5)
    assert display.left_out(10) == {3, 5}
    display.toggle_class(3)
    assert display.left_out(10) == {5}
    assert heard == ["display"] * 3


def test_a_double_click_leaves_one_class_whatever_its_first_click_did(told):
    display, _ = told
    display.toggle_class(5)
    display.toggle_class(3)  # the first click of the double click
    display.isolate_class(3)
    assert display.left_out(10) == set(range(10)) - {3}
    display.toggle_class(7)
    assert display.left_out(10) == set(range(10)) - {3, 7}


def test_a_click_on_the_isolated_class_brings_back_what_was_shown_before(told):
    display, _ = told
    display.toggle_class(5)
    display.isolate_class(3)
    display.toggle_class(3)
    assert display.left_out(10) == {5}
    display.show_all_classes()
    assert not display.left_out(10)
