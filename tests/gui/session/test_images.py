"""The pictures beside a point must be those of its image, and cost nothing until they are looked at."""

from __future__ import annotations

import numpy as np
import pytest
from gui.views.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.data.datasets import DatasetError, load_dataset
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.settings.config import DataConfig
from explorer.gui.session.images import ImageStore, as_image, probe_pixels


def snapshot_of(folder, **probe):
    labels = load_dataset(str(folder)).test.labels
    rows = ProbeSet(
        labels=labels[[5, 0, 7]],
        indices=np.array([5, 0, 399], dtype=np.int32),
        split=np.array([TEST, TEST, TRAIN], dtype=np.uint8),
        num_classes=10,
        **{"test_size": 100, "train_size": 400, **probe},
    )
    base = make_snapshot(count=3)
    return replace(base, probe=rows, config=replace(base.config, data=DataConfig(source=str(folder))))


def test_each_row_has_the_pixels_of_its_image_in_its_split(tiny_data):
    snapshot = snapshot_of(tiny_data)
    dataset = load_dataset(str(tiny_data))
    found = probe_pixels(snapshot.probe, snapshot.config.data)
    assert (found[0] == dataset.test.pixels[5]).all()
    assert (found[1] == dataset.test.pixels[0]).all()
    assert (found[2] == dataset.train.pixels[399]).all()


def test_other_images_than_those_of_the_run_are_refused(tiny_data):
    snapshot = snapshot_of(tiny_data, train_size=60_000)
    with pytest.raises(DatasetError, match="not the images"):
        probe_pixels(snapshot.probe, snapshot.config.data)


def test_images_are_read_once_and_only_when_asked_for(qtbot, tiny_data, monkeypatch):
    reads = []
    monkeypatch.setattr(
        "explorer.gui.session.images.load_dataset", lambda *args: (reads.append(args), load_dataset(*args))[1]
    )
    store, snapshot = ImageStore(), snapshot_of(tiny_data)
    assert not reads
    with qtbot.waitSignal(store.changed):
        assert store.image(snapshot, 0) is None
        assert store.pixels(snapshot) is None
    assert store.pixels(replace(snapshot, step=9)).shape == (3, 12, 12)
    assert len(reads) == 1


def test_a_folder_that_is_gone_is_complained_of(qtbot, tmp_path, tiny_data):
    store, snapshot = ImageStore(), snapshot_of(tiny_data)
    gone = replace(
        snapshot, config=replace(snapshot.config, data=DataConfig(source=str(tmp_path / "nowhere")))
    )
    with qtbot.waitSignal(store.changed):
        store.pixels(gone)
    assert store.pixels(gone) is None
    assert "nowhere" in store.complaint


def test_images_of_a_run_that_is_over_are_not_shown(qtbot, tiny_data):
    store = ImageStore()
    first, second = snapshot_of(tiny_data), snapshot_of(tiny_data)
    told = []
    store.changed.connect(lambda: told.append(store._probe))
    store.pixels(first)
    with qtbot.waitSignal(store.changed, check_params_cb=lambda: store._probe is second.probe):
        store.pixels(second)
    assert told == [second.probe]


def test_an_image_has_the_grey_values_of_its_pixels():
    pixels = np.arange(35, dtype=np.uint8).reshape(5, 7)[:, ::-1]
    image = as_image(pixels)
    assert (image.width(), image.height()) == (7, 5)
    assert [image.pixelColor(x, 4).red() for x in range(7)] == list(range(34, 27, -1))
