"""A checkpoint comes with a recording from anywhere: whatever it holds, it is restored or refused."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from explorer.core.settings.config import RunConfig
from explorer.core.texts import TextError
from explorer.worker.training.checkpoint import Restored, from_bytes, to_bytes
from explorer.worker.training.trainer import Trainer

PIECES = [
    "", "[", "]", "{", "}", '"', "-1", "1e999", "NaN", "9" * 400, "[" * 3000, "true", "null", "F64", '"x":',
    "\\",
]  # fmt: skip
NUMBERS = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=3) | st.just([1])


class Whole:
    """The JSON of a good checkpoint, and the tensors that follow it."""

    def __init__(self, data: bytes) -> None:
        (length,) = struct.unpack_from("<Q", data)
        self.header, self.tensors = data[8 : 8 + length].decode(), data[8 + length :]

    def __repr__(self) -> str:
        return "a good checkpoint"


@pytest.fixture(scope="module")
def whole(tiny_data):
    config = RunConfig().replace({"data.source": str(tiny_data), "device": "cpu", "loss.name": "center"})
    return Whole(to_bytes(Trainer(config)))


def restored_or_refused(header, tensors):
    packed = header.encode("utf-8", "surrogatepass")
    try:
        restored = from_bytes(struct.pack("<Q", len(packed)) + packed + tensors)
    except TextError as error:
        assert str(error).count("\n") == 0
    else:
        assert isinstance(restored, Restored)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1), length=st.integers(0, 30), put=st.sampled_from(PIECES) | st.text(max_size=5))
@example(at=0.5, length=0, put="[")  # torch said in several lines what is missing
def test_a_header_with_any_part_replaced_is_restored_or_refused(whole, at, length, put):
    header = whole.header
    begin = round(at * len(header))
    restored_or_refused(header[:begin] + put + header[begin + length :], whole.tensors)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.integers(0, 99), value=NUMBERS)
@example(name=0, value=float("inf"))  # was no sentence
def test_a_number_of_any_kind_is_restored_or_refused(whole, name, value):
    table = json.loads(whole.header)
    numbers = json.loads(table["__metadata__"]["numbers"])
    chosen = list(numbers)[name % len(numbers)]
    table["__metadata__"]["numbers"] = json.dumps({**numbers, chosen: value})
    restored_or_refused(json.dumps(table), whole.tensors)


@pytest.mark.parametrize("data", [b"", b"\0" * 8, b"\xff" * 8, struct.pack("<Q", 2) + b"[]", b"\0" * 9])
def test_what_is_none_is_refused(data):
    with pytest.raises(TextError):
        from_bytes(data)
