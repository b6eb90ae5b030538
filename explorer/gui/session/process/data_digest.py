"""DataDigest: what identifies the data set of a live run, hashed beside the window."""

from __future__ import annotations

import contextlib
import threading

from explorer.core.data.dataset import DatasetError
from explorer.core.data.datasets import Stamp, dataset_stamp
from explorer.core.recording.header import digest_or_nothing
from explorer.gui.drawing.threads import start


class DataDigest:
    """The SHA-256 of the files of a data set, which a thread of its own begins to read at once.

    Parameters
    ----------
    source : str
        The data set, as a setting names it. The worker has just read it, or its files are those that it has.
    before : DataDigest, optional
        That of the run before: where the files are still the same, they are not read again.
    """

    def __init__(self, source: str, before: DataDigest | None = None) -> None:
        self._found = ""
        self._stamp: Stamp | None = None
        self._thread = threading.Thread(target=self._read, args=(source, before), name="digest", daemon=True)
        start(self._thread)

    def wait(self, seconds: float | None = None) -> str:
        """Return it in hexadecimal; empty where the files cannot be read, or not within so many seconds."""
        if self._thread.ident is not None:  # else it has done its work already
            self._thread.join(seconds)
        return self._found

    def _read(self, source: str, before: DataDigest | None) -> None:
        with contextlib.suppress(DatasetError, OSError):
            self._stamp = dataset_stamp(source)
        known = before.wait() if before is not None else ""
        same = before is not None and self._stamp and before._stamp == self._stamp  # noqa: SLF001  # of its class
        self._found = known if same and known else digest_or_nothing(source)
