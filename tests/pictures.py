"""Small pictures in class folders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image


def write_picture(path: Path, pixels: np.ndarray, **options: object) -> None:
    """Write a picture, in the format that its name ends with."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, **options)


def write_class_folders(folder: Path, count: int = 12, side: int = 20, suffix: str = ".png") -> None:
    """Write pictures of three classes, told apart by their colour: red, green and blue with some noise."""
    random = np.random.default_rng(0)
    for label, name in enumerate(("apple", "leaf", "sky")):
        for number in range(count):
            pixels = random.integers(0, 60, (side, side, 3), dtype=np.uint8)
            pixels[..., label] += 180
            write_picture(folder / name / f"{number}{suffix}", pixels)
