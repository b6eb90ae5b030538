"""A sphere that takes long to classify must not hold up the window, nor show what is another loss's."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from analysis.snapshots import make_snapshot, probe_set
from gui.views.drawn import pixels
from msgspec.structs import replace

from explorer.analysis.frames.history import History
from explorer.analysis.frames.references import unit
from explorer.analysis.sphere.classification import classify_at
from explorer.gui.export.images import picture as exported
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.features.content import FeatureOptions
from explorer.gui.views.features.space import sphere as sphere_module
from explorer.gui.views.features.space.camera import Camera
from explorer.gui.views.features.space.depth_layers import Stage
from explorer.gui.views.features.space.sphere_layer import Look, sphere_layer

LIMIT = 5.0
PROBE = probe_set(500)
OPAQUE = FeatureOptions(point_size=1.0, weights=False, centers=False, digits=False, bands=False, sphere=100)


def frame(loss: str = "softmax"):
    """Return features that all lie on the sphere, which then fills most of the view."""
    snapshot = make_snapshot(dim=3, probe=PROBE, loss=loss)
    return replace(snapshot, features=20 * unit(snapshot.features))


class Gate:
    """Stands for the computation of the sphere, and lets it go on only when it is open."""

    def __init__(self) -> None:
        self.begun, self.open = threading.Event(), threading.Event()

    def __call__(self, *arguments):
        self.begun.set()
        assert self.open.wait(LIMIT)
        return sphere_layer(*arguments)


def slow(*arguments):
    """Return the sphere after so long that the next one is computed in a thread."""
    end = time.thread_time() + 0.05
    while time.thread_time() < end:
        pass
    return sphere_layer(*arguments)


@pytest.fixture
def gate(monkeypatch):
    result = Gate()
    monkeypatch.setattr(sphere_module, "sphere_layer", result)
    yield result
    result.open.set()


def start(view, snapshot) -> None:
    view.set_options(OPAQUE)
    view.set_snapshot(snapshot, History())


def grabbed(view) -> np.ndarray:
    return pixels(view.space.grab().toImage()).astype(int)


def coloured(image: np.ndarray) -> float:
    """Return the share of pixels that are no grey."""
    return float((np.ptp(image, axis=2) > 20).mean())


def test_the_sphere_is_plain_until_it_is_classified(view, gate, qtbot):
    start(view, frame())
    assert gate.begun.wait(LIMIT)
    assert coloured(grabbed(view)) < 0.1
    gate.open.set()
    qtbot.waitUntil(lambda: coloured(grabbed(view)) > 0.2)


def test_while_it_is_computed_the_last_picture_stays_and_follows_the_camera(view, monkeypatch):
    monkeypatch.setattr(sphere_module, "sphere_layer", slow)
    start(view, frame())
    view.finish_content()
    before = coloured(grabbed(view))
    gate = Gate()
    monkeypatch.setattr(sphere_module, "sphere_layer", gate)
    view.space.zoom(-2)
    assert gate.begun.wait(LIMIT)
    smaller = coloured(grabbed(view))
    gate.open.set()
    view.finish_content()
    assert 0.4 * before < smaller < 0.9 * before
    assert coloured(grabbed(view)) == pytest.approx(smaller, rel=0.05)


def test_the_sphere_of_another_loss_is_never_shown(view, monkeypatch):
    start(view, frame())
    view.finish_content()
    assert coloured(grabbed(view)) > 0.2
    gate = Gate()
    monkeypatch.setattr(sphere_module, "sphere_layer", gate)
    view.set_snapshot(frame("arcface"), History())
    assert gate.begun.wait(LIMIT)
    assert coloured(grabbed(view)) < 0.1
    gate.open.set()


@pytest.mark.parametrize("loss", ["softmax", "arcface"])
@pytest.mark.parametrize("grain", [1, 2])
@pytest.mark.usefixtures("qapp")
def test_a_sphere_outside_the_view_has_borders_and_no_picture(loss, grain):
    classify = classify_at(frame(loss), 20.0)
    stage = Stage(Camera(pan=(20.0, 20.0)), 40.0, 300, 400, 0.5)
    look = Look(stage, LIGHT, grain, 1.0, both_sides=True)
    first = sphere_layer(look, classify, None)
    again = sphere_layer(replace(look, both_sides=False), classify, first.borders)
    assert set(first.pictures.values()) == {None}
    assert len(first.borders.decisions)
    assert again.borders is first.borders
    inside = sphere_layer(replace(look, stage=replace(stage, camera=Camera())), classify, first.borders)
    assert {front: side.pixels.any() for front, side in inside.pictures.items()} == {False: True, True: True}
    assert inside.borders is first.borders


def test_a_saved_picture_has_its_sphere(view, gate):
    start(view, frame())
    assert gate.begun.wait(LIMIT)
    threading.Timer(0.05, gate.open.set).start()
    assert coloured(pixels(exported(view)).astype(int)) > 0.2
