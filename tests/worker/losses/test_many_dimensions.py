"""Above three dimensions losses do without tables of differences: with the same values and gradients."""

from __future__ import annotations

import math

import pytest
import torch

from explorer.worker.losses.angles import cosine_and_sine, unit
from explorer.worker.losses.gaussian_mixture import GaussianMixture
from explorer.worker.losses.li_arcface import _to_all
from explorer.worker.losses.pairs import distances, squared_distances, squared_gaps

DIM = 128


def points(count: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, DIM, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (distances, lambda x: (x[:, None] - x).square().sum(dim=2).clamp(min=1e-300).sqrt()),
        (squared_distances, lambda x: (x[:, None] - x).square().sum(dim=2)),
        (lambda x: squared_gaps(x, points(5, 1)), lambda x: (x[:, None] - points(5, 1)).square().sum(dim=2)),
    ],
)
def test_distances_and_their_gradients_are_those_of_a_table_of_differences(function, expected):
    features, same = (points(12).requires_grad_() for _ in range(2))
    weights = torch.arange(1.0, 13.0, dtype=torch.float64)[:, None]
    found, table = function(features), expected(same)
    torch.testing.assert_close(found, table, rtol=1e-9, atol=1e-9)
    (weights * found).sum().backward()
    (weights * table).sum().backward()
    torch.testing.assert_close(features.grad, same.grad, rtol=1e-7, atol=1e-7)


def test_features_that_coincide_have_a_gradient_of_zero():
    features = points(1).repeat(3, 1).requires_grad_()
    distances(features).sum().backward()
    assert (features.grad == 0).all()


def test_the_likelihoods_of_a_mixture_are_those_of_one_image_after_the_other():
    torch.manual_seed(0)
    loss = GaussianMixture(10, DIM).double()
    with torch.no_grad():
        loss.log_variance.normal_(0, 0.5)
        loss.centers.add_(3)
    features = points(20) + 3
    for x, scores in zip(features, loss.scores(features), strict=True):
        for center, log_variance, score in zip(loss.centers, loss.log_variance, scores, strict=True):
            distance = ((x - center) ** 2 / log_variance.exp()).sum() / 2
            assert score.item() == pytest.approx((-distance - log_variance.sum() / 2).item(), rel=1e-9)


def test_sines_to_all_classes_are_exact_near_zero():
    features, weights = unit(points(6)), unit(points(4, 1))
    close = unit(weights + 1e-4 * points(4, 2))
    for each in (features, close, torch.zeros_like(features)):
        for found, expected in zip(
            _to_all(each, weights), cosine_and_sine(each[:, None], weights), strict=True
        ):
            torch.testing.assert_close(found, expected, rtol=1e-7, atol=1e-12)
    assert _to_all(weights, weights)[1].diagonal().abs().max() < math.sqrt(1e-16)
