"""The losses, one module each; `explorer.core.losses` describes them."""

from explorer.worker.losses.base import Loss, Terms
from explorer.worker.losses.registry import build

__all__ = ["Loss", "Terms", "build"]
