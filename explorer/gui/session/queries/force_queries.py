"""ForceQueries: asks the worker of a run for forces, as often as views are drawn and the run can spare."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.analysis.forces.force_frame import ForceFrame, ForceWish
from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.gui.session.worker_client import WorkerClient

_PAUSE = 9.0
"""Times as long as the last answer has held up training, that training then goes on: a tenth of its time."""
_LONGEST_PAUSE = 2.0


class ForceQueries(QObject):
    """Requests forces for views, which ask again for each frame that they draw: a hidden one asks nothing.

    At most one request is unanswered; of several wishes of a view meanwhile, only the last one is requested.
    Who asks is told by any key that nobody else has: a run that is in a comparison, too, has several panes.

    Parameters
    ----------
    client : WorkerClient
        Sends the requests.
    training : callable
        Returns whether the run trains; one that is held has time to answer at once.

    Signals
    -------
    answered(object, object)
        Who has asked is told the `ForceFrame` that answers its wish.
    refused(object, str)
        Who has asked is told why there is none.
    """

    answered = Signal(object, object)
    refused = Signal(object, str)

    def __init__(
        self, client: WorkerClient, training: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._client, self._training = client, training
        self._run: int | None = None
        self._request = 0
        self._open: tuple[Hashable, ForceWish] | None = None  # what is not answered yet
        self._wishes: dict[Hashable, ForceWish] = {}
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._send)

    def ask(self, asker: Hashable, wish: ForceWish) -> None:
        """Request forces for a view, in place of those that are still to be requested for it."""
        self._wishes[asker] = wish
        if not self._training():
            self._pause.stop()
        self._send()

    def set_run(self, run: int | None) -> None:
        """Use the run with this id from now on, None for no run, and forget all wishes."""
        self._run, self._open = run, None
        self._wishes.clear()
        self._pause.stop()

    def stop(self) -> None:
        """Send no request any more."""
        self.set_run(None)

    def take(self, answer: m.ForcesExamined) -> None:
        """Hand an answer to who has asked, unless it belongs to an earlier run."""
        if self._open is None or answer.request != self._request:
            return
        (asker, wish), self._open = self._open, None
        if self._training():
            self._pause.start(round(1000 * min(_PAUSE * answer.seconds, _LONGEST_PAUSE)))
        self.answered.emit(asker, ForceFrame.of(answer, wish))
        self._send()

    def refuse(self, complaint: str) -> None:
        """Tell who has asked why the request failed; a run that trains is asked again only after a pause."""
        if self._open is not None:
            (asker, _wish), self._open = self._open, None
            if self._training():
                self._pause.start(round(1000 * _LONGEST_PAUSE))
            self.refused.emit(asker, complaint)
            self._send()

    def _send(self) -> None:
        if self._run is None or self._open is not None or self._pause.isActive() or not self._wishes:
            return
        asker = next(iter(self._wishes))
        wish = self._wishes.pop(asker)
        self._open = asker, wish
        self._request += 1
        points = None if wish.points is None else Array.of(wish.points.astype(np.float32))
        rows = Array.of(wish.rows.astype(np.int32))
        self._client.send(m.ExamineForces(self._request, rows, points, wish.label, wish.detached))
