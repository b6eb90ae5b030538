"""Settings that differ are named, and nothing else."""

from __future__ import annotations

from explorer.core.settings.config import RunConfig
from explorer.gui.compare import differences
from explorer.gui.compare.differences import (
    NameMemory,
    RunNames,
    differing,
    settings_texts,
    start_text,
    titles,
)


def configs(*changes):
    return [RunConfig().replace(change) for change in changes]


def test_only_what_differs_is_named():
    runs = configs(
        {"loss.name": "arcface", "loss.margin": 0.1}, {"loss.name": "arcface", "loss.margin": 0.3, "seed": 4}
    )
    assert differing(runs) == [("loss.margin", "seed")] * 2
    assert settings_texts(runs) == ["Margin 0.1 rad · Seed 0", "Margin 0.3 rad · Seed 4"]


def test_a_setting_that_only_one_loss_has_differs_and_one_that_both_have_does_not():
    runs = configs(
        {"loss.name": "normface", "loss.scale": 10.0},
        {"loss.name": "cosface", "loss.scale": 10.0, "loss.margin": 0.2},
    )
    assert runs[0].get("loss.scale") == runs[1].get("loss.scale")
    assert differing(runs) == [(), ("loss.margin",)]


def test_where_a_run_was_trained_and_how_it_was_watched_is_no_difference():
    runs = configs({}, {"threads": 3, "device": "cpu", "data.test_probe": 500, "data.probe_every": 7})
    assert differing(runs) == [(), ()]
    assert settings_texts(runs) == ["", ""]


def test_runs_of_one_loss_are_told_apart_by_what_differs():
    assert titles(configs({}, {"loss.name": "arcface"})) == ["Softmax", "ArcFace"]
    assert titles(configs({}, {"loss.bias": False})) == ["Softmax, Bias on", "Softmax, Bias off"]
    assert titles(configs({}, {})) == ["Softmax", "Softmax"]
    others = configs({"seed": 1}, {"seed": 2}, {"loss.name": "arcface", "optimizer.rate": 0.5})
    assert titles(others) == ["Softmax, Seed 1", "Softmax, Seed 2", "ArcFace"]


def test_the_sentence_on_the_start_names_networks_and_batches():
    same = "All runs start from the same network and train on the same batches."
    assert start_text(configs({}, {"loss.name": "arcface"}, {"optimizer.rate": 0.01})) == same
    for change, sentence in (
        ({"loss.name": "triplet"}, "All runs start from the same network. Their batches differ."),
        ({"optimizer.batch": 64}, "All runs start from the same network. Their batches differ."),
        ({"network.dim": 3}, "All runs train on the same batches. Their initial networks differ."),
        ({"seed": 1}, "The runs start from different networks and train on different batches."),
    ):
        assert start_text(configs({}, change)) == sentence


def test_names_are_made_anew_only_where_a_setting_has_changed(monkeypatch):
    """A window asks for them ten times a second."""
    asked = []

    def counted(configs):
        asked.append(len(configs))
        return differing(configs)

    monkeypatch.setattr(differences, "differing", counted)
    memory, runs = NameMemory(), configs({}, {"loss.bias": False})
    first = memory.names(runs)
    assert first.titles == ("Softmax, Bias on", "Softmax, Bias off")
    assert first.settings == ("Bias on", "Bias off")
    assert first.start.startswith("All runs start from the same network")
    made = len(asked)
    assert memory.names(iter(runs)) is first
    assert len(asked) == made
    assert memory.names(runs[:1]) == RunNames(("Softmax",), ("",), "")
    assert memory.names(configs({}, {"loss.name": "arcface"})).titles == ("Softmax", "ArcFace")
