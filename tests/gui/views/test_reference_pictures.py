"""Pictures of every view of six real runs, light and dark, beside those that were looked at and found good.

After a wanted change: ``pytest tests/gui/views/test_reference_pictures.py --regenerate``, and look at what
Git shows as changed. The frames come from `recorded`, whose script records them anew.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from gui.views.drawn import FIRST_PAGES, FONT, FURTHER_PAGES, drawn, dressed
from gui.views.recorded import CONFIGURATIONS, recorded
from gui.views.resemblance import Picture, difference
from PIL import Image
from PySide6.QtGui import QFontDatabase

from explorer.core.data.datasets import load_dataset
from explorer.gui.theme.theme import THEMES

FOLDER = Path(__file__).parent / "reference" / "pictures"
MOST_BYTES = 2_100_000
COLORS = 256
PAGES = {**FIRST_PAGES, **FURTHER_PAGES}
RUNS_OF_FURTHER_PAGES = ("centre", "arcface", "arcface-3d")
ALIKE_ELSEWHERE = ("quality",)
"""Pages on which further runs would show nothing else."""
CASES = [
    (run, page, theme)
    for run in CONFIGURATIONS
    for page in (
        PAGES
        if run in RUNS_OF_FURTHER_PAGES
        else [page for page in FIRST_PAGES if page not in ALIKE_ELSEWHERE]
    )
    for theme in THEMES
]


@pytest.fixture(autouse=True)
def _data_set_read_once(monkeypatch):
    monkeypatch.setattr("explorer.gui.session.images.load_dataset", cache_of_datasets)


@cache
def cache_of_datasets(*arguments):
    return load_dataset(*arguments)


def path_of(run: str, page: str, theme: str) -> Path:
    return FOLDER / f"{run}-{page}-{theme}.png"


def read(path: Path) -> Picture:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def write(path: Path, picture: Picture) -> None:
    """Write a picture in few colours."""
    path.parent.mkdir(exist_ok=True)
    few = Image.fromarray(picture).quantize(COLORS, kmeans=3, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def side_by_side(folder: Path, actual: Picture, expected: Picture, differing: np.ndarray) -> None:
    shown = np.clip(4 * differing, 0, 255).astype(np.uint8)
    for name, pixels in (("actual", actual), ("expected", expected), ("difference", shown)):
        Image.fromarray(pixels).save(folder / f"{name}.png")


@pytest.mark.parametrize(("run", "page", "theme"), CASES)
def test_a_view_looks_as_it_did(run, page, theme, qtbot, tmp_path, request):
    if FONT not in QFontDatabase.families():
        pytest.skip(f"{FONT} is not installed (.ci/system-packages does), and the layout depends on it")
    path, colors = path_of(run, page, theme), THEMES[theme]
    with dressed(colors):
        name, prepare = PAGES[page]
        actual = drawn(name, colors, *recorded(run), qtbot, prepare)
    if request.config.getoption("regenerate"):
        write(path, actual)
    assert path.exists(), f"there is no {path.name} yet: run this with --regenerate, and look at it"
    expected = read(path)
    found = difference(actual, expected)
    if not found.negligible:
        side_by_side(tmp_path, actual, expected, found.map)
    assert found.negligible, f"{path.name} differs by {found}: see {tmp_path}"


def test_there_is_no_picture_of_what_is_gone():
    assert {path.name for path in FOLDER.iterdir()} <= {path_of(*case).name for case in CASES}


def test_pictures_and_frames_are_small():
    sizes = [path.stat().st_size for path in FOLDER.parent.rglob("*.*")]
    assert sum(sizes) <= MOST_BYTES
