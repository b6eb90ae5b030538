"""What is dragged over a window: files, or settings as text."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData


def dropped_files(mime: QMimeData) -> list[Path]:
    """Return the paths of the local files that are dragged, none for anything else."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def dropped_text(mime: QMimeData) -> str:
    """Return the text that is dragged; empty where it is the address of something, or no text."""
    return mime.text() if mime.hasText() and not mime.hasUrls() else ""
