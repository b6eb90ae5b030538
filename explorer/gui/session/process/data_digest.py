"""DataDigests: what identifies the data set of each live run, hashed beside the window."""

from __future__ import annotations

import threading

from explorer.core.recording.header import digest_or_nothing
from explorer.core.settings.config import DataConfig


class DataDigest:
    """The SHA-256 of the files of a data set, which a thread of its own begins to read at once.

    Parameters
    ----------
    source : str
        The data set, as a setting names it.
    """

    def __init__(self, source: str) -> None:
        self._found = ""
        self._thread = threading.Thread(target=self._read, args=(source,), name="digest", daemon=True)
        self._thread.start()

    def wait(self, seconds: float | None = None) -> str:
        """Return it in hexadecimal; empty where the files cannot be read, or not within so many seconds."""
        self._thread.join(seconds)
        return self._found

    def _read(self, source: str) -> None:
        self._found = digest_or_nothing(source)


class DataDigests:
    """Keeps the digest as long as a worker keeps the images: what changes on disk is not trained on."""

    def __init__(self) -> None:
        self._last: tuple[tuple[str, int], DataDigest] | None = None

    def of(self, data: DataConfig) -> DataDigest:
        """Return the digest of the data set that the worker has just read, or has kept."""
        key = data.source, data.side
        if self._last is None or self._last[0] != key:
            self._last = key, DataDigest(data.source)
        return self._last[1]

    def forget(self) -> None:
        """Read the files again for the next run: there is another worker."""
        self._last = None
