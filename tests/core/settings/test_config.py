"""The configuration decides the run: what it holds is valid, and what changed is known exactly."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.core.losses.catalog import LOSSES
from explorer.core.settings import files as config_files
from explorer.core.settings import settings
from explorer.core.settings.config import (
    ConfigError,
    OptimizerConfig,
    RunConfig,
    diff,
    find_param,
    flatten,
    live_part,
    unflatten,
    usual_values,
)

SECTION_PARAMS = {f"{section}.{p.name}": p for section, params in settings.SECTIONS.items() for p in params}


def test_defaults_are_those_of_the_descriptions():
    values = flatten(RunConfig())
    for name, param in SECTION_PARAMS.items():
        assert values[name] == param.default
    assert {name for name in values if "." in name and not name.startswith("loss.")} == set(SECTION_PARAMS)


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_survives_toml_json_and_the_wire(name):
    config = RunConfig().replace({"loss.name": name, "optimizer.rate": 0.0123, "network.dim": 3, "seed": 5})
    assert config_files.from_toml(config_files.to_toml(config)) == config
    assert config_files.from_json(config_files.to_json(config)) == config
    wire = msgspec.msgpack.encode(config)
    assert msgspec.msgpack.decode(wire, type=RunConfig) == config
    assert unflatten(flatten(config)) == config


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"loss.name": "arcfac"}, "Did you mean 'arcface'"),
        ({"loss.margin": 0.1}, "Softmax: loss has no setting 'margin'"),
        ({"optimizer.rte": 0.1}, "Did you mean 'rate'"),
        ({"optimiser.rate": 0.1}, "Did you mean 'optimizer.rate'"),
        ({"sed": 1}, "Did you mean 'seed'"),
        ({"network.dim": 513}, "above its maximum of 512"),
        ({"optimizer.rate": "0.1 rad"}, "has no unit"),
        ({"data.subset": 1}, "data.subset"),
        ({"data.subset": 11}, "data.subset"),
    ],
)
def test_wrong_settings_are_refused_by_name(changes, words):
    with pytest.raises(ConfigError) as caught:
        RunConfig().replace(changes)
    assert words in str(caught.value)


def test_a_wrong_configuration_cannot_arrive_over_the_wire():
    data = msgspec.to_builtins(RunConfig())
    data["network"]["dim"] = 1000
    with pytest.raises(msgspec.ValidationError, match="maximum of 512"):
        msgspec.convert(data, RunConfig)


def test_diff_tells_live_changes_from_those_that_need_a_restart():
    old = RunConfig().replace({"loss.name": "arcface"})
    new = old.replace({"loss.margin": 0.3, "optimizer.rate": 0.01, "network.dim": 3, "seed": 1})
    changes = diff(old, new)
    assert set(changes.live) == {"loss.margin", "optimizer.rate"}
    assert set(changes.restart) == {"network.dim", "seed"}
    assert not diff(old, old)


def test_another_loss_is_a_live_change_with_its_own_defaults():
    old = RunConfig().replace({"loss.name": "arcface", "loss.margin": 0.7})
    new = old.replace({"loss.name": "cosface"})
    assert not diff(old, new).restart
    assert new.get("loss.margin") == find_param("loss.margin", LOSSES["cosface"]).default


def test_the_live_part_holds_back_only_what_needs_a_restart():
    running = RunConfig()
    wanted = running.replace({"loss.name": "cosface", "network.dim": 3, "optimizer.rate": 0.02})
    live = live_part(running, wanted)
    assert (live.loss.name, live.network.dim, live.optimizer.rate) == ("cosface", 2, 0.02)


@given(st.text(max_size=200))
def test_no_text_crashes_the_reader(text):
    for read in (config_files.from_toml, config_files.from_json):
        try:
            read(text)
        except ConfigError as error:
            assert str(error)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["loss", "name", "network", "dim", "seed", "x"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    ).filter(lambda data: isinstance(data, dict))
)
def test_no_structure_crashes_the_reader(data):
    try:
        config_files.from_mapping(data, "test")
    except ConfigError as error:
        assert "test: " in str(error)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere\.toml"):
        config_files.load(tmp_path / "nowhere.toml")
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    with pytest.raises(ConfigError, match=r"broken\.json: not valid JSON"):
        config_files.load(broken)
    with open(tmp_path / "endless.toml", "wb") as endless:
        endless.truncate(1 << 40)
    with pytest.raises(ConfigError, match=r"endless\.toml: it is too large"):
        config_files.load(tmp_path / "endless.toml")


def test_each_optimiser_has_its_learning_rate_and_one_that_was_chosen_stays():
    default = RunConfig()
    adamw = default.replace({"optimizer.name": "adamw"})
    assert (default.optimizer.rate, adamw.optimizer.rate) == (0.1, 0.01)
    assert adamw.replace({"optimizer.name": "sgd"}) == default
    chosen = default.replace({"optimizer.rate": 0.05})
    assert chosen.replace({"optimizer.name": "adamw"}).optimizer.rate == 0.05
    both = {"optimizer.name": "adamw", "optimizer.rate": "0.1"}
    assert default.replace(both).optimizer.rate == 0.1
    assert config_files.from_toml('[optimizer]\nname = "adamw"').optimizer.rate == 0.01
    assert OptimizerConfig("adamw") == adamw.optimizer


@pytest.mark.parametrize("rate", [0.1, 0.01])
def test_files_keep_a_rate_that_is_the_default_of_another_optimiser(rate):
    """A run keeps its meaning where a later version has other defaults: files have all settings."""
    config = RunConfig(optimizer=OptimizerConfig("adamw", rate))
    assert config_files.from_toml(config_files.to_toml(config)) == config
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(config), type=RunConfig) == config
    written = config_files.to_mapping(config)
    names = {f"{key}.{name}" for key, table in written.items() if isinstance(table, dict) for name in table}
    assert names | {"seed", "device", "threads"} == set(flatten(config))
    assert (usual_values(config)["optimizer.rate"], config.optimizer.rate) == (0.01, rate)


def test_a_rate_meant_for_another_optimiser_waits_with_it():
    """A run that goes on with SGD does not train with the rate of AdamW."""
    running = RunConfig()
    wanted = running.replace({"optimizer.name": "adamw"})
    assert diff(running, wanted).restart == ("optimizer.name", "optimizer.rate")
    assert live_part(running, wanted) == running
