"""Draw a digit: what a person does on the pad reaches the network as an image, and the answer is shown."""

from __future__ import annotations

import gc
import math
import weakref

import numpy as np
import pytest
from analysis.snapshots import make_snapshot, mnist_probe
from gui.views.samples.test_view import snapshot_of
from msgspec.structs import replace
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from explorer.analysis.frames.history import History
from explorer.analysis.raster.digitising import pen_width
from explorer.analysis.statistics.drawn_digit import DrawnDigit, digit_facts, nearest_images
from explorer.core.data.datasets import load_dataset
from explorer.core.protocol.messages import TRAIN
from explorer.core.settings.config import DataConfig
from explorer.gui.focus import go_to
from explorer.gui.messages import questions
from explorer.gui.theme.theme import DARK, LIGHT
from explorer.gui.views.draw import drawing as drawing_module
from explorer.gui.views.draw.angle_bars import AngleBars
from explorer.gui.views.draw.drawing import Drawing, DrawingInk, line_path, network_image
from explorer.gui.views.draw.view import DrawView


@pytest.fixture
def view(qtbot, tiny_data):
    """A view of a run on images of 12×12 pixels."""
    result = DrawView(LIGHT)
    qtbot.addWidget(result)
    result.resize(360, 380)
    result.images_drawn = []
    result.embeddingRequested.connect(result.images_drawn.append)
    snapshot = snapshot_of(tiny_data)
    result.state.set_probe(snapshot.probe)
    result.set_snapshot(snapshot, History())
    with qtbot.waitSignal(result.images.imagesChanged):
        result.show()
    return result


class ResizeCounter(QObject):
    """Counts how often a widget is given another size."""

    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched, event):
        self.count += event.type() == QEvent.Type.Resize
        return False


def draw(qtbot, pad, *places):
    """Draw a line through places on the canvas, as shares of its width and height."""
    canvas = pad.canvas()
    points = [QPoint(round(canvas.left() + x * canvas.width()), round(canvas.top() + y * canvas.height()))
              for x, y in places]  # fmt: skip
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=points[0])
    for point in points[1:]:
        qtbot.mouseMove(pad, point)
    qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=points[-1])


def drop(pad, mime):
    kept = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(20, 20), Qt.DropAction.CopyAction, mime, *kept)
    QApplication.sendEvent(pad, enter)
    if enter.isAccepted():
        QApplication.sendEvent(pad, QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, mime, *kept))


def file_of(path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    return mime


def digit_at(snapshot, *point):
    return DrawnDigit(np.array([point], dtype=np.float32), snapshot.step, snapshot)


def test_a_line_becomes_an_image_of_the_data_sets_size_in_its_place_and_width(view, qtbot):
    draw(qtbot, view.pad, (0.3, 0.2), (0.3, 0.5), (0.3, 0.8))
    image = view.images_drawn[-1]
    assert image.shape == (12, 12)
    rows, columns = np.nonzero(image)
    assert np.ptp(rows) + 1 == 9  # the box: 20/28 of 12
    assert np.ptp(columns) + 1 == round(pen_width((12, 12)))
    assert abs((columns * image[rows, columns]).sum() / image.sum() - 6) <= 0.5
    assert not view.verdict.isHidden()


def test_an_image_is_told_while_the_line_is_drawn(view, qtbot):
    before = len(view.images_drawn)
    draw(qtbot, view.pad, (0.2, 0.2), (0.4, 0.2), (0.6, 0.3), (0.7, 0.7))
    assert len(view.images_drawn) - before == 4


def test_undo_takes_back_lines_and_clearing_and_delete_clears(view, qtbot):
    view.pad.setFocus()
    draw(qtbot, view.pad, (0.2, 0.2), (0.8, 0.2))
    first = view.images_drawn[-1]
    draw(qtbot, view.pad, (0.8, 0.2), (0.4, 0.9))
    second = view.images_drawn[-1]
    qtbot.keyClick(view.pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (view.images_drawn[-1] == first).all()
    draw(qtbot, view.pad, (0.8, 0.2), (0.4, 0.9))
    qtbot.keyClick(view.pad, Qt.Key.Key_Delete)
    assert view.images_drawn[-1] is None
    assert not view.buttons.clear.isEnabled()
    qtbot.mouseClick(view.buttons.undo, Qt.MouseButton.LeftButton)
    assert (view.images_drawn[-1] == second).all()
    for _ in range(2):
        qtbot.mouseClick(view.buttons.undo, Qt.MouseButton.LeftButton)
    assert view.images_drawn[-1] is None
    assert not view.buttons.undo.isEnabled()


@pytest.mark.parametrize("interrupt", ["clear", "undo", "image"])
def test_a_line_that_is_interrupted_ends_there(view, qtbot, interrupt):
    pad, middle = view.pad, view.pad.canvas().center().toPoint()
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=middle)
    if interrupt == "image":
        pad.set_base(np.full((12, 12), 99, dtype=np.uint8))
    else:
        getattr(pad, interrupt)()
    before = pad.drawing
    qtbot.mouseMove(pad, middle + QPoint(30, 30))
    assert pad.drawing is before


def test_drawing_begins_on_the_sheet_and_may_leave_it(view, qtbot):
    qtbot.mouseClick(view.pad, Qt.MouseButton.LeftButton, pos=QPoint(view.pad.width() // 2, 2000))
    assert view.pad.drawing.empty
    draw(qtbot, view.pad, (0.5, 0.5), (0.5, 3.0))
    (line,) = view.pad.drawing.lines
    assert line[-1][1] == 12


def test_a_small_drawing_has_lines_as_wide_as_a_large_one():
    def circle(radius):
        turns = np.linspace(0, 2 * np.pi, 60)
        return tuple((14 + radius * math.cos(turn), 14 + radius * math.sin(turn)) for turn in turns)

    small, large = (network_image(Drawing((circle(radius),)), (28, 28)) for radius in (3, 11))
    assert abs(int(small.sum()) - int(large.sum())) < 0.05 * large.sum()


def ring(radius: float) -> tuple[tuple[float, float], ...]:
    turn = np.linspace(0, 6, 20)
    return tuple(
        zip((14 + radius * np.cos(turn)).tolist(), (14 + radius * np.sin(turn)).tolist(), strict=True)
    )


def test_of_a_growing_drawing_only_the_last_line_is_made_again(monkeypatch):
    finished = ring(9), ring(5)
    drawings = [Drawing((*finished, ring(7)[:count])) for count in range(2, 8)]
    expected = [network_image(drawing, (28, 28)) for drawing in drawings]
    made = []

    def counted(line):
        made.append(len(line))
        return line_path(line)

    monkeypatch.setattr(drawing_module, "line_path", counted)
    ink = DrawingInk()
    for drawing, image in zip(drawings, expected, strict=True):
        assert (network_image(drawing, (28, 28), ink) == image).all()
    assert made == [20, 20, 2, 3, 4, 5, 6, 7]


def test_lines_over_an_image_are_drawn_where_they_are():
    base = np.zeros((28, 28), dtype=np.uint8)
    base[4:24, 13:15] = 200
    image = network_image(Drawing((((3.0, 14.0), (10.0, 14.0)),), base), (28, 28))
    assert (image[4:12, 13:15] == 200).all()
    assert image[13:15, 4:9].min() == 255
    assert not image[17:, :10].any()


def test_a_picture_that_was_read_for_another_data_set_fits_the_pad(view, tmp_path):
    path = tmp_path / "l.png"
    picture = np.full((90, 80), 255, dtype=np.uint8)
    picture[10:70, 20:30] = picture[60:70, 20:60] = 0
    Image.fromarray(picture).save(path)
    drop(view.pad, file_of(path))
    view.pad.set_shape((12, 12))
    view.finder.reading.finish()
    assert view.pad.drawing.base.shape == (12, 12)


def test_a_dropped_file_lies_on_the_pad_as_the_network_sees_it(view, tmp_path):
    path = tmp_path / "l.png"
    picture = np.full((90, 80), 255, dtype=np.uint8)
    picture[10:70, 20:30] = picture[60:70, 20:60] = 0
    Image.fromarray(picture).save(path)
    drop(view.pad, file_of(path))
    view.finder.reading.finish()
    image = view.images_drawn[-1]
    rows, _ = np.nonzero(image)
    assert np.ptp(rows) + 1 == 9
    assert (view.pad.drawing.base == image).all()


@pytest.mark.parametrize(("content", "words"), [(b"no picture", "not a picture"), (None, "single colour")])
def test_what_cannot_be_taken_is_said_in_a_sentence_and_the_drawing_stays(
    view, qtbot, tmp_path, content, words
):
    draw(qtbot, view.pad, (0.3, 0.2), (0.3, 0.8))
    path = tmp_path / "file.png"
    if content is None:
        Image.new("L", (30, 30), 255).save(path)
    else:
        path.write_bytes(content)
    drop(view.pad, file_of(path))
    assert "Reading" in view.note.text, "a large one takes a while"
    view.finder.reading.finish()
    assert view.note.isVisible()
    assert words in view.note.text
    assert view.note.text.count(".") - view.note.text.count(".png") == 1
    assert len(view.pad.drawing.lines) == 1
    draw(qtbot, view.pad, (0.6, 0.2), (0.6, 0.8))
    assert not view.note.isVisible()


def test_a_picture_is_pasted_by_keyboard(view, qtbot):
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    for y in range(5, 30):
        image.setPixel(20, y, 0xFF000000)
    QGuiApplication.clipboard().setImage(image)
    view.pad.setFocus()
    qtbot.keyClick(view.pad, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    view.finder.reading.finish()
    assert view.images_drawn[-1].any()
    QGuiApplication.clipboard().setText("seven")
    qtbot.mouseClick(view.buttons.paste, Qt.MouseButton.LeftButton)
    assert "No picture found" in view.note.text


def test_what_was_left_out_of_a_picture_is_said_beside_what_the_network_sees(view, qtbot, tmp_path):
    path = tmp_path / "framed.png"
    picture = np.full((100, 100), 255, dtype=np.uint8)
    picture[:3] = picture[-3:] = picture[:, :3] = picture[:, -3:] = 0
    picture[30:70, 45:52] = 0
    picture[60:64, 80:90] = 0
    Image.fromarray(picture).save(path)
    drop(view.pad, file_of(path))
    view.finder.reading.finish()
    assert view.note.text.startswith(
        "The frame of the picture was left out. Marks beside the drawing were left"
    )
    assert "network sees" in view.note.text
    draw(qtbot, view.pad, (0.6, 0.2), (0.6, 0.8))
    assert not view.note.isVisible()


def test_an_empty_clipboard_has_no_picture_to_be_pasted(view, qtbot):
    QGuiApplication.clipboard().clear()
    qtbot.mouseClick(view.buttons.paste, Qt.MouseButton.LeftButton)
    assert "No picture found" in view.note.text


def test_a_file_is_opened_by_button(view, qtbot, tmp_path, monkeypatch):
    path = tmp_path / "seven.png"
    picture = np.zeros((30, 30), dtype=np.uint8)
    picture[4:20, 7] = 255
    Image.fromarray(picture).save(path)
    monkeypatch.setattr(questions, "chosen_files", lambda _dialog: [str(path)])
    qtbot.mouseClick(view.buttons.open, Qt.MouseButton.LeftButton)
    view.finder.reading.finish()
    assert view.images_drawn[-1].any()


def test_a_test_image_is_laid_on_the_pad_pixel_by_pixel_the_selected_one_if_any(view, qtbot, tiny_data):
    pixels = load_dataset(str(tiny_data)).test.pixels
    view.state.select(np.array([17]))
    qtbot.mouseClick(view.buttons.sample, Qt.MouseButton.LeftButton)
    assert (view.images_drawn[-1] == pixels[17]).all()
    view.state.select(np.zeros(0, dtype=np.intp))
    qtbot.mouseClick(view.buttons.sample, Qt.MouseButton.LeftButton)
    assert any((view.images_drawn[-1] == image).all() for image in pixels)


def test_any_image_will_do_where_the_probe_has_no_test_image(view, qtbot):
    snapshot = view.snapshot
    train = replace(snapshot.probe, split=np.full_like(snapshot.probe.split, TRAIN))
    view.set_snapshot(replace(snapshot, probe=train), History())
    qtbot.waitUntil(view.buttons.sample.isEnabled)
    qtbot.mouseClick(view.buttons.sample, Qt.MouseButton.LeftButton)
    assert any((view.pad.drawing.base == image).all() for image in view.images.pixels(view.snapshot))


def test_where_it_lands_is_told_with_angles_prediction_and_neighbours(view, qtbot):
    draw(qtbot, view.pad, (0.3, 0.2), (0.3, 0.8))
    digit = digit_at(view.snapshot, 9.0, 4.0)
    view.set_drawn_digit(digit)
    facts, near = digit_facts(digit), nearest_images(digit)
    assert view.verdict.prediction.text() == str(facts.prediction)
    assert f"{facts.confidence:.1%}" in view.verdict.confidence.text()
    assert view.verdict.prediction.accessibleName().startswith(f"Prediction: {facts.prediction}, ")
    assert view.heading.text() == "Angle to each class weight"
    assert view.bars.shown_classes() == list(range(10))
    assert f"3: {math.degrees(facts.angles[3]):.1f}°" in view.bars.accessibleDescription()
    assert [tile.rows[0] for tile in view.neighbours.tiles.tiles] == near.rows.tolist()
    assert "100 training images" in view.caption.left[0]
    assert view.caption.right == ("step 1,200",)
    view.pad.clear()
    view.set_drawn_digit(None)
    assert view.message.isVisible()
    assert not view.bars.isVisible()


def test_a_click_on_a_neighbour_selects_it(view, qtbot):
    chosen = []
    view.selectionRequested.connect(lambda rows, mode: chosen.append((rows.tolist(), mode)))
    draw(qtbot, view.pad, (0.3, 0.2), (0.3, 0.8))
    digit = digit_at(view.snapshot, 9.0, 4.0)
    view.set_drawn_digit(digit)
    strip = view.neighbours
    QApplication.processEvents()  # the strip is laid out
    target = strip.visualRect(strip.tiles.index(2)).center()
    qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=target)
    assert chosen == [([int(nearest_images(digit).rows[2])], "replace")]


@pytest.mark.parametrize("width", [360, 460, 700])
def test_all_neighbours_and_all_buttons_have_room(view, qtbot, width):
    draw(qtbot, view.pad, (0.3, 0.2), (0.3, 0.8))
    view.set_drawn_digit(digit_at(view.snapshot, 9.0, 4.0))
    view.resize(width, 380)
    QApplication.processEvents()
    assert view.size().height() == 380
    strip = view.neighbours
    last = strip.visualRect(strip.tiles.index(7))
    assert strip.viewport().rect().contains(last.center())
    for part in (view.buttons, view.bars, view.pad, view.caption, strip):
        assert view.rect().contains(part.geometry())


def test_going_to_the_panel_goes_to_the_pad_so_that_a_picture_can_be_pasted(view, qtbot):
    view.activateWindow()
    go_to(view)
    assert QApplication.focusWidget() is view.pad
    image = QImage(20, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    for place in range(5, 15):
        image.setPixelColor(place, 10, Qt.GlobalColor.black)
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    view.finder.reading.finish()
    assert not view.pad.drawing.empty


@pytest.mark.parametrize("height", [200, 380, 700])
def test_buttons_stay_under_the_pointer_once_there_is_a_drawing(view, qtbot, height):
    view.resize(360, height)
    QApplication.processEvents()
    before = view.buttons.paste.mapTo(view, QPoint(0, 0))
    draw(qtbot, view.pad, (0.3, 0.2), (0.3, 0.8))
    view.set_drawn_digit(digit_at(view.snapshot, 9.0, 4.0))
    QApplication.processEvents()
    assert view.bars.isVisible()
    assert view.buttons.paste.mapTo(view, QPoint(0, 0)) == before


def test_the_layout_settles_at_any_height(qtbot):
    """A scroll bar and a pad that make each other come and go would keep a processor busy for ever."""
    view = DrawView(LIGHT)
    qtbot.addWidget(view)
    view.show()
    resized = ResizeCounter(view.pad)
    for height in range(150, 320):
        view.resize(300, height)
        for _ in range(5):
            QApplication.processEvents()
        resized.count = 0
        for _ in range(5):
            QApplication.processEvents()
        assert resized.count == 0, height


def test_the_empty_pad_invites_and_says_whether_the_network_is_ready(qtbot):
    view = DrawView(DARK)
    qtbot.addWidget(view)
    view.show()
    assert "still loading" in view.message.text()
    assert not view.buttons.sample.isEnabled()
    view.images.pixels = lambda _snapshot: None
    view.set_snapshot(make_snapshot(), History())
    assert "where your digit lands" in view.message.text()


def test_what_was_drawn_before_the_network_was_ready_lands_then_and_in_the_next_run(qtbot, tiny_data):
    view = DrawView(LIGHT)
    qtbot.addWidget(view)
    told = []
    view.embeddingRequested.connect(told.append)
    view.show()
    view.pad.set_shape((12, 12))
    draw(qtbot, view.pad, (0.3, 0.2), (0.3, 0.8))
    assert told == [None]
    for _ in range(2):
        with qtbot.waitSignal(view.images.imagesChanged):
            view.set_snapshot(snapshot_of(tiny_data), History())
        assert told[-1].any()
        told.clear()


def test_images_of_another_size_take_another_pad(view, qtbot):
    draw(qtbot, view.pad, (0.3, 0.2), (0.3, 0.8))
    mnist = make_snapshot(probe=mnist_probe(50, 50))
    with qtbot.waitSignal(view.images.imagesChanged):
        view.set_snapshot(mnist, History())
    assert view.images_drawn[-1] is None
    draw(qtbot, view.pad, (0.3, 0.2), (0.3, 0.8))
    assert view.images_drawn[-1].shape == (28, 28)


def test_a_complaint_of_the_worker_is_shown(view, qtbot):
    draw(qtbot, view.pad, (0.3, 0.2), (0.3, 0.8))
    view.set_drawn_digit(None, "images of shape (1, 9, 9) are refused.")
    assert view.message.text() == "images of shape (1, 9, 9) are refused."


def test_a_folder_that_is_gone_leaves_the_pad_usable(view, qtbot, tmp_path, tiny_data):
    gone = snapshot_of(tiny_data)
    config = replace(gone.config, data=DataConfig(source=str(tmp_path / "nowhere")))
    with qtbot.waitSignal(view.images.imagesChanged):
        view.set_snapshot(replace(gone, config=config), History())
    draw(qtbot, view.pad, (0.3, 0.2), (0.3, 0.8))
    assert view.images_drawn[-1].shape == (12, 12)
    assert not view.buttons.sample.isEnabled()


def test_of_many_classes_the_nearest_have_a_bar(qtbot):
    bars = AngleBars(LIGHT)
    qtbot.addWidget(bars)
    bars.resize(160, 120)
    snapshot = make_snapshot(classes=40)
    bars.show_facts(digit_facts(digit_at(snapshot, 3.0, 1.0)), snapshot.probe, LIGHT)
    angles = digit_facts(digit_at(snapshot, 3.0, 1.0)).angles
    assert bars.shown_classes() == sorted(np.argsort(angles)[:10].tolist())
    bars.grab()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_ink_is_seen_in_both_themes(view, qtbot, theme):
    view.set_theme(theme)
    draw(qtbot, view.pad, (0.25, 0.25), (0.25, 0.75))
    picture = view.pad.grab().toImage()
    canvas = view.pad.canvas()
    ratio = picture.devicePixelRatio()
    on = picture.pixelColor(
        round((canvas.left() + 0.25 * canvas.width()) * ratio), round(canvas.center().y() * ratio)
    )
    off = picture.pixelColor(
        round((canvas.left() + 0.7 * canvas.width()) * ratio), round((canvas.center().y() + 9) * ratio)
    )
    assert on.getRgb()[:3] == theme.text
    assert off.getRgb()[:3] == theme.plot


def test_a_view_dies_with_its_last_reference(qtbot, tiny_data):
    view = DrawView(LIGHT)
    view.set_snapshot(snapshot_of(tiny_data), History())
    with qtbot.waitSignal(view.images.imagesChanged):
        view.show()
    draw(qtbot, view.pad, (0.3, 0.2), (0.3, 0.8))
    view.set_drawn_digit(digit_at(view.snapshot, 9.0, 4.0))
    view.grab()
    view.close()
    gone = weakref.ref(view)
    del view
    gc.collect()
    assert gone() is None
