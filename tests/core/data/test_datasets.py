"""Images that are not what they seem would be trained on in silence: every fault has its own sentence."""

import hashlib
import shutil

import numpy as np
import pytest
from tiny_data import write_idx

from explorer.core.data.datasets import DatasetError, dataset_digest, load_dataset
from explorer.core.data.idx import read_idx
from explorer.core.data.resources import resource

MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}


def test_the_shipped_files_are_mnist():
    import gzip

    for name, digest in MD5.items():
        data = gzip.decompress(resource("mnist", f"{name}.gz").read_bytes())
        assert hashlib.md5(data).hexdigest() == digest
    data = load_dataset()
    assert (len(data.train), len(data.test), data.num_classes) == (60_000, 10_000, 10)
    assert data.train.pixels.shape == (60_000, 28, 28)
    assert data.train.labels[:5].tolist() == [5, 0, 4, 1, 9]


def test_a_subset_keeps_the_first_classes(tiny_data):
    data = load_dataset(str(tiny_data), subset=4)
    assert (len(data.train), len(data.test), data.num_classes) == (160, 40, 4)
    assert set(data.train.labels) == {0, 1, 2, 3}


def test_a_digest_changes_with_any_file_and_with_nothing_else(tiny_data, tmp_path):
    copy = shutil.copytree(tiny_data, tmp_path / "copy")
    assert dataset_digest(str(copy)) == dataset_digest(str(tiny_data)) != dataset_digest()
    for path in sorted(copy.iterdir()):
        before = dataset_digest(str(copy))
        path.write_bytes(path.read_bytes() + b"0")
        assert dataset_digest(str(copy)) != before
    path.unlink()
    with pytest.raises(DatasetError, match=path.stem):
        dataset_digest(str(copy))


@pytest.fixture
def folder(tiny_data, tmp_path):
    return shutil.copytree(tiny_data, tmp_path / "data")


def _labels(folder, values):
    write_idx(folder / "train-labels-idx1-ubyte", np.asarray(values, np.uint8))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda f: (f / "t10k-labels-idx1-ubyte").unlink(), "there is no t10k-labels-idx1-ubyte"),
        (lambda f: (f / "train-labels-idx1-ubyte").write_bytes(b""), "truncated"),
        (
            lambda f: (f / "train-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01\0\0"),
            "truncated within its header",
        ),
        (
            lambda f: (f / "train-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01\0\0\0\x09abc"),
            "3 of 9 values",
        ),
        (
            lambda f: (f / "train-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01\0\0\0\x01abc"),
            "2 bytes too many",
        ),
        (
            lambda f: (f / "train-labels-idx1-ubyte").write_bytes(b"PNG\x01" * 9),
            "wrong magic number 504e4701",
        ),
        (lambda f: (f / "train-labels-idx1-ubyte").write_bytes(b"\0\0\x0d\x01" * 9), "wrong magic number"),
        (
            lambda f: (f / "train-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x03" + b"\0" * 12),
            "3-dimensional",
        ),
        (lambda f: (f / "train-images-idx3-ubyte").write_bytes(b"\x1f\x8bnonsense"), "Cannot read"),
        (lambda f: _labels(f, np.arange(399) % 10), "399 labels for 400 images"),
        (lambda f: _labels(f, [*(np.arange(399) % 10), 10]), "no image is of class 10"),
        (lambda f: _labels(f, np.arange(400) % 9), "is of class 9, which has no training images"),
        (
            lambda f: write_idx(f / "t10k-images-idx3-ubyte", np.zeros((100, 9, 9), np.uint8)),
            "the same size",
        ),
    ],
)
def test_each_fault_has_its_own_sentence_and_names_the_file(folder, damage, words):
    damage(folder)
    with pytest.raises(DatasetError) as caught:
        load_dataset(str(folder))
    assert words in str(caught.value)
    assert str(folder) in str(caught.value)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(DatasetError, match="nowhere"):
        load_dataset(str(tmp_path / "nowhere"))


def test_plain_and_gzipped_files_are_the_same(tmp_path):
    values = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    for name, compress in (("plain", False), ("packed", True)):
        write_idx(tmp_path / name, values, compress=compress)
        np.testing.assert_array_equal(read_idx(tmp_path / name, 3), values)
