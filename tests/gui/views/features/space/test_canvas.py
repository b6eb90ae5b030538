"""Features in space: the sphere, what it hides, and how mouse, keys and time move the camera."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from gui.views.drawn import pixels
from gui.views.seen import shown_content
from leaks import watched_timers
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QImage, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication

from explorer.analysis.frames.history import History
from explorer.analysis.heads.classifier import scores
from explorer.analysis.raster.splatter import EMPTY
from explorer.analysis.sphere.classification import typical_length
from explorer.gui.export.images import picture as save_picture
from explorer.gui.plots.style import SMALL_TYPE, scaled_font
from explorer.gui.theme.theme import LIGHT, THEMES, mix
from explorer.gui.views.features.content import FeatureOptions
from explorer.gui.views.features.space import marks
from explorer.gui.views.features.space import turntable as turntable_module
from explorer.gui.views.features.space.camera import EYE, Camera
from explorer.gui.views.features.space.depth_layers import Stage
from explorer.gui.views.features.space.radial_lines import RadialLines
from explorer.gui.views.features.space.sphere_picture import _REGION_FRACTION
from explorer.gui.views.features.view import FeaturesView

COLORS = ((230, 0, 0), (0, 200, 0), (0, 0, 230), (200, 200, 0), (0, 200, 200), (200, 0, 200))
BARE = FeatureOptions(weights=False, centers=False, digits=False, bands=False, sphere=100)
NOTHING, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
LEFT, MIDDLE, RIGHT = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)


@pytest.fixture
def view(qtbot):
    result = FeaturesView(replace(LIGHT, classes=COLORS))
    qtbot.addWidget(result)
    result.resize(520, 560)
    result.show()
    return result


def show(view, snapshot, options=BARE):
    """Show a snapshot, at rest."""
    view.set_options(options)
    view.set_snapshot(snapshot, History())
    view.grab()
    QApplication.processEvents()  # a legend that does not fit takes its room now
    view.grab()
    rest(view)


def rest(view):
    """Draw the sphere at its finest: nothing changes any more in a view that was hidden."""
    view.hide()
    view.show()
    view.finish_content()


def picture(canvas) -> np.ndarray:
    canvas.finish_content()
    return pixels(canvas.grab().toImage()).astype(int)


def on_screen(canvas) -> np.ndarray:
    """Return what is seen, once what has been asked for is computed."""
    canvas.sphere.background.finish()
    return pixels(canvas.grab().toImage()).astype(int)


def towards_eye(camera: Camera) -> np.ndarray:
    ce, se = math.cos(camera.elevation), math.sin(camera.elevation)
    return np.array([ce * math.cos(camera.azimuth), ce * math.sin(camera.azimuth), se])


def with_points(snapshot, points):
    """Return the snapshot with these features, as many as it has images."""
    return replace(snapshot, features=np.asarray(points, dtype=np.float32))


def axes_of_picture(camera: Camera) -> tuple[np.ndarray, np.ndarray]:
    """Return the directions in space that point to the right and up."""
    right = np.array([-math.sin(camera.azimuth), math.cos(camera.azimuth), 0.0])
    return right, np.cross(towards_eye(camera), right)


def extent_of(canvas, radius):
    """Return the length that the picture is laid out for, from how far apart two points beside it are.

    They lie in the plane through the origin, where perspective changes no size, and beyond a sphere.
    """
    right, _ = axes_of_picture(canvas.camera)
    ends = canvas.pixels(np.array([-3 * radius * right, 3 * radius * right]))
    side = min(canvas.width(), canvas.height())
    return 0.44 * side * canvas.camera.zoom * 6 * radius / np.linalg.norm(ends[1] - ends[0])


def ray_hits(canvas, x, y, radius):
    """Return where rays through pixels meet the front of a sphere around the origin, in float64.

    From the eye's place alone: the picture's plane goes through the origin.
    """
    camera = canvas.camera
    towards = towards_eye(camera)
    right, up = axes_of_picture(camera)
    side = min(canvas.width(), canvas.height())
    extent = extent_of(canvas, radius)
    unit = extent / (0.44 * side * camera.zoom)
    across = (x - canvas.width() / 2 - camera.pan[0] * side) * unit
    above = -(y - canvas.height() / 2 - camera.pan[1] * side) * unit
    on_plane = across[:, None] * right + above[:, None] * up
    start = EYE * extent * towards if camera.perspective else on_plane + EYE * extent * towards
    way = on_plane - start
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    half = (start * way).sum(axis=1)
    root = half**2 - ((start * start).sum(axis=-1) - radius**2)
    return start + (-half - np.sqrt(np.maximum(root, 0)))[:, None] * way, root > 0.1 * radius**2


@pytest.mark.parametrize("perspective", [True, False])
@pytest.mark.parametrize("loss", ["softmax", "arcface", "l-gm", "triplet"])
def test_the_colour_at_a_pixel_is_that_of_the_answer_where_its_ray_meets_the_sphere(view, loss, perspective):
    canvas = view.space
    canvas.set_camera(Camera(1.1, 0.5, 4.0, (0.05, -0.08), perspective))
    snapshot = make_snapshot(count=300, dim=3, loss=loss, classes=6)
    if loss == "l-gm":
        centers = 10 * np.random.default_rng(3).normal(size=(6, 3)).astype(np.float32)
        snapshot = replace(snapshot, weight=None, centers=centers, log_variance=np.zeros((6, 3), np.float32))
    show(view, snapshot, replace(BARE, test=True, point_size=1.0))
    radius = typical_length(snapshot.features)
    image = picture(canvas)
    rng = np.random.default_rng(0)
    columns, rows = (rng.integers(1, size - 1, 9000) for size in (canvas.width(), canvas.height()))
    places, met = ray_hits(canvas, columns + 0.5, rows + 0.5, radius)
    answers = scores(snapshot, places.astype(np.float32)).argmax(axis=1)
    # Points lie over the sphere, and lines: they are left out by what is around them.
    found, plain = classes_at(image, columns, rows)
    use = met & plain
    assert use.sum() > 1000
    assert len(set(answers[use].tolist())) >= 3
    assert (found == answers)[use].mean() > 0.995


def classes_at(image, columns, rows):
    """Return the class whose colour is at pixels, and whether the pixels around have the same."""
    theme = replace(LIGHT, classes=COLORS)
    base = np.array(
        [mix(theme.field_color(label), rgb, _REGION_FRACTION) for label, rgb in enumerate(COLORS)]
    )
    around = [(rows + down, columns + right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    labels = []
    for at in around:
        ratio = image[at][:, None, :] / base
        labels.append(
            np.where(np.ptp(ratio, axis=2).min(axis=1) < 0.03, np.ptp(ratio, axis=2).argmin(axis=1), -1)
        )
    same = np.all([label == labels[4] for label in labels], axis=0)
    return labels[4], same & (labels[4] >= 0)


def test_margin_bands_are_darker_and_the_rest_is_not(view):
    canvas = view.space
    margin, radius = 0.35, 10.0
    snapshot = make_snapshot(count=40, dim=3, loss="arcface", params={"margin": margin}, classes=6)
    behind = -radius * towards_eye(canvas.camera)
    snapshot = with_points(snapshot, np.tile(behind, (40, 1)))
    canvas.set_camera(canvas.camera.zoomed(0.9))
    show(view, snapshot, replace(BARE, bands=True))
    banded = picture(canvas)
    show(view, snapshot, BARE)
    changed = np.abs(banded - picture(canvas)).max(axis=2) > 2
    y, x = np.mgrid[: canvas.height() - 30, : canvas.width()]
    places, met = ray_hits(canvas, x.ravel() + 0.5, y.ravel() + 0.5, radius)
    cosines = places @ snapshot.weight.astype(np.float64).T / radius
    angles = np.sort(np.arccos(np.clip(cosines, -1, 1)), axis=1)
    room = angles[:, 1] - angles[:, 0] - margin
    changed = changed[: canvas.height() - 30].ravel()
    border = angles[:, 1] - angles[:, 0] < 0.03
    assert changed[met & (room < -0.03) & ~border].mean() > 0.97
    assert not changed[met & (room > 0.03)].any()


PLACES = {"before": 1.6, "inside, before the centre": 0.5, "inside, behind the centre": -0.5, "behind": -1.6}


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("perspective", [True, False])
@pytest.mark.parametrize("place", PLACES)
def test_what_an_opaque_sphere_covers_is_neither_seen_nor_picked(view, place, perspective, theme):
    """One red point on the way from the eye through the origin, the rest on the sphere at its sides."""
    canvas = view.space
    view.set_theme(replace(theme, classes=COLORS))
    canvas.set_perspective(perspective)
    snapshot = make_snapshot(count=41, dim=3, classes=6, loss="normface")
    towards = towards_eye(canvas.camera)
    aside = np.cross(towards, [0, 0, 1.0])
    aside /= np.linalg.norm(aside)
    points = np.tile(10 * aside, (41, 1))
    points[0] = 10 * PLACES[place] * towards + 2 * aside + (0, 0, 0.5)  # no axis and no circle is there
    at = QPointF(*canvas_pixel(view, snapshot, points, sphere=0))
    column, row = int(at.x()), int(at.y())
    bare = replace(BARE, regions=False, point_size=4.0)
    empty = points.copy()
    empty[0] = points[1]
    seen = {}
    for sphere in (0, 35, 100):
        show(view, with_points(snapshot, empty), replace(bare, sphere=sphere))
        without = picture(canvas)[row, column]
        show(view, with_points(snapshot, points), replace(bare, sphere=sphere))
        seen[sphere] = np.abs(picture(canvas)[row, column] - without).max()
        assert canvas.pick(at) == (EMPTY if sphere == 100 and place != "before" else 0)
        assert np.isnan(canvas.pixels(shown_content(view).points[:1])).all() == (
            sphere == 100 and place != "before"
        )
    assert seen[0] > 60
    if place == "before":
        assert seen[100] > 60
        assert seen[35] == pytest.approx(seen[0], abs=60)
    else:
        assert seen[100] == 0
        layers = 2 if place == "behind" else 1
        assert seen[35] == pytest.approx(seen[0] * 0.65**layers, abs=0.2 * seen[0])


def canvas_pixel(view, snapshot, points, sphere):
    show(view, with_points(snapshot, points), replace(BARE, sphere=sphere))
    return view.space.pixels(shown_content(view).points[:1])[0]


def test_an_opaque_sphere_hides_arrows_and_marks_behind_it(view):
    canvas = view.space
    snapshot = make_snapshot(count=60, dim=3, classes=6, loss="normface")
    towards = towards_eye(canvas.camera)
    aside = np.cross(towards, [0, 0, 1.0])
    weight = np.tile(-towards, (6, 1)).astype(np.float32)
    snapshot = replace(
        with_points(snapshot, np.tile(5 * aside / np.linalg.norm(aside), (60, 1))), weight=weight
    )
    options = replace(BARE, regions=False)
    show(view, snapshot, options)
    plain = picture(canvas)
    show(view, snapshot, replace(options, weights=True))
    middle = (
        slice(canvas.height() // 2 - 40, canvas.height() // 2 + 40),
        slice(canvas.width() // 2 - 40, canvas.width() // 2 + 40),
    )
    assert (picture(canvas)[middle] == plain[middle]).all()
    show(view, replace(snapshot, weight=-weight), replace(options, weights=True))
    assert (picture(canvas)[middle] != plain[middle]).any()


EXTREMES = {
    "zero": np.zeros((30, 3)),
    "one point": np.array([[1.0, 2.0, 3.0]]),
    "tiny": np.full((30, 3), 1e-6),
    "huge": np.random.default_rng(0).normal(size=(30, 3)) * 1e6,
    "far apart": np.concatenate([np.full((29, 3), 1e-4), np.full((1, 3), 1e6)]),
}


@pytest.mark.parametrize(
    "loss", ["softmax", "arcface", "adaface", "magface", "sphereface2", "triplet", "center"]
)
@pytest.mark.parametrize("case", EXTREMES)
def test_extreme_features_are_drawn_with_a_sphere_and_without_a_warning(view, case, loss):
    points = EXTREMES[case]
    snapshot = make_snapshot(count=len(points), dim=3, loss=loss, classes=6)
    for sphere in (35, 100):
        show(view, with_points(snapshot, points), FeatureOptions(sphere=sphere))
        for zoom in (40, -80):
            view.space.zoom(zoom)
            picture(view.space)
            rest(view)
            picture(view.space)
    assert len(np.unique(picture(view.space))) > 3


def test_a_small_sphere_leaves_room_for_the_lines_below_it(view):
    canvas = view.space
    show(view, make_snapshot(count=100, dim=3, loss="arcface"), FeatureOptions(normalized=True))
    on_sphere = np.random.default_rng(0).normal(size=(2_000, 3))
    on_sphere /= np.linalg.norm(on_sphere, axis=1, keepdims=True)
    canvas.resize(240, 180)
    canvas.grab()
    line = QFontMetricsF(scaled_font(canvas.font(), SMALL_TYPE)).height()
    lowest = np.nanmax(canvas.pixels(on_sphere)[:, 1])
    assert 90 < lowest < 180 - 3 * line, "it needs three here"


def test_the_sphere_says_at_which_length_it_decides(view):
    sphere = view.space.sphere
    show(view, make_snapshot(count=400, dim=3, loss="arcface"), FeatureOptions())
    lengths = np.linalg.norm(view.snapshot.features, axis=1)
    assert sphere.length == pytest.approx(np.median(lengths), rel=1e-5)
    assert sphere.radius == sphere.length
    assert sphere.note.startswith(f"Sphere radius {np.median(lengths):.3g}")
    assert "margin" in sphere.note
    for bias, said in ((-6.0, True), (6.0, False)):
        snapshot = make_snapshot(count=400, dim=3, loss="sphereface2", params={"scale": 10.0})
        show(view, replace(snapshot, bias=np.full(10, bias, np.float32)), FeatureOptions(bands=False))
        assert ("undecided" in sphere.note) == said
    show(view, make_snapshot(count=400, dim=3, loss="softmax"), FeatureOptions())
    assert "Hatched" not in sphere.note


@pytest.mark.parametrize(("loss", "named"), [("arcface", False), ("softmax", True), ("magface", True)])
def test_at_unit_length_the_sphere_names_the_length_only_if_its_colours_depend_on_it(view, loss, named):
    snapshot = make_snapshot(count=400, dim=3, loss=loss)
    if loss == "softmax":
        snapshot = replace(snapshot, bias=np.arange(10, dtype=np.float32))
    show(view, snapshot, FeatureOptions(normalized=True))
    assert view.space.sphere.note.startswith("Unit sphere")
    assert ("‖x‖" in view.space.sphere.note) == named


def test_at_unit_length_the_sphere_has_unit_radius_and_decides_at_the_length_of_the_data(view):
    snapshot = replace(make_snapshot(count=401, dim=3), bias=np.arange(10, dtype=np.float32))
    show(view, snapshot, FeatureOptions(normalized=True))
    assert view.space.sphere.radius == pytest.approx(1)
    lengths = np.linalg.norm(snapshot.features, axis=1)
    assert view.space.sphere.length == pytest.approx(np.median(lengths), rel=1e-5)
    assert view.space.sphere.note.startswith(
        f"Unit sphere, regions computed for ‖x‖ = {np.median(lengths):.3g}"
    )
    # All points lie on the surface: a third or so are in front, none within.
    show(view, snapshot, FeatureOptions(normalized=True, sphere=100))
    points = shown_content(view).points
    hidden = np.isnan(view.space.pixels(points)).any(axis=1)
    toward = points @ towards_eye(view.space.camera)
    facing = toward > 1 / (EYE * extent_of(view.space, 1.0))
    clear = np.abs(toward) > 0.45
    assert (hidden == ~facing)[clear].all()


def test_an_opaque_sphere_hides_the_trails_of_points_that_it_hides(view, monkeypatch):
    drawn = []
    monkeypatch.setattr(marks, "draw_trails", lambda _painter, trail, *_: drawn.append(trail))
    snapshot = make_snapshot(count=60, dim=3, classes=6, loss="normface")
    towards = towards_eye(view.space.camera)
    aside = np.cross(towards, [0, 0, 1.0])
    points = np.tile(10 * aside / np.linalg.norm(aside), (60, 1))
    points[0], points[1] = 16 * towards, -16 * towards
    view.set_options(replace(BARE, regions=False))
    view.state.set_probe(snapshot.probe)
    for step in range(4):
        moved = points + np.array([0, 0, 0.8 * step])
        view.set_snapshot(replace(with_points(snapshot, moved), step=step), History())
    for row, shown in ((0, True), (1, False)):
        view.set_options(replace(BARE, regions=False))
        view.state.select(np.array([row]))
        assert shown_content(view).trail is not None
        drawn.clear()
        view.grab()
        (trail,) = drawn
        assert (trail.positions.shape[1] == 1) == shown
        view.set_options(replace(BARE, regions=False, sphere=50))
        drawn.clear()
        view.grab()
        (trail,) = drawn
        assert trail.positions.shape[1] == 1, "through half a sphere both are seen"


def test_a_sphere_is_drawn_coarsely_only_while_it_changes(view, qtbot):
    show(view, make_snapshot(dim=3), FeatureOptions())
    canvas = view.space
    rested = picture(canvas)
    with watched_timers() as running:
        canvas.set_camera(canvas.camera.turned(0.1, 0))
        moved = on_screen(canvas)
        assert running()
        canvas.set_camera(canvas.camera.turned(-0.1, 0))
        assert (moved != rested).any()
        assert (on_screen(canvas) != rested).any()
        assert running()
        assert np.abs(picture(canvas) - rested).mean() < 0.5, "a picture that is saved meanwhile is fine"
        canvas.set_camera(canvas.camera.turned(0.1, 0))
        canvas.set_camera(canvas.camera.turned(-0.1, 0))
        qtbot.waitUntil(lambda: not running())
        assert np.abs(on_screen(canvas) - rested).mean() < 0.5
        canvas.set_camera(canvas.camera.turned(0.1, 0))
        on_screen(canvas)
        assert running()
        view.hide()
        assert not running()


def test_a_picture_for_paper_is_sharp_and_fine_and_picking_goes_on(view):
    canvas = view.space
    show(view, make_snapshot(count=300, dim=3, classes=6), replace(BARE, sphere=60))
    row = int(np.argmax(shown_content(view).points @ towards_eye(canvas.camera)))
    at = QPointF(*canvas.pixels(shown_content(view).points[row : row + 1])[0])
    assert canvas.pick(at) == row
    canvas.set_camera(canvas.camera.turned(1e-4, 0))  # on the screen it is coarse now
    paper = save_picture(canvas, 2)
    large = np.frombuffer(paper.constBits(), dtype=np.uint32).reshape(paper.height(), -1)
    assert large.shape == (2 * canvas.height(), 2 * canvas.width())
    left, top = 2 * int(at.x()) - 8, 2 * int(at.y()) - 8
    disc = large[top : top + 16, left : left + 16]
    doubled = np.repeat(np.repeat(disc[::2, ::2], 2, axis=0), 2, axis=1)
    assert (doubled != disc).mean() > 0.02
    assert canvas.pick(at) == row


def drag(canvas, button, by, modifiers=NOTHING):
    start = QPointF(200, 200)
    for kind, at in (
        (QEvent.Type.MouseButtonPress, start),
        (QEvent.Type.MouseMove, start + QPointF(*by)),
        (QEvent.Type.MouseButtonRelease, start + QPointF(*by)),
    ):
        pressed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        QApplication.sendEvent(
            canvas, QMouseEvent(kind, at, QPointF(canvas.mapToGlobal(at)), pressed, held, modifiers)
        )


def press(canvas, key, modifiers=NOTHING):
    QApplication.sendEvent(canvas, QKeyEvent(QEvent.Type.KeyPress, key, modifiers))


def test_a_drag_turns_with_the_left_button_and_moves_with_the_others(view):
    canvas = view.space
    show(view, make_snapshot(count=50, dim=3))
    before = canvas.camera
    drag(canvas, LEFT, (30, 20))
    turned = canvas.camera
    assert (turned.azimuth, turned.elevation) != (before.azimuth, before.elevation)
    assert turned.pan == before.pan
    place = canvas.pixels(shown_content(view).points[7:8])[0]
    for button in (MIDDLE, RIGHT):
        drag(canvas, button, (40, -25))
        moved = canvas.pixels(shown_content(view).points[7:8])[0]
        assert moved - place == pytest.approx((40, -25), abs=0.01)
        place = moved
    assert replace(canvas.camera, pan=turned.pan) == turned


def test_the_wheel_zooms_to_the_point_under_the_pointer(view):
    canvas = view.space
    show(view, make_snapshot(count=50, dim=3), replace(BARE, sphere=0))
    place = canvas.pixels(shown_content(view).points[3:4])[0]
    at = QPointF(*place)
    event = QWheelEvent(
        at,
        canvas.mapToGlobal(at),
        QPoint(),
        QPoint(0, 360),
        Qt.MouseButton.NoButton,
        NOTHING,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)
    assert canvas.camera.zoom == pytest.approx(1.15**3)
    assert canvas.pixels(shown_content(view).points[3:4])[0] == pytest.approx(place, abs=0.05)


def test_keys_turn_move_and_zoom(view):
    canvas = view.space
    camera = canvas.camera
    press(canvas, Qt.Key.Key_Up)
    assert canvas.camera.elevation < camera.elevation
    press(canvas, Qt.Key.Key_Down)
    press(canvas, Qt.Key.Key_Left)
    assert canvas.camera.azimuth > camera.azimuth
    press(canvas, Qt.Key.Key_Right)
    assert canvas.camera == pytest.approx(camera) or canvas.camera.azimuth == pytest.approx(camera.azimuth)
    press(canvas, Qt.Key.Key_Right, SHIFT)
    press(canvas, Qt.Key.Key_Down, SHIFT)
    assert canvas.camera.pan[0] > 0
    assert canvas.camera.pan[1] > 0
    press(canvas, Qt.Key.Key_Plus)
    assert canvas.camera.zoom > 1
    press(canvas, Qt.Key.Key_Minus)
    press(canvas, Qt.Key.Key_Minus)
    assert canvas.camera.zoom < 1
    canvas.set_perspective(False)
    canvas.reset_view()
    assert canvas.camera == Camera(perspective=False)


def test_keys_that_move_the_camera_do_not_reach_the_window(view):
    taken = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Left, NOTHING)
    taken.ignore()
    QApplication.sendEvent(view.space, taken)
    assert taken.isAccepted()
    left = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Space, NOTHING)
    left.ignore()
    QApplication.sendEvent(view.space, left)
    assert not left.isAccepted()


def test_focus_by_the_keyboard_is_seen_and_the_canvas_says_what_it_is(view):
    canvas = view.space
    view.set_options(BARE)
    view.set_snapshot(make_snapshot(count=5, dim=3), History())
    view.activateWindow()
    canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    before = picture(canvas)
    QApplication.sendEvent(canvas, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert canvas.hasFocus()
    assert (picture(canvas)[1, 10:-10] != before[1, 10:-10]).any()
    assert canvas.focusPolicy() == Qt.FocusPolicy.StrongFocus
    assert canvas.accessibleName()
    assert "arrow keys" in canvas.accessibleDescription()


def test_the_turntable_turns_by_the_clock(view, monkeypatch):
    canvas = view.space
    show(view, make_snapshot(count=5, dim=3))
    table, now = canvas.turntable, [100.0]
    monkeypatch.setattr(turntable_module, "time", SimpleNamespace(perf_counter=lambda: now[0]))
    table.set_on(True)
    assert table.running
    for step in (0.05, 0.2, 0.01):
        before = canvas.camera.azimuth
        now[0] += step
        table.findChild(QTimer).timeout.emit()
        assert before - canvas.camera.azimuth == pytest.approx(math.radians(20) * step)
    table.set_on(False)
    assert not table.running


def test_the_turntable_takes_a_tenth_of_a_core_at_most(view):
    table = view.space.turntable
    for _ in range(60):
        table.cost(0.02)
    assert table.interval == pytest.approx(0.2, rel=0.01)
    for _ in range(100):
        table.cost(0.0001)
    assert table.interval == pytest.approx(1 / 30)


def test_the_turntable_rests_while_nobody_sees_it(view, qtbot):
    show(view, make_snapshot(count=5, dim=3))
    table = view.space.turntable
    table.set_on(True)
    azimuth = view.space.camera.azimuth
    qtbot.waitUntil(lambda: view.space.camera.azimuth != azimuth)
    view.hide()
    assert not table.running
    view.show()
    assert table.running
    view.showMinimized()
    qtbot.waitUntil(lambda: not table.running)
    view.showNormal()
    qtbot.waitUntil(lambda: table.running)
    view.set_snapshot(make_snapshot(count=5, dim=2), History())
    assert not table.running
    table.set_on(False)


def test_where_every_class_is_refused_the_sphere_has_no_classs_colour(view):
    snapshot = make_snapshot(count=30, dim=3, loss="sphereface2", classes=6, params={"scale": 10.0})
    snapshot = with_points(snapshot, np.tile(-10 * towards_eye(view.space.camera), (30, 1)))
    show(view, replace(snapshot, bias=np.full(6, -20, np.float32)))
    canvas = view.space
    part = picture(canvas)[canvas.height() // 2 - 60 : canvas.height() // 2, canvas.width() // 2 + 10 :][
        :, :60
    ]
    assert np.ptp(part, axis=2).max() < 25
    assert np.ptp(part[..., 0]) > 20  # hatched


def test_between_two_frames_the_sphere_stays_that_of_the_last_whole_one(view):
    sphere, frame = view.space.sphere, make_snapshot(count=300, dim=3)
    show(view, frame, FeatureOptions())
    radius = sphere.radius
    moved = replace(frame, features=2 * frame.features, since=frame.step - 1)
    show(view, moved, FeatureOptions())
    assert sphere.radius == radius
    show(view, moved, FeatureOptions(sphere=35))
    assert sphere.radius == pytest.approx(2 * radius), "what the person wants comes at once"
    show(view, frame, FeatureOptions(sphere=35))
    assert sphere.radius == radius


def test_a_selected_point_is_found_behind_a_translucent_sphere_and_the_others_stay_in_sight(view):
    """In the light theme: far points beside a selection would be white, and the selected one is covered."""
    snapshot = make_snapshot(count=60, dim=3, classes=6, loss="normface")
    towards = towards_eye(view.space.camera)
    aside = np.cross(towards, [0, 0, 1.0])
    points = np.tile(-12.0 * towards + 5 * aside, (60, 1))
    points[0], points[1] = -16 * towards, 16 * towards
    view.state.set_probe(snapshot.probe)
    show(view, with_points(snapshot, points), replace(BARE, sphere=50))
    before = pixels(view.space.grab().toImage()).astype(int)
    view.state.select(np.array([0]))
    rest(view)
    after = pixels(view.space.grab().toImage()).astype(int)
    x, y = view.space.pixels(points[:1])[0].round().astype(int)
    around = np.s_[y - 9 : y + 10, x - 9 : x + 10]
    assert np.abs(after - before)[around].max() > 60
    view.set_options(replace(BARE, regions=False, sphere=0))
    rest(view)
    x, y = view.space.pixels(points[2:3])[0].round().astype(int)
    seen = pixels(view.space.grab().toImage()).astype(int)[y - 1 : y + 2, x - 1 : x + 2]
    assert np.abs(seen[..., :3] - np.array(LIGHT.plot)).max() >= 40


@pytest.mark.parametrize("camera", [Camera(elevation=0.0), Camera(elevation=0.0, zoom=1.02)])
@pytest.mark.usefixtures("qtbot")
def test_the_name_of_an_axis_that_ends_at_the_edge_is_whole(camera):
    stage = Stage(camera, 2.0, 300, 200)
    canvas = QImage(300, 200, QImage.Format.Format_RGB32)
    canvas.fill(Qt.GlobalColor.white)
    painter = QPainter(canvas)
    lines = RadialLines(np.array([[0, 0, 2.3]], np.float32), stage)
    place = lines.name_place(painter, 0, "x₃")
    metrics = painter.fontMetrics()
    assert stage.project(np.array([[0, 0, 2.3]], np.float32))[0][0, 1] < 0, "its tip is beyond the edge"
    assert metrics.ascent() <= place.y() < 200
    painter.end()
