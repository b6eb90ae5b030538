"""A stream that is not the protocol must end in a clear error, never in a hang or a wrong message."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.protocol.framing import (
    KEEP_ALIVE,
    MAX_CHECKPOINT,
    MAX_MESSAGE,
    ProtocolError,
    command_decoder,
    encode,
    event_decoder,
)
from explorer.core.settings.config import RunConfig

COMMANDS = [
    m.Configure(3, RunConfig().replace({"loss.name": "arcface", "loss.margin": 0.3})),
    m.Run(m.Until(epoch=2.5)),
    m.Run(),
    m.Restart(4, RunConfig()),
    m.Pause(),
    m.Advance(4),
    m.Ack(9),
    m.Embed(1, Array.of(np.arange(8, dtype=np.uint8).reshape(2, 2, 2))),
    m.Restore(1, 20, 0.5, b"c", changes=(m.SettingChange(1, 10, RunConfig()),), data_digest="d"),
    m.Restore(2, 20, 0.5, config=RunConfig(), threads=2),
    m.SendCheckpoints(10.0),
    m.Shutdown(),
]


@given(st.lists(st.sampled_from(COMMANDS), max_size=6), st.integers(1, 40))
def test_messages_arrive_whole_however_the_stream_is_cut(commands, size):
    stream = b"".join(encode(command) for command in commands)
    decoder = command_decoder()
    received = [
        c for start in range(0, len(stream), size) for c in decoder.feed(stream[start : start + size])
    ]
    decoder.close()
    assert received == commands


@given(st.binary(max_size=300))
def test_garbage_is_an_error_or_waits_for_more(data):
    decoder = event_decoder()
    try:
        for event in decoder.feed(data):
            assert isinstance(event, m.Event)
        decoder.close()
    except ProtocolError as error:
        assert str(error)


def test_an_empty_message_says_only_that_the_other_side_is_at_work():
    decoder = command_decoder()
    assert list(decoder.feed(KEEP_ALIVE + encode(m.Pause()) + KEEP_ALIVE)) == [m.Pause()]
    assert not decoder.within_message


def test_a_length_over_the_limit_is_refused_before_anything_is_stored():
    with pytest.raises(ProtocolError, match="limit"):
        list(event_decoder().feed(struct.pack("<I", MAX_MESSAGE + 1)))


def test_an_unknown_message_and_the_other_sides_messages_are_refused():
    body = b"\x81\xa4type\xa4Boom"
    for stream in (struct.pack("<I", len(body)) + body, encode(m.Pause())):
        with pytest.raises(ProtocolError, match="Not a message"):
            list(event_decoder().feed(stream))


def test_a_stream_that_ends_within_a_message_says_so():
    decoder = command_decoder()
    assert list(decoder.feed(encode(m.Pause())[:-1])) == []
    with pytest.raises(ProtocolError, match="ended within"):
        decoder.close()


@pytest.mark.parametrize(
    "array",
    [
        {"dtype": "<f4", "shape": (2, 2), "data": b"123"},
        {"dtype": "<f8", "shape": (1,), "data": b"12345678"},
        {"dtype": "|u1", "shape": (-1, -3), "data": b"123"},
        {"dtype": "|O8", "shape": (1,), "data": b"12345678"},
        {"dtype": "|u1", "shape": (1, 1, 1, 1, 1), "data": b"1"},
    ],
)
def test_arrays_that_are_none_are_refused(array):
    with pytest.raises(ValueError, match="array"):
        Array(**array)


@pytest.mark.parametrize(
    "dtype", [np.float32, np.float64, np.float16, np.uint8, np.int64, np.int32, np.bool_]
)
def test_arrays_keep_values_and_shape(dtype):
    values = (np.arange(6).reshape(2, 3) % 2).astype(dtype)
    back = Array.of(values[:, ::-1]).numpy()
    assert back.shape == (2, 3)
    np.testing.assert_array_equal(back, values[:, ::-1])


LONG = struct.pack("<I", MAX_MESSAGE + 1)
UNKNOWN = struct.pack("<I", 12) + b"\x81\xa4type\xa4Boom" + b"\0"


def test_the_largest_checkpoint_can_be_restored_with_the_changes_that_followed_it():
    config = RunConfig().replace({"loss.name": "arcface"})
    changes = tuple(m.SettingChange(number, 10_000, config) for number in range(1000))
    command = m.Restore(1, 10_000, 2.5, bytes(MAX_CHECKPOINT), config, changes)
    assert len(encode(command)) < MAX_MESSAGE


@pytest.mark.parametrize("fault", [LONG, UNKNOWN, encode(m.Hello(1, "", "", ()))])
def test_after_an_error_not_even_a_message_is_decoded(fault):
    decoder = command_decoder()
    with pytest.raises(ProtocolError) as first:
        list(decoder.feed(fault))
    with pytest.raises(ProtocolError) as second:
        list(decoder.feed(encode(m.Pause())))
    assert str(second.value) == str(first.value)
    with pytest.raises(ProtocolError):
        decoder.close()


@given(st.lists(st.sampled_from(COMMANDS), max_size=4), st.binary(max_size=40), st.integers(1, 60))
def test_a_stream_with_a_fault_yields_what_came_before_it_and_nothing_after(commands, rest, size):
    stream = b"".join(encode(command) for command in commands) + UNKNOWN + rest + encode(m.Pause())
    decoder, received, errors = command_decoder(), [], set()
    for start in range(0, len(stream), size):
        try:
            received.extend(decoder.feed(stream[start : start + size]))
        except ProtocolError as error:
            errors.add(str(error))
    assert received[: len(commands)] == commands
    assert len(received) == len(commands)
    assert len(errors) == 1
