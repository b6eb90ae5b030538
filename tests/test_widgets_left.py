"""A window that a test leaves behind slows down all that follow, and hides what the program itself leaves."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent
LEAK = """
from PySide6.QtWidgets import QWidget

def test_leak(qapp):
    kept.append(QWidget())

kept = []
"""


def test_what_the_last_file_of_all_leaves_fails_in_a_process_of_its_own(tmp_path):
    (tmp_path / "test_leak.py").write_text(LEAK)
    options = ["-n", "1", "-p", "conftest", "-c", TESTS.parent / "pyproject.toml", "--rootdir", tmp_path]
    found = subprocess.run(
        [sys.executable, "-m", "pytest", *options, tmp_path],
        env={**os.environ, "PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1, found.stdout + found.stderr
    assert "1 passed" in found.stdout
    assert "test_leak.py left widgets" in found.stdout
    assert "['QWidget']" in found.stdout
