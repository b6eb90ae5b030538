"""Place: the windows that a monkey acts on, the files it finds there, and what the system would ask it."""

from __future__ import annotations

import gzip
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMainWindow, QWidget
from tiny_data import write_tiny_data

from explorer.core.losses.catalog import LOSSES
from explorer.core.recording.header import SUFFIX
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.app_holder import AppHolder
from explorer.gui.commands.action_set import ActionSet
from explorer.gui.lessons.classroom import Classroom
from explorer.gui.lessons.lesson import read_lesson
from explorer.gui.lessons.opening import lesson_app
from explorer.gui.library.files import LibraryOptions
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.messages import questions

WORKER = [sys.executable, "-X", "faulthandler", "-m", "explorer.worker"]
FIRST = RunConfig().replace({"device": "cpu"})
LESSONS = "turn-the-margin", "length-or-angle"
_SAMPLE = Path(__file__).parents[2] / "recordings" / "0.1.0.lossrun.gz"
_SAVED = 6
"""How many files the monkey writes of a kind: it writes over them again and again."""
_GIGABYTES = 0.5
_CLOSE_EVERY_MS = 50
_TICKS_OF_A_DIALOG = 50
_AFTER_A_GUIDE_MS = 200
"""The window that a guide leaves is replaced where another language was chosen in the guide."""


class Place:
    """The program in its windows: that of a person, that of a guide or a lesson, labs, comparisons, dialogs.

    Parameters
    ----------
    folder : Path
        For settings, runs, and files of all kinds, good and bad.
    random : random.Random
        Decides which file is chosen where one is asked for.
    worker : sequence of str
        What starts a worker.
    """

    def __init__(self, folder: Path, random: random.Random, worker: Sequence[str] = WORKER) -> None:
        self.folder, self.random, self._worker = folder, random, worker
        self.files = list(_prepared(folder))
        self._memory = folder / "window.toml"
        save_memory(self._memory, Memory(FIRST, library=LibraryOptions(recording=True, limit=_GIGABYTES)))
        self._classroom: Classroom | None = None
        self.openings = 0
        self.holder = self._opened()
        self._closer = DialogCloser()

    @property
    def app(self) -> App:
        """The app in whose window a person is."""
        return self.holder.app.guides.guest or self.holder.app

    @property
    def windows(self) -> list[QWidget]:
        """The windows that take input: a dialog that waits for an answer lets no other have any."""
        modal = QApplication.activeModalWidget()
        if modal is not None:
            return [modal]
        return [
            window
            for window in QApplication.topLevelWidgets()
            if isinstance(window, QMainWindow | QDialog) and window.isVisible()
        ]

    @property
    def action_sets(self) -> list[ActionSet]:
        """The commands of the windows that are open."""
        app = self.app
        found = [app.actions]
        if app.labs.window is not None and app.labs.window.isVisible():
            found.append(app.labs.window.action_set)
        if app.comparing.window is not None and app.comparing.window.isVisible():
            found.append(app.comparing.window.commands)
        return found

    @property
    def runs(self) -> list[Path]:
        """The recordings there are."""
        return sorted(self.app.recorder.folder.glob(f"*{SUFFIX}"))

    def reopen_if_closed(self) -> None:
        """Open the program again after it was left."""
        if self.holder.app.guides.guest is None and not self.holder.app.window.isVisible():
            self.holder.let_go()
            self._classroom = None
            self.holder = self._opened()

    def open_lesson(self, name: str) -> None:
        """Leave the program, and open a lesson."""
        self.close()
        lesson = read_lesson(name)
        self.holder = AppHolder(lesson_app(self._worker, lesson, self.folder / "lesson"))
        self._classroom = Classroom(self.holder, lesson)
        self._classroom.open()

    def leave_all(self) -> App:
        """Leave guide or lesson, close what is open beside the window, and return the app of the window."""
        self._closer.close_all()
        if self._classroom is not None:
            self.close()
        self.reopen_if_closed()
        self.holder.app.guides.close()
        QTest.qWait(_AFTER_A_GUIDE_MS)
        self.reopen_if_closed()
        app = self.holder.app
        app.comparing.close()
        app.labs.close()
        return app

    def close(self) -> None:
        """Close all windows."""
        self._closer.close_all()
        self.holder.close()
        self.holder.let_go()

    def stop(self) -> None:
        """Close all windows for ever."""
        self.close()
        self._closer.stop()

    def file(self) -> str:
        """Return a file to open: one that was there, one that was saved, a run, or none."""
        saved = sorted((self.folder / "saved").iterdir())
        found = [*self.files, *saved, *self.runs, Path()]
        return str(self.random.choice(found))

    def target(self, proposed: str = "") -> str:
        """Return where to save a file: mostly in a folder for it, else where it cannot be written."""
        if self.random.random() < 0.2:
            long = str(self.folder / ("ü" * 125))
            return self.random.choice(["", str(self.folder), "/nowhere/it", "/dev/full", long, "/proc/a.png"])
        suffix = Path(proposed).suffix or self.random.choice(("", ".png", ".svg", ".gif", ".toml"))
        return str(self.folder / "saved" / f"{self.random.randrange(_SAVED)}{suffix}")

    def _opened(self) -> AppHolder:
        self.openings += 1
        holder = AppHolder(App(self._worker, self._memory))
        holder.open(())
        return holder


class DialogCloser(QObject):
    """Closes menus at once and dialogs after a while: both may have an event loop of their own."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[int, int] = {}
        self._timer = QTimer(self, interval=_CLOSE_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def close_all(self) -> None:
        """Close all menus and dialogs."""
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        for dialog in _dialogs():
            dialog.reject()

    def stop(self) -> None:
        """Close nothing more."""
        self._timer.stop()

    def _look(self) -> None:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        seen = {}
        for dialog in _dialogs():
            seen[id(dialog)] = self._seen.get(id(dialog), 0) + 1
            if seen[id(dialog)] > _TICKS_OF_A_DIALOG:
                dialog.reject()
        self._seen = seen


def _dialogs() -> list[QDialog]:
    return [
        window
        for window in QApplication.topLevelWidgets()
        if shiboken6.isValid(window) and isinstance(window, QDialog) and window.isVisible()
    ]


def answer_for(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer dialogs for files at random, and open nothing outside the program."""

    def chosen_files(dialog: QFileDialog) -> list[str]:
        if dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave:
            return [place.target(*dialog.selectedFiles()[:1])]
        return [name for name in [place.file()] if name != "."]

    monkeypatch.setattr(questions, "chosen_files", chosen_files)
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(lambda _url: True))


def _prepared(folder: Path) -> Iterator[Path]:
    """Write files of the kinds that the program opens, and yield them."""
    (folder / "saved").mkdir()
    data = folder / "data"
    data.mkdir()
    write_tiny_data(data)
    yield data
    run = folder / f"old{SUFFIX}"
    run.write_bytes(gzip.decompress(_SAMPLE.read_bytes()))
    yield run
    damaged = folder / f"damaged{SUFFIX}"
    damaged.write_bytes(run.read_bytes()[: run.stat().st_size // 2])
    yield damaged
    picture = QImage(40, 60, QImage.Format.Format_Grayscale8)
    picture.fill(90)
    picture.save(str(folder / "digit.png"))
    yield folder / "digit.png"
    images = np.random.default_rng(3).integers(0, 255, (60, 8, 8), np.uint8)
    labels = np.arange(60) % 3
    np.savez(folder / "set.npz", x_train=images, y_train=labels, x_test=images[:30], y_test=labels[:30])
    yield folder / "set.npz"
    contents = {
        "settings.toml": f'loss = {{ name = "{next(reversed(LOSSES))}" }}\nseed = 5\n',
        "wrong.toml": "seed = 1e400\nloss = 3\n",
        "settings.json": '{"dim": 3, "loss": {"name": "arcface", "margin": 0.2}}',
        "deep.json": "[" * 5000,
        "result.txt": "Loss Explorer result\nnothing\n",
        "table.csv": "label,a,b\n" + "\n".join(f"{n % 3},{n % 7},{n % 5}" for n in range(60)),
        "nothing.bin": "\0\1\2",
    }
    for name, content in contents.items():
        (folder / name).write_text(content)
        yield folder / name
    yield folder / "missing.lossrun"
