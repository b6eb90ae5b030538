"""A page as a reader sees it, in Chromium: it plays, leads to steps, and shows what was recorded."""

import base64
import io
import os
import re
import shutil
import subprocess

import numpy as np
import pytest
from export import page_run
from PIL import Image
from playwright.sync_api import sync_playwright

from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.analysis.heads.registry import head_of
from explorer.analysis.quality.stress import stress_of
from explorer.analysis.raster.ten_hues import HUES_ON_LIGHT, field_of
from explorer.cli import main
from explorer.core.data.datasets import load_dataset
from explorer.core.languages import translations
from explorer.core.protocol.messages import TRAIN
from explorer.core.recording.reader import Recording
from explorer.core.stressors.damage import damaged_images
from explorer.export.page.chosen import chosen_rows

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
POINTS = 120
USUAL = {"locale": "en-GB", "color_scheme": "light", "viewport": {"width": 1000, "height": 640}}
NAME = "</script><script>window.acted = true</script>"


def installed_browser():
    """Return the path of a Chromium that sees the files of tests; None for none, or for a snap only."""
    for path in filter(None, map(shutil.which, BROWSERS)):
        if os.path.realpath(path).startswith("/snap") or os.path.realpath(path) == "/usr/bin/snap":
            continue
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        if answer.returncode == 0 and re.search(r"\d+\.\d+", answer.stdout):
            return path
    return None


@pytest.fixture(scope="module")
def browser():
    path = installed_browser()
    if path is None:
        pytest.skip("needs Chromium: sh .ci/system-packages test, or Google Chrome in the PATH")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def written(folder, **options):
    page_run.record(folder / "run.lossrun", **options)
    arguments = ["--format", "html", "--points", str(POINTS), "--out", str(folder / "run.html")]
    assert main(["export", str(folder / "run.lossrun"), *arguments]) == 0
    return folder


@pytest.fixture(scope="module")
def plane(tmp_path_factory):
    """Return the folder of a run in the plane and its page."""
    return written(tmp_path_factory.mktemp("plane"), name=NAME)


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    return written(tmp_path_factory.mktemp("space"), dim=3, loss="arcface", frames=4)


@pytest.fixture(scope="module")
def stressed(tmp_path_factory):
    """Return the folder of a run with a margin, wrong labels and damaged images."""
    settings = {"loss.margin": 0.2, "data.wrong_labels": 0.5, "data.blur": 0.9, "data.damaged": 0.6}
    return written(tmp_path_factory.mktemp("stressed"), loss="arcface", frames=3, settings=settings)


class Opened:
    """A page in a tab, and everything that it did which a page should not."""

    def __init__(self, browser, folder, link="", before="", **context):
        self.context = browser.new_context(**(USUAL | context))
        self.tab = self.context.new_page()
        self.tab.add_init_script(before)
        self.complaints = []
        self.tab.on("console", lambda message: self.complaints.append(message.text))
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("request", self._on_request)
        self.tab.goto(f"{(folder / 'run.html').as_uri()}{link}")
        self.wait("window.lossExplorer !== undefined")

    def _on_request(self, request):
        if not request.url.startswith(("file:", "data:")):
            self.complaints.append(request.url)

    def js(self, expression, *argument):
        return self.tab.evaluate(expression, *argument)

    def wait(self, condition):
        """Wait until a condition holds. The driver would evaluate a text, which the policy forbids."""
        self.js(
            "new Promise((resolve) => { const look = () => "
            f"{condition} ? resolve() : setTimeout(look, 10); look(); }})"
        )

    def text(self, name):
        return self.tab.locator(f"#{name}").inner_text()

    @property
    def step(self):
        return self.js("lossExplorer.frame.step")

    def shown(self):
        """Return the rows whose points are drawn."""
        return self.js("lossExplorer.plot.points.map((point) => point.row)")

    def card_image(self):
        """Return the grey values (28, 28) of the image on the card."""
        context = "document.getElementById('card-image').getContext('2d')"
        values = self.js(f"Array.from({context}.getImageData(0, 0, 28, 28).data)")
        return np.array(values).reshape(28, 28, 4)[..., 0]

    def pixels(self):
        """Return the canvas as an image (height, width, 3)."""
        address = self.js("document.getElementById('canvas').toDataURL('image/png')")
        picture = Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))
        return np.asarray(picture.convert("RGB"))


@pytest.fixture
def opened(browser):
    """Return a function that opens a page; at the end, none may have complained or asked for an address."""
    pages = []

    def open_page(folder, link="", **context):
        pages.append(Opened(browser, folder, link, **context))
        return pages[-1]

    yield open_page
    for page in pages:
        page.context.close()
        assert page.complaints == []


def snapshots(folder):
    with Recording(folder / "run.lossrun") as recording:
        probe = ProbeSet.of(recording.started)
        return probe, [
            Snapshot.of(recording.frame(number), probe, recording.config(number))
            for number in range(recording.frames)
        ]


def test_it_opens_at_the_last_step_and_plays_from_the_first(opened, plane):
    page = opened(plane)
    assert page.step == 110
    assert "step 110 · epoch 1.1" in page.text("moment")
    assert "100 of 10,000 test images · 12 of 12 frames" in page.text("caption")
    assert "Images: MNIST by Yann LeCun, Corinna Cortes (CC BY-SA 3.0)" in page.text("footer")
    page.tab.locator("#play").click()
    assert page.tab.locator("#play").get_attribute("aria-label") == "Pause"
    page.wait("lossExplorer.frame.step > 0 && lossExplorer.frame.step < 110")
    page.wait("!lossExplorer.player.playing")
    assert page.step == 110


def test_keys_go_through_the_frames(opened, plane):
    page = opened(plane)
    for key, step in [("Home", 0), ("ArrowRight", 10), ("ArrowRight", 20), ("ArrowLeft", 10), ("End", 110)]:
        page.tab.keyboard.press(key)
        assert page.step == step
    page.tab.keyboard.press("Space")
    assert page.js("lossExplorer.player.playing")
    page.tab.keyboard.press("Space")
    assert not page.js("lossExplorer.player.playing")


def test_a_link_leads_to_the_frame_that_was_shown_at_its_step_and_can_be_copied(opened, plane):
    page = opened(plane, "#step=59")
    assert page.step == 50
    for link, step in (("#step=999999", 110), ("#step=30", 30)):
        page.js("(link) => { location.hash = link }", link)
        page.wait(f"lossExplorer.frame.step === {step}")
    copied = []
    page.tab.expose_function("note", lambda text: copied.append(text))
    page.js("Object.defineProperty(navigator, 'clipboard', { value: { writeText: (text) => note(text) } })")
    page.tab.locator("#copy-link").click()
    page.wait("document.getElementById('copy-link').textContent === 'Copied'")
    assert copied == [f"{(plane / 'run.html').as_uri()}#step=30"]


def test_marks_say_what_happened_and_lead_there(opened, plane):
    page = opened(plane)
    assert page.text("events").splitlines() == [
        "step 20 Class 2 is learnt.",
        "step 45 Learning rate 0.1 → 0.05",
    ]
    page.tab.get_by_role("button", name="step 20 Class 2 is learnt.").click()
    assert page.step == 20
    assert page.text("now") == "Step 20: Class 2 is learnt."


def test_the_legend_hides_isolates_and_shows_classes(opened, plane):
    page = opened(plane)
    probe, _ = snapshots(plane)
    labels = probe.labels[chosen_rows(probe, POINTS)]
    button = page.tab.get_by_role("button", name="Class 3")
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert 3 not in labels[page.shown()]
    button.dblclick()
    assert set(labels[page.shown()]) == {3}
    page.tab.locator("#show-all").click()
    assert set(labels[page.shown()]) == set(range(10))
    page.tab.locator("#show-train").check()
    assert len(page.shown()) == POINTS


def test_the_pointer_shows_image_label_and_prediction(opened, plane):
    page = opened(plane)
    probe, frames = snapshots(plane)
    rows = chosen_rows(probe, POINTS)
    point = page.js("lossExplorer.plot.points.at(-1)")
    box = page.tab.locator("#canvas").bounding_box()
    page.tab.mouse.move(box["x"] + point["x"], box["y"] + point["y"])
    row = rows[point["row"]]
    predicted = head_of(frames[-1]).scores(frames[-1].features[[row]]).argmax()
    lines = page.tab.locator("#card-text p").all_inner_texts()
    assert lines[:3] == [
        f"Class {probe.labels[row]}",
        f"predicted: {predicted}",
        f"Test image {row}",
    ]
    np.testing.assert_array_equal(page.card_image(), load_dataset().test.pixels[probe.indices[row]])
    with_trail = page.pixels()
    page.tab.mouse.move(box["x"] + 1, box["y"] + 1)
    assert page.tab.locator("#card").is_hidden()
    trail = (with_trail != page.pixels()).any(axis=2)
    for frame in (-3, -2):
        place = frames[frame].features[row]
        x, y, *_ = page.js("(place) => lossExplorer.plot.camera.project(place)", place.tolist())
        near = trail[max(0, round(y) - 3) : round(y) + 4, max(0, round(x) - 3) : round(x) + 4]
        assert near.size == 0 or near.any(), "the trail goes through the places of the frames before"
    assert trail.any()


def test_dark_and_chinese_follow_the_system_and_can_be_switched(opened, plane):
    chinese = translations("zh_CN").gettext
    page = opened(plane, locale="zh-CN", color_scheme="dark")
    assert page.text("show-all") == chinese("Show all")
    assert page.js("document.documentElement.lang") == "zh-Hans"
    assert page.pixels()[2, 2].max() < 128
    page.tab.locator("#theme").click()
    page.tab.locator("#language").click()
    assert page.text("show-all") == "Show all"
    assert page.pixels()[2, 2].min() > 128
    assert "Learning rate" in page.text("settings-rows")


def test_the_features_are_those_of_the_recording_within_the_rounding(opened, plane):
    page = opened(plane)
    probe, frames = snapshots(plane)
    rows = chosen_rows(probe, POINTS)
    for number, snapshot in enumerate(frames):
        expected = snapshot.features[rows]
        found = page.js("(n) => lossExplorer.run.coordinates(n).map((axis) => Array.from(axis))", number)
        error = abs(np.array(found).T - expected).max()
        assert error <= abs(expected).max() / 32767
        predicted = page.js("(n) => Array.from(lossExplorer.run.predicted(n))", number)
        assert predicted == head_of(snapshot).scores(expected).argmax(axis=1).tolist()


def test_features_that_are_not_finite_are_counted_and_not_drawn(opened, tmp_path):
    page = opened(written(tmp_path, frames=3, broken=True))
    page.js("lossExplorer.player.seek(1)")
    assert "features that are not finite: 1" in page.text("caption")
    first = page.js("lossExplorer.run.coordinates(1).map((axis) => Number.isNaN(axis[0]))")
    assert first == [True, True]
    page.js("lossExplorer.player.seek(2)")
    assert "not finite" not in page.text("caption")


def test_the_regions_are_those_of_the_classifier(opened, plane):
    """At random pixels of the empty plane, away from borders: the colour is that of the predicted class."""
    page = opened(plane, "#step=60")
    for name in ("show-test", "show-references"):
        page.tab.locator(f"#{name}").uncheck()
    image = page.pixels().astype(int)
    _, frames = snapshots(plane)
    head = head_of(frames[page.step // 10])
    random = np.random.default_rng(0)
    height, width, _ = image.shape
    places = np.column_stack([random.integers(8, width - 8, 400), random.integers(8, height - 8, 400)])
    corners = np.array([[-6, -6], [6, -6], [-6, 6], [6, 6], [0, 0]])
    around = (places[:, None] + corners).reshape(-1, 2)
    points = page.js("(at) => at.map(([x, y]) => lossExplorer.plot.camera.at(x, y))", around.tolist())
    answers = head.scores(np.array(points, np.float32)).argmax(axis=1).reshape(-1, len(corners))
    inside = (answers == answers[:, :1]).all(axis=1)
    colours = np.array([field_of(hue, "light") for hue in HUES_ON_LIGHT])
    apart = abs(image[places[:, 1], places[:, 0]][:, None] - colours).sum(axis=2)
    region = (apart.min(axis=1) < 4) & inside  # neither an axis nor a number beside one
    assert region.sum() > 250
    assert (apart.argmin(axis=1)[region] == answers[region, 0]).all()
    assert len(set(answers[region, 0])) > 6


def test_margin_bands_are_where_the_classifier_is_right_but_the_margin_is_missed(opened, stressed):
    """At random pixels away from edges: cos(θ + m) of the predicted class against cos θ of the others."""
    page = opened(stressed)
    for name in ("show-test", "show-references"):
        page.tab.locator(f"#{name}").uncheck()
    both = page.pixels().astype(int)
    page.tab.locator("#show-bands").uncheck()
    plain = page.pixels().astype(int)
    random = np.random.default_rng(0)
    height, width, _ = both.shape
    places = np.column_stack([random.integers(8, width - 8, 400), random.integers(8, height - 8, 400)])
    around = (places[:, None] + np.array([[-3, -3], [3, -3], [-3, 3], [3, 3], [0, 0]])).reshape(-1, 2)
    points = page.js("(at) => at.map(([x, y]) => lossExplorer.plot.camera.at(x, y))", around.tolist())
    towards = page_run.directions(2)
    cosines = np.array(points) @ towards.T / np.linalg.norm(points, axis=1, keepdims=True)
    ordered = np.sort(cosines, axis=1)
    failing = np.cos(np.arccos(np.clip(ordered[:, -1], -1, 1)) + 0.2) < ordered[:, -2]
    answers, failing = cosines.argmax(axis=1).reshape(-1, 5), failing.reshape(-1, 5)
    clear = (answers == answers[:, :1]).all(axis=1) & (failing == failing[:, :1]).all(axis=1)
    colours = np.array([field_of(hue, "light") for hue in HUES_ON_LIGHT])
    banded = np.round(colours + (np.array(HUES_ON_LIGHT) - colours) * 0.2)
    across, down = places.T
    expected = np.where(failing[:, :1], banded[answers[:, 0]], colours[answers[:, 0]])
    seen = clear & (abs(plain[down, across] - colours[answers[:, 0]]).sum(axis=1) < 4)  # no axis, no number
    assert min(np.count_nonzero(seen & failing[:, 0]), np.count_nonzero(seen & ~failing[:, 0])) > 60
    np.testing.assert_allclose(both[down, across][seen], expected[seen], atol=3)


def test_the_card_says_which_label_is_wrong_and_what_was_done_to_the_image(opened, stressed):
    page = opened(stressed)
    page.tab.locator("#show-test").uncheck()
    page.tab.locator("#show-train").check()
    assert "crosses: wrong labels" in page.text("caption")
    probe, frames = snapshots(stressed)
    rows, stress = chosen_rows(probe, POINTS), stress_of(frames[-1])
    images = load_dataset().train.pixels[probe.indices]
    damaged = damaged_images(images, 7, TRAIN, probe.indices, frames[-1].config.data)
    box, found = page.tab.locator("#canvas").bounding_box(), set()
    for point in page.js("lossExplorer.plot.points"):
        row = rows[point["row"]]
        page.tab.mouse.move(box["x"] + point["x"], box["y"] + point["y"])
        if page.js("lossExplorer.scene.trail") != point["row"]:
            continue  # another one is on top
        lines = page.tab.locator("#card-text p").all_inner_texts()
        expected = [f"wrong label: {stress.given[row]}"] if stress.wrong[row] else []
        expected += [stress.damage_text(row)] if stress.kind[row] >= 0 else []
        assert lines[2:-2] == expected
        found.add((bool(stress.wrong[row]), stress.kind[row] >= 0))
        if len(found) == 4:
            break
    assert len(found) == 4, "with and without each of the two"
    np.testing.assert_array_equal(page.card_image(), damaged[row])


def test_a_drag_turns_space_and_a_wheel_zooms(opened, space):
    page = opened(space)
    box = page.tab.locator("#canvas").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    assert page.tab.locator("#unit-length").is_checked()

    def turn():
        return np.array(page.js("lossExplorer.plot.camera.turn"))

    before, drawn = turn(), page.pixels()
    page.tab.mouse.move(*middle)
    page.tab.mouse.down()
    page.tab.mouse.move(middle[0] + 90, middle[1] + 40, steps=3)
    page.tab.mouse.up()
    after = turn()
    assert abs(after - before).max() > 0.3
    np.testing.assert_allclose(after @ after.T, np.eye(3), atol=1e-12)
    assert (page.pixels() != drawn).any()
    scale = page.js("lossExplorer.plot.camera.scale")
    page.tab.mouse.wheel(0, -300)
    page.wait(f"lossExplorer.plot.camera.scale > {1.2 * scale}")
    page.tab.locator("#fit").click()
    assert page.js("lossExplorer.plot.camera.scale") == pytest.approx(scale)
    np.testing.assert_allclose(turn(), before)


def test_the_middle_of_the_sphere_has_the_colour_of_its_class(opened, space):
    page = opened(space)
    for name in ("show-test", "show-references"):
        page.tab.locator(f"#{name}").uncheck()
    image = page.pixels().astype(float)
    near = np.array(page.js("lossExplorer.plot.camera.turn"))[2]
    _, frames = snapshots(space)
    label = head_of(frames[-1]).scores(near[None].astype(np.float32)).argmax()
    found = image[image.shape[0] // 2 + 6, image.shape[1] // 2 + 6]
    region = np.array([field_of(hue, "light") for hue in HUES_ON_LIGHT])
    expected = 0.8 * region + 0.2 * 255  # the sphere lets the background through
    assert abs(found - expected).sum(axis=1).argmin() == label


def test_classes_have_the_names_of_their_data_set(opened, tmp_path):
    names = tuple(f"<b>kind {number}" for number in range(10))
    page = opened(written(tmp_path, frames=2, class_names=names))
    assert tuple(page.tab.locator("#legend .name").all_inner_texts()) == names
    point = page.js("lossExplorer.plot.points.at(-1)")
    box = page.tab.locator("#canvas").bounding_box()
    page.tab.mouse.move(box["x"] + point["x"], box["y"] + point["y"])
    label = page.js("(row) => lossExplorer.run.labels[row]", point["row"])
    assert page.tab.locator("#card-text p").first.inner_text() == f"Class <b>kind {label}"


def test_two_fingers_zoom_and_a_touch_shows_an_image(opened, plane):
    page = opened(plane, has_touch=True)
    scale = page.js("lossExplorer.plot.camera.scale")
    point = page.js("lossExplorer.plot.points.at(-1)")
    box = page.tab.locator("#canvas").bounding_box()
    page.tab.touchscreen.tap(box["x"] + point["x"], box["y"] + point["y"])
    assert page.tab.locator("#card").is_visible()
    touch = page.context.new_cdp_session(page.tab)

    def fingers(kind, *places):
        points = [{"x": box["x"] + x, "y": box["y"] + y, "id": i} for i, (x, y) in enumerate(places)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", (200, 200), (300, 200))
    fingers("touchMove", (150, 200), (350, 200))
    fingers("touchEnd")
    page.wait(f"lossExplorer.plot.camera.scale > {1.9 * scale}")
    assert page.js("lossExplorer.plot.camera.scale") == pytest.approx(2 * scale, rel=0.02)


def test_a_name_and_an_injected_script_do_nothing(browser, plane):
    page = Opened(browser, plane)
    assert page.text("title") == NAME
    assert page.complaints == []
    page.js(
        "document.head.append(Object.assign(document.createElement('script'), {textContent: 'acted = 1'}))"
    )
    page.js("fetch('https://localhost:9/').catch(() => (window.refused = true))")
    page.wait("window.refused")
    assert page.js("window.acted") is None
    assert len([text for text in page.complaints if "Content Security Policy" in text]) >= 2
    assert not [text for text in page.complaints if text.startswith("http")]
    page.context.close()


@pytest.mark.parametrize("part", ["arrays", "data"])
def test_a_damaged_page_says_so_and_shows_nothing(opened, plane, tmp_path, part):
    page = (plane / "run.html").read_text("utf-8")
    start = page.index(">", page.index(f'id="{part}"')) + 1
    (tmp_path / "run.html").write_text(page[:start] + page[start + 40 :], "utf-8")
    damaged = opened(tmp_path)
    assert "This page is damaged" in damaged.text("fault")
    assert damaged.tab.locator("#main").is_hidden()


def test_it_fits_windows_from_phone_to_wide_screen(opened, plane):
    page = opened(plane, reduced_motion="reduce")
    for width in (360, 768, 1920):
        page.tab.set_viewport_size({"width": width, "height": 800})
        page.wait(f"lossExplorer.plot.painter.width > 300 && innerWidth === {width}")
        assert page.js("document.documentElement.scrollWidth") <= width
        box = page.tab.locator("#canvas").bounding_box()
        assert box["width"] > 300
        assert box["height"] > 250


def test_an_old_browser_is_told_so(opened, plane):
    page = opened(plane, before="delete window.DecompressionStream")
    assert page.text("fault").startswith("This browser cannot show the page")
