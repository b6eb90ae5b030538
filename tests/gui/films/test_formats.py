"""Films as other programs read them: their frames, durations, size, pixels and settings."""

from __future__ import annotations

import errno
import io
import xml.etree.ElementTree as ElementTree

import av
import numpy as np
import pytest
from PIL import Image

from explorer.gui.films.film import FILM_FORMATS, Shot
from explorer.gui.films.formats import FilmContent, write_film

SHOTS = (Shot(0, 1), Shot(10, 3), Shot(20, 1), Shot(30, 2))
FPS = 30
SETTINGS = '# loss-explorer 1.0, step 30\n[loss]\nname = "a<b>&ä"\n' + 300 * "# long\n"


def picture(number: int, width: int = 121, height: int = 83) -> np.ndarray:
    """Return a white picture with a disc that has another colour and place each time, with smooth edges."""
    across, down = np.meshgrid(np.arange(width), np.arange(height))
    distance = np.hypot(across - 20 - 20 * number, down - 40)
    shade = np.clip(distance - 12, 0, 1)[..., None]
    disc = np.array([(200, 30, 60), (30, 90, 200), (20, 130, 70), (230, 140, 10)][number])
    pixels = np.rint(shade * 250 + (1 - shade) * disc).astype(np.uint8)
    pixels[:3] = (10, 20, 30)
    return pixels


PICTURES = [picture(number) for number in range(len(SHOTS))]


def written(name: str, *, loop: bool = True, pictures=PICTURES) -> io.BytesIO:
    file = io.BytesIO()
    write_film(file, name, iter(pictures), FilmContent(SHOTS, FPS, loop, SETTINGS, pictures))
    file.seek(0)
    return file


def frames(file: io.BytesIO) -> tuple[list[np.ndarray], list[int]]:
    """Return the pictures of a GIF or WebP, and how many milliseconds each is shown."""
    pictures, durations = [], []
    with Image.open(file) as image:
        for number in range(image.n_frames):
            image.seek(number)
            pictures.append(np.asarray(image.convert("RGB")))
            durations.append(image.info["duration"])
    return pictures, durations


def test_webp_has_every_pixel_and_every_duration():
    pictures, durations = frames(written("webp"))
    np.testing.assert_array_equal(pictures, PICTURES)
    assert durations == [33, 100, 34, 66]


def test_gif_has_nearly_the_same_pixels_and_durations_that_players_keep():
    pictures, durations = frames(written("gif"))
    assert durations == [30, 100, 40, 60]
    assert np.abs(np.subtract(pictures, PICTURES, dtype=float)).max() <= 8
    still = np.ptp(pictures, axis=0).max(axis=-1)[:3]
    assert still.max() == 0, "what does not move does not flicker"


def test_gif_of_equal_pictures_shows_the_first_for_the_time_of_all():
    pictures, durations = frames(written("gif", pictures=[PICTURES[0]] * 3 + [PICTURES[1]]))
    assert durations == [170, 60]
    assert len(pictures) == 2


def test_gif_goes_on_with_a_picture_that_is_shown_for_longer_than_it_can_say():
    file = io.BytesIO()
    shots = (Shot(0, 1), Shot(10, 3_000), Shot(20, 1))
    write_film(file, "gif", iter(PICTURES[:3]), FilmContent(shots, 2, False, SETTINGS, PICTURES))
    pictures, durations = frames(file)
    assert durations == [500, 655_350, 655_350, 189_300, 500]
    assert np.abs(np.subtract(pictures, [PICTURES[n] for n in (0, 1, 1, 1, 2)], dtype=float)).max() <= 8


def test_gif_writes_only_what_has_changed():
    one = len(written("gif", pictures=[PICTURES[0]] * 4).getvalue())
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, PICTURES[0].shape, dtype=np.uint8)
    dotted = [noise.copy() for _ in SHOTS]
    for number, dots in enumerate(dotted):
        dots[40, 40 + number] = 255
    noisy = len(written("gif", pictures=[noise] * 4).getvalue())
    assert len(written("gif", pictures=dotted).getvalue()) < noisy + one / 2


def test_mp4_plays_at_its_rate_with_nearly_the_same_pixels():
    with av.open(written("mp4")) as film:
        stream = film.streams.video[0]
        assert (stream.codec_context.name, stream.average_rate) == ("h264", FPS)
        assert stream.codec_context.pix_fmt == "yuv420p", "which every player has"
        decoded = [
            frame.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray()
            for frame in film.decode(stream)
        ]
    expected = [picture for picture, shot in zip(PICTURES, SHOTS, strict=True) for _ in range(shot.ticks)]
    assert len(decoded) == len(expected)
    height, width = PICTURES[0].shape[:2]
    assert decoded[0].shape == (height + 1, width + 1, 3), "an even number of pixels"
    for found, wanted in zip(decoded, expected, strict=True):
        apart = np.abs(np.subtract(found[:height, :width], wanted, dtype=float)).max(axis=2)
        assert np.median(apart) <= 3
        assert (apart > 40).mean() < 0.02, "only at edges, whose colour has half the resolution"


@pytest.mark.parametrize("loop", [True, False])
def test_it_begins_again_only_where_that_is_chosen(loop):
    with Image.open(written("gif", loop=loop)) as image:
        assert image.info.get("loop") == (0 if loop else None)
    with Image.open(written("webp", loop=loop)) as image:
        assert image.info["loop"] == (0 if loop else 1)


def test_other_programs_find_the_settings():
    with Image.open(written("gif")) as image:
        assert image.info["comment"].decode() == SETTINGS
    with Image.open(written("webp")) as image:
        packet = ElementTree.fromstring(image.info["xmp"])
    assert [part.text for part in packet.iter("{urn:loss-explorer}settings")] == [SETTINGS]
    with av.open(written("mp4")) as film:
        assert film.metadata["comment"] == SETTINGS


@pytest.mark.parametrize("name", FILM_FORMATS)
def test_pictures_are_fetched_one_after_the_other(name):
    fetched, apart = [], []

    class File(io.BytesIO):
        def write(self, data):
            apart.append(len(fetched))
            return super().write(data)

    def pictures():
        for number, one in enumerate(PICTURES):
            fetched.append(number)
            yield one

    write_film(File(), name, pictures(), FilmContent(SHOTS, FPS, True, "", PICTURES[:1]))
    assert fetched == list(range(len(PICTURES)))
    if name == "gif":
        assert min(apart) == 1, "it is written from the first picture on"


@pytest.mark.parametrize("name", FILM_FORMATS)
def test_a_full_disk_is_told_as_such(name):
    class Full(io.BytesIO):
        def write(self, _data):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left") as caught:
        write_film(Full(), name, iter(PICTURES), FilmContent(SHOTS, FPS, True, SETTINGS, PICTURES))
    assert caught.value.errno == errno.ENOSPC
