"""Trainer: network, loss, optimiser and data of a run, and the training step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor, nn

from explorer.core.data.dataset import Progress, no_progress
from explorer.core.params import Value
from explorer.core.settings.config import RunConfig, diff
from explorer.worker.device.data import load_resident
from explorer.worker.device.devices import find_device
from explorer.worker.losses import Loss, build
from explorer.worker.stressors.stressors import Stressors
from explorer.worker.training.graph import stepper_for
from explorer.worker.training.meters import Meters
from explorer.worker.training.networks import build_network
from explorer.worker.training.optimization import Optimizer, rate_at
from explorer.worker.training.precision import Forward
from explorer.worker.training.sampling import balanced, shuffled
from explorer.worker.training.stepper import held_fixed


class Trainer:
    """A run, initialised from its seed.

    Parameters
    ----------
    config : RunConfig
        All settings of the run.
    progress : callable
        Is told how far its data set has been read.

    Raises
    ------
    DatasetError, DeviceError
        If the data set cannot be read or the device does not exist.
    """

    def __init__(self, config: RunConfig, progress: Progress = no_progress) -> None:
        self.config = config
        self.device = find_device(config.device)
        self.data = load_resident(config.data, self.device, config.seed, progress)
        self.stressors = Stressors(config, self.data, self.device)
        self.shuffler = torch.Generator(self.device)
        self.shuffler.manual_seed(config.seed)
        self.network, self.loss = self._build_modules()
        self._forward = Forward(self.network, self.device)
        self.optimizer = Optimizer(config.optimizer.name, self._modules())
        self.meters = Meters(self.device)
        self.step_count = 0
        self.loss_chosen_at = 0
        self._left: dict[str, Tensor] = {}
        self.batch = min(config.optimizer.batch, self.data.train.trained_count)
        self.steps_per_epoch = self.data.train.trained_count // self.batch
        self.order = torch.empty(0, self.batch, dtype=torch.int64, device=self.device)
        self.live: dict[str, Tensor | Value] = {}
        self._in_force: dict[str, Value] | None = None
        self._set_live()
        self.stepper = stepper_for(self.device, self.batch)
        self.stepper.renew(capturable=self.loss.capturable)

    @property
    def epoch(self) -> float:
        """Epochs trained so far, as a decimal."""
        return self.step_count / self.steps_per_epoch

    @property
    def rate(self) -> float:
        """Learning rate of the next step."""
        return rate_at(self.step_count, self.steps_per_epoch, self.config.optimizer)

    @property
    def parameter_count(self) -> int:
        """Number of trainable parameters."""
        return sum(parameter.numel() for module in self._modules() for parameter in module.parameters())

    def step(self) -> None:
        """Train on one batch."""
        index = self._next_batch()
        self._set_live()
        self.stepper.run(self._update, index, self.rate, self.step_count)
        self.meters.count(self.step_count, self.batch)
        self.step_count += 1
        if self.step_count % self.steps_per_epoch == 0:
            self.loss.end_epoch(**self.live)

    def reconfigure(self, config: RunConfig) -> None:
        """Apply the live changes of a configuration from the next step on.

        Raises
        ------
        ValueError
            For a change that needs a restart.
        """
        changes = diff(self.config, config)
        if changes.restart:
            raise ValueError(f"{', '.join(changes.restart)} cannot change within a run")
        old, self.config = self.config, config
        if config.loss.name != old.loss.name:
            self._change_loss(old.loss.name)
        self.stressors.apply(config.data)  # balanced batches follow its labels from the next epoch on
        if config.loss.spec.balanced != old.loss.spec.balanced and self.step_count:
            self._draw_order()  # the first step draws it anyway
        self._set_live()
        if held_fixed(config) != held_fixed(old):
            self.stepper.renew(capturable=self.loss.capturable)

    def embed(self, images: Tensor) -> Tensor:
        """Return the features (n, d) float32 of images (n, height, width) on the device, without training."""
        return self._forward.embed(images)

    @torch.no_grad()
    def scores(self, features: Tensor) -> Tensor:
        """Return test-time scores (n, S) of features for the S classes trained on."""
        self.loss.eval()
        return self.loss.scores(features, **self.live)

    def values_in_force(self) -> dict[str, Value]:
        """Return the live parameters of the loss at the next step, after its schedule."""
        spec, params = self.config.loss.spec, self.config.loss.params
        live = {param.name: params[param.name] for param in spec.params if param.effect == "live"}
        return self.loss.schedule(self.step_count - self.loss_chosen_at, live)

    def tensors_in_force(self) -> dict[str, Tensor | Value]:
        """Return `values_in_force` as a loss is given them, in tensors of their own."""
        return {
            name: value if isinstance(value, bool | str) else torch.tensor(float(value), device=self.device)
            for name, value in self.values_in_force().items()
        }

    def peek_batch(self) -> Tensor:
        """Return the images (batch,) of the next step, and leave the generator as it is."""
        place = self.step_count % self.steps_per_epoch
        if place:
            return self.order[place]
        generator = torch.Generator(self.device)
        generator.set_state(self.shuffler.get_state())
        return self._drawn_order(generator)[0]

    def state(self) -> tuple[dict[str, Tensor], dict[str, int]]:
        """Return everything that later steps depend on, as named tensors and numbers."""
        tensors = {f"network.{name}": tensor for name, tensor in self.network.state_dict().items()}
        tensors |= {f"loss.{name}": tensor for name, tensor in self.loss.state_dict().items()}
        tensors |= {f"optimizer.{name}": tensor for name, tensor in self.optimizer.state_dict().items()}
        tensors |= {f"left.{name}": tensor for name, tensor in self._left.items()}
        tensors |= {
            "order": self.order,
            "shuffler": self.shuffler.get_state(),
            "random": torch.get_rng_state(),
        }
        return tensors, {"step": self.step_count, "loss_chosen_at": self.loss_chosen_at}

    def load_state(self, tensors: Mapping[str, Tensor], numbers: Mapping[str, int]) -> None:
        """Restore the state that `state` returned for a run with the same configuration.

        Raises
        ------
        KeyError, RuntimeError, ValueError
            If an entry is missing or does not fit the network, the loss or the data set.
        """
        order = tensors["order"]
        if order.shape[1:] != (self.batch,) or (order.numel() and int(order.max()) >= len(self.data.train)):
            raise ValueError("its batches are those of another data set")
        for module, prefix in ((self.network, "network."), (self.loss, "loss.")):
            module.load_state_dict(_within(tensors, prefix))
        self.optimizer.load_state_dict(_within(tensors, "optimizer."))
        self._left = _within(tensors, "left.")
        self.order = order.to(self.device)
        self.shuffler.set_state(tensors["shuffler"])
        torch.set_rng_state(tensors["random"])
        self.step_count, self.loss_chosen_at = int(numbers["step"]), int(numbers["loss_chosen_at"])
        self._set_live()

    def _modules(self) -> Iterable[nn.Module]:
        return (self.network, self.loss)

    def _build_modules(self) -> tuple[nn.Sequential, Loss]:
        """Return the network and the loss that the seed gives."""
        torch.manual_seed(self.config.seed)
        height, width = self.data.train.images.shape[1:3]
        size, spec = (self.data.whole.channels, height, width), self.data.whole.spec
        network = build_network(self.config.network, size, spec.mean, spec.spread).to(self.device)
        return network, self._build_loss()

    def _build_loss(self) -> Loss:
        spec = self.config.loss.spec
        restart = {p.name: self.config.loss.params[p.name] for p in spec.params if p.effect == "restart"}
        loss = build(spec.name, len(self.data.classes), self.config.network.dim, **restart)
        return loss.to(self.device)

    def _change_loss(self, before: str) -> None:
        """Replace the loss, keeping the network, its momentum, and class weights if both losses have them.

        What only the loss ``before`` has, such as biases, comes back with it: who undoes the change wants
        the accuracy back, too.

        Before the first step the new loss is as if it had been chosen from the start, so that a seed and
        settings give the same run whatever was tried before them.
        """
        state = self.optimizer.state
        if self.step_count:
            old, self.loss = self.loss, self._build_loss()
            kept, shared = old.state_dict(), dict(self.loss.named_parameters())
            _copy_known(_within(self._left, f"{self.config.loss.name}."), self.loss.state_dict())
            _copy_known(dict(old.named_parameters()), shared)
            self._left |= {f"{before}.{name}": kept[name] for name in kept if name not in shared}
        else:
            self.loss = self._build_modules()[1]
        self.live, self._in_force = {}, None
        self.loss_chosen_at = self.step_count
        self.meters.clear()
        self.optimizer = Optimizer(self.config.optimizer.name, self._modules())
        for parameter in self.network.parameters():
            self.optimizer.state[parameter] = state[parameter]

    def _set_live(self) -> None:
        """Update ``live``: parameters as 0-dim tensors on the device, which a captured step reads."""
        values = self.values_in_force()
        if values == self._in_force:
            return
        self._in_force = values
        for name, value in values.items():
            held = self.live.get(name)
            if isinstance(value, bool | str):
                self.live[name] = value
            elif isinstance(held, Tensor):
                held.fill_(float(value))
            else:
                self.live[name] = torch.tensor(float(value), device=self.device)

    def _update(self, index: Tensor, rate: float | Tensor, step: int | Tensor) -> None:
        """Run the part of a step that may be captured: nothing in it waits for the device."""
        images, targets = self.stressors.batch(self.data.train, index, step)
        self.network.train()
        self.loss.train()
        embeddings = self._forward(images)
        terms = self.loss.compute(embeddings, targets, **self.live)
        total = torch.stack(list(terms.values())).sum()
        self.optimizer.zero_grad()
        torch.autograd.backward(total)
        self.optimizer.step(self.config.optimizer, rate)
        self.meters.add(step, total.detach(), terms, self._correct(embeddings.detach(), targets))

    def _next_batch(self) -> Tensor:
        place = self.step_count % self.steps_per_epoch
        if place == 0:
            self._draw_order()
        return self.order[place]

    def _draw_order(self) -> None:
        self.order = self._drawn_order(self.shuffler)

    def _drawn_order(self, generator: torch.Generator) -> Tensor:
        """Return the images (steps, batch) of an epoch, all of classes that are trained on."""
        draw, train = balanced if self.config.loss.spec.balanced else shuffled, self.data.train
        order = draw(generator, train.of_trained(self.stressors.targets), self.batch)
        return order if train.trained is None else train.trained[order]

    @torch.no_grad()
    def _correct(self, embeddings: Tensor, targets: Tensor) -> Tensor:
        return (self.loss.scores(embeddings, **self.live).argmax(dim=1) == targets).sum()


@torch.no_grad()
def _copy_known(known: Mapping[str, Tensor], targets: Mapping[str, Tensor]) -> None:
    """Copy the tensors that two mappings have in common, by name and shape."""
    for name, target in targets.items():
        if name in known and known[name].shape == target.shape:
            target.copy_(known[name])


def _within(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
