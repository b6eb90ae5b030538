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
    (b, height, width, 3) and ``labels`` (b,), uint8 or int32, are what training sees of them: with damage and
    wrong labels. ``features`` (b, d) float32 are
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


class ExamineForces(Struct, frozen=True, tag=True):
    """Ask what the loss does to images and to points of the feature space; the answer is `ForcesExamined`.

    ``rows`` int32 (k,) are rows of the probe set; those of classes left out of training are passed over.
    ``points`` float32 (g, d) are taken for features of class ``label``. With ``detached``, the gradient is
    that of a loss whose margin is a constant, added to the logit of the true class. The run stays as it is.
    """

    request: int
    rows: Array
    points: Array | None = None
    label: int = 0
    detached: bool = False


class ForcesExamined(Struct, frozen=True, tag=True):
    """The answer to `ExamineForces`: −∂L/∂x after ``step`` steps, as the loss of the next step has it.

    A force is that of a feature's own loss: the gradient of the mean loss of a batch, negative and times the
    size of the batch. ``features`` (k, d) float32 are those that a frame of this step has; ``total`` and
    ``push`` (k, d) float32 are the forces on them, and the part of them that comes through other classes. The
    rest pulls. ``push`` is None for a loss that does not say what comes through other classes. ``field``
    (g, d) float32 are the forces on the points of the question.

    Where the loss compares the features of a batch, ``batch`` is the size of the batches that the probe set
    is dealt into: evenly over the classes, in the order of its rows, test and training images apart. An image
    is always in the same one; a point of the question takes the place of an image of its class in the first.
    Otherwise ``batch`` is 0. ``seconds`` is how long training has waited for the answer.
    """

    run: int
    request: int
    step: int
    rows: Array
    features: Array
    total: Array
    push: Array | None = None
    field: Array | None = None
    batch: int = 0
    seconds: float = 0.0


Query = Embed | ExamineBatch | ExamineForces
Answer = Embedded | BatchExamined | ForcesExamined
