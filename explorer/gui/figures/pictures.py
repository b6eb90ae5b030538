"""A painted figure as PNG, SVG or PDF, with the settings of its run inside."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRect, QSize, QSizeF
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QGuiApplication,
    QImage,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
    QPicture,
)
from PySide6.QtSvg import QSvgGenerator

from explorer.export.files import ExportUsageError, disk_full, new_files
from explorer.gui.export.images import MOST_PIXELS, too_many_pixels
from explorer.gui.figures.figure import FIGURE_FORMATS, MM_PER_INCH, SCREEN_DPI
from explorer.gui.figures.stage import FigureStage
from explorer.gui.plots.cached_layer import vector_detail, wide_lines
from explorer.gui.reproduction.settings_text import SETTINGS_KEY
from explorer.gui.theme.theme import Theme

SETTINGS_FILE = "settings.toml"
"""Name of the attachment with the settings in a PDF."""
_TABULAR = "font-feature-settings:'tnum'"
"""All figures as wide as each other, as on screen."""
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


def write_figure(stage: FigureStage, path: Path, *, force: bool) -> None:
    """Write the figure in the format that the end of the name says, whole or not at all.

    Raises
    ------
    ExportError
        Where the format is not one of `FIGURE_FORMATS`, or the file cannot be written: nothing is changed.
    """
    write = _WRITERS.get(path.suffix.lower().removeprefix("."))
    if write is None:
        raise ExportUsageError(
            "{file}: a figure is written as {formats}; end the name with one of these.",
            file=path.name,
            formats=", ".join(name.upper() for name in FIGURE_FORMATS),
        )
    with new_files([path], force=force) as (partial,):
        write(stage, partial)


def _write_png(stage: FigureStage, path: Path) -> None:
    image = image_of(stage)
    image.setText(SETTINGS_KEY, stage.settings)
    if not image.save(str(path)):
        raise disk_full()


def _write_svg(stage: FigureStage, path: Path) -> None:
    figure, buffer = stage.figure, QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # the other version drops what clips
    generator.setOutputDevice(buffer)
    generator.setResolution(SCREEN_DPI)
    generator.setSize(QSize(figure.width, figure.height))
    generator.setViewBox(QRect(0, 0, figure.width, figure.height))
    generator.setTitle(stage.title)
    generator.setDescription(QGuiApplication.applicationDisplayName())
    picture = QPicture()  # and played then: painted at once, each part would be clipped at the wrong place
    _paint(stage, picture)
    painter = QPainter()
    _begin(painter, generator)
    painter.drawPicture(0, 0, picture)
    painter.end()
    path.write_text(_finished_svg(bytes(buffer.data().data()).decode(), stage), encoding="utf-8")


def _finished_svg(content: str, stage: FigureStage) -> str:
    """Return Qt's SVG with its size on paper, the settings, lines that grow with it, and known fonts.

    Other programs know neither the "Sans Serif" of this system nor that a line of one pixel is as wide at
    every size.
    """
    wide, high = stage.figure.size_mm
    head = f'width="{wide:.3f}mm" height="{high:.3f}mm"'
    content = re.sub(r'width="[^"]*" height="[^"]*"', head, content, count=1)
    content = content.replace(' vector-effect="non-scaling-stroke"', "")
    content = re.sub(r'font-family="([^"]*)"', _with_known_family, content)
    metadata = f"<metadata\nid={quoteattr(SETTINGS_KEY)}>{escape(stage.settings)}</metadata>\n<defs>"
    return content.replace("<defs>", metadata, 1)


def _with_known_family(found: re.Match[str]) -> str:
    return f'font-family="{_known_family(found[1])}" style="{_TABULAR}"'


@cache
def _known_family(name: str) -> str:
    """Return the family that this system takes for a name, and what to take where there is none."""
    return f"'{QFontInfo(QFont(name)).family()}', sans-serif"


def _write_pdf(stage: FigureStage, path: Path) -> None:
    figure = stage.figure
    writer = QPdfWriter(str(path))
    writer.setTitle(stage.title)
    writer.setCreator(QGuiApplication.applicationDisplayName())
    writer.setResolution(figure.dpi)
    writer.setPageSize(QPageSize(QSizeF(*figure.size_mm), QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF())
    writer.addFileAttachment(SETTINGS_FILE, QByteArray(stage.settings.encode()), "application/toml")
    _paint(stage, writer)
    if not path.is_file() or not path.stat().st_size:
        raise disk_full()


def _paint(stage: FigureStage, device: QPaintDevice) -> None:
    """Paint the figure as a vector picture, in its own detail."""
    painter = QPainter()
    _begin(painter, device)
    with vector_detail(stage.figure.scale, stage.figure.most_discs):
        stage.paint_on(painter)
    painter.end()


def _begin(painter: QPainter, device: QPaintDevice) -> None:
    if not painter.begin(device):
        raise disk_full()


def _painted(stage: FigureStage) -> QImage:
    width, height = stage.figure.pixels
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(stage.figure.scale)
    image.fill(QColor(*stage.theme.plot))
    painter = QPainter(image)
    with wide_lines(stage.figure.scale):
        stage.renew_axes()
        stage.paint_on(painter)
    painter.end()
    stage.renew_axes()
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


_WRITERS: Mapping[str, Callable[[FigureStage, Path], None]] = MappingProxyType(
    dict(zip(FIGURE_FORMATS, (_write_png, _write_svg, _write_pdf), strict=True))
)
