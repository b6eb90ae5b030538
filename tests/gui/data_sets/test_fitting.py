"""Presets and guides fit every data set: it stays, and classes that it lacks are not chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.core.class_sets import classes_text
from explorer.core.settings.config import ConfigError, RunConfig, flatten
from explorer.core.settings.presets import list_presets
from explorer.gui.data_sets.fitting import (
    OF_THIS_MACHINE,
    changed_on_this_machine,
    fitting_classes,
    on_this_machine,
    unused_choice_text,
)

SPIRALS = RunConfig().replace(
    {"data.source": "spirals", "data.classes": 3, "data.size": "32", "threads": 2, "data.left_out": "1"}
)


@pytest.mark.parametrize("preset", list_presets(), ids=lambda preset: preset.name)
def test_every_preset_fits_a_data_set_of_few_classes(preset):
    config = on_this_machine(preset.config, SPIRALS)
    assert {name: config.get(name) for name in OF_THIS_MACHINE} == {
        name: SPIRALS.get(name) for name in OF_THIS_MACHINE
    }
    assert config.data.trained == (0, 1, 2)
    chosen = {*OF_THIS_MACHINE, "data.subset", "data.left_out"}
    others = flatten(preset.config).keys() - chosen
    assert all(config.get(name) == preset.config.get(name) for name in others)
    said = "The choice of classes is not used: this data set has only 3 classes."
    assert unused_choice_text(flatten(preset.config), config) == (said if preset.config.data.subset else "")


def test_a_choice_that_fits_stays():
    config = RunConfig().replace({"data.subset": 8, "data.left_out": "5-7"})
    assert on_this_machine(config, RunConfig()).data == config.data
    assert unused_choice_text(flatten(config), on_this_machine(config, RunConfig())) == ""


def test_changes_of_a_guide_fit_a_data_set_of_few_classes():
    changes = {"network.dim": 3, "data.subset": 0, "data.left_out": "5-9"}
    config = changed_on_this_machine(SPIRALS, changes)
    assert (config.network.dim, config.data.left_out, config.data.num_classes) == (3, "", 3)
    assert changed_on_this_machine(RunConfig(), changes) == RunConfig().replace(changes)
    kept = changed_on_this_machine(SPIRALS, {"network.dim": 3})
    assert kept == SPIRALS.replace({"network.dim": 3})
    with pytest.raises(ConfigError, match="above its maximum"):
        changed_on_this_machine(SPIRALS, {"network.dim": 513})


def test_changes_that_come_with_a_data_set_are_taken_as_they_are():
    changes = {"data.source": "mnist", "data.classes": 10, "data.left_out": "5-9"}
    assert changed_on_this_machine(SPIRALS, changes) == SPIRALS.replace(changes)


@given(
    subset=st.sampled_from((0, *range(2, 13))),
    left_out=st.frozensets(st.integers(0, 11)),
    count=st.integers(2, 14),
)
def test_what_fits_is_valid_and_changes_no_more_than_it_must(subset, left_out, count):
    try:
        wanted = RunConfig().replace(
            {"data.classes": 1000, "data.subset": subset, "data.left_out": classes_text(left_out)}
        )
    except ConfigError:
        return
    changes = fitting_classes(wanted.data, count)
    wanted.replace({"data.classes": count, **changes})  # raises where it is not valid
    for name in changes:
        with pytest.raises(ConfigError):
            wanted.replace({"data.classes": count, **{k: v for k, v in changes.items() if k != name}})
