"""What a loss follows in training: AdaCos' s, CurricularFace's t, AdaFace's μ and σ, ElasticFace's noise."""

import copy
import math

import numpy as np
import pytest
import torch

from explorer.worker.losses import build
from explorer.worker.losses.noise import NormalNoise

FOLLOWING = {
    "adacos": "scale",
    "curricularface": "curriculum",
    "adaface": "length_mean",
    "elasticface": "noise.state",
}


def batch(seed, count=32, dim=2):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, dim, generator=generator), torch.arange(count) % 5


@pytest.mark.parametrize(("name", "key"), FOLLOWING.items())
def test_moves_in_training_and_rests_in_evaluation(name, key):
    loss = build(name, 5, 2)
    before = loss.state_dict()[key].clone()
    loss.eval()
    first = loss(*batch(0))
    assert loss.state_dict()[key] == before
    assert loss(*batch(0)) == first
    loss.train()
    loss(*batch(0))
    assert loss.state_dict()[key] != before


@pytest.mark.parametrize("name", FOLLOWING)
def test_two_forwards_before_one_backward(name):
    loss = build(name, 5, 2)
    (loss(*batch(0)) + loss(*batch(1))).backward()
    assert torch.isfinite(loss.weight.grad).all()


def test_adaface_starts_from_the_first_batch_and_follows_by_a_hundredth():
    loss = build("adaface", 5, 2).double()
    first, second = (batch(seed)[0].double() for seed in (0, 1))
    for features in (first, second):
        loss(features, batch(0)[1])
    means = [np.linalg.norm(features.numpy(), axis=1).mean() for features in (first, second)]
    deviations = [np.linalg.norm(features.numpy(), axis=1).std(ddof=1) for features in (first, second)]
    assert loss.length_mean.item() == pytest.approx(0.99 * means[0] + 0.01 * means[1], rel=1e-6)
    assert loss.length_deviation.item() == pytest.approx(
        0.99 * deviations[0] + 0.01 * deviations[1], rel=1e-6
    )


def test_adaface_gives_the_length_no_gradient():
    loss = build("adaface", 5, 2).double()
    features = batch(0)[0].double().requires_grad_()
    loss(features, batch(0)[1], margin=0.4).backward()
    along = (features.grad * features.detach()).sum(dim=1)
    assert along.abs().max() < 1e-12


@pytest.mark.parametrize("theta", [0.0, 0.1, 0.5, 1.5, 2.5, 3.0])
@pytest.mark.parametrize(("length", "z"), [(9.0, 1.0), (1.0, 0.0), (0.01, -0.99)])
def test_adaface_clips_the_angle_so_that_a_smaller_one_never_costs_more(theta, length, z):
    """μ and σ are 1; the weights of the two classes are at 0 and 90°."""
    loss = build("adaface", 2, 2).double().eval()
    loss.weight.data.copy_(torch.eye(2))
    loss.length_mean.fill_(1.0)
    features = length * torch.tensor([[math.cos(theta), math.sin(theta)]], dtype=torch.float64)
    value = loss(features, torch.tensor([0]), scale=8.0, margin=0.4, h=1.0)
    target = math.cos(min(max(theta - 0.4 * z, 0.0), math.pi)) - 0.4 * (1 + z)
    assert value.item() == pytest.approx(math.log1p(math.exp(8.0 * (math.sin(theta) - target))), rel=1e-9)


def test_curricularface_moves_by_the_momentum_towards_the_mean_cosine():
    loss = build("curricularface", 5, 2).double()
    features, labels = batch(0)
    loss(features.double(), labels, momentum=0.25)
    own, points = loss.weight.detach()[labels].numpy(), features.double().numpy()
    cosine = (points * own).sum(1) / np.linalg.norm(points, axis=1) / np.linalg.norm(own, axis=1)
    assert loss.curriculum.item() == pytest.approx(0.25 * cosine.mean(), rel=1e-6)


def test_adacos_stays_usable_with_two_classes():
    """Published, s would start at 0 and turn negative, which pushes features away from their own class."""
    loss = build("adacos", 2, 2)
    for seed in range(5):
        features, _ = batch(seed)
        assert torch.isfinite(loss(features, torch.arange(32) % 2))
        assert loss.scale.item() >= 0.1 * (1 - 1e-6)


def test_noise_is_splitmix64_through_the_normal_quantile():
    noise = NormalNoise()
    noise.state.fill_(1234567)
    # The first outputs of splitmix64 for the seed 1234567, as published with other implementations of it.
    outputs = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    drawn = noise(2).tolist() + noise(1).tolist()
    for value, output in zip(drawn, outputs, strict=True):
        share = 0.5 * (1 + math.erf(value / math.sqrt(2)))
        assert share == pytest.approx(output / 2**64, abs=1e-6)


def test_noise_is_standard_normal_and_reproducible_from_the_seed():
    torch.manual_seed(5)
    noise = NormalNoise()
    torch.manual_seed(5)
    again = NormalNoise()
    values = torch.cat([noise(1000) for _ in range(100)])
    assert torch.equal(values, torch.cat([again(1000) for _ in range(100)]))
    values = values.double().numpy()
    assert abs(values.mean()) < 4 / math.sqrt(len(values))
    assert abs(values.std() - 1) < 4 / math.sqrt(2 * len(values))
    for z in (-2.0, -1.0, 0.5, 1.5):
        expected = 0.5 * (1 + math.erf(z / math.sqrt(2)))
        assert (values < z).mean() == pytest.approx(expected, abs=0.005)
    assert abs(np.corrcoef(values[:-1], values[1:])[0, 1]) < 4 / math.sqrt(len(values))


def test_elasticface_differs_between_batches_and_not_between_copies():
    loss = build("elasticface", 5, 2)
    twin = copy.deepcopy(loss)
    first = [loss(*batch(0)).detach() for _ in range(3)]
    assert len({value.item() for value in first}) == 3
    assert [twin(*batch(0)).detach() for _ in range(3)] == first


def test_adacos_does_not_run_away_in_two_dimensions():
    """Published, s grows without end while features lie nearer to another class' weight than to their own."""
    loss = build("adacos", 10, 2)
    features = loss.weight.detach()[(torch.arange(50) + 3) % 10]
    for _ in range(50):
        assert torch.isfinite(loss(features, torch.arange(50) % 10))
    assert loss.scale.item() == pytest.approx(1.5 * math.sqrt(2) * math.log(9))
