"""Trainer: one run's network, loss, optimiser and data, and the step that moves them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor, nn

from explorer.core.config import RunConfig, diff
from explorer.core.params import Value
from explorer.worker.data import load_resident
from explorer.worker.devices import find_device
from explorer.worker.losses import Loss, build
from explorer.worker.meters import Meters
from explorer.worker.networks import build_network
from explorer.worker.optimization import Optimizer, rate_at
from explorer.worker.sampling import balanced, shuffled


class Trainer:
    """A run from its seed on.

    Parameters
    ----------
    config : RunConfig
        Everything that decides the run.

    Raises
    ------
    DatasetError, DeviceError
        Where data or device are not to be had.
    """

    def __init__(self, config: RunConfig) -> None:
        self.config = config
        self.device = find_device(config.device)
        self.data = load_resident(config.data, self.device)
        torch.manual_seed(config.seed)
        self.shuffler = torch.Generator(self.device)
        self.shuffler.manual_seed(config.seed)
        self.network = build_network(config.network, *self.data.train.images.shape[1:]).to(self.device)
        self.loss = self._build_loss()
        self.optimizer = Optimizer(config.optimizer.name, self._modules())
        self.meters = Meters(self.device)
        self.step_count = 0
        self.loss_chosen_at = 0
        self.batch = min(config.optimizer.batch, len(self.data.train))
        self.steps_per_epoch = len(self.data.train) // self.batch
        self.order = torch.empty(0, self.batch, dtype=torch.int64, device=self.device)
        self.live = self._live_values()

    @property
    def epoch(self) -> float:
        """Epochs trained so far, with the part of the current one."""
        return self.step_count / self.steps_per_epoch

    @property
    def rate(self) -> float:
        """Learning rate of the next step."""
        return rate_at(self.step_count, self.steps_per_epoch, self.config.optimizer)

    @property
    def parameter_count(self) -> int:
        """Number of trained numbers."""
        return sum(parameter.numel() for module in self._modules() for parameter in module.parameters())

    def step(self) -> None:
        """Train on one batch."""
        index = self._next_batch()
        images, labels = self.data.train.images[index], self.data.train.labels[index]
        self._follow_schedule()
        self.network.train()
        self.loss.train()
        embeddings = self.network(images)
        terms = self.loss.compute(embeddings, labels, **self.live)
        total = torch.stack(list(terms.values())).sum()
        self.optimizer.zero_grad()
        torch.autograd.backward(total)
        self.optimizer.step(self.config.optimizer, self.rate)
        self.meters.add(
            self.step_count, total, terms, self._correct(embeddings.detach(), labels), len(labels)
        )
        self.step_count += 1
        if self.step_count % self.steps_per_epoch == 0:
            self.loss.end_epoch(**self.live)

    def reconfigure(self, config: RunConfig) -> None:
        """Take the live changes of a configuration; they act from the next step on.

        Raises
        ------
        ValueError
            For a change that needs a fresh run.
        """
        changes = diff(self.config, config)
        if changes.restart:
            raise ValueError(f"{', '.join(changes.restart)} cannot change within a run")
        old, self.config = self.config, config
        if config.loss.name != old.loss.name:
            self._change_loss()
        if config.loss.spec.balanced != old.loss.spec.balanced:
            self._draw_order()
        self.live = self._live_values()

    @torch.no_grad()
    def embed(self, images: Tensor, chunk: int = 250) -> Tensor:
        """Return the features (n, d) float32 of images (n, height, width) on the device, without training."""
        self.network.eval()
        parts = [self.network(images[start : start + chunk]) for start in range(0, len(images), chunk)]
        return torch.cat(parts).float() if parts else torch.empty(0, self.config.network.dim)

    @torch.no_grad()
    def scores(self, features: Tensor) -> Tensor:
        """Return test-time scores (n, C) of features."""
        self.loss.eval()
        return self.loss.scores(features, **self.live)

    def state(self) -> tuple[dict[str, Tensor], dict[str, int]]:
        """Return everything that the next step depends on, as named tensors and numbers."""
        tensors = {f"network.{name}": tensor for name, tensor in self.network.state_dict().items()}
        tensors |= {f"loss.{name}": tensor for name, tensor in self.loss.state_dict().items()}
        tensors |= {f"optimizer.{name}": tensor for name, tensor in self.optimizer.state_dict().items()}
        tensors |= {
            "order": self.order,
            "shuffler": self.shuffler.get_state(),
            "random": torch.get_rng_state(),
        }
        return tensors, {"step": self.step_count, "loss_chosen_at": self.loss_chosen_at}

    def load_state(self, tensors: Mapping[str, Tensor], numbers: Mapping[str, int]) -> None:
        """Take the state that `state` returned, of a run with the same configuration.

        Raises
        ------
        KeyError, RuntimeError
            Where something is missing or does not fit.
        """
        for module, prefix in ((self.network, "network."), (self.loss, "loss.")):
            module.load_state_dict(_within(tensors, prefix))
        self.optimizer.load_state_dict(_within(tensors, "optimizer."))
        self.order = tensors["order"].to(self.device)
        self.shuffler.set_state(tensors["shuffler"])
        torch.set_rng_state(tensors["random"])
        self.step_count, self.loss_chosen_at = int(numbers["step"]), int(numbers["loss_chosen_at"])
        self.live = self._live_values()

    def _modules(self) -> Iterable[nn.Module]:
        return (self.network, self.loss)

    def _build_loss(self) -> Loss:
        spec = self.config.loss.spec
        restart = {p.name: self.config.loss.params[p.name] for p in spec.params if p.effect == "restart"}
        loss = build(spec.name, self.data.num_classes, self.config.network.dim, **restart)
        return loss.to(self.device)

    def _change_loss(self) -> None:
        """Take another loss; the network, its momentum, and the class weights stay where both have them."""
        old, new = self.loss, self._build_loss()
        state = self.optimizer.state
        with torch.no_grad():
            ours = dict(old.named_parameters())
            for name, parameter in new.named_parameters():
                if name in ours and ours[name].shape == parameter.shape:
                    parameter.copy_(ours[name])
        self.loss = new
        self.loss_chosen_at = self.step_count
        self.meters.clear()
        self.optimizer = Optimizer(self.config.optimizer.name, self._modules())
        for parameter in self.network.parameters():
            self.optimizer.state[parameter] = state[parameter]

    def _values_in_force(self) -> dict[str, Value]:
        """Return the loss' live parameters as its schedule has them at the next step."""
        spec, params = self.config.loss.spec, self.config.loss.params
        live = {param.name: params[param.name] for param in spec.params if param.effect == "live"}
        return self.loss.schedule(self.step_count - self.loss_chosen_at, live)

    def _live_values(self) -> dict[str, Tensor | Value]:
        """Return the values in force, numbers as 0-dim tensors on the device."""
        return {
            name: value if isinstance(value, bool | str) else torch.tensor(float(value), device=self.device)
            for name, value in self._values_in_force().items()
        }

    def _follow_schedule(self) -> None:
        """Bring the numbers that the loss' schedule moves up to date."""
        for name, value in self._values_in_force().items():
            held = self.live[name]
            if isinstance(held, Tensor):
                held.fill_(float(value))

    def _next_batch(self) -> Tensor:
        place = self.step_count % self.steps_per_epoch
        if place == 0:
            self._draw_order()
        return self.order[place]

    def _draw_order(self) -> None:
        draw = balanced if self.config.loss.spec.balanced else shuffled
        self.order = draw(self.shuffler, self.data.train.labels, self.batch)

    @torch.no_grad()
    def _correct(self, embeddings: Tensor, labels: Tensor) -> Tensor:
        return (self.loss.scores(embeddings, **self.live).argmax(dim=1) == labels).sum()


def _within(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
