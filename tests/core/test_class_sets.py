"""A set of classes that is read wrongly trains on other classes than the person chose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.core.class_sets import MOST_CLASSES, classes_text, named_classes, parse_classes
from explorer.core.params import Param, ParamError
from explorer.core.settings.config import ConfigError, RunConfig

PARAM = Param(name="left_out", label="Classes left out", kind="classes", default="")


@given(st.sets(st.integers(0, MOST_CLASSES - 1), max_size=40))
def test_any_set_of_classes_is_read_back_from_its_text(classes):
    written = classes_text(classes)
    assert parse_classes(written) == classes
    assert PARAM.check(sorted(classes)) == PARAM.check(written) == written


@pytest.mark.parametrize(
    ("written", "classes"),
    [
        ("", set()),
        (" 7 ", {7}),
        ("5-9", {5, 6, 7, 8, 9}),
        ("9, 3 ,5 - 6", {3, 5, 6, 9}),
        ("1 2 2,1", {1, 2}),
        ("3，5–6、8", {3, 5, 6, 8}),
        ([4, 2], {2, 4}),
    ],
)
def test_classes_are_read_as_a_person_writes_them(written, classes):
    assert parse_classes(written) == classes


@pytest.mark.parametrize(
    "written", ["a", "5-", "-5", "9-5", "1.5", "1000", "5-9-11", 3, None, [1.5], [True], [-1]]
)
def test_what_is_no_set_of_classes_is_refused(written):
    with pytest.raises(ParamError, match="list of classes"):
        PARAM.check(written)


@given(st.text(max_size=12))
def test_any_text_is_a_set_of_classes_or_refused(written):
    try:
        text = PARAM.check(written)
    except ParamError:
        return
    assert PARAM.check(text) == text


@given(st.sets(st.integers(0, 9)))
def test_a_run_trains_on_two_classes_at_least(classes):
    changes = {"data.left_out": classes_text(classes)}
    if len(classes) > 8:
        with pytest.raises(ConfigError, match="2 are needed"):
            RunConfig().replace(changes)
        return
    data = RunConfig().replace(changes).data
    assert data.unseen == classes
    assert set(data.trained) == set(range(10)) - classes


def test_a_class_that_the_data_set_lacks_cannot_be_left_out():
    with pytest.raises(ConfigError, match="no class 7; the classes are 0 to 4"):
        RunConfig().replace({"data.subset": 5, "data.left_out": "1,7-9"})


def test_classes_are_called_by_their_names_and_many_are_counted():
    animals = ("ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen")
    assert named_classes({3, 0}, animals) == "ant, dog"
    assert named_classes(range(8), animals) == "ant, bee, cat, dog, elk, fox and 2 more"
    assert named_classes({5, 6, 7}, "0123456789") == named_classes({5, 6, 7}, ()) == "5-7"
    assert named_classes({0, 1, 2}, ("3", "7", "20")) == "3, 7, 20", "numbers, but other ones"
    assert named_classes((), animals) == ""
