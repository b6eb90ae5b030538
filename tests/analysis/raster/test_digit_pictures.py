"""Pictures of digits as people take and draw them give the digit that a person sees in them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageDraw

from explorer.analysis.raster.digit_pictures import read_digit
from explorer.analysis.raster.digitising import PictureError, pen_width, resampled, size_normalized
from explorer.core.data.datasets import load_dataset

MNIST = (28, 28)
SIDE = 200
DIGITS = load_dataset().test.pixels[:12]


def image_in(picture, shape=MNIST):
    return size_normalized(read_digit(picture, shape).ink, shape)


def photographed(digit, ink=0.0, paper=255.0):
    """Return a picture of a digit (200, 200), dark on light paper."""
    return paper + (ink - paper) * np.clip(resampled(digit.astype(float), (SIDE, SIDE)), 0, 255) / 255


def cut(digit):
    rows, columns = np.nonzero(digit)
    return digit[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def likeness(one, other):
    """Return the cosine between two images, as it is for the best shift by at most one pixel."""
    one, other = one.astype(float), other.astype(float)
    lengths = np.linalg.norm(one) * np.linalg.norm(other)
    shifts = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return max((np.roll(one, shift, axis=(0, 1)) * other).sum() for shift in shifts) / lengths


def from_corner(picture):
    return np.hypot(*np.indices(picture.shape))


def with_blot(picture):
    """Darken a corner sharply, as a shadow or a finger does."""
    return np.where(from_corner(picture) < 70, 0.47 * picture, picture)


def with_shadow(picture):
    """Darken the picture slowly towards a corner, to half."""
    return picture * (1 - 0.5 * np.clip(1 - from_corner(picture) / 150, 0, 1))


def with_frame(picture, width=3):
    framed = np.full((SIDE + 24, SIDE + 24), 255.0)
    framed[12:-12, 12:-12] = picture
    for edge in (framed[:width], framed[-width:], framed[:, :width], framed[:, -width:]):
        edge[...] = 0
    return framed


def with_marks(picture):
    """Add a speck, and a stroke below the digit."""
    marked = picture.copy()
    marked[5:9, 150:158] = 0
    marked[192:196, 90:120] = 60
    return marked


@pytest.fixture(scope="module")
def plain():
    """Return what the pictures give that nothing is wrong with."""
    return [image_in(photographed(digit)) for digit in DIGITS]


@pytest.mark.parametrize(
    ("spoil", "part"),
    [
        (lambda picture: picture, None),
        (with_blot, "shade"),
        (with_shadow, "shade"),
        (with_frame, "frame"),
        (lambda picture: with_frame(picture, 8), "frame"),
        (with_marks, "marks"),
        (lambda picture: 255 - cut(255 - picture), None),
        (lambda picture: with_shadow(with_frame(picture)), "frame"),
    ],
    ids=["plain", "blot", "shadow", "frame", "wide frame", "marks", "cut", "frame and shadow"],
)
def test_what_is_not_the_digit_is_left_out_and_said(spoil, part, plain):
    readings = [read_digit(spoil(photographed(digit)), MNIST) for digit in DIGITS]
    if part is None:
        assert sum(bool(reading.left_out) for reading in readings) <= 1
    else:
        assert sum(part in reading.left_out for reading in readings) >= len(DIGITS) - 1
    found = [
        likeness(size_normalized(reading.ink, MNIST), image)
        for reading, image in zip(readings, plain, strict=True)
    ]
    assert np.median(found) > 0.95
    assert sum(value < 0.8 for value in found) <= 1


def test_light_ink_on_a_dark_frame_is_found_as_well():
    digit = DIGITS[0]
    assert likeness(image_in(255 - with_frame(photographed(digit))), image_in(photographed(digit))) > 0.98


def test_a_digit_that_fills_its_picture_is_taken():
    """The mildest seven: three by five pixels, of which most are ink."""
    seven = np.array([[0, 0, 0], [255, 255, 0], [0, 255, 0], [0, 255, 0], [0, 255, 0]])
    image = image_in(seven)
    assert image.any()
    assert (image_in(255 - seven) == image).all()


def test_digits_of_mnist_that_are_cut_to_their_box_are_read_to_the_last_grey():
    digits = load_dataset().test.pixels[:1000]
    for picture in (cut, lambda digit: 255 - cut(digit)):
        same = [(image_in(picture(digit)) == digit).all() for digit in digits]
        assert np.mean(same) >= 0.99


def thin_picture(lines, width=2):
    picture = Image.new("L", (SIDE, SIDE), 255)
    for line in lines:
        ImageDraw.Draw(picture).line(line, fill=0, width=width)
    return np.asarray(picture).astype(float)


@pytest.mark.parametrize("spoil", [lambda picture: picture, with_frame, with_blot])
def test_the_lines_of_a_thin_pen_get_the_width_of_mnist(spoil):
    one = thin_picture([[(100, 30), (100, 170)]])
    image = image_in(spoil(one))
    length = np.ptp(np.nonzero(image)[0]) + 1
    assert image.sum() / 255 / length == pytest.approx(pen_width(MNIST), abs=0.6)


def test_a_digit_in_two_strokes_keeps_both_and_a_speck_far_away_goes():
    five = [[(70, 40), (60, 90), (110, 95), (120, 140), (70, 160)], [(85, 38), (130, 36)]]
    picture = thin_picture(five, width=8)
    whole = read_digit(picture, MNIST)
    assert not whole.left_out
    speck = picture.copy()
    speck[180:186, 180:186] = 0
    reading = read_digit(speck, MNIST)
    assert reading.left_out == ("marks",)
    assert (size_normalized(reading.ink, MNIST) == size_normalized(whole.ink, MNIST)).all()


def test_grain_and_shadow_together_leave_the_digit():
    random = np.random.default_rng(0)
    for digit in DIGITS[:6]:
        noisy = with_shadow(photographed(digit, ink=60, paper=200)) + random.normal(0, 5, (SIDE, SIDE))
        assert likeness(image_in(np.clip(noisy, 0, 255)), image_in(photographed(digit))) > 0.85


@settings(max_examples=60, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60))))
def test_any_picture_is_read_or_refused(picture):
    try:
        reading = read_digit(picture, MNIST)
    except PictureError as error:
        assert "The picture is blank" in str(error)
    else:
        assert np.isfinite(reading.ink).all()
        assert 0 < reading.ink.max() <= 255.0001
        assert size_normalized(reading.ink, MNIST).any()


@pytest.mark.parametrize("kind", ["noise", "stripes", "half", "checks", "frame alone", "two frames"])
@pytest.mark.parametrize("size", [(40, 40), (120, 90), (300, 700)])
def test_a_picture_without_a_digit_does_no_harm(kind, size):
    random = np.random.default_rng(1)
    picture = np.full(size, 255.0)
    if kind == "noise":
        picture = random.uniform(0, 255, size)
    elif kind == "stripes":
        picture[::9] = 0
    elif kind == "half":
        picture[:, : size[1] // 2] = 0
    elif kind == "checks":
        picture[np.add.outer(np.arange(size[0]) // 8, np.arange(size[1]) // 8) % 2 == 0] = 0
    else:
        picture[2:-2, 2:-2][[0, -1]] = 0
        picture[2:-2, 2:-2][:, [0, -1]] = 0
        if kind == "two frames":
            picture[[0, -1]] = picture[:, [0, -1]] = 0
    try:
        assert size_normalized(read_digit(picture, MNIST).ink, MNIST).shape == MNIST
    except PictureError as error:
        assert str(error).endswith(".")
