"""Every preset of a comparison can be trained, and its runs differ in what its title says."""

from __future__ import annotations

import pytest

from explorer.core.settings.config import RunConfig
from explorer.gui.compare.differences import differing, start_text
from explorer.gui.compare.pairs import list_pairs
from explorer.gui.compare.state import LEAST_RUNS, MOST_RUNS

BASE = RunConfig().replace({"seed": 7, "device": "cpu", "data.source": "/some/where"})


@pytest.mark.parametrize("pair", list_pairs(), ids=lambda pair: pair.name)
def test_the_runs_start_alike_on_the_machine_of_the_window(pair):
    configs = pair.configs(BASE)
    assert LEAST_RUNS <= len(configs) <= MOST_RUNS
    assert {(config.seed, config.device, config.data.source) for config in configs} == {
        (7, "cpu", "/some/where")
    }
    same = len({config.network for config in configs}) == 1
    assert start_text(configs) == (
        "All runs start from the same network and train on the same batches."
        if same
        else "All runs train on the same batches. Their initial networks differ."
    )
    assert len(set(map(str, configs))) == len(configs)


@pytest.mark.parametrize("pair", list_pairs(), ids=lambda pair: pair.name)
@pytest.mark.parametrize(("source", "classes"), [("spirals", 3), ("wide", 1000)])
def test_the_runs_train_on_all_classes_of_another_data_set(pair, source, classes):
    base = RunConfig().replace({"data.source": source, "data.classes": classes, "data.size": "64"})
    for config in pair.configs(base):
        assert (config.data.source, config.data.classes, config.data.size) == (source, classes, "64")


def test_the_runs_differ_in_nothing_but_their_subject():
    differences = {
        pair.name: {name for names in differing(pair.configs(BASE)) for name in names}
        for pair in list_pairs()
    }
    assert differences["bias"] == {"loss.bias"}
    assert differences["margin-1-to-4"] == {"loss.margin"}
    assert differences["wen-2016"] == {"loss.weight"}
    assert differences["normface-cosface-arcface"] <= {"loss.margin", "loss.beyond_pi"}
    assert differences.pop("published-2-against-128") == {"network.dim"}
    assert differences.pop("long-tail") == {"data.per_class", "data.imbalance"}
    assert differences["wrong-labels-smoothing"] == {"loss.bias", "loss.smoothing"}
    assert all(name.startswith("loss.") for names in differences.values() for name in names)
