"""Hours of watching must not fill the memory: ten minutes, or LOSS_EXPLORER_SOAK_SECONDS, with -m soak."""

import os
import sys
import time

import numpy as np
import psutil
import pytest

from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory

SECONDS = float(os.environ.get("LOSS_EXPLORER_SOAK_SECONDS", "600"))
WARM_UP = 0.25
MIB = 2**20
MOST_GROWTH = 0.04
"""Share of a process' memory after the warm-up that allocators may still gather."""


@pytest.mark.soak
@pytest.mark.timeout(SECONDS + 300)
def test_window_and_worker_do_not_grow_while_a_run_is_watched(tmp_path, qtbot):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig().replace({"device": "cpu", "loss.name": "arcface"})))
    app = App([sys.executable, "-m", "explorer.worker"], path)
    try:
        app.open()
        qtbot.waitUntil(lambda: app.run.started is not None, timeout=60_000)
        app.run.start()
        qtbot.waitUntil(lambda: app.run.snapshot is not None and app.run.snapshot.step > 20, timeout=60_000)
        processes = {"window": psutil.Process(), "worker": psutil.Process(app.client.process_id)}
        sizes = {name: [] for name in processes}
        begun, drawings, steps, moves = time.monotonic(), app.pane.clock.drawings, app.run.snapshot.step, 0
        while (passed := time.monotonic() - begun) < SECONDS:
            qtbot.wait(1_000)
            moves += 1
            app.run.set_param("loss.margin", 0.1 + 0.2 * (moves % 2))
            if passed > WARM_UP * SECONDS:
                for name, process in processes.items():
                    sizes[name].append(process.memory_info().rss / MIB)
        assert app.run.phase == "running"
        assert app.pane.clock.drawings - drawings > SECONDS
        assert app.run.snapshot.step > steps
        for name, size in sizes.items():
            tenth = max(1, len(size) // 10)
            first, last = np.median(size[:tenth]), np.median(size[-tenth:])
            print(f"{name}: {first:.1f} MiB after the warm-up, {last:.1f} MiB at the end")
            assert last - first <= MOST_GROWTH * first, name
    finally:
        app.window.close()
        app.window.deleteLater()
