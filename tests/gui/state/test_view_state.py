"""What is shown of a run has one owner, and tells of every change once."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import probe_set

from explorer.gui.state.view_state import NO_ROW, DisplaySettings, ViewState


@pytest.fixture
def told():
    state = ViewState()
    heard = []
    state.selectionChanged.connect(lambda: heard.append("selection"))
    state.displayChanged.connect(lambda: heard.append("display"))
    state.set_probe(probe_set(20))
    heard.clear()
    return state, heard


def test_a_selection_lasts_as_long_as_its_run(told):
    state, _ = told
    probe = probe_set(30)
    state.set_probe(probe)
    state.select(np.array([3, 29]))
    state.select(np.array([4]), "add")
    state.set_probe(probe)
    assert state.selection.rows.tolist() == [3, 4, 29]
    state.set_probe(probe_set(30))
    assert state.selection.count == 0
    state.set_probe(None)
    assert len(state.selection.mask) == 0


def test_only_changes_are_told(told):
    state, heard = told
    state.select(np.array([2]))
    state.select(np.array([2]), "add")
    state.select(np.zeros(0, dtype=np.intp))
    state.select(np.zeros(0, dtype=np.intp))
    state.set_color_mode("class")
    state.set_color_mode("loss")
    state.set_display(DisplaySettings(color_mode="loss"))
    assert heard == ["selection", "selection", "display"]


def test_a_click_hides_a_class_and_a_second_shows_it(told):
    state, heard = told
    state.toggle_class(3)
    state.toggle_class(5)
    assert state.display.left_out(10) == {3, 5}
    state.toggle_class(3)
    assert state.display.left_out(10) == {5}
    assert heard == ["display"] * 3


def test_a_double_click_leaves_one_class_whatever_its_first_click_did(told):
    state, _ = told
    state.toggle_class(5)
    state.toggle_class(3)  # the first click of the double click
    state.isolate_class(3)
    assert state.display.left_out(10) == set(range(10)) - {3}
    state.toggle_class(7)
    assert state.display.left_out(10) == set(range(10)) - {3, 7}


def test_a_click_on_the_isolated_class_brings_back_what_was_shown_before(told):
    state, _ = told
    state.toggle_class(5)
    state.isolate_class(3)
    state.toggle_class(3)
    assert state.display.left_out(10) == {5}
    state.set_display(DisplaySettings())
    assert not state.display.left_out(10)


def test_showing_a_class_alone_once_more_shows_all(told):
    state, _ = told
    state.toggle_class(5)
    state.isolate_class(3)
    state.isolate_class(3)
    assert state.display.left_out(10) == frozenset()


def test_a_class_that_a_data_set_does_not_have_hides_none_of_its_own(told):
    state, _ = told
    state.isolate_class(9)
    state.set_probe(probe_set(20, classes=5))
    assert state.display.left_out(5) == frozenset()
    state.toggle_class(2)
    assert state.display.left_out(5) == {2}


def test_the_pointer_is_told_of_once_and_leaves_with_its_run(told):
    state, _ = told
    rows = []
    state.hoverChanged.connect(rows.append)
    state.set_hovered(7)
    state.set_hovered(7)
    state.set_probe(probe_set(20))
    assert rows == [7, NO_ROW]


def test_all_classes_are_shown_again_whether_hidden_or_alone(told):
    state, _heard = told
    state.toggle_class(3)
    state.isolate_class(5)
    state.show_all_classes()
    assert state.display == DisplaySettings()
