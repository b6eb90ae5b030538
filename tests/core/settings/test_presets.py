"""A preset is what a lecture starts from: each shipped one opens, and is the figure that it claims to be."""

import re
import tomllib
from pathlib import Path

import pytest

from explorer.analysis.margins.feasibility import check
from explorer.core.data.resources import resource
from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import ConfigError, RunConfig, flatten
from explorer.core.settings.presets import find_preset, list_presets, load_preset

FILES = sorted(resource("presets").glob("*"))
GOOD = (
    '[preset]\ntitle = "Gaps"\ndescription = "A margin opens gaps."\n[loss]\nname = "arcface"\nmargin = 0.3\n'
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_preset_opens_with_the_values_it_lists(path: Path) -> None:
    preset = load_preset(path)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", preset.name)
    assert preset.title
    assert preset.description.endswith(".")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    listed = {
        f"{table}.{key}": v
        for table, content in data.items()
        if table != "preset"
        for key, v in content.items()
    }
    values = flatten(preset.config)
    assert "loss.name" in listed
    assert {name: values[name] for name in listed} == listed


def test_presets_are_listed_by_name_and_found_by_it() -> None:
    presets = list_presets()
    names = [preset.name for preset in presets]
    assert sorted(names) == sorted(path.stem for path in FILES)
    scales = [int(name.rpartition("-")[2]) for name in names if name.startswith("wang-2017-normface-scale")]
    assert len(scales) > 3
    assert scales == sorted(scales), "as numbers, not as text"
    weights = [preset.config.get("loss.weight") for preset in presets if "lambda" in preset.name]
    assert weights == [0, 0.01, 0.1, 1]
    assert len({preset.title for preset in presets}) == len(presets)
    assert find_preset("wen-2016-center-lambda-1") in presets


def test_every_loss_has_a_preset_with_all_its_published_values() -> None:
    configs = [preset.config for preset in list_presets()]
    for spec in LOSSES.values():
        published = [param for param in spec.params if param.published]
        assert any(
            config.loss.name == spec.name
            and all(config.loss.params[param.name] in param.published for param in published)
            for config in configs
        ), spec.name


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        (
            "wen-2016-center-lambda-0-1",
            {
                "loss.name": "center",
                "loss.weight": 0.1,
                "network.name": "lenet++",
                "optimizer.rate": 0.01,
                "optimizer.momentum": 0.9,
                "optimizer.weight_decay": 5e-4,
                "optimizer.batch": 128,
                "optimizer.warmup": 0,
                "optimizer.schedule": "constant",
            },
        ),
        ("wang-2017-normface-scale-7", {"loss.name": "normface", "loss.scale": 7.0, "network.dim": 3}),
        ("paper-defaults-fail-arcface", {"loss.name": "arcface", "loss.scale": 64.0, "loss.margin": 0.5}),
        (
            "wang-2018-am-softmax-5-m-0-5",
            {"loss.name": "cosface", "loss.scale": 10.0, "loss.margin": 0.5, "network.dim": 3},
        ),
    ],
)
def test_preset_is_the_figure_it_is_named_after(name: str, changes: dict[str, object]) -> None:
    assert find_preset(name).config == RunConfig().replace(changes)


@pytest.mark.parametrize(
    ("prefix", "setting", "values"),
    [
        ("wen-2016-center-lambda-", "loss.weight", [0, 0.01, 0.1, 1]),
        ("liu-2016-l-softmax-m-", "loss.margin", [1, 2, 3, 4]),
        ("wang-2018-cosface-m-", "loss.margin", [0, 0.1, 0.2]),
        ("wang-2017-normface-scale-", "loss.scale", [1, 2, 4, 7, 11]),
    ],
)
def test_series_of_a_figure_differs_in_one_setting_alone(
    prefix: str, setting: str, values: list[float]
) -> None:
    series = [preset.config for preset in list_presets() if preset.name.startswith(prefix)]
    assert sorted(config.get(setting) for config in series) == values
    assert len({tuple(flatten(config.replace({setting: 1})).items()) for config in series}) == 1


def test_only_presets_that_are_to_fail_have_a_margin_that_is_flagged() -> None:
    flagged = {p.name for p in list_presets() for concern in check(p.config) if concern.name != "loss.scale"}
    assert flagged == {"paper-defaults-fail-arcface", "paper-defaults-fail-cosface"}


def test_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"no preset 'wen-2016-center-lambda-2'\. Did you mean 'wen-2016"):
        find_preset("wen-2016-center-lambda-2")


@pytest.mark.parametrize("name", ["../presets/paper-defaults-fail-arcface", "", "."])
def test_name_is_no_path(name: str) -> None:
    with pytest.raises(ConfigError, match="There is no preset"):
        find_preset(name)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"[preset\n", "not valid TOML"),
        (b"\xff\xfe", "Cannot read the preset"),
        (b'[loss]\nname = "arcface"\n', r"the table \[preset\] is invalid"),
        (b'preset = 3\n[loss]\nname = "arcface"\n', r"the table \[preset\] is invalid"),
        (GOOD.replace("title", "titel").encode(), r"the table \[preset\] is invalid"),
        (GOOD.replace("0.3", "30").encode(), "above its maximum"),
        (GOOD.replace("arcface", "arkface").encode(), "Did you mean 'arcface'"),
        (GOOD.replace("[loss]", "[lost]").encode(), "lost"),
    ],
)
def test_damaged_file_is_named_with_the_reason(tmp_path: Path, text: bytes, reason: str) -> None:
    path = tmp_path / "gaps.toml"
    path.write_bytes(text)
    with pytest.raises(ConfigError, match=reason) as caught:
        list_presets(tmp_path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_preset_of_another_folder(tmp_path: Path) -> None:
    (tmp_path / "gaps.toml").write_text(GOOD, encoding="utf-8")
    preset = find_preset("gaps", tmp_path)
    assert (preset.title, preset.description) == ("Gaps", "A margin opens gaps.")
    assert preset.config == RunConfig().replace({"loss.name": "arcface", "loss.margin": 0.3})
