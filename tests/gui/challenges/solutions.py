"""How each challenge can be passed on MNIST: what a person does.

``python tests/gui/challenges/solutions.py [ID…]`` does it with a real worker, prints what comes of it, and
runs each result again. It takes some minutes, so that the suite passes them on smaller data instead.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from msgspec import Struct

from explorer.core.params import Value
from explorer.gui.guides.figures import right_in_direction


class Act(Struct, frozen=True):
    """What a person does, once the parts of the challenge before ``part`` are passed.

    ``set`` are settings by their dotted names; with ``restart`` the run begins anew; ``find`` selects as many
    images of which only the direction is right.
    """

    set: dict[str, Value] = {}
    restart: bool = False
    find: int = 0
    part: int = 0


SOLUTIONS: dict[str, Sequence[Act]] = {
    "a-gap-between-all": [Act(set={"loss.name": "cosface"})],
    "half-the-scatter": [Act(set={"loss.name": "center"})],
    "one-length": [Act(set={"loss.name": "ring", "loss.weight": 1.0})],
    "collapse-and-save": [
        Act(set={"loss.name": "softmax"}),
        Act(set={"loss.name": "arcface", "loss.margin": 0.1}, part=1),
    ],
    "where-the-margin-breaks": [
        Act(set={"loss.margin": 0.6}),
        Act(set={"loss.margin": 0.8}, restart=True, part=1),
    ],
    "rescue": [Act(set={"loss.name": "softmax"})],
    "no-classifier": [Act(set={"loss.name": "triplet", "optimizer.rate": 0.1})],
    "wide-on-the-sphere": [Act(set={"loss.name": "arcface"})],
    "right-direction": [Act(find=3)],
    "same-or-not": [Act(set={"loss.name": "cosface"})],
}


def perform(app: Any, act: Act) -> None:
    """Do what a person does in the window of an app."""
    run, features = app.run, app.features
    if act.set:
        run.change(act.set)
    if act.restart:
        run.restart()
    if act.find:
        rows = np.arange(len(run.snapshot.features))
        right = rows[right_in_direction(run.snapshot, rows)]
        features.selectionRequested.emit(right[: act.find], "replace")


def _main(names: Sequence[str]) -> int:
    """Pass challenges as they are, and run their results again; return how many were not passed."""
    from PySide6.QtTest import QTest

    from explorer.core.settings.config import RunConfig
    from explorer.gui.app import App
    from explorer.gui.library.files import LibraryOptions
    from explorer.gui.memory.window_memory import Memory, save_memory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "window.toml"
        own = RunConfig().replace({"device": "cpu", "threads": 1})
        save_memory(path, Memory(own, "light", library=LibraryOptions(recording=False), language="en"))
        app = App([sys.executable, "-m", "explorer.worker"], path, mode="apart")
        app.open()
        while not app.client.alive:
            QTest.qWait(20)
        failed = sum(not _pass(app, name, lambda: QTest.qWait(5)) for name in names or SOLUTIONS)
        app.window.close()
        while app.client.alive:
            QTest.qWait(20)
        return failed


def _pass(app: Any, name: str, wait: Callable[[], object]) -> bool:
    """Pass a challenge in a window of guides, and run its result again."""
    app.guides.open(f"challenge:{name}")
    session, acts = app.guides.session, list(SOLUTIONS[name])
    while session.result is None and not session.panel.progress.text().startswith("Not passed"):
        wait()
        snapshot, part = app.run.snapshot, len(session.place.attempt.parts)
        while acts and snapshot is not None and session.ready and acts[0].part <= part:
            act = acts.pop(0)
            perform(app, act)
            if not act.find and app.run.phase != "running":
                app.run.start()
    app.run.pause()
    print(f"{name}: {session.panel.progress.text()}", flush=True)
    result = session.result
    if result is None:
        return False
    app.guides.check_result(result)
    while not app.guides.session.done:
        wait()
    print(f"    run again: {app.guides.session.panel.progress.text()}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
