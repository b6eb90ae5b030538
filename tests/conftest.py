"""What all tests share: no screen, one thread per test process, no trace of the person's own settings."""

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["LANGUAGE"] = "en"
os.environ["LC_MESSAGES"] = "C"  # else the C library keeps an error's name in a language that a test tries

import re
import sys
import threading
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from preloaded import preloaded_python
from tiny_data import write_tiny_data

# In containers it is often forbidden: each process would rewrite all tests, and compile the program, anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

gc.disable()
_TESTS_PER_SEARCH = 50
"""After how many tests all of the memory is searched for garbage, and not only what is young."""
_finished = count(1)
_folders = count()
_running = [""]
"""The test file whose tests are run."""
_left_elsewhere: list[str] = []
"""What the last files of the processes of xdist left."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate", action="store_true", help="rewrite the reference pictures of the views")


def pytest_collection_finish() -> None:
    """Let the search for garbage pass over half a million objects that live as long as the tests do."""
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def _what_the_file_before_left_is_searched_once(request: pytest.FixtureRequest) -> None:
    """Delete the garbage of the file before, and let later searches pass over the rest: what it has loaded.

    After a thousand tests a search of all that takes a third of a second. At the end of the file itself
    pytest still has what its last test was given, which would stay for good.
    """
    left = _what_was_left()
    gc.freeze()
    _running[0] = request.node.nodeid
    assert not left, left


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail where the last file, which no other follows, left widgets; processes of xdist tell the first."""
    told = getattr(session.config, "workeroutput", None)
    left = _what_was_left()
    if told is not None:
        told["left"] = left
    elif left := "; ".join(filter(None, [*_left_elsewhere, left])):
        session.shouldfail = left
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a process of xdist tells at its end; one that crashed tells nothing."""
    _left_elsewhere.append(getattr(node, "workeroutput", {}).get("left", ""))


def _what_was_left() -> str:
    """Delete garbage and all widgets, and return which these are, as a sentence; empty for none."""
    _delete_what_is_to_be_deleted()
    gc.collect()
    widgets = _delete_what_is_to_be_deleted()
    for widget in widgets:
        widget.deleteLater()
    left = sorted({type(widget).__name__ for widget in widgets})
    if not left:
        return ""
    return f"{_running[0]} left widgets, to which all later style sheets would be applied: {left}"


def _delete_what_is_to_be_deleted() -> list[Any]:
    """Return the windows, and other widgets without a parent, that there still are; Qt ends tips later."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtWidgets import QApplication

    if (application := QApplication.instance()) is None:
        return []
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    widgets = application.topLevelWidgets()
    return [widget for widget in widgets if widget.windowType() != Qt.WindowType.ToolTip]


def pytest_runtest_logfinish() -> None:
    """Delete garbage between tests only, as the program does between events.

    A view that nobody refers to any more could else be deleted while one of its parts is painted.
    """
    gc.collect(2 if next(_finished) % _TESTS_PER_SEARCH == 0 else 1)


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty folder of the test; pytest's own fixture reads the names of all folders before."""
    name = re.sub(r"\W", "_", request.node.name)[:30]
    path = tmp_path_factory.getbasetemp() / f"{name}{next(_folders)}"
    path.mkdir()
    return path


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a learnable data set: 400 and 100 images of 12×12 pixels, of ten classes."""
    folder = tmp_path_factory.mktemp("tiny")
    write_tiny_data(folder)
    return folder


@pytest.fixture(scope="session", autouse=True)
def _mnist_is_read_once() -> Iterator[None]:
    """Keep the arrays of MNIST, which cannot be written to: each window that shows images reads them anew."""
    from explorer.core.data import idx_folder
    from explorer.core.data.resources import resource

    read, own = idx_folder.read_idx, resource("mnist")
    read_once = cache(read)

    def read_idx(path: Path, dimensions: int, *progress: Any) -> Any:
        return read_once(path, dimensions) if path.parent == own else read(path, dimensions, *progress)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(idx_folder, "read_idx", read_idx)
        yield


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Return the beginning of a command that runs Python with torch loaded beforehand."""
    with preloaded_python(tmp_path_factory.mktemp("python")) as command:
        yield command


@pytest.fixture(scope="session")
def worker_command(python: list[str]) -> list[str]:
    """Return a command that starts a worker, ready at once."""
    return [*python, "-m", "explorer.worker"]


@pytest.fixture(autouse=True)
def _subnormal_numbers() -> Iterator[None]:
    """Take back what a worker's session sets for its whole process: numbers below 1e-308 count as zero."""
    yield
    if "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)


@pytest.fixture(autouse=True)
def _hooks_for_errors() -> Iterator[None]:
    """Take back the hooks that a window installs, so that the next test is told of errors in its threads."""
    before = threading.excepthook, sys.unraisablehook
    yield
    threading.excepthook, sys.unraisablehook = before


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests away from the settings and the recorded runs of whoever runs them."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
