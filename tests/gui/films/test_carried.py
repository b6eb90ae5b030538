"""The settings that a film carries come back from its file, and never anything else from another film."""

from __future__ import annotations

import io
import struct

import av
import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from damaged import damaged_copies
from PIL import Image

from explorer.core.settings.config import ConfigError
from explorer.gui.figures.carried import carried_settings, carried_text
from explorer.gui.films.film import FILM_FORMATS, Shot
from explorer.gui.films.formats import FilmContent, write_film
from explorer.gui.reproduction.settings_text import settings_text
from explorer.gui.starting.opening import kind_of

CONFIG = make_snapshot(20, loss="arcface", params={"margin": 0.37})
PICTURES = [np.full((60, 80, 3), shade, np.uint8) for shade in (0, 90, 250)]


def film(name: str, settings: str) -> bytes:
    file = io.BytesIO()
    shots = [Shot(step, 1) for step in range(len(PICTURES))]
    write_film(file, name, iter(PICTURES), FilmContent(shots, 25, True, settings, PICTURES))
    return file.getvalue()


@pytest.fixture(scope="module")
def films():
    return {name: film(name, settings_text(CONFIG)) for name in FILM_FORMATS}


@pytest.mark.parametrize("name", FILM_FORMATS)
def test_settings_come_back(films, name, tmp_path):
    path = tmp_path / f"a.{name}"
    path.write_bytes(films[name])
    assert carried_text(path) == settings_text(CONFIG)
    assert carried_settings(path).config == CONFIG.config
    assert kind_of(path) == "figure"


@pytest.mark.parametrize("name", FILM_FORMATS)
def test_a_damaged_film_gives_settings_nothing_or_a_sentence(films, name, tmp_path):
    path = tmp_path / f"a.{name}"
    for damaged in damaged_copies(films[name], 150, 30):
        path.write_bytes(damaged)
        if carried_text(path):
            try:
                carried_settings(path)
            except ConfigError as error:
                assert str(path) in str(error)


@pytest.mark.parametrize("name", FILM_FORMATS)
def test_a_film_of_another_program_carries_nothing(name, tmp_path):
    path = tmp_path / f"a.{name}"
    path.write_bytes(film(name, "Made by somebody else"))
    assert carried_text(path) == ""
    assert kind_of(path) == ("picture" if name != "mp4" else "unknown")
    path.write_bytes(b"")
    assert carried_text(path) == ""
    path.unlink()
    assert carried_text(path) == ""


def test_a_film_without_a_comment_carries_nothing(tmp_path):
    still = Image.new("P", (8, 8))
    for name in ("gif", "webp"):
        still.convert("RGB").save(tmp_path / f"a.{name}")
        assert carried_text(tmp_path / f"a.{name}") == ""
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.height, stream.width = 16, 16
        container.mux(stream.encode(av.VideoFrame(16, 16, "yuv420p")))
        container.mux(stream.encode())
    assert carried_text(tmp_path / "a.mp4") == ""


def test_boxes_that_hold_themselves_end(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(struct.pack(">I4s", 0, b"moov") * 1_000)
    assert carried_text(path) == ""
    path.write_bytes(struct.pack(">I4sQ", 1, b"moov", 1 << 63))
    assert carried_text(path) == ""
    path.write_bytes(struct.pack(">I4s", 8, b"free") * 50_000)
    assert carried_text(path) == ""
