"""Loss: the base class of all losses."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from explorer.core.losses.loss_spec import LossSpec
from explorer.core.params import Value
from explorer.core.texts import N_
from explorer.worker.losses.attribution import by_class

Terms = dict[str, Tensor]
"""The terms of a loss, each a 0-dim tensor, by their names, which are message ids for labels."""


FRAME_ARRAYS = ("weight", "bias", "centers", "log_variance")
"""The arrays of a loss that a `Frame` can carry."""


class Loss(nn.Module):
    """A loss over a batch of embeddings.

    Hyperparameters are keywords of ``forward``, as numbers or 0-dim tensors, so that a change applies at the
    next step. The state of a module is learned (parameters) or a running statistic (buffers), which is
    updated in training mode only.

    Parameters
    ----------
    num_classes, embedding_dim : int
        C and d.

    Attributes
    ----------
    spec : LossSpec
        Its entry in the catalogue.
    capturable : bool
        Whether a step can be captured as a CUDA graph: no shape depends on data, nothing waits for the device
        or copies to it, and buffers are updated in place. Otherwise steps run eagerly, which is slower; a
        loss that sets it to False says why in a comment.
    compares_batch : bool
        Whether the loss of a sample depends on the others of its batch, as that of pairs does.
    """

    spec: LossSpec
    capturable: ClassVar[bool] = True
    compares_batch: ClassVar[bool] = False

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
            Hyperparameters by their names in the catalogue, which has the defaults.

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
        """Return the terms whose sum `forward` returns, by name."""
        features = at_least_float32(embeddings)
        with torch.autocast(features.device.type, enabled=False):
            return self.terms(features, labels.long(), **self._values(params, features))

    @property
    def has_margin(self) -> bool:
        """Whether training compares other logits than the test: with a margin at the true class."""
        return self.spec.geometry is not None and self.spec.geometry.stricter

    @torch.no_grad()
    def margin_logits(self, embeddings: Tensor, labels: Tensor, **params: Tensor | Value) -> Tensor:
        """Return the logits (n, C) that training compares, for a loss that has a margin.

        A margin that is drawn for each image is at its mean.
        """
        self.eval()
        return self.logits_for(embeddings, labels, params)

    def logits_for(self, embeddings: Tensor, labels: Tensor, params: Mapping[str, Tensor | Value]) -> Tensor:
        """Return `logits` (n, C) of features of any type, with these parameters of `forward`."""
        features = at_least_float32(embeddings)
        with torch.autocast(features.device.type, enabled=False):
            return self.logits(features, labels.long(), **self._values(params, features))

    def _values(self, params: Mapping[str, Tensor | Value], like: Tensor) -> dict[str, Tensor | Value]:
        """Return every live parameter, numbers as tensors of the type of ``like``."""
        unknown = params.keys() - self.live_defaults.keys()
        if unknown:
            known = ", ".join(self.live_defaults) or "none"
            raise TypeError(
                f"{self.spec.name} has no live parameter {sorted(unknown)[0]!r}; it has: {known}."
            )
        values: dict[str, Tensor | Value] = {**self.live_defaults, **params}
        numbers = {param.name for param in self.spec.params if param.kind in ("float", "int")}
        return {name: scalar(value, like) if name in numbers else value for name, value in values.items()}

    @property
    def live_defaults(self) -> dict[str, Value]:
        """The defaults of the parameters of ``forward``, from the catalogue."""
        return {param.name: param.default for param in self.spec.params if param.effect == "live"}

    def logits(self, *args: Any, **kwargs: Any) -> Tensor:
        """Return the logits (n, C) of a softmax loss.

        Called as ``logits(embeddings, labels, *, <every live parameter>)``, which `signature` checks when the
        loss is built. If its description has a geometry, the logit of the true class is T(θ) times the scale.
        """
        raise NotImplementedError

    def terms(self, *args: Any, **kwargs: Any) -> Terms:
        """Return the terms of the loss, by default the cross-entropy of `logits`.

        Called as ``terms(embeddings, labels, *, <every live parameter>)``.
        """
        embeddings, labels = args
        return {N_("cross-entropy"): cross_entropy(self.logits(embeddings, labels, **kwargs), labels)}

    def scores(self, embeddings: Tensor, **params: Tensor | Value) -> Tensor:
        """Return test-time scores (n, C), without margins; the class with the highest score is predicted."""
        raise NotImplementedError

    def set_means(self, features: Tensor, labels: Tensor, **params: Tensor | Value) -> None:
        """Set class means from training ``features`` (n, d), if `scores` needs them."""

    def schedule(self, _step: int, params: Mapping[str, Value]) -> dict[str, Value]:
        """Return the parameters in force after ``step`` steps, from those that are set."""
        return dict(params)

    def in_force(self, **_params: Tensor | Value) -> dict[str, Tensor]:
        """Return the running values (0-dim) on which the logits depend, named like scalars of a frame."""
        return {}

    def shown(self, **params: Tensor | Value) -> dict[str, Tensor]:  # noqa: ARG002  # overridden
        """Return the arrays for a frame: parameters and buffers whose names are fields of `Frame`.

        The head of the loss (`LossSpec.head`) classifies with these in the window. A loss that stores them
        under other names, or does not use all of them, overrides this.
        """
        own = {**dict(self.named_parameters(recurse=False)), **dict(self.named_buffers(recurse=False))}
        return {name: own[name] for name in (*FRAME_ARRAYS, "radius") if name in own}

    def end_epoch(self, **params: Tensor | Value) -> None:
        """Update the state of the loss between epochs."""


def class_weights(num_classes: int, embedding_dim: int) -> nn.Parameter:
    """Return random class weights (C, d) of unit length, with uniformly distributed directions."""
    return nn.Parameter(nn.functional.normalize(torch.randn(num_classes, embedding_dim), dim=1))


def spread_weights(num_classes: int, embedding_dim: int) -> nn.Parameter:
    """Return class weights (C, d) of unit length for features of unit length, spread evenly in the plane.

    On a circle classes cannot pass each other once their features have gathered. Of ten random directions two
    are often all but the same, and a class that begins between or upon others stays there: after two epochs
    of MNIST CosFace was at 56% from one seed. So the weights of a plane begin a C-th of a turn apart, in the
    order of the classes, as in Mettes et al., "Hyperspherical Prototype Networks", NeurIPS 2019. With
    more dimensions there are ways around, and directions are random.
    """
    if embedding_dim != 2:
        return class_weights(num_classes, embedding_dim)
    angles = torch.arange(num_classes) * (2 * math.pi / num_classes)
    return nn.Parameter(torch.stack([angles.cos(), angles.sin()], dim=1))


def at_least_float32(tensor: Tensor) -> Tensor:
    """Return ``tensor``, converted to float32 if it is bfloat16 or float16."""
    return tensor.to(torch.promote_types(tensor.dtype, torch.float32))


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the mean cross-entropy of ``logits`` (n, C), in float32 or better."""
    return nn.functional.cross_entropy(by_class(at_least_float32(logits), labels), labels)


def scalar(value: Any, like: Tensor) -> Tensor:
    """Return a number or tensor as a tensor of the type of ``like``, without synchronising its device."""
    if isinstance(value, Tensor):
        return value.to(like.dtype)
    return torch.full((), float(value), dtype=like.dtype, device=like.device)
