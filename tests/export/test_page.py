"""What a page holds of a run: which frames and images, exact settings, and no name that breaks it."""

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from core.recording import small_run
from export import page_run
from hypothesis import given
from hypothesis import strategies as st

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.cli import main
from explorer.core.recording.reader import Recording
from explorer.core.settings.config import RunConfig
from explorer.core.settings.files import from_toml
from explorer.core.settings.stressors import DAMAGES
from explorer.export.page import content
from explorer.export.page.chosen import chosen_frames, chosen_rows
from explorer.export.page.frames import packed_frames
from explorer.export.page.packing import Packer
from explorer.export.page.rerun import command_line
from explorer.export.page.words import words
from explorer.export.request import Request
from explorer.export.settings_head import carried_text
from explorer.worker import headless

LIMIT = 3_000_000
PARTS = Path(__file__).parents[2] / "resources" / "page"


BANDS = [
    ("l-gm", {"alpha": 0.3}, None),
    ("l-gm", {"alpha": 0.0}, 0),
    ("softmax", {}, 0),
    ("arcface", {"margin": 0.2}, 20),
]
"""Losses and how many bands a page shows, None where their edges bend."""


def export(run, out, *arguments):
    return main(["export", str(run), "--format", "html", "--out", str(out), *arguments])


@given(
    steps=st.lists(st.integers(0, 10**6), min_size=1, max_size=300, unique=True).map(sorted),
    marked=st.lists(st.integers(0, 10**6), max_size=60),
    most=st.integers(2, 120),
)
def test_first_and_last_frame_and_as_many_as_fit_are_chosen(steps, marked, most):
    chosen = chosen_frames(steps, marked, most)
    assert len(chosen) == min(most, len(steps))
    assert list(chosen) == sorted(set(chosen))
    assert (chosen[0], chosen[-1]) == (0, len(steps) - 1)


def test_the_frame_that_first_shows_a_change_is_chosen_and_others_are_even():
    chosen = chosen_frames(range(0, 10_000, 10), [123, 5_000], 12)
    assert {13, 500} <= set(chosen)
    assert max(np.diff(chosen)) < 2 * 1_000 / 10


@given(
    labels=st.lists(st.integers(0, 4), min_size=1, max_size=200),
    train=st.integers(0, 200),
    most=st.integers(2, 100),
)
def test_each_class_and_split_has_the_same_fraction_of_its_images(labels, train, most):
    split = np.arange(len(labels)) < train
    probe = ProbeSet(
        np.array(labels, np.uint8), np.arange(len(labels)), split.astype(np.uint8), 5, 1000, 1000
    )
    rows = chosen_rows(probe, most)
    assert len(rows) == min(most, len(labels)) == len(set(rows.tolist()))
    fraction = len(rows) / len(labels)
    for label in range(5):
        for part in (False, True):
            group = (probe.labels == label) & (split == part)
            assert abs(np.count_nonzero(group[rows]) - fraction * group.sum()) < 1


def test_a_page_of_120_frames_of_2000_points_in_space_is_below_3_mb(tmp_path):
    """The points are noise, which compresses worse than those of any run."""
    page_run.record(tmp_path / "run.lossrun", loss="arcface", dim=3, frames=200, images=2_100)
    assert export(tmp_path / "run.lossrun", tmp_path / "run.html") == 0
    size = (tmp_path / "run.html").stat().st_size
    assert 1_000_000 < size < LIMIT


@pytest.mark.parametrize("loss", ["arcface", "softmax"])
def test_many_dimensions_are_projected_to_the_principal_components_of_the_last_frame(tmp_path, loss):
    path = tmp_path / "run.lossrun"
    page_run.record(path, loss=loss, dim=64, frames=3)
    with Recording(path) as recording:
        data = content.page_of(Request(recording, tmp_path / "run.html", None, False, True, [])).data
        last = recording.frame(2).features.numpy().astype(np.float64)
    if loss == "arcface":  # only directions count
        last /= np.linalg.norm(last, axis=1, keepdims=True)
    spread = np.linalg.eigvalsh(np.cov(last.T))[::-1]
    assert (data.dim, data.projected_from) == (3, 64)
    assert data.share == pytest.approx(spread[:3].sum() / spread.sum(), rel=0.03)
    assert [frame.form for frame in data.frames] == [None] * 3, "no region is exact"
    assert data.places["features"].count == 3 * 3 * 150


def test_large_images_are_made_small(tmp_path, monkeypatch):
    monkeypatch.setattr(content, "probe_images", lambda *_: np.full((150, 300, 200), 7, np.uint8))
    page_run.record(tmp_path / "run.lossrun", frames=2)
    assert export(tmp_path / "run.lossrun", tmp_path / "run.html") == 0
    assert '"imageSide":32,' in (tmp_path / "run.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("title", "credit"),
    [
        ("MNIST", ("MNIST", "Yann LeCun, Corinna Cortes", "CC BY-SA 3.0")),
        ("Fashion-MNIST", ("Fashion-MNIST", "Zalando SE", "MIT")),
        ("EMNIST digits", None),
        ("flowers", None),
    ],
)
def test_the_authors_and_the_licence_of_the_images_are_named(title, credit):
    found = content.credit_of(title, "/data/somewhere")
    assert (found and (found.title, found.authors, found.licence)) == credit


def test_a_run_of_an_old_release_on_mnist_names_its_authors(tmp_path):
    page_run.record(tmp_path / "run.lossrun", frames=2)
    assert export(tmp_path / "run.lossrun", tmp_path / "run.html") == 0
    page = (tmp_path / "run.html").read_text("utf-8")
    assert (
        '"credit":{"title":"MNIST","authors":"Yann LeCun, Corinna Cortes","licence":"CC BY-SA 3.0"}' in page
    )
    assert "Images: {title} by {authors} ({licence})" in page


NAMES = ("</script><script>alert(1)</script>", "<!--<script>", "a & b \"c\" 'd' \u2028 ]]>")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_a_run_ends_no_element(tmp_path, name):
    page_run.record(tmp_path / "run.lossrun", frames=2, name=name)
    assert export(tmp_path / "run.lossrun", tmp_path / "run.html") == 0
    page = (tmp_path / "run.html").read_text("utf-8")
    assert page.count("<script") == page.count("</script>") == 5
    for element in re.findall(r"<script type=\"application[^>]*>(.*?)</script>", page, re.DOTALL):
        assert "<" not in element


def test_the_scripts_and_the_style_name_no_other_address():
    """But the name of the SVG elements, which is not loaded."""
    parts = sorted(PARTS.iterdir())
    assert len(parts) > 5
    for part in parts:
        text = part.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|//[a-z]+\.|url\(|@import", text), part.name


@pytest.mark.parametrize(("loss", "params", "bands"), BANDS)
def test_a_page_says_that_bands_bend_only_where_there_are_bands(loss, params, bands):
    means = np.random.default_rng(0).normal(0, 9, (10, 2)).astype(np.float32)
    gaussian = {"weight": None, "centers": means, "log_variance": means / 9} if loss == "l-gm" else {}
    snapshot = make_snapshot(100, loss=loss, params=params, **gaussian)
    facts = packed_frames([snapshot], np.arange(100), Packer())
    assert facts[0].bands == bands


def test_the_scripts_use_all_words_that_a_page_has_and_no_others():
    parts = {path.name: path.read_text("utf-8") for path in PARTS.iterdir() if path.suffix != ".css"}
    named = {
        name
        for text in parts.values()
        for name in re.findall(r"data-word=\"(\w+)\"", text) + re.findall(r"'(\w+)'", text)
    }
    known = set(words("", RunConfig(), [])["en"]["labels"])
    assert known <= named | set(DAMAGES)  # the page has these by their numbers
    said = {name for text in parts.values() for name in re.findall(r"say\('(\w+)'", text)}
    assert said | set(re.findall(r"data-word=\"(\w+)\"", parts["page.html"])) <= known


CONFIGS = [
    RunConfig(),
    small_run.SECOND,
    RunConfig().replace(
        {
            "loss.name": "triplet",
            "network.relu": True,
            "data.source": "/data/it's mine; rm -r $HOME <b>",
            "data.left_out": "3,5-9",
            "optimizer.schedule": "constant",
            "optimizer.rate": 0.123456789,
        }
    ),
    RunConfig().replace({"optimizer.name": "adamw", "optimizer.rate": 0.1}),
    RunConfig().replace({"optimizer.name": "adamw"}),
]


@pytest.mark.parametrize("config", CONFIGS)
def test_the_command_trains_with_the_settings_of_the_run(config, monkeypatch, tmp_path):
    trained = []
    monkeypatch.setattr(headless, "train", lambda *arguments: trained.append(arguments))
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(command_line(config, 1.0042735))
    assert program == "loss-explorer"
    main(arguments)
    ((found, until, *_),) = trained
    assert found == config
    assert until.epoch == pytest.approx(1.004273)


@pytest.mark.parametrize("config", CONFIGS)
def test_the_settings_that_a_file_carries_are_read_as_they_are(config):
    assert from_toml(carried_text(config, 0, None)) == config


def test_a_page_up_to_a_step_ends_there(tmp_path):
    page_run.record(tmp_path / "run.lossrun")
    assert export(tmp_path / "run.lossrun", tmp_path / "run.html", "--at", "39") == 0
    page = (tmp_path / "run.html").read_text("utf-8")
    with Recording(tmp_path / "run.lossrun") as recording:
        steps = [step for step in recording.steps if step <= 39]
    frames = page[page.index('"frames":') : page.index('"totalFrames"')]
    assert [int(step) for step in re.findall(r'"step":(\d+)', frames)] == steps


def test_what_cannot_be_asked_is_said(tmp_path, capsys):
    page_run.record(tmp_path / "run.lossrun", frames=2)
    assert export(tmp_path / "run.lossrun", tmp_path / "a.html", "--at", "999") == 2
    assert "there is no step 999" in capsys.readouterr().err
    arguments = ["export", str(tmp_path / "run.lossrun"), "--out", str(tmp_path / "a.csv"), "--format", "csv"]
    assert main([*arguments, "--frames", "3"]) == 2
    assert "takes neither --frames nor --points" in capsys.readouterr().err
    for number in ("1", "0", "-5"):
        assert export(tmp_path / "run.lossrun", tmp_path / "a.html", "--points", number) == 2
        assert "--frames and --points take at least 2." in capsys.readouterr().err
    assert not list(tmp_path.glob("a.*"))
