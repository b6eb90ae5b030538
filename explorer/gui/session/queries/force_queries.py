"""ForceQueries: asks the worker of a run for forces, as often as views are drawn and the run can spare."""

from __future__ import annotations

from collections.abc import Callable

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

    Parameters
    ----------
    client : WorkerClient
        Sends the requests.
    training : callable
        Returns whether the run trains; one that is held has time to answer at once.

    Signals
    -------
    answered(str, object)
        The view of this id is told the `ForceFrame` that answers its wish.
    refused(str, str)
        The view of this id is told why there is none.
    """

    answered = Signal(str, object)
    refused = Signal(str, str)

    def __init__(
        self, client: WorkerClient, training: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._client, self._training = client, training
        self._run: int | None = None
        self._request = 0
        self._open: tuple[str, ForceWish] | None = None  # what is not answered yet
        self._wishes: dict[str, ForceWish] = {}
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._send)

    def ask(self, view: str, wish: ForceWish) -> None:
        """Request forces for a view, in place of those that it is still to be requested."""
        self._wishes[view] = wish
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
        """Hand an answer to the view that has asked, unless it belongs to an earlier run."""
        if self._open is None or answer.request != self._request:
            return
        (view, wish), self._open = self._open, None
        if self._training():
            self._pause.start(round(1000 * min(_PAUSE * answer.seconds, _LONGEST_PAUSE)))
        self.answered.emit(view, ForceFrame.of(answer, wish))
        self._send()

    def refuse(self, complaint: str) -> None:
        """Tell the view why its request failed; a run that trains is asked again only after a pause."""
        if self._open is not None:
            (view, _wish), self._open = self._open, None
            if self._training():
                self._pause.start(round(1000 * _LONGEST_PAUSE))
            self.refused.emit(view, complaint)
            self._send()

    def _send(self) -> None:
        if self._run is None or self._open is not None or self._pause.isActive() or not self._wishes:
            return
        view = next(iter(self._wishes))
        wish = self._wishes.pop(view)
        self._open = view, wish
        self._request += 1
        points = None if wish.points is None else Array.of(wish.points.astype(np.float32))
        rows = Array.of(wish.rows.astype(np.int32))
        self._client.send(m.ExamineForces(self._request, rows, points, wish.label, wish.detached))
