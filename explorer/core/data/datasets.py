"""Data sets: read from whatever form they are published in, checked in full, and brought into one form."""

from __future__ import annotations

import hashlib
from pathlib import Path

from msgspec.structs import replace

from explorer.core.data.csv_file import read_csv
from explorer.core.data.dataset import MNIST_MEAN, MNIST_SPREAD, Progress, RawDataset, no_progress, stages
from explorer.core.data.dataset import Bytes as Bytes
from explorer.core.data.dataset import Dataset as Dataset
from explorer.core.data.dataset import DatasetError as DatasetError
from explorer.core.data.dataset import Images as Images
from explorer.core.data.idx_folder import find_idx, has_idx_name, idx_files, read_idx_folder
from explorer.core.data.image_cache import files_digest, states
from explorer.core.data.image_folder import has_class_folders, list_pictures, read_image_folder
from explorer.core.data.known import KNOWN, MADE_UP, MNIST, offered, place_of
from explorer.core.data.labels import assembled
from explorer.core.data.made_up import VERSION, made_up
from explorer.core.data.npz_file import files_of, has_pairs, npz_files, read_npz, read_pairs

PICTURE_SIDE = 28
"""Height and width to which pictures in folders are resized, unless a setting says otherwise."""
_PICKLES = (".pkl", ".pickle", ".pt", ".pth", ".p")
_CHUNK = 1 << 22
_TIMES = 3, 1
"""Weights of reading packed arrays and of measuring their pixels: 0.23 and 0.07 s for 60,000 images of 28×28.

Text and pictures take longer to read, unpacked arrays and pictures of the cache less.
"""
Stamp = tuple[tuple[str, int, int], ...]
"""Path, size and time of change of each file."""
_LAST: dict[tuple[str, int, Stamp], Dataset] = {}


def load_dataset(
    source: str = MNIST, subset: int = 0, side: int = PICTURE_SIDE, progress: Progress = no_progress
) -> Dataset:
    """Return the data set of a name in `KNOWN` or `MADE_UP`, or that of a file or folder.

    Parameters
    ----------
    source : str
        A name, or the path of a folder with IDX files, of one with a folder of pictures for each class, or of
        an .npz or .csv file.
    subset : int
        Keeps images of the first ``subset`` classes only; 0 keeps all.
    side : int
        Height and width to which pictures in folders are resized.
    progress : callable
        Is told how far reading has come; what it raises ends it.

    Raises
    ------
    DatasetError
        If a file is missing or damaged, or the files do not match.
    """
    reading, measuring = stages(progress, *_TIMES)
    dataset = assembled(_raw(source, side, reading), measuring)
    return dataset.first_classes(subset or dataset.num_classes)


def last_dataset(source: str, side: int, progress: Progress = no_progress) -> Dataset:
    """Return the data set as `load_dataset`; the last one is kept as long as its files stay the same."""
    key = source, side, dataset_stamp(source, progress)
    if key not in _LAST:
        _LAST.clear()
        _LAST[key] = load_dataset(source, side=side, progress=progress)
    return _LAST[key]


def class_count(source: str, side: int = PICTURE_SIDE, progress: Progress = no_progress) -> int:
    """Return the number of classes of a data set; reads it unless it is known by name."""
    known = KNOWN.get(source)
    if known is not None and (source == MNIST or known.folder):
        return len(known.class_names)
    return last_dataset(source, side, progress).num_classes


def full_source(source: str) -> str:
    """Return a source with its full path, which holds in every folder; names stay as they are."""
    if source in offered():
        return source
    place = data_place(source)
    return str(place.absolute()) if place.exists() else source


def data_place(source: str) -> Path:
    """Return the file or folder of a source that is not made up; of an IDX file, the folder of all four."""
    place = place_of(source)
    return place.parent if has_idx_name(place) and find_idx(place.parent) == place.parent else place


def is_data(path: Path) -> bool:
    """Return whether a path looks like a data set: a folder, or a file whose name says so."""
    known = path.suffix.casefold() in (".npz", ".csv") or has_idx_name(path) or _is_pickle(path)
    return known or path.is_dir()


def _is_pickle(path: Path) -> bool:
    return path.name.casefold().removesuffix(".gz").endswith(_PICKLES)


def dataset_stamp(source: str, progress: Progress = no_progress) -> Stamp:
    """Return what changes with the files of a data set; empty where there are none.

    Raises
    ------
    DatasetError
        If one of them cannot be read.
    """
    if source in MADE_UP:
        return ()
    place = data_place(source)
    if not place.exists():
        return ()
    try:
        found = states(_files(place, progress), progress)
        return tuple((path, state.st_size, state.st_mtime_ns) for path, state in found)
    except OSError as error:
        raise DatasetError("Cannot read {file}: {error}.", file=place, error=error) from None


def dataset_digest(source: str = MNIST, progress: Progress = no_progress) -> str:
    """Return the SHA-256 of the files of a data set, concatenated, in hexadecimal.

    Of a folder of pictures, it is that of their names and sizes: there may be gigabytes of them.

    Raises
    ------
    DatasetError
        If one of them is missing or cannot be read.
    """
    if source in MADE_UP:
        return hashlib.sha256(f"{source} {VERSION}".encode()).hexdigest()
    place = data_place(source)
    digest = hashlib.sha256()
    path, done = place, 0
    try:
        if _has_pictures(place):
            return files_digest(place, list_pictures(place, progress).files, progress)
        files = [Path(file) for file in _files(place, progress)]
        size = sum(path.stat().st_size for path in files)
        for path in files:
            with path.open("rb") as file:
                while data := file.read(_CHUNK):
                    digest.update(data)
                    done += len(data)
                    progress(done, size)
    except OSError as error:
        raise DatasetError("Cannot read {file}: {error}.", file=path, error=error) from None
    return digest.hexdigest()


def _files(place: Path, progress: Progress) -> list[str]:
    if _has_pictures(place):
        return list_pictures(place, progress).files
    if not place.is_dir():
        packed = files_of(place) if place.suffix.casefold() == ".npz" else [place]
    else:
        folder = find_idx(place)
        packed = npz_files(place) if folder is None else idx_files(folder)
    return list(map(str, packed))


def _has_pictures(place: Path) -> bool:
    return place.is_dir() and find_idx(place) is None and not has_pairs(place)


def _raw(source: str, side: int, progress: Progress) -> RawDataset:
    if source in MADE_UP:
        return made_up(source)
    place = data_place(source)
    if not place.exists():
        raise _missing(source, place)
    return _of_folder(place, side, progress) if place.is_dir() else _of_file(place, progress)


def _missing(source: str, place: Path) -> DatasetError:
    known = KNOWN.get(source)
    if known is not None and known.package:
        return DatasetError(
            "{title} is not installed: {folder} is missing. On Debian and Ubuntu, install the package "
            "{package}.",
            title=known.title,
            folder=place,
            package=known.package,
        )
    return DatasetError(
        "File or folder not found: {file}. Choose IDX files, an .npz or .csv file or a folder of pictures, "
        "or use mnist.",
        file=place,
    )


def _of_folder(folder: Path, side: int, progress: Progress) -> RawDataset:
    found = find_idx(folder)
    if found is not None:
        raw = read_idx_folder(found, progress)
        return replace(raw, statistics=(MNIST_MEAN, MNIST_SPREAD)) if folder == place_of(MNIST) else raw
    if has_pairs(folder):
        return read_pairs(folder, progress)
    if has_class_folders(folder):
        return read_image_folder(folder, side, progress)
    idx_files(folder)  # says what is missing
    raise AssertionError("there are IDX files after all")


def _of_file(path: Path, progress: Progress) -> RawDataset:
    suffix = path.suffix.casefold()
    if has_idx_name(path):
        return read_idx_folder(path.parent, progress)
    if suffix == ".npz":
        return read_npz(path, progress)
    if suffix == ".csv":
        return read_csv(path, progress)
    if _is_pickle(path):
        raise DatasetError(
            "{file}: pickle files are not read, because reading one runs whatever program it contains. "
            "Save its arrays as an .npz file instead.",
            file=path,
        )
    raise DatasetError(
        "{file}: not a data set. Choose IDX files, an .npz or .csv file or a folder of pictures.", file=path
    )
