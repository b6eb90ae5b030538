"""Loss: what every loss shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from explorer.core.losses.loss_spec import LossSpec
from explorer.core.params import Value

Terms = dict[str, Tensor]
"""The summands of a loss by name, each a 0-dim tensor."""


FRAME_ARRAYS = ("weight", "bias", "centers", "log_variance")
"""The arrays of a loss that a `Frame` has room for."""


class Loss(nn.Module):
    """A loss over a batch of embeddings.

    Hyperparameters are keywords of ``forward``, numbers or 0-dim tensors, so that a change takes effect at
    the next step; what a module keeps is learned (parameters) or followed (buffers). Followed state moves
    only in training mode.

    Parameters
    ----------
    num_classes, embedding_dim : int
        C and d.

    Attributes
    ----------
    spec : LossSpec
        Its entry in the catalogue.
    capturable : bool
        Whether a step can be recorded in a CUDA graph: no shape depends on data, nothing waits for the
        device or copies to it, and buffers change in place. A loss that sets it to False says why; its
        steps are launched one by one, which is slower.
    """

    spec: LossSpec
    capturable: ClassVar[bool] = True

    def __init__(self, num_classes: int, embedding_dim: int) -> None:
        super().__init__()
        self.num_classes = num_classes
        self.embedding_dim = embedding_dim

    def forward(self, embeddings: Tensor, labels: Tensor, **params: Tensor | Value) -> Tensor:
        """Return the loss.

        Parameters
        ----------
        embeddings : Tensor (n, d)
        labels : Tensor (n,), integer
        **params
            Hyperparameters by their names in the catalogue; missing ones take its defaults.

        Returns
        -------
        Tensor (0-dim)
            Batch mean.

        Raises
        ------
        TypeError
            For a parameter that the loss does not have.
        """
        return torch.stack(list(self.compute(embeddings, labels, **params).values())).sum()

    def compute(self, embeddings: Tensor, labels: Tensor, **params: Tensor | Value) -> Terms:
        """Return the summands of `forward`, by name."""
        unknown = params.keys() - self.live_defaults.keys()
        if unknown:
            known = ", ".join(self.live_defaults) or "none"
            raise TypeError(
                f"{self.spec.name} has no live parameter {sorted(unknown)[0]!r}; it has: {known}."
            )
        features = at_least_float32(embeddings)
        values = {**self.live_defaults, **params}
        numbers = {param.name for param in self.spec.params if param.kind in ("float", "int")}
        for name in numbers & values.keys():
            values[name] = scalar(values[name], features)
        with torch.autocast(features.device.type, enabled=False):
            return self.terms(features, labels.long(), **values)

    @property
    def live_defaults(self) -> dict[str, Value]:
        """The catalogue's defaults of the parameters that ``forward`` takes."""
        return {param.name: param.default for param in self.spec.params if param.effect == "live"}

    def logits(self, *args: Any, **kwargs: Any) -> Tensor:
        """Compute what cross-entropy compares, (n, C), where it is a softmax loss.

        Called as ``logits(embeddings, labels, *, <every live parameter>)``, which `signature` checks when the
        loss is built. Where the description has a geometry, that of the true class is T(θ) times the scale.
        """
        raise NotImplementedError

    def terms(self, *args: Any, **kwargs: Any) -> Terms:
        """Compute the summands: ``terms(embeddings, labels, *, <every live parameter>)``.

        That is the cross-entropy of `logits`, unless a loss has more to it.
        """
        embeddings, labels = args
        return {"cross-entropy": cross_entropy(self.logits(embeddings, labels, **kwargs), labels)}

    def scores(self, embeddings: Tensor, **params: Tensor | Value) -> Tensor:
        """Return test-time scores (n, C), the largest deciding; margins play no part in them."""
        raise NotImplementedError

    def set_means(self, features: Tensor, labels: Tensor, **params: Tensor | Value) -> None:
        """Look at training ``features`` (n, d) before `scores`, as a loss without class weights must."""

    def schedule(self, _step: int, params: Mapping[str, Value]) -> dict[str, Value]:
        """Return the live parameters in force at a step (steps taken so far), from those that are set."""
        return dict(params)

    def in_force(self, **_params: Tensor | Value) -> dict[str, Tensor]:
        """Return what the loss follows and its logits depend on (0-dim), by the name of a frame's scalar."""
        return {}

    def shown(self, **params: Tensor | Value) -> dict[str, Tensor]:  # noqa: ARG002  # overridden
        """Return what a frame carries of the loss: its parameters and buffers with a name that a `Frame` has.

        The head of the loss (`LossSpec.head`) classifies by these in the window. A loss that keeps them under
        other names, or does not use all of them, says so here.
        """
        own = {**dict(self.named_parameters(recurse=False)), **dict(self.named_buffers(recurse=False))}
        return {name: own[name] for name in (*FRAME_ARRAYS, "radius") if name in own}

    def end_epoch(self, **params: Tensor | Value) -> None:
        """Do what the loss does between epochs."""


def class_weights(num_classes: int, embedding_dim: int) -> nn.Parameter:
    """Return fresh class weights (C, d), of unit length, in directions drawn from a Gaussian."""
    return nn.Parameter(nn.functional.normalize(torch.randn(num_classes, embedding_dim), dim=1))


def at_least_float32(tensor: Tensor) -> Tensor:
    """Return ``tensor``, widened to float32 where its numbers are shorter (bfloat16, float16)."""
    return tensor.to(torch.promote_types(tensor.dtype, torch.float32))


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the mean cross-entropy of ``logits`` (n, C), in float32 or better."""
    return nn.functional.cross_entropy(at_least_float32(logits), labels)


def scalar(value: Any, like: Tensor) -> Tensor:
    """Return a number or tensor as a tensor of the type of ``like``, without waiting for its device."""
    if isinstance(value, Tensor):
        return value.to(like.dtype)
    return torch.full((), float(value), dtype=like.dtype, device=like.device)
