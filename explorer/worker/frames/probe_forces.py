"""The forces on images of a probe set, and on points of the feature space."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.core.places import places_in_class
from explorer.core.protocol.arrays import Array
from explorer.core.protocol.messages import TEST, TRAIN, ExamineForces, ForcesExamined
from explorer.worker.frames.probe import Probe
from explorer.worker.training.forces import Forces, force_at, forces
from explorer.worker.training.sampling import classes_in_batch
from explorer.worker.training.trainer import Trainer

Rows = NDArray[np.int64]

_MOST_ROWS, _MOST_POINTS = 20_000, 2_500


def examine_forces(run: int, trainer: Trainer, probe: Probe, query: ExamineForces) -> ForcesExamined:
    """Return the answer to a query about this step; network, loss and generators stay as they are.

    Raises
    ------
    ValueError
        If a row or a class does not exist, a class is left out of training, or the question is too large.
    """
    began = time.perf_counter()
    rows, points = query.rows.numpy().astype(np.int64), query.points
    targets = probe.targets
    if len(rows) > _MOST_ROWS or (points is not None and points.shape[0] > _MOST_POINTS):
        raise ValueError(f"at most {_MOST_ROWS} rows and {_MOST_POINTS} points can be examined at once")
    if len(rows) and (rows.min() < 0 or rows.max() >= len(targets)):
        raise ValueError("there is no such row in the probe set")
    rows = rows[targets[rows] >= 0]
    batches = list(dealt(targets, probe.split, trainer.batch)) if trainer.loss.compares_batch else []
    examined = _Examined(trainer, probe, batches, detached=query.detached)
    features, on_rows = examined.on_rows(rows)
    field = None
    if points is not None:
        field = examined.on_points(torch.from_numpy(points.numpy().copy()).to(trainer.device), query.label)
    return ForcesExamined(
        run=run,
        request=query.request,
        step=trainer.step_count,
        rows=Array.of(rows.astype(np.int32)),
        features=_sent(features),
        total=_sent(on_rows.total),
        push=None if on_rows.push is None else _sent(on_rows.push),
        field=None if field is None else _sent(field),
        batch=len(batches[0]) if batches else 0,
        seconds=time.perf_counter() - began,
    )


def dealt(targets: Rows, split: NDArray[np.uint8], size: int) -> Iterator[Rows]:
    """Yield batches of about ``size`` rows, evenly over as many classes as `sampling.balanced` draws.

    Parameters
    ----------
    targets, split : (n,)
        Of all rows; those with a negative target are in no batch.
    size : int
        That of the batches in training.

    Yields
    ------
    (b,)
        Rows of one split. Those that come first in the order of the rows are in the first batches, so that a
        few images of each class need few batches.
    """
    classes = int(targets.max(initial=0)) + 1
    together = max(1, size // classes_in_batch(size, classes))
    for part in (TEST, TRAIN):
        rows = np.flatnonzero((targets >= 0) & (split == part))
        if len(rows):
            own = targets[rows]
            turn = np.lexsort((own, places_in_class(own) // together))
            yield from np.array_split(rows[turn], max(1, round(len(rows) / size)))


class _Examined:
    """Forces of one step of a trainer; ``batches`` is empty where each feature has a loss of its own."""

    def __init__(self, trainer: Trainer, probe: Probe, batches: list[Rows], *, detached: bool) -> None:
        self._trainer, self._probe, self._batches = trainer, probe, batches
        self._detached, self._params = detached, trainer.tensors_in_force()

    def on_rows(self, rows: Rows) -> tuple[Tensor, Forces]:
        """Return the features of rows (k,), and the forces on them.

        Without rows, losses that compare a batch are given one all the same: some have no value for none, and
        the answer says whether they tell pull from push.
        """
        batches = [batch for batch in self._batches if np.isin(batch, rows).any()]
        batches = batches or self._batches[:1] or [rows]
        found = [self._of_batch(batch) for batch in batches]
        order = np.concatenate(batches)
        place = np.empty(len(self._probe.split), np.int64)
        place[order] = np.arange(len(order))
        at = torch.from_numpy(place[rows]).to(self._trainer.device)
        features = torch.cat([each for each, _ in found])[at]
        total = torch.cat([each.total for _, each in found])[at]
        push = [each.push for _, each in found if each.push is not None]
        return features, Forces(total, torch.cat(push)[at] if push else None)

    def on_points(self, points: Tensor, label: int) -> Tensor:
        """Return the forces (g, d) on points (g, d) as features of a class."""
        trainer = self._trainer
        if label not in trainer.data.classes:
            raise ValueError(f"class {label} is not trained on")
        if points.shape[1:] != (trainer.config.network.dim,):
            raise ValueError("the points have another number of dimensions than the features")
        own = trainer.data.classes.index(label)
        if not self._batches:
            targets = torch.full((len(points),), own, device=trainer.device)
            return forces(trainer.loss, points, targets, self._params, detached=self._detached).total
        images, targets = self._probe.part(self._batches[0])
        place = int((targets == own).int().argmax())
        targets[place] = own
        features = trainer.embed(images)
        return force_at(trainer.loss, features, targets, place, points, self._params, detached=self._detached)

    def _of_batch(self, rows: Rows) -> tuple[Tensor, Forces]:
        images, targets = self._probe.part(rows)
        trainer = self._trainer
        features = trainer.embed(images)
        return features, forces(trainer.loss, features, targets, self._params, detached=self._detached)


def _sent(tensor: Tensor) -> Array:
    return Array.of(tensor.cpu().numpy().astype(np.float32))
