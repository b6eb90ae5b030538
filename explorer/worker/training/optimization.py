"""Optimisers and learning-rate schedules."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import cast

import torch
from torch import Tensor, nn
from torch.optim.adamw import adamw
from torch.optim.sgd import sgd

from explorer.core.settings.config import OptimizerConfig

_COSINE_FLOOR = 0.1
"""Fraction of the learning rate after the horizon, so that the network can still follow a change of loss."""
_ADAM_DECAY, _ADAM_EPSILON = 0.999, 1e-8


class Optimizer:
    """SGD with Nesterov momentum, or AdamW, over all parameters of some modules.

    Calls the functional updates of torch: its optimiser classes import the compiler on first use, which
    delays the start of a run by two seconds.

    Parameters
    ----------
    name : str
        ``sgd`` or ``adamw``.
    modules : iterable of Module
        Modules to train; weight decay applies to their matrices and filters only.
    """

    def __init__(self, name: str, modules: Iterable[nn.Module]) -> None:
        self.name = name
        self.parameters = [parameter for module in modules for parameter in module.parameters()]
        self.state = {parameter: _fresh_state(name, parameter) for parameter in self.parameters}
        self._fused = all(parameter.device.type in ("cpu", "cuda") for parameter in self.parameters)

    def zero_grad(self) -> None:
        """Delete the gradients."""
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self, config: OptimizerConfig, rate: float | Tensor) -> None:
        """Update every parameter that has a gradient. A ``rate`` given as a tensor stays on its device."""
        moving = [parameter for parameter in self.parameters if parameter.grad is not None]
        update = self._adamw if self.name == "adamw" else self._sgd
        update([parameter for parameter in moving if parameter.ndim > 1], config, rate, config.weight_decay)
        update([parameter for parameter in moving if parameter.ndim <= 1], config, rate, 0.0)

    def state_dict(self) -> dict[str, Tensor]:
        """Return the optimiser state; keys have parameter number and name, as in ``3.momentum_buffer``."""
        return {
            f"{number}.{name}": tensor
            for number, parameter in enumerate(self.parameters)
            for name, tensor in self.state[parameter].items()
        }

    def load_state_dict(self, tensors: Mapping[str, Tensor]) -> None:
        """Restore the state that `state_dict` returned.

        Raises
        ------
        KeyError, RuntimeError
            If an entry is missing or has the wrong shape.
        """
        for name, tensor in self.state_dict().items():
            tensor.copy_(tensors[name])

    def _sgd(
        self, moving: list[nn.Parameter], config: OptimizerConfig, rate: float | Tensor, decay: float
    ) -> None:
        sgd(
            list(moving),
            _gradients(moving),
            [self.state[parameter]["momentum_buffer"] for parameter in moving],
            foreach=not self._fused,
            fused=self._fused,
            lr=cast(float, rate),  # the fused update accepts a tensor, despite its annotation
            momentum=config.momentum,
            nesterov=config.momentum > 0,
            weight_decay=decay,
            dampening=0.0,
            maximize=False,
        )

    def _adamw(
        self, moving: list[nn.Parameter], config: OptimizerConfig, rate: float | Tensor, decay: float
    ) -> None:
        adamw(
            list(moving),
            _gradients(moving),
            [self.state[parameter]["exp_avg"] for parameter in moving],
            [self.state[parameter]["exp_avg_sq"] for parameter in moving],
            [],
            [self.state[parameter]["step"] for parameter in moving],
            foreach=not self._fused,
            fused=self._fused,
            lr=rate,
            beta1=config.momentum,
            beta2=_ADAM_DECAY,
            eps=_ADAM_EPSILON,
            weight_decay=decay,
            amsgrad=False,
            maximize=False,
        )


def rate_at(step: int, steps_per_epoch: int, config: OptimizerConfig) -> float:
    """Return the learning rate of a step, counted from 0: linear warm-up, then the schedule."""
    warm = min(1.0, (step + 1) / config.warmup) if config.warmup else 1.0
    if config.schedule == "constant":
        return config.rate * warm
    passed = min(1.0, step / (config.horizon * steps_per_epoch))
    fall = _COSINE_FLOOR + (1 - _COSINE_FLOOR) * (1 + math.cos(math.pi * passed)) / 2
    return config.rate * warm * fall


def _fresh_state(name: str, parameter: nn.Parameter) -> dict[str, Tensor]:
    if name == "adamw":
        return {
            "exp_avg": torch.zeros_like(parameter),
            "exp_avg_sq": torch.zeros_like(parameter),
            "step": torch.zeros((), device=parameter.device),
        }
    return {"momentum_buffer": torch.zeros_like(parameter)}


def _gradients(parameters: Iterable[nn.Parameter]) -> list[Tensor]:
    return [parameter.grad for parameter in parameters if parameter.grad is not None]
