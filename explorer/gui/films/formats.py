"""The formats of films: written from pictures that come one at a time, with the settings of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain
from types import MappingProxyType
from typing import BinaryIO
from xml.sax.saxutils import escape

import numpy as np
from msgspec import Struct
from PIL import Image

from explorer.gui.films.film import Shot, durations_of
from explorer.gui.films.gif import GRID_MS, Pixels, palette_of, write_gif

_NAMESPACE = "urn:loss-explorer"
_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:run="{namespace}"><run:settings>{settings}</run:settings>'
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'  # not shown
)
"""An XMP packet (ISO 16684-1) with the settings."""
_WEBP_METHOD, _WEBP_EFFORT = 1, 20
_CRF = "14"
"""Constant rate factor of H.264: points and thin lines keep their edges."""
_BT709 = 1
"""Number of ITU-R BT.709 for primaries, transfer and matrix (ITU-T H.273)."""


class FilmContent(Struct, frozen=True, eq=False):
    """What is written beside the pictures.

    Attributes
    ----------
    shots : sequence of Shot
        For how long each picture is shown.
    fps : int
        Frames a second.
    loop : bool
        Whether a GIF or WebP begins again at its end.
    settings : str
        The settings of the run.
    samples : sequence of array
        Some of the pictures (height, width, 3), for the palette of a GIF.
    """

    shots: Sequence[Shot]
    fps: int
    loop: bool
    settings: str
    samples: Sequence[Pixels] = ()


def write_film(file: BinaryIO, name: str, pictures: Iterable[Pixels], content: FilmContent) -> None:
    """Write a film in one of `FILM_FORMATS` to an open file; at most two pictures are held at a time.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    _WRITERS[name](file, pictures, content)


def _write_gif(file: BinaryIO, pictures: Iterable[Pixels], content: FilmContent) -> None:
    durations = durations_of(content.shots, content.fps, GRID_MS)
    palette = palette_of(content.samples)
    write_gif(file, pictures, palette, durations, content.settings, loop=content.loop)


def _write_webp(file: BinaryIO, pictures: Iterable[Pixels], content: FilmContent) -> None:
    """Write it losslessly: points are many sharp edges, of which the other way makes a larger file."""
    packet = _PACKET.format(namespace=_NAMESPACE, settings=escape(content.settings))
    images = _Sequence(iter(pictures), len(content.shots))
    images.save(
        file,
        format="WEBP",
        save_all=True,
        duration=durations_of(content.shots, content.fps),
        loop=0 if content.loop else 1,
        lossless=True,
        method=_WEBP_METHOD,
        quality=_WEBP_EFFORT,
        xmp=packet.encode(),
    )


class _Sequence(Image.Image):
    """An image of several frames, each of which is fetched when Pillow goes to it."""

    def __init__(self, pictures: Iterator[Pixels], count: int) -> None:
        super().__init__()
        self.n_frames = count
        self._pictures = pictures
        self._at = -1
        self.seek(0)

    def seek(self, frame: int) -> None:
        """Show the next frame; Pillow goes through all, and at last back to the first, which it leaves."""
        if frame == self._at + 1:
            image = Image.fromarray(next(self._pictures))
            self.im, self._size, self._mode = image.im, image.size, image.mode
            self._at = frame

    def tell(self) -> int:
        """Return where Pillow should go back to."""
        return 0


def _write_mp4(file: BinaryIO, pictures: Iterable[Pixels], content: FilmContent) -> None:
    """Write it as H.264 in 4:2:0, which every player has; sides of odd length get one more pixel."""
    import av  # an extra

    even = (_even(picture) for picture in pictures)
    first = next(even)
    try:
        with av.open(file, "w", format="mp4") as container:
            container.metadata["comment"] = content.settings
            stream = container.add_stream("libx264", rate=content.fps, options={"crf": _CRF})
            stream.height, stream.width = first.shape[:2]
            stream.pix_fmt = "yuv420p"
            context = stream.codec_context
            context.time_base = Fraction(1, content.fps)
            context.color_primaries = context.color_trc = context.colorspace = _BT709
            number = 0
            for picture, shot in zip(chain([first], even), content.shots, strict=True):
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709")
                for _tick in range(shot.ticks):
                    frame.pts = number
                    container.mux(stream.encode(frame))
                    number += 1
            container.mux(stream.encode())
    except av.FFmpegError as error:
        reason = error.__context__  # what writing to the file has raised
        raise reason if isinstance(reason, OSError) else OSError(str(error)) from error


def _even(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    return np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")


_WRITERS: Mapping[str, Callable[[BinaryIO, Iterable[Pixels], FilmContent], None]] = MappingProxyType(
    {"gif": _write_gif, "webp": _write_webp, "mp4": _write_mp4}
)
