"""Cycles are collected in the thread of the window, never in another one."""

import gc
import os
import platform
import subprocess
import sys

import psutil
import pytest

from explorer.gui.theme.garbage_collection import collect_due

SCRIPT = """
import gc, threading
from explorer.gui.theme.application import make_application
from PySide6.QtCore import QTimer

class Cycle:
    threads = set()
    def __init__(self):
        self.itself = self
    def __del__(self):
        Cycle.threads.add(threading.current_thread().name)

def allocate():
    for _ in range(20):
        kept = [Cycle() for _ in range(500)]

def work():
    thread = threading.Thread(target=allocate, name="other")
    thread.start()
    thread.join()
    assert not Cycle.threads, "collected beside the event loop"
    QTimer.singleShot(1000, application.quit)

application = make_application()
assert not gc.isenabled()
QTimer.singleShot(800, work)
application.exec()
assert gc.get_freeze_count() > 10_000, "what start-up has made is searched"
print(sorted(Cycle.threads), gc.get_count()[0] < 700)
"""


PICTURES = """
import psutil
from explorer.gui.theme.application import make_application
from PySide6.QtGui import QImage

def resident():
    return psutil.Process().memory_info().rss / 2**20

application = make_application()
kept = []
before = resident()
for _ in range(4):
    pictures = []
    for _ in range(10):
        pictures.append(QImage(1600, 1000, QImage.Format.Format_RGB32))
        pictures[-1].fill(1)
        kept.append(bytes(3000))  # would keep the heap from shrinking
    most = resident()
    del pictures
print(most - before > 55, resident() - before < 15)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries return memory by themselves")
def test_the_memory_of_large_pictures_is_returned():
    done = subprocess.run(
        [sys.executable, "-c", PICTURES],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == "True True\n", done.stderr


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries return memory by themselves")
def test_the_memory_between_blocks_in_use_is_returned(monkeypatch):
    """What dialogs and films leave free would stay with the window until it is closed."""
    blocks, kept = [], []
    for _ in range(600):
        blocks.append(bytearray(100_000))
        kept.append(bytes(3000))  # would keep the heap from shrinking
    most = psutil.Process().memory_info().rss
    del blocks
    monkeypatch.setattr(gc, "get_count", lambda: (10_000, 10_000, 10_000))
    assert collect_due() == 2
    assert most - psutil.Process().memory_info().rss > 50e6


def test_garbage_of_another_thread_is_collected_in_that_of_the_window():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == "['MainThread'] True\n", done.stderr
