"""A frame says all that the margin of its loss depended on: the bands are drawn from it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from worker.test_session import Person

from explorer.core.losses.annealing import annealing
from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig


@pytest.fixture
def config(tiny_data, few_images):
    changes = {"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu", "data.probe_every": 4}
    return RunConfig().replace(changes | few_images)


def frames_of(config, **changes):
    person = Person(config)
    person.send(person.configure(**changes), m.Run(m.Until(step=8)))
    return person, person.of(m.Frame)


def test_the_annealing_is_that_of_the_last_step(config):
    person, frames = frames_of(config, loss__name="a-softmax")
    for frame in frames:
        expected = annealing(max(0, frame.step - 1), 5.0)
        assert frame.scalars["annealing"] == pytest.approx(expected, rel=1e-6)
    person.send(person.configure(loss__name="l-softmax"), m.Run(m.Until(step=12)))
    last = person.of(m.Frame)[-1]
    assert last.step == 12
    assert last.scalars["annealing"] == pytest.approx(annealing(3, 5.0), rel=1e-6)  # counts from the change


def test_the_lengths_that_adaface_follows_are_told(config):
    _, frames = frames_of(config, loss__name="adaface")
    last = frames[-1]
    lengths = np.linalg.norm(last.features.numpy(), axis=1)
    assert 0.2 * lengths.mean() < last.scalars["length_mean"] < 5 * lengths.mean()
    assert last.scalars["length_deviation"] > 0


def test_the_scale_that_adacos_has_come_to_is_told(config):
    start = math.sqrt(2) * math.log(9)
    _, frames = frames_of(config, loss__name="adacos")
    scales = [frame.scalars["scale"] for frame in frames]
    assert scales[0] == pytest.approx(start)
    assert abs(scales[-1] - start) > 0.1
    _, frames = frames_of(config, loss__name="adacos", loss__dynamic=False)
    assert [frame.scalars["scale"] for frame in frames] == pytest.approx([start] * len(frames))


def test_other_losses_say_nothing_of_the_kind(config):
    _, frames = frames_of(config)
    assert not {"annealing", "scale", "length_mean", "length_deviation"} & frames[-1].scalars.keys()
