"""Forces: what a loss does to features, −∂L/∂x, and how much of that comes through other classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from explorer.core.params import Value
from explorer.worker.losses import Loss
from explorer.worker.losses.attribution import Attribution, attributing


class Forces(NamedTuple):
    """Forces (n, d) on features.

    ``total`` is the gradient of the mean loss of the batch in each feature, negative and times n: that of a
    feature's own loss, whatever the size of the batch, where each has one. ``push`` is the part of it that
    comes through other classes: their logits, proxies or features. The rest pulls: through the own class, its
    centre, and terms on the length of the feature. ``push`` is None for a loss that does not say which of its
    values are of the own class.
    """

    total: Tensor
    push: Tensor | None


def forces(
    loss: Loss,
    features: Tensor,
    targets: Tensor,
    params: Mapping[str, Tensor | Value],
    *,
    detached: bool = False,
) -> Forces:
    """Return the forces on features that are one batch.

    The loss is evaluated as for a frame: it follows nothing, and a margin that is drawn for each image is at
    its mean.

    Parameters
    ----------
    loss : Loss
        Stays as it is.
    features : Tensor (n, d)
    targets : Tensor (n,), int64
        Their classes, as the loss numbers them.
    params : mapping
        The live parameters in force.
    detached : bool
        Compute the gradient as if the margin were a constant that is added to the logit of the true class. So
        does ArcFace in InsightFace's ``arcface_torch/losses.py``, whose ``no_grad`` encloses the angle: the
        values are those with the margin, and the gradient is that of the plain cosine.
    """
    loss.eval()
    total, used = _force(loss, features, targets, params, own_only=False, detached=detached)
    if not used:
        return Forces(total, None)
    pull, _used = _force(loss, features, targets, params, own_only=True, detached=detached)
    return Forces(total, total - pull)


def force_at(
    loss: Loss,
    features: Tensor,
    targets: Tensor,
    place: int,
    points: Tensor,
    params: Mapping[str, Tensor | Value],
    *,
    detached: bool = False,
) -> Tensor:
    """Return the force (g, d) on each of ``points`` (g, d), in the place of one feature of a batch.

    So they do not act on each other: each is a batch of its own, with the other ``features`` (n, d).
    """
    loss.eval()
    moved, result = features.clone(), torch.zeros_like(points)
    for row, point in enumerate(points):
        moved[place] = point
        total, _used = _force(loss, moved, targets, params, own_only=False, detached=detached)
        result[row] = total[place]
    return result


def _force(
    loss: Loss,
    features: Tensor,
    targets: Tensor,
    params: Mapping[str, Tensor | Value],
    *,
    own_only: bool,
    detached: bool,
) -> tuple[Tensor, bool]:
    """Return the force (n, d), and whether the loss has said which values are of the own class."""
    x = features.detach().clone().requires_grad_()
    plain = None
    with torch.enable_grad():
        if detached and loss.spec.without_margin:
            logits = loss.logits_for(x, targets, {**params, **loss.spec.without_margin})
            plain = logits.gather(1, targets[:, None])[:, 0]
        attribution = Attribution(own_only=own_only, plain=plain)
        with attributing(attribution):
            value = loss(x, targets, **params)
    found = torch.autograd.grad(value, x, allow_unused=True)[0] if value.requires_grad else None
    gradient = torch.zeros_like(x) if found is None else found
    return -len(x) * gradient, attribution.used
