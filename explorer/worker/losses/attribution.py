"""Attribution: which part of a gradient comes through the own class, and which through others.

A loss passes what it compares, logits or similarities, through `by_class` or `by_pair`, which say which of
the values are of the own class. In training they do nothing. While forces are computed (`attributing`), they
keep the gradient out of the values of other classes, or out of the margin. So no loss states its force a
second time, and one of another package that uses `base.cross_entropy` needs to do nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch
from torch import Tensor


class Attribution:
    """What to keep the gradient out of.

    Parameters
    ----------
    own_only : bool
        Keep it out of the values of other classes: the gradient is that through the own class, its centre and
        the length of the feature.
    plain : Tensor (n,), optional
        The logits of the true class without margin: they give the gradient in place of those with the margin,
        whose values stay.

    Attributes
    ----------
    used : bool
        Whether a loss has said which values are of the own class.
    """

    def __init__(self, *, own_only: bool = False, plain: Tensor | None = None) -> None:
        self._own_only, self._plain = own_only, plain
        self.used = False

    def of_logits(self, values: Tensor, labels: Tensor) -> Tensor:
        """Return logits (n, C) with the same values and another gradient; for `by_class`."""
        self.used = True
        place = labels[:, None]
        own = values.gather(1, place)
        if self._plain is not None:
            plain = self._plain[:, None].to(values.dtype)
            own = plain + (own - plain).detach()
        others = values.detach() if self._own_only else values
        return others.scatter(1, place, own)

    def of_pairs(self, values: Tensor, own: Tensor) -> Tensor:
        """Return values (n, m) with the same values and another gradient; for `by_pair`."""
        self.used = True
        return torch.where(own, values, values.detach()) if self._own_only else values


_current: ContextVar[Attribution | None] = ContextVar("attribution", default=None)


@contextmanager
def attributing(attribution: Attribution) -> Iterator[None]:
    """Let losses that are computed within, on this thread, have this gradient."""
    token = _current.set(attribution)
    try:
        yield
    finally:
        _current.reset(token)


def by_class(values: Tensor, labels: Tensor) -> Tensor:
    """Return ``values`` (n, C), a sample's for each class, of which that at its label is the own one."""
    current = _current.get()
    return values if current is None else current.of_logits(values, labels)


def by_pair(values: Tensor, own: Tensor) -> Tensor:
    """Return ``values`` (n, m) of pairs, of which those where ``own`` is true are of one class."""
    current = _current.get()
    return values if current is None else current.of_pairs(values, own)
