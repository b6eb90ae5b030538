"""How the options of a lab move from one step of its demonstration to the next."""

from __future__ import annotations

import pytest
from msgspec import Struct

from explorer.core.settings.config import LossConfig
from explorer.gui.labs.demonstration import blend


class Options(Struct, frozen=True):
    number: float = 0.0
    count: int = 0
    vector: tuple[float, ...] = (0.0, 0.0)
    on: bool = False
    word: str = "a"
    loss: LossConfig = LossConfig("arcface", {"margin": 0.0})


BEFORE = Options()
AFTER = Options(2.0, 10, (4.0, -2.0), on=True, word="b", loss=LossConfig("arcface", {"margin": 0.4}))


def test_numbers_move_evenly_and_all_else_at_once():
    loss = LossConfig("arcface", {"margin": 0.1})
    assert blend(BEFORE, AFTER, 0.25) == Options(0.5, 2, (1.0, -0.5), on=True, word="b", loss=loss)
    assert blend(BEFORE, AFTER, 1.0) is AFTER


def test_the_parameters_of_another_loss_come_at_once():
    for name in ("cosface", "l-softmax", "normface"):
        other = Options(loss=LossConfig(name))
        assert blend(BEFORE, other, 0.5).loss == other.loss


@pytest.mark.parametrize("vector", [(), (1.0, 2.0, 3.0)])
def test_a_vector_of_another_size_comes_at_once(vector):
    assert blend(BEFORE, Options(vector=vector), 0.5).vector == vector
