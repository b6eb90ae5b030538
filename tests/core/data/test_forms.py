"""A data set in whatever form it is published trains on the images and labels that it has."""

import gc
import gzip
import os
import struct
import sys
from itertools import takewhile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import write_class_folders, write_picture
from PIL import Image
from tiny_data import write_idx

from explorer.core.data import csv_file, image_cache, image_folder
from explorer.core.data.datasets import (
    DatasetError,
    class_count,
    dataset_digest,
    full_source,
    is_data,
    last_dataset,
    load_dataset,
)
from explorer.core.data.image_cache import files_digest
from explorer.core.data.known import place_of
from explorer.core.data.made_up import places

RANDOM = np.random.default_rng(0)
LABELS = np.arange(40) % 4
IMAGES = RANDOM.integers(0, 255, (40, 9, 9), dtype=np.uint8)


def write_idx_set(folder, names, labels=LABELS, images=IMAGES, **options):
    folder.mkdir(parents=True, exist_ok=True)
    for prefix in names:
        write_idx(folder / f"{prefix}-images-idx3-ubyte", images, **options)
        write_idx(folder / f"{prefix}-labels-idx1-ubyte", labels.astype(np.uint8), **options)


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("", ("train", "t10k")),
        ("", ("train", "test")),
        ("raw", ("train", "t10k")),
        ("KMNIST/raw", ("train", "t10k")),
        ("", ("mine-train", "mine-test")),
    ],
)
@pytest.mark.parametrize("compress", [False, True])
def test_idx_files_are_found_under_their_usual_names(tmp_path, place, names, compress):
    write_idx_set(tmp_path / place, names, compress=compress)
    data = load_dataset(str(tmp_path))
    np.testing.assert_array_equal(data.test.pixels, IMAGES)
    np.testing.assert_array_equal(data.train.labels, LABELS)
    chosen = next((tmp_path / place).glob("*images*"))
    assert load_dataset(str(chosen)).num_classes == 4
    assert dataset_digest(str(tmp_path)) == dataset_digest(str(chosen))
    assert full_source(str(chosen)) == str(tmp_path / place)


def test_emnist_letters_start_at_1_are_named_and_stand_upright(tmp_path):
    labels = 1 + np.arange(52) % 26
    images = RANDOM.integers(0, 255, (52, 8, 9), dtype=np.uint8)
    write_idx_set(tmp_path, ("emnist-letters-train", "emnist-letters-test"), labels, images)
    data = load_dataset(str(tmp_path))
    assert data.spec.class_names == tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert data.spec.title == "EMNIST letters"
    np.testing.assert_array_equal(data.train.labels, labels - 1)
    np.testing.assert_array_equal(data.train.pixels, images.transpose(0, 2, 1))


def test_labels_with_gaps_are_mapped_and_that_is_said(tmp_path):
    write_idx_set(tmp_path, ("train", "t10k"), np.array([3, 7, 9, 20])[LABELS])
    data = load_dataset(str(tmp_path))
    assert data.spec.class_names == ("3", "7", "9", "20")
    assert data.train.labels.tolist() == LABELS.tolist()
    assert "3 to 20 have gaps" in str(data.spec.notes[0])


def test_of_qmnist_the_first_label_column_counts(tmp_path):
    write_idx_set(tmp_path, ("train", "t10k"))
    for prefix in ("train", "t10k"):
        (tmp_path / f"{prefix}-labels-idx1-ubyte").unlink()
        table = np.stack([LABELS, *RANDOM.integers(0, 900, (7, 40))], axis=1).astype(">i4")
        head = struct.pack(">HBB2I", 0, 12, 2, *table.shape)
        (tmp_path / f"{prefix}-labels-idx2-int.gz").write_bytes(gzip.compress(head + table.tobytes()))
    assert load_dataset(str(tmp_path)).test.labels.tolist() == LABELS.tolist()


def test_images_without_a_test_part_are_held_out_by_class(tmp_path):
    np.savez(tmp_path / "set.npz", images=np.repeat(IMAGES, 5, axis=0), labels=np.repeat(LABELS, 5))
    data = load_dataset(str(tmp_path / "set.npz"))
    assert np.bincount(data.test.labels).tolist() == [5] * 4
    assert np.bincount(data.train.labels).tolist() == [45] * 4
    assert "held out for the test: 20 images" in str(data.spec.notes[0])
    again = load_dataset(str(tmp_path / "set.npz"))
    np.testing.assert_array_equal(again.test.pixels, data.test.pixels)


@pytest.mark.parametrize(
    "arrays",
    [
        {"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES, "y_test": LABELS},
        {"arr_0": IMAGES, "arr_1": LABELS, "arr_2": IMAGES, "arr_3": LABELS},
        {
            "X_train": IMAGES / 255,
            "y_train": LABELS[:, None],
            "X_test": IMAGES / 255,
            "y_test": np.eye(4)[LABELS],
        },
        {
            "train_images": IMAGES[:, None],
            "train_labels": LABELS,
            "test_images": IMAGES.reshape(40, -1),
            "test_labels": LABELS.astype(float),
        },
    ],
)
def test_npz_files_are_read_whatever_their_arrays_are_called(tmp_path, arrays):
    np.savez_compressed(tmp_path / "set.npz", **arrays)
    data = load_dataset(str(tmp_path / "set.npz"))
    for split in (data.train, data.test):
        np.testing.assert_array_equal(split.pixels, IMAGES)
        np.testing.assert_array_equal(split.labels, LABELS)


def test_files_with_one_array_each_are_read_together(tmp_path):
    for part in ("train", "test"):
        np.savez(tmp_path / f"kmnist-{part}-imgs.npz", IMAGES)
        np.savez(tmp_path / f"kmnist-{part}-labels.npz", LABELS)
    for source in (tmp_path, tmp_path / "kmnist-train-labels.npz"):
        data = load_dataset(str(source))
        np.testing.assert_array_equal(data.test.pixels, IMAGES)
        assert (data.spec.title, data.spec.class_names[1]) == ("KMNIST", "き")


@pytest.mark.parametrize("header", ["", "label,{pixels}\n", "{pixels},label\n"])
def test_csv_files_have_the_label_where_their_header_says(tmp_path, header):
    label_last = header.startswith("{pixels}")
    rows = [
        ",".join(map(str, [*pixels, label] if label_last else [label, *pixels]))
        for label, pixels in zip(LABELS, IMAGES.reshape(40, -1), strict=True)
    ]
    names = ",".join(f"pixel{i}" for i in range(81))
    (tmp_path / "set.csv").write_text("\ufeff" * bool(header) + header.format(pixels=names) + "\n".join(rows))
    data = load_dataset(str(tmp_path / "set.csv"))
    assert len(data.train) + len(data.test) == 40
    together = np.concatenate([data.train.pixels, data.test.pixels])
    assert sorted(map(bytes, together)) == sorted(map(bytes, IMAGES))


@pytest.mark.parametrize(("first", "named"), [(1, True), (0, False)])
def test_a_table_of_emnist_stands_upright_and_is_named_where_its_labels_are(tmp_path, first, named):
    """Labels that count from 0 would get the names of those before them."""
    labels = first + np.arange(104) % 26
    images = RANDOM.integers(0, 255, (104, 8, 8), dtype=np.uint8)
    table = np.concatenate([labels[:, None], images.transpose(0, 2, 1).reshape(104, -1)], axis=1)
    np.savetxt(tmp_path / "emnist-letters-train.csv", table, fmt="%d", delimiter=",")
    data = load_dataset(str(tmp_path / "emnist-letters-train.csv"))
    assert data.spec.class_names[:2] == (("A", "B") if named else ("0", "1"))
    assert data.train.pixels[0].tobytes() in {each.tobytes() for each in images}
    assert "turned upright" in str(data.spec.notes[0])


def test_pictures_keep_colours_and_their_folders_names(tmp_path):
    write_class_folders(tmp_path)
    data = load_dataset(str(tmp_path), side=32)
    assert data.spec.class_names == ("apple", "leaf", "sky")
    assert data.train.pixels.shape == (33, 32, 32, 3)
    middle = data.train.pixels.mean(axis=(1, 2))
    assert (middle.argmax(axis=1) == data.train.labels).all()
    assert "32×32 pixels in colour" in str(data.spec.notes[0])


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".bmp"])
def test_grey_pictures_have_one_channel_in_every_format(tmp_path, suffix):
    for part, count in (("train", 3), ("test", 2)):
        for label, name in enumerate(("1", "2", "10")):
            for number in range(count):
                pixels = np.full((40, 30), 60 * label, np.uint8)
                write_picture(tmp_path / part / name / f"{number}{suffix}", pixels)
    (tmp_path / "train" / "2" / "readme.txt").write_text("not a picture")
    data = load_dataset(str(tmp_path))
    assert data.spec.class_names == ("1", "2", "10")
    assert data.train.pixels.shape == (9, 28, 28)
    assert data.test.labels.tolist() == [0, 0, 1, 1, 2, 2]
    assert abs(data.test.pixels[-1].astype(int) - 120).max() < 4
    assert [str(note).split(" ")[0] for note in data.spec.notes] == ["The", "1"]


def test_a_picture_stands_as_its_camera_was_held(tmp_path):
    pixels = np.zeros((32, 32), np.uint8)
    pixels[:16] = 255
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was turned by a quarter
    for name in ("a", "b"):
        for number in range(2):
            write_picture(tmp_path / name / f"{number}.png", pixels, exif=turned)
    image = load_dataset(str(tmp_path)).train.pixels[0].astype(int)
    assert image[:, 20:].min() > 200
    assert image[:, :8].max() < 50


def test_names_that_no_system_could_write_have_a_digest(tmp_path, monkeypatch):
    """Those of Windows may hold half of a character."""
    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", lambda _file: SimpleNamespace(st_size=3))
        half, byte = (files_digest(tmp_path, [f"{tmp_path}/{name}"]) for name in ("\ud800", "\udcff"))
    assert half != byte


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
def test_a_class_may_have_a_name_that_is_no_text(tmp_path):
    """Or one that would turn the sentence that it stands in."""
    write_class_folders(tmp_path)
    os.rename(tmp_path / "sky", os.fsencode(tmp_path) + b"/\xff")
    os.rename(tmp_path / "leaf", tmp_path / "left\n\u202eright")
    assert load_dataset(str(tmp_path)).spec.class_names == ("apple", "left  right", "\\udcff")
    assert len(dataset_digest(str(tmp_path))) == 64


def test_a_class_may_be_called_as_a_split_is(tmp_path):
    for name in ("plane", "train", "Test"):
        for number in range(2):
            write_picture(tmp_path / name / f"{number}.png", np.zeros((20, 20), np.uint8))
    assert set(load_dataset(str(tmp_path)).spec.class_names) == {"plane", "train", "Test"}


def test_sixteen_bits_and_transparency_are_understood(tmp_path):
    deep = np.full((16, 16), 257 * 100, np.uint16)
    clear = np.zeros((16, 16, 4), np.uint8)
    for name in ("a", "b"):
        write_picture(tmp_path / name / "0.png", deep)
        write_picture(tmp_path / name / "1.png", clear)
    data = load_dataset(str(tmp_path))
    values = np.concatenate([data.train.pixels, data.test.pixels])
    assert set(values[:, 0, 0].tolist()) == {100, 255}


def test_pictures_are_decoded_once_as_long_as_their_files_stay(tmp_path, monkeypatch):
    write_class_folders(tmp_path / "set", count=3)
    before = load_dataset(str(tmp_path / "set"))
    decoded = []
    decode = image_folder.decode_pictures
    monkeypatch.setattr(
        image_folder, "decode_pictures", lambda *args: (decoded.append(args), decode(*args))[1]
    )
    np.testing.assert_array_equal(load_dataset(str(tmp_path / "set")).train.pixels, before.train.pixels)
    assert not decoded
    digest = dataset_digest(str(tmp_path / "set"))
    write_picture(tmp_path / "set" / "sky" / "1.png", np.zeros((30, 30), np.uint8))
    load_dataset(str(tmp_path / "set"))
    assert decoded
    assert dataset_digest(str(tmp_path / "set")) != digest


@pytest.mark.parametrize("form", ["idx", "npz", "csv", "pictures"])
def test_a_data_set_is_read_again_where_its_files_have_changed(tmp_path, form):
    def write(value):
        images = np.full((40, 9, 9), value, np.uint8)
        match form:
            case "idx":
                write_idx_set(tmp_path / "set", ("train", "t10k"), images=images)
            case "npz":
                np.savez(tmp_path / "set.npz", images=images, labels=LABELS)
            case "csv":
                write_rows(tmp_path / "set.csv", LABELS, value)
            case _:
                for number, label in enumerate(LABELS):
                    write_picture(tmp_path / "set" / str(label) / f"{number}.png", images[number])

    write(100)
    source = str(next(tmp_path.glob("set*")))
    first = last_dataset(source, 9)
    assert last_dataset(source, 9) is first
    write(200)
    assert set(last_dataset(source, 9).train.pixels.ravel().tolist()) == {200}


def test_a_made_up_set_is_kept_and_a_missing_one_said():
    assert last_dataset("rings", 28) is last_dataset("rings", 28)
    with pytest.raises(DatasetError, match="File or folder not found"):
        last_dataset("/nowhere/set.npz", 28)


def write_rows(path, labels, value):
    path.write_text("\n".join(f"{label}," + ",".join([str(value)] * 81) for label in labels))


def test_a_table_with_labels_above_255_is_read_at_once_not_row_by_row(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_file, "_row", None)
    write_rows(tmp_path / "set.csv", np.array([3, 700, 99_999, 20])[LABELS], 255)
    assert load_dataset(str(tmp_path / "set.csv")).spec.class_names == ("3", "20", "700", "99999")


@pytest.mark.parametrize("block", [1, 100, 163, 164, 165, 10_000])
@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_rows_are_whole_wherever_a_block_ends(tmp_path, monkeypatch, block, end):
    monkeypatch.setattr(csv_file, "_BLOCK", block)
    write_rows(tmp_path / "set.csv", LABELS, 7)
    text = (tmp_path / "set.csv").read_text()
    (tmp_path / "set.csv").write_text(text + end)
    assert len(load_dataset(str(tmp_path / "set.csv")).train) == 36
    (tmp_path / "set.csv").write_text(f"{text}{end or chr(10)}1,2")
    row = 40 + max(1, len(end))
    with pytest.raises(DatasetError, match=f"row {row} has 2 columns"):
        load_dataset(str(tmp_path / "set.csv"))


def test_no_step_of_reading_holds_up_the_window(tmp_path, monkeypatch):
    """NumPy reads numbers and Python sorts names without letting another thread in: both in small parts."""
    read, at_once = csv_file.np.loadtxt, []
    monkeypatch.setattr(
        csv_file.np,
        "loadtxt",
        lambda lines, **how: (at_once.append(sum(map(len, lines))), read(lines, **how))[1],
    )
    write_rows(tmp_path / "set.csv", np.tile(LABELS, 400), 100)
    assert (tmp_path / "set.csv").stat().st_size > 5e6
    assert len(load_dataset(str(tmp_path / "set.csv")).train) == 14_400
    assert max(at_once) < 2e6
    monkeypatch.setattr(image_folder, "_SORTED_AT_ONCE", 7)
    (tmp_path / "pictures" / "a").mkdir(parents=True)
    for number in RANDOM.permutation(60):
        (tmp_path / "pictures" / "a" / f"{number}.png").touch()
    listed = image_folder.list_pictures(tmp_path / "pictures").files
    assert [int(Path(path).stem) for path in listed] == list(range(60))
    assert not any(map(gc.is_tracked, listed)), "a million objects would be searched for garbage"


def test_looking_through_many_pictures_is_told_before_one_is_read(tmp_path, monkeypatch):
    """On a slow disk it takes minutes, in which the worker would seem to hang."""
    write_class_folders(tmp_path)
    monkeypatch.setattr(image_cache, "_AT_ONCE", 1)
    count = len(image_folder.list_pictures(tmp_path).files)
    for look, times in ((last_dataset, 2), (dataset_digest, 1)):
        told = []
        arguments = (str(tmp_path), 28) if look is last_dataset else (str(tmp_path),)
        look(*arguments, progress=lambda done, _total, told=told: told.append(done))
        assert len(list(takewhile(lambda done: done == 0, told))) >= times * count


def test_sources_hold_in_every_folder_and_names_stay(tmp_path, monkeypatch):
    (tmp_path / "kmnist").mkdir()
    (tmp_path / "mnist").mkdir()
    monkeypatch.chdir(tmp_path)
    assert full_source("kmnist") == str(tmp_path / "kmnist"), "no package has it: it is the folder"
    assert [full_source(name) for name in ("mnist", "rings", "missing")] == ["mnist", "rings", "missing"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.npz", 1),
        ("a.CSV", 1),
        ("train-images-idx3-ubyte.gz", 1),
        ("a.pkl.gz", 1),
        ("a.csv.gz", 0),
        ("a.gz", 0),
    ],
)
def test_what_looks_like_a_data_set_can_be_read_or_is_refused_with_its_reason(tmp_path, name, data):
    assert is_data(tmp_path / name) == bool(data)


@pytest.mark.parametrize("form", ["idx", "npz", "csv", "pictures"])
def test_reading_tells_how_far_it_is_and_can_be_stopped(tmp_path, form):
    class Stop(Exception):  # not an error
        pass

    match form:
        case "idx":
            write_idx_set(tmp_path, ("train", "t10k"))
        case "npz":
            np.savez(tmp_path / "set.npz", images=IMAGES, labels=LABELS)
        case "csv":
            rows = (f"{label}," + ",".join(["7"] * 81) for label in LABELS)
            (tmp_path / "set.csv").write_text("\n".join(rows))
        case _:
            write_class_folders(tmp_path, count=2)
    source = str(next(tmp_path.glob("set.*"), tmp_path))

    def stop(done, total):
        assert 0 <= done <= total
        raise Stop

    with pytest.raises(Stop):
        load_dataset(source, progress=stop)
    reports = []
    found = load_dataset(source, progress=lambda *report: reports.append(report))
    assert found.num_classes >= 3
    shares = [done / total for done, total in reports]
    assert shares == sorted(shares), "the bar never goes back"
    assert shares[0] < 1 == shares[-1]


@pytest.mark.parametrize(("kind", "classes"), [("rings", 4), ("blobs", 6), ("spirals", 3)])
def test_made_up_images_show_a_spot_where_the_geometry_puts_it(kind, classes):
    data = load_dataset(kind)
    assert class_count(kind) == data.num_classes == classes
    labels = np.arange(2000) % classes
    at = places(kind, labels, np.random.default_rng(1))
    radius, angle = np.hypot(*at.T), np.arctan2(*at.T[::-1])
    for label in range(classes):
        own = labels == label
        if kind == "rings":
            assert abs(radius[own].mean() - (label + 0.5) / 4) < 0.01
        elif kind == "blobs":
            centre = 0.7 * np.exp(2j * np.pi * label / 6)
            assert abs(at[own].mean(axis=0) - [centre.real, centre.imag]).max() < 0.02
        else:
            wound = np.angle(np.exp(1j * (angle - 2 * np.pi * label / 3 - np.pi * (radius - 0.15) / 0.8)))
            assert abs(wound[own]).max() < 0.3
    image = data.train.pixels[0].astype(float)
    place = np.argwhere(image == image.max()).mean(axis=0)
    assert np.hypot(*(place - 13.5)) < 12
    np.testing.assert_array_equal(load_dataset(kind).train.pixels, data.train.pixels)


@pytest.mark.skipif(not place_of("fashion-mnist").is_dir(), reason="dataset-fashion-mnist is not installed")
def test_fashion_mnist_is_known_by_name_and_wherever_it_lies(tmp_path):
    named = load_dataset("fashion-mnist")
    assert (len(named.train), len(named.test), named.spec.title) == (60_000, 10_000, "Fashion-MNIST")
    assert named.spec.class_names[9] == "ankle boot"
    assert (named.spec.mean, named.spec.spread) == (72.9, 90.0)
    for path in place_of("fashion-mnist").glob("*.gz"):
        (tmp_path / path.name).symlink_to(path)
    assert load_dataset(str(tmp_path)).spec.class_names == named.spec.class_names


@given(st.binary(max_size=200))
def test_no_bytes_make_a_reader_fail_in_another_way(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("fuzz")
    for name in ("a.npz", "a.csv", "train-images-idx3-ubyte"):
        (folder / name).write_bytes(content)
        with pytest.raises(DatasetError):
            load_dataset(str(folder / name))


@given(st.lists(st.text('0123456789,-.aé\n "', max_size=30), max_size=6))
def test_no_text_makes_a_table_fail_in_another_way(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("fuzz") / "a.csv"
    path.write_text("\n".join(lines))
    try:
        load_dataset(str(path))
    except DatasetError as error:
        assert str(path) in str(error)
