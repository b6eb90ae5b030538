"""Whatever is dropped on the pad is read as a person sees it, or refused in a sentence that says why."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from explorer.analysis.raster.digit_pictures import read_digit
from explorer.analysis.raster.digitising import PictureError, size_normalized
from explorer.core.data.datasets import load_dataset
from explorer.gui.views.draw.picture_reader import grey_of, picture_formats, picture_in, read_picture

pytestmark = pytest.mark.usefixtures("qapp")


def seven(size=(90, 120), mode="L", ground=255, ink=0):
    picture = Image.new(mode, size, ground)
    width, height = size
    corners = [(0.2 * width, 0.2 * height), (0.8 * width, 0.2 * height), (0.4 * width, 0.9 * height)]
    ImageDraw.Draw(picture).line(corners, fill=ink, width=max(1, width // 10))
    return picture


def digitized(path):
    return size_normalized(read_digit(read_picture(path), (28, 28)).ink, (28, 28))


@pytest.mark.parametrize("ending", ["png", "jpg", "bmp", "gif", "ppm"])
def test_the_usual_formats_give_the_same_digit(tmp_path, ending):
    path, plain = tmp_path / f"seven.{ending}", tmp_path / "plain.png"
    seven().convert("RGB").save(path)
    seven().save(plain)
    difference = digitized(path).astype(int) - digitized(plain)
    assert np.abs(difference).mean() < 3


def test_a_file_of_an_image_of_mnist_gives_that_image(tmp_path):
    digit = load_dataset().test.pixels[11]
    for number, pixels in enumerate((digit, 255 - digit)):
        path = tmp_path / f"{number}.png"
        Image.fromarray(pixels).save(path)
        assert (digitized(path) == digit).all()


@pytest.mark.parametrize("ink", [(0, 0, 0, 255), (255, 255, 255, 255), (250, 200, 40, 255)])
def test_on_transparent_ground_any_ink_is_seen(tmp_path, ink):
    path, plain = tmp_path / "seven.png", tmp_path / "plain.png"
    seven(mode="RGBA", ground=(0, 0, 0, 0), ink=ink).save(path)
    seven().save(plain)
    assert np.abs(digitized(path).astype(int) - digitized(plain)).max() <= 2


def test_sixteen_bits_are_read_as_eight(tmp_path):
    path, plain = tmp_path / "deep.png", tmp_path / "plain.png"
    Image.fromarray(np.array(seven()).astype(np.uint16) * 257).save(path)
    seven().save(plain)
    assert np.abs(digitized(path).astype(int) - digitized(plain)).max() <= 1


def test_a_photograph_is_read_at_a_size_that_is_quickly_looked_at(tmp_path):
    path = tmp_path / "photo.jpg"
    seven((3000, 4000)).save(path)
    assert read_picture(path).shape == (1000, 750)
    small = tmp_path / "small.png"
    seven((3000, 4000)).resize((300, 400)).save(small)
    # The centre of mass is moved by whole pixels, here by almost a half more or less.
    shifted = [np.roll(digitized(path), rows, axis=0).astype(int) for rows in (-1, 0, 1)]
    assert min(np.abs(image - digitized(small)).mean() for image in shifted) < 3


def test_a_photograph_is_turned_as_its_camera_says(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: a quarter turn clockwise
    path, upright = tmp_path / "turned.jpg", tmp_path / "upright.jpg"
    seven().rotate(90, expand=True).save(path, exif=exif, quality=95)
    seven().save(upright, quality=95)
    assert np.abs(digitized(path).astype(int) - digitized(upright)).mean() < 3


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "not a picture"), (b"seven", "not a picture"), (b"\x89PNG\r\n\x1a\n" + bytes(30), "seven.png")],
)
def test_what_is_no_picture_is_refused(tmp_path, content, words):
    path = tmp_path / "seven.png"
    path.write_bytes(content)
    with pytest.raises(PictureError, match=words) as error:
        read_picture(path)
    assert str(error.value).endswith(".")


def test_a_file_that_is_gone_a_folder_and_a_huge_picture_are_refused(tmp_path):
    with pytest.raises(PictureError, match="File not found: gone"):
        read_picture(tmp_path / "gone.png")
    with pytest.raises(PictureError, match="File not found"):
        read_picture(tmp_path)
    Image.new("1", (10_000, 6_000)).save(tmp_path / "huge.png")
    with pytest.raises(PictureError, match=r"too large: 10,000×6,000 pixels, and the limit is 50 megapixels"):
        read_picture(tmp_path / "huge.png")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_picture_is_read_or_refused_in_a_sentence(tmp_path, data):
    mode, channels = data.draw(st.sampled_from([("L", ()), ("LA", (2,)), ("RGB", (3,)), ("RGBA", (4,))]))
    size = data.draw(st.sampled_from([(1, 1), (1, 2000), (1500, 3), (17, 40)]))
    random = np.random.default_rng(data.draw(st.integers(0, 99)))
    values = random.integers(0, data.draw(st.sampled_from([1, 2, 256])), (*size, *channels), dtype=np.uint8)
    path = tmp_path / "any.png"
    Image.fromarray(values, mode if channels else None).save(path)
    try:
        image = digitized(path)
    except PictureError as error:
        assert str(error).endswith(".")
    else:
        assert image.shape == (28, 28)
        assert image.any()


def test_a_dropped_image_a_dropped_file_and_what_is_neither(tmp_path):
    path = tmp_path / "seven.png"
    seven().save(path)
    image, file, web, text = QMimeData(), QMimeData(), QMimeData(), QMimeData()
    image.setImageData(QImage(str(path)))
    file.setUrls([QUrl.fromLocalFile(str(path))])
    web.setUrls([QUrl("https://example.org/7.png")])
    text.setText("7")
    assert (read_picture(picture_in(image)) == read_picture(picture_in(file))).all()
    for mime, words in ((web, "on this computer"), (text, "No picture"), (QMimeData(), "No picture")):
        with pytest.raises(PictureError, match=words):
            picture_in(mime)


def test_an_image_from_a_browser_is_taken_though_its_address_is_not_on_this_computer(tmp_path):
    path = tmp_path / "seven.png"
    seven().save(path)
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/7.png")])
    mime.setImageData(QImage(str(path)))
    assert (read_picture(picture_in(mime)) == read_picture(path)).all()


def test_a_large_image_of_the_clipboard_is_looked_at_small():
    image = QImage(2000, 1, QImage.Format.Format_RGB32)
    image.fill(0xFF102030)
    assert grey_of(image).shape == (1, 1000)


def test_the_dialog_offers_the_formats_that_can_be_read():
    assert {"*.png", "*.jpg", "*.bmp"} <= set(picture_formats())
