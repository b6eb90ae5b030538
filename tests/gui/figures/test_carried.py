"""The settings that a figure carries come back from its file, and never anything else from another file."""

from __future__ import annotations

import random
import time
import zlib

import pytest
from analysis.snapshots import make_snapshot
from damaged import damaged_copies
from export import page_run
from gui.session.sources import ListSource
from PIL import Image

from explorer.cli import main
from explorer.core.recording.reader import Recording
from explorer.core.settings.config import ConfigError
from explorer.gui.app import App
from explorer.gui.figures.carried import carried_settings, carried_text
from explorer.gui.figures.figure import FIGURE_FORMATS, Figure
from explorer.gui.figures.look import FigureLook
from explorer.gui.figures.pictures import write_figure
from explorer.gui.figures.stage import FigureStage
from explorer.gui.reproduction.settings_text import settings_text
from explorer.gui.starting.opening import kind_of
from explorer.gui.theme.theme import LIGHT

SNAPSHOT = make_snapshot(60, loss="arcface", params={"margin": 0.37})


@pytest.fixture(scope="module")
def figures(tmp_path_factory, qapp):  # noqa: ARG001  # widgets need it
    """A folder with a figure in each format."""
    folder = tmp_path_factory.mktemp("figures")
    stage = FigureStage(
        ListSource([SNAPSHOT]), Figure(views=("curves",), width=200, height=150), LIGHT, FigureLook()
    )
    for name in FIGURE_FORMATS:
        write_figure(stage, folder / f"a.{name}", force=False)
    stage.end()
    return folder


@pytest.mark.parametrize("name", FIGURE_FORMATS)
def test_settings_come_back(figures, name):
    assert carried_settings(figures / f"a.{name}").config == SNAPSHOT.config
    assert kind_of(figures / f"a.{name}") == "figure"


@pytest.mark.parametrize("name", FIGURE_FORMATS)
def test_a_damaged_file_gives_settings_nothing_or_a_sentence(figures, name, tmp_path):
    path = tmp_path / f"a.{name}"
    for damaged in damaged_copies((figures / f"a.{name}").read_bytes(), 120, 20):
        path.write_bytes(damaged)
        if carried_text(path):
            try:
                carried_settings(path)
            except ConfigError as error:
                assert str(path) in str(error)


def test_other_pictures_carry_nothing(tmp_path):
    Image.new("L", (40, 40)).save(tmp_path / "a.png")
    (tmp_path / "a.svg").write_text("<svg><metadata>no settings</metadata></svg>")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\nstream\nnothing\nendstream")
    for name in FIGURE_FORMATS:
        assert carried_text(tmp_path / f"a.{name}") == ""
    assert carried_text(tmp_path / "gone.pdf") == ""


def test_a_stream_that_grows_without_end_is_read_up_to_a_limit(tmp_path):
    bomb = zlib.compress(b"# loss-explorer " + bytes(200 << 20), 9)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\nstream\n" + bomb + b"\nendstream")
    assert len(carried_text(tmp_path / "a.pdf")) == 1 << 20
    with pytest.raises(ConfigError, match="damaged or cut off"):
        carried_settings(tmp_path / "a.pdf")


def test_settings_behind_many_streams_are_found_in_time_that_grows_with_the_size_only(tmp_path):
    other = b"stream\n" + zlib.compress(random.Random(1).randbytes(4_000)) + b"\nendstream\n"
    ours = b"stream\n" + zlib.compress(settings_text(SNAPSHOT).encode()) + b"\nendstream"
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\n" + 5_000 * other + ours)
    begin = time.process_time()
    zlib.compress((tmp_path / "a.pdf").read_bytes(), 1)
    once = time.process_time() - begin
    assert carried_text(tmp_path / "a.pdf") == settings_text(SNAPSHOT)
    assert time.process_time() - begin - once < 5 * once, "each stream copied the rest of the file"


def test_a_pdf_of_nothing_but_streams_is_given_up(tmp_path):
    (tmp_path / "a.pdf").write_bytes(
        (20 << 20) // 7 * b"stream\n" + zlib.compress(settings_text(SNAPSHOT).encode())
    )
    assert carried_text(tmp_path / "a.pdf") == ""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The bytes of a page, and the settings at the start of its run."""
    folder = tmp_path_factory.mktemp("page")
    page_run.record(folder / "a.lossrun", frames=6, name="</script>")
    arguments = ["export", str(folder / "a.lossrun"), "--format", "html", "--out", str(folder / "a.html")]
    assert main(arguments) == 0
    with Recording(folder / "a.lossrun") as recording:
        return (folder / "a.html").read_bytes(), recording.settings[0].config


def test_a_page_gives_the_settings_back_with_which_its_run_began(page, tmp_path):
    (tmp_path / "a.html").write_bytes(page[0])
    found = carried_settings(tmp_path / "a.html")
    assert found.config == page[1]
    assert [loss.step for loss in found.origin.losses] == [10, 20, 30, 40, 50], "its run can be checked"
    assert [change.step for change in found.origin.changes] == [page_run.CHANGE_STEP]
    assert kind_of(tmp_path / "a.html") == "figure"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"rate = ", b"rite = ", "damaged or cut off"),
        (b"[optimizer]", b"", "damaged or cut off"),
        (b'id="loss-explorer"', b'id="lost"', "is neither a recording, nor settings"),
    ],
)
def test_a_damaged_page_gets_one_sentence_and_changes_nothing(page, tmp_path, old, new, sentence):
    assert old in page[0]
    path = tmp_path / "a.html"
    path.write_bytes(page[0].replace(old, new))
    app = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    before = app.run.config
    app.opener.open([path])
    assert str(path) in app.window.banner.message
    assert sentence in app.window.banner.message
    assert app.run.config == before
    app.window.close()
    app.window.deleteLater()


def test_opening_a_figure_applies_its_settings_and_says_so(figures, tmp_path):
    app = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    app.window.show()
    app.opener.open([figures / "a.pdf", figures / "a.svg"])
    assert app.run.config == SNAPSHOT.config
    assert "Not opened: a.svg." in app.window.banner.message
    app.opener.open([figures / "a.png"])
    assert app.window.banner.message == f"Settings applied: {figures / 'a.png'}."
    app.window.close()
    app.window.deleteLater()
