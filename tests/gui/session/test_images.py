"""The pictures beside a point must be those of its image, and cost nothing until they are looked at."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import threading
import weakref

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.data.datasets import DatasetError, load_dataset
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.settings.config import DataConfig
from explorer.core.stressors.damage import damaged_images
from explorer.gui.session.images import ImageStore, as_image, probe_pixels


def snapshot_of(folder, **probe):
    data = load_dataset(str(folder))
    rows = ProbeSet(
        labels=np.append(data.test.labels[[5, 0]], data.train.labels[399]),
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


@pytest.mark.parametrize("changed", [{"train_size": 60_000}, {"labels": np.array([5, 0, 8])}])
def test_other_images_than_those_of_the_run_are_refused(tiny_data, changed):
    snapshot = snapshot_of(tiny_data)
    snapshot = replace(snapshot, probe=replace(snapshot.probe, **changed))
    with pytest.raises(DatasetError, match="not the images"):
        probe_pixels(snapshot.probe, snapshot.config.data)


def test_images_are_read_once_and_only_when_asked_for(qtbot, tiny_data, monkeypatch):
    reads = []
    monkeypatch.setattr(
        "explorer.gui.session.images.load_dataset", lambda *args: (reads.append(args), load_dataset(*args))[1]
    )
    store, snapshot = ImageStore(), snapshot_of(tiny_data)
    assert not reads
    with qtbot.waitSignal(store.imagesChanged):
        assert store.image(snapshot, 0) is None
        assert store.pixels(snapshot) is None
    assert store.pixels(replace(snapshot, step=9)).shape == (3, 12, 12)
    assert len(reads) == 1


def test_the_next_run_of_the_same_images_reads_them_again_only_if_a_file_has_changed(
    qtbot, tiny_data, tmp_path, monkeypatch
):
    """A restart begins a run with the same images, whose probe set the trainer announces anew."""
    reads, folder = [], tmp_path / "data"
    shutil.copytree(tiny_data, folder)
    monkeypatch.setattr(
        "explorer.gui.session.images.load_dataset", lambda *args: (reads.append(args), load_dataset(*args))[1]
    )
    store, snapshot = ImageStore(), snapshot_of(folder)

    def shown(**changes):
        """Return the pixels of a run with the same images but for some of the probe set."""
        run = replace(snapshot, probe=replace(snapshot.probe, **changes))
        with qtbot.waitSignal(store.imagesChanged):
            assert store.pixels(run) is None
        return store.pixels(run)

    first = shown()
    np.testing.assert_array_equal(shown(), first)
    assert len(reads) == 1
    other = shown(indices=np.array([15, 0, 399], np.int32))
    assert len(reads) == 2
    assert (other[0] != first[0]).any()
    for file in folder.iterdir():
        os.utime(file, ns=(0, 0))
    shown()
    shown()
    assert len(reads) == 3


def test_damaged_images_are_shown_as_the_trainer_sees_them(qtbot, tiny_data):
    """And follow the strength; without damage they are those of the data set, without a wait."""
    store, snapshot = ImageStore(), snapshot_of(tiny_data)
    with qtbot.waitSignal(store.imagesChanged):
        store.pixels(snapshot)
    whole = store.pixels(snapshot)
    shown = []
    for noise in (0.5, 1.0):
        settings = snapshot.config.replace({"data.noise": noise, "data.damaged": 1.0})
        damaged = replace(snapshot, config=settings)
        with qtbot.waitSignal(store.imagesChanged):
            store.pixels(damaged)
        shown.append(store.pixels(damaged))
        for split in (TEST, TRAIN):
            rows = snapshot.probe.split == split
            places = snapshot.probe.indices[rows]
            expected = damaged_images(whole[rows], settings.seed, split, places, settings.data)
            assert (shown[-1][rows] == expected).all()
    assert (shown[0] != shown[1]).any()
    assert store.pixels(snapshot) is whole


def test_a_folder_that_is_gone_is_complained_of(qtbot, tmp_path, tiny_data):
    store, snapshot = ImageStore(), snapshot_of(tiny_data)
    gone = replace(
        snapshot, config=replace(snapshot.config, data=DataConfig(source=str(tmp_path / "nowhere")))
    )
    with qtbot.waitSignal(store.imagesChanged):
        store.pixels(gone)
    assert store.pixels(gone) is None
    assert "nowhere" in store.complaint


def unreadable(monkeypatch, error):
    def load(*_):
        raise error

    monkeypatch.setattr("explorer.gui.session.images.load_dataset", load)


@pytest.mark.parametrize("error", [MemoryError("too many"), ValueError("odd"), ZeroDivisionError("no")])
def test_whatever_goes_wrong_while_reading_is_said_where_the_images_would_be_and_told_once(
    qtbot, tiny_data, monkeypatch, error
):
    unreadable(monkeypatch, error)
    store, snapshot = ImageStore(), snapshot_of(tiny_data)
    with qtbot.captureExceptions() as told, qtbot.waitSignal(store.imagesChanged):
        store.pixels(snapshot)
    assert store.complaint == f"The images cannot be read: {type(error).__name__}: {error}"
    assert not store.reading
    assert store.pixels(snapshot) is None
    assert [caught for _, caught, _ in told] == [error]


def test_even_an_interrupt_in_the_thread_ends_the_waiting(qtbot, tiny_data, monkeypatch):
    unreadable(monkeypatch, SystemExit(3))
    store = ImageStore()
    with qtbot.waitSignal(store.imagesChanged):
        store.pixels(snapshot_of(tiny_data))
    assert "SystemExit" in store.complaint


class Gate:
    """Reads a data set only once it is opened, and knows in which threads anything was destroyed."""

    def __init__(self, monkeypatch):
        self.open = threading.Event()
        self.readers = []
        monkeypatch.setattr("explorer.gui.session.images.load_dataset", self.load)

    def load(self, *args):
        self.readers.append(threading.current_thread())
        assert self.open.wait(60)
        return load_dataset(*args)


def test_images_of_a_run_that_is_over_are_not_shown(qtbot, tiny_data, monkeypatch):
    gate, store = Gate(monkeypatch), ImageStore()
    first, second = snapshot_of(tiny_data), snapshot_of(tiny_data)
    told = []
    store.imagesChanged.connect(lambda: told.append(store.pixels(second)))
    store.pixels(first)
    store.pixels(second)
    gate.open.set()
    for reader in gate.readers:
        reader.join()
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(100)
    assert len(told) == 1
    assert (told[0] == probe_pixels(second.probe, second.config.data)).all()
    assert len(gate.readers) == 2 + 1, "each was read once, and once by this test"


def test_a_store_that_goes_while_its_images_are_read_is_not_kept_by_the_thread(tiny_data, monkeypatch):
    gate, store = Gate(monkeypatch), ImageStore()
    gone = []
    store.destroyed.connect(lambda: gone.append(threading.current_thread()))
    alive = weakref.ref(store)
    store.pixels(snapshot_of(tiny_data))
    del store
    gc.collect()
    assert alive() is None
    assert gone == [threading.main_thread()]
    gate.open.set()
    for reader in gate.readers:
        reader.join(30)
        assert not reader.is_alive()


def test_a_store_that_is_stopped_says_nothing_of_images_that_come_later(qtbot, tiny_data, monkeypatch):
    gate, store = Gate(monkeypatch), ImageStore()
    with qtbot.assertNotEmitted(store.imagesChanged, wait=100):
        store.pixels(snapshot_of(tiny_data))
        store.stop()
        qtbot.waitUntil(lambda: bool(gate.readers))
        gate.open.set()
        gate.readers[0].join()
    assert not store.reading


def test_damage_that_cannot_be_done_is_said_once_and_other_damage_is_tried(qtbot, tiny_data, monkeypatch):
    store, snapshot, reported = ImageStore(), snapshot_of(tiny_data), []
    monkeypatch.setattr("explorer.gui.session.images.report", reported.append)
    with qtbot.waitSignal(store.imagesChanged):
        store.pixels(snapshot)
    blurred, noisy = (
        replace(snapshot, config=snapshot.config.replace({f"data.{name}": 0.5, "data.damaged": 1.0}))
        for name in ("blur", "noise")
    )
    with monkeypatch.context() as patch:
        patch.setattr("explorer.gui.session.images.damaged_splits", lambda *_: 1 / 0)
        with qtbot.waitSignal(store.imagesChanged):
            store.pixels(blurred)
        assert store.pixels(blurred) is None
        assert not store.reading
    assert (len(reported), "ZeroDivisionError" in store.complaint) == (1, True)
    with qtbot.waitSignal(store.imagesChanged):
        store.pixels(noisy)
    assert store.pixels(noisy) is not None
    assert store.complaint == ""


def test_a_program_that_ends_does_not_wait_for_images():
    code = (
        "import threading, time\n"
        "import numpy as np\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from explorer.core.settings.config import RunConfig\n"
        "from explorer.gui.session import images\n"
        "begun = threading.Event()\n"
        "images.load_dataset = lambda *_: (begun.set(), time.sleep(600))\n"
        "class Probe: test_size = train_size = 1\n"
        "class Frame: probe, config = Probe, RunConfig()\n"
        "application = QCoreApplication([])\n"
        "store = images.ImageStore()\n"
        "store.pixels(Frame)\n"
        "begun.wait()\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stderr == ""


def test_an_image_has_the_grey_values_of_its_pixels():
    pixels = np.arange(35, dtype=np.uint8).reshape(5, 7)[:, ::-1]
    image = as_image(pixels)
    assert (image.width(), image.height()) == (7, 5)
    assert [image.pixelColor(x, 4).red() for x in range(7)] == list(range(34, 27, -1))
