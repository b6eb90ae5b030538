"""Checkpoints: the complete state of a run, so that a restored run continues as if it had not stopped.

A checkpoint is a safetensors file. Settings, and values that are not tensors, are in its metadata.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load as tensors_from_bytes
from safetensors.torch import save as tensors_to_bytes

from explorer.core.settings.config import ConfigError
from explorer.core.settings.files import from_json, to_json
from explorer.core.texts import Text, TextError, verbatim
from explorer.worker.training.trainer import Trainer

_FORMAT = "loss-explorer-1"
_LENGTH = struct.Struct("<Q")
"""A safetensors file begins with the length of its JSON header."""


class CheckpointError(TextError, ValueError):
    """A checkpoint cannot be written or read; the message names its source and the reason."""


class Restored(NamedTuple):
    """A restored run, its seconds of training, and its number of CPU threads.

    The number of threads decides the order of sums over a batch, and so their rounding: only with the same
    number does the run continue exactly.
    """

    trainer: Trainer
    elapsed: float
    threads: int


def to_bytes(trainer: Trainer, elapsed: float) -> bytes:
    """Return the state of a run that has trained for ``elapsed`` seconds."""
    tensors, numbers = trainer.state()
    metadata = {
        "format": _FORMAT,
        "config": to_json(trainer.config),
        "numbers": json.dumps({**numbers, "elapsed": elapsed, "threads": torch.get_num_threads()}),
    }
    return tensors_to_bytes({name: tensor.cpu().contiguous() for name, tensor in tensors.items()}, metadata)


def from_bytes(data: bytes, source: Text) -> Restored:
    """Return the run whose state `to_bytes` returned; ``source`` is named in errors.

    Raises
    ------
    CheckpointError
        If the bytes are damaged or have another format.
    """
    try:
        metadata = _metadata(data)
        if metadata.get("format") != _FORMAT:
            raise CheckpointError(
                "Cannot restore a run from {source}: its format is {format!r} instead of {known!r}.",
                source=source,
                format=metadata.get("format"),
                known=_FORMAT,
            )
        trainer = Trainer(from_json(metadata["config"], str(source)))
        numbers = json.loads(metadata["numbers"])
        trainer.load_state(tensors_from_bytes(data), numbers)
        threads = int(numbers.get("threads", torch.get_num_threads()))
        return Restored(trainer, float(numbers["elapsed"]), threads)
    except ConfigError as error:
        raise CheckpointError(
            "Cannot restore a run from {source}: {problem}", source=source, problem=error
        ) from None
    except (SafetensorError, KeyError, ValueError, TypeError, RuntimeError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(
            "Cannot restore a run from {source}: the data are incomplete or damaged ({error}).",
            source=source,
            error=error,
        ) from None


def save(trainer: Trainer, path: str, elapsed: float) -> None:
    """Write the state of a run; an existing file is replaced only once the new one is complete.

    Raises
    ------
    CheckpointError
        If it cannot be written.
    """
    target = Path(path)
    partial = target.with_name(target.name + ".part")
    try:
        partial.write_bytes(to_bytes(trainer, elapsed))
        os.replace(partial, target)
    except OSError as error:
        raise CheckpointError("Cannot save the run to {file}: {error}.", file=path, error=error) from None
    finally:
        partial.unlink(missing_ok=True)


def restore(path: str) -> Restored:
    """Return the run that `save` wrote.

    Raises
    ------
    CheckpointError
        If the file cannot be read or has another format.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise CheckpointError(
            "Cannot restore a run from {source}: {error}.", source=path, error=error
        ) from None
    return from_bytes(data, verbatim(path))


def _metadata(data: bytes) -> Mapping[str, str]:
    """Return the metadata of the bytes of a safetensors file; the package reads them only from a path."""
    if len(data) < _LENGTH.size:
        raise ValueError("it is too short")
    (length,) = _LENGTH.unpack_from(data)
    header = json.loads(data[_LENGTH.size : _LENGTH.size + length])
    metadata: Mapping[str, str] = header.get("__metadata__", {}) if isinstance(header, dict) else {}
    return metadata
