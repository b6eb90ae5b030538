"""Conversation: the window's side of the protocol, which believes nothing that does not fit the rest."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.core.protocol import checks
from explorer.core.protocol import messages as m
from explorer.core.protocol.framing import ProtocolError, event_decoder
from explorer.core.protocol.queries import Answer

_PREPARED = m.Configure | m.Restart | m.Restore
_PREPARING_ENDS = m.Started | m.Configured | m.Restoring | m.RestoreCancelled | m.Failed
"""Commands for which the worker may read a data set, and events that it sends once it has."""


class Conversation:
    """Decodes what one worker sends, and checks that it fits what it was asked and has sent before.

    Views take shapes, types and ranges for granted: a message that does not fit would cost one error for each
    drawing. Values that only one place needs, such as a remedy for a loss, are checked there.
    """

    def __init__(self) -> None:
        self._decoder = event_decoder()
        self._greeted = False
        self._newest_seq = self._newest_embed = 0
        self._dims: dict[int, int] = {}  # dimension of the features, by the number of the configuration
        self._images: dict[int, int] = {}  # number of images of the requests that are not answered
        self._points: tuple[int, int] = 0, 0  # the last question for forces, and its number of points
        self._started: m.Started | None = None
        self._dim: int | None = None
        self._last: tuple[int, int] = 0, 0  # number and step of the last frame of the run
        self._training = self._asked = self._preparing = False

    @property
    def greeted(self) -> bool:
        """Whether the worker has said who it is."""
        return self._greeted

    @property
    def awaiting(self) -> bool:
        """Whether the worker has something to say: who it is, an answer, or how training goes."""
        return not self._greeted or self._training or self.asked or self._decoder.within_message

    @property
    def asked(self) -> bool:
        """Whether an answer is due: to a command, or that a run has been prepared."""
        return self._asked or self._preparing

    def note(self, command: m.Command) -> None:
        """Note a command that is sent to the worker."""
        if isinstance(command, m.Run):
            self._training = True
        elif isinstance(command, m.Pause | m.Advance | m.Restore):
            self._training = False
        if not isinstance(command, m.Run | m.Pause | m.Ack | m.SendCheckpoints | m.Shutdown):
            self._asked = True
        self._preparing = self._preparing or isinstance(command, _PREPARED)
        match command:
            case m.Configure(seq, config) | m.Restart(seq, config):
                self._newest_seq, self._dims[seq] = seq, config.network.dim
            case m.Restore(seq):
                self._newest_seq = seq
            case m.Embed(request, images):
                self._newest_embed, self._images[request] = request, images.shape[0]
            case m.ExamineForces(request, points=points):
                self._points = request, 0 if points is None else points.shape[0]

    def receive(self, data: bytes) -> Iterator[m.Event]:
        """Yield the events that ``data`` completes.

        Raises
        ------
        ProtocolError
            For one that cannot be decoded or does not fit; the stream cannot be used any more.
        """
        for event in self._decoder.feed(data):
            self._check(event)
            self._asked = self._asked and isinstance(event, m.Hello | m.Preparing)  # neither is an answer
            self._preparing = isinstance(event, m.Preparing) or (
                self._preparing and not isinstance(event, _PREPARING_ENDS)
            )
            if _ends_training(event):
                self._training = False
            yield event

    def _check(self, event: m.Event) -> None:
        if not self._greeted and isinstance(event, m.Failed) and event.where == "start":
            checks.check_sentence(event, "what", event.what)
            return
        if isinstance(event, m.Hello) == self._greeted:  # the first and no other
            raise ProtocolError("{message} was not expected.", message=type(event).__name__)
        self._greeted = True
        match event:
            case m.Hello():
                if event.protocol == m.PROTOCOL_VERSION:  # another will be refused for that
                    checks.check_hello(event)
            case m.Preparing():
                checks.check_number(event, "total", event.total)
                checks.check_number(event, "done", event.done)
            case m.Started():
                self._begin(event)
            case m.Restoring():
                checks.check_number(event, "config_seq", event.config_seq, 1, self._newest_seq)
                checks.check_number(event, "step", event.step)
            case m.RestoreCancelled():
                checks.check_number(event, "config_seq", event.config_seq, 1, self._newest_seq)
            case m.Failed():
                checks.check_sentence(event, "what", event.what)
                checks.check_remedy(event, event.remedy)
            case _:
                self._check_of_run(event)

    def _begin(self, started: m.Started) -> None:
        checks.check_started(started)
        checks.check_number(started, "config_seq", started.config_seq, 1, self._newest_seq)
        if self._started is not None:
            checks.check_number(started, "run", started.run, self._started.run + 1)
        self._started, self._last = started, (0, started.step)
        self._dim = self._dims.get(started.config_seq)
        self._dims = {seq: dim for seq, dim in self._dims.items() if seq >= started.config_seq}

    def _check_of_run(self, event: m.RunMessage | Answer) -> None:
        """Check an event of the run that was announced last; those of earlier ones are not used."""
        started = self._started
        checks.check_number(event, "run", event.run, 1, 0 if started is None else started.run)
        if started is None or event.run != started.run:
            return
        match event:
            case m.Frame():
                self._check_frame(event, started)
            case m.Embedded() | m.BatchExamined() | m.ForcesExamined():
                self._check_answer(event, started)
            case m.Notice():
                checks.check_sentence(event, "text", event.text)
                checks.check_remedy(event, event.remedy)
                checks.check_number(event, "step", event.step)
            case m.Finished():
                checks.check_finished(event)
            case m.Configured():
                checks.check_number(event, "config_seq", event.config_seq, 1, self._newest_seq)
                checks.check_number(event, "step", event.step, started.step)
            case m.Checkpoint():
                checks.check_number(event, "step", event.step, started.step)
                checks.check_number(event, "data", len(event.data), 1)

    def _check_answer(self, answer: Answer, started: m.Started) -> None:
        match answer:
            case m.Embedded():
                checks.check_number(answer, "request", answer.request, 1, self._newest_embed)
                self._check_embedded(answer)
            case m.BatchExamined():
                checks.check_batch(answer, started, self._dim)
            case m.ForcesExamined():
                request, points = self._points
                checks.check_number(answer, "request", answer.request, 1, request)
                if answer.request == request:  # else it is not used
                    checks.check_forces(answer, started, points, self._dim)

    def _check_frame(self, frame: m.Frame, started: m.Started) -> None:
        checks.check_frame(frame, started, self._dim)
        checks.check_number(frame, "config_seq", frame.config_seq, 1, self._newest_seq)
        number, step = self._last
        checks.check_number(frame, "index", frame.index, number + 1)
        checks.check_number(frame, "step", frame.step, step)
        self._dim, self._last = frame.features.shape[1], (frame.index, frame.step)

    def _check_embedded(self, answer: m.Embedded) -> None:
        """Check the answer to a request; of one that is answered already, the features are any."""
        shape = answer.features.shape
        rows = self._images.pop(answer.request, shape[0] if shape else 0)
        columns = self._dim or (shape[1] if len(shape) == 2 else 0)
        checks.check_array(answer, "features", answer.features, ("<f4",), rows, columns)
        checks.check_number(answer, "step", answer.step)
        self._images = {request: rows for request, rows in self._images.items() if request > answer.request}


def _ends_training(event: m.Event) -> bool:
    """Whether the worker trains no more after an event, until it is told to."""
    match event:
        case m.Finished() | m.Notice(kind="diverged") | m.Failed(where="training"):
            return True
        case _:
            return False
