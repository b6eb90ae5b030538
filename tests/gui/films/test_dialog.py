"""The film dialog: what is chosen is made while the window goes on, and it can be cancelled at any time."""

from __future__ import annotations

import time

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from core.recording import small_run
from gui.films.test_painting import build, pictures, run
from gui.session.sources import ListSource
from msgspec.structs import replace
from PIL import Image
from PySide6.QtCore import Qt, QTimer

from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.figures.choices import CUSTOM
from explorer.gui.films import fields
from explorer.gui.films.choices import FILM_SIZES, FilmChoices
from explorer.gui.films.dialog import FilmDialog
from explorer.gui.films.encoder import FilmOrder
from explorer.gui.films.film import FILM_FORMATS, VIDEO_HINT
from explorer.gui.films.rendering import render_film
from explorer.gui.memory.window_memory import Memory, load_memory, options_from, save_memory
from explorer.gui.theme.application_font import application_font
from explorer.gui.views.registry import VIEWS

SMALL = FilmChoices(format="webp", size=CUSTOM, width=320, height=240, seconds=0.4, fps=10)


@pytest.fixture
def dialog_of(qtbot):
    application_font()
    made = []

    def make(choices=SMALL, source=None):
        dialog = FilmDialog(None, build, source or run(), VIEWS, ["features"], choices, "light")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        made.append(dialog)
        return dialog

    yield make
    for dialog in made:
        dialog.close()


def choose(box, key):
    box.setCurrentIndex(box.findData(key))
    box.activated.emit(box.currentIndex())


@pytest.mark.parametrize("name", FILM_FORMATS)
def test_what_is_chosen_is_written_and_remembered(name, dialog_of, tmp_path, qtbot):
    dialog = dialog_of()
    choose(dialog.form.format, name)
    shares = []
    dialog.maker.progressed.connect(lambda share, _doing: shares.append(share))
    with qtbot.waitSignal(dialog.choicesChanged), qtbot.waitSignal(dialog.saved) as told:
        dialog.save(tmp_path / "a")
        assert not dialog.fields.isEnabled()
        assert dialog.bar.isVisibleTo(dialog)
    assert told.args == [tmp_path / f"a.{name}"]
    assert dialog.form.choices == replace(SMALL, format=name)
    assert shares == sorted(shares)
    assert [path.name for path in tmp_path.iterdir()] == [f"a.{name}"]
    if name != "mp4":
        with Image.open(tmp_path / f"a.{name}") as image:
            assert (image.n_frames, image.size) == (4, (320, 240))


def test_the_preview_is_the_last_frame_and_its_size_is_near_that_of_the_file(dialog_of, tmp_path, qtbot):
    dialog = dialog_of(replace(SMALL, width=1040, height=760))
    estimates = []
    dialog._glance.estimated.connect(estimates.append)  # noqa: SLF001  # the text of it is rounded
    qtbot.waitUntil(lambda: bool(estimates))
    assert "4 frames of the run · 0.4 s · 1,040 × 760 pixels · about 0." in dialog.facts.text()
    shown = dialog.preview.pixmap()
    assert shown.width() / shown.height() == pytest.approx(1040 / 760, rel=0.01)
    with qtbot.waitSignal(dialog.saved):
        dialog.save(tmp_path / "a.webp")
    assert 0.5 < (tmp_path / "a.webp").stat().st_size / estimates[0] < 2
    assert len(pictures(tmp_path / "a.webp")) == 4


def test_the_frame_is_there_at_once_and_the_last_one_while_another_is_made(dialog_of, qtbot):
    dialog = dialog_of(replace(SMALL, width=1040, height=380))
    waiting = dialog.preview.pixmap()
    assert (waiting.width(), waiting.height()) == (520, 190)
    with qtbot.waitSignal(dialog._glance.painted):  # noqa: SLF001  # nothing else tells of it
        pass
    shown = dialog.preview.pixmap().toImage()
    dialog.form.theme.setCurrentIndex(2)
    dialog.show_preview()
    dimmed = dialog.preview.pixmap().toImage()
    assert dimmed.size() == shown.size()
    assert dimmed != shown
    assert dimmed != waiting.toImage()


def test_the_window_goes_on_while_a_film_is_made(dialog_of, tmp_path, qtbot):
    dialog = dialog_of(replace(SMALL, width=640, height=480))
    beats = []
    timer = QTimer(dialog, interval=1)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    with qtbot.waitSignal(dialog.saved):
        dialog.save(tmp_path / "a.webp")
        timer.start()
    timer.stop()
    assert len(beats) > 8, "between the frames, other things happen"


@pytest.mark.parametrize("moment", [0.0, 0.2, 0.7])
def test_cancelling_leaves_an_older_film_and_the_dialog(moment, dialog_of, tmp_path, qtbot):
    path = tmp_path / "a.gif"
    path.write_bytes(b"older")
    dialog = dialog_of(replace(SMALL, format="gif"))
    dialog.open()
    dialog.maker.progressed.connect(lambda share, _doing: share >= moment and dialog.cancel_button.click())
    with qtbot.waitSignal(dialog.maker.cancelled):
        dialog.save(path)
    assert dialog.message.text() == "Cancelled: nothing was written."
    assert dialog.isVisible()
    assert dialog.fields.isEnabled()
    assert [one.name for one in tmp_path.iterdir()] == ["a.gif"]
    assert path.read_bytes() == b"older"


def test_closing_in_the_middle_leaves_nothing(dialog_of, tmp_path, qtbot):
    dialog = dialog_of()
    with qtbot.waitSignal(dialog.maker.progressed, check_params_cb=lambda share, _doing: share > 0.3):
        dialog.save(tmp_path / "a.webp")
    dialog.close()
    assert not dialog.maker.working
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_said_and_the_dialog_stays(dialog_of, tmp_path, qtbot):
    dialog = dialog_of()
    dialog.open()
    with qtbot.waitSignal(dialog.maker.failed):
        dialog.save(tmp_path / "nowhere" / "a.webp")
    assert "there is no folder" in dialog.message.text()
    assert dialog.isVisible()
    assert dialog.fields.isEnabled()


def test_sizes_speeds_and_stretches(dialog_of):
    probe = make_snapshot(30).probe
    frames = [make_snapshot(30, probe=probe, step=step) for step in (0, 100, 200)]
    changed = frames[0].config.replace({"optimizer.rate": 0.05})
    later = [replace(frame, config=changed) for frame in frames[1:]]
    dialog = dialog_of(source=ListSource([frames[0], *later]))
    form = dialog.form
    choose(form.size_box, "square")
    assert dialog.figure.pixels == FILM_SIZES["square"][1:3]
    form.width_field.setValue(800)
    assert form.size_box.currentData() == CUSTOM
    choose(form.length, "speed")
    form.speed_field.setValue(50)
    assert dialog.film.seconds == pytest.approx(4)
    choose(form.pace, "seconds")
    form.speed_field.setValue(2)
    assert dialog.film.seconds == pytest.approx(2), "200 steps took 4 seconds"
    choose(form.pace, "steps")
    assert form.speed_field.value() == 50, "each pace has a speed of its own"
    choose(form.stretch, "100-200")
    assert form.ends == (100, 200), "between changes of settings"
    form.first_field.setValue(50)
    assert form.stretch.currentData() == "other"
    assert dialog.film.first == 50
    choose(form.stretch, "whole")
    assert form.ends == (0, 200)
    form.last_field.setValue(0)
    form.first_field.setValue(100)
    dialog.show_preview()
    assert "no stretch from step 100 to 0" in dialog.message.text()
    assert not dialog.save_button.isEnabled()


@pytest.mark.parametrize("saved", [{"width": 0}, {"fps": 0}, {"type_percent": 0}, {"theme": "green"}])
def test_choices_that_no_film_can_have_are_replaced_by_the_usual_ones(saved):
    assert options_from(saved, FilmChoices()) == FilmChoices()


def test_without_the_package_for_video_a_sentence_says_what_it_brings(dialog_of, monkeypatch):
    monkeypatch.setattr(fields, "available_formats", lambda: ("gif", "webp"))
    form = dialog_of(replace(SMALL, format="mp4")).form
    assert form.format.findData("mp4") == -1
    assert form.choices.format == "gif"
    assert form.hint.text() == VIDEO_HINT


def test_the_command_makes_the_same_film_as_the_command_line(tmp_path, qtbot):
    record = tmp_path / "run.lossrun"
    small_run.record(record)
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig(), smooth=False, predict=False, film=SMALL))
    app = App(["/nowhere/no worker is needed"], path)
    qtbot.addWidget(app.window)
    app.window.show()
    app.actions.action("image.film").trigger()
    assert app.window.findChildren(FilmDialog) == [], "there is no frame yet"
    assert "no frame yet" in app.window.status.text()
    app.opener.open_recording(record)
    qtbot.waitUntil(lambda: app.viewer.recording.complete)
    app.actions.action("image.film").trigger()
    (dialog,) = app.window.findChildren(FilmDialog)
    choose(dialog.form.theme, "dark")
    order = FilmOrder(dialog.figure, dialog.film, tmp_path / "command.webp", force=False)
    with qtbot.waitSignal(dialog.saved):
        dialog.save(tmp_path / "window.webp")
    assert app.window.status.text() == f"Saved as {tmp_path / 'window.webp'}."
    app.window.close()
    render_film(record, order, None, (), lambda _done, _total: None)
    for found, expected in zip(pictures(tmp_path / "window.webp"), pictures(order.path), strict=True):
        np.testing.assert_array_equal(found, expected)
    assert load_memory(path)[0].film == replace(SMALL, theme="dark")


@pytest.mark.parametrize("what", ["preview", "film"])
def test_a_dialog_that_closes_while_images_are_read_leaves_nothing(what, qtbot, tmp_path):
    """Events are handled meanwhile: what closes the dialog then does so within a turn of the work."""
    ended, closed = [], []

    def closing(source, figure):
        stage = build(source, figure)
        stage.destroyed.connect(lambda: ended.append(figure))
        closed.append(dialog.close())
        return stage

    dialog = FilmDialog(None, closing, run(), VIEWS, ["features"], SMALL, "light")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    if what == "film":
        dialog.save(tmp_path / "a.webp")
    qtbot.waitUntil(lambda: bool(ended))
    assert closed == [True]
    assert not dialog.maker.working
    assert list(tmp_path.iterdir()) == []
