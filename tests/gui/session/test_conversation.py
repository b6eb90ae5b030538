"""What a worker sends is believed only as far as it fits what it was asked and has sent before."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace

from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.protocol.checks import check_forces
from explorer.core.protocol.framing import ProtocolError, encode
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text, text
from explorer.gui.session.process.conversation import Conversation

HELLO = m.Hello(m.PROTOCOL_VERSION, "1", "2", (m.Device("cpu", text("CPU")),))


def floats(*shape: int) -> Array:
    return Array.of(np.ones(shape, np.float32))


STARTED = m.Started(
    run=1,
    config_seq=3,
    labels=Array.of(np.arange(6, dtype=np.uint8)),
    indices=Array.of(np.arange(6, dtype=np.int32)),
    split=Array.of(np.array([0, 0, 0, 1, 1, 1], np.uint8)),
    num_classes=10,
    train_size=60,
    test_size=10,
    steps_per_epoch=6,
    parameters=5,
    device="cpu",
    threads=1,
    unseen=(9,),
)
FRAME = m.Frame(
    run=1,
    index=1,
    config_seq=3,
    config_step=0,
    step=7,
    epoch=0.5,
    elapsed=1.0,
    samples_per_second=9.0,
    probe_samples=3,
    features=floats(6, 2),
    scalars={"loss": math.inf, "test_accuracy": 0.5, "rate": 0.1},
    weight=floats(30, 2),
    bias=floats(10),
    centers=floats(10, 2),
    log_variance=floats(10, 2),
)
BATCH = m.BatchExamined(
    run=1,
    request=1,
    step=7,
    indices=Array.of(np.array([59, 0], np.int32)),
    images=Array.of(np.zeros((2, 12, 12), np.uint8)),
    labels=Array.of(np.array([0, 9], np.uint8)),
    features=floats(2, 2),
    gradient=floats(2, 2),
    scalars={"loss": 1.0},
)
NOTICE = m.Notice(1, "diverged", text("It diverged."), 7, {"optimizer.rate": 0.1, "loss.scale": 3.0})
FAILED = m.Failed(1, text("It failed."), "training", remedy={"device": "cpu"})
FINISHED = m.Finished(1, 9, 1.0, 2.0, 3.0, 0.5, 0.5, 10, math.inf)
EMBEDDED = m.Embedded(1, 5, 7, floats(1, 2))
FORCES = m.ForcesExamined(
    run=1,
    request=4,
    step=7,
    rows=Array.of(np.array([5, 0], np.int32)),
    features=floats(2, 2),
    total=floats(2, 2),
    push=floats(2, 2),
    field=floats(3, 2),
)
FITTING = [
    FRAME,
    BATCH,
    FORCES,
    NOTICE,
    FAILED,
    FINISHED,
    EMBEDDED,
    m.Configured(1, 3, 7),
    m.Checkpoint(1, 7, b"x"),
]


@pytest.fixture
def conversation() -> Conversation:
    """A run of two dimensions has been announced, and the place of one image been asked for."""
    result = Conversation()
    result.note(m.Configure(3, RunConfig()))
    assert receive(result, HELLO, STARTED) == [HELLO, STARTED]
    result.note(m.Embed(5, Array.of(np.zeros((1, 12, 12), np.uint8))))
    result.note(m.ExamineForces(4, FORCES.rows, floats(3, 2)))
    return result


def receive(conversation: Conversation, *events: m.Event) -> list[m.Event]:
    return list(conversation.receive(b"".join(map(encode, events))))


def test_what_fits_arrives_as_it_was_sent(conversation: Conversation) -> None:
    assert receive(conversation, *FITTING) == FITTING


def deep(levels: int) -> Text:
    result = text("end")
    for _ in range(levels):
        result = Text("{value}", {"value": [result]})
    return result


MISFITS = [
    replace(FRAME, features=floats(6, 3)),
    replace(FRAME, features=floats(5, 2)),
    replace(FRAME, features=floats(6, 0)),
    replace(FRAME, features=floats(6)),
    replace(FRAME, features=Array.of(np.ones((6, 2), np.int32))),
    replace(FRAME, weight=floats(10, 3)),
    replace(FRAME, weight=floats(10)),
    replace(FRAME, weight=floats(0, 2)),
    replace(FRAME, weight=floats(13, 2)),
    replace(FRAME, weight=Array("<f4", (), b"\0\0\0\0")),
    replace(FRAME, bias=floats(3)),
    replace(FRAME, centers=floats(3, 2)),
    replace(FRAME, log_variance=floats(20, 2)),
    replace(FRAME, run=2),
    replace(FRAME, run=0),
    replace(FRAME, config_seq=4),
    replace(FRAME, step=-1),
    replace(FRAME, step=2**62),
    replace(FRAME, epoch=math.nan),
    replace(FRAME, elapsed=-1.0),
    replace(FRAME, probe_samples=7),
    replace(FRAME, index=0),
    replace(FRAME, scalars={"rate": 0.1}),
    replace(FRAME, scalars={**FRAME.scalars, "test_accuracy": 1.5}),
    replace(FRAME, scalars={**FRAME.scalars, **{str(n): 1.0 for n in range(200)}}),
    replace(BATCH, labels=Array.of(np.array([0, 10], np.uint8))),
    replace(BATCH, indices=Array.of(np.array([60, 0], np.int32))),
    replace(BATCH, images=Array.of(np.zeros((2, 12), np.uint8))),
    replace(BATCH, gradient=floats(2, 3)),
    replace(BATCH, scalars={}),
    replace(FORCES, rows=Array.of(np.array([6, 0], np.int32))),
    replace(FORCES, rows=Array.of(np.array([0], np.int32))),
    replace(FORCES, features=floats(2, 3)),
    replace(FORCES, total=floats(2)),
    replace(FORCES, push=floats(1, 2)),
    replace(FORCES, field=floats(4, 2)),
    replace(FORCES, request=5),
    replace(FORCES, seconds=math.nan),
    replace(NOTICE, remedy={"optimizer.speed": 0.1}),
    replace(NOTICE, remedy={"optimizer.rate": "fast"}),
    replace(NOTICE, text=text(" ")),
    replace(NOTICE, text=deep(9)),
    replace(NOTICE, step=-1),
    replace(FAILED, what=text("")),
    replace(FAILED, what=Text("{value}", {"value": "A" * 200_000})),
    replace(FINISHED, test_accuracy=2.0),
    replace(FINISHED, step=-1),
    replace(EMBEDDED, features=floats(2, 2)),
    replace(EMBEDDED, features=floats(1, 3)),
    replace(EMBEDDED, features=floats(2)),
    replace(EMBEDDED, request=6),
    replace(STARTED, run=1),
    m.Restoring(9, 0),
    m.Preparing(-1, 10),
    m.Configured(1, 4, 7),
    m.Checkpoint(1, 7, b""),
    HELLO,
]


@pytest.mark.parametrize("event", MISFITS, ids=lambda event: type(event).__name__)
def test_what_does_not_fit_is_refused_in_a_short_sentence(conversation: Conversation, event: m.Event) -> None:
    with pytest.raises(ProtocolError) as refused:
        receive(conversation, event)
    assert type(event).__name__ in str(refused.value)
    assert len(str(refused.value)) < 500


MISANNOUNCED = [
    replace(STARTED, num_classes=0),
    replace(STARTED, num_classes=5),
    replace(STARTED, num_classes=1_001),
    replace(STARTED, labels=Array.of(np.arange(4, dtype=np.uint8))),
    replace(STARTED, labels=Array.of(np.zeros((6, 1), np.uint8))),
    replace(STARTED, labels=Array.of(np.zeros(6, np.float32))),
    replace(STARTED, labels=Array.of(np.full(6, -1, np.int32))),
    replace(STARTED, data=replace(STARTED.data, class_names=("a", "b"))),
    replace(STARTED, split=Array.of(np.full(6, 2, np.uint8))),
    replace(STARTED, test_size=2),
    replace(STARTED, indices=Array.of(np.full(6, -1, np.int32))),
    replace(STARTED, unseen=(10,)),
    replace(STARTED, unseen=tuple(range(10))),
    replace(STARTED, trained_size=61),
    replace(STARTED, steps_per_epoch=-1),
    replace(STARTED, config_seq=4),
    replace(STARTED, run=0),
]


@pytest.mark.parametrize("started", MISANNOUNCED)
def test_a_run_that_cannot_be_is_refused(started: m.Started) -> None:
    conversation = Conversation()
    conversation.note(m.Configure(3, RunConfig()))
    with pytest.raises(ProtocolError, match="Started"):
        receive(conversation, HELLO, started)


@pytest.mark.parametrize("event", [STARTED, FRAME, FAILED], ids=lambda event: type(event).__name__)
def test_nothing_is_believed_before_the_greeting(event: m.Event) -> None:
    with pytest.raises(ProtocolError, match="not expected"):
        receive(Conversation(), event)


@pytest.mark.parametrize("event", [FRAME, NOTICE, FINISHED], ids=lambda event: type(event).__name__)
def test_no_run_is_believed_before_it_is_announced(event: m.Event) -> None:
    for number in (0, 1):
        with pytest.raises(ProtocolError, match="run"):
            receive(Conversation(), HELLO, replace(event, run=number))


def test_frames_come_in_their_order(conversation: Conversation) -> None:
    receive(conversation, FRAME, replace(FRAME, index=2))
    with pytest.raises(ProtocolError, match="step"):
        receive(conversation, replace(FRAME, index=3, step=6))


def test_what_an_earlier_run_still_sends_ends_nothing(conversation: Conversation) -> None:
    """It is in no view, so it need not fit."""
    conversation.note(m.Restart(4, RunConfig().replace({"network.dim": 3})))
    second = replace(STARTED, run=2, config_seq=4)
    late, frame = replace(FINISHED, step=0), replace(FRAME, run=2, features=floats(6, 3))
    plain = replace(frame, weight=None, centers=None, log_variance=None)
    assert receive(conversation, second, late, plain) == [second, late, plain]


@pytest.mark.parametrize(
    ("commands", "events", "awaited"),
    [
        ((m.Run(),), (), True),
        ((m.Run(), m.Pause()), (EMBEDDED,), False),
        ((m.Run(),), (FINISHED,), False),
        ((m.Run(),), (replace(NOTICE, kind="diverged"),), False),
        ((m.Run(),), (replace(FAILED, where="training"),), False),
        ((m.Run(),), (replace(FAILED, where="Embed"),), True),
        ((m.Run(), m.Restore(seq=4, step=3, elapsed=1.0)), (), True),
        ((m.Run(), m.Restore(seq=4, step=3, elapsed=1.0)), (m.Restoring(config_seq=4, step=3),), False),
        ((m.Run(), m.Advance(1)), (FRAME,), False),
    ],
)
def test_nothing_is_awaited_from_a_worker_that_trains_no_more(
    conversation: Conversation, commands: tuple[m.Command, ...], events: tuple[m.Event, ...], awaited: bool
) -> None:
    """It is silent then, and would else be said to hang."""
    for command in commands:
        conversation.note(command)
    receive(conversation, *events)
    assert conversation.awaiting == awaited


def test_a_run_is_awaited_until_it_has_begun(conversation: Conversation) -> None:
    conversation.note(m.Restart(4, RunConfig()))
    receive(conversation, EMBEDDED, m.Preparing(3, 10))
    assert conversation.asked, "that was asked before"
    receive(conversation, replace(STARTED, run=2, config_seq=4))
    assert not conversation.asked
    receive(conversation, m.Preparing(1, 10))
    assert conversation.asked, "the settings that were sent meanwhile need another run"


def test_forces_may_have_as_many_dimensions_as_features() -> None:
    """Where the dimension is not known, those in more than three were refused."""
    wide = replace(FORCES, features=floats(2, 128), total=floats(2, 128), push=None, field=None)
    check_forces(wide, STARTED, 3)
    with pytest.raises(ProtocolError):
        check_forces(wide, STARTED, 3, 2)
