"""What is wrong with a data set of one's own is said in one sentence, which names the file and the place."""

import gzip
import zipfile

import numpy as np
import pytest
from pictures import write_class_folders, write_picture

from explorer.core.data import limits
from explorer.core.data.datasets import DatasetError, load_dataset

IMAGES, LABELS = np.zeros((40, 9, 9), np.uint8), np.arange(40) % 4
RANDOM_BYTES = np.random.default_rng(0).bytes(500)
ROW = ",".join(["0"] * 65)


def npz(**arrays):
    return lambda folder: np.savez(folder / "set.npz", **arrays)


def csv(text):
    return lambda folder: (folder / "set.csv").write_text(text)


def pictures(damage):
    def make(folder):
        write_class_folders(folder, count=2)
        damage(folder)

    return make


def remove(folder):
    for path in folder.iterdir():
        path.unlink()


def cut(path):
    path.write_bytes(path.read_bytes()[:60])


def packed_with_lzma(folder):
    with zipfile.ZipFile(folder / "set.npz", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("images.npy", RANDOM_BYTES)
        archive.writestr("labels.npy", RANDOM_BYTES)
    data = bytearray((folder / "set.npz").read_bytes())
    data[60:90] = bytes(30)
    (folder / "set.npz").write_bytes(data)


def pair_without_arrays(folder):
    for name in ("train-images.npz", "train-labels.npz"):
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr("readme.txt", "nothing")


def huge(folder):
    write_picture(folder / "sky" / "0.png", np.zeros((9_500, 9_500), np.uint8))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (npz(images=IMAGES), "there are no arrays images and labels"),
        (npz(images=IMAGES, labels=LABELS[:39]), "39 labels for 40 images in images"),
        (npz(images=IMAGES[:, :3], labels=LABELS), "images of 3×9 are too small; the minimum is 8×8"),
        (npz(images=np.zeros((4, 300, 9), np.uint8), labels=LABELS[:4]), "images of 300×9 are too large"),
        (npz(images=IMAGES[..., None, None], labels=LABELS), "images has the shape 40×9×9×1×1"),
        (npz(images=IMAGES.astype("U3"), labels=LABELS), "not numbers"),
        (npz(images=np.array([{}] * 4), labels=LABELS[:4]), "cannot read images: Object arrays"),
        (
            npz(images=IMAGES - 1.0, labels=LABELS),
            "image 0 of images has values that are not between 0 and 255",
        ),
        (
            npz(images=IMAGES, labels=np.where(LABELS, LABELS, 0.5)),
            "its label; image 0 has 0.5",
        ),
        (npz(images=IMAGES, labels=np.where(np.arange(40) == 7, np.nan, LABELS)), "image 7 has nan"),
        (npz(images=IMAGES, labels=np.eye(5)[LABELS] * (LABELS < 3)[:, None]), "image 3 has [0.0, 0.0"),
        (npz(images=IMAGES, labels=LABELS.astype("U1")), "labels must have one whole number for each image"),
        (npz(images=IMAGES[:0], labels=np.zeros((0, 0))), "labels must have one whole number for each image"),
        (npz(images=IMAGES, labels=LABELS - 1), "label -1 of image 0 is out of range"),
        (npz(images=IMAGES, labels=0 * LABELS), "all images are of 1 class; 2 to 1,000 are possible"),
        (npz(images=IMAGES, labels=np.arange(40)), "class 0 has only one image"),
        (
            npz(x_train=IMAGES, y_train=LABELS, x_test=IMAGES, y_test=LABELS + 1),
            "image 3 is of class 4, which has no training images",
        ),
        (
            npz(x_train=IMAGES, y_train=LABELS, x_test=IMAGES[:2], y_test=LABELS[:2]),
            "no image is of class 2; each class needs at least one test image",
        ),
        (
            npz(x_train=IMAGES, y_train=LABELS, x_test=IMAGES[:, :8], y_test=LABELS),
            "training images are 9×9, test images 8×9",
        ),
        (packed_with_lzma, "Cannot read"),
        (pair_without_arrays, "train-images.npz: there are no arrays"),
        (lambda folder: (folder / "set.npz").write_bytes(b"PK\x03\x04 and no more"), "Cannot read"),
        (csv(""), "row 1 is neither numbers nor a header"),
        (csv("name,x\n1,2"), "row 1 is neither numbers nor a header with a column named label"),
        (csv("label,p0,p1\n1,2,3"), "2 columns besides the label are not the pixels of a square image"),
        (csv(f"{ROW}\n{ROW}\n1,2"), "row 3 has 2 columns, not 65"),
        (csv(f"{ROW}\n\n{ROW[:-1]}256"), "row 3: '256' is not a whole number from 0 to 255"),
        (csv(f"{ROW}\n{ROW[:-1]}x"), "row 2: 'x' is not a whole number"),
        (csv(f"{ROW}\n{ROW[:-1]}0.5"), "row 2: '0.5' is not a whole number"),
        (csv(f"{ROW}\n{ROW[:-1]}1e1"), "row 2: '1e1' is not a whole number"),
        (csv(f"{ROW}\n100000{ROW[1:]}"), "row 2: '100000' is not a whole number from 0 to 99,999"),
        (csv("0," * (1 << 20)), "row 1 is too long; images have at most 256×256 pixels"),
        (csv(f"{ROW}\n{ROW}\n{'0,' * (1 << 20)}"), "row 3 is too long"),
        (csv("label" + ",p" * 64), "there are no images"),
        (pictures(lambda folder: cut(folder / "leaf" / "1.png")), "leaf/1.png"),
        (pictures(lambda folder: (folder / "leaf" / "1.jpg").write_text("<html>")), "leaf/1.jpg"),
        (
            pictures(lambda folder: remove(folder / "sky")),
            "there are no pictures (PNG, JPEG, WebP or BMP) of this class",
        ),
        (pictures(lambda folder: (folder / "sky" / "1.png").unlink()), "class sky has only one image"),
        (pictures(huge), "too many pixels to be unpacked safely"),
        (
            pictures(
                lambda folder: (
                    write_class_folders(folder / "train") or write_class_folders(folder / "test" / "x")
                )
            ),
            "test/x: there is no class of this name",
        ),
        (lambda folder: (folder / "set.pkl").write_bytes(b"\x80\x04."), "pickle files are not read, because"),
        (lambda folder: (folder / "set.pkl.gz").write_bytes(b"x"), "pickle files are not read, because"),
        (
            lambda folder: (folder / "set.csv.gz").write_bytes(gzip.compress(b"0")),
            "not a data set. Choose IDX",
        ),
        (lambda folder: (folder / "set.pt").write_bytes(b"PK"), "pickle files are not read, because"),
        (lambda folder: (folder / "set.tar").write_bytes(b"x"), "not a data set. Choose IDX files"),
        (lambda folder: (folder / "notes.d").write_text(""), "not a data set"),
        (lambda _folder: None, "there is no train-images-idx3-ubyte"),
    ],
)
def test_each_fault_has_its_own_sentence_and_names_the_file(tmp_path, make, words):
    make(tmp_path)
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    source = files[0] if len(files) == 1 else tmp_path
    with pytest.raises(DatasetError) as caught:
        load_dataset(str(source))
    assert words in str(caught.value)
    assert str(source) in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_images_that_do_not_fit_into_memory_are_refused_before_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "_SMALL", 1000)
    monkeypatch.setattr("psutil.virtual_memory", lambda: type("Memory", (), {"available": 2000}))
    np.savez(tmp_path / "set.npz", images=IMAGES, labels=LABELS)
    with pytest.raises(DatasetError, match=r"need 0\.0 GB of memory, and 0\.0 GB are free"):
        load_dataset(str(tmp_path / "set.npz"))


def test_a_data_set_that_is_not_installed_is_named_with_its_package(tmp_path, monkeypatch):
    from msgspec.structs import replace

    from explorer.core.data import known

    elsewhere = replace(known.KNOWN["fashion-mnist"], folder=str(tmp_path / "none"))
    monkeypatch.setitem(known.KNOWN, "fashion-mnist", elsewhere)
    with pytest.raises(DatasetError, match="install the package dataset-fashion-mnist"):
        load_dataset("fashion-mnist")
