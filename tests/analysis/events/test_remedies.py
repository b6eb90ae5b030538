"""What is offered to a run that fails follows from the cause and from the description of its loss."""

from __future__ import annotations

import pytest

from explorer.analysis.events import remedies as rules
from explorer.analysis.events.failure_events import FailureEvents
from explorer.analysis.events.remedies import MOST, remedies
from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import RunConfig


@pytest.mark.parametrize("kind", [*FailureEvents.KINDS, "diverged", "stuck"])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_failure_of_every_loss_has_three_different_remedies(kind, loss):
    for changes in ({}, {"network.dim": 3, "network.relu": True}):
        config = RunConfig().replace({"loss.name": loss, **changes})
        found = [config.replace(one) for one in remedies(kind, config, 50)]
        assert len(found) == MOST
        assert all(one not in (config, *found[:place]) for place, one in enumerate(found))


def test_a_crushing_term_gets_a_smaller_weight_first():
    crushed = RunConfig().replace({"loss.name": "center", "loss.weight": 10.0})
    assert remedies("one-point", crushed, 50) == (
        {"loss.weight": 1.0},
        {"optimizer.rate": 0.025},
        {"loss.weight": 0.1, "loss.alpha": 0.5, "loss.normalize": False, "loss.update": "batch"},
    )


def test_what_was_changed_last_is_taken_back_first_and_the_rates_beside_it_are_tried():
    raised = RunConfig().replace({"optimizer.rate": 8.0})
    rates = [one["optimizer.rate"] for one in remedies("diverged", raised, 500, {"optimizer.rate": 0.1})]
    assert rates == [0.1, 0.025, 0.1]


@pytest.mark.parametrize("kind", ["diverged", "exploded", "at-chance"])
def test_no_remedy_keeps_a_rate_that_is_far_too_high(kind):
    """A longer warm-up or a third dimension alone leaves a rate of 10, and NaN, as it is."""
    for name, usual in (("sgd", 0.1), ("adamw", 0.01)):
        config = RunConfig().replace({"optimizer.name": name, "optimizer.rate": 10.0})
        found = remedies(kind, config, 15)
        assert len(found) == MOST
        assert all(config.replace(one).optimizer.rate <= usual for one in found)


def test_a_margin_that_cannot_be_met_is_made_feasible_first():
    tight = RunConfig().replace({"loss.name": "arcface", "loss.margin": 0.9})
    (first, *_others) = remedies("at-chance", tight, 400)
    assert set(first) == {"loss.margin"}
    assert first["loss.margin"] < 0.63


@pytest.mark.parametrize("loss", LOSSES)
def test_every_remedy_makes_the_task_easier(loss, monkeypatch):
    """A smaller annealing makes L-Softmax harder, although its symbol is that of the weight of a term."""
    monkeypatch.setattr(rules, "MOST", 99)
    config = RunConfig().replace({"loss.name": loss})
    spec, params = config.loss.spec, config.loss.params
    for kind in [*FailureEvents.KINDS, "diverged", "stuck"]:
        found = remedies(kind, config, 50)
        changed = {name.partition(".")[2]: one for one in found for name in one if name.startswith("loss.")}
        for key, one in changed.items():
            value = one[f"loss.{key}"]
            if key in spec.without_margin:
                assert abs(value - spec.without_margin[key]) <= abs(params[key] - spec.without_margin[key])
            else:
                assert key in (spec.term_weight, spec.scale.param)
                assert value < params[key]
        assert changed.keys() >= spec.without_margin.keys()
        assert kind not in ("diverged", "one-point") or not spec.term_weight or spec.term_weight in changed
        rates = [one["optimizer.rate"] for one in found if "optimizer.rate" in one]
        assert [rate for rate in rates if rate > 0.1] == ([0.4] if kind == "at-chance" else [])


def test_a_term_that_keeps_features_short_is_not_weakened_against_features_that_explode():
    config = RunConfig().replace({"loss.name": "n-pair"})
    assert all("loss.weight" not in one for one in remedies("exploded", config, 50))
    raised = config.replace({"loss.weight": 0.5})
    assert {"loss.weight": 0.05} in remedies("exploded", raised, 50)


def test_a_change_of_another_loss_is_passed_over():
    """The change before a failure may be of settings that the loss in force does not have."""
    found = remedies("diverged", RunConfig(), 5, {"loss.margin": 0.5})
    assert found[0] == {"optimizer.rate": 0.025}
    assert len(found) == MOST
