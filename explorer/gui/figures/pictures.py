"""A painted figure as PNG, SVG or PDF, with the settings of its run inside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter

from explorer.export.files import ExportUsageError, new_files
from explorer.gui.export.images import MOST_PIXELS, Encoder, png_encoder, too_many_pixels
from explorer.gui.export.vectors import VECTOR_FORMATS, vector_encoder
from explorer.gui.figures.figure import FIGURE_FORMATS, MM_PER_INCH
from explorer.gui.figures.stage import FigureStage
from explorer.gui.plots.cached_layer import wide_lines
from explorer.gui.reproduction.settings_text import SETTINGS_KEY
from explorer.gui.theme.theme import Theme

_SHIFT, _BRIGHT = 55, 3 * 128
"""By how much two backgrounds differ that show how opaque a pixel is, and above which sum one is bright."""


def image_of(stage: FigureStage) -> QImage:
    """Return the figure as pixels.

    Raises
    ------
    ExportError
        Where it would have too many pixels.
    """
    figure = stage.figure
    width, height = figure.pixels
    if width * height > MOST_PIXELS:
        raise too_many_pixels(width, height)
    image = _transparent(stage) if figure.transparent else _painted(stage)
    per_metre = round(figure.dpi * figure.scale / MM_PER_INCH * 1000)
    image.setDotsPerMeterX(per_metre)
    image.setDotsPerMeterY(per_metre)
    return image


def figure_encoder(stage: FigureStage, name: str) -> Encoder:
    """Paint the figure as one of `FIGURE_FORMATS`, and return what writes it; raises ExportError."""
    if name in VECTOR_FORMATS:
        return vector_encoder(stage.drawing, name)
    image = image_of(stage)
    image.setText(SETTINGS_KEY, stage.settings)
    return png_encoder(image)


def write_figure(stage: FigureStage, path: Path, *, force: bool) -> None:
    """Write the figure in the format that the end of the name says, whole or not at all.

    Raises
    ------
    ExportError
        Where the format is not one of `FIGURE_FORMATS`, or the file cannot be written: nothing is changed.
    """
    name = path.suffix.lower().removeprefix(".")
    if name not in FIGURE_FORMATS:
        raise ExportUsageError(
            "{file}: a figure is written as {formats}; end the name with one of these.",
            file=path.name,
            formats=", ".join(name.upper() for name in FIGURE_FORMATS),
        )
    with new_files([path], force=force) as (partial,):
        figure_encoder(stage, name)(partial)


def _painted(stage: FigureStage) -> QImage:
    width, height = stage.figure.pixels
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(stage.figure.scale)
    image.fill(QColor(*stage.theme.plot))
    painter = QPainter(image)
    with wide_lines(stage.figure.scale):
        stage.paint_on(painter)
    painter.end()
    image.setDevicePixelRatio(1.0)
    return image


def _transparent(stage: FigureStage) -> QImage:
    """Return the figure without its background.

    What is painted is C = αF + (1 − α)B on a background B. On two backgrounds B and B + d, the colours differ
    by (1 − α)d; that gives α, and αF = C − (1 − α)B. Fills that are mixed with the background, such as those
    of regions, so become translucent, and edges stay smooth on any ground.
    """
    theme = stage.theme
    shift = -_SHIFT if sum(theme.plot) > _BRIGHT else _SHIFT
    first, second = (
        _pixels(_painted_with(stage, _plain(theme, step))).astype(np.float32) for step in (0, shift)
    )
    stage.set_theme(theme)
    clear = np.clip((second - first)[..., :3].mean(axis=-1, keepdims=True) / shift, 0.0, 1.0)
    ground = np.array(theme.plot[::-1], np.float32)  # the bytes are blue, green, red
    alpha = np.rint(255 * (1 - clear))
    color = np.clip(np.rint(first[..., :3] - clear * ground), 0, alpha)
    pixels = np.ascontiguousarray(np.concatenate([color, alpha], axis=-1).astype(np.uint8))
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()


def _painted_with(stage: FigureStage, theme: Theme) -> QImage:
    stage.set_theme(theme)
    return _painted(stage)


def _plain(theme: Theme, step: int) -> Theme:
    """Return the theme with one background for all, ``step`` brighter."""
    red, green, blue = (value + step for value in theme.plot)
    return replace(theme, plot=(red, green, blue), panel=(red, green, blue), window=(red, green, blue))


def _pixels(image: QImage) -> NDArray[np.uint8]:
    """Return (height, width, 4): blue, green, red, alpha."""
    return np.ndarray((image.height(), image.width(), 4), np.uint8, image.constBits()).copy()
