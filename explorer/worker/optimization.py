"""Optimisers and learning-rate schedules."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import nn

from explorer.core.config import OptimizerConfig

_COSINE_FLOOR = 0.01


def build_optimizer(config: OptimizerConfig, modules: Iterable[nn.Module]) -> torch.optim.Optimizer:
    """Return the optimiser of a configuration over all parameters; only matrices and filters decay."""
    parameters = [parameter for module in modules for parameter in module.parameters()]
    groups = [
        {"params": [parameter for parameter in parameters if parameter.ndim > 1], "decays": True},
        {"params": [parameter for parameter in parameters if parameter.ndim <= 1], "decays": False},
    ]
    if config.name == "adamw":
        optimizer: torch.optim.Optimizer = torch.optim.AdamW(groups, lr=config.rate, foreach=True)
    else:
        optimizer = torch.optim.SGD(groups, lr=config.rate, momentum=0.9, nesterov=True, foreach=True)
    apply_settings(optimizer, config, config.rate)
    return optimizer


def apply_settings(optimizer: torch.optim.Optimizer, config: OptimizerConfig, rate: float) -> None:
    """Give the optimiser the live settings of a configuration, and the learning rate in force."""
    for group in optimizer.param_groups:
        group["lr"] = rate
        group["weight_decay"] = config.weight_decay if group["decays"] else 0.0
        if "betas" in group:
            group["betas"] = (config.momentum, group["betas"][1])
        else:
            group["momentum"] = config.momentum
            group["nesterov"] = config.momentum > 0


def rate_at(step: int, steps_per_epoch: int, config: OptimizerConfig) -> float:
    """Return the learning rate of a step, counted from 0: linear warm-up, then the schedule."""
    warm = min(1.0, (step + 1) / config.warmup) if config.warmup else 1.0
    if config.schedule == "constant":
        return config.rate * warm
    passed = min(1.0, step / (config.horizon * steps_per_epoch))
    fall = _COSINE_FLOOR + (1 - _COSINE_FLOOR) * (1 + math.cos(math.pi * passed)) / 2
    return config.rate * warm * fall
