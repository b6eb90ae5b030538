"""What a person does with the program: runs, settings, guides, labs, comparisons, files, dialogs."""

from __future__ import annotations

import os
import random
import signal
from contextlib import suppress
from functools import partial
from pathlib import Path

from end_to_end.random_acts.hands import NONSENSE, Act
from end_to_end.random_acts.place import Place
from gui.other_options import changed
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QMainWindow

from explorer.core.losses.catalog import LOSSES
from explorer.core.params import Param, Value
from explorer.core.settings.config import ConfigError, find_param, flatten
from explorer.core.settings.presets import list_presets
from explorer.gui.guides.guide import GUIDES
from explorer.gui.labs.registry import LABS
from explorer.gui.messages.announcements import AppliedSettings
from explorer.gui.reproduction.settings_text import read_settings, shown_settings

OF_THIS_MACHINE = {"device", "data.source", "threads", "loss.name"}
LARGEST = {"data.test_probe": 2000, "data.train_probe": 2000, "optimizer.batch": 256}
"""Beyond it, a busy core takes minutes for a step or a frame, and a worker answers between them."""
LOCALES = ("en_US", "de_DE", "fr_FR", "de_CH", "ar_EG", "fa_IR", "hi_IN", "zh_CN", "C")
SOUGHT = ("margin 0.3", "optimiser adamw", "seed 7", "scale 1e400", "rate 0,1", "dim 3", "class 3", "tour")
"""What is typed into the palette, besides names of losses and nonsense."""


class Program:
    """Chooses acts on the program; each method returns one."""

    def __init__(self, place: Place, random: random.Random) -> None:
        self._place, self._random = place, random

    def trigger(self) -> Act:
        """A command of a window that is open."""
        if QApplication.activeModalWidget() is not None:
            return self.answer_dialog()
        actions = self._random.choice(self._place.action_sets)
        command = self._random.choice([c for c in actions.commands if c.calls is not None])
        return f"trigger {command.id}", actions.action(command.id).trigger

    def undo(self) -> Act:
        """A change taken back, or made again."""
        app, back = self._place.app, self._random.random() < 0.6
        return ("undo", app.undo.undo) if back else ("redo", app.undo.redo)

    def choose_options(self) -> Act:
        """Other options of a view, or those of the start."""
        view_id, view = self._random.choice(list(self._place.app.pane.views.items()))
        defaults = type(view.options)()
        options = self._random.choice((defaults, changed(defaults)))
        return f"options of {view_id}", lambda: view.optionsRequested.emit(options)

    def change_param(self) -> Act:
        """Another value of a setting."""
        run = self._place.app.run
        name = self._random.choice([name for name in flatten(run.config) if name not in OF_THIS_MACHINE])
        value = self._value(find_param(name, run.config.loss.spec))
        if name in LARGEST:
            value = min(value, LARGEST[name])

        def change() -> None:
            with suppress(ConfigError):  # it contradicts another setting
                run.set_param(name, value)

        return f"{name} = {value}", change

    def change_loss(self) -> Act:
        """Another loss."""
        name = self._random.choice(list(LOSSES))
        return f"loss {name}", lambda: self._place.app.viewing.set_loss(name)

    def apply_preset(self) -> Act:
        """The settings of a preset."""
        preset = self._random.choice(list(list_presets()))
        return f"preset {preset.name}", lambda: self._place.app.presets.apply(preset)

    def change_run(self) -> Act:
        """Start, pause, step, restart; seldom the end of the worker."""
        app = self._place.app
        run = app.run
        acts = {"start": run.start, "pause": run.pause, "step": run.step, "restart": run.restart}
        if self._random.random() < 0.05:
            how = self._random.choice((signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM))
            return f"{how.name} to the worker", lambda: _send(app.client.process_id, how)
        return self._random.choice(list(acts.items()))

    def look_back(self) -> Act:
        """Another frame of the run that is shown."""
        cursor = self._place.app.viewer.cursor
        if not len(cursor.steps):
            return "find no frame", lambda: None
        index = self._random.randrange(len(cursor.steps))
        return f"frame {index}", lambda: self._place.app.window.timeline.strip.frameRequested.emit(index)

    def use_palette(self) -> Act:
        """Words in the palette, and what it finds for them."""
        letters = "".join(self._random.choices("aeinrst", k=2))
        words = self._random.choice((*SOUGHT, *LOSSES, *NONSENSE, letters))
        end = self._random.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape))

        def use() -> None:
            palette = self._place.app.palette
            palette.toggle()
            if palette.popup is not None and palette.popup.isVisible():
                palette.popup.search.setText(words)
                QTest.keyClick(palette.popup.search, end)

        return f"look for {words[:20]!r} in the palette", use

    def open_file(self) -> Act:
        """A file as it is dropped on the window."""
        name = self._place.file()
        return f"open {Path(name).name}", lambda: self._place.app.opener.open([Path(name)])

    def use_run(self) -> Act:
        """A run of the library, opened, continued, compared or exported."""
        runs, found = self._place.app.window.runs, self._place.runs
        if not found:
            return "find no run", lambda: None
        requests = {
            "open": runs.openRequested,
            "continue": runs.continueRequested,
            "compare": runs.comparisonRequested,
            "export": runs.exportRequested,
        }
        words, path = self._random.choice(list(requests)), self._random.choice(found)
        return f"{words} the run {path.name}", lambda: requests[words].emit(path)

    def answer_dialog(self) -> Act:
        """A dialog accepted, refused, or any button of it."""
        dialogs = [window for window in self._place.windows if isinstance(window, QDialog)]
        if not dialogs:
            return "find no dialog", lambda: None
        dialog = self._random.choice(dialogs)
        buttons = [
            button
            for box in dialog.findChildren(QDialogButtonBox)
            for button in box.buttons()
            if button.isEnabled() and button.isVisible()
        ]
        name = type(dialog).__name__
        if buttons:
            button = self._random.choice(buttons)
            return f"{button.text()!r} in {name}", button.click
        return f"refuse {name}", dialog.reject

    def open_dialog(self) -> Act:
        """A dialog that writes films, figures, pictures or data, or shows presets or keys."""
        app = self._place.app
        opens = {
            "film": app.pictures.save_film,
            "figure": app.pictures.save_figure,
            "picture": app.pictures.save,
            "export": app.data.export_shown,
            "shortcuts": app.shortcuts.open,
            "presets": app.actions.action("presets.browse").trigger,
            "result": app.guides.ask_result,
            "workspace": app.workspaces.save,
        }
        if QApplication.activeModalWidget() is not None:
            return self.answer_dialog()
        name = self._random.choice(list(opens))
        return f"dialog {name}", opens[name]

    def check_run(self) -> Act:
        """The run checked that is shown."""
        app = self._place.app
        content = shown_settings(app.viewer.cursor)
        if not content:
            return "find nothing to check", lambda: None

        def check() -> None:
            carried = read_settings(content, "it")
            app.sharing.check(AppliedSettings("it", carried.config, carried.origin))

        return "check the run", check

    def open_guide(self) -> Act:
        """A tour or a challenge."""
        kind = self._random.choice(list(GUIDES))
        app = self._place.app
        app.guides.load(kind)
        ids = [c.id for c in app.actions.commands if c.id.startswith(f"{kind}:")]
        target = self._random.choice([*ids, f"{kind}:nothing"])
        return f"open {target}", partial(app.guides.open, target)

    def go_on(self) -> Act:
        """The next step of a guide, the one before, or its end."""
        guides = self._place.app.guides
        if guides.session is None or guides.locked:
            return "find no guide", lambda: None
        acts = {"next step": guides.go_on, "step before": guides.go_back, "leave the guide": guides.leave}
        return self._random.choice(list(acts.items()))

    def use_lab(self) -> Act:
        """A lab, opened or closed."""
        labs = self._place.app.labs
        if labs.window is not None and self._random.random() < 0.3:
            return "close the labs", labs.window.close
        lab = self._random.choice(LABS).id
        return f"open the lab {lab}", lambda: labs.open(lab)

    def compare(self) -> Act:
        """A comparison with another loss, or its end."""
        comparing = self._place.app.comparing
        if comparing.window is not None and self._random.random() < 0.6:
            return "close the comparison", comparing.close
        loss = self._random.choice(list(LOSSES))
        return f"compare with {loss}", lambda: comparing.compare_with(loss)

    def change_locale(self) -> Act:
        """Numbers as another language writes them."""
        name = self._random.choice(LOCALES)
        return f"numbers of {name}", lambda: QLocale.setDefault(QLocale(name))

    def close_window(self) -> Act:
        """The end of a window; after that of the program it is opened again."""
        app = self._place.app
        others = [w for w in self._place.windows if isinstance(w, QMainWindow) and w is not app.window]
        if others:
            window = self._random.choice(others)
            return f"close {type(window).__name__}", window.close
        if self._random.random() < 0.2:
            return "quit", app.window.close
        return "find no other window", lambda: None

    def _value(self, param: Param) -> Value:
        if param.kind == "bool":
            return self._random.random() < 0.5
        if param.kind == "choice":
            return self._random.choice(param.choices)
        if param.min is None or param.max is None:
            return param.default
        share = self._random.random() ** (4 if param.log or param.kind == "int" else 1)
        value = param.min + share * (param.max - param.min)
        return round(value) if param.kind == "int" else value


def _send(process: int, how: signal.Signals) -> None:
    if process:
        with suppress(ProcessLookupError):
            os.kill(process, how)
