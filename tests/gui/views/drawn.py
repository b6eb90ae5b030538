"""Every view of the program, drawn alone at a small size, alike on any machine but for the fonts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from gui.views.resemblance import Picture
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.analysis.frames.history import History
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.statistics.drawn_digit import DrawnDigit
from explorer.gui.session.images import ImageStore
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.style_sheet import style_sheet
from explorer.gui.theme.theme import Theme, palette
from explorer.gui.views import registry
from explorer.gui.views.curves.options import PANELS
from explorer.gui.views.registry import ViewContext
from explorer.gui.views.view import View

FONT, POINTS = "DejaVu Sans", 9.0
SIZE = QSize(420, 340)


VIEWS: tuple[str, ...] = tuple(spec.id for spec in registry.VIEWS)
"""The ids of all views."""


def build(
    view_id: str, theme: Theme, state: ViewState | None = None, images: ImageStore | None = None
) -> View[Any]:
    """Return a view of the registry, alone; a state and images of its own serve where none are given."""
    (spec,) = (spec for spec in registry.VIEWS if spec.id == view_id)
    view = spec.build(ViewContext(theme, state or ViewState(), images or ImageStore()))
    view.optionsRequested.connect(view.set_options)
    return view


Preparation = Callable[[Any, Snapshot], None]
"""Brings a view that shows a frame to another of its pages."""


def _options(**changes: object) -> Preparation:
    return lambda view, _snapshot: view.set_options(replace(view.options, **changes))


def _with_drawing(view: Any, snapshot: Snapshot) -> None:
    """Draw the first image, and let it land where the frame has it."""
    view.pad.set_base(view.images.pixels(snapshot)[0])
    view.set_drawn_digit(DrawnDigit(snapshot.features[:1], snapshot.step, snapshot))


def _stressed(view: Any, snapshot: Snapshot) -> None:
    """Take the frame for one of a run with blurred images, which the recorded runs have none of."""
    config = snapshot.config.replace({"data.blur": 1.0, "data.damaged": 0.7})
    view.set_snapshot(replace(snapshot, config=config), view.history)


def _nothing(view: Any, snapshot: Snapshot) -> None:
    pass


FIRST_PAGES: Mapping[str, tuple[str, Preparation]] = {
    **{name: (name, _nothing) for name in VIEWS},
    "draw": ("draw", _with_drawing),
    "quality": ("quality", _stressed),
}
"""The views as they open, by name, and how to get there; but the pad with a digit, and stressed data."""
FURTHER_PAGES: Mapping[str, tuple[str, Preparation]] = {
    "angles-rose": ("angles", _options(page="rose")),
    "angles-between": ("angles", _options(page="classes")),
    "features-unit": ("features", _options(normalized=True, polar=True, density=True)),
    "features-marked": ("features", _options(polar=True, density=True, circle=True, train=True)),
    "verification-roc": ("verification", _options(page="roc")),
    "curves-all": ("curves", _options(panels=tuple(PANELS), axis="epoch", logarithmic=True)),
}
"""What else views can show, likewise."""


@contextmanager
def dressed(theme: Theme, family: str = FONT) -> Iterator[None]:
    """Give the application the look of a theme and one font, where the machine has it."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    before = application.palette(), application.styleSheet(), application.font()
    font = QFont(application.font())
    if family in QFontDatabase.families():
        font.setFamily(family)
    font.setPointSizeF(POINTS)
    application.setFont(font)
    application.setPalette(palette(theme))
    application.setStyleSheet(style_sheet(theme))
    try:
        yield
    finally:
        application.setStyleSheet(before[1])
        application.setPalette(before[0])
        application.setFont(before[2])


def drawn(
    view_id: str,
    theme: Theme,
    snapshot: Snapshot | None,
    history: History,
    qtbot: QtBot,
    prepare: Preparation = _nothing,
) -> Picture:
    """Return the picture of a view that shows a frame, or none, once its images are there."""
    state, images = ViewState(), ImageStore()
    view = build(view_id, theme, state, images)
    qtbot.addWidget(view)
    view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)  # so that none of its parts has the keyboard
    view.setFixedSize(SIZE)
    state.set_probe(snapshot.probe if snapshot is not None else None)
    view.set_snapshot(snapshot, history)
    view.show()
    if images.reading:
        qtbot.waitSignal(images.imagesChanged).wait()
    if snapshot is not None:
        prepare(view, snapshot)
    QCoreApplication.sendPostedEvents()
    view.finish_content()
    return pixels(view.grab().toImage())


def pixels(image: QImage) -> Picture:
    """Return the pixels of an image."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()
