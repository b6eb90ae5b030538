"""EmbedQueries: asks the worker where an image lands, again as it changes and as training goes on."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.statistics.drawn_digit import DrawnDigit
from explorer.core.data.datasets import Bytes
from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.gui.session.worker_client import WorkerClient

_INTERVAL_MS = 30


class EmbedQueries(QObject):
    """Asks about one image at a time, with at most one request unanswered.

    Images that change meanwhile are skipped, except for the last one, which is always asked about.

    Signals
    -------
    digitChanged()
        Another ``digit`` is known, or none any more; ``complaint`` says why the worker returned none.
    """

    digitChanged = Signal()

    def __init__(self, client: WorkerClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.digit: DrawnDigit | None = None
        self.complaint = ""
        self._client = client
        self._image: Bytes | None = None
        self._run: int | None = None
        self._snapshot: Snapshot | None = None
        self._request = 0
        self._unanswered: int | None = None
        self._first_valid_request = 1
        self._due = False
        self._timer = QTimer(self, singleShot=True, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def set_image(self, image: Bytes | None) -> None:
        """Ask about this image (height, width) of the data set's size; with None stop asking."""
        self._image = image
        if image is None:
            self._first_valid_request = self._request + 1
            self._show(None)
        self._ask()

    def set_run(self, run: int | None) -> None:
        """Ask the run of this number from now on, None for no run; the image so far is dropped."""
        self._run, self._image, self._snapshot, self._unanswered = run, None, None, None
        self._first_valid_request = self._request + 1
        self._show(None)

    def stop(self) -> None:
        """Stop asking, and drop the request that is due."""
        self._timer.stop()
        self._due = False

    def set_snapshot(self, snapshot: Snapshot) -> None:
        """Compare answers with this frame of the run, and ask again where the network now puts the image."""
        self._snapshot = snapshot
        self._ask()

    def take(self, answer: m.Embedded) -> None:
        """Show an answer, unless it belongs to another run or to an image that was cleared meanwhile."""
        if answer.request == self._unanswered:
            self._unanswered = None
        if (
            answer.run == self._run
            and answer.request >= self._first_valid_request
            and self._snapshot is not None
        ):
            self._show(DrawnDigit(answer.features.numpy(), answer.step, self._snapshot))
        if self._due:
            self._ask()

    def refused(self, complaint: str) -> None:
        """Show why the request could not be answered; the next image or frame asks again."""
        self._unanswered = None
        self._due = False
        self._show(None, complaint)

    def _ask(self) -> None:
        """Ask now, or as soon as the last request is answered and the interval has passed."""
        if self._image is None or self._run is None or self._snapshot is None:
            self._due = False
            return
        if self._unanswered is not None or self._timer.isActive():
            self._due = True
            return
        self._due = False
        self._request += 1
        self._unanswered = self._request
        self._client.send(m.Embed(self._request, Array.of(self._image[None])))
        self._timer.start()

    def _on_timer_timeout(self) -> None:
        if self._due:
            self._ask()

    def _show(self, digit: DrawnDigit | None, complaint: str = "") -> None:
        if digit is not None or (self.digit, self.complaint) != (None, complaint):
            self.digit, self.complaint = digit, complaint
            self.digitChanged.emit()
