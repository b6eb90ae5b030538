"""What is offered to a run that fails follows from the cause and from the description of its loss."""

from __future__ import annotations

import pytest

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
    assert rates == [0.1, 2.0, 0.025]


def test_a_margin_that_cannot_be_met_is_made_feasible_first():
    tight = RunConfig().replace({"loss.name": "arcface", "loss.margin": 0.9})
    (first, *_others) = remedies("at-chance", tight, 400)
    assert set(first) == {"loss.margin"}
    assert first["loss.margin"] < 0.63
