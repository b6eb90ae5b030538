"""Checkpoints: the whole state of a run in one file, so that going on equals not having stopped."""

from __future__ import annotations

import json
import os
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from explorer.core.settings.config import ConfigError
from explorer.core.settings.files import from_json, to_json
from explorer.worker.training.trainer import Trainer

_FORMAT = "loss-explorer-1"


class CheckpointError(ValueError):
    """A checkpoint cannot be written or read; the message is one sentence that names file and fault."""


def save(trainer: Trainer, path: str, elapsed: float) -> None:
    """Write the state of a run; an older file of that name is replaced only by a complete one.

    Raises
    ------
    CheckpointError
        Where it cannot be written.
    """
    tensors, numbers = trainer.state()
    metadata = {
        "format": _FORMAT,
        "config": to_json(trainer.config),
        "numbers": json.dumps({**numbers, "elapsed": elapsed}),
    }
    target = Path(path)
    partial = target.with_name(target.name + ".part")
    try:
        save_file({name: tensor.cpu().contiguous() for name, tensor in tensors.items()}, partial, metadata)
        os.replace(partial, target)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"Cannot save the run in {path}: {error}.") from None
    finally:
        partial.unlink(missing_ok=True)


def restore(path: str) -> tuple[Trainer, float]:
    """Return the run that `save` wrote, and the seconds it had trained.

    Raises
    ------
    CheckpointError
        Where the file cannot be read, or is not of this format.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors: dict[str, Tensor] = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if metadata.get("format") != _FORMAT:
            raise CheckpointError(
                f"{path} holds no run of this program: its format is {metadata.get('format')!r}."
            )
        trainer = Trainer(from_json(metadata["config"], path))
        numbers = json.loads(metadata["numbers"])
        trainer.load_state(tensors, numbers)
        return trainer, float(numbers["elapsed"])
    except (OSError, SafetensorError, ConfigError) as error:
        raise CheckpointError(f"Cannot restore a run from {path}: {error}.") from None
    except (KeyError, ValueError, TypeError, RuntimeError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(f"{path} is not a complete run: {error}.") from None
