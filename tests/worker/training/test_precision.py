"""Mixed precision: what is rounded to eight bits must not show."""

import torch

from explorer.core.settings.config import NetworkConfig
from explorer.worker.training.networks import build_network
from explorer.worker.training.precision import Forward


def features_of(name, device):
    torch.manual_seed(0)
    network = build_network(NetworkConfig(name=name), (1, 28, 28), 33.3, 78.6).eval()
    images = torch.randint(256, (40, 28, 28), dtype=torch.uint8)
    with torch.no_grad():
        return Forward(network, torch.device(device))(images)


def test_features_are_close_to_those_of_full_precision_and_lie_on_no_lattice():
    """Autocast follows the images, here on the CPU; the device decides whether there is any."""
    for name in ("compact", "lenet++", "mlp"):
        full, mixed = features_of(name, "cpu"), features_of(name, "cuda")
        assert mixed.dtype == torch.float32
        assert not torch.equal(mixed, full), "nothing was rounded"
        assert (mixed - full).norm() < 0.02 * full.norm()
        on_lattice = mixed.bfloat16().float() == mixed
        assert on_lattice.float().mean() < 0.05
