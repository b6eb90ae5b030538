"""Figures as other programs read them: the same in every format, with text, fonts and settings in it."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pypdfium2
import pytest
import resvg_py
from analysis.snapshots import make_snapshot
from gui.session.sources import ListSource
from msgspec.structs import replace
from PIL import Image
from pypdf import PdfReader
from PySide6.QtGui import QImage

from explorer.core.data.resources import resource
from explorer.core.settings.files import from_toml
from explorer.export.files import ExportError, ExportUsageError
from explorer.gui.figures.figure import FIGURE_FORMATS, FIGURE_POINTS, MOST_VECTOR_POINTS, Figure
from explorer.gui.figures.look import FigureLook
from explorer.gui.figures.pictures import image_of, write_figure
from explorer.gui.figures.stage import FigureStage
from explorer.gui.reproduction.settings_text import SETTINGS_KEY
from explorer.gui.state.view_state import DisplaySettings
from explorer.gui.theme.theme import DARK, LIGHT, THEMES
from explorer.gui.views.registry import VIEWS

SVG = "{http://www.w3.org/2000/svg}"
FONTS = [str(path) for path in resource("fonts").glob("*.ttf")]
VIEW_IDS = tuple(spec.id for spec in VIEWS)


def source(dim: int = 2) -> ListSource:
    probe = make_snapshot(300, dim=dim, loss="arcface", train=100).probe
    frames = [make_snapshot(300, dim=dim, loss="arcface", probe=probe, step=step) for step in (1_000, 1_200)]
    return ListSource([replace(frame, scalars={"loss": 0.5, "test_accuracy": 0.972}) for frame in frames])


@pytest.fixture
def stage_of(qapp):  # noqa: ARG001  # widgets need it
    """Return a function that builds the stage of a figure, which ends with the test."""
    stages: list[FigureStage] = []

    def build(figure: Figure, run=None, look: FigureLook | None = None) -> FigureStage:
        stages.append(FigureStage(run or source(), figure, THEMES[figure.theme], look or FigureLook()))
        return stages[-1]

    yield build
    for stage in stages:
        stage.end()


def opened(path) -> Image.Image:
    with Image.open(path) as image:
        image.load()
    return image


def pixels(image: Image.Image) -> np.ndarray:
    """Return (height, width, 3) as seen on white, smoothed: programs differ in how they paint an edge."""
    flat = Image.new("RGBA", image.size, "white")
    flat.alpha_composite(image.convert("RGBA"))
    return np.asarray(flat.convert("RGB").reduce(4), dtype=np.float64)


def stored(image: QImage) -> np.ndarray:
    """Return (height, width, 4): blue, green, red, alpha, as they are stored."""
    return np.ndarray((image.height(), image.width(), 4), np.uint8, image.constBits()).astype(np.float64)


def from_svg(path, width: int) -> Image.Image:
    """Return a drawing as a program paints it that has the fonts of this one."""
    painted = resvg_py.svg_to_bytes(
        svg_path=str(path), width=width, dpi=96, font_files=FONTS, sans_serif_family="DejaVu Sans"
    )
    return Image.open(io.BytesIO(bytes(painted)))


def from_pdf(path, width: int) -> Image.Image:
    page = pypdfium2.PdfDocument(path)[0]
    scale = width / page.get_width()
    return page.render(scale=scale).to_pil().resize((width, round(scale * page.get_height())))


@pytest.mark.parametrize(
    ("view", "theme"),
    [*((view, "light") for view in VIEW_IDS), ("space", "light"), ("space", "dark"), ("classes", "dark")],
)
def test_every_format_shows_the_same(view, theme, stage_of, tmp_path):
    figure = Figure(views=("features" if view == "space" else view,), theme=theme, width=480, height=360)
    stage = stage_of(figure, source(3 if view == "space" else 2))
    for name in FIGURE_FORMATS:
        write_figure(stage, tmp_path / f"a.{name}", force=False)
    seen = opened(tmp_path / "a.png")
    assert seen.size == figure.pixels
    expected = pixels(seen)
    assert np.ptp(expected) > 100, "something is on it"
    for read, name, shifted in ((from_svg, "svg", 0.004), (from_pdf, "pdf", 0.004)):
        apart = np.abs(pixels(read(tmp_path / f"a.{name}", seen.width)) - expected).max(axis=2)
        assert (apart > 90).mean() < shifted, name
        assert apart.mean() < 5, name


def test_the_sphere_of_an_svg_has_the_colours_that_it_has_on_screen(stage_of, tmp_path):
    """A reader of SVG does not move the filling of the sphere to its place."""
    stage = stage_of(Figure(width=480, height=360), source(3))
    for name in ("png", "svg"):
        write_figure(stage, tmp_path / f"a.{name}", force=False)
    seen = opened(tmp_path / "a.png")
    expected, found = pixels(seen), pixels(from_svg(tmp_path / "a.svg", seen.width))
    height, width = expected.shape[:2]
    middle = np.s_[height // 2 - 12 : height // 2 + 12, width // 2 - 12 : width // 2 + 12]
    assert np.abs(found[middle] - expected[middle]).mean() < 7


CIRCLES = (f"{SVG}circle", f"{SVG}ellipse")


def discs(path) -> int:
    return sum(part.tag in CIRCLES for part in ElementTree.parse(path).iter())


@pytest.mark.parametrize("dim", [2, 3])
def test_few_points_are_vectors_and_many_an_image_unless_asked_otherwise(dim, stage_of, tmp_path):
    """300 test images and 100 training images of the data set are 400 discs, of which 3 are selected."""
    look = FigureLook(selection=np.array([3, 7, 311]))
    counts = {}
    for points in FIGURE_POINTS:
        stage = stage_of(Figure(points=points, width=480, height=360), source(dim), look)
        write_figure(stage, tmp_path / f"{points}.svg", force=False)
        counts[points] = discs(tmp_path / f"{points}.svg")
    assert counts["auto"] == counts["vector"]
    assert 300 <= counts["vector"] - counts["image"] <= 420
    many = ListSource([make_snapshot(MOST_VECTOR_POINTS + 1, dim=dim, loss="arcface")])
    write_figure(stage_of(Figure(width=480, height=360), many), tmp_path / "many.svg", force=False)
    assert discs(tmp_path / "many.svg") < 200


def test_vector_points_look_as_those_on_screen(stage_of, tmp_path):
    """Rings, selected points and their rims included: each has the size and colour of an image's."""
    look = FigureLook(selection=np.array([3, 7, 311]))
    stage = stage_of(Figure(width=480, height=360), source(), look)
    for name in ("png", "svg"):
        write_figure(stage, tmp_path / f"a.{name}", force=False)
    seen = opened(tmp_path / "a.png")
    expected, found = pixels(seen), pixels(from_svg(tmp_path / "a.svg", seen.width))
    inside = np.s_[20:70, 20:100]
    apart = np.abs(found - expected).max(axis=2)[inside]
    assert apart.mean() < 6
    assert (apart > 90).mean() < 0.01


def test_text_is_text_and_fonts_are_embedded(stage_of, tmp_path):
    stage = stage_of(Figure())
    write_figure(stage, tmp_path / "a.svg", force=False)
    write_figure(stage, tmp_path / "a.pdf", force=False)
    tree = ElementTree.parse(tmp_path / "a.svg")
    words = " ".join(part.text or "" for part in tree.iter(f"{SVG}text"))
    families = set(re.findall(r'font-family="([^"]*)"', (tmp_path / "a.svg").read_text("utf-8")))
    assert "ArcFace" in words
    assert "x₁" in words
    assert all(family.endswith(", sans-serif") and "Sans Serif" not in family for family in families)
    page = PdfReader(tmp_path / "a.pdf").pages[0]
    assert "ArcFace" in page.extract_text()
    assert "97.2%" in page.extract_text(), "figures of one width are text, too"
    check_fonts(page)


def check_fonts(page) -> None:
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        (described,) = font["/DescendantFonts"]
        assert described.get_object()["/Subtype"] == "/CIDFontType2", "TrueType, and no Type 3"
        assert "/FontFile2" in described.get_object()["/FontDescriptor"]


def test_sizes_on_paper_are_those_asked_for(stage_of, tmp_path):
    stage = stage_of(Figure(width=420, height=283, dpi=120, scale=5.0))
    for name in FIGURE_FORMATS:
        write_figure(stage, tmp_path / f"a.{name}", force=False)
    wide, high = 420 / 120, 283 / 120
    assert opened(tmp_path / "a.png").info["dpi"] == pytest.approx((600, 600), abs=0.1)
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    assert (root.get("width"), root.get("height")) == (f"{wide * 25.4:.3f}mm", f"{high * 25.4:.3f}mm")
    box = PdfReader(tmp_path / "a.pdf").pages[0].mediabox
    assert (float(box.width) / 72, float(box.height) / 72) == pytest.approx((wide, high), abs=0.01)


def test_each_carries_the_settings_of_its_run(stage_of, tmp_path):
    run = source()
    stage = stage_of(Figure(), run)
    for name in FIGURE_FORMATS:
        write_figure(stage, tmp_path / f"a.{name}", force=False)
    found = [
        opened(tmp_path / "a.png").text[SETTINGS_KEY],
        ElementTree.parse(tmp_path / "a.svg").find(f"{SVG}metadata[@id='{SETTINGS_KEY}']").text,
        PdfReader(tmp_path / "a.pdf").attachments["settings.toml"][0].decode(),
    ]
    assert [from_toml(text) for text in found] == 3 * [run.snapshot.config]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_transparent_image_looks_the_same_on_the_background_it_had(theme, stage_of):
    stage = stage_of(Figure(theme=theme.name, views=("features", "angles")))
    opaque = stored(image_of(stage))
    stage.figure = replace(stage.figure, transparent=True)
    clear = stored(image_of(stage))
    alpha = clear[..., 3:] / 255
    assert (alpha == 0).mean() > 0.3
    assert (alpha == 1).mean() > 0.005
    assert ((alpha > 0.1) & (alpha < 0.9)).mean() > 0.1, "regions are translucent"
    shown = clear[..., :3] + (1 - alpha) * np.array(theme.plot[::-1])
    assert np.abs(shown - opaque[..., :3]).max() <= 6


def test_lines_are_as_wide_in_a_large_image_as_in_a_small_one(stage_of):
    inked = []
    for scale in (1, 4):
        stage = stage_of(Figure(views=("curves",), scale=float(scale), caption=False))
        inked.append((255 - stored(image_of(stage))[..., :3]).mean())
    assert inked[1] == pytest.approx(inked[0], rel=0.2)


def test_a_figure_shows_what_was_chosen_in_the_views(stage_of):
    look = FigureLook(display=DisplaySettings(hidden=frozenset({3})), selection=np.array([5, 7]))
    stage = stage_of(Figure(), look=look)
    assert stage.pane.state.selection.rows.tolist() == [5, 7]
    shown = [swatch.label for swatch in stage.pane.primary.bar.legend.swatches if swatch.shown]
    assert shown == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    assert not stage.pane.primary.bar.tools["move"].isVisible()
    assert stage.title == "ArcFace · s = 10 · m = 0.2 · 2-D · step 1,200 · test accuracy 97.2%"


def test_the_views_of_a_figure_have_the_same_size(stage_of):
    stage = stage_of(Figure(views=VIEW_IDS[:4], width=900, height=700))
    sizes = {(view.width(), view.height()) for view in (stage.pane.views[name] for name in VIEW_IDS[:4])}
    assert max(w for w, _ in sizes) - min(w for w, _ in sizes) <= 1
    assert max(h for _, h in sizes) - min(h for _, h in sizes) <= 1


def test_what_cannot_be_written_is_said_and_nothing_is_lost(stage_of, tmp_path):
    stage = stage_of(Figure())
    kept = tmp_path / "a.png"
    kept.write_text("older")
    with pytest.raises(ExportUsageError, match="already exists"):
        write_figure(stage, kept, force=False)
    with pytest.raises(ExportUsageError, match="written as PNG, SVG, PDF"):
        write_figure(stage, tmp_path / "a.bmp", force=False)
    for name in FIGURE_FORMATS:
        with pytest.raises(ExportError, match="there is no folder"):
            write_figure(stage, tmp_path / "nowhere" / f"a.{name}", force=False)
        with pytest.raises(ExportError, match="too long"):
            write_figure(stage, tmp_path / f"{'a' * 300}.{name}", force=False)
    stage.figure = replace(stage.figure, width=8_000, height=8_000, scale=4.0)
    with pytest.raises(ExportError, match=r"32,000 × 32,000 pixels"):
        write_figure(stage, kept, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
    assert kept.read_text() == "older"
