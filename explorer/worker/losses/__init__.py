"""The losses: one module each, built by name; the catalogue in the core describes them."""

from explorer.worker.losses.base import Loss, Terms
from explorer.worker.losses.registry import build

__all__ = ["Loss", "Terms", "build"]
