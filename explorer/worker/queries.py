"""Queries: what the window asks of a run that leaves the run as it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer.core.protocol.arrays import Array
from explorer.core.protocol.queries import Answer, BatchExamined, Embed, Embedded, ExamineForces, Query
from explorer.worker.active_run import ActiveRun
from explorer.worker.device.data import images_to_device
from explorer.worker.frames.probe_forces import examine_forces
from explorer.worker.training.examination import examine

_MOST_IMAGES = 20_000
"""Images of one query: each takes some kilobytes in the network."""


def answer(run: ActiveRun, query: Query) -> Answer:
    """Return the answer to a query.

    Raises
    ------
    ValueError, IndexError
        If its images do not fit the data set, do not exist, or are too many.
    """
    trainer = run.trainer
    if isinstance(query, Embed):
        _check_count(query.images)
        pixels = images_to_device(query.images.numpy(), trainer.data, trainer.device)
        features = _sent(trainer.embed(pixels), np.float32)
        return Embedded(run=run.number, request=query.request, step=trainer.step_count, features=features)
    if isinstance(query, ExamineForces):
        return examine_forces(run.number, trainer, run.probe, query)
    indices = None
    if query.indices is not None:
        _check_count(query.indices)
        indices = torch.from_numpy(query.indices.numpy().astype(np.int64)).to(trainer.device)
    found = examine(trainer, indices)
    classes = torch.tensor(trainer.data.classes, device=trainer.device)
    return BatchExamined(
        run=run.number,
        request=query.request,
        step=trainer.step_count,
        indices=_sent(found.indices, np.int32),
        images=_sent(found.images, np.uint8),
        labels=_sent(classes[found.targets], trainer.data.label_type),
        features=_sent(found.features, np.float32),
        gradient=_sent(found.gradient, np.float32),
        scalars=found.scalars,
    )


def _check_count(images: Array) -> None:
    """Raise ValueError unless a query is about a number of images that fits into memory."""
    if images.shape[:1] > (_MOST_IMAGES,):
        raise ValueError(f"at most {_MOST_IMAGES} images can be looked at at once")


def _sent(tensor: Tensor, kind: type[np.generic] | np.dtype[Any]) -> Array:
    return Array.of(tensor.cpu().numpy().astype(kind))
