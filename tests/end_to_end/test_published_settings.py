"""ArcFace with its published scale and margin learns in 128 dimensions and collapses in two, as compared."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from explorer.core.settings.config import RunConfig
from explorer.core.settings.presets import find_preset
from explorer.gui.compare.pairs import list_pairs

NAME = "published-2-against-128"
EPOCHS = 3


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_published_settings_learn_in_128_dimensions_and_not_in_two():
    """Three epochs of each: at 9,000 images a second, a minute in all."""
    comparison = next(one for one in list_pairs() if one.name == NAME)
    accuracies = {}
    for config in comparison.configs(RunConfig()):
        settings = [f"--set={name}={value}" for name, value in chosen(config).items()]
        command = [sys.executable, "-m", "explorer", "train", "--epochs", str(EPOCHS), "--json", *settings]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        summary = json.loads(done.stdout.splitlines()[-1])
        accuracies[config.network.dim] = summary["test_accuracy"]
    assert accuracies[128] >= 0.985, accuracies
    assert accuracies[2] <= 0.6, accuracies


def chosen(config):
    names = ("loss.name", "loss.scale", "loss.margin", "network.dim")
    return {name: config.get(name) for name in names}


def test_both_presets_have_the_published_settings():
    flat, deep = (
        find_preset(name).config for name in ("paper-defaults-fail-arcface", "arcface-published-128-d")
    )
    assert chosen(deep) == {**chosen(flat), "network.dim": 128}
    assert (flat.network.dim, flat.loss.params["scale"], flat.loss.params["margin"]) == (2, 64.0, 0.5)
