"""Queries: what the window asks of a run that leaves the run as it is, and the answers."""

from __future__ import annotations

from msgspec import Struct

from explorer.core.protocol.arrays import Array


class Embed(Struct, frozen=True, tag=True):
    """Embed images, uint8 (n, height, width) or (n, height, width, 3); the answer is `Embedded`."""

    request: int
    images: Array


class Embedded(Struct, frozen=True, tag=True):
    """The answer to `Embed`: ``features`` is (n, d) float32."""

    run: int
    request: int
    step: int
    features: Array


class ExamineBatch(Struct, frozen=True, tag=True):
    """Look at a batch without training; the answer is `BatchExamined`.

    Without ``indices``, it is the batch that the next step will train on; with ``indices``, int32 (b,), the
    training images at these positions. Either way the run stays as it is, to the last bit.
    """

    request: int
    indices: Array | None = None


class BatchExamined(Struct, frozen=True, tag=True):
    """The answer to `ExamineBatch`: a batch after ``step`` steps, as the next step sees it.

    ``indices`` int32 (b,) are positions among the training images, ``images`` uint8 (b, height, width) or
    (b, height, width, 3) and ``labels`` (b,), uint8 or int32, belong to them. ``features`` (b, d) float32 are
    those of training: where the network normalises over the batch, they differ from those of the same images
    in a frame. ``gradient`` (b, d) float32 is that of the loss of the batch, a mean, with respect to the
    features. ``scalars`` holds ``loss``, its terms as ``loss.<term>``, and what the loss follows, as in a
    frame.
    """

    run: int
    request: int
    step: int
    indices: Array
    images: Array
    labels: Array
    features: Array
    gradient: Array
    scalars: dict[str, float]


Query = Embed | ExamineBatch
Answer = Embedded | BatchExamined
