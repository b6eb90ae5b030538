"""A film shows what figures show, on axes that keep still; it is there whole or not at all."""

from __future__ import annotations

import errno
from threading import Event

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from gui.session.sources import ListSource
from gui.views.seen import caption, shown_content
from msgspec.structs import replace
from PIL import Image

from explorer.export.files import ExportError, ExportUsageError
from explorer.gui.figures.figure import Figure
from explorer.gui.figures.look import FigureLook
from explorer.gui.figures.stage import FigureStage
from explorer.gui.films import encoder as encoders
from explorer.gui.films.encoder import FilmOrder
from explorer.gui.films.film import FILM_FORMATS, Film, Shot
from explorer.gui.films.film_run import FilmRun
from explorer.gui.films.painting import film_turns, pixels_of
from explorer.gui.theme.application_font import application_font
from explorer.gui.theme.theme import LIGHT, THEMES
from explorer.gui.views.features.view import FeaturesView

SIZES = (0.2, 1.0, 3.0, 0.5)
STEPS = (0, 10, 20, 30)


@pytest.fixture(autouse=True)
def _font(qapp):  # noqa: ARG001  # it needs an application
    """Make the font of the application, which otherwise the first stage does while it is laid out."""
    application_font()


def run(dim: int = 2) -> ListSource:
    """Return a run whose features grow, and shrink again."""
    probe = make_snapshot(80, dim=dim, loss="arcface").probe
    frames = [
        make_snapshot(80, dim=dim, loss="arcface", probe=probe, size=size, step=step, seed=step)
        for size, step in zip(SIZES, STEPS, strict=True)
    ]
    return ListSource([replace(one, scalars={"loss": 1.0, "test_accuracy": one.step / 30}) for one in frames])


def order(path, *, views=("features",), force=False, width=480, **film) -> FilmOrder:
    figure = Figure(views=views, width=width, height=360, scale=1.0)
    return FilmOrder(figure, Film(**{"seconds": 0.4, "fps": 10, **film}), path, force)


def build(source, figure):
    return FigureStage(source, figure, THEMES[figure.theme], FigureLook())


def made(source, wanted: FilmOrder, builder=build) -> bool:
    """Make a film, and return whether it is there."""
    return finished(film_turns(builder, source, wanted, Event(), patience=5.0))


def finished(turns) -> bool:
    """Take all turns, and return what they do."""
    shares = []
    while True:
        try:
            shares.append(next(turns).share)
        except StopIteration as end:
            assert shares == sorted(shares)
            return end.value


def pictures(path) -> list[np.ndarray]:
    found = []
    with Image.open(path) as image:
        for number in range(image.n_frames):
            image.seek(number)
            found.append(np.asarray(image.convert("RGB")))
    return found


def test_a_film_of_one_step_is_the_figure_at_that_step(tmp_path):
    source = run()
    wanted = order(tmp_path / "a.webp", views=("features", "angles"), first=20, last=20)
    assert made(source, wanted)
    before = ListSource([source.frame(index) for index in range(3)])
    before.history = source.history
    stage = build(before, wanted.figure)
    (found,) = pictures(tmp_path / "a.webp")
    np.testing.assert_array_equal(found, pixels_of(stage))
    stage.end()


def test_between_the_frames_of_a_smooth_film_points_are_in_between_and_figures_those_of_the_frame_before():
    source = run()
    film = FilmRun(source, STEPS[0])
    start, end = source.frame(1), source.frame(2)
    state = film.shown(Shot(STEPS[1], 1, 0.25))
    np.testing.assert_allclose(state.features, 0.75 * start.features + 0.25 * end.features, atol=1e-5)
    np.testing.assert_allclose(state.weight, 0.75 * start.weight + 0.25 * end.weight, atol=1e-6)
    assert (state.step, state.epoch, state.scalars) == (start.step, start.epoch, start.scalars)
    assert film.shown(Shot(STEPS[1], 1)) is start
    assert film.shown(Shot(STEPS[-1], 1, 0.5)).step == STEPS[-1], "there is no next one"


def test_between_the_frames_of_a_smooth_film_trails_end_at_their_points_and_the_caption_says_so():
    source = run()
    look = FigureLook(selection=np.array([0, 5, 9]))
    film = FilmRun(source, STEPS[0])
    stage = FigureStage(film, Figure(views=("features",), width=900, height=500), LIGHT, look)
    stage.pass_over([film.at(STEPS[1])])
    stage.show_frame(film.shown(Shot(STEPS[1], 1, 0.5)))
    features = stage.pane.view(FeaturesView)
    content = shown_content(features)
    np.testing.assert_array_equal(content.trail.positions[-1], content.points[content.chosen])
    assert len(content.trail.positions) == 3
    assert "step 10 → 20" in stage.title
    assert "between frames" in caption(features)
    stage.show_frame(film.at(STEPS[2]))
    assert "step 20 ·" in stage.title
    assert "between frames" not in caption(features)
    stage.end()


def test_without_a_thread_for_it_a_film_is_refused(tmp_path, monkeypatch):
    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(encoders.Thread, "start", refuse)
    with pytest.raises(ExportError, match=r"a\.gif: can't start new thread"):
        made(run(), order(tmp_path / "a.gif"))
    assert list(tmp_path.iterdir()) == []


def test_a_smooth_film_has_a_picture_for_each_of_its_frames(tmp_path):
    source = run()
    for smooth in (False, True):
        assert made(source, order(tmp_path / f"{smooth}.webp", seconds=1.0, smooth=smooth))
    still, moving = pictures(tmp_path / "False.webp"), pictures(tmp_path / "True.webp")
    assert (len(still), len(moving)) == (4, 10)
    for own, first in ((moving[0], still[0]), (moving[-1], still[-1])):
        np.testing.assert_array_equal(own, first)


def test_the_origin_of_the_run_is_asked_for_once_and_not_for_each_picture(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(ListSource, "origin", lambda _source, snapshot: asked.append(snapshot.step))
    assert made(run(), order(tmp_path / "a.gif"))
    assert asked == [30]


@pytest.mark.parametrize("dim", [2, 3])
def test_frames_are_those_of_the_stage_on_the_widest_axes(dim, tmp_path):
    source = run(dim)
    wanted = order(tmp_path / "a.webp", views=("features", "angles", "two-classes", "curves"), width=800)
    assert made(source, wanted)
    found = pictures(tmp_path / "a.webp")
    stage = build(source, wanted.figure)
    for index in range(len(STEPS)):
        stage.show_frame(source.frame(index))
    expected = []
    for index in range(len(STEPS)):
        stage.show_frame(source.frame(index))
        expected.append(pixels_of(stage))
    np.testing.assert_array_equal(found, expected)
    plot = stage.pane.primary.plane if dim == 2 else stage.pane.primary.space
    reach = plot.visible().right if dim == 2 else plot.extent.length
    stage.end()
    alone = build(ListSource([source.frame(0)]), wanted.figure)
    plot = alone.pane.primary.plane if dim == 2 else alone.pane.primary.space
    assert (plot.visible().right if dim == 2 else plot.extent.length) < reach / 5
    alone.end()


def test_axes_numbers_are_the_same_pixels_in_every_frame(tmp_path):
    assert made(run(), order(tmp_path / "a.webp"))
    found = np.stack(pictures(tmp_path / "a.webp"))
    moving = np.ptp(found.astype(int), axis=0).max(axis=2) > 0
    assert moving[80:280, 60:].any()
    assert not moving[80:280, :20].any(), "the numbers of the vertical axis"


def test_trails_are_those_of_the_figure_whatever_frames_the_film_leaves_out(tmp_path):
    source = run()
    rows = np.array([1, 2, 3])
    selected = FigureLook(selection=rows, options={"features": {"trails": True}})

    def with_selection(shown, figure):
        return FigureStage(shown, figure, THEMES["light"], selected)

    wanted = order(tmp_path / "a.webp", seconds=0.2)  # the first and the last frame only
    assert made(source, wanted, with_selection)
    stage = with_selection(source, wanted.figure)
    stage.make_room(source.frame(3))
    stage.show_frame(source.frame(0))
    stage.pass_over([source.frame(1), source.frame(2)])
    stage.show_frame(source.frame(3))
    np.testing.assert_array_equal(pictures(tmp_path / "a.webp")[-1], pixels_of(stage))
    stage.end()


def test_a_gif_has_the_pictures_of_the_lossless_film(tmp_path):
    source = run()
    for name in ("webp", "gif"):
        assert made(source, order(tmp_path / f"a.{name}"))
    exact, found = (np.stack(pictures(tmp_path / f"a.{name}")).astype(int) for name in ("webp", "gif"))
    apart = np.abs(exact - found).max(axis=3)
    assert np.percentile(apart, 99) <= 12
    assert (apart > 40).mean() < 0.001


def test_a_damaged_frame_is_shown_as_the_one_before_it(tmp_path):
    source = run()
    whole = source.frame

    def frame(index):
        if index == 2:
            raise LookupError(index)
        return whole(index)

    source.frame = frame
    assert made(source, order(tmp_path / "a.webp"))
    found = pictures(tmp_path / "a.webp")
    assert len(found) in (3, 4)
    assert (found[-1] != found[0]).any()


@pytest.mark.parametrize("name", FILM_FORMATS)
@pytest.mark.parametrize("after", [2, 6, 9])
def test_a_film_that_is_cancelled_leaves_an_older_file_as_it_was(name, after, tmp_path):
    path, stop = tmp_path / f"a.{name}", Event()
    path.write_bytes(b"older")
    turns = film_turns(build, run(), order(path, force=True), stop, patience=5.0)
    for _ in range(after):
        next(turns)
    stop.set()
    assert finished(turns) is False
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"older"


def test_turns_that_are_dropped_leave_nothing(tmp_path):
    turns = film_turns(build, run(), order(tmp_path / "a.gif"), Event(), patience=5.0)
    for _ in range(8):
        next(turns)
    turns.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FILM_FORMATS)
def test_a_full_disk_is_said_in_a_sentence_and_leaves_nothing(name, tmp_path, monkeypatch):
    def write_some(file, *_others):
        file.write(b"some")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(encoders, "write_film", write_some)
    path = tmp_path / f"a.{name}"
    path.write_bytes(b"older")
    with pytest.raises(ExportError, match=r"Cannot write .*: No space left on device\."):
        made(run(), order(path, force=True))
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"older"


def test_a_file_that_is_there_is_kept_without_force_before_anything_is_painted(tmp_path):
    path = tmp_path / "a.gif"
    path.write_bytes(b"older")
    with pytest.raises(ExportUsageError, match="already exists"):
        next(film_turns(build, run(), order(path), Event()))
    assert path.read_bytes() == b"older"


def test_a_run_that_begins_again_ends_the_film_with_a_sentence(tmp_path):
    source = run()
    turns = film_turns(build, source, order(tmp_path / "a.gif"), Event())
    next(turns)
    other = run()
    source.probe, source.frame = other.probe, other.frame
    with pytest.raises(ExportError, match="Another run has begun"):
        finished(turns)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_grows_meanwhile_keeps_its_axis_of_steps(tmp_path):
    source = run()
    views = ("curves",)
    assert made(source, order(tmp_path / "still.webp", views=views, last=20))
    turns = film_turns(build, source, order(tmp_path / "grown.webp", views=views, last=20), Event(), 5.0)
    for number, _turn in enumerate(turns):
        if number == 1:
            source.append(replace(source.frame(3), step=3_000, elapsed=60.0))
    still, grown = (pictures(tmp_path / f"{name}.webp") for name in ("still", "grown"))
    np.testing.assert_array_equal(still, grown)


@pytest.mark.parametrize(("width", "height"), [(320, 240), (60, 40)])
def test_a_small_picture_shows_all_of_its_views(width, height):
    stage = build(run(), Figure(width=width, height=height, scale=1.0))
    assert stage.size().toTuple() == (width, height)
    assert pixels_of(stage).shape == (height, width, 3)
    stage.end()
