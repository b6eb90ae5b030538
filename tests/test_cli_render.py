"""Figures without a display: the command `render`."""

import io
import os
import subprocess
import sys

import pytest
import resvg_py
from core.recording import small_run
from PIL import Image

from explorer.cli import main

LIMIT = 120


@pytest.fixture
def run(tmp_path):
    path = tmp_path / "run.lossrun"
    small_run.record(path)
    return path


def render(run, *arguments):
    """Run the command in a process without a display; return its exit code, output and errors."""
    without = {
        name: value for name, value in os.environ.items() if "DISPLAY" not in name and name[:3] != "QT_"
    }
    done = subprocess.run(
        [sys.executable, "-m", "explorer", "render", str(run), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        env=without,
    )
    return done.returncode, done.stdout, done.stderr


def test_views_at_a_step_are_drawn_without_a_display(run, tmp_path):
    out = tmp_path / "a.svg"
    code, said, complaints = render(
        run,
        "--view",
        "features",
        "curves",
        "features",
        "--at",
        10,
        "--size",
        "800x300",
        "--theme",
        "dark",
        "--out",
        out,
    )
    assert (code, complaints) == (0, "")
    assert said == f"Written: {out}\n"
    assert "step 10" in out.read_text("utf-8")
    image = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_path=str(out), dpi=96))))
    assert image.size == (800, 300)
    assert image.convert("L").getpixel((2, 2)) < 60


@pytest.mark.usefixtures("qapp")
def test_a_film_has_the_pictures_of_figures(run, tmp_path, capsys):
    common = ["render", str(run), "--view", "features", "--size", "480x360", "--scale", "1"]
    common += ["--set", "features.regions=false", "--at", "20"]
    stretch = ["--from", "20", "--to", "20", "--seconds", "1", "--fps", "10", "--once"]
    assert main([*common, "--out", str(tmp_path / "a.png")]) == 0
    assert main([*common[:-2], *stretch, "--out", str(tmp_path / "a.webp")]) == 0
    assert main([*common[:-2], "--by", "seconds", "--speed", "0.5", "--out", str(tmp_path / "a.gif")]) == 0
    assert capsys.readouterr().err == ""
    with Image.open(tmp_path / "a.png") as figure, Image.open(tmp_path / "a.webp") as film:
        assert film.convert("RGB").tobytes() == figure.convert("RGB").tobytes()
    with Image.open(tmp_path / "a.gif") as film:  # 0.75 s of training at half the speed
        durations = [film.seek(number) or film.info["duration"] for number in range(film.n_frames)]
        assert (film.n_frames, sum(durations), film.size) == (4, 1520, (480, 360))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--view", "nowhere", "--out", "a.png"], 2, "There is no view nowhere. Choose from: features, "),
        (["--view", "features", "--out", "a.bmp"], 2, "a figure is written as PNG, SVG, PDF"),
        (["--view", "features", "--out", "a.png", "--at", "7000"], 2, "there is no step 7,000"),
        (["--view", "features", "--out", "a.png", "--size", "640"], 2, "640 is not a size such as 640x480"),
        (["--view", "features", "--out", "a.png", "--size", "9999x9999"], 2, "is not a size such as 640x480"),
        (
            ["--view", "features", "--out", "a.png", "--scale", "0.01"],
            2,
            "0.01 is not a scale from 0.5 to 16",
        ),
        (["--view", "features", "--out", "a.png", "--scale", "2,5"], 2, "2,5 has a comma: write 2.5"),
        (["--view", "features", "--out", "nowhere/a.png"], 1, "there is no folder"),
        (["--view", "features", "--out", "nowhere/a.gif"], 1, "there is no folder"),
        (["--view", "features", "--out", "a.gif", "--at", "20"], 2, "use --from and --to in place of --at"),
        (["--view", "features", "--out", "a.gif", "--from", "31"], 2, "no stretch from step 31 to 30"),
        (["--view", "features", "--out", "a.gif", "--fps", "60"], 2, "60 is not a number of frames from 1"),
        (["--view", "features", "--out", "a.gif", "--set", "features.no=1"], 2, "has no option no"),
        (["--view", "nowhere", "--out", "a.gif"], 2, "There is no view nowhere. Choose from: features, "),
    ],
)
@pytest.mark.usefixtures("qapp")
def test_what_is_wrong_is_said_in_a_sentence(run, tmp_path, arguments, code, words, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    try:
        found = main(["render", str(run), *arguments])
    except SystemExit as error:
        found = error.code
    printed = capsys.readouterr()
    assert (found, printed.out) == (code, "")
    assert words in printed.err
    assert sorted(tmp_path.iterdir()) == before
