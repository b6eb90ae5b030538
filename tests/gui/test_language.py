"""Every word in the window is translated: in a language that marks what it translates, all is marked."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from analysis.snapshots import make_history, make_snapshot, mnist_probe
from gui.views.drawn import FIRST_PAGES, FURTHER_PAGES, build
from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialogButtonBox,
    QDockWidget,
    QGraphicsScene,
    QLabel,
    QMenu,
    QTabBar,
    QTableView,
    QTreeView,
    QWidget,
)
from superqt import QElidingLabel

from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text, use_translations
from explorer.gui.about import show_about
from explorer.gui.app import App
from explorer.gui.controls.descriptions import citation_html
from explorer.gui.controls.param_row import ParamRow
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.session.images import ImageStore
from explorer.gui.session.problem import Problem
from explorer.gui.theme.theme import LIGHT

OPEN, CLOSE = "⟦", "⟧"
PROPERTIES = (
    "text",
    "toolTip",
    "accessibleName",
    "accessibleDescription",
    "windowTitle",
    "title",
    "placeholderText",
)
TAGS = re.compile(r"<[^>]*>|&\w+;|https?://\S+")
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = {"MNIST", "mnist", "CPU", "cos", "ln", "rad", "png", "ap", "an"}
"""What is the same in all languages."""
EDITING = {"edit-undo", "edit-redo", "edit-cut", "edit-copy", "edit-paste", "edit-delete", "select-all"}
"""Actions that Qt puts into the menu of a text field."""
KEYS = {"Ctrl", "Shift", "Alt", "Del", "Space"}
"""Qt names keys in the language of its own translator."""


ARRAYS: dict[str, dict[str, Any]] = {
    "l-gm": {"log_variance": np.zeros((10, 2), np.float32)},
    "sphereface2": {"bias": np.full(10, -3, np.float32)},
}
"""What frames of some losses carry beside class weights."""


class Marking(gettext.NullTranslations):
    """A language in which every sentence stands between brackets."""

    def gettext(self, message: str) -> str:
        return f"{OPEN}{message}{CLOSE}"

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


class Longer(gettext.NullTranslations):
    """A language whose sentences are longer than the English ones by 40%, in words as long as German ones."""

    def gettext(self, message: str) -> str:
        longer = len(message) * 2 // 5
        return (message + "e" * (longer % 12) + " wortestellen" * (longer // 12)) if message else ""

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


def cut(window: QWidget) -> Iterator[str]:
    """Yield the words of labels and buttons that have less room than they need."""
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, QLabel | QAbstractButton) or isinstance(widget, QElidingLabel):
            continue
        if not widget.isVisible() or not widget.property("text"):
            continue
        wrapped = isinstance(widget, QLabel) and widget.wordWrap()
        needed = QSize(0, widget.heightForWidth(widget.width())) if wrapped else widget.minimumSizeHint()
        if widget.width() < needed.width() or widget.height() < needed.height():
            yield f"{type(widget).__name__}: {widget.property('text')!r}"


def untranslated(shown: str) -> set[str]:
    """Return the words outside of all brackets; where a text is cut, it counts as inside up to the cut."""
    plain = TAGS.sub(" ", shown).replace("Loss Explorer", " ")
    if CLOSE in plain and plain.find(CLOSE) < (plain.find(OPEN) if OPEN in plain else len(plain)):
        plain = OPEN + plain
    depth, outside = 0, []
    for letter in plain:
        depth += letter == OPEN
        outside.append(" " if depth else letter)
        depth -= letter == CLOSE
    return {word for word in WORD.findall("".join(outside)) if word not in NAMES | KEYS}


def words_of(item: QObject) -> Iterator[str]:
    """Yield all that a widget or an action says."""
    for name in PROPERTIES:
        value = item.property(name)
        if isinstance(value, str):
            yield value
    if isinstance(item, QComboBox):
        yield from (item.itemText(i) for i in range(item.count()))
        yield from (str(item.itemData(i, Qt.ItemDataRole.ToolTipRole) or "") for i in range(item.count()))
    if isinstance(item, QTabBar):
        yield from (item.tabText(i) for i in range(item.count()))
    if isinstance(item, QTableView | QTreeView) and item.model() is not None:
        model = item.model()
        for orientation, count in (
            (Qt.Orientation.Horizontal, model.columnCount()),
            (Qt.Orientation.Vertical, model.rowCount()),
        ):
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                yield from (str(model.headerData(i, orientation, role) or "") for i in range(count))


def of_qt(item: QObject) -> bool:
    """Whether Qt itself adds it to docks, tabs, dialogs or text fields, with texts of its own translator."""
    return (
        item.objectName().startswith(("qt_dockwidget_", "ScrollLeftButton", "ScrollRightButton"))
        or isinstance(item.parent(), QDialogButtonBox)
        or (isinstance(item, QAction) and item.objectName() in EDITING)
    )


def of_pyqtgraph(item: QObject) -> bool:
    """Whether it belongs to a menu or scene of pyqtgraph, whose actions this program never shows."""
    parent: QObject | None = item
    while parent is not None:
        if isinstance(parent, QMenu | QGraphicsScene) and type(parent).__module__.startswith("pyqtgraph"):
            return True
        parent = parent.parent()
    return False


def assert_translated(window: QWidget, painted: list[str]) -> None:
    items: list[Any] = [window, *window.findChildren(QWidget), *window.findChildren(QAction)]
    shown = {
        (type(item).__name__, words)
        for item in items
        if not of_qt(item) and not of_pyqtgraph(item)
        for words in words_of(item)
    }
    shown |= {("painted", words) for words in painted}
    notation = {citation_html(spec.paper) for spec in LOSSES.values() if spec.paper}
    notation |= {spec.formula for spec in LOSSES.values()}
    missed = sorted(
        f"{kind}: {words!r} ({', '.join(sorted(untranslated(words)))})"
        for kind, words in shown
        if untranslated(words) and words not in notation
    )
    assert missed == []


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is painted while the marking language is in force."""
    texts: list[str] = []
    draw = QPainter.drawText

    def record(painter: QPainter, *arguments: object) -> object:
        texts.extend(argument for argument in arguments if isinstance(argument, str))
        return draw(painter, *arguments)

    monkeypatch.setattr(QPainter, "drawText", record)
    use_translations(Marking())
    yield texts
    use_translations(gettext.NullTranslations())


@pytest.mark.parametrize(
    "shown", ["⟦Loss⟧", "⟦{a} of ⟦b⟧⟧ 12", "of a cut⟧", "⟦cut of", "<b>⟦x⟧</b> 5°", "θ_y 3.4e5"]
)
def test_what_is_translated_passes(shown):
    assert untranslated(shown) == set()


@pytest.mark.parametrize("shown", ["Loss", "⟦Loss⟧ of it", "epoch ⟦x⟧"])
def test_what_is_not_translated_is_found(shown):
    assert untranslated(shown)


def test_the_window_fits_a_small_screen_in_a_language_that_is_longer(tmp_path, qapp):
    use_translations(Longer())
    try:
        path = tmp_path / "window.toml"
        unreachable = RunConfig().replace({"loss.name": "arcface", "loss.margin": 0.7})
        save_memory(path, Memory(unreachable, "light"))
        app = App(["/nowhere/no worker is needed"], path)
        window, snapshot = app.window, make_snapshot(100, loss="arcface", train=50)
        window.show()
        window.resize(1366, 720)
        app.pane.state.set_probe(snapshot.probe)
        for view in app.pane.views.values():
            view.set_snapshot(snapshot, make_history(5))
        found = set()
        for dock in window.findChildren(QDockWidget):
            if not dock.isHidden():
                dock.raise_()
                for _ in range(3):  # a text that wraps may move others
                    qapp.sendPostedEvents()
                    qapp.processEvents()
                found |= set(cut(window))
        assert found == set()
        assert (window.width(), window.height()) == (1366, 720), "it needs no more"
        window.close()
        window.deleteLater()
    finally:
        use_translations(gettext.NullTranslations())


@pytest.mark.parametrize("loss", ["softmax", "arcface", "triplet"])
def test_the_whole_window_is_translated(tmp_path, painted, loss):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig().replace({"loss.name": loss}), "light"))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.show()
    for menu in app.window.menuBar().findChildren(QObject):
        if hasattr(menu, "aboutToShow"):
            menu.aboutToShow.emit()
    for dock in app.window.findChildren(QDockWidget):
        dock.show()
        dock.raise_()
    app.pictures.save()
    app.pictures.save_figure()
    show_about(app.window)
    app.announcements.show_problem(Problem(text("It failed."), remedy={"optimizer.rate": 0.1}))
    menus = [row.build_menu() for row in app.window.findChildren(ParamRow)]
    app.window.grab()
    assert_translated(app.window, painted)
    assert len(menus) > 20
    app.window.close()
    app.window.deleteLater()


@pytest.mark.parametrize("page", sorted({**FIRST_PAGES, **FURTHER_PAGES}))
@pytest.mark.parametrize("loss", ["softmax", "center", "magface", "sphereface2", "l-gm", "triplet"])
def test_every_page_of_every_view_is_translated(qtbot, painted, page, loss):
    name, prepare = {**FIRST_PAGES, **FURTHER_PAGES}[page]
    images = ImageStore()
    view = build(name, LIGHT, images=images)
    qtbot.addWidget(view)
    view.resize(700, 600)
    view.show()
    view.grab()
    snapshot = make_snapshot(loss=loss, probe=mnist_probe(300), **ARRAYS.get(loss, {}))
    view.set_snapshot(snapshot, make_history(60))
    images.pixels(snapshot)
    qtbot.waitUntil(lambda: not images.reading)
    prepare(view, snapshot)
    view.grab()
    assert_translated(view, painted)
