"""The mean loss of a frame, and the losses of the first steps, as they are added up."""

import numpy as np
import torch

from explorer.core.protocol.messages import FIRST_STEPS
from explorer.worker.training.meters import Meters

STEPS = FIRST_STEPS + 20
FRAMES = (7, 60, 90, 111, STEPS)
"""How many steps are made, and after which there is a frame: one of them is past the last first step."""


def test_sums_are_those_of_all_steps_in_their_order_and_first_losses_those_of_each():
    losses = np.random.default_rng(0).uniform(0.1, 9.0, STEPS).astype(np.float32)
    meters, first, before = Meters(torch.device("cpu")), [], 0
    for step, loss in enumerate(losses.tolist(), 1):
        meters.add(step, torch.tensor(loss), {}, torch.tensor(1))
        meters.count(step - 1, 50)
        if step in FRAMES:
            sums = meters.take()
            expected = np.add.accumulate(losses[before:step])[-1]
            assert sums.tensors["loss"].item() == expected
            assert (sums.steps, len(sums.first)) == (step - before, max(0, min(step, FIRST_STEPS) - before))
            first += [value.item() for value in sums.first]
            before = step
    assert first == losses[:FIRST_STEPS].tolist()


def test_only_the_first_steps_of_the_run_have_losses_of_their_own_and_a_clearing_drops_them():
    """Also in a trainer that goes on from a checkpoint: a reader counts them back from the first 100."""
    meters = Meters(torch.device("cpu"))

    def train(*steps):
        for step in steps:
            meters.add(step, torch.tensor(float(step)), {}, torch.tensor(1))
            meters.count(step, 50)

    train(*range(160, 165))
    meters.clear()
    train(*range(165, 168))
    sums = meters.take()
    assert (sums.steps, sums.first, sums.tensors["loss"].item()) == (3, (), 165 + 166 + 167)
    train(40, 41)
    meters.clear()
    train(42, 43)
    assert [loss.item() for loss in meters.take().first] == [42, 43]
