"""Checkpoints: the complete state of a run, so that a restored run continues as if it had not stopped.

A checkpoint is a safetensors file. Settings, and values that are not tensors, are in its metadata.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load as tensors_from_bytes
from safetensors.torch import save as tensors_to_bytes

from explorer.core.data.dataset import Progress, no_progress
from explorer.core.settings.config import ConfigError
from explorer.core.settings.files import from_json, to_json
from explorer.core.texts import TextError
from explorer.worker.training.trainer import Trainer

_FORMAT = "loss-explorer-1"
_LENGTH = struct.Struct("<Q")
"""A safetensors file begins with the length of its JSON header."""


_MALFORMED = (
    SafetensorError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    RuntimeError,
)
"""Errors for bytes that are no checkpoint, or one with other tensors or numbers."""


class CheckpointError(TextError, ValueError):
    """A run cannot be restored from a checkpoint; the message says why."""


class Restored(NamedTuple):
    """A restored run, its number of CPU threads, and that of the test images in its frames, 0 if not known.

    The number of threads decides the order of sums over a batch, and so their rounding: only with the same
    number does the run continue exactly.
    """

    trainer: Trainer
    threads: int
    probe_images: int = 0


def to_bytes(trainer: Trainer, probe_images: int = 0) -> bytes:
    """Return the state of a run, whose frames show this number of test images."""
    tensors, numbers = trainer.state()
    metadata = {
        "format": _FORMAT,
        "config": to_json(trainer.config),
        "numbers": json.dumps({**numbers, "threads": torch.get_num_threads(), "probe_images": probe_images}),
    }
    return tensors_to_bytes({name: tensor.cpu().contiguous() for name, tensor in tensors.items()}, metadata)


def from_bytes(data: bytes, progress: Progress = no_progress) -> Restored:
    """Return the run whose state `to_bytes` returned; ``progress`` is told how far its data has been read.

    Raises
    ------
    CheckpointError
        If the bytes are damaged or have another format.
    """
    try:
        metadata = _metadata(data)
        if metadata.get("format") != _FORMAT:
            raise CheckpointError(
                "Cannot restore the run: the format of its checkpoint is {format!r} instead of {known!r}.",
                format=metadata.get("format"),
                known=_FORMAT,
            )
        trainer = Trainer(from_json(metadata["config"], "checkpoint"), progress)
        numbers = json.loads(metadata["numbers"])
        trainer.load_state(tensors_from_bytes(data), numbers)
        threads = int(numbers.get("threads", torch.get_num_threads()))
        return Restored(trainer, threads, max(0, int(numbers.get("probe_images", 0))))
    except ConfigError as error:
        raise CheckpointError("Cannot restore the run: {problem}", problem=error) from None
    except _MALFORMED as error:
        if isinstance(error, TextError):
            raise  # also of the data set or the device
        reason = " ".join(str(error).split())  # torch lists what is missing in lines
        raise CheckpointError(
            "Cannot restore the run: its checkpoint is incomplete or damaged ({error}).", error=reason
        ) from None


def _metadata(data: bytes) -> Mapping[str, str]:
    """Return the metadata of the bytes of a safetensors file; the package reads them only from a path."""
    if len(data) < _LENGTH.size:
        raise ValueError("it is too short")
    (length,) = _LENGTH.unpack_from(data)
    header = json.loads(data[_LENGTH.size : _LENGTH.size + length])
    metadata: Mapping[str, str] = header.get("__metadata__", {}) if isinstance(header, dict) else {}
    return metadata
