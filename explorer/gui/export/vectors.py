"""Vector pictures: anything that is painted, as SVG or PDF with the settings of its run inside."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRect, QSize, QSizeF
from PySide6.QtGui import (
    QFont,
    QFontInfo,
    QGuiApplication,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
    QPicture,
)
from PySide6.QtSvg import QSvgGenerator

from explorer.gui.export.images import Encoder
from explorer.gui.figures.figure import MM_PER_INCH, MOST_VECTOR_POINTS, SCREEN_DPI
from explorer.gui.plots.cached_layer import vector_detail, wide_lines
from explorer.gui.reproduction.settings_text import SETTINGS_KEY

SETTINGS_FILE = "settings.toml"
"""Name of the attachment with the settings in a PDF."""
_TABULAR = "font-feature-settings:'tnum'"
"""All figures as wide as each other, as on screen."""


class Drawing(Struct, frozen=True, kw_only=True, eq=False):
    """Something that can be painted at any size.

    Attributes
    ----------
    paint : callable
        Paints it at the origin, in logical pixels.
    width, height : int
        Size in logical pixels.
    dpi : float
        Logical pixels per inch at the final size.
    scale : float
        Pixels of the images in it per logical pixel.
    most_discs : int
        Points of a view up to which they are vectors, and not an image.
    title : str
        What it shows, as one line.
    settings : str
        The settings of its run as a text; empty for none.
    """

    paint: Callable[[QPainter], None]
    width: int
    height: int
    dpi: float = SCREEN_DPI
    scale: float = 2.0
    most_discs: int = MOST_VECTOR_POINTS
    title: str = ""
    settings: str = ""

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height at the final size, in millimetres."""
        return self.width / self.dpi * MM_PER_INCH, self.height / self.dpi * MM_PER_INCH


def vector_encoder(drawing: Drawing, name: str) -> Encoder:
    """Paint a drawing as one of `VECTOR_FORMATS`, in the thread of the window, and return what writes it."""
    return _ENCODERS[name](drawing)


def _svg_encoder(drawing: Drawing) -> Encoder:
    buffer = _open_buffer()
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # the other version drops what clips
    generator.setOutputDevice(buffer)
    generator.setResolution(SCREEN_DPI)
    generator.setSize(QSize(drawing.width, drawing.height))
    generator.setViewBox(QRect(0, 0, drawing.width, drawing.height))
    generator.setTitle(drawing.title)
    generator.setDescription(QGuiApplication.applicationDisplayName())
    picture = QPicture()  # and played then: painted at once, each part would be clipped at the wrong place
    _paint(drawing, picture)
    painter = QPainter(generator)
    painter.drawPicture(0, 0, picture)
    painter.end()
    return partial(_write_svg, _finished_svg(_content_of(buffer).decode(), drawing))


def _write_svg(content: str, path: Path) -> None:
    path.write_text(content, encoding="utf-8")


def _finished_svg(content: str, drawing: Drawing) -> str:
    """Return Qt's SVG with its size on paper, the settings, lines that grow with it, and known fonts.

    Other programs know neither the "Sans Serif" of this system nor that a line of one pixel is as wide at
    every size.
    """
    wide, high = drawing.size_mm
    head = f'width="{wide:.3f}mm" height="{high:.3f}mm"'
    content = re.sub(r'width="[^"]*" height="[^"]*"', head, content, count=1)
    content = content.replace(' vector-effect="non-scaling-stroke"', "")
    content = re.sub(r'font-family="([^"]*)"', _with_known_family, content)
    if not drawing.settings:
        return content
    metadata = f"<metadata\nid={quoteattr(SETTINGS_KEY)}>{escape(drawing.settings)}</metadata>\n<defs>"
    return content.replace("<defs>", metadata, 1)


def _with_known_family(found: re.Match[str]) -> str:
    return f'font-family="{_known_family(found[1])}" style="{_TABULAR}"'


@cache
def _known_family(name: str) -> str:
    """Return the family that this system takes for a name, and what to take where there is none."""
    return f"'{QFontInfo(QFont(name)).family()}', sans-serif"


def _pdf_encoder(drawing: Drawing) -> Encoder:
    buffer = _open_buffer()
    writer = QPdfWriter(buffer)
    writer.setTitle(drawing.title)
    writer.setCreator(QGuiApplication.applicationDisplayName())
    writer.setResolution(round(drawing.dpi))
    writer.setPageSize(QPageSize(QSizeF(*drawing.size_mm), QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF())
    if drawing.settings:
        writer.addFileAttachment(SETTINGS_FILE, QByteArray(drawing.settings.encode()), "application/toml")
    _paint(drawing, writer, writer.resolution() / drawing.dpi)
    return partial(_write_bytes, _content_of(buffer))


def _write_bytes(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _open_buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _content_of(buffer: QBuffer) -> bytes:
    return bytes(buffer.data().data())


def _paint(drawing: Drawing, device: QPaintDevice, scale: float = 1.0) -> None:
    """Paint it as a vector picture, in its own detail, ``scale`` pixels of the device for a logical one."""
    painter = QPainter(device)
    painter.scale(scale, scale)
    with wide_lines(1.0), vector_detail(drawing.scale, drawing.most_discs):
        drawing.paint(painter)
    painter.end()


_ENCODERS: Mapping[str, Callable[[Drawing], Encoder]] = MappingProxyType(
    {"svg": _svg_encoder, "pdf": _pdf_encoder}
)
VECTOR_FORMATS = tuple(_ENCODERS)
