"""BatchQueries: asks the worker of a run for the next batch, or for one that was asked for before."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.gui.session.worker_client import WorkerClient


class BatchQueries(QObject):
    """Requests batches; of several requests only the last one is answered.

    Signals
    -------
    examined(object)
        The `BatchExamined` that answers the last request.
    refused(str)
        Why the worker did not answer it.
    """

    examined = Signal(object)
    refused = Signal(str)

    def __init__(self, client: WorkerClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._request = 0
        self._open = False

    def ask(self, indices: Array | None = None) -> None:
        """Request the batch of the next step, or the training images at positions ``indices`` int32 (b,)."""
        self._request += 1
        self._open = True
        self._client.send(m.ExamineBatch(self._request, indices))

    def cancel(self) -> None:
        """Ignore the answer that is on its way."""
        self._open = False

    def take(self, answer: m.BatchExamined) -> None:
        """Use an answer, unless it belongs to an earlier request."""
        if self._open and answer.request == self._request:
            self._open = False
            self.examined.emit(answer)

    def refuse(self, complaint: str) -> None:
        """Tell why the request failed."""
        if self._open:
            self._open = False
            self.refused.emit(complaint)
