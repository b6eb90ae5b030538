"""EmbedQueries: embeds a drawn image, again whenever it changes and as training goes on."""

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
    """Requests the feature of one image, with at most one unanswered request.

    Of the images set while a request is unanswered, only the last one is requested.

    Signals
    -------
    digitChanged()
        ``digit`` or ``complaint`` has changed; the latter says why the worker returned no feature.
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
        """Embed this image (height, width), of the size of the data set; None for no image."""
        self._image = image
        if image is None:
            self._first_valid_request = self._request + 1
            self._show(None)
        self._ask()

    def set_run(self, run: int | None) -> None:
        """Use the run with this id from now on, None for no run, and drop the image."""
        self._run, self._image, self._snapshot, self._unanswered = run, None, None, None
        self._first_valid_request = self._request + 1
        self._show(None)

    def stop(self) -> None:
        """Stop sending requests."""
        self._timer.stop()
        self._due = False

    def set_snapshot(self, snapshot: Snapshot) -> None:
        """Compare answers with this frame of the run, and embed the image again."""
        self._snapshot = snapshot
        self._ask()

    def take(self, answer: m.Embedded) -> None:
        """Use an answer, unless it belongs to another run or to an image cleared since."""
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
        """Store why the request failed; the next image or frame sends another."""
        self._unanswered = None
        self._due = False
        self._show(None, complaint)

    def _ask(self) -> None:
        """Send a request now, or once the last one is answered and the interval has passed."""
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
