"""The whole window as PNG, SVG and PDF, as other programs read them: the same, with text and settings."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from core.recording import small_run
from gui.figures.test_pictures import SVG, check_fonts, from_pdf, from_svg, opened, pixels
from pypdf import PdfReader
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.export.images import picture_encoder
from explorer.gui.export.save_dialog import SavePictureDialog
from explorer.gui.figures.carried import carried_settings
from explorer.gui.figures.choices import PictureChoices
from explorer.gui.figures.figure import FIGURE_FORMATS
from explorer.gui.memory.window_memory import Memory, load_memory, save_memory
from explorer.gui.reproduction.settings_text import shown_settings
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.view import View

SCALE = 2


@pytest.fixture
def app(tmp_path):
    save_memory(tmp_path / "window.toml", Memory(RunConfig(), smooth=False, predict=False, theme="dark"))
    result = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    result.window.resize(1200, 700)
    result.window.show()
    small_run.record(tmp_path / "run.lossrun")
    result.opener.open_recording(tmp_path / "run.lossrun")
    result.viewer.recording.finish_reading()
    yield result
    result.window.close()
    result.window.deleteLater()


def test_the_window_is_the_same_in_every_format(app, tmp_path, qtbot):
    app.pictures.save()
    (dialog,) = app.window.findChildren(SavePictureDialog)
    dialog.what.setCurrentIndex(dialog.what.count() - 1)
    dialog.scale.setValue(SCALE)
    dialog.format.setCurrentIndex(dialog.format.findData("pdf"))
    assert dialog.size_label.text() == "text and lines as vectors, images at 2×"
    with qtbot.waitSignal(dialog.saved, timeout=60_000):
        dialog.save(tmp_path / "a")
    for name in ("png", "svg"):
        encoder = picture_encoder(app.window, name, SCALE, shown_settings(app.pane.run))
        encoder(tmp_path / f"a.{name}")
    for name in FIGURE_FORMATS:
        assert carried_settings(tmp_path / f"a.{name}").config == app.pane.run.snapshot.config
    seen = opened(tmp_path / "a.png")
    assert seen.size == (SCALE * app.window.width(), SCALE * app.window.height())
    for read, name in ((from_svg, "svg"), (from_pdf, "pdf")):
        apart = np.abs(pixels(read(tmp_path / f"a.{name}", seen.width)) - pixels(seen)).max(axis=2)
        assert (apart > 90).mean() < 0.01, name
        assert apart.mean() < 5, name
    page = PdfReader(tmp_path / "a.pdf").pages[0]
    check_fonts(page)
    words = " ".join(part.text or "" for part in ElementTree.parse(tmp_path / "a.svg").iter(f"{SVG}text"))
    assert "Margin curve" in words
    assert "Margincurve" in "".join(page.extract_text().split())
    app.window.close()
    assert load_memory(tmp_path / "window.toml")[0].picture == PictureChoices("pdf", SCALE)


class Note(View):
    """A view with a button, and words of which only the first are in sight."""

    title = "Notes"

    def __init__(self):
        super().__init__(LIGHT, None)
        layout = QVBoxLayout(self)
        layout.addWidget(QPushButton("Press"))
        area, inside = QScrollArea(), QWidget()
        column = QVBoxLayout(inside)
        for number in range(9):
            label = QLabel(f"line {number}")
            label.setFixedHeight(40)
            label.setStyleSheet("background: #e00000; color: white; border-radius: 4px")
            column.addWidget(label)
        area.setWidget(inside)
        layout.addWidget(area)
        layout.addWidget(QLabel("below"))
        self.area = area

    def draw(self):
        """Draw nothing but what is in it."""


@pytest.mark.parametrize("name", ["svg", "pdf"])
def test_what_is_out_of_sight_and_what_is_pressed_is_not_in_a_vector_picture(name, qtbot, tmp_path):
    note = Note()
    qtbot.addWidget(note)
    note.resize(300, 260)
    note.show()
    for kind in ("png", name):
        picture_encoder(note, kind, 1.0)(tmp_path / f"a.{kind}")
    seen = opened(tmp_path / "a.png")
    found = (from_svg if name == "svg" else from_pdf)(tmp_path / f"a.{name}", seen.width)
    apart = np.abs(pixels(found) - pixels(seen)).max(axis=2)
    assert (apart > 90).mean() < 0.01
    below = note.area.viewport().mapTo(note, QPoint(0, note.area.viewport().height())).y()
    red = np.asarray(found.convert("RGB"))[below + 2 :, :, 1] < 100
    assert not (red & (np.asarray(found.convert("RGB"))[below + 2 :, :, 0] > 150)).any(), "nothing sticks out"
    content = (tmp_path / f"a.{name}").read_bytes()
    text = content.decode() if name == "svg" else PdfReader(tmp_path / "a.pdf").pages[0].extract_text()
    assert "line" in text
    assert "Press" not in text
    if name == "svg":
        assert "<title>Notes</title>" in text
    else:
        assert PdfReader(tmp_path / "a.pdf").metadata.title == "Notes"
