"""Cycles are collected in the thread of the window, never in another one."""

import os
import subprocess
import sys

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


def test_garbage_of_another_thread_is_collected_in_that_of_the_window():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == "['MainThread'] True\n", done.stderr
