"""What a live run keeps of its past, so that one can look back without filling the memory."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.gui.session import frame_store
from explorer.gui.session.frame_store import FrameStore

FIRST = make_snapshot(100)


def store_of(steps):
    store = FrameStore()
    for step in steps:
        store.add(replace(FIRST, step=step, elapsed=step / 10, features=FIRST.features + step))
    return store


def test_frames_are_kept_in_order_and_the_newest_as_it_came():
    store, newest = store_of([0, 10]), replace(FIRST, step=20, elapsed=2.0)
    store.add(newest)
    assert (store.steps, store.elapsed) == ([0, 10, 20], [0.0, 1.0, 2.0])
    assert store.frame(2) is newest
    past = store.frame(1)
    assert past.step == 10
    assert past.features.dtype == np.float32
    assert np.allclose(past.features, FIRST.features + 10, rtol=2**-10)
    for index in (-1, 3):
        with pytest.raises(LookupError):
            store.frame(index)


def test_a_second_frame_of_a_step_takes_the_place_of_the_first():
    assert store_of([0, 10, 10, 20, 20]).steps == [0, 10, 20]


def test_a_long_run_is_thinned_evenly_and_keeps_its_ends(monkeypatch):
    monkeypatch.setattr(frame_store, "MOST_BYTES", 16 * (FIRST.features.astype(np.float16).nbytes + 4096))
    for count in (10, 100, 1_000, 1_001, 1_003):
        store = store_of(range(count))
        assert len(store.steps) <= 18
        assert len(store.steps) >= min(count, 8)
        assert (store.steps[0], store.steps[-1]) == (0, count - 1)
        assert [store.frame(index).step for index in range(len(store.steps))] == store.steps
        assert len(set(np.diff(store.steps[:-1]))) <= 1, "evenly"
