"""A drawn digit must look to the network as MNIST's digits do, or it lands where none of them would."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from explorer.analysis.raster.digit_pictures import read_digit
from explorer.analysis.raster.digitising import (
    PictureError,
    box_side,
    pen_before,
    pen_width,
    resampled,
    size_normalized,
)
from explorer.core.data.datasets import load_dataset

MNIST = (28, 28)


def ink_of(picture, shape=MNIST):
    return read_digit(picture, shape).ink


def box(image):
    """Return top, left, height and width of what is not black."""
    rows, columns = np.nonzero(image)
    return rows.min(), columns.min(), np.ptp(rows) + 1, np.ptp(columns) + 1


def center(image):
    """Return the centre of mass, row and column counted from 0."""
    rows, columns = np.indices(image.shape)
    return (rows * image).sum() / image.sum(), (columns * image).sum() / image.sum()


def test_images_of_mnist_are_normalized_already():
    """Whoever made MNIST did the same: of its first 300 test images none changes by a single grey level."""
    for image in load_dataset().test.pixels[:300]:
        assert (size_normalized(ink_of(image), MNIST) == image).all()


@pytest.mark.parametrize(("height", "width"), [(200, 100), (60, 90), (5, 5), (3, 40), (400, 390)])
def test_ink_fills_the_box_in_its_proportions_wherever_it_is_drawn(height, width):
    picture = np.zeros((900, 700))
    picture[37 : 37 + height, 201 : 201 + width] = 255
    found = box(size_normalized(picture, MNIST))
    expected = 20 * height / max(height, width), 20 * width / max(height, width)
    assert max(found[2:]) == 20
    assert np.abs(np.array(found[2:]) - expected).max() <= 0.5


@pytest.mark.parametrize("seed", range(20))
def test_the_centre_of_mass_lies_within_half_a_pixel_of_the_middle(seed):
    random = np.random.default_rng(seed)
    picture = np.zeros((280, 280))
    for _ in range(6):
        top, left = random.integers(40, 180, 2)
        picture[top : top + random.integers(8, 60), left : left + random.integers(8, 60)] = 255
    image = size_normalized(picture, MNIST)
    assert np.abs(np.array(center(image)) - 14).max() <= 0.5
    assert max(box(image)[2:]) == 20


def test_ink_far_from_its_middle_is_kept_whole():
    picture = np.zeros((100, 100))
    picture[:, :10] = 255
    picture[0, :] = 255  # a long thin arm: the mass lies far to the left
    image = size_normalized(picture, MNIST)
    assert box(image)[3] == 20
    assert box(image)[1] + 20 <= 28


@pytest.mark.parametrize("shape", [(12, 12), (28, 28), (64, 64), (16, 32)])
def test_other_data_sets_have_a_box_of_the_same_share(shape):
    picture = np.zeros((50, 50))
    picture[10:40, 20:31] = 200
    image = size_normalized(ink_of(picture), shape)
    assert image.shape == shape
    assert max(box(image)[2:]) == round(min(shape) * 5 / 7) == box_side(shape)


def test_dark_ink_on_light_paper_is_the_same_as_light_on_dark():
    digit = load_dataset().test.pixels[3]
    assert (ink_of(255 - digit) == ink_of(digit)).all()


def test_grain_of_the_paper_is_not_ink():
    random = np.random.default_rng(1)
    paper = random.normal(200, 4, (120, 120))
    paper[40:80, 50:60] = 60
    ink = ink_of(paper)
    rows, columns = np.nonzero(ink > 20)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (40, 79, 50, 59)


def test_a_thin_pencil_line_becomes_a_bright_one():
    picture = np.full((500, 500), 255.0)
    picture[50:450, 250:252] = 180
    assert size_normalized(ink_of(picture), MNIST).max() == 255


def test_a_line_that_is_drawn_small_or_large_ends_with_the_width_of_mnist():
    """Area over length, of a straight line; its width is one of whole pixels."""
    for extent in (6.0, 12.0, 26.0):
        pen = pen_before(extent, MNIST)
        picture = np.full((round(10 * (extent + pen)), round(10 * pen)), 255.0)
        image = size_normalized(picture, MNIST)
        assert image.sum() / 255 / 20 == pytest.approx(pen_width(MNIST), abs=0.5)


def test_the_pen_is_as_wide_as_the_lines_of_mnist():
    """Their area over their length, of the digits that are one straight line."""
    dataset = load_dataset().test
    ones = dataset.pixels[dataset.labels == 1].astype(float) / 255
    lengths = [np.hypot(*box(one > 0.5)[2:]) for one in ones]
    assert np.median(ones.sum(axis=(1, 2)) / lengths) == pytest.approx(pen_width(MNIST), abs=0.15)


@pytest.mark.parametrize("old", [8, 20, 28, 333])
@pytest.mark.parametrize("new", [20, 7])
def test_resampling_keeps_the_share_of_ink(old, new):
    ink = np.zeros((old, old))
    middle = old // 4
    ink[middle:-middle, middle:-middle] = 100
    assert resampled(ink, (new, new)).mean() == pytest.approx(ink.mean(), rel=0.03)


def test_resampling_to_the_same_size_changes_nothing():
    ink = np.random.default_rng(0).uniform(0, 255, (28, 28))
    assert np.allclose(resampled(ink, (28, 28)), ink, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40))),
    st.sampled_from([(28, 28), (12, 12), (8, 30)]),
)
def test_any_picture_becomes_an_image_of_the_data_set_or_is_refused_in_a_sentence(picture, shape):
    try:
        image = size_normalized(ink_of(picture), shape)
    except PictureError as error:
        assert str(error).endswith(".")
        assert "The picture is blank" in str(error)
    else:
        assert image.shape == shape
        assert image.dtype == np.uint8
        assert image.max() > 0
        assert max(box(image)[2:]) <= box_side(shape)


@pytest.mark.parametrize("picture", [np.zeros((28, 28)), np.full((1, 1), 255), np.full((9, 700), 31)])
def test_a_picture_of_one_colour_is_refused(picture):
    with pytest.raises(PictureError, match="single colour"):
        ink_of(picture)
