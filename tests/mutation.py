"""Messages that have changed on their way: one part of a plain value is another, or is not there."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from hypothesis import strategies as st

numbers = st.sampled_from(
    [0, 1, -1, 2, 3, 7, 255, 1_000, 2**31, 2**62, 0.5, -1e300, 1e22, float("inf"), float("nan")]
)
shapes = st.sampled_from(
    [(), (0,), (1,), (3,), (50,), (10, 2), (50, 2), (50, 3), (50, 1), (50, 0), (0, 2), (30, 3)]
)
anything = st.one_of(
    numbers,
    st.none(),
    st.sampled_from(["", "cpu", "<b>bold</b><img src=x>", "A" * 3_000, "{value:>99999}", "{count.real}"]),
    st.just([]),
    st.just({}),
)


@st.composite
def arrays(draw: st.DrawFn) -> dict[str, Any]:
    """Return an array that can be decoded, of any shape, type and values."""
    shape, dtype = draw(shapes), draw(st.sampled_from(["<f4", "<f2", "<i4", "|u1"]))
    with np.errstate(over="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values = np.full(shape, float(draw(numbers))).astype(dtype)
    return {"dtype": dtype, "shape": list(shape), "data": values.tobytes()}


def mutate(value: Any, draw: st.DrawFn) -> Any:
    """Return a plain value in which one part is another, or is not there."""
    if isinstance(value, dict) and "dtype" in value and draw(st.booleans()):
        if draw(st.booleans()):
            return draw(arrays())
        filled = np.frombuffer(value["data"], value["dtype"]).copy()
        filled[draw(st.integers(0, len(filled) - 1)) :] = draw(st.sampled_from([0, 1, 3, 200]))
        return {**value, "data": filled.tobytes()}
    if isinstance(value, dict) and value:
        key = draw(st.sampled_from(sorted(value)))
        if draw(st.integers(0, 9)) == 0:
            return {name: part for name, part in value.items() if name != key}
        return {**value, key: mutate(value[key], draw)}
    if isinstance(value, list) and value:
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], mutate(value[place], draw), *value[place + 1 :]]
    return draw(anything)
