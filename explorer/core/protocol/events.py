"""Events: what the worker reports. Sentences for people travel as `Text`."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from explorer.core.data.dataset import DatasetSpec
from explorer.core.params import Value
from explorer.core.protocol.arrays import Array
from explorer.core.protocol.queries import Answer
from explorer.core.texts import Text

TEST, TRAIN = 0, 1
"""Values of `Started.split`."""


class Device(Struct, frozen=True):
    """A device to train on: its name in the configuration, and its label on screen."""

    name: str
    label: Text


class Hello(Struct, frozen=True, tag=True):
    """The first event of a worker: its versions, and the devices that it can train on."""

    protocol: int
    version: str
    torch: str
    devices: tuple[Device, ...]


class Started(Struct, frozen=True, tag=True):
    """A run has started, at step 0 or restored at ``step``, with this probe set.

    ``labels`` uint8 (int32 for over 256 classes), ``indices`` int32 and ``split`` uint8 (0 test, 1 training)
    have one entry per row of a frame; an index is a position in the split. Classes in ``unseen`` are left out
    of training; ``trained_size`` of the ``train_size`` training images are trained on, 0 in old files.
    ``alike`` has for each class trained on the place among these of the one that is most alike. With it and
    the settings in force, `explorer.core.stressors` tells what was done to the label and image of a row.
    """

    run: int
    config_seq: int
    labels: Array
    indices: Array
    split: Array
    num_classes: int
    train_size: int
    test_size: int
    steps_per_epoch: int
    parameters: int
    device: str
    threads: int
    step: int = 0
    unseen: tuple[int, ...] = ()
    trained_size: int = 0
    data: DatasetSpec = DatasetSpec()
    alike: tuple[int, ...] = ()


class Restoring(Struct, frozen=True, tag=True):
    """Progress of the `Restore` of this number: it has repeated the run up to ``step``."""

    config_seq: int
    step: int


class RestoreCancelled(Struct, frozen=True, tag=True):
    """The `Restore` of this number was cancelled by a later command."""

    config_seq: int


ANNEALING, LENGTH_MEAN, LENGTH_DEVIATION = "annealing", "length_mean", "length_deviation"
SCALE = "scale"
"""Names of scalars of a frame on which the logits of some losses depend besides their parameters."""
FIRST_STEPS = 100
"""Steps of a trainer of which frames have each loss, so that a run can be checked step by step."""


class Frame(Struct, frozen=True, tag=True):
    """A snapshot of the run.

    ``config_seq`` is the configuration that the last step trained with, and ``config_step`` the step at which
    it took effect. ``features`` is (n, d) float32; ``weight`` (C, d), ``bias`` (C,), ``centers`` (C, d) and
    ``log_variance`` (C, d) where the loss has them: a loss has none for a class left out of training, whose
    rows are NaN. ``scalars`` holds ``loss``, its terms as ``loss.<term>``, ``train_accuracy`` (over the
    batches since the last frame, by the labels that are trained with), ``test_accuracy`` (over the
    ``probe_samples`` test images of the classes trained on, by their true labels; stressors damage them like
    training images) and ``rate``; where the loss has them, ``margin_accuracy`` (over the training images of
    the frame, with the margin at the true class, as training compares), the λ in force as ``annealing``, the
    scale that it adapts as ``scale``, and the lengths of features that it follows as ``length_mean`` and
    ``length_deviation``. ``first_losses`` (k,) float32 are the losses of the single steps since the last
    frame, as far as these are among the first `FIRST_STEPS`. ``elapsed`` counts seconds of training since the
    first command to train, without pauses.
    """

    run: int
    index: int
    config_seq: int
    config_step: int
    step: int
    epoch: float
    elapsed: float
    samples_per_second: float
    probe_samples: int
    features: Array
    scalars: dict[str, float]
    weight: Array | None = None
    bias: Array | None = None
    centers: Array | None = None
    radius: float | None = None
    log_variance: Array | None = None
    first_losses: Array | None = None


class Preparing(Struct, frozen=True, tag=True):
    """A run is being prepared, such as by reading much data: ``done`` of ``total`` parts of that stage."""

    done: int
    total: int


class Configured(Struct, frozen=True, tag=True):
    """A live change has been applied: the steps after this one train with that configuration."""

    run: int
    config_seq: int
    step: int


class Checkpoint(Struct, frozen=True, tag=True, weakref=True):
    """The complete state of a run after a step, in safetensors format."""

    run: int
    step: int
    data: bytes


NoticeKind = Literal["diverged", "slow", "oversized"]


class Notice(Struct, frozen=True, tag=True):
    """A message for the person. ``remedy`` maps dotted names of settings to values that should help."""

    run: int
    kind: NoticeKind
    text: Text
    step: int = 0
    remedy: dict[str, Value] = {}


class Failed(Struct, frozen=True, tag=True):
    """A command or the run has failed.

    ``what`` says why; ``where`` is the name of the command, ``training``, ``stdin`` or ``start``.
    ``traceback`` is for developers, and empty for errors that a person can correct. ``config_seq`` is the
    number of the configuration that was requested then, 0 for none. ``remedy`` maps dotted names of settings
    to values with which the same would not fail in this way.
    """

    run: int
    what: Text
    where: str
    traceback: str = ""
    config_seq: int = 0
    remedy: dict[str, Value] = {}


class Finished(Struct, frozen=True, tag=True):
    """A bound of `Run` was reached.

    ``test_accuracy`` is over all ``test_samples`` test images of the classes trained on.
    """

    run: int
    step: int
    epoch: float
    elapsed: float
    samples_per_second: float
    train_accuracy: float
    test_accuracy: float
    test_samples: int
    loss: float


RunMessage = Frame | Configured | Checkpoint | Notice | Failed | Finished
"""Events of a run after `Started`."""
Event = Hello | Preparing | Started | Restoring | RestoreCancelled | Answer | RunMessage
