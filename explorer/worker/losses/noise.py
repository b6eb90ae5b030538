"""NormalNoise: normally distributed random numbers whose generator is part of the state of a module."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

_STEP = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_BITS = 23


class NormalNoise(nn.Module):
    """Draws from N(0, 1); the same state gives the same numbers on every device.

    Unlike a ``torch.Generator`` it is saved and moved with the module, and draws new numbers each time a CUDA
    graph is replayed. It applies the inverse normal distribution to splitmix64 (Steele, Lea, Flood, "Fast
    Splittable Pseudorandom Number Generators", OOPSLA 2014), seeded from the global generator of torch.
    """

    state: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("state", torch.randint(torch.iinfo(torch.int64).max, ()))

    @torch.no_grad()
    def forward(self, count: int) -> Tensor:
        """Return the next ``count`` numbers, float32."""
        numbers = torch.arange(1, count + 1, device=self.state.device)
        bits = _mixed(self.state + numbers * _signed(_STEP))
        self.state.add_(_signed(count * _STEP))
        share = (_shifted(bits, 64 - _BITS).to(torch.float32) + 0.5) / 2**_BITS
        return math.sqrt(2) * torch.erfinv(2 * share - 1)


def _mixed(state: Tensor) -> Tensor:
    """Return the 64-bit output of splitmix64 for each state."""
    state = (state ^ _shifted(state, 30)) * _signed(_FIRST)
    state = (state ^ _shifted(state, 27)) * _signed(_SECOND)
    return state ^ _shifted(state, 31)


def _shifted(bits: Tensor, count: int) -> Tensor:
    """Return ``bits`` logically shifted right."""
    return (bits >> count) & ((1 << (64 - count)) - 1)


def _signed(number: int) -> int:
    """Return the low 64 bits of ``number`` as a signed integer."""
    return (number + 2**63) % 2**64 - 2**63
