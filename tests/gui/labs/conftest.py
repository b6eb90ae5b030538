from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from explorer.gui.labs.lab import LabContext
from explorer.gui.labs.page import LabPage
from explorer.gui.labs.window import LabsWindow
from explorer.gui.theme.theme import LIGHT


@pytest.fixture
def motion() -> dict[str, bool]:
    """Whether demonstrations move smoothly."""
    return {"smooth": True}


@pytest.fixture
def labs(themed: QApplication, tmp_path: Path, motion: dict[str, bool]) -> Iterator[LabsWindow]:
    """The window of the labs."""
    window = LabsWindow(LabContext(LIGHT, tmp_path), lambda: motion["smooth"])
    window.resize(1100, 700)
    window.show()
    yield window
    window.close()
    window.deleteLater()
    themed.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def page_of(labs: LabsWindow) -> Callable[[str], LabPage]:
    """Return a lab by its name, in front."""

    def show(id_: str) -> LabPage:
        labs.show_lab(id_)
        return labs.page

    return show
