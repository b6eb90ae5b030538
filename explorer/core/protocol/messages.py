"""The protocol: messages between window and worker, as frozen structs without behaviour.

Commands go to the worker and state what is wanted; events come back and report what has happened. Sentences
for people travel as `Text`: the receiver renders them in its own language.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from explorer.core.params import Value
from explorer.core.protocol.arrays import Array
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text

PROTOCOL_VERSION = 3
TEST, TRAIN = 0, 1
"""Values of `Started.split`."""


class Until(Struct, frozen=True):
    """Where a run stops by itself: at whichever of these comes first; None is no bound."""

    step: int | None = None
    epoch: float | None = None
    seconds: float | None = None


class Configure(Struct, frozen=True, tag=True):
    """The configuration wanted now: live fields apply at the next step, others start the run afresh."""

    seq: int
    config: RunConfig


class Restart(Struct, frozen=True, tag=True):
    """Begin again from the seed with this configuration, also where nothing in it has changed.

    One message, since between two of them the worker could build a trainer with the old configuration.
    """

    seq: int
    config: RunConfig


class Run(Struct, frozen=True, tag=True):
    """Train until told otherwise, or until a bound is reached."""

    until: Until = Until()


class Pause(Struct, frozen=True, tag=True):
    """Hold after the current step and send a frame of it."""


class Advance(Struct, frozen=True, tag=True):
    """Train this many steps, then hold."""

    steps: int = 1


class Ack(Struct, frozen=True, tag=True):
    """The window has drawn the frame of this number: one more may come."""

    frame: int


class Embed(Struct, frozen=True, tag=True):
    """Where do these images land? ``images`` is (n, height, width), uint8."""

    request: int
    images: Array


class Save(Struct, frozen=True, tag=True):
    """Write weights, optimiser and loss state to a safetensors file."""

    path: str


class Restore(Struct, frozen=True, tag=True):
    """Continue from a file that `Save` wrote, or from the ``data`` of a `Checkpoint`, whichever is given."""

    path: str = ""
    data: bytes = b""


class SendCheckpoints(Struct, frozen=True, tag=True):
    """Send a `Checkpoint` now, at the start and end of a run, after changes of settings and in between.

    ``every`` is the number of seconds of training between two, more in a long run; None sends no more.
    """

    every: float | None = None


class Shutdown(Struct, frozen=True, tag=True):
    """End the process."""


class Device(Struct, frozen=True):
    """A place to train: its name in the configuration, and what a person calls it."""

    name: str
    label: Text


class Hello(Struct, frozen=True, tag=True):
    """First event of a worker: its versions, and the devices it can train on."""

    protocol: int
    version: str
    torch: str
    devices: tuple[Device, ...]


class Started(Struct, frozen=True, tag=True):
    """A run exists, at step 0 or restored, and its probe set is this.

    ``labels`` uint8, ``indices`` int32 and ``split`` uint8 (0 test, 1 training) have one entry per row of
    every frame's features; an index counts in the images of its split.
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


ANNEALING, LENGTH_MEAN, LENGTH_DEVIATION = "annealing", "length_mean", "length_deviation"
SCALE = "scale"
"""Scalars of a frame that say what the logits of some losses depend on beside their parameters."""


class Frame(Struct, frozen=True, tag=True):
    """A snapshot of the run, taken without gradient.

    ``config_seq`` is the configuration that the last step trained with, and ``config_step`` the step at which
    it took effect. ``features`` is (n, d) float32; ``weight`` (C, d), ``bias`` (C,), ``centers`` (C, d) and
    ``log_variance`` (C, d) where the loss has them. ``scalars`` holds ``loss``, its terms as ``loss.<term>``,
    ``train_accuracy`` (over the batches since the last frame), ``test_accuracy`` (over ``probe_samples`` test
    images) and ``rate``; where the loss has them, the λ in force as ``annealing``, the scale that it adapts
    as ``scale``, and the lengths of features that it follows as ``length_mean`` and ``length_deviation``.
    ``elapsed`` counts seconds of training since the first command to train, without pauses.
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


class Configured(Struct, frozen=True, tag=True):
    """A live change has taken effect: the step that follows this one trains with that configuration."""

    run: int
    config_seq: int
    step: int


class Checkpoint(Struct, frozen=True, tag=True):
    """Everything that the steps after this one depend on, in the format of safetensors."""

    run: int
    step: int
    data: bytes


class Embedded(Struct, frozen=True, tag=True):
    """Where the images of a request landed: ``features`` is (n, d)."""

    run: int
    request: int
    step: int
    features: Array


NoticeKind = Literal["diverged", "slow", "saved", "restored", "oversized"]


class Notice(Struct, frozen=True, tag=True):
    """A message for the person.

    ``remedy`` maps dotted names of settings to values that should help.
    """

    run: int
    kind: NoticeKind
    text: Text
    step: int = 0
    remedy: dict[str, Value] = {}


class Failed(Struct, frozen=True, tag=True):
    """A command or the run has failed.

    ``what`` says why; ``where`` is the name of the command, ``training`` or ``stdin``. ``traceback`` is for
    developers, and empty for errors that a person can correct.
    """

    run: int
    what: Text
    where: str
    traceback: str = ""


class Finished(Struct, frozen=True, tag=True):
    """A bound of `Run` was reached. ``test_accuracy`` is over all ``test_samples`` test images."""

    run: int
    step: int
    epoch: float
    elapsed: float
    samples_per_second: float
    train_accuracy: float
    test_accuracy: float
    test_samples: int
    loss: float


Command = (
    Configure | Restart | Run | Pause | Advance | Ack | Embed | Save | Restore | SendCheckpoints | Shutdown
)
Event = Hello | Started | Frame | Configured | Checkpoint | Embedded | Notice | Failed | Finished
