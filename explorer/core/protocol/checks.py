"""Checks of the content of events: shapes, types and ranges of what a decoder takes for a message.

Only sizes and ranges are looked at, never the values of a large array in a frame, so a check takes some
microseconds. NaN and infinity are values like others: a run that diverges has them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NoReturn

from explorer.core.class_sets import MOST_CLASSES
from explorer.core.params import ParamError, Value
from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.protocol.framing import ProtocolError
from explorer.core.settings.config import ConfigError, find_param
from explorer.core.settings.network import MOST_DIMENSIONS
from explorer.core.texts import Text

_MOST = 10**15
"""Maximum of counts, such as steps and images: float64 has all integers up to it."""
_LABELS = ("|u1", "<i4")
"""Types of labels: of up to 256 classes, and of more."""
_MOST_NAMES = 100
"""Maximum number of devices, scalars and settings in one event."""
_LONGEST_NAME = 200
_LONGEST_SENTENCE = 100_000
_DEEPEST_SENTENCE = 8
"""Texts within texts; rendering takes some frames of the stack for each."""
_SCALARS = ("test_accuracy", "rate")
"""What the scalars of every frame have; without a step since the last one there is no loss."""
_FRACTIONS = ("train_accuracy", "test_accuracy")


def refuse(message: object, field: str, found: object, expected: object) -> NoReturn:
    """Raise the ProtocolError of a field that does not fit."""
    kind = type(message).__name__
    raise ProtocolError(
        "In {message}, {field} is {found} instead of {expected}.",
        message=kind,
        field=field,
        found=str(found)[:_LONGEST_NAME],
        expected=str(expected),
    )


def check_number(message: object, field: str, value: float, least: float = 0, most: float = _MOST) -> None:
    """Raise ProtocolError unless a number is from ``least`` to ``most``; NaN is not."""
    if not least <= value <= most:
        refuse(message, field, value, f"{least:g} … {most:g}")


def check_array(message: object, field: str, array: Array, dtypes: tuple[str, ...], *shape: int) -> None:
    """Raise ProtocolError unless an array has one of these types and this shape."""
    if array.dtype not in dtypes or array.shape != shape:
        refuse(message, field, f"{array.dtype} {array.shape}", f"{' / '.join(dtypes)} {shape}")


def check_sentence(message: object, field: str, sentence: Text) -> None:
    """Raise ProtocolError unless a text can be rendered, and says something."""
    if _depth(sentence) > _DEEPEST_SENTENCE:
        refuse(message, field, "nested", f"≤ {_DEEPEST_SENTENCE}")
    length = len(shown := str(sentence))
    if not shown.strip() or length > _LONGEST_SENTENCE:
        refuse(message, field, length, f"1 … {_LONGEST_SENTENCE}")


def check_hello(hello: m.Hello) -> None:
    """Raise ProtocolError unless its devices can be listed."""
    check_number(hello, "devices", len(hello.devices), most=_MOST_NAMES)
    for device in hello.devices:
        check_number(hello, "devices.name", len(device.name), 1, _LONGEST_NAME)
        check_sentence(hello, "devices.label", device.label)


def check_probe_set(started: m.Started) -> None:
    """Raise ProtocolError unless each row is of a known class."""
    check_number(started, "num_classes", started.num_classes, 1, MOST_CLASSES)
    rows = math.prod(started.labels.shape)
    check_array(started, "labels", started.labels, _LABELS, rows)
    check_array(started, "split", started.split, ("|u1",), rows)
    check_array(started, "indices", started.indices, ("<i4",), rows)
    _check_labels(started, started.labels, started.num_classes)
    if len(started.data.class_names) not in (0, started.num_classes):
        refuse(started, "class_names", len(started.data.class_names), started.num_classes)
    unseen = set(started.unseen)
    if len(unseen) >= started.num_classes or not unseen <= set(range(started.num_classes)):
        refuse(started, "unseen", started.unseen, f"< {started.num_classes}")
    trained = started.num_classes - len(unseen)
    if len(started.alike) not in (0, trained):
        refuse(started, "alike", len(started.alike), trained)
    for place in started.alike:
        check_number(started, "alike", place, most=trained - 1)


def check_started(started: m.Started) -> None:
    """Raise ProtocolError unless a run is announced with a probe set of its images."""
    check_probe_set(started)
    check_number(started, "run", started.run, 1)
    check_number(started, "labels", started.labels.shape[0], 1)
    split, indices = started.split.numpy(), started.indices.numpy()
    check_number(started, "split", int(split.max()), most=m.TRAIN)
    for part, size in ((m.TEST, started.test_size), (m.TRAIN, started.train_size)):
        check_number(started, ("test_size", "train_size")[part], size)
        places = indices[split == part]
        if len(places):
            check_number(started, "indices", int(places.min()))
            check_number(started, "indices", int(places.max()), most=size - 1)
    check_number(started, "trained_size", started.trained_size, most=started.train_size)
    for field in ("step", "steps_per_epoch", "parameters", "threads"):
        check_number(started, field, getattr(started, field))
    check_number(started, "device", len(started.device), most=_LONGEST_NAME)


def check_arrays(frame: m.Frame, started: m.Started, dim: int | None = None) -> None:
    """Raise ProtocolError unless the arrays of a frame fit the run that was announced.

    Parameters
    ----------
    frame : Frame
        Its features may be float16, as recordings have them.
    started : Started
        The announcement, which has been checked.
    dim : int, optional
        Dimension of the features; None where it is not known.
    """
    if frame.run != started.run:
        refuse(frame, "run", frame.run, started.run)
    rows, classes = started.labels.shape[0], started.num_classes
    columns = dim or (frame.features.shape[1] if len(frame.features.shape) == 2 else 0)
    check_number(frame, "features", columns, 2, MOST_DIMENSIONS)
    check_array(frame, "features", frame.features, ("<f4", "<f2"), rows, columns)
    if frame.weight is not None:
        weights = max(1, frame.weight.shape[0] // classes) * classes if frame.weight.shape else classes
        check_array(frame, "weight", frame.weight, ("<f4",), weights, columns)
    for field, array in (("centers", frame.centers), ("log_variance", frame.log_variance)):
        if array is not None:
            check_array(frame, field, array, ("<f4",), classes, columns)
    if frame.bias is not None:
        check_array(frame, "bias", frame.bias, ("<f4",), classes)
    if frame.first_losses is not None:
        count = math.prod(frame.first_losses.shape)
        check_number(frame, "first_losses", count, 1, min(frame.step, m.FIRST_STEPS))
        check_array(frame, "first_losses", frame.first_losses, ("<f4",), count)


def check_frame(frame: m.Frame, started: m.Started, dim: int | None = None) -> None:
    """Raise ProtocolError unless a frame fits the run that was announced; as `check_arrays`."""
    check_arrays(frame, started, dim)
    check_number(frame, "probe_samples", frame.probe_samples, most=started.labels.shape[0])
    for field in ("index", "config_seq", "config_step", "step", "epoch", "elapsed", "samples_per_second"):
        check_number(frame, field, getattr(frame, field))
    _check_scalars(frame, frame.scalars)


def check_batch(batch: m.BatchExamined, started: m.Started, dim: int | None = None) -> None:
    """Raise ProtocolError unless a batch is one of the training images of the run."""
    shape = batch.features.shape
    rows, columns = shape if len(shape) == 2 else (0, 0)
    check_number(batch, "features", rows, 1)
    check_number(batch, "features", columns, dim or 2, dim or MOST_DIMENSIONS)
    check_array(batch, "features", batch.features, ("<f4",), rows, columns)
    check_array(batch, "gradient", batch.gradient, ("<f4",), rows, columns)
    check_array(batch, "indices", batch.indices, ("<i4",), rows)
    check_array(batch, "labels", batch.labels, _LABELS, rows)
    check_array(batch, "images", batch.images, ("|u1",), rows, *batch.images.shape[1:])
    if batch.images.shape[3:] not in ((), (3,)):
        refuse(batch, "images", batch.images.shape, "(b, h, w) / (b, h, w, 3)")
    check_number(batch, "images", min(batch.images.shape) if len(batch.images.shape) > 2 else 0, 1)
    indices = batch.indices.numpy()
    check_number(batch, "indices", int(indices.min()))
    check_number(batch, "indices", int(indices.max()), most=started.train_size - 1)
    _check_labels(batch, batch.labels, started.num_classes)
    check_number(batch, "step", batch.step)
    if "loss" not in batch.scalars:
        refuse(batch, "scalars", sorted(batch.scalars), "loss")
    check_number(batch, "scalars", len(batch.scalars), most=_MOST_NAMES)


def check_forces(answer: m.ForcesExamined, started: m.Started, points: int, dim: int | None = None) -> None:
    """Raise ProtocolError unless forces are on images of the probe set, and on ``points`` points."""
    shape = answer.features.shape
    rows, columns = shape if len(shape) == 2 else (0, 0)
    check_number(answer, "features", columns, dim or 2, dim or MOST_DIMENSIONS)
    check_array(answer, "features", answer.features, ("<f4",), rows, columns)
    check_array(answer, "total", answer.total, ("<f4",), rows, columns)
    if answer.push is not None:
        check_array(answer, "push", answer.push, ("<f4",), rows, columns)
    if answer.field is not None:
        check_array(answer, "field", answer.field, ("<f4",), points, columns)
    check_array(answer, "rows", answer.rows, ("<i4",), rows)
    if rows:
        places = answer.rows.numpy()
        check_number(answer, "rows", int(places.min()))
        check_number(answer, "rows", int(places.max()), most=started.labels.shape[0] - 1)
    for field in ("step", "batch", "seconds"):
        check_number(answer, field, getattr(answer, field))


def check_finished(finished: m.Finished) -> None:
    """Raise ProtocolError unless the result can be one."""
    for field in ("step", "epoch", "elapsed", "samples_per_second", "test_samples"):
        check_number(finished, field, getattr(finished, field))
    for field in _FRACTIONS:
        _check_fraction(finished, field, getattr(finished, field))


def check_remedy(message: object, remedy: Mapping[str, Value]) -> None:
    """Raise ProtocolError unless each setting exists and may have its value; those of a loss may be any."""
    check_number(message, "remedy", len(remedy), most=_MOST_NAMES)
    for name, value in remedy.items():
        if name.startswith("loss."):
            continue  # of which loss is known where the remedy is offered
        try:
            find_param(name).check(value, name)
        except (ConfigError, ParamError) as error:
            kind = type(message).__name__
            raise ProtocolError("In {message}: {error}", message=kind, error=error) from None


def _check_labels(message: object, array: Array, classes: int) -> None:
    labels = array.numpy()
    if labels.size:
        check_number(message, "labels", int(labels.min()))
        check_number(message, "labels", int(labels.max()), most=classes - 1)


def _check_scalars(frame: m.Frame, scalars: Mapping[str, float]) -> None:
    check_number(frame, "scalars", len(scalars), most=_MOST_NAMES)
    for name in _SCALARS:
        if name not in scalars:
            refuse(frame, "scalars", sorted(scalars), name)
    for name in _FRACTIONS:
        _check_fraction(frame, name, scalars.get(name, math.nan))


def _check_fraction(message: object, field: str, value: float) -> None:
    if not (0 <= value <= 1 or math.isnan(value)):
        refuse(message, field, value, "0 … 1")


def _depth(sentence: Text) -> int:
    """Return how many texts are within each other, counted without recursion."""
    depth, level = 0, [sentence]
    while level and depth <= _DEEPEST_SENTENCE:
        depth += 1
        values = [value for each in level for value in each.values.values()]
        parts = [part for value in values for part in (value if isinstance(value, list) else [value])]
        level = [part for part in parts if isinstance(part, Text)]
    return depth
